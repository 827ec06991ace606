"""Gateways that their owners have set up otherwise than we do, made private and public again: nothing of theirs is lost."""

from __future__ import annotations

import pytest

from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.domain.openclaw import json5
from claw_tui.ports import Services
from tests.doctor import healthy
from tests.doctor.making import APP, CONFIG, an_hour_passes, have, look
from tests.doctor.ways import Way
from tests.plain.program import claw_tui

pytestmark = pytest.mark.anyio


def without_addresses() -> object:
    """What stands in its file, but for what tells by which addresses it is reached."""
    text = look(lambda app, machine: SimulatedFiles(app, machine).read(CONFIG))
    found = json5.read(text)
    for name in ("controlUi", "publicOrigin", "trustedProxies"):
        found["gateway"].pop(name, None)
    return {**found, "meta": None}


@pytest.mark.parametrize(
    "way", [healthy.with_a_password, healthy.written_by_hand, healthy.in_parts], ids=lambda way: way.__name__
)
async def test_private_and_public_again(way: Way, services: Services) -> None:
    await have(services)
    way()
    an_hour_passes()
    theirs, well = without_addresses(), claw_tui("doctor", APP).code
    for command in ("harden", "expose"):
        done = claw_tui(command, APP, "--yes")
        assert done.code == 0, done
        assert without_addresses() == theirs
        assert claw_tui("doctor", APP).code == well

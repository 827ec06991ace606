"""What a finding promises, and what its plan then has: the same commands, with the same image, whatever is broken."""

from __future__ import annotations

import re
import shlex

import pytest

from claw_tui.domain.doctor.model import Verdict
from claw_tui.domain.plan import Action
from claw_tui.engine.doctor import diagnose
from claw_tui.engine.fix_desk import FixDesk
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.doctor import ways
from tests.doctor.asking import inside, mended, sick, told
from tests.doctor.file_ways import at_port
from tests.doctor.making import an_hour_passes, fly, have
from tests.doctor.world import PRIVATE, Broken
from tests.doctor.worlds import BROKEN

pytestmark = pytest.mark.anyio
SOME = ("back to an older version", "private, with a public address again", "private by the guides", "private, at a port of somebody's own", "its IPv4 address was released", "512 MB")  # fmt: skip


def said(command: str) -> str:
    """The verb, its object and the image, without the digest that only the plan has."""
    words = shlex.split(command.partition(" < ")[0].partition("@sha256:")[0])[1:]
    image = words[words.index("--image") + 1] if "--image" in words else ""
    return " ".join([*(word for word in words[:3] if re.fullmatch(r"[a-z0-9:.-]+", word)), image])


@pytest.mark.parametrize("case", [case for case in BROKEN if case.name in SOME], ids=lambda case: case.name)
async def test_the_plan_has_what_was_shown(case: Broken, services: Services) -> None:
    await sick(case, services)
    session = Session(inside(services))
    found = await diagnose(session, case.app)
    fix = next(one.fix for one in found.findings if one.cause == found.first)
    assert fix is not None
    plan = await FixDesk(session, case.app, (fix,)).plan()
    does = {said(line) for item in plan.items if item.action is not Action.CHECK for line in item.commands}
    assert {said(line) for line in fix.commands} == does, told(found)


async def test_a_private_one_is_not_told_to_let_the_public_page_in(services: Services) -> None:
    """What comes of a public address that is to go is no cause of its own."""
    await have(services, PRIVATE)
    ways.public_again()
    an_hour_passes()
    found = await diagnose(Session(inside(services)), "my-app")
    assert found.causes == ("half-private",), told(found)
    assert "unasked-page" not in [finding.id for finding in found.findings], told(found)
    fix = found.findings[[f.cause for f in found.findings].index("half-private")].fix
    assert fix is not None
    assert "public" in fix.words


async def test_one_that_is_private_in_its_own_way_is_told_as_that(services: Services) -> None:
    """Nothing was cut off, and somebody reaches it: by the port that is to go."""
    await have(services, PRIVATE)
    ways.private_at_80()
    an_hour_passes()
    found = await diagnose(Session(inside(services)), "my-app")
    one = next(one for one in found.findings if one.cause == "half-private")
    assert "cut off" not in one.words + one.why
    assert "tcp 80 (http) → 3000" in one.evidence
    assert one.fix is not None
    assert "Whoever uses port 80 of my-app.flycast uses 3000 then." in one.fix.words


async def test_an_address_goes_from_one_at_another_port_too(services: Services) -> None:
    """Its machine is as it is to be; no deploy is needed that claw-tui could not make."""
    await have(services, PRIVATE)
    at_port(8080)()
    ways.public_again()
    an_hour_passes()
    found, done = await mended(services)
    assert (done, found.verdict) == (["private"], Verdict.HEALTHY), told(found)


async def test_a_paid_address_of_a_private_one_is_its_persons(services: Services) -> None:
    """No fix may give it back, so none is promised that leaves it."""
    await have(services, PRIVATE)
    fly("ips", "allocate-v4", "-a", "my-app", "--yes")
    an_hour_passes()
    found = await diagnose(Session(inside(services)), "my-app")
    fix = next(one.fix for one in found.findings if one.cause == "half-private")
    assert fix is not None
    assert fix.asks
    assert fix.commands == ("claw-tui harden my-app --dedicated-ipv4 release",)

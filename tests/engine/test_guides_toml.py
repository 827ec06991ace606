"""The guides' own fly.toml files, taken as they are: planned and deployed on the simulated cloud."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.domain.fly_toml import expected_service
from claw_tui.domain.jobs import JobState
from claw_tui.engine.deploying import differences
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import WISH, assert_whole, carry_out

pytestmark = pytest.mark.anyio
FILES = Path(__file__).parents[1] / "fly_tomls"


@pytest.mark.parametrize(("name", "private"), [
    ("openclaw-en", False), ("openclaw-private", True), ("openclaw-fr", True), ("clawdbot-en", False),
    ("after-fly-launch", False),
])  # fmt: skip
async def test_it_is_deployed(services: Services, cloud: Cloud, name: str, private: bool) -> None:
    spec = replace(WISH, own_fly_toml=str(FILES / f"{name}.toml"), private=private)
    state, events = await carry_out(services, spec)
    assert state is JobState.DONE, events[-3:]
    assert_whole(cloud, spec)
    machine = (await services.fly.machines("my-app"))[0]
    assert differences(spec, machine) == []
    assert machine.services == (expected_service(spec),)
    kept = services.state.read_file(services.state.file("my-app", "fly.toml"))
    assert "# " in kept, "their comments are in it"
    if name == "clawdbot-en":
        assert machine.env["CLAWDBOT_STATE_DIR"] == "/data"

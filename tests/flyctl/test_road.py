"""The whole road with the real flyctl: the real runner, steps and adapter, and only Fly.io itself is simulated."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from claw_tui.demo import world
from claw_tui.demo.services import FLYCTL
from claw_tui.domain.jobs import JobState
from claw_tui.engine.plan import make_plan, view_of
from claw_tui.engine.world import WorldReader
from claw_tui.ports import Services
from claw_tui.wiring import services_for
from tests.conftest import Cloud
from tests.engine.rig import assert_no_canary, assert_whole, carry_out, ended, spec_with, start
from tests.fly_api.server import FlyApi
from tests.flyctl.conftest import PROGRAM, TOKEN

pytestmark = [pytest.mark.anyio, pytest.mark.flyctl]
PATIENCE = 240.0  # seconds; a deploy of the real flyctl watches its machine for ten


@pytest.fixture
async def services(api: FlyApi, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Services]:
    monkeypatch.setenv(FLYCTL, PROGRAM)
    made = services_for(os.environ, demo=True)
    made.fly.use_token(TOKEN)
    yield made
    await made.close()


def plain(found: dict[str, Any]) -> Any:
    """A world without ids and times: what two runs must have in common."""
    text = json.dumps({name: found[name] for name in ("apps",)}, sort_keys=True)
    for pattern, instead in (
        (r"\b(vol|rel|ip)_[0-9a-z]+", r"\1_ID"), (r"\b[0-9a-f]{14}\b", "MACHINE"), (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME"),
        (r"(fdaa|2a09)(:[0-9a-f]*)+", "IPV6"), (r"\b1[67]\d{8}(\.\d+)?\b|\b1[67]\d{11}\b", "0"), (r"\b[0-9A-F]{26}\b", "INSTANCE"),
        (r"(startTime\W+)\d+", r"\g<1>0"),
    ):  # fmt: skip
        text = re.sub(pattern, instead, text)
    return json.loads(text)


@pytest.mark.parametrize("private", [False, True], ids=["public", "private"])
async def test_from_nothing_to_a_running_gateway_and_again(
    services: Services, cloud: Cloud, tmp_path: Path, *, private: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = spec_with(private=private)
    run = await start(services, spec)
    state = await ended(run, PATIENCE)
    assert state is JobState.DONE, list(run.new_events())[-2:]
    assert_whole(cloud, spec)
    assert_no_canary(tmp_path)
    by_the_real_one = plain(cloud.read())
    plan = make_plan(view_of(spec, await WorldReader(services.fly).read("my-app"), services.state))
    assert not plan.changes
    releases = len(cloud.app("my-app")["releases"])
    assert await ended(await start(services, spec), PATIENCE) is JobState.DONE
    assert len(cloud.app("my-app")["releases"]) == releases

    world_file = Path(os.environ[world.WORLD])
    world_file.unlink()
    monkeypatch.delenv(FLYCTL)
    monkeypatch.setenv("CLAW_TUI_HOME", str(tmp_path / "state2"))
    simulated = services_for(os.environ, demo=True)
    simulated.fly.use_token(TOKEN)
    state, _events = await carry_out(simulated, spec)
    assert state is JobState.DONE
    by_the_simulated_one = plain(cloud.read())
    assert _different(by_the_real_one, by_the_simulated_one) == []
    await simulated.close()


def _different(one: Any, other: Any, path: str = "") -> list[str]:
    if path.endswith((".log", ".touched", ".number", ".digest", ".somebody", ".id", ".code")):
        return []  # lines with times in them; counters
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            line
            for key in sorted({*one, *other})
            for line in _different(one.get(key), other.get(key), f"{path}.{key}")
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            line
            for number, pair in enumerate(zip(one, other, strict=True))
            for line in _different(*pair, f"{path}[{number}]")
        ]
    return [] if one == other else [f"{path}: {one!r} and {other!r}"]

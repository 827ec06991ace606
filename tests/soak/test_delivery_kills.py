"""Killed while openclaw.json is replaced: the next run sees it through, and the file to go back to is not lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from claw_tui.domain.jobs import JobEvent, JobState
from claw_tui.engine.delivery import Delivery
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import WISH, assert_no_canary, ended, have_gateway
from tests.engine.test_delivery import CONFIG, SONNET, backups, files, unresolved
from tests.engine.test_run import again
from tests.soak.test_kills import Point, kill_at, until

pytestmark = [pytest.mark.anyio, pytest.mark.soak]
POINTS = [
    *(
        Point(WISH, "machine exec", when, nth=nth, flyctl_too=too)
        for nth in (1, 3, 5, 9)
        for when in ("before", "after")
        for too in (False, True)
    ),
    *(
        Point(WISH, step=step, when=when)
        for step in ("write-config", "await-reload")
        for when in ("running", "done")
    ),
]


async def killed(
    point: Point,
    services: Services,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    restore: str = "",
) -> tuple[JobState, list[JobEvent]]:
    for old in (folder / "state").rglob("pid"):
        old.unlink()
    gate = folder / "gate"
    if point.command:
        fault = {"command": point.command, "when": point.when, "hold": str(gate), "skip": point.nth}
        cloud.faults(monkeypatch, fault)

    async def begin() -> Delivery:
        found = Delivery(Session(await again(services)), "my-app")
        await (found.plan_restore(restore) if restore else found.plan(SONNET))
        return found

    run = await (await begin()).start()
    await kill_at(point, run, gate, folder / "state")

    async def go_on() -> tuple[JobState, list[JobEvent]]:
        second = await (await begin()).start()
        return await ended(second), list(second.new_events())

    going = asyncio.create_task(go_on())
    if point.command and not point.flyctl_too:
        await until(lambda: len(list((folder / "state").rglob("pid"))) == 2, "no second run")
        Path(f"{gate}.go").touch()
    return await going


@pytest.mark.parametrize("point", POINTS, ids=str)
async def test_a_good_file(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await have_gateway(services)
    before = files(cloud)[CONFIG]["text"]
    state, events = await killed(point, services, cloud, monkeypatch, tmp_path)
    assert state is JobState.DONE, (str(point), events[-3:])
    assert "claude-sonnet-5" in files(cloud)[CONFIG]["text"]
    assert before in [files(cloud)[name]["text"] for name in backups(cloud)]
    assert not [name for name in files(cloud) if "claw-tui" in name]
    assert_no_canary(tmp_path)


@pytest.mark.parametrize(
    "point", [p for p in POINTS if (p.step, p.when) != ("await-reload", "done")], ids=str
)
async def test_a_file_that_goes_back(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if point.step == "write-config":
        point = Point(point.spec, step="restore-config", when=point.when)
    await have_gateway(services)
    before = files(cloud)[CONFIG]["text"]
    name = await unresolved(cloud)
    state, events = await killed(point, services, cloud, monkeypatch, tmp_path, restore=name)
    assert state is JobState.FAILED, (str(point), events[-3:])
    assert "is back, and the gateway answers" in events[-2].message, (str(point), events[-3:])
    assert files(cloud)[CONFIG]["text"] == before

"""Killed while a version is brought in, or on the way back: the next run goes on, with one snapshot and one machine."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.domain.jobs import JobEvent, JobState, Task
from claw_tui.domain.spec import Spec
from claw_tui.domain.update import FROM_SNAPSHOT, volume_name
from claw_tui.engine.update_notes import read_record
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import assert_no_canary, assert_whole, ended
from tests.engine.test_delivery import CONFIG, files
from tests.engine.test_run import again
from tests.engine.test_update import NEW, OLD, have_old, session, snapshots, update
from tests.soak.test_kills import Point, kill_at, until

pytestmark = [pytest.mark.anyio, pytest.mark.soak]


def points(commands: tuple[str, ...], steps: tuple[str, ...]) -> list[Point]:
    calls = [
        Point(NEW, command, when, flyctl_too=too)
        for command in commands
        for when in ("before", "after")
        for too in (False, True)
    ]
    return [*calls, *(Point(NEW, step=step, when=when) for step in steps for when in ("running", "done"))]


ON = points(
    ("volumes snapshots create", "deploy"),
    ("take-snapshot", "carry-config", "deploy", "write-config", "await-gateway"),
)
BACK = points(
    ("volumes create", "machine destroy", "deploy"),
    ("restore-volume", "remove-machine", "deploy", "await-gateway"),
)


async def killed(
    point: Point,
    services: Services,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    spec: Spec,
    choice: str = "",
) -> tuple[JobState, list[JobEvent]]:
    """Begin, kill, begin again; returns how the second run ended."""
    for old in (folder / "state").rglob("pid"):
        old.unlink()
    gate = folder / "gate"
    if point.command:
        cloud.faults(monkeypatch, {"command": point.command, "when": point.when, "hold": str(gate)})
    first = session(await again(services))
    await first.plan_for(spec, Task.UPDATE, choice=choice)
    await kill_at(point, await first.start_run(), gate, folder / "state")

    async def go_on() -> tuple[JobState, list[JobEvent]]:
        second = session(await again(services))
        await second.plan_for(spec, Task.UPDATE, choice=choice)
        run = await second.start_run()
        return await ended(run, 120), list(run.new_events())

    going = asyncio.create_task(go_on())
    if point.command and not point.flyctl_too:
        await until(lambda: len(list((folder / "state").rglob("pid"))) == 2, "no second run")
        Path(f"{gate}.go").touch()
    return await going


@pytest.mark.parametrize("point", ON, ids=str)
async def test_on_the_way_on(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await have_old(services)
    before = json.loads(files(cloud)[CONFIG]["text"])
    state, events = await killed(point, services, cloud, monkeypatch, tmp_path, NEW)
    assert state is JobState.DONE, (str(point), [(e.step, e.state, e.message) for e in events[-4:]])
    assert_whole(cloud, NEW)
    assert cloud.app("my-app")["machines"][0]["image"].endswith(":2026.9.6")
    assert json.loads(files(cloud)[CONFIG]["text"]) == before
    assert len(snapshots(cloud)) == 1, "not a second one"
    record = read_record(services.state, "my-app")
    assert (record.version, record.snapshot, record.done) == ("2026.9.1", snapshots(cloud)[0], True)
    assert services.state.load_answers("my-app") == NEW
    assert_no_canary(tmp_path)


@pytest.mark.parametrize("point", BACK, ids=str)
async def test_on_the_way_back(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await have_old(services)
    assert (await update(services, NEW))[0] is JobState.DONE
    kept = snapshots(cloud)[0]
    back = replace(OLD, volume_name=volume_name(OLD.volume_name, kept))
    state, events = await killed(point, services, cloud, monkeypatch, tmp_path, back, FROM_SNAPSHOT + kept)
    assert state is JobState.DONE, (str(point), [(e.step, e.state, e.message) for e in events[-4:]])
    app = cloud.app("my-app")
    assert [m["image"] for m in app["machines"]] == ["ghcr.io/openclaw/openclaw:2026.9.1"]
    assert [(v["name"], bool(v["attached"])) for v in app["volumes"]] == [
        ("openclaw_data", False), (back.volume_name, True),
    ]  # fmt: skip
    assert services.state.load_answers("my-app") == back
    assert_no_canary(tmp_path)

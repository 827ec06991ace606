"""Killed while a version is brought in, or on the way back: the next run goes on, with one snapshot and one machine."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.domain.jobs import JobEvent, JobState, Task
from claw_tui.domain.spec import Spec
from claw_tui.domain.update import FROM_SNAPSHOT, volume_name
from claw_tui.engine.update_notes import read_record
from claw_tui.ports import RunHandle, Services
from tests.conftest import Cloud
from tests.engine.rig import assert_no_canary, assert_whole
from tests.engine.test_delivery import CONFIG, files
from tests.engine.test_run import again
from tests.engine.test_update import NEW, OLD, have_old, session, snapshots, update
from tests.soak.test_kills import Point, killed_once

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

    async def begin() -> RunHandle:
        one = session(await again(services))
        await one.plan_for(spec, Task.UPDATE, choice=choice)
        return await one.start_run()

    return await killed_once(point, cloud, monkeypatch, folder, begin, begin, 120)


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

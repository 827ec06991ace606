"""Killed while openclaw.json is replaced: the next run sees it through, and the file to go back to is not lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from claw_tui.domain.jobs import JobEvent, JobState
from claw_tui.engine.delivery import Delivery
from claw_tui.engine.session import Session
from claw_tui.ports import RunHandle, Services
from tests.conftest import Cloud
from tests.engine.rig import WISH, assert_no_canary, have_gateway
from tests.engine.test_delivery import CONFIG, SONNET, backups, files, unresolved
from tests.engine.test_run import again
from tests.soak.test_kills import Point, killed_once

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
    async def begin() -> RunHandle:
        found = Delivery(Session(await again(services)), "my-app")
        await (found.plan_restore(restore) if restore else found.plan(SONNET))
        return await found.start()

    return await killed_once(point, cloud, monkeypatch, folder, begin, begin)


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

"""Killed while a gateway gets another machine, is moved, stopped or started: the same run once more ends it, nothing twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from claw_tui.domain.jobs import JobState
from claw_tui.domain.power import START, STOP
from claw_tui.engine.machine_desk import MachineDesk
from claw_tui.engine.power_desk import PowerDesk
from claw_tui.engine.session import Session
from claw_tui.ports import RunHandle, Services
from tests.conftest import Cloud
from tests.engine.rig import WISH, assert_no_canary, assert_whole, ended, have_gateway, spec_with
from tests.engine.test_changing import APP, kept, machine
from tests.engine.test_run import again
from tests.soak.test_door_kills import points
from tests.soak.test_kills import Point, killed_once

pytestmark = [pytest.mark.anyio, pytest.mark.soak]


async def killed(
    point: Point,
    services: Services,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    wanted: object,
) -> None:
    """Begin, kill, go on as R on the Deploy screen does; it ends well. ``wanted``: a choice of power, or a change."""
    first: list[RunHandle] = []

    async def begin() -> RunHandle:
        session = Session(await again(services))
        if isinstance(wanted, dict):
            desk = MachineDesk(session, APP)
            await desk.look()
            await desk.plan(replace(desk.begin(), **wanted))
        else:
            power = PowerDesk(session, APP)
            await power.look()
            await power.plan(str(wanted))
        first.append(await session.start_run())
        return first[0]

    async def go_on() -> RunHandle:
        session = Session(await again(services))
        session.run = first[0]
        await session.plan_again()
        return await session.start_run()

    state, events = await killed_once(point, cloud, monkeypatch, folder, begin, go_on, 120)
    assert state is JobState.DONE, (str(point), [(e.step, e.state, e.message) for e in events[-4:]])


MOVE = points(
    (("machine cordon", 1), ("machine stop", 1), ("volumes fork", 1), ("machine clone", 1), ("volumes extend", 1),
     ("machine update", 1), ("machine destroy", 1)),
    ("cordon-machine", "stop-machine", "fork-volume", "clone-machine", "extend-volume", "update-machine", "grow-files",
     "await-answer", "remove-machine", "keep-change"),
)  # fmt: skip
RESIZE = points(
    (("volumes extend", 1), ("machine update", 1)),
    ("extend-volume", "update-machine", "grow-files", "await-answer", "keep-change"),
)
STOPPING = points(
    (("machine cordon", 1), ("machine stop", 1)), ("cordon-machine", "stop-machine", "check-stopped")
)
STARTING = points(
    (("machine start", 1), ("machine uncordon", 1)), ("start-machine", "uncordon-machine", "await-answer")
)


@pytest.mark.parametrize("point", MOVE, ids=str)
async def test_a_move(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await have_gateway(services)
    but = ("region", "mounts", "id", "guest", "env")
    before, files = kept(cloud, *but), cloud.app(APP)["volumes"][0]["files"]
    wanted: dict[str, Any] = {"region": "iad", "memory_mb": 4096, "volume_gb": 5}
    await killed(point, services, cloud, monkeypatch, tmp_path, wanted)
    app = cloud.app(APP)
    assert kept(cloud, *but) == before
    assert (machine(cloud)["region"], machine(cloud)["guest"]["memory_mb"]) == ("iad", 4096)
    assert machine(cloud)["env"]["NODE_OPTIONS"] == "--max-old-space-size=3072"
    assert [(v["region"], v["size_gb"]) for v in app["volumes"]] == [("fra", 3), ("iad", 5)], "nothing twice"
    assert app["volumes"][1]["files"]["/data/openclaw.json"] == files["/data/openclaw.json"]
    assert services.state.load_answers(APP) == spec_with(region="iad", memory_mb=4096, volume_gb=5)
    assert_no_canary(tmp_path)


@pytest.mark.parametrize("point", RESIZE, ids=str)
async def test_a_larger_one(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await have_gateway(services)
    await killed(point, services, cloud, monkeypatch, tmp_path, {"memory_mb": 4096, "volume_gb": 5})
    assert_whole(cloud, spec_with(memory_mb=4096, volume_gb=5))
    assert services.state.load_answers(APP) == spec_with(memory_mb=4096, volume_gb=5)
    assert_no_canary(tmp_path)


@pytest.mark.parametrize("point", STOPPING, ids=str)
async def test_stopping(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await have_gateway(services)
    await killed(point, services, cloud, monkeypatch, tmp_path, STOP)
    assert (machine(cloud)["state"], machine(cloud)["cordoned"]) == ("stopped", True)


@pytest.mark.parametrize("point", STARTING, ids=str)
async def test_starting(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await have_gateway(services)
    desk = PowerDesk(Session(await again(services)), APP)
    await desk.look()
    await desk.plan(STOP)
    run = await desk.start()
    assert await ended(run) is JobState.DONE
    await killed(point, services, cloud, monkeypatch, tmp_path, START)
    assert not machine(cloud)["cordoned"]
    assert_whole(cloud, WISH)

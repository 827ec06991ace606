"""Killed while a gateway of Clawdbot is migrated, or on the way back: the next run goes on, and makes nothing twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claw_tui.demo import world
from claw_tui.domain.jobs import JobEvent, JobState, Task
from claw_tui.domain.spec import Spec
from claw_tui.domain.update import FROM_SNAPSHOT
from claw_tui.engine.migration_desk import MigrationDesk
from claw_tui.engine.session import Session
from claw_tui.ports import RunHandle, Services
from tests.conftest import Cloud
from tests.engine.clawdbot import APP, IMAGE, NEW_FILE, OLD_FILE, have_clawdbot
from tests.engine.rig import WISH
from tests.engine.test_migrating import assert_openclaw, files, machine, migrate
from tests.engine.test_run import again
from tests.soak.test_door_kills import points
from tests.soak.test_kills import Point, killed_once

pytestmark = [pytest.mark.anyio, pytest.mark.soak]
ON = points(
    (("volumes snapshots create", 1), ("secrets import", 1), ("machine exec", 6), ("deploy", 1)),
    ("take-snapshot", "stage-secrets", "carry-config", "deploy", "write-config", "await-gateway", "prove"),
)
BACK = points(
    (("volumes create", 1), ("machine destroy", 1), ("deploy", 1)),
    ("restore-volume", "remove-machine", "deploy", "await-answer"),
)
assert WISH.app != APP  # the point's own spec is for its name only


async def killed(
    point: Point,
    services: Services,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    choice: str = "",
) -> tuple[JobState, list[JobEvent]]:
    """Begin, kill, go on as R on the Deploy screen does."""
    desk = MigrationDesk(Session(services), APP)
    await desk.look()
    await desk.plan(choice)
    view = desk._session.view
    assert view is not None
    spec: Spec = view.spec

    async def begin() -> RunHandle:
        one = Session(await again(services))
        await one.plan_for(spec, Task.MIGRATE, choice=choice)
        return await one.start_run()

    return await killed_once(point, cloud, monkeypatch, folder, begin, begin, 120)


@pytest.mark.parametrize("point", ON, ids=str)
async def test_on_the_way_on(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    have_clawdbot()
    before = files(cloud)[OLD_FILE]["text"]
    token = cloud.app(APP)["secrets"]["CLAWDBOT_GATEWAY_TOKEN"]["digest"]
    state, events = await killed(point, services, cloud, monkeypatch, tmp_path)
    assert state is JobState.DONE, (str(point), [(e.step, e.state, e.message) for e in events[-4:]])
    assert_openclaw(cloud)
    assert cloud.app(APP)["secrets"]["OPENCLAW_GATEWAY_TOKEN"]["digest"] == world.digest(f"sim-{token}")
    assert files(cloud)[OLD_FILE]["text"] == before
    assert list(json.loads(files(cloud)[NEW_FILE]["text"])["agents"]["entries"]) == ["main"]
    assert "/data/workspace/MEMORY.md" in files(cloud)


@pytest.mark.parametrize("point", BACK, ids=str)
async def test_on_the_way_back(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    have_clawdbot()
    before = files(cloud)[OLD_FILE]["text"]
    state, events, _log = await migrate(services)
    assert state is JobState.DONE, events[-3:]
    kept = cloud.app(APP)["snapshots"][0]["id"]
    state, events = await killed(point, services, cloud, monkeypatch, tmp_path, FROM_SNAPSHOT + kept)
    assert state is JobState.DONE, (str(point), [(e.step, e.state, e.message) for e in events[-4:]])
    app = cloud.app(APP)
    assert (len(app["machines"]), len(app["volumes"])) == (1, 2)
    assert machine(cloud)["image"] == IMAGE
    assert machine(cloud)["mounts"][0]["volume"] == app["volumes"][1]["id"]
    assert files(cloud, 1)[OLD_FILE]["text"] == before
    assert services.state.load_answers(APP) is None

"""Killed while something is taken away: the same run once more ends it. What was not chosen stays, nothing is doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from claw_tui.demo import cloud as fly_cloud
from claw_tui.demo import world
from claw_tui.domain.jobs import JobEvent, JobState, Task
from claw_tui.domain.made import Kind
from claw_tui.engine.removal_desk import RemovalDesk
from claw_tui.engine.session import Session
from claw_tui.engine.undoing import Removal
from claw_tui.ports import RunHandle, Services
from tests.conftest import Cloud
from tests.engine.rig import SECRETS, WISH, assert_no_canary, assert_whole, carry_out, ended, have_gateway
from tests.engine.test_hardening import have_guides
from tests.engine.test_removing import everything
from tests.engine.test_run import again
from tests.soak.test_kills import Point, kill_at, killed_once

pytestmark = [pytest.mark.anyio, pytest.mark.soak]
STEPS = (
    "clear-leases", "snapshot-volumes", "destroy-machines", "release-addresses", "destroy-volumes", "destroy-app", "check-gone",
)  # fmt: skip
CALLS = (
    ("machine leases clear", 0), ("volumes snapshots create", 0), ("machine destroy", 0), ("ips release", 0), ("ips release", 1),
    ("volumes destroy", 0), ("apps destroy", 0),
)  # fmt: skip


def points(calls: tuple[tuple[str, int], ...], steps: tuple[str, ...]) -> list[Point]:
    found = [
        Point(WISH, command, when, nth=nth, flyctl_too=too)
        for command, nth in calls
        for when in ("before", "after")
        for too in (False, True)
    ]
    return found + [Point(WISH, step=step, when=when) for step in steps for when in ("running", "done")]


async def killed(
    point: Point,
    services: Services,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    task: Task,
    *,
    keep_app: bool = False,
) -> tuple[JobState, list[JobEvent]]:
    """Start it, kill it at ``point``, and start the same once more, as R on the Deploy screen does."""
    first: list[RunHandle] = []

    async def begin() -> RunHandle:
        session = Session(await again(services))
        if task is Task.REMOVE:
            desk = RemovalDesk(session, WISH.app)
            await desk.look()
            await desk.plan(keep_app=keep_app)
            first.append(await desk.start())
            return first[0]
        removal = Removal(session, WISH)
        await removal.look()
        goes = removal.extras() if task is Task.TIDY else removal.undo(keep_app=keep_app, settled=True).goes
        first.append(await removal.start(task, goes))
        return first[0]

    async def go_on() -> RunHandle:
        second = Session(await again(services))
        second.run = first[0]
        await second.plan_again()
        assert not await second.missing_secrets()
        return await second.start_run()

    return await killed_once(point, cloud, monkeypatch, folder, begin, go_on)


UNDO = points(CALLS, STEPS)


@pytest.mark.parametrize("point", UNDO, ids=str)
async def test_an_undo(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Another app of the account is not touched."""
    await have_gateway(services)
    with world.opened() as now:
        fly_cloud.create_volume(
            now, fly_cloud.create_app(now, "other", "personal"), "openclaw_data", "fra", 3
        )
    state, events = await killed(point, services, cloud, monkeypatch, tmp_path, Task.UNDO)
    assert state is JobState.DONE, (str(point), events[-2:])
    apps = cloud.read()["apps"]
    assert list(apps) == ["other"]
    assert len(apps["other"]["volumes"]) == 1
    assert_no_canary(tmp_path)


NOT_THERE = {False: ("volumes snapshots create", "snapshot-volumes"), True: ("apps destroy", "destroy-app")}
REMOVE = [
    (point, keep_app)
    for keep_app, others in NOT_THERE.items()
    for point in UNDO
    if not any(words in str(point) for words in others)
]


@pytest.mark.parametrize(("point", "keep_app"), REMOVE, ids=str)
async def test_a_whole_app_that_others_made(
    point: Point,
    keep_app: bool,
    services: Services,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    await have_guides(services, cloud)
    with world.opened() as now:
        fly_cloud.create_app(now, "other", "personal")
    state, events = await killed(
        point, services, cloud, monkeypatch, tmp_path, Task.REMOVE, keep_app=keep_app
    )
    assert state is JobState.DONE, (str(point), events[-2:])
    apps = cloud.read()["apps"]
    if not keep_app:
        assert list(apps) == ["other"]
        return
    assert everything(apps["my-app"]) == {(Kind.APP, "my-app"), *((Kind.SECRET, name) for name in SECRETS)}
    assert len(apps["my-app"]["snapshots"]) == 1


@pytest.mark.parametrize(
    "point", [p for p in UNDO if "apps destroy" not in str(p) and "destroy-app" not in str(p)][::3], ids=str
)
async def test_an_undo_in_an_app_that_was_there_before(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with world.opened() as now:
        app = fly_cloud.create_app(now, "my-app", "personal")
        fly_cloud.create_volume(now, app, "photos", "fra", 1)
        fly_cloud.keep_secrets(app, {"THEIRS": "x"})
    before = everything(cloud.app("my-app"))
    state, events = await carry_out(services)
    assert state is JobState.DONE, events[-2:]
    state, events = await killed(point, services, cloud, monkeypatch, tmp_path, Task.UNDO)
    assert state is JobState.DONE, (str(point), events[-2:])
    assert everything(cloud.app("my-app")) == before
    assert len(cloud.app("my-app")["snapshots"]) == 1


TIDY = points(
    (("volumes snapshots create", 0), ("ips release", 0), ("volumes destroy", 0), ("volumes destroy", 1)),
    ("snapshot-volumes", "release-addresses", "destroy-volumes", "check-gone"),
)


@pytest.mark.parametrize("point", TIDY, ids=str)
async def test_tidying(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One volume more of ours, one of somebody's, one address: all gone, and the gateway whole."""
    await have_gateway(services)
    with world.opened() as now:
        app = now["apps"]["my-app"]
        fly_cloud.create_volume(now, app, "openclaw_data", "fra", 3)
        fly_cloud.create_volume(now, app, "openclaw_data", "ams", 3)
        fly_cloud.new_ip(now, app, "v6")
    state, events = await killed(point, services, cloud, monkeypatch, tmp_path, Task.TIDY)
    assert state is JobState.DONE, (str(point), events[-2:])
    assert_whole(cloud)
    assert sorted(len(s["id"]) > 0 for s in cloud.app("my-app")["snapshots"]) == [True, True]


MAKING = ("apps create", "volumes create", "secrets import", "deploy")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("command", MAKING)
async def test_what_a_killed_run_made_is_undone(
    command: str, when: str, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The run never got to write down what it made; the undo knows it all the same, and no more."""
    from tests.engine.rig import start

    with world.opened() as now:
        other = fly_cloud.create_app(now, "other", "personal")
        fly_cloud.create_volume(now, other, "openclaw_data", "fra", 3)
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": command, "when": when, "hold": str(gate)})
    run = await start(await again(services))
    await kill_at(Point(WISH, command, when, flyctl_too=True), run, gate, tmp_path / "state")
    monkeypatch.delenv(world.FAULTS)
    removal = Removal(Session(await again(services)), WISH)
    await removal.look()
    undo = removal.undo(settled=True)
    there = cloud.read()["apps"].get("my-app")
    assert bool(undo.goes) is (there is not None)
    if there is not None:
        assert {(p.thing.kind, p.thing.id) for p in (*undo.goes, *undo.along)} == everything(there)
        assert undo.takes_app
        assert await ended(await removal.start(Task.UNDO, undo.goes)) is JobState.DONE
    assert list(cloud.read()["apps"]) == ["other"]

"""Killed while secrets are given to a running gateway: the next run brings all of it in, and nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from claw_tui.demo import world
from claw_tui.domain.jobs import JobEvent, JobState
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_state import Standing
from claw_tui.engine.rotation import Rotation
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import SECRETS, WISH, assert_no_canary, ended, have_gateway
from tests.engine.test_run import again
from tests.soak.test_kills import Point, kill_at, until

pytestmark = [pytest.mark.anyio, pytest.mark.soak]
TOKEN, CLAUDE, DISCORD = WISH.secret_names
NEW = Secret("CANARYnewCANARYnewCANARYnewCANARYnew")
POINTS = [
    *(
        Point(WISH, f"secrets {command}", when, flyctl_too=too)
        for command in ("import", "unset", "deploy")
        for when in ("before", "after")
        for too in (False, True)
    ),
    *(
        Point(WISH, step=step, when=when)
        for step in ("follow-token", "stage-secrets", "apply-secrets", "await-answer")
        for when in ("running", "done")
    ),
]


async def changed(services: Services) -> Rotation:
    """A session that holds the values, as one in which they are given again."""
    session = Session(services)
    for name, value in SECRETS.items():
        session.vault._held["my-app", name] = value
    session.vault._held["my-app", TOKEN] = NEW
    return Rotation(session, "my-app")


@pytest.mark.parametrize("point", POINTS, ids=str)
async def test_the_runner_is_killed(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await have_gateway(services)
    releases = len(cloud.app("my-app")["releases"])
    for old in (tmp_path / "state").rglob("pid"):
        old.unlink()
    gate = tmp_path / "gate"
    if point.command:
        cloud.faults(monkeypatch, {"command": point.command, "when": point.when, "hold": str(gate)})
    first = Rotation(Session(await again(services)), "my-app")
    await first.look()
    await first.keep(TOKEN, NEW)
    await first.remove(DISCORD)
    await first.plan()
    run = await first.start()
    await kill_at(point, run, gate, tmp_path / "state")
    second = await changed(await again(services))
    await second.look()

    async def go_on() -> tuple[JobState, list[JobEvent]]:
        await second.plan()
        run = await second.start()
        return await ended(run), list(run.new_events())

    going = asyncio.create_task(go_on())
    if point.command and not point.flyctl_too:
        await until(lambda: len(list((tmp_path / "state").rglob("pid"))) == 2, "no second run")
        Path(f"{gate}.go").touch()
    state, events = await going
    assert state is JobState.DONE, (str(point), events[-3:])
    await second.look()
    assert {row.name: row.standing for row in second.rows} == {TOKEN: Standing.LIVE, CLAUDE: Standing.LIVE}
    app = cloud.app("my-app")
    assert app["secrets"][TOKEN]["digest"] == world.digest(NEW.reveal())
    assert {secret["status"] for secret in app["secrets"].values()} == {"Deployed"}
    assert len(app["releases"]) - releases in (1, 2), (
        "one restart, or a second one where the first was not known of"
    )
    assert_no_canary(tmp_path)

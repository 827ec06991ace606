"""What Start offers of runs that go on or left something to do, and that Review tells of others at work."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.demo import world
from claw_tui.domain.jobs import Job, JobEvent, JobState, StepState, Task
from claw_tui.domain.spec import Spec
from claw_tui.engine.plan import step_infos
from claw_tui.engine.rescuing import LOOK
from claw_tui.ports import Services
from claw_tui.runner.folder import JobFolder
from claw_tui.screens.start import StartScreen
from claw_tui.widgets.pick_list import PickList
from tests.conftest import Cloud
from tests.engine.rig import WISH, have_gateway
from tests.engine.test_turn import OTHER, lease
from tests.screens.driver import Driver, driving
from tests.screens.test_screens import give_all

pytestmark = pytest.mark.anyio


def ended(app: str, state: JobState | None, number: int, task: Task = Task.DEPLOY, choice: str = "") -> None:
    """A run as it is written down; None: it was killed."""
    base = next(Path(os.environ["CLAW_TUI_HOME"]).rglob("world.json")).parent
    spec = replace(WISH, app=app)
    folder = JobFolder(base / "jobs" / app / f"20991120-00000{number}-aaaa")
    folder.write_job(
        Job(
            folder.path.name,
            app,
            spec,
            step_infos(spec, task, choice),
            "",
            time.time(),
            demo=True,
            task=task,
            choice=choice,
        )
    )
    folder.add_event(JobEvent("accepted", time.time()))
    if state is not None:
        folder.write_status(state)


async def test_a_step_that_was_cut_off_does_not_look_as_if_it_went_on(cloud: Cloud) -> None:
    cloud.log_in()
    ended("json-app", None, 3)
    base = next(Path(os.environ["CLAW_TUI_HOME"]).rglob("world.json")).parent
    (path,) = (base / "jobs" / "json-app").iterdir()
    step = step_infos(WISH)[0]
    JobFolder(path).add_event(JobEvent("step", time.time(), step.id, StepState.RUNNING))
    async with driving() as driver:
        await driver.until("json-app: its setup was not finished  cut off")
        await driver.press("home", "enter")
        await driver.until("It was cut off", "stopped")
        assert "working" not in driver.text


async def test_every_run_that_left_something_is_offered_until_it_is_dismissed(cloud: Cloud) -> None:
    cloud.log_in()
    ended("old-app", JobState.FAILED, 1)
    ended("key-app", JobState.STOPPED, 2, Task.SECRETS)
    ended("json-app", None, 3, Task.CONFIG)
    ended("sick-app", JobState.FAILED, 4, Task.RESCUE, LOOK)
    ended("done-app", JobState.FAILED, 5)
    ended("done-app", JobState.DONE, 6)
    words = (
        "Go on with the rescue of sick-app  failed", "Go on giving json-app its openclaw.json  cut off",
        "Go on giving key-app its secrets  cancelled", "Go on with old-app: its setup was not finished  failed",
    )  # fmt: skip
    async with driving() as driver:
        await driver.until("Logged in as", *words)
        assert "done-app" not in driver.text
        lines = driver.text.splitlines()
        at = [next(index for index, line in enumerate(lines) if word in line) for word in words]
        assert at == sorted(at), "the newest first"
        await driver.press("f5")
        await driver.until("Logged in as", *words)
        await driver.until("Dismiss")
        await driver.press("down", "delete")
        await driver.until("Not offered any more", "key-app")
        assert "json-app" not in driver.text
        await driver.press("end")
        assert "Dismiss" not in driver.text.splitlines()[-1], "on another item there is nothing to dismiss"
    async with driving() as driver:
        await driver.until("Logged in as", "sick-app", "key-app", "old-app")
        assert "json-app" not in driver.text


@pytest.mark.parametrize("moved", [False, True])
async def test_a_run_that_another_terminal_began_is_under_the_cursor_unless_one_moved_it(
    moved: bool, services: Services, cloud: Cloud
) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving() as driver:
        await driver.until("Logged in as", "Set up a new gateway", "Look after my-app")
        choices = driver.app.screen.query_one("#choices", PickList)
        if moved:
            await driver.press("down")
        before = choices.current
        ended("old-app", JobState.FAILED, 1)
        await driver.press("f5")
        await driver.until("Go on with old-app")
        assert choices.current == (before if moved else "run old-app")


@asynccontextmanager
async def two_failed(cloud: Cloud) -> AsyncIterator[Driver]:
    """On Start, which lists both; the newer one first."""
    cloud.log_in()
    ended("old-app", JobState.FAILED, 1)
    ended("new-app", JobState.FAILED, 2)
    async with driving() as driver:
        await driver.until("new-app", "old-app", "Logged in as")
        yield driver


async def test_a_run_is_taken_up_whichever_is_the_newest(cloud: Cloud) -> None:
    async with two_failed(cloud) as driver:
        await driver.press("down", "enter")
        await driver.until("It stopped at a step that failed", "R Retry", "old-app")
        assert driver.session.run is not None
        assert driver.session.run.job.app == "old-app"
        assert driver.spec.app == "old-app"


async def test_a_key_wins_over_what_is_found_at_that_moment(cloud: Cloud) -> None:
    """What the list says of the key comes after what was found meanwhile."""
    async with two_failed(cloud) as driver:
        start = driver.app.screen
        assert isinstance(start, StartScreen)
        choices = start.query_one("#choices", PickList)
        assert choices.current == "run new-app"
        choices.action_move(1)
        start._show_choices()
        assert choices.current == "run old-app"


async def test_a_run_that_could_not_be_started_hides_none(services: Services, cloud: Cloud) -> None:
    """Its runner was killed before it took the job: what went wrong before is still what is to be gone on with."""
    cloud.log_in()
    ended("old-app", JobState.FAILED, 1)
    ended("old-app", None, 2, Task.UNDO, "app old-app")
    folder = next(Path(os.environ["CLAW_TUI_HOME"]).rglob("*-000002-aaaa"))
    (folder / "events.jsonl").unlink()
    latest = services.runs.latest("old-app")
    assert latest is not None
    assert latest.job.task is Task.DEPLOY
    async with driving() as driver:
        await driver.until("Go on with old-app: its setup was not finished  failed")
        assert "taking old-app away" not in driver.text


async def test_how_it_ended_while_nobody_looked_is_shown(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    cloud.log_in()
    async with driving() as driver:
        await driver.until("Look after my-app", "set up: done")
        assert "answers of last time" not in driver.text, "they were carried out"
        assert "F7" not in driver.text.splitlines()[-1]
        await driver.press("end")
        await driver.until("Last run")
        await driver.press("f7")
        await driver.until("Done. Ctrl+N shows the proof", "The gateway answers at https://my-app.fly.dev")
        await driver.press("ctrl+n")
        await driver.until("my-app", "Machine", "started")


async def test_a_run_that_ended_just_now_is_shown_all_the_same(services: Services, cloud: Cloud) -> None:
    """It went on when it was listed."""
    await have_gateway(services)
    cloud.log_in()
    (status,) = Path(os.environ["CLAW_TUI_HOME"]).rglob("status.json")
    text = status.read_text()
    status.unlink()
    async with driving() as driver:
        await driver.until("Go on with my-app: its setup was not finished  cut off")
        status.write_text(text)
        await driver.press("home", "enter")
        await driver.until("Done. Ctrl+N shows the proof")


@pytest.mark.parametrize("left", [True, False])
async def test_a_machine_left_in_rescue_is_told_as_long_as_it_is(
    services: Services, cloud: Cloud, left: bool
) -> None:
    await have_gateway(services)
    ended("my-app", JobState.DONE, 9, Task.RESCUE, LOOK)
    cloud.log_in()
    if left:
        with world.opened() as now:
            init = now["apps"]["my-app"]["machines"][0]["config"]["init"]
            init["entrypoint"] = ["/bin/sh", "-c", "exec sleep infinity"]
    async with driving() as driver:
        await driver.until("Look after my-app")
        if left:
            await driver.until("my-app is in rescue: its gateway does not run")
            await driver.press("home", "enter")
            await driver.until("started")
            assert driver.app.current_mode == "home"
        else:
            assert "in rescue" not in driver.text


async def test_review_tells_who_else_is_at_work(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    cloud.log_in()
    lease(OTHER, 900)
    larger: Spec = replace(WISH, memory_mb=4096)
    async with driving(spec=larger) as driver:
        await driver.until("Logged in as")
        await give_all(driver)
        await driver.go("review")
        await driver.until("Ctrl+N starts", f"{OTHER} is changing machine", "Ctrl+N waits for that")
        with world.opened() as now:
            now["apps"]["my-app"]["machines"][0]["lease"] = None
        await driver.press("f5")
        await driver.until(OTHER, gone=True)
        await driver.until("Ctrl+N starts")

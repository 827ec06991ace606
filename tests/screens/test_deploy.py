"""The Deploy screen: the part that goes on is in sight, what is usual is said, and the log can be read meanwhile."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from claw_tui.adapters.files import open_lock, try_lock
from claw_tui.domain.durations import RunTimes, kind_of
from claw_tui.domain.jobs import Job, JobEvent, JobState
from claw_tui.domain.phases.parts import title_of
from claw_tui.engine.plan import step_infos
from claw_tui.runner.folder import JobFolder
from claw_tui.widgets.transcript import BLOCK, KEPT, Transcript
from tests.conftest import Cloud
from tests.engine.rig import spec_with
from tests.screens.driver import Driver, driving

pytestmark = pytest.mark.anyio
SPEC = spec_with(source="git")
STEPS = step_infos(SPEC)
PARTS = (
    "config",
    "builder-depot",
    "build-depot",
    "push",
    "release",
    "addresses",
    "volume",
    "create",
    "first-start",
)


class Going:
    """A run that goes on as long as its lock is held: its files are written here."""

    def __init__(self, driver: Driver, folder: Path) -> None:
        self.folder = JobFolder(folder)
        self.began = time.time() - 100
        self.folder.write_job(Job(folder.name, SPEC.app, SPEC, STEPS, "", self.began, demo=True))
        self._lock = open_lock(self.folder.lock_path)
        assert try_lock(self._lock)
        self.driver = driver

    def steps(self, done: int) -> None:
        for step in STEPS[:done]:
            self.event("step", step.id, "running")
            self.event("step", step.id, "done")
        self.event("step", STEPS[done].id, "running")

    def event(
        self, kind: str, step: str, state: str, part: str = "", words: str = "", ago: float = 0.0
    ) -> None:
        self.folder.add_event(JobEvent(kind, time.time() - ago, step, state, part=part, words=words))

    def part(self, part: str, state: str = "running", words: str = "", ago: float = 0.0) -> None:
        self.event("part", "deploy", state, part, words, ago)

    def parts(self, until: str) -> None:
        for part in PARTS[: PARTS.index(until)]:
            self.part(part)
            self.part(part, "done")
        self.part(until)

    def log(self, lines: int, text: str = "line") -> None:
        with self.folder.log_path.open("a") as file:
            file.write("".join(f"{text} {number}\n" for number in range(lines)))

    async def watch(self) -> None:
        driver = self.driver
        driver.session.run = driver.session.services.runs.latest(SPEC.app)
        await driver.go("deploy")

    async def watch_hundred_lines(self) -> None:
        """Of the fifth step, to their end."""
        self.steps(4)
        self.log(100)
        await self.watch()
        await self.driver.until("line 99")

    def end(self) -> None:
        os.close(self._lock)


@pytest.fixture
def base() -> Path:
    return Path(os.environ["CLAW_TUI_HOME"]) / "demo" / "jobs" / SPEC.app / "20260101-000000-0000"


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (100, 50)])
@pytest.mark.parametrize("part", PARTS)
async def test_the_part_that_goes_on_is_in_sight(base: Path, size: tuple[int, int], part: str) -> None:

    async with driving(size, spec=SPEC) as driver:
        run = Going(driver, base)
        run.steps(4)
        run.parts(part)
        run.log(50)
        await run.watch()
        await driver.until(title_of(part), "line 49", "4 of 9 steps")
        run.end()


async def test_how_far_a_build_is_and_what_is_usual(base: Path) -> None:
    async with driving(spec=SPEC) as driver:
        run = Going(driver, base)
        steps = {step.id: 60.0 for step in STEPS}
        times = RunTimes(kind_of(run.folder.read_job()), "depot", steps, {}, {"build-depot": (80.0, 5.0)})
        driver.session.services.state.add_durations(times)
        run.steps(4)
        run.part("build-depot", "running", "layer 4 of 11: RUN pnpm build", ago=70)
        await run.watch()
        await driver.until(
            ", usually about 1:20", "layer 4 of 11", "about 5 minutes left, going by earlier runs"
        )

        await driver.until("Nothing was heard for 1:", "usually at most 5 s here")
        run.log(1)
        await driver.until("You may leave")
        run.end()


async def test_a_first_run_promises_nothing(base: Path) -> None:
    async with driving(spec=SPEC) as driver:
        run = Going(driver, base)
        run.steps(4)
        run.part("build-depot", ago=20)
        await run.watch()
        await driver.until("Build the image (Depot)", "20 s")
        assert "usually" not in driver.text
        assert "left" not in driver.text
        run.end()


async def test_the_end_stays_in_sight_while_the_steps_grow_and_shrink(base: Path) -> None:
    async with driving(spec=SPEC) as driver:
        run = Going(driver, base)
        await run.watch_hundred_lines()
        for part in PARTS[:4]:
            run.part(part)
        await driver.until("Push the image", "line 99")
        run.log(3, "more")
        await driver.until("more 2")
        await driver.resize(60, 20)
        await driver.until("more 2")
        run.event("step", "deploy", "done")
        await driver.until("Push the image", gone=True)
        await driver.until("more 2")
        run.end()


async def test_reading_back_is_not_disturbed_and_end_follows_again(base: Path) -> None:
    async with driving(spec=SPEC) as driver:
        run = Going(driver, base)
        await run.watch_hundred_lines()
        await driver.press("home")
        await driver.until("line 0")
        run.log(30, "more")
        await driver.until("30 new lines: End", "line 0")
        await driver.press("end")
        await driver.until("more 29")
        run.log(5, "last")
        await driver.until("last 4")
        run.end()


async def test_a_key_to_the_beginning_wins_over_lines_that_come_at_that_moment(base: Path) -> None:
    async with driving(spec=SPEC) as driver:
        run = Going(driver, base)
        await run.watch_hundred_lines()
        log = driver.app.screen.query_one(Transcript)
        log.action_scroll_home()  # Textual moves at its next painting …
        log.on_resize()  # … and before it the steps above grow, or lines are painted
        await driver.until("line 0")
        run.end()


async def test_a_long_log_is_kept_in_part_and_says_where_all_of_it_is(base: Path, cloud: Cloud) -> None:
    async with driving((120, 30), spec=SPEC) as driver:
        run = Going(driver, base)
        run.steps(4)
        run.log(KEPT + 3 * BLOCK)
        await run.watch()
        await driver.until(f"line {KEPT + 3 * BLOCK - 1}")
        log = driver.app.screen.query_one(Transcript)
        assert log.count == KEPT + 3 * BLOCK
        assert log.virtual_size.height <= KEPT + BLOCK
        await driver.press("home")
        await driver.until("earlier lines: ", str(run.folder.log_path)[:40])
        run.log(2 * BLOCK, "more")
        await driver.until("new lines: End")
        await driver.press("end")
        await driver.until(f"more {2 * BLOCK - 1}")
        run.end()


async def test_lines_without_an_end(base: Path) -> None:
    async with driving(spec=SPEC) as driver:
        run = Going(driver, base)
        run.steps(4)
        with run.folder.log_path.open("a") as file:
            file.write("x" * 3_000_000 + "\nafter it\n")
        await run.watch()
        await driver.until("after it", "xxxxx")
        await driver.press("right")
        await driver.until("xxxxx")
        run.end()


async def test_a_failed_step_shows_where_in_it(base: Path) -> None:
    async with driving(spec=SPEC) as driver:
        run = Going(driver, base)
        run.steps(4)
        run.parts("build-depot")
        run.part("build-depot", "running", "failed in layer 4 of 11: RUN pnpm build")
        run.event("step", "deploy", "failed")
        run.folder.write_status(JobState.FAILED)
        await run.watch()
        await driver.until("R  Try again")
        await driver.press("escape")  # what helps
        await driver.until(
            "It stopped at a step that failed", "✗ Build the image (Depot)", "failed in layer 4 of 11"
        )
        run.end()

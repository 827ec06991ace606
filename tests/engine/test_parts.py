"""The parts of a deploy in real runs: by the runner process and the simulated flyctl."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from claw_tui.domain.durations import kind_of
from claw_tui.domain.jobs import Job, JobState, StepState
from claw_tui.engine.course import Course
from claw_tui.engine.outlook import Outlook
from claw_tui.engine.plan import job_for, make_plan, view_of
from claw_tui.engine.world import WorldReader
from claw_tui.ports import RunHandle, Services
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud
from tests.engine.rig import SECRETS, carry_out, ended, have_gateway, spec_with, start

pytestmark = pytest.mark.anyio
LINES = 100_000


def course_of(run: RunHandle) -> Course:
    course = Course(run.job.steps)
    for event in run.new_events():
        course.take(event)
    return course


def services_now() -> Services:
    """Their runner gets the environment as it is now."""
    made = services_for(os.environ, demo=True)
    made.fly.use_token(TOKEN)
    return made


def watched(services: Services) -> RunHandle:
    """By somebody who comes now."""
    run = services.runs.latest("my-app")
    assert run is not None
    return run


async def until_part(services: Services, part: str) -> RunHandle:
    """Wait until a run is at ``part``."""
    end = time.monotonic() + 60
    while True:
        course = course_of(watched(services))
        if course.running_part is not None and course.running_part.id == part:
            return watched(services)
        assert time.monotonic() < end, course.parts("deploy")
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("app", "parts"),
    [
        ("my-app", ["builder-depot", "build-depot", "push"]),
        ("my-remotebuilder", ["builder-remote", "build-remote", "push"]),
    ],
)
async def test_a_build_from_source(services: Services, cloud: Cloud, app: str, parts: list[str]) -> None:
    run = await start(services, spec_with(app=app, source="git"))
    assert await ended(run) is JobState.DONE
    course = course_of(run)
    found = course.parts("deploy")
    assert [part.id for part in found] == ["config", *parts, "release", "addresses", "create", "first-start"]
    assert {part.state for part in found} == {StepState.DONE}
    assert course.builder == parts[0].partition("-")[2]
    assert all(part.began <= part.ended <= course.last for part in found)


async def test_what_it_took_is_remembered_and_used(services: Services, cloud: Cloud) -> None:
    run = await start(services)
    assert Outlook(run.job, services.state.durations()).left(course_of(run), time.time()) is None
    assert await ended(run) is JobState.DONE
    (times,) = services.state.durations().runs
    assert times.kind == kind_of(run.job)
    assert {"create-app", "deploy", "await-gateway"} <= {*times.steps, *times.looks}
    assert {"config", "image", "create", "first-start"} <= set(times.parts)
    assert (await carry_out(services, spec_with(memory_mb=4096)))[0] is JobState.DONE, (
        "a change is another kind"
    )
    again = await start(services)
    assert (
        Outlook(again.job, services.state.durations()).left(Course(again.job.steps), time.time()) is not None
    )
    assert await ended(again) is JobState.DONE
    assert len(services.state.durations().runs) == 3


async def test_a_run_that_failed_teaches_nothing(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud.faults(
        monkeypatch,
        {"command": "deploy", "exit": 1, "stdout": "> Launching new machine\n", "stderr": "Error: odd\n"},
    )
    services = services_now()
    run = await start(services)
    assert await ended(run) is JobState.FAILED
    assert [(part.id, part.state) for part in course_of(run).parts("deploy")] == [
        ("create", StepState.FAILED)
    ]
    assert services.state.durations().runs == ()


async def test_who_comes_late_sees_the_same_parts_and_times(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAW_DEMO_SPEED", "60")
    services = services_now()
    await start(services, spec_with(source="git"))
    run = await until_part(services, "build-depot")
    first = Course(run.job.steps)
    while run.state() is JobState.GOING_ON:
        for event in run.new_events():
            first.take(event)
        await asyncio.sleep(0.05)
    for event in run.new_events():
        first.take(event)
    late = course_of(watched(services))
    assert late.parts("deploy") == first.parts("deploy")
    assert late.rows(0.0) == first.rows(0.0)
    assert watched(services).heard() == run.heard() > first.began["deploy"]


async def test_a_killed_runner_leaves_the_part_that_was_going_on(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAW_DEMO_SPEED", "30")
    services = services_now()
    await start(services, spec_with(source="git"))
    run = await until_part(services, "build-depot")
    pid = next(Path(os.environ["CLAW_TUI_HOME"]).rglob("pid")).read_text()
    os.kill(int(pid), signal.SIGKILL)
    assert await ended(run) is JobState.INTERRUPTED
    course = course_of(run)
    part = course.running_part or course.parts("deploy")[-1]
    assert part.began > 0
    monkeypatch.setenv("CLAW_DEMO_SPEED", "0")
    assert await ended(await start(services_now(), spec_with(source="git"))) is JobState.DONE


async def test_a_hundred_thousand_lines_are_a_few_events_and_a_whole_log(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = SECRETS["ANTHROPIC_API_KEY"].reveal()
    lines = "".join(
        f"#7 {number / 1000:.3f} compiled file number {number} of the whole\n" for number in range(LINES)
    )
    noisy = f"==> Building image with Depot\n#7 [1/3] RUN pnpm build\n{lines}#7 1.0 {token}\n#7 DONE 9s\n"
    cloud.faults(monkeypatch, {"command": "deploy", "stderr": noisy})
    services = services_now()
    run = await start(services)
    assert await ended(run, 120) is JobState.DONE
    events = run.new_events()
    assert len([event for event in events if event.kind == "part"]) < 60
    log = run.log_path.read_text()
    assert log.count("compiled file number") == LINES
    assert token not in log
    assert "#7 1.0 ***\n" in log


async def test_words_of_parts_hold_no_secret(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    token = SECRETS["ANTHROPIC_API_KEY"].reveal()
    said = f"==> Building image with Depot\n#7 [2/3] RUN echo {token}\n"
    cloud.faults(monkeypatch, {"command": "deploy", "exit": 1, "stderr": said})
    services = services_now()
    run = await start(services)
    assert await ended(run) is JobState.FAILED
    text = (run.log_path.parent / "events.jsonl").read_text()
    assert "RUN echo ***" in text
    assert token not in text


async def test_a_job_says_whether_it_is_the_first_and_what_it_changes(
    services: Services, cloud: Cloud
) -> None:
    async def job(**changes: object) -> Job:
        spec = spec_with(**changes)
        world = await WorldReader(services.fly).read(spec.app)
        view = view_of(spec, world, services.state)
        return job_for(view, make_plan(view), {}, demo=True)

    first = await job()
    assert first.first
    assert {"create-app", "create-volume", "deploy"} <= set(first.changes)
    await have_gateway(services)
    again = await job(memory_mb=4096)
    assert not again.first
    assert "deploy" in again.changes
    assert "create-app" not in again.changes

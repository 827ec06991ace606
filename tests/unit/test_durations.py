"""What earlier runs took: kept, compared with what is alike, and told as an estimate."""

from __future__ import annotations

from pathlib import Path

import pytest

from claw_tui.adapters.state_files import StateFiles
from claw_tui.domain.durations import KEPT, MOST, Durations, RunTimes, Usual, kind_of
from claw_tui.domain.jobs import Job, JobEvent, StepInfo, StepState
from claw_tui.domain.phases.parts import Part
from claw_tui.domain.spec import Spec
from claw_tui.engine.course import Course
from claw_tui.engine.outlook import Outlook, times_of
from claw_tui.engine.run_words import left_words

STEPS = (StepInfo("one", "One"), StepInfo("deploy", "Deploy"), StepInfo("last", "Last"))


def job(**changes: object) -> Job:
    return Job("1", "my-app", Spec(), STEPS, "", 0.0, **changes)  # type: ignore[arg-type]


def times(deploy: float, *, kind: str = "", builder: str = "depot", silence: float = 1.0) -> RunTimes:
    steps = {"one": 2.0, "deploy": deploy, "last": 10.0}
    parts = {f"build-{builder}": (deploy / 2, silence), "create": (3.0, 3.0)}
    return RunTimes(kind or kind_of(job()), builder, steps, {}, parts)


def durations(*runs: RunTimes) -> Durations:
    found = Durations()
    for run in runs:
        found = found.with_run(run)
    return found


def course_at(*events: tuple[str, str, float]) -> Course:
    course = Course(STEPS)
    for step, state, at in events:
        kind, part = ("part", step) if step.startswith("build-") else ("step", "")
        course.take(JobEvent(kind, at, "deploy" if part else step, state, part=part))
    return course


def test_the_median_of_the_last_ones_of_a_kind_and_builder() -> None:
    known = durations(
        *[times(seconds) for seconds in (9000, 100, 300, 200, 110, 120)], times(7, builder="remote")
    )
    kind = kind_of(job())
    assert known.step(kind, "depot", "deploy", acts=True) == 120
    assert known.part(kind, "depot", "build-depot") == Usual(60, 1.0)
    assert known.step(kind, "remote", "deploy", acts=True) == 7
    assert known.step(kind, "", "deploy", acts=True) == 7, "the one that was used last"
    assert known.step("secrets/image/again", "", "deploy", acts=True) is None
    assert len([run for run in known.runs if run.builder == "depot"]) == KEPT


def test_it_does_not_grow() -> None:
    known = durations(*[times(1, kind=str(number)) for number in range(3 * MOST)])
    assert len(known.runs) == MOST


def test_the_builder_that_did_it_counts() -> None:
    assert course_at(("build-depot", "running", 1), ("build-remote", "running", 2)).builder == "remote"
    assert course_at(("one", "running", 1)).builder == ""


def test_kinds() -> None:
    assert kind_of(job(first=True)) != kind_of(job())
    assert kind_of(job()) == kind_of(job(changes=("deploy",)))


def test_how_long_is_left() -> None:
    outlook = Outlook(job(), durations(times(100), times(120), times(140)))
    course = course_at(("one", "running", 0), ("one", "done", 1), ("deploy", "running", 1))
    assert outlook.left(course, 1.0) == 130
    assert outlook.left(course, 61.0) == 70
    assert outlook.left(course, 1000.0) == 10, "it took longer than ever; the last step is still to come"


def test_a_step_that_was_never_seen_to_its_end_leaves_it_open() -> None:
    known = Durations((RunTimes(kind_of(job()), "", {"deploy": 9.0}, {"one": 1.0}),))
    assert Outlook(job(), known).left(course_at(("one", "running", 0)), 0.0) is None
    assert Outlook(job(), Durations()).left(course_at(("one", "running", 0)), 0.0) is None


def test_a_step_that_has_nothing_to_do_takes_as_long_as_looking() -> None:
    known = durations(
        times(100), RunTimes(kind_of(job()), "depot", {"one": 2.0, "last": 10.0}, {"deploy": 1.0})
    )
    course = course_at(("one", "running", 0), ("one", "done", 2))
    assert Outlook(job(changes=("last",)), known).left(course, 2.0) == 11
    assert Outlook(job(changes=("deploy", "last")), known).left(course, 2.0) == 110


def test_an_unusual_silence() -> None:
    course = course_at(("one", "done", 0), ("deploy", "running", 0), ("build-depot", "running", 10))
    unknown, known = Outlook(job(), Durations()), Outlook(job(), durations(times(100, silence=40.0)))
    assert unknown.quiet(course, 20.0, 79.0) is None
    assert unknown.quiet(course, 20.0, 81.0) == (61.0, None)
    assert known.quiet(course, 20.0, 79.0) is None
    assert known.quiet(course, 20.0, 81.0) == (61.0, Usual(50.0, 40.0))
    assert unknown.quiet(course_at(("deploy", "running", 0)), 0.0, 900.0) is None, (
        "flyctl is silent there by nature"
    )


def test_what_is_remembered_of_a_run() -> None:
    course = course_at(
        ("one", "running", 0),
        ("one", "unchanged", 1),
        ("deploy", "running", 1),
        ("build-depot", "running", 2),
        ("deploy", "done", 9),
    )
    parts = {
        "build-depot": Part("build-depot", StepState.DONE, "", 2.0, 8.0, 3.0),
        "push": Part("push", StepState.FAILED, "", 8.0, 9.0),
    }
    found = times_of(job(), course, parts)
    assert (found.kind, found.builder) == (kind_of(job()), "depot")
    assert (found.steps, found.looks, found.parts) == ({"deploy": 8}, {"one": 1}, {"build-depot": (6.0, 3.0)})


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{}",
        b'[{"kind": 5}]',
        b"\xff",
        b"[" * 100_000,
        b'[{"kind": "a", "steps": {"one": NaN}}]',
        b'[{"kind": "a", "parts": {"one": [-5, 1e300]}}]',
    ],
)
def test_a_damaged_file_is_learned_anew(tmp_path: Path, damage: bytes) -> None:
    state = StateFiles(tmp_path)
    state.add_durations(times(5))
    assert state.durations().runs == (times(5),)
    (tmp_path / "durations.json").write_bytes(damage)
    assert state.durations().runs == ()
    state.add_durations(times(6))
    assert StateFiles(tmp_path).durations().runs == (times(6),)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute"),
        (44, "less than a minute"),
        (46, "about 1 minute left"),
        (89, "about 1 minute left"),
        (170, "about 3 minutes left"),
        (5400, "about 90 minutes left"),
    ],
)
def test_an_estimate_is_said_as_one(seconds: float, words: str) -> None:
    assert words in left_words(seconds)
    assert "earlier runs here" in left_words(seconds)


def test_a_clock_that_was_set_meanwhile_teaches_nothing() -> None:
    assert durations(times(-3600.0), times(5.0)).runs == (times(5.0),)

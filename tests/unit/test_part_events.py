"""Parts as events: every change of state, words about once a second, whatever a build says."""

from __future__ import annotations

from claw_tui.domain.jobs import JobEvent, StepInfo, StepState
from claw_tui.engine.course import Course
from claw_tui.engine.part_events import PartEvents
from tests.unit import deploy_texts as texts


class Told:
    """What was written, and a clock that is set by hand."""

    def __init__(self) -> None:
        self.events: list[JobEvent] = []
        self.now = 100.0
        self.parts = PartEvents(self.events.append, lambda: self.now)
        self.parts.on_step("deploy", StepState.RUNNING)

    def hear(self, text: str, seconds: float = 0.0) -> None:
        for line in text.splitlines():
            self.now += seconds
            self.parts.heard(line)

    @property
    def words(self) -> list[str]:
        return [event.words for event in self.events]


def test_states_at_once_and_words_once_a_second() -> None:
    told = Told()
    told.hear(texts.REMOTE, 0.01)
    states = [(event.part, event.state) for event in told.events]
    assert states == [
        ("config", "running"), ("config", "done"), ("builder-remote", "running"), ("builder-remote", "done"),
        ("build-remote", "running"),
    ]  # fmt: skip
    told.now += 1.0
    told.parts.tick()
    assert told.words[-1] == "stage-1, layer 3 of 4: RUN pnpm install --frozen-lockfile"
    count = len(told.events)
    told.parts.tick()
    assert len(told.events) == count, "nothing new"


def test_a_long_build_writes_few_events() -> None:
    told = Told()
    told.hear(texts.REMOTE)
    for number in range(20_000):
        told.now += 0.0005
        told.parts.heard(f"#{number % 500 + 10} [stage-{number % 7} {number % 90}/90] RUN {number}")
    assert len(told.events) < 20


def test_a_clock_that_was_put_back_does_not_stop_the_words() -> None:
    told = Told()
    told.hear(texts.REMOTE, 0.01)
    told.now = 5.0
    told.hear("#8 [stage-1 4/4] RUN pnpm build\n")
    assert told.words[-1].endswith("RUN pnpm build")


def test_the_last_words_are_told_before_the_step_ends_and_the_end_is_the_step_s() -> None:
    told = Told()
    told.hear(texts.REMOTE + "#8 [stage-1 4/4] RUN pnpm build\n#8 ERROR: exit code: 1\n", 0.01)
    told.now += 5.0
    told.parts.on_step("deploy", StepState.FAILED)
    assert told.words[-1] == "failed in stage-1, layer 4 of 4: RUN pnpm build"
    course = Course((StepInfo("deploy", "Deploy"),))
    course.take(JobEvent("step", 100.0, "deploy", "running"))
    for event in told.events:
        course.take(event)
    assert course.running_part is not None
    assert course.running_part.id == "build-remote"
    course.take(JobEvent("step", told.now, "deploy", "failed"))
    last = course.parts("deploy")[-1]
    assert (last.state, last.ended, last.words) == (StepState.FAILED, told.now, told.words[-1])
    assert not [part for part in course.parts("deploy") if not part.ended]
    assert [part.state for part in told.parts.parts.values()][-1] is StepState.FAILED


def test_another_step_has_parts_of_its_own() -> None:
    told = Told()
    told.hear(texts.CONFIG)
    told.parts.on_step("deploy", StepState.DONE)
    told.parts.on_step("again", StepState.RUNNING)
    told.hear(texts.CONFIG)
    assert [(event.step, event.part) for event in told.events] == [("deploy", "config")] * 2 + [
        ("again", "config")
    ] * 2


def test_a_run_by_a_newer_claw_tui_is_shown_as_far_as_it_is_understood() -> None:
    course = Course((StepInfo("deploy", "Deploy"),))
    course.take(JobEvent("part", 1.0, "deploy", "running", part="of-tomorrow", words="x"))
    course.take(JobEvent("part", 1.0, "deploy", "of-tomorrow-too", part="other"))
    assert [part.title for part in course.parts("deploy")] == ["of-tomorrow"]

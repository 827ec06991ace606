"""What earlier runs on this computer tell of one that goes on: how long things usually take, how long is left."""

from __future__ import annotations

from collections.abc import Mapping

from claw_tui.domain.durations import Durations, RunTimes, Usual, kind_of
from claw_tui.domain.jobs import ENDED_WELL, Job, StepState
from claw_tui.domain.phases.parts import SPEAKING, Part
from claw_tui.engine.course import Course

QUIET_SECONDS = 60.0  # of a part that usually speaks, as long as nothing is known about it
LONGER, MORE_SECONDS = 1.5, 10.0  # than usual: by this factor and by so much


def times_of(job: Job, course: Course, parts: Mapping[str, Part]) -> RunTimes:
    """A run that went well, to be remembered."""
    took = {step: seconds for step, seconds in course.took.items() if step in course.states}
    return RunTimes(
        kind_of(job),
        course.builder,
        {step: took[step] for step in took if course.states[step] is StepState.DONE},
        {step: took[step] for step in took if course.states[step] is StepState.UNCHANGED},
        {
            part.id: (part.seconds(0.0), part.silence)
            for part in parts.values()
            if part.state is StepState.DONE
        },
    )


class Outlook:
    """For one run; ``known``: what was remembered when it began to be watched."""

    def __init__(self, job: Job, known: Durations) -> None:
        self._job, self._known, self._kind = job, known, kind_of(job)

    def usual(self, course: Course, part: str) -> Usual | None:
        return self._known.part(self._kind, course.builder, part)

    def left(self, course: Course, now: float) -> float | None:
        """Seconds until the end, or None when a step is still to come that was never seen to its end here."""
        whole = 0.0
        for step, state in course.states.items():
            if state in ENDED_WELL:
                continue
            usual = self._known.step(self._kind, course.builder, step, acts=self._acts(step))
            if usual is None or state not in (StepState.WAITING, StepState.RUNNING):
                return None
            whole += max(0.0, usual - course.seconds(step, now))
        return whole

    def _acts(self, step: str) -> bool:
        return not self._job.changes or step in self._job.changes

    def quiet(self, course: Course, heard: float, now: float) -> tuple[float, Usual | None] | None:
        """(Seconds without a word, what is usual) when that is longer than usual."""
        part = course.running_part
        if part is None:
            return None
        usual, seconds = self.usual(course, part.id), now - max(heard, part.began)
        if usual is not None:
            limit = max(usual.silence * LONGER, usual.silence + MORE_SECONDS)
        elif part.id in SPEAKING:
            limit = QUIET_SECONDS
        else:
            return None
        return (seconds, usual) if seconds > limit else None

"""What has happened in a run so far, told by its events. Whoever watches one makes one of these."""

from __future__ import annotations

from dataclasses import replace

from claw_tui.domain.jobs import ENDED_WELL, MISSING, JobEvent, StepInfo, StepState
from claw_tui.domain.phases.parts import ORDER, Part, builder_of

PART_STATES = frozenset(StepState)  # a newer claw-tui may have more of them


class Course:
    """Fed with events, in their order."""

    def __init__(self, steps: tuple[StepInfo, ...]) -> None:
        self.steps = steps
        self.states: dict[str, StepState] = {step.id: StepState.WAITING for step in steps}
        self.began: dict[str, float] = {}
        self.took: dict[str, float] = {}
        self.failure: JobEvent | None = None
        self._parts: dict[str, dict[str, Part]] = {}  # of each step
        self.last = 0.0  # when something was last heard
        self.missing: dict[str, JobEvent] = {}  # of a run that went well: what does not work all the same

    def take(self, event: JobEvent) -> None:
        self.last = event.at
        if event.kind == MISSING:
            self.missing[event.part] = event
        if event.kind == "part" and event.state in PART_STATES:
            self._take_part(event)
        if event.kind != "step":
            return
        state = StepState(event.state)
        if state is StepState.RUNNING:
            self.began[event.step] = event.at
        else:
            self.took[event.step] = event.at - self.began.get(event.step, event.at)
        self.states[event.step] = state
        if state is not StepState.RUNNING:
            self._close_parts(event, state)
        if state is StepState.FAILED:
            self.failure = event

    def _take_part(self, event: JobEvent) -> None:
        known = self._parts.setdefault(event.step, {})
        began = known[event.part].began if event.part in known else event.at
        state = StepState(event.state)
        ended = 0.0 if state is StepState.RUNNING else event.at
        known[event.part] = Part(event.part, state, event.words, began, ended)

    def _close_parts(self, event: JobEvent, state: StepState) -> None:
        """A step that has ended has no running parts, whether their end was written down or not."""
        for part in self._parts.get(event.step, {}).values():
            if not part.ended:
                ended = StepState.DONE if state in ENDED_WELL else state
                self._parts[event.step][part.id] = replace(part, state=ended, ended=event.at)

    def parts(self, step: str) -> tuple[Part, ...]:
        """What a step consists of, as far as it was seen, in the order of the work."""
        known = self._parts.get(step, {}).values()
        return tuple(sorted(known, key=lambda part: ORDER.get(part.id, len(ORDER))))

    @property
    def running_part(self) -> Part | None:
        """The part that goes on now."""
        running = (step for step, state in self.states.items() if state is StepState.RUNNING)
        return next((part for step in running for part in reversed(self.parts(step)) if not part.ended), None)

    @property
    def builder(self) -> str:
        """The kind of builder, once one was seen; the last one, for flyctl may take another when one does not come."""
        seen = [builder_of(part) for parts in self._parts.values() for part in parts if builder_of(part)]
        return seen[-1] if seen else ""

    def rows(self, now: float) -> list[tuple[StepInfo, StepState, float]]:
        return [(step, self.states[step.id], self.seconds(step.id, now)) for step in self.steps]

    def seconds(self, step: str, now: float) -> float:
        if step in self.took:
            return self.took[step]
        return now - self.began[step] if step in self.began else 0.0

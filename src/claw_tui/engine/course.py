"""What has happened in a run so far, told by its events. Whoever watches one makes one of these."""

from __future__ import annotations

from claw_tui.domain.jobs import MISSING, JobEvent, StepInfo, StepState


class Course:
    """Fed with events, in their order."""

    def __init__(self, steps: tuple[StepInfo, ...]) -> None:
        self.steps = steps
        self.states: dict[str, StepState] = {step.id: StepState.WAITING for step in steps}
        self.began: dict[str, float] = {}
        self.took: dict[str, float] = {}
        self.failure: JobEvent | None = None
        self.last = 0.0  # when something was last heard
        self.missing: dict[str, JobEvent] = {}  # of a run that went well: what does not work all the same

    def take(self, event: JobEvent) -> None:
        self.last = event.at
        if event.kind == MISSING:
            self.missing[event.part] = event
        if event.kind != "step":
            return
        state = StepState(event.state)
        if state is StepState.RUNNING:
            self.began[event.step] = event.at
        else:
            self.took[event.step] = event.at - self.began.get(event.step, event.at)
        self.states[event.step] = state
        if state is StepState.FAILED:
            self.failure = event

    def rows(self, now: float) -> list[tuple[StepInfo, StepState, float]]:
        return [(step, self.states[step.id], self.seconds(step.id, now)) for step in self.steps]

    def seconds(self, step: str, now: float) -> float:
        if step in self.took:
            return self.took[step]
        return now - self.began[step] if step in self.began else 0.0

"""The parts of a step, heard in what it says and written down as events: not more often than anybody could read."""

from __future__ import annotations

from collections.abc import Callable

from claw_tui.domain.jobs import ENDED_WELL, JobEvent, StepState
from claw_tui.domain.phases.parts import Part
from claw_tui.domain.phases.reader import PhaseReader

WORDS_SECONDS = 1.0  # between two events of a part that only has other words


class PartEvents:
    """Fed with a step's lines; ``write`` puts an event on the disk, so it is called for news only."""

    def __init__(self, write: Callable[[JobEvent], None], clock: Callable[[], float]) -> None:
        self._write, self._clock = write, clock
        self._step = ""
        self._reader = PhaseReader()
        self._written: dict[str, tuple[StepState, str, float]] = {}  # state, words, and when
        self._waiting: set[str] = set()
        self.parts: dict[str, Part] = {}  # of all steps: what has ended

    def on_step(self, step: str, state: StepState) -> None:
        """A step begins, or ends and takes its parts along: that needs no events of their own, see ``Course``."""
        now = self._clock()
        if state is StepState.RUNNING:
            self._step, self._reader = step, PhaseReader()
            self._written.clear()
            self._waiting.clear()
            return
        self._flush(now, at_once=True)
        self._reader.finish(StepState.DONE if state in ENDED_WELL else state, now)
        self.parts.update(self._reader.parts)

    def heard(self, line: str) -> None:
        now = self._clock()
        changed = self._reader.take(line, now)
        if changed or self._waiting:
            self._waiting.update(changed)
            self._flush(now)

    def tick(self) -> None:
        """Called about once a second: what could not be said at once is said now."""
        if self._waiting:
            self._flush(self._clock())

    def _flush(self, now: float, *, at_once: bool = False) -> None:
        for part in [part for part in self._reader.parts if part in self._waiting]:
            self._tell(self._reader.parts[part], now, at_once=at_once)

    def _tell(self, part: Part, now: float, *, at_once: bool) -> None:
        state, words, at = self._written.get(part.id, (StepState.WAITING, "", 0.0))
        if part.state is state and part.words == words:
            self._waiting.discard(part.id)
            return
        if part.state is state and not at_once and 0 <= now - at < WORDS_SECONDS:
            return  # it waits; a clock that was put back does not make it wait for ever
        self._waiting.discard(part.id)
        self._written[part.id] = (part.state, part.words, now)
        self._write(
            JobEvent("part", part.ended or now, self._step, part.state.value, part=part.id, words=part.words)
        )

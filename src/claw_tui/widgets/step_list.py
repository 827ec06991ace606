"""The steps of a run with their state and their time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.widget import Widget

from claw_tui.domain.jobs import StepInfo, StepState
from claw_tui.i18n import _, n_
from claw_tui.widgets.marks import sign

SIGNS = {
    StepState.WAITING: "todo", StepState.RUNNING: "running", StepState.UNCHANGED: "same", StepState.DONE: "done",
    StepState.FAILED: "failed", StepState.STOPPED: "stopped",
}  # fmt: skip
WORDS = {
    StepState.WAITING: "", StepState.RUNNING: n_("working"), StepState.UNCHANGED: n_("was there already"),
    StepState.DONE: n_("done"), StepState.FAILED: n_("failed"), StepState.STOPPED: n_("stopped"),
}  # fmt: skip


def span(seconds: float) -> str:
    """``4 s`` or ``2:05``."""
    whole = int(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60}:{whole % 60:02d}"


class StepList(Widget):
    """One row a step."""

    DEFAULT_CSS = """
    StepList { height: auto; padding: 0 1; }
    StepList > .step--done { color: $success; }
    StepList > .step--running { color: $accent; text-style: bold; }
    StepList > .step--failed { color: $error; text-style: bold; }
    StepList > .step--waiting { color: $text-muted; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"step--done", "step--running", "step--failed", "step--waiting"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[tuple[StepInfo, StepState, float], ...] = ()

    def show(self, rows: Sequence[tuple[StepInfo, StepState, float]]) -> None:
        """Rows of (step, state, seconds that it has taken so far)."""
        new = tuple(rows)
        if [(s, st, int(t)) for s, st, t in new] != [(s, st, int(t)) for s, st, t in self._rows]:
            relayout = len(new) != len(self._rows)
            self._rows = new
            self.refresh(layout=relayout)

    @property
    def text(self) -> str:
        return self.render().plain

    def _style(self, state: StepState) -> str:
        return {
            StepState.RUNNING: "running", StepState.FAILED: "failed", StepState.STOPPED: "failed",
            StepState.WAITING: "waiting",
        }.get(state, "done")  # fmt: skip

    def render(self) -> Text:
        width = max((len(step.title) for step, _state, _seconds in self._rows), default=0)
        text = Text(no_wrap=True, overflow="ellipsis")
        for step, state, seconds in self._rows:
            style = self.get_component_rich_style(f"step--{self._style(state)}", partial=True)
            words = _(WORDS[state]) if WORDS[state] else ""
            took = span(seconds) if state not in (StepState.WAITING, StepState.UNCHANGED) else ""
            if text:
                text.append("\n")
            text.append(f"{sign(SIGNS[state])} {step.title.ljust(width)}  ", style)
            text.append(f"{words}  {took}".strip())
        return text

"""The steps of a run with their state and their time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual.widget import Widget

from claw_tui.domain.jobs import StepState
from claw_tui.domain.spans import span
from claw_tui.i18n import _, n_
from claw_tui.widgets.marks import sign
from claw_tui.widgets.step_rows import Row, folded

SIGNS = {
    StepState.WAITING: "todo", StepState.RUNNING: "running", StepState.UNCHANGED: "same", StepState.DONE: "done",
    StepState.FAILED: "failed", StepState.STOPPED: "stopped",
}  # fmt: skip
WORDS = {
    StepState.WAITING: "", StepState.RUNNING: n_("working"), StepState.UNCHANGED: n_("was there already"),
    StepState.DONE: n_("done"), StepState.FAILED: n_("failed"), StepState.STOPPED: n_("stopped"),
}  # fmt: skip

ANY_WIDTH = 1000  # before it is laid out


class StepList(Widget):
    """One row a step, and below the one that goes on a row for each of its parts; in as many rows as there is room."""

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
        self._rows: tuple[Row, ...] = ()

    def show(self, rows: Sequence[Row], height: int) -> None:
        """``height``: rows that there is room for."""
        new = tuple(replace(row, seconds=int(row.seconds)) for row in folded(rows, height))
        # A height that was asked for while another layout was on its way may have been lost: it is asked for again.
        relayout = len(new) != len(self._rows) or self.size.height not in (0, len(new))
        if relayout or new != self._rows:
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
        widths = {
            kind: max((len(row.title) for row in self._rows if row.is_part is kind), default=0)
            for kind in (True, False)
        }
        return Text("\n").join(self._line(row, widths[row.is_part]) for row in self._rows)

    def _line(self, row: Row, width: int) -> Text:
        style = self.get_component_rich_style(f"step--{self._style(row.state)}", partial=True)
        took = "" if row.state in (StepState.WAITING, StepState.UNCHANGED) else span(row.seconds)
        line = Text(f"{'  ' * row.is_part}{sign(SIGNS[row.state])} {row.title.ljust(width)}  ", style)
        if row.is_part:
            times = ", ".join(filter(None, (took, row.usual)))
            line.append(f"{times}  {row.words}".strip())
        else:
            line.append(f"{_(WORDS[row.state]) if WORDS[row.state] else ''}  {took}".strip())
        line.truncate(self.content_size.width or ANY_WIDTH, overflow="ellipsis")
        return line

"""The last thing before the terminal: nothing that is drawn may steer it, wherever the words came from.

Textual draws the characters of a text as they are, ESC and all. Words of others are cleaned where they are read; but a
person's own openclaw.json and the names of files have to stay as they are, and one place may have been forgotten.
"""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from claw_tui.domain.clean import clean


class Harmless(LineFilter):
    """Takes the place of what is there column by column: the line is as wide as it was laid out."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [_harmless(segment) for segment in segments]


def _harmless(segment: Segment) -> Segment:
    text, style, control = segment
    shown = clean(text).replace("\n", "").replace("\t", "")
    return segment if shown == text else Segment(set_cell_size(shown, cell_len(text)), style, control)


HARMLESS = Harmless()

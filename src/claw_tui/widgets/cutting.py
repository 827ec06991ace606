"""A line that is longer than its place: a sign stands where more of it is."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from claw_tui.widgets.marks import sign


def cut_line(line: Strip, left: int, width: int, style: Style) -> Strip:
    """``width`` columns of it from ``left`` on, filled up in ``style``."""
    before, after = left > 0 and line.cell_length > 0, line.cell_length > left + width
    shown = line.crop_extend(left, left + width, style)
    more = Segment(sign("more"), style)
    if width <= 2 * more.cell_length:
        return shown
    if before:
        shown = Strip([more, *shown.crop(more.cell_length)])
    if after:
        shown = Strip([*shown.crop(0, width - more.cell_length), more])
    return shown

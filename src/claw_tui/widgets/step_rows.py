"""The rows of a step list, and how they are folded so that the one that goes on is always in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from claw_tui.domain.jobs import ENDED_WELL, StepState
from claw_tui.i18n import many

UNDER_WAY = (StepState.RUNNING, StepState.FAILED, StepState.STOPPED)


@dataclass(frozen=True, slots=True)
class Row:
    """A step, or a part of the one above it. ``seconds`` that it has taken so far; ``usual``: words about others."""

    title: str
    state: StepState
    seconds: float = 0.0
    words: str = ""
    usual: str = ""
    is_part: bool = False


def folded(rows: Sequence[Row], height: int) -> list[Row]:
    """At most ``height`` rows: steps that are done fold into one, then done parts, then what still waits."""
    found = _fold_done(list(rows), height, is_part=False)
    found = _fold_done(found, height, is_part=True)
    found = _fold_waiting(found, height)
    if len(found) > height:
        focus = max((i for i, row in enumerate(found) if row.state in UNDER_WAY), default=0)
        first = max(0, min(focus - height + 2, len(found) - height))
        found = found[first : first + height]
    return found


def _fold_done(rows: list[Row], height: int, *, is_part: bool) -> list[Row]:
    """The first ones of a kind that are done, as many as have to go; a single one stays as it is."""
    first = next((i for i, row in enumerate(rows) if _is_done(row, is_part=is_part)), len(rows))
    count = sum(1 for _row in takewhile(lambda row: _is_done(row, is_part=is_part), rows[first:]))
    count = min(count, len(rows) - height + 1)
    if count < 2:
        return rows
    seconds = sum(row.seconds for row in rows[first : first + count])
    title = (
        many("{count} part", "{count} parts", count)
        if is_part
        else many("{count} step", "{count} steps", count)
    )
    return [*rows[:first], Row(title, StepState.DONE, seconds, is_part=is_part), *rows[first + count :]]


def _is_done(row: Row, *, is_part: bool) -> bool:
    return row.is_part is is_part and row.state in ENDED_WELL


def _fold_waiting(rows: list[Row], height: int) -> list[Row]:
    """The last ones, as many as have to go."""
    waiting = 0
    while waiting < len(rows) and rows[-1 - waiting].state is StepState.WAITING:
        waiting += 1
    gone = min(waiting, len(rows) - height + 1)
    if gone < 2:
        return rows
    return [*rows[:-gone], Row(many("{count} more step", "{count} more steps", gone), StepState.WAITING)]

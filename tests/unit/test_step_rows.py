"""Folding: whatever there is, the one that goes on is in sight, in as many rows as there are."""

from __future__ import annotations

import random

import pytest

from claw_tui.domain.jobs import StepState
from claw_tui.widgets.step_rows import Row, folded

DONE, RUNNING, WAITING = StepState.DONE, StepState.RUNNING, StepState.WAITING


def rows(done: int, parts: int, waiting: int, state: StepState = RUNNING) -> list[Row]:
    return [
        *[Row(f"done {number}", DONE, 2.0) for number in range(done)],
        Row("now", state, 9.0),
        *[Row(f"part {number}", DONE, 3.0, is_part=True) for number in range(parts)],
        Row("running part", state, 1.0, is_part=True),
        *[Row(f"later {number}", WAITING) for number in range(waiting)],
    ]


def titles(found: list[Row]) -> list[str]:
    return [row.title for row in found]


def test_nothing_is_folded_while_there_is_room() -> None:
    assert folded(rows(3, 3, 3), 11) == rows(3, 3, 3)


def test_steps_that_are_done_go_first_as_many_as_must() -> None:
    found = folded(rows(4, 2, 2), 9)
    assert titles(found)[:3] == ["2 steps", "done 2", "done 3"]
    assert (found[0].seconds, len(found)) == (4.0, 9)


def test_then_parts_then_what_waits() -> None:
    assert titles(folded(rows(4, 5, 4), 6)) == [
        "4 steps",
        "now",
        "5 parts",
        "running part",
        "later 0",
        "3 more steps",
    ]


@pytest.mark.parametrize("state", [RUNNING, StepState.FAILED, StepState.STOPPED])
def test_the_one_that_goes_on_is_always_in_sight(state: StepState) -> None:
    dice = random.Random(1)
    for _ in range(500):
        height = dice.randrange(2, 20)
        found = folded(rows(dice.randrange(12), dice.randrange(15), dice.randrange(12), state), height)
        assert "running part" in titles(found), (height, titles(found))
        assert len(found) <= height


def test_all_done_and_all_waiting() -> None:
    assert len(folded([Row(str(number), DONE) for number in range(30)], 8)) == 8
    assert len(folded([Row(str(number), WAITING) for number in range(30)], 8)) == 8
    assert folded([], 8) == []

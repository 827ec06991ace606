"""Every failure has a number that the program ends with, and each number is said once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from claw_tui.domain import (
    build_errors,
    door_errors,
    elsewhere,
    errors,
    generations,
    here_errors,
    no_such_app,
    reach_errors,
    update,
)
from claw_tui.domain.doctor import errors as doctor_errors
from claw_tui.domain.errors import ClawError
from claw_tui.domain.jobs import JobState
from claw_tui.engine.proving_private import NOT_PROBED
from claw_tui.plain.exits import EXITS, exit_of, exit_of_run, table

HOMES = {
    module.__name__
    for module in (
        errors,
        build_errors,
        update,
        doctor_errors,
        door_errors,
        elsewhere,
        generations,
        here_errors,
        no_such_app,
        reach_errors,
    )
}


def tree(kind: type[ClawError]) -> Iterator[type[ClawError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from tree(below)


def test_every_failure_has_its_number() -> None:
    known = [code for found in EXITS for code in found.codes]
    assert len(known) == len(set(known))
    ours = {kind.code for kind in tree(ClawError) if kind.__module__ in HOMES}
    assert ours == set(known) - {NOT_PROBED}, "a verdict that is no failure"


@pytest.mark.parametrize(
    ("code", "number"),
    [("name-taken", 5), ("billing", 4), ("timeout", 6), ("stale-plan", 7), ("config-rejected", 8), ("store", 9), ("bad-input", 3),
     ("one-of-tomorrow", 1)],
)  # fmt: skip
def test_numbers_stay_what_scripts_know(code: str, number: int) -> None:
    assert exit_of(code) == number
    assert exit_of_run(JobState.FAILED, code) == number


def test_how_a_run_ended() -> None:
    ends = [
        exit_of_run(state, "")
        for state in (JobState.DONE, JobState.STOPPED, JobState.INTERRUPTED, JobState.FAILED)
    ]
    assert ends == [0, 130, 1, 1]
    assert all(f" {found.number}  " in table() for found in EXITS)

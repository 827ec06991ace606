"""The simulated gateway plays the scenes of tests/recordings and says nothing that the real one did not say."""

from __future__ import annotations

import pytest

from tests.recordings.normal import misfits
from tests.recordings.scenes import REAL_ONLY, scenes
from tests.recordings.simulated_stage import SimulatedStage
from tests.recordings.stage import Recording
from tests.recordings.store import RECORDED, load

SLOWER, LITTLE = 6.0, 6.0  # the one that was recorded had a busy machine; seconds that are not worth a word
NOT_SIMULATED = ("health --json",)  # our program does not ask it
PLAYED = [(version, name) for version in RECORDED for name in scenes(version) if name not in REAL_ONLY]


def surplus(mine: list[str], theirs: list[str]) -> list[str]:
    """The lines of ``mine`` that are not in ``theirs``, or not in this order."""
    rest = iter(theirs)
    return [line for line in mine if line not in rest]


@pytest.fixture(params=PLAYED, ids="-".join)
def played(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[Recording, Recording]:
    version, name = request.param
    stage = SimulatedStage(version, monkeypatch)
    scenes(version)[name](stage)
    return stage.finish(), Recording(**load(version)[name])


def test_lines(played: tuple[Recording, Recording]) -> None:
    mine, real = played
    assert surplus(mine.lines, real.lines) == []
    assert mine.lines or not real.lines


def test_exit_codes(played: tuple[Recording, Recording]) -> None:
    mine, real = played
    assert mine.exits == real.exits


def test_answers(played: tuple[Recording, Recording]) -> None:
    mine, real = played
    for name, theirs in real.answers.items():
        if name in NOT_SIMULATED:
            continue
        ours = mine.answers[name]
        assert ours["exit"] == theirs["exit"], name
        assert misfits(ours["json"], theirs["json"]) == [], name
        assert (ours["json"] is None) == (theirs["json"] is None), name
        assert surplus(ours["lines"], theirs["lines"]) == [], name


def test_seconds(played: tuple[Recording, Recording]) -> None:
    mine, real = played
    for name, took in mine.seconds.items():
        theirs = real.seconds[name]
        assert took <= theirs * SLOWER + LITTLE, name
        assert theirs <= took * SLOWER + LITTLE, name

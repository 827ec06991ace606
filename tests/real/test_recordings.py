"""The real OpenClaw plays the scenes anew: it still says, answers and lasts as recorded. ``make recordings`` mends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recordings.normal import misfits
from tests.recordings.real_stage import RealStage
from tests.recordings.scenes import scenes
from tests.recordings.stage import Recording
from tests.recordings.store import RECORDED, load

pytestmark = pytest.mark.real
SLOWER, LITTLE = 10.0, 90.0  # this machine may be slower and busier than the one that recorded


@pytest.mark.parametrize(
    ("version", "name"), [(version, name) for version in RECORDED for name in scenes(version)]
)
def test_as_recorded(version: str, name: str, tmp_path: Path) -> None:
    with RealStage(version, tmp_path) as stage:
        scenes(version)[name](stage)
    now, then = stage.seen, Recording(**load(version)[name])
    assert set(now.lines) == set(then.lines)  # the order of some is not always the same
    assert now.exits == then.exits
    assert now.answers.keys() == then.answers.keys()
    for asked, answer in now.answers.items():
        recorded = then.answers[asked]
        assert answer["exit"] == recorded["exit"], asked
        assert misfits(answer["json"], recorded["json"]) == [], asked
        assert set(answer["lines"]) == set(recorded["lines"]), asked
    assert now.seconds.keys() == then.seconds.keys()
    for what, took in now.seconds.items():
        assert took <= then.seconds[what] * SLOWER + LITTLE, what

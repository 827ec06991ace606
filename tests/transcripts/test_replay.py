"""The simulated fly says what the real one said, in every scene."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

import claw_tui
from claw_tui.demo import world
from claw_tui.demo.fly_account import VERSION
from tests.transcripts.compare import differences
from tests.transcripts.play import play, prepare, wait_for
from tests.transcripts.record import read
from tests.transcripts.scenes import SCENES

SIMULATED = (sys.executable, "-S", "-m", "claw_tui.demo.fly")


@pytest.mark.parametrize("name", SCENES)
def test_the_simulated_fly_says_the_same(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, real = SCENES[name], read(VERSION, name)
    assert real is not None, "make transcripts FLYCTL=… records it"
    folder = tmp_path / "scene-here"
    folder.mkdir()
    source = str(Path(claw_tui.__file__).parents[1])
    extra = {world.WORLD: os.environ[world.WORLD], world.SPEED: str(scene.speed), "PYTHONPATH": source}
    gate = tmp_path / "gate"
    if scene.interrupt:
        fault = {
            "command": " ".join(scene.argv[:2] if scene.argv[0] != "deploy" else ("deploy",)),
            "hold": str(gate),
        }
        (tmp_path / "faults.json").write_text(json.dumps([fault]))
        extra[world.FAULTS] = str(tmp_path / "faults.json")
    monkeypatch.setenv(world.SPEED, str(scene.speed))
    stands_for = prepare(scene)
    reached = gate.with_name("gate.reached")
    ours = play(SIMULATED, scene, folder, stands_for, extra, lambda seconds: wait_for(reached, seconds))
    assert not differences(real, ours, subset=scene.subset), "\n".join(
        differences(real, ours, subset=scene.subset)
    )

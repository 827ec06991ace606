"""How fast `make demo` is: as the call says, else as the environment says, else six times the real cloud."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
@pytest.mark.parametrize(
    ("words", "environment", "speed"),
    [
        ([], {}, "6"),
        (["SPEED=0"], {}, "0"),
        ([], {"CLAW_DEMO_SPEED": "0"}, "0"),
        (["SPEED=3"], {"CLAW_DEMO_SPEED": "0"}, "3"),
    ],
)
def test_the_speed_of_the_demo(words: list[str], environment: dict[str, str], speed: str) -> None:
    inherited = {
        k: v for k, v in os.environ.items() if k not in ("CLAW_DEMO_SPEED", "SPEED", "MAKEFLAGS", "MAKELEVEL")
    }
    said = subprocess.run(
        ["make", "--no-print-directory", "-n", "demo", *words], cwd=ROOT, env=inherited | environment,
        capture_output=True, text=True, check=True, timeout=30,
    ).stdout  # fmt: skip
    assert said.splitlines()[-1].startswith(f"CLAW_DEMO_SPEED={speed} "), said

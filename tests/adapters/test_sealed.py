"""What our processes have in memory stays theirs, and what they complain of names no secret."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SEALED = """
import os, resource, subprocess, sys
from claw_tui.adapters.sealed import seal_process
seal_process()
seal_process()  # a second time changes nothing
child = subprocess.run([sys.executable, "-c", "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"], capture_output=True, text=True)
print(resource.getrlimit(resource.RLIMIT_CORE), child.stdout.strip(), os.stat("/proc/self/environ").st_uid, flush=True)
os.kill(os.getpid(), 6)
"""
COMPLAINING = """
import asyncio, sys, warnings
from claw_tui.domain.redact import Redactor
from claw_tui.domain.secret import Secret
from claw_tui.runner.words import RedactedWords

value = "CANARY-value".replace("-", " of ")
sys.stderr = RedactedWords(sys.stderr, Redactor([Secret(value)]))

async def fails():
    raise RuntimeError(f"what is {value}?")

async def forgets():
    await asyncio.wait([asyncio.create_task(fails())])

asyncio.run(forgets())
warnings.warn(f"{value} is odd", RuntimeWarning)
error = ValueError(value)
error.add_note(f"it was {value}")
raise error
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_sealed_process_leaves_no_core_and_nor_do_its_children(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", SEALED], capture_output=True, text=True, cwd=folder, check=False
    )
    assert done.returncode == -6
    assert done.stdout.split() == ["(0,", "0)", "(0,", "0)", "0"], "its files in /proc are root's"
    assert list(folder.iterdir()) == [], "no core"


def test_the_runners_complaints_name_no_secret() -> None:
    done = subprocess.run([sys.executable, "-c", COMPLAINING], capture_output=True, text=True, check=False)
    said = done.stderr
    assert "Task exception was never retrieved" in said
    assert "RuntimeError: what is ***?" in said
    assert "RuntimeWarning: *** is odd" in said
    assert said.endswith("ValueError: ***\nit was ***\n")
    assert "CANARY" not in said

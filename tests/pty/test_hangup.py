"""The window is closed, and the hangup does not reach us: it goes to who started us (`make demo` waits for its child)."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from tests.terminal import CLAW_TUI, Terminal

pytestmark = pytest.mark.pty
LEADER = """
import signal, subprocess, sys
child = subprocess.Popen(sys.argv[2:], start_new_session=False)
open(sys.argv[1], "w").write(str(child.pid))
signal.signal(signal.SIGHUP, signal.SIG_IGN)
sys.exit(child.wait())
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_without_its_terminal_it_leaves(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    terminal = Terminal(
        ["--demo"],
        program=(sys.executable, "-c", LEADER, str(noted), *CLAW_TUI),
        env={"CLAW_DEMO_SPEED": "0"},
    )
    with terminal as t:
        t.wait_for("Set up a new gateway")
        pid = int(noted.read_text())
        t.hang_up()
        end = time.monotonic() + 10
        while alive(pid):
            assert time.monotonic() < end, "it goes on without a terminal"
            time.sleep(0.05)

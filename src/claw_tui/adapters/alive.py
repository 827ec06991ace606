"""Whether a process is still the one that it was: its number is given to others one day, its start is its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

PS_SECONDS = 5.0


def mark(pid: int) -> str:
    """What tells this process from any other of the same number; "" when there is none (any more)."""
    proc = Path("/proc")
    return _of_proc(proc / str(pid)) if (proc / "self" / "stat").exists() else _of_ps(pid)


def _of_proc(folder: Path) -> str:
    try:
        text = (folder / "stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    state, *fields = text.rpartition(")")[2].split()
    return "" if state in "ZX" else fields[18]  # its start, in ticks since the computer's


def _of_ps(pid: int) -> str:
    try:
        done = subprocess.run(
            ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False,
            timeout=PS_SECONDS, env={"PATH": "/bin:/usr/bin", "LC_ALL": "C"}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    state, _sep, start = done.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else start.strip()

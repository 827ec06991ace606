"""flyctl's agent: a program in the background that consoles, proxies and followed logs start, and that stays.

It lives in a process group of its own, with the login in its environment, as long as nobody says ``agent stop`` to
the configuration folder that it was started for. (The simulated one also ends with its world, and after ten
minutes.)
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress

from claw_tui.demo import world

SOCKET = "fly-agent.sock"  # a file with the process id stands for flyctl's socket


def start(folder: str) -> bool:
    """Start it unless it runs. Without a place for its log it does not start, and nobody is told."""
    if os.path.exists(os.path.join(folder, SOCKET)):
        return True
    try:
        os.makedirs(os.path.join(folder, "agent-logs"), exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        return False
    import subprocess  # noqa: PLC0415

    process = subprocess.Popen(
        [sys.executable, "-m", "claw_tui.demo.agent"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, process_group=0,
    )  # fmt: skip
    with open(os.path.join(folder, SOCKET), "w") as file:
        file.write(str(process.pid))
    return True


def stop(folder: str) -> bool:
    """Whether there was one to stop."""
    path = os.path.join(folder, SOCKET)
    try:
        with open(path) as file:
            pid = int(file.read())
    except (FileNotFoundError, ValueError):
        return False
    os.unlink(path)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    return True


if __name__ == "__main__":
    end = time.monotonic() + 600
    while os.path.exists(os.environ[world.WORLD]) and time.monotonic() < end:
        time.sleep(0.5)

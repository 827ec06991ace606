"""A private gateway on the simulated cloud, and local ports of this test's own."""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from claw_tui.demo import world
from claw_tui.domain.jobs import JobState
from claw_tui.ports import Services
from tests.engine.rig import NOT_KEPT, WISH, carry_out

PRIVATE = replace(WISH, private=True)
SECONDS = 20.0


def free_ports(count: int = 3) -> list[int]:
    """Ports that nobody had a moment ago; several tests run at once, so the usual ones would be in each other's way."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    found = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return found


_made: list[Path] = []  # what a whole run leaves behind, once for all tests of a process


async def private_gateway(services: Services) -> None:
    here = Path(os.environ["CLAW_TUI_HOME"])
    if _made:
        shutil.copytree(_made[0], here, dirs_exist_ok=True)
        return
    state, events = await carry_out(services, PRIVATE)
    assert state is JobState.DONE, events[-2:]
    folder = Path(tempfile.mkdtemp(prefix="claw-tui-reach-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(here, folder, dirs_exist_ok=True, ignore=NOT_KEPT)
    _made.append(folder)


def accepts(port: int) -> bool:
    with closing(socket.socket()) as trial:
        trial.settimeout(1)
        return trial.connect_ex(("127.0.0.1", port)) == 0


async def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it did not come"
        await asyncio.sleep(0.01)


def proxies() -> list[int]:
    """The simulated `fly proxy` processes of this test's world."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            ours = os.environ[world.WORLD].encode() in (folder / "environ").read_bytes()
        except OSError:
            continue
        if ours and b"proxy" in words and b"claw_tui.demo.fly" in words:
            found.append(int(folder.name))
    return found

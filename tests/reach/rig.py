"""A private gateway on the simulated cloud, and local ports of this test's own."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from claw_tui.demo import world
from claw_tui.domain.jobs import JobState
from claw_tui.ports import Services
from tests.engine.rig import WISH, carry_out

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


async def private_gateway(services: Services) -> None:
    state, events = await carry_out(services, PRIVATE)
    assert state is JobState.DONE, events[-2:]


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
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
            with open(f"/proc/{name}/environ", "rb") as file:
                ours = os.environ[world.WORLD].encode() in file.read()
        except OSError:
            continue
        if ours and b"proxy" in words and b"claw_tui.demo.fly" in words:
            found.append(int(name))
    return found

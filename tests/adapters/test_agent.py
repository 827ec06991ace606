"""flyctl's agent: a program in the background that holds our login, and that nobody would ever end."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from claw_tui.demo import agent, world
from claw_tui.ports import Fly, Services
from tests.conftest import Cloud
from tests.transcripts.prepare import deployed

pytestmark = pytest.mark.anyio


@pytest.fixture
def fly(services: Services, cloud: Cloud) -> Fly:
    with world.opened() as now:
        deployed(now)
    return services.fly


def agents() -> list[int]:
    """Agents of this test's world, by what every process says of itself."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                line, environ = (path / "cmdline").read_bytes(), (path / "environ").read_bytes()
            except OSError:
                continue
            if b"claw_tui.demo.agent" in line and os.environ[world.WORLD].encode() in environ:
                found.append(int(path.name))
    return found


async def test_following_the_log_leaves_no_agent_behind(fly: Fly) -> None:
    async with asyncio.timeout(20):
        async for entry in fly.follow_logs("my-app"):
            assert entry.message
            break
    assert agents() == []


async def test_a_console_brings_one_and_stop_agent_ends_it(fly: Fly, cloud: Cloud) -> None:
    command = fly.console("my-app")
    process = await asyncio.create_subprocess_exec(
        *command.argv, env=dict(command.env), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(20):
        await process.communicate(b"exit\n")
        assert len(agents()) == 1
        assert (Path(command.env["FLY_CONFIG_DIR"]) / agent.SOCKET).exists()
        await fly.stop_agent()
        while agents():
            await asyncio.sleep(0.01)

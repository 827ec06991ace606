"""What goes through flyctl's tunnel: files, a terminal, the proxy. The tunnel itself is not WireGuard, the rest is real."""

from __future__ import annotations

import asyncio
import hashlib
import os
import pty
import random
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from claw_tui.adapters.fly_home import FlyHome
from claw_tui.adapters.flyctl import Flyctl
from claw_tui.adapters.proxying import FlyTunnels
from claw_tui.demo import world
from claw_tui.domain.errors import FlyError, MachineStopped
from claw_tui.domain.reach_errors import NoWayIn, PortTaken
from tests.adapters.rig import until
from tests.fly_api import ssh_server
from tests.fly_api.inside import tunnel_to
from tests.fly_api.server import FlyApi
from tests.fly_api.ssh_server import SshServer
from tests.fly_api.tunnel import FakeAgent
from tests.reach.rig import free_ports
from tests.transcripts import prepare
from tests.transcripts.scenes_ssh import noted

by_ssh = pytest.mark.skipif(not ssh_server.possible(), reason="wants OpenSSH's server, and root")
pytestmark = [pytest.mark.anyio, pytest.mark.flyctl]


def deployed() -> str:
    """The machine's id."""
    with world.opened() as now:
        prepare.deployed(now)
        noted(now)
        return str(now["apps"]["my-app"]["machines"][0]["id"])


@pytest.fixture
def machine() -> str:
    return deployed()


@pytest.fixture
def inside(machine: str, home: FlyHome, api: FlyApi) -> Iterator[SshServer]:
    old = os.umask(0o077)  # as claw-tui itself has it
    try:
        with tunnel_to("files", home.shared(), api) as server:
            assert server
            server.root.joinpath("data").chmod(0o755)
            yield server
    finally:
        os.umask(old)


@by_ssh
async def test_a_file_arrives_here_for_its_owner_only(
    fly: Flyctl, inside: SshServer, machine: str, tmp_path: Path
) -> None:
    data = random.Random(5).randbytes(3_000_001)
    (inside.root / "data/state.bin").write_bytes(data)
    await fly.sftp_get("my-app", machine, "/data/state.bin", tmp_path / "state.bin")
    assert hashlib.sha256((tmp_path / "state.bin").read_bytes()).digest() == hashlib.sha256(data).digest()
    assert (tmp_path / "state.bin").stat().st_mode & 0o777 == 0o600


@by_ssh
async def test_a_file_arrives_there_for_its_owner_only(
    fly: Flyctl, inside: SshServer, machine: str, tmp_path: Path
) -> None:
    data = random.Random(6).randbytes(3_000_001)
    (tmp_path / "a file.bin").write_bytes(data)
    await fly.sftp_put("my-app", machine, tmp_path / "a file.bin", "/data/.a file's.bin")
    there = inside.root / "data/.a file's.bin"
    assert there.read_bytes() == data
    assert there.stat().st_mode & 0o777 == 0o600


@by_ssh
@pytest.mark.usefixtures("inside")
async def test_neither_overwrites(fly: Flyctl, machine: str, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(FlyError, match="is already there"):
        await fly.sftp_get("my-app", machine, "/data/notes.md", tmp_path / "mine")
    with pytest.raises(FlyError, match="already exists"):
        await fly.sftp_put("my-app", machine, tmp_path / "mine", "/data/notes.md")
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.usefixtures("api")
async def test_a_machine_that_is_stopped_has_no_files(
    fly: Flyctl, home: FlyHome, machine: str, tmp_path: Path
) -> None:
    with world.opened() as now:
        prepare.stopped(now)
    with FakeAgent({}).running(home.shared()), pytest.raises(MachineStopped):
        await fly.sftp_get("my-app", machine, "/data/notes.md", tmp_path / "x")


@by_ssh
@pytest.mark.skipif(shutil.which("node") is None, reason="wants node")
async def test_a_command_on_a_terminal_is_one_of_the_gateways_own(
    fly: Flyctl, home: FlyHome, api: FlyApi, machine: str
) -> None:
    words = [
        "sh",
        "-c",
        'printf "%s|%s|%s" "$(id -u)" "$HOME" "it\'s $0"; test -t 0 && test -t 1 && echo "|tty"',
    ]
    with tunnel_to("commands", home.shared(), api):
        command = fly.terminal("my-app", machine, words)
        outside, inner = pty.openpty()
        with closing(os.fdopen(outside, "rb", buffering=0)) as terminal:
            child = await asyncio.to_thread(
                subprocess.run, command.argv, env=dict(command.env), stdin=inner, stdout=inner, stderr=inner, timeout=60, check=False
            )  # fmt: skip
            os.close(inner)
            said = read_all(terminal)
    assert child.returncode == 0, said
    assert "1000|/home/node|it's sh|tty" in said


def read_all(terminal: object) -> str:
    found = b""
    while True:
        try:
            data = terminal.read(4096)  # type: ignore[attr-defined]
        except OSError:
            return found.decode()
        if not data:
            return found.decode()
        found += data


# -- the proxy --------------------------------------------------------------------------------------------------------
class _Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"ok":true,"status":"live"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Nothing is said about it."""


@pytest.fixture
def tunnels(fly: Flyctl, tmp_path: Path, machine: str) -> FlyTunnels:
    return FlyTunnels(fly, tmp_path / "state", free_ports())


@pytest.fixture
def agent(tunnels: FlyTunnels) -> Iterator[FakeAgent]:
    server = HTTPServer(("127.0.0.1", 0), _Health)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        with FakeAgent({3000: server.server_address[1]}).running(tunnels._home.shared()) as agent:
            yield agent
    finally:
        server.shutdown()
        server.server_close()


async def answered(tunnels: FlyTunnels) -> None:
    async with asyncio.timeout(30):
        while not (await tunnels.answers(tunnels.ports[0])).reached:
            await asyncio.sleep(0.02)


async def test_the_proxy_leads_to_the_gateway_and_ends_with_us(tunnels: FlyTunnels, agent: FakeAgent) -> None:
    proxy = await tunnels.start("my-app", tunnels.ports[0])
    await answered(tunnels)
    assert "connect personal [my-app.flycast]:3000 0 " in agent.asked
    await proxy.stop()
    await until(lambda: tunnels.is_free(tunnels.ports[0]), "the port is free again")
    await tunnels.rest()
    assert "kill" in agent.asked


@pytest.mark.usefixtures("agent")
async def test_one_that_is_left_on_goes_on_without_stdin(tunnels: FlyTunnels) -> None:
    await tunnels.start_to_stay("my-app", tunnels.ports[0])
    await answered(tunnels)
    assert tunnels.left_on("my-app")
    await tunnels.stop_left("my-app")
    await until(lambda: tunnels.is_free(tunnels.ports[0]), "the port is free again")


@pytest.mark.usefixtures("agent")
async def test_a_port_that_is_taken(tunnels: FlyTunnels) -> None:
    first = await tunnels.start("my-app", tunnels.ports[0])
    await answered(tunnels)
    second = await tunnels.start("my-app", tunnels.ports[0])
    assert isinstance(await second.ended(), PortTaken)
    await first.stop()


async def test_an_address_that_nobody_knows_yet_is_told_at_once(
    tunnels: FlyTunnels, agent: FakeAgent
) -> None:
    agent.hosts = ()
    proxy = await tunnels.start("my-app", tunnels.ports[0])
    async with asyncio.timeout(30):
        assert isinstance(await proxy.ended(), NoWayIn)
    assert len([line for line in agent.asked if re.match("resolve ", line)]) == 1

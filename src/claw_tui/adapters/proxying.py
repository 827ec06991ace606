"""Local proxies: `fly proxy` as a child that ends with us, or as a program of its own that is left on.

A child holds the other end of its stdin pipe's life: with ``--watch-stdin`` flyctl ends when the pipe closes, so also
when we are killed. One that is left on has a session of its own, no pipe, and a record of how to find it again.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from claw_tui.adapters import alive, fly_program, process
from claw_tui.adapters.files import cannot_write, make_folder, read_text, write_atomic
from claw_tui.adapters.fly_home import FlyHome
from claw_tui.adapters.fly_reach import FlyReach, explain_proxy
from claw_tui.adapters.web import judge_health
from claw_tui.domain.answers import HealthAnswer
from claw_tui.domain.clean import clean
from claw_tui.domain.errors import ClawError, FlyError, StateError
from claw_tui.domain.reach import LeftOn
from claw_tui.domain.spec import LOCAL_PORTS
from claw_tui.i18n import _

ASK_SECONDS, MOST_BYTES = 5.0, 1 << 16
_BUSY = (errno.EADDRINUSE, errno.EACCES)
STOP_SECONDS = 3.0  # between asking a proxy to end and insisting; it looks once a second


def ports_of(text: str) -> tuple[int, ...]:
    """Of a list with commas; what is no port counts for nothing, and no list is the usual one."""
    found = tuple(int(part) for part in text.split(",") if part.strip().isdigit())
    return found or LOCAL_PORTS


class FlyProxy:
    """The port ``Proxy``."""

    def __init__(self, call: process.Call, port: int) -> None:
        self._port = port
        self._task = asyncio.ensure_future(process.run(call))
        self._path = call.argv[0]

    async def ended(self) -> ClawError:
        try:
            done = await asyncio.shield(self._task)
        except OSError as error:
            return fly_program.not_started(self._path, error, None)
        except (process.TimedOut, process.TooMuchOutput):
            return FlyError(_("The tunnel has ended."), hint=_("Start it again."))
        return explain_proxy(self._port, done)

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class FlyTunnels:
    """The port ``Tunnels``. ``base``: the state folder; flyctl's folder for tunnels is one of its own."""

    def __init__(self, fly: FlyReach, base: Path, ports: Sequence[int] = LOCAL_PORTS) -> None:
        self._fly, self._folder = fly, base / "reach"
        self._home = FlyHome(self._folder)
        self._using = -1  # a lock that everybody shares who has a tunnel going
        self.ports = tuple(ports)

    def is_free(self, port: int) -> bool:
        """On both of this computer's own addresses: a browser may take either for localhost."""
        return _can_listen(socket.AF_INET, "127.0.0.1", port) and _can_listen(socket.AF_INET6, "::1", port)

    async def start(self, app: str, port: int) -> FlyProxy:
        self._use()
        return FlyProxy(await self._fly.proxy_call(app, port, self._home.shared()), port)

    # -- left on --------------------------------------------------------------------------------------------------
    def _record(self, app: str) -> Path:
        return self._folder / f"{app}.json"

    def _said(self, app: str) -> Path:
        return self._folder / f"{app}.said"

    async def start_to_stay(self, app: str, port: int) -> LeftOn:
        call = await self._fly.proxy_call(app, port, self._home.shared(), stays=True)
        make_folder(self._folder)
        child = _spawn(call, self._said(app))
        threading.Thread(target=child.wait, daemon=True, name="reap the tunnel").start()
        left = LeftOn(app, port, child.pid, time.time())
        record = {"port": port, "pid": child.pid, "since": left.since, "mark": alive.mark(child.pid)}
        write_atomic(self._record(app), json.dumps(record))
        return left

    def left_on(self, app: str) -> LeftOn | None:
        try:
            found = json.loads(read_text(self._record(app)) or "{}")
            left = LeftOn(app, int(found["port"]), int(found["pid"]), float(found["since"]))
            mark = str(found["mark"])
        except (
            ValueError,
            KeyError,
            TypeError,
            StateError,
        ):  # none, or one that can't be read: it is nobody's
            return None
        # A process number is given again one day: only together with its start it is the one that we made.
        return left if mark and alive.mark(left.pid) == mark else None

    def why(self, app: str) -> ClawError:
        with suppress(StateError, ValueError):
            port = int(json.loads(read_text(self._record(app)) or "{}").get("port", 0))
            return explain_proxy(port, process.Completed(1, "", clean(read_text(self._said(app)) or "")))
        return FlyError(_("The tunnel has ended."), hint=_("Start it again."))

    async def stop_left(self, app: str) -> None:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            left = self.left_on(app)
            if left is None:
                break
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(left.pid, signum)
            await self._gone(app)
        for path in (self._record(app), self._said(app)):
            with suppress(OSError):
                path.unlink()

    async def _gone(self, app: str) -> None:
        end = time.monotonic() + STOP_SECONDS
        while time.monotonic() < end:
            if self.left_on(app) is None:
                return
            await asyncio.sleep(0.02)

    async def answers(self, port: int) -> HealthAnswer:
        try:
            async with asyncio.timeout(ASK_SECONDS):
                return judge_health(*await _ask(port))
        except (OSError, ValueError, IndexError, EOFError):
            return HealthAnswer(reached=False, json_ok=False, words=_("nothing answers"))

    def _use(self) -> None:
        if self._using < 0:
            self._using = os.open(make_folder(self._folder) / "using.lock", os.O_RDWR | os.O_CREAT, 0o600)
            with suppress(OSError):  # somebody is just stopping the agent; flyctl starts another one
                fcntl.flock(self._using, fcntl.LOCK_SH | fcntl.LOCK_NB)

    async def rest(self) -> None:
        """The agent holds our login: it stays only as long as somebody's tunnel needs it, here or in another window."""
        if not self._folder.exists() or any(self.left_on(path.stem) for path in self._folder.glob("*.json")):
            return
        with suppress(FlyError, StateError, OSError):
            self._use()
            fcntl.flock(self._using, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self._home.has_agent():
                await self._fly.stop_agent_of(self._home.shared())
        if self._using >= 0:
            os.close(self._using)
            self._using = -1


def _can_listen(family: int, host: str, port: int) -> bool:
    try:
        with closing(socket.socket(family, socket.SOCK_STREAM)) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as flyctl does
            trial.bind((host, port))
            trial.listen(1)
    except OSError as error:
        # A computer without IPv6 has nobody there either.
        return family == socket.AF_INET6 and error.errno not in _BUSY
    return True


def _spawn(call: process.Call, said: Path) -> subprocess.Popen[bytes]:
    try:
        handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise cannot_write(said, error) from error
    with os.fdopen(handle, "wb") as out:
        try:
            return subprocess.Popen(
                list(call.argv), env=dict(call.env), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, cwd="/",
            )  # fmt: skip
        except OSError as error:
            raise fly_program.not_started(call.argv[0], error, call.env.get("PATH")) from error


async def _ask(port: int) -> tuple[int, str]:
    """HTTP by hand: this computer's proxy settings are not for its own ports."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET /healthz HTTP/1.0\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        answer = b""
        while len(answer) < MOST_BYTES and (data := await reader.read(MOST_BYTES)):
            answer += data
    finally:
        writer.close()
    head, _sep, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode("utf-8", "replace")

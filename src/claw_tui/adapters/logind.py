"""systemd-logind, asked whether it ends our processes when the person logs out (KillUserProcesses, lingering).

It is asked over the system bus, within a second; where there is none (macOS, containers) nobody ends anything. The
asking has a thread of its own that nobody waits for: a bus that hangs must hold up neither the screen nor its end.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claw_tui.domain.logout import Logout

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection

NAME, PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
LOOK_SECONDS, TRY_SECONDS = 1.0, 2.0
KEPT_SECONDS = 30.0
# Linger keeps the person's own systemd alive; a scope of that one is no part of the session.
SCOPE = ("systemd-run", "--user", "--scope", "--quiet", "--collect", "--")
BUS_NAMES = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")  # what systemd-run finds the person's systemd by


def _has_bus() -> bool:
    """Whether there is anybody to ask, at the addresses that jeepney goes by."""
    return "DBUS_SYSTEM_BUS_ADDRESS" in os.environ or Path("/var/run/dbus/system_bus_socket").exists()


class Refused(Exception):
    """The service answered with an error."""


class Logind:
    """``after_logout`` is what the screens ask, ``prefix`` what a run is started with."""

    def __init__(self, environ: Mapping[str, str], cgroup: Path = Path("/proc/self/cgroup")) -> None:
        self._environ, self._cgroup = environ, cgroup
        self._found, self._at = Logout.LIVES, -KEPT_SECONDS

    async def after_logout(self) -> Logout:
        if sys.platform == "linux" and _has_bus() and time.monotonic() - self._at > KEPT_SECONDS:
            loop = asyncio.get_running_loop()
            answer: asyncio.Future[Logout] = loop.create_future()
            threading.Thread(target=self._answer, args=(loop, answer), daemon=True, name="logind").start()
            with suppress(TimeoutError):
                self._found = await asyncio.wait_for(answer, LOOK_SECONDS + TRY_SECONDS)
            self._at = time.monotonic()
        return self._found

    async def prefix(self) -> Sequence[str]:
        """What a run's command begins with, so that it outlives the session."""
        return SCOPE if await self.after_logout() is Logout.MOVES else ()

    def _answer(self, loop: asyncio.AbstractEventLoop, answer: asyncio.Future[Logout]) -> None:
        found = self.look()

        def tell() -> None:
            if not answer.done():
                answer.set_result(found)

        with suppress(RuntimeError):  # the program has ended meanwhile
            loop.call_soon_threadsafe(tell)

    # -- in its thread ----------------------------------------------------------------------------------------------
    def look(self) -> Logout:
        from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415

        try:
            bus = open_dbus_connection("SYSTEM", auth_timeout=LOOK_SECONDS)
        except (OSError, ValueError, KeyError, RuntimeError, StopIteration):
            return Logout.LIVES
        try:
            return self._look(_Login(bus))
        except (OSError, Refused):
            return Logout.LIVES
        finally:
            bus.close()

    def _look(self, login: _Login) -> Logout:
        manager = login.all(PATH, f"{NAME}.Manager")
        try:
            session = login.all(login.ask("GetSessionByPID", "u", (os.getpid(),)), f"{NAME}.Session")
        except Refused:
            return self._without_session(login)
        name, (uid, user) = str(session.get("Name", "")), session.get("User", (-1, "/"))
        if not _kills(manager, name):
            return Logout.LIVES
        if not login.all(user, f"{NAME}.User").get("Linger", False):
            return Logout.ENDS
        return Logout.MOVES if uid == os.getuid() and self._can_move() else Logout.ENDS_ANYWAY

    def _without_session(self, login: _Login) -> Logout:
        """Started by the person's own systemd (many desktops do so), which ends with the last session."""
        with suppress(OSError):
            if f"/user@{os.getuid()}.service/" in self._cgroup.read_text():
                user = login.all(login.ask("GetUser", "u", (os.getuid(),)), f"{NAME}.User")
                return Logout.LIVES if user.get("Linger", False) else Logout.ENDS
        return Logout.LIVES

    def _can_move(self) -> bool:
        """Tried, for it needs more than the program: a systemd of the person's own that can be reached."""
        program = shutil.which(SCOPE[0], path=self._environ.get("PATH"))
        if program is None:
            return False
        try:
            done = subprocess.run(
                [program, *SCOPE[1:], "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False,
                timeout=TRY_SECONDS, env={**bus_of(self._environ), "PATH": self._environ.get("PATH", "")},
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0


class _Login:
    """login1 on one connection, with a deadline for all of it."""

    def __init__(self, bus: DBusConnection) -> None:
        self._bus, self._end = bus, time.monotonic() + LOOK_SECONDS

    def ask(self, method: str, signature: str, body: tuple[Any, ...]) -> str:
        return str(self._send(PATH, f"{NAME}.Manager", method, signature, body))

    def all(self, path: str, interface: str) -> dict[str, Any]:
        found = self._send(path, "org.freedesktop.DBus.Properties", "GetAll", "s", (interface,))
        return {name: value for name, (_type, value) in found.items()}

    def _send(self, path: str, interface: str, method: str, signature: str, body: tuple[Any, ...]) -> Any:
        from jeepney import DBusAddress, MessageType, new_method_call  # noqa: PLC0415

        message = new_method_call(DBusAddress(path, NAME, interface), method, signature, body)
        left = max(0.01, self._end - time.monotonic())
        reply = self._bus.send_and_get_reply(message, timeout=left)
        if reply.header.message_type == MessageType.error or not reply.body:
            raise Refused
        return reply.body[0]


def _kills(manager: Mapping[str, Any], user: str) -> bool:
    """As logind decides it (``manager_shall_kill``)."""
    if user in manager.get("KillExcludeUsers", ["root"]):
        return False
    only = manager.get("KillOnlyUsers", [])
    return user in only if only else bool(manager.get("KillUserProcesses", False))


def bus_of(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name] for name in BUS_NAMES if environ.get(name)}

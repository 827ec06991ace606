"""Whether logging out ends a run: asked of a stand-in of login1 that speaks D-Bus on a socket of its own."""

from __future__ import annotations

import os
import socket
import stat
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from claw_tui.adapters.logind import SCOPE, Logind
from claw_tui.domain.logout import Logout
from claw_tui.engine.staying import stay_words
from claw_tui.ports import Services
from tests.engine.rig import WISH, ended, start
from tests.engine.test_run import again
from tests.screens.driver import driving

pytestmark = [pytest.mark.anyio, pytest.mark.skipif(sys.platform != "linux", reason="logind is Linux's")]
LOGIN1 = "org.freedesktop.login1"


class Login1:
    """What a manager, one session and one user answer; ``session`` False: whoever asks is in none."""

    def __init__(
        self, *, kills: bool = False, linger: bool = False, session: bool = True, user: str = "sam",
        only: tuple[str, ...] = (), exclude: tuple[str, ...] = ("root",), silent: bool = False,
    ) -> None:  # fmt: skip
        self.manager = {
            "KillUserProcesses": ("b", kills), "KillOnlyUsers": ("as", list(only)), "KillExcludeUsers": ("as", list(exclude)),
            "IdleHint": ("b", False),
        }  # fmt: skip
        self.session = {"Name": ("s", user), "User": ("(uo)", (os.getuid(), "/user")), "Class": ("s", "user")}
        self.user = {"Linger": ("b", linger), "Name": ("s", user)}
        self.has_session, self.silent = session, silent

    def answer(self, member: str, body: tuple[Any, ...]) -> tuple[str, Any] | None:
        """(signature, value); None is an error."""
        if member == "Hello":
            return "s", ":1.7"
        if member == "GetSessionByPID":
            return ("o", "/session") if self.has_session else None
        if member == "GetUser":
            return "o", "/user"
        if member == "GetAll":
            kind = str(body[0]).rpartition(".")[2]
            found = {"Manager": self.manager, "Session": self.session, "User": self.user}[kind]
            return "a{sv}", found
        return None

    # -- the bus ------------------------------------------------------------------------------------------------
    def serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _where = listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.recv(1)
            for line in connection.makefile("rb", buffering=0):
                if line.startswith(b"AUTH"):
                    connection.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
                elif line.startswith(b"BEGIN"):
                    break
            self._answer_all(connection)

    def _answer_all(self, connection: socket.socket) -> None:
        from jeepney import MessageType, Parser, new_error, new_method_return

        parser = Parser()
        while data := connection.recv(4096):
            parser.add_data(data)
            while (message := parser.get_next_message()) is not None:
                member = message.header.fields.get(3, "")
                if message.header.message_type != MessageType.method_call or (
                    self.silent and member != "Hello"
                ):
                    continue
                found = self.answer(member, message.body)
                reply = (
                    new_method_return(message, found[0], (found[1],))
                    if found is not None
                    else new_error(message, f"{LOGIN1}.NoSessionForPID", "s", ("no",))
                )
                connection.sendall(reply.serialise(serial=1))


@contextmanager
def bus(folder: Path, monkeypatch: pytest.MonkeyPatch, login1: Login1 | None) -> Iterator[None]:
    """None: somebody listens and never says a word."""
    path = folder / "bus"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        if login1 is not None:
            threading.Thread(target=login1.serve, args=(listener,), daemon=True).start()
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={path}")
        yield


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A socket's path is short."""
    return tmp_path_factory.mktemp("b")


def systemd_run(folder: Path, code: int = 0) -> dict[str, str]:
    """A program of that name which notes its arguments, and runs what it is given."""
    folder.mkdir(exist_ok=True)
    program, noted = folder / "systemd-run", folder / "noted"
    words = f'echo "$@" >> {noted}\n[ {code} = 0 ] || exit {code}\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n'
    program.write_text(f"#!/bin/sh\n{words}")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


@pytest.mark.parametrize(
    ("login1", "found"),
    [
        (Login1(), Logout.LIVES),
        (Login1(linger=True), Logout.LIVES),
        (Login1(kills=True), Logout.ENDS),
        (Login1(kills=True, linger=True), Logout.ENDS_ANYWAY),
        (Login1(kills=True, user="root"), Logout.LIVES),
        (Login1(kills=True, user="root", exclude=()), Logout.ENDS),
        (Login1(kills=True, only=("kim",)), Logout.LIVES),
        (Login1(only=("sam",)), Logout.ENDS),
        (Login1(kills=True, session=False), Logout.LIVES),
    ],
)
def test_what_logind_would_do(
    login1: Login1, found: Logout, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bus(short, monkeypatch, login1):
        assert Logind({"PATH": str(short)}, short / "none").look() is found


@pytest.mark.parametrize(("code", "found"), [(0, Logout.MOVES), (1, Logout.ENDS_ANYWAY)])
def test_a_run_can_be_moved_where_systemd_run_works(
    code: int, found: Logout, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bus(short, monkeypatch, Login1(kills=True, linger=True)):
        assert Logind(systemd_run(short / "bin", code)).look() is found


@pytest.mark.parametrize(("linger", "found"), [(True, Logout.LIVES), (False, Logout.ENDS)])
def test_a_terminal_of_the_persons_own_systemd_ends_with_it(
    linger: bool, found: Logout, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cgroup = short / "cgroup"
    cgroup.write_text(
        f"0::/user.slice/user-{os.getuid()}.slice/user@{os.getuid()}.service/app.slice/vte.scope\n"
    )
    with bus(short, monkeypatch, Login1(session=False, linger=linger)):
        assert Logind({}, cgroup).look() is found


async def test_a_bus_that_hangs_costs_a_second_and_says_nothing(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for login1 in (None, Login1(kills=True, silent=True)):
        folder = short / str(login1 is None)
        folder.mkdir()
        with bus(folder, monkeypatch, login1):
            began = time.monotonic()
            assert await Logind({}).after_logout() is Logout.LIVES
            assert time.monotonic() - began < 3.5


@pytest.mark.parametrize(
    "address", ["unix:path=/nonexistent/bus", "tcp:host=127.0.0.1,port=1", "nonsense", ""]
)
async def test_without_a_bus_nothing_is_said(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    assert await Logind({}, Path("/nonexistent")).after_logout() is Logout.LIVES


# -- what comes of it -------------------------------------------------------------------------------------------------
async def test_the_runner_is_started_outside_of_the_session(
    services: Services, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", systemd_run(short / "bin")["PATH"])
    with bus(short, monkeypatch, Login1(kills=True, linger=True)):
        services = await again(services)
        assert await stay_words(services) == ""
        run = await start(services)
    noted = (short / "bin" / "noted").read_text().splitlines()
    assert noted[0] == " ".join([*SCOPE[1:], "true"])
    assert noted[1].startswith(" ".join(SCOPE[1:]))
    assert "claw_tui.runner" in noted[1]
    run.cancel()
    await ended(run)


async def test_it_is_told_on_start_review_and_deploy(
    cloud: Any, short: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tests.screens.test_screens import give_all

    cloud.log_in()
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": "apps create", "hold": str(gate)})
    with bus(short, monkeypatch, Login1(kills=True)):
        async with driving(spec=WISH) as driver:
            await driver.until("NOTE", "stay logged in until a run has ended", "enable-linger")
            await give_all(driver)
            await driver.go("review")
            await driver.until("Ctrl+N starts", "stay logged in until a run has ended")
            await driver.press("ctrl+n")
            await driver.until("of 7 steps", "Stay logged in: this computer")
            Path(f"{gate}.go").touch()
            await driver.until("Done. Ctrl+N shows the proof")

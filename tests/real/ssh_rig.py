"""An SSH server of a test's own on loopback, its client in a terminal, and a line between them that can go silent."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from tests.terminal import Terminal

SRC = Path(__file__).parents[2] / "src"
SSHD = (
    shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or "/usr/sbin/sshd"
)
SSH = shutil.which("ssh") or "/usr/bin/ssh"
FORWARDED = (
    "CLAW_",
    "LC_",
    "TZ",
    "DBUS_SYSTEM",
    "HOME",
    "XDG_RUNTIME_DIR",
)  # of our environment, to the other side


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """sshd with a key, a configuration and a port of its own; only the one who runs the test may log in."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, free_port()
        self.user = pwd.getpwuid(os.getuid()).pw_name

    def __enter__(self) -> Self:
        for name in ("host", "client"):
            path = self._folder / name
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
        shutil.copy(self._folder / "client.pub", self._folder / "authorized")
        config = self._folder / "config"
        config.write_text(
            f"ListenAddress 127.0.0.1\nPort {self.port}\nHostKey {self._folder / 'host'}\n"
            f"AuthorizedKeysFile {self._folder / 'authorized'}\nPidFile none\nUsePAM no\nStrictModes no\n"
            "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n"
            f"AllowUsers {self.user}\nPrintMotd no\nPrintLastLog no\n"
        )
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it shuts a part of itself in
        self._said = (self._folder / "said").open("wb")
        self._process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(config)], stderr=self._said)
        end = time.monotonic() + 20
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            said = (self._folder / "said").read_text()
            assert time.monotonic() < end, said
            assert self._process.poll() is None, said
            time.sleep(0.05)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._said.close()

    def login(self, *argv: str, port: int = 0) -> Terminal:
        """``ssh -tt`` in a terminal; ``argv`` is what is started on the other side, in this test's environment."""
        forwarded = [f"{name}={value}" for name, value in os.environ.items() if name.startswith(FORWARDED)]
        command = shlex.join(["env", *forwarded, f"PYTHONPATH={SRC}:{SRC.parent}", *argv])
        options = (
            "-tt", "-F", "none", "-i", str(self._folder / "client"), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
            "-p", str(port or self.port),
        )  # fmt: skip
        return Terminal([*options, f"{self.user}@127.0.0.1", command], program=(SSH,))


PROGRAM = (sys.executable, "-m", "claw_tui", "--demo")
# Starts a run inside of the session, as the Review screen does, and becomes the real program.
WITH_A_RUN = (sys.executable, "-m", "tests.real.ssh_rig")


class Line:
    """A relay between client and server. ``silent`` set: nothing comes through, and nobody is told."""

    def __init__(self, target: int) -> None:
        self._target = target
        self.silent = threading.Event()
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._listener.close()

    def cut(self) -> None:
        """Now both ends learn of it."""
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                one, _where = self._listener.accept()
                other = socket.create_connection(("127.0.0.1", self._target))
                self._open += [one, other]
                for pair in ((one, other), (other, one)):
                    threading.Thread(target=self._forward, args=pair, daemon=True).start()

    def _forward(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while data := here.recv(1 << 16):
                if self.silent.is_set():
                    return  # it is neither read on nor closed
                there.sendall(data)


def children_of(pid: int) -> set[int]:
    """All processes below ``pid``."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found, new = set[int](), {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return found


def programs(folder: Path) -> list[int]:
    """The claw-tui programs (not runs) that work in ``folder``."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            argv = (process / "cmdline").read_bytes().split(b"\0")
            here = f"CLAW_TUI_HOME={folder}".encode() in (process / "environ").read_bytes().split(b"\0")
            if here and argv[1:3] == [b"-m", b"claw_tui"]:
                found.append(int(process.name))
    return found


def kill(pid: int, signum: signal.Signals = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signum)


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    with Server(folder) as running:
        yield running


def main() -> None:
    """In the session: begin a run, then become the program."""
    import asyncio

    from claw_tui.wiring import services_for
    from tests.conftest import TOKEN
    from tests.engine.rig import start

    async def begin() -> None:
        services = services_for(os.environ, demo=True)
        services.fly.use_token(TOKEN)
        await start(services)
        await services.close()

    asyncio.run(begin())
    os.execv(PROGRAM[0], PROGRAM)


if __name__ == "__main__":
    main()

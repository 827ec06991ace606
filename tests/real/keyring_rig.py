"""A session bus of a test's own, with the real GNOME Keyring on it, in a home of its own. Ends what it started."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

PASSWORD = "pass-word"
SECONDS = 20.0


def until(true: object, what: str) -> None:
    """Wait for something that another program does."""
    assert callable(true)
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.01)


class Desk:
    """One person's computer: a home that stays, and buses that come and go as logins do."""

    def __init__(self, display: str = "") -> None:
        # Short: a socket's path has 107 bytes at most.
        self.folder = Path(tempfile.mkdtemp(prefix="claw"))
        runtime, home = self.folder / "run", self.folder / "home"
        for path in (runtime, home):
            path.mkdir(mode=0o700)
        self.env = {
            "PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        if display:
            self.env["DISPLAY"] = display

    @contextmanager
    def login(self) -> Iterator[dict[str, str]]:
        """``dbus-run-session`` for as long as this lasts; gives the environment of a program in it."""
        bus = subprocess.Popen(
            ["dbus-run-session", "--", "sh", "-c", 'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat'],
            env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert bus.stdin is not None
        assert bus.stdout is not None
        try:
            yield {**self.env, "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}
        finally:
            self.end_all()
            bus.stdin.close()
            bus.wait(SECONDS)
            bus.stdout.close()

    def unlock(self, env: dict[str, str]) -> None:
        """What a desktop does at login."""
        subprocess.run(
            ["gnome-keyring-daemon", "--unlock", "--components=secrets"],
            env=env, input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(lambda: self.is_open(env), "the open keyring")

    def is_open(self, env: dict[str, str]) -> bool:
        """The service itself says so: its file may be there before all of it is."""
        asked = subprocess.run(
            ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets",
             "/org/freedesktop/secrets/aliases/default", "org.freedesktop.DBus.Properties.Get",
             "string:org.freedesktop.Secret.Collection", "string:Locked"],
            env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return "boolean false" in asked.stdout

    def programs(self, name: str) -> list[int]:
        """Processes of this name that have this home in their environment."""
        found = []
        for proc in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                mine = f"HOME={self.env['HOME']}\0".encode() in (proc / "environ").read_bytes()
                if mine and name.encode() in (proc / "cmdline").read_bytes().split(b"\0")[0]:
                    found.append(int(proc.name))
        return found

    def stop(self, name: str = "gnome-keyring-d") -> None:
        pids = self.programs(name)
        assert pids
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)

    def end_all(self) -> None:
        for pid in [*self.programs("gnome-keyring-d"), *self.programs("gcr-prompter")]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until(lambda: not self.programs("gnome-keyring-d"), "the daemon's end")

    def close(self) -> None:
        self.end_all()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def desk(display: str = "") -> Iterator[Desk]:
    made = Desk(display)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def unseen_display() -> Iterator[str]:
    """A screen that nobody looks at: a prompt there waits for ever."""
    with ExitStack() as stack:
        reads, writes = os.pipe()
        stack.callback(os.close, reads)
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writes), "-screen", "0", "640x480x24", "-nolisten", "tcp"],
            pass_fds=(writes,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writes)
        try:
            yield f":{os.read(reads, 16).decode().strip()}"
        finally:
            server.terminate()
            server.wait(SECONDS)

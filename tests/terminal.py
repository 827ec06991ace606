"""The real program in a real pseudo-terminal, with a screen that can be read: what no test inside the process sees."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import pyte

# What pyte prints or mis-handles: questions about modes, kitty's keyboard, private modes.
_UNSAFE = re.compile(rb"\x1b\[\?[0-9;]*\$p|\x1b\[[<>=?][0-9;]*u|\x1b\[[0-9;]*\$p|\x1b\[>[0-9;]*[a-z]")
CLAW_TUI = (sys.executable, "-m", "claw_tui")
KEYS = {
    "enter": "\r", "tab": "\t", "escape": "\x1b", "space": " ", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C",
    "left": "\x1b[D", "backspace": "\x7f", "delete": "\x1b[3~", "home": "\x1b[H", "end": "\x1b[F",
    "pagedown": "\x1b[6~", "pageup": "\x1b[5~", "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS",
    "f5": "\x1b[15~", "f6": "\x1b[17~", "f7": "\x1b[18~", "f8": "\x1b[19~",
}  # fmt: skip
SECONDS = 30.0


def keys(name: str) -> str:
    if name.startswith("ctrl+"):
        return chr(ord(name[-1]) & 0x1F)
    return KEYS.get(name, name)


def untouched() -> list[object]:
    """How a terminal is set before any program has been in it: asked later, it may be as the program has set it."""
    mine, theirs = os.openpty()
    try:
        return termios.tcgetattr(mine)
    finally:
        os.close(mine)
        os.close(theirs)


class Terminal:
    """``with Terminal(["--demo"]) as t: t.wait_for("Account"); t.press("tab", "enter")``."""

    def __init__(
        self,
        argv: list[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: dict[str, str] | None = None,
        program: Sequence[str] = CLAW_TUI,
    ) -> None:
        self._argv, self._columns, self._rows, self._env = [*program, *argv], columns, rows, env or {}
        self.bytes, self._drawn = b"", 0
        self.read_at: list[float] = []  # when something came, by time.perf_counter

    def __enter__(self) -> Self:
        env = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "ESCDELAY": "25", **self._env}
        for name in ("COLUMNS", "LINES"):
            env.pop(name, None)
        env["PYTHONPATH"] = str(Path(__file__).parents[1] / "src")
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", self._rows, self._columns, 0, 0))
                os.execve(self._argv[0], self._argv, env)
            finally:
                os._exit(127)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", self._rows, self._columns, 0, 0))
        os.set_blocking(self._fd, False)
        self._screen = pyte.Screen(self._columns, self._rows)
        self._stream = pyte.ByteStream(self._screen)
        self.code: int | None = None
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.hang_up()

    # -- reading --------------------------------------------------------------------------------------------------
    def pump(self, seconds: float = 0.05) -> bool:
        """Read what is there, waiting at most ``seconds``."""
        if self._fd < 0:
            time.sleep(seconds)
            return False
        if not select.select([self._fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            return False
        if not data:
            return False
        self.read_at.append(time.perf_counter())
        self.bytes += data
        if b"\x1b[?2026$p" in data:
            self.send("\x1b[?2026;2$y")
        return True

    @property
    def display(self) -> list[str]:
        """The screen's rows, of what was read so far. (Drawn only here: whoever measures time just pumps.)"""
        data, self._drawn = _UNSAFE.sub(b"", self.bytes[self._drawn :]), len(self.bytes)
        for switch in (b"\x1b[?1049h", b"\x1b[?1049l"):  # pyte has no second screen: what was there is gone
            data = data.replace(switch, switch + b"\x1b[2J\x1b[H")
        self._stream.feed(data)
        rows: list[str] = self._screen.display
        return rows

    @property
    def text(self) -> str:
        while self.pump(0):
            pass
        return "\n".join(line.rstrip() for line in self.display)

    def wait_for(self, text: str, seconds: float = SECONDS) -> None:
        """Wait until ``text`` is on the screen."""
        self.wait_until(lambda: text in "\n".join(self.display), seconds, f"“{text}”")

    def wait_until(self, true: object, seconds: float = SECONDS, what: str = "it") -> None:
        assert callable(true)
        end = time.monotonic() + seconds
        while not true():
            if not self.pump(0.05) and self.ended():
                break
            if time.monotonic() > end:
                break
        assert true(), f"{what} did not come; the screen was:\n{self.text}"

    def wait_gone(self, text: str, seconds: float = SECONDS) -> None:
        self.wait_until(lambda: text not in "\n".join(self.display), seconds, f"the end of “{text}”")

    # -- writing --------------------------------------------------------------------------------------------------
    def send(self, text: str) -> None:
        """All of it: a terminal takes some kilobytes at a time, and no more before the program has read them."""
        data, end = text.encode(), time.monotonic() + SECONDS
        while data and time.monotonic() < end:
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:
                self.pump(0.01)
        assert not data, "the program does not read what is typed"

    def press(self, *names: str) -> None:
        """Press keys one after another; each is on its own, as fingers do it."""
        for name in names:
            self.send(keys(name))
            if name == "escape":  # what follows at once would be taken for a part of its sequence
                self.pump(0.5)
            self.settle()

    def type(self, text: str) -> None:
        """Type letters, slowly enough not to be taken for a paste."""
        for char in text:
            self.send(char)
            self.settle(0.06)

    def paste(self, text: str) -> None:
        self.send(f"\x1b[200~{text}\x1b[201~")
        self.settle()

    def settle(self, quiet: float = 0.08, seconds: float = 5.0) -> None:
        """Wait until nothing was written for ``quiet`` seconds."""
        end = time.monotonic() + seconds
        while self.pump(quiet) and time.monotonic() < end:
            pass

    def modes_left(self) -> list[int]:
        """Private modes that were switched on and not off again: the mouse, the second screen, bracketed paste …

        Lines that wrap (7) and a cursor that is shown (25) are as it is usual.
        """
        while self.pump(0):
            pass
        now: dict[int, bool] = {}
        for numbers, switch in re.findall(rb"\x1b\[\?([0-9;]+)([hl])", self.bytes):
            now.update({int(number): switch == b"h" for number in numbers.split(b";") if number})
        return sorted(number for number, on in now.items() if on and number not in (7, 25))

    @property
    def echoes(self) -> bool:
        """Whether the terminal shows by itself what is typed."""
        return bool(termios.tcgetattr(self._fd)[3] & termios.ECHO)

    # -- the end --------------------------------------------------------------------------------------------------
    def ended(self) -> bool:
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code is not None

    def wait_end(self, seconds: float = 10.0) -> int:
        end = time.monotonic() + seconds
        while not self.ended() and time.monotonic() < end:
            self.pump(0.05)
        assert self.code is not None, f"it did not end; the screen was:\n{self.text}"
        return self.code

    def hang_up(self) -> None:
        """Close the window."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def kill(self, signum: signal.Signals = signal.SIGKILL) -> None:
        if not self.ended():
            os.kill(self.pid, signum)
            if signum == signal.SIGKILL:
                self.wait_end()

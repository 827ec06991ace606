"""The terminal itself: whether it is still there, and other programs on it (the SSH console, a command there)."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import termios
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.app import ClawApp
    from claw_tui.domain.answers import Command

NOT_STARTED = 127
# What a program that was killed may have left on: the mouse, focus, pasting, drawing all at once; the other screen
# (without moving the cursor), other arrow keys, inserting, colours, letters as lines, a part that scrolls, Kitty's keys.
AS_USUAL = (
    b"\x1b[?1000;1002;1003;1004;1005;1006;1015;2004;2026l\x1b[?1047l\x1b[?1l\x1b>\x1b[4l\x1b[?7h\x1b[?25h\x1b[0m\x1b(B\x0f"
    b"\x1b7\x1b[r\x1b8\x1b[<u"
)


def terminal_is_gone() -> bool:
    """Whether the window was closed. Its hangup goes to who started us, and that one may wait for us (`make`)."""
    try:
        termios.tcgetattr(0)
    except termios.error:
        return True
    return False


class _Kept:
    """How the terminal was before the other program had it; ``give_back`` makes it so again, whatever that one did."""

    def __init__(self) -> None:
        self._mode: list[Any] = termios.tcgetattr(0)  # it echoes nothing
        self._flags = {fd: fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (0, 1, 2)}

    def give_back(self) -> None:
        # One that was killed while it had a job of its own in front leaves us in the back, where we may not write.
        ignored = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        try:
            with suppress(OSError):
                os.tcsetpgrp(0, os.getpgrp())
            for fd, flags in self._flags.items():  # a terminal that does not wait would lose what we draw
                fcntl.fcntl(fd, fcntl.F_SETFL, flags)
            # What was typed ahead was for the other program: it is neither shown nor used.
            termios.tcsetattr(0, termios.TCSAFLUSH, self._mode)
            os.write(2, AS_USUAL)
        finally:
            signal.signal(signal.SIGTTOU, ignored)


def hand_over_terminal(app: ClawApp, command: Command, *, stays: bool = False) -> int:
    """Give the terminal to ``command`` until it ends; with ``stays`` what it said is left there until Enter.

    Blocking on purpose: while suspended, a repaint would fill the dead writer's queue and hang. Nothing may
    raise inside ``suspend`` either, for it would not resume.
    """
    # Ctrl+C and Ctrl+\ are for the other program.
    previous = {
        number: signal.signal(number, lambda *_args: None) for number in (signal.SIGINT, signal.SIGQUIT)
    }
    try:
        with app.suspend():
            try:
                code = _run(app, command)
                if code or stays:
                    input(f"\n{_ended(code)} ")  # it may have stopped in the middle of a line
            except (OSError, EOFError, termios.error) as error:
                print(error)  # noqa: T201  (the terminal is ours for this line only)
                code = NOT_STARTED
        return code
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _run(app: ClawApp, command: Command) -> int:
    kept = _Kept()
    try:
        if app.terminal_mode is not None:
            termios.tcsetattr(0, termios.TCSADRAIN, app.terminal_mode)
        return subprocess.run(command.argv, env=dict(command.env), check=False).returncode
    finally:
        kept.give_back()


def _ended(code: int) -> str:
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return _("It was ended by {signal}. Press Enter to go back.").format(signal=name)
    if code:
        return _("It ended with {code}. Press Enter to go back.").format(code=code)
    return _("It has ended. Press Enter to go back.")

"""The terminal itself: whether it is still there, and other programs on it (the SSH console, a command there)."""

from __future__ import annotations

import signal
import subprocess
import termios
from typing import TYPE_CHECKING

from claw_tui.engine.lent_terminal import LentTerminal
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.app import ClawApp
    from claw_tui.domain.answers import Command

NOT_STARTED = 127


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
    kept = LentTerminal()
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

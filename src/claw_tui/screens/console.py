"""The terminal itself: whether it is still there, and other programs on it (the SSH console)."""

from __future__ import annotations

import signal
import subprocess
import termios
from typing import TYPE_CHECKING

from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.app import ClawApp
    from claw_tui.domain.answers import Command


def terminal_is_gone() -> bool:
    """Whether the window was closed. Its hangup goes to who started us, and that one may wait for us (`make`)."""
    try:
        termios.tcgetattr(0)
    except termios.error:
        return True
    return False


def hand_over_terminal(app: ClawApp, command: Command) -> int:
    """Give the terminal to ``command`` until it ends.

    Blocking on purpose: while suspended, a repaint would fill the dead writer's queue and hang. Nothing may
    raise inside ``suspend`` either, for it would not resume.
    """
    previous = signal.signal(signal.SIGINT, lambda *_args: None)  # Ctrl+C is for the other program
    try:
        with app.suspend():
            try:
                ours = termios.tcgetattr(0)  # it echoes nothing
                try:
                    if app.terminal_mode is not None:
                        termios.tcsetattr(0, termios.TCSADRAIN, app.terminal_mode)
                    code = subprocess.run(command.argv, env=dict(command.env), check=False).returncode
                finally:  # what was typed ahead was for the other program: it is neither shown nor used
                    termios.tcsetattr(0, termios.TCSAFLUSH, ours)
                if code:
                    words = _("It ended with {code}. Press Enter to go back.").format(code=code)
                    input(f"\n{words} ")  # it may have stopped in the middle of a line
            except (OSError, EOFError, termios.error) as error:
                print(error)  # noqa: T201  (the terminal is ours for this line only)
                code = 127
        return code
    finally:
        signal.signal(signal.SIGINT, previous)

"""Our terminal while another program has it: how it was before, and back to that, whatever the other one did."""

from __future__ import annotations

import fcntl
import os
import signal
import termios
from contextlib import suppress
from typing import Any

# What a program that was killed may have left on: the mouse, focus, pasting, drawing all at once; the other screen
# (without moving the cursor), other arrow keys, inserting, colours, letters as lines, a part that scrolls, Kitty's keys.
AS_USUAL = (
    b"\x1b[?1000;1002;1003;1004;1005;1006;1015;2004;2026l\x1b[?1047l\x1b[?1l\x1b>\x1b[4l\x1b[?7h\x1b[?25h\x1b[0m\x1b(B\x0f"
    b"\x1b7\x1b[r\x1b8\x1b[<u"
)


class LentTerminal:
    """Made before the other program starts; ``give_back`` after it has ended. Raises termios.error without a terminal."""

    def __init__(self) -> None:
        self._mode: list[Any] = termios.tcgetattr(0)
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

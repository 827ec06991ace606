"""A terminal in the machine, by flyctl's SSH."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from claw_tui.domain.answers import Command


class FlyShell(Protocol):
    """Programs to hand the terminal to."""

    def console(self, app: str) -> Command: ...
    def terminal(self, app: str, machine: str, words: Sequence[str]) -> Command:
        """A command of OpenClaw there, as the gateway's user and with what the gateway knows."""
        ...

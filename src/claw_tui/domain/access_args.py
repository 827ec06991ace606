"""Command lines for what goes through flyctl's SSH. No secret is ever in one. Source: flyctl 0.4.87."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from claw_tui.domain.as_gateway import as_gateway
from claw_tui.domain.fly_args import Argv


def ssh_terminal(app: str, machine: str, words: Sequence[str]) -> Argv:
    """A command of OpenClaw on a terminal; without ``--pty`` a command gets none."""
    return (
        "ssh", "console", "--app", app, "--machine", machine, "--pty", "--quiet",
        "--command", shlex.join(as_gateway(words)),
    )  # fmt: skip


def by_hand(app: str, words: Sequence[str]) -> Argv:
    """The same as a person types it, in the guides' way."""
    return ("ssh", "console", "--app", app, "--pty", "--command", shlex.join(words))

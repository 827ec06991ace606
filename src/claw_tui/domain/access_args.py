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


def sftp_get(app: str, machine: str, remote: str, local: str) -> Argv:
    """It refuses a local file that exists."""
    return ("sftp", "get", remote, local, "--app", app, "--machine", machine, "--quiet")


def sftp_put(app: str, machine: str, local: str, remote: str) -> Argv:
    """It refuses a file there that exists; without a mode everybody in the machine could read it."""
    return ("sftp", "put", local, remote, "--mode", "0600", "--app", app, "--machine", machine, "--quiet")

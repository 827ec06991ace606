"""flyctl's command lines for the ways into the private network, without the program's own name."""

from __future__ import annotations

from claw_tui.domain.fly_args import AGENT_STOP, Argv
from claw_tui.domain.spec import PORT

__all__ = ["AGENT_STOP", "by_hand", "peer_create", "peer_remove", "proxy"]


def proxy(app: str, port: int, *, stays: bool = False) -> Argv:
    """With ``--watch-stdin`` it ends as soon as nobody holds its stdin, also when we are killed."""
    end = () if stays else ("--watch-stdin",)
    return (
        "proxy",
        f"{port}:{PORT}",
        f"{app}.flycast",
        "--app",
        app,
        "--bind-addr",
        "127.0.0.1",
        "--quiet",
        *end,
    )


def by_hand(app: str, port: int) -> Argv:
    """What a person types for it: it ends with Ctrl+C."""
    return ("proxy", f"{port}:{PORT}", f"{app}.flycast", "-a", app)


def peer_create(org: str, region: str, name: str, file: str) -> Argv:
    """With all four flyctl asks nothing. ``file``: an absolute path; the word "stdout" alone would print the key."""
    return ("wireguard", "create", org, region, name, file)


def peer_remove(org: str, name: str) -> Argv:
    return ("wireguard", "remove", org, name)

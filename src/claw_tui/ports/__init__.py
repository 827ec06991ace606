"""What the engine, the run and the screens need from the outside world. Adapters raise ClawError only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from claw_tui.domain.answers import Examples

if TYPE_CHECKING:
    from claw_tui.domain.answers import StoreKind
    from claw_tui.domain.logout import Logout
    from claw_tui.domain.secret import Secret
    from claw_tui.ports.fly import (
        CallGuard,
        Fly,
        FlyAccount,
        FlyChange,
        FlyLook,
        FlyPrivacy,
        FlyReads,
        LoginSession,
        OpenCall,
    )
    from claw_tui.ports.gateway import Gateway
    from claw_tui.ports.here import Journal, RunHandle, Runs, SecretStore, StateStore
    from claw_tui.ports.inside import Inside
    from claw_tui.ports.lines import OnLine
    from claw_tui.ports.outside import ChannelChecks, Discord, Git, KeyChecks, Outside, Web
    from claw_tui.ports.reach import Desktop, Proxy, Tunnels, WireGuard

__all__ = [
    "CallGuard",
    "ChannelChecks",
    "Desktop",
    "Discord",
    "Fly",
    "FlyAccount",
    "FlyChange",
    "FlyLook",
    "FlyPrivacy",
    "FlyReads",
    "Gateway",
    "Git",
    "Inside",
    "Journal",
    "KeyChecks",
    "LoginSession",
    "OnLine",
    "OpenCall",
    "Outside",
    "Proxy",
    "RunHandle",
    "Runs",
    "SecretStore",
    "Services",
    "StateStore",
    "Tunnels",
    "Web",
    "WireGuard",
]

if (
    not TYPE_CHECKING
):  # most need a port's name for the type checker only, and Start is quicker without the rest

    def __getattr__(name: str) -> object:
        if name in __all__:
            for home in ("fly", "gateway", "here", "inside", "lines", "outside", "reach"):
                module = import_module(f"{__name__}.{home}")
                if hasattr(module, name):
                    return getattr(module, name)
        raise AttributeError(name)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything outside the process, in one place to swap."""

    fly: Fly
    git: Git
    keyring: SecretStore
    secret_file: SecretStore
    memory: SecretStore
    keys: KeyChecks
    discord: Discord
    channels: ChannelChecks
    web: Web
    outside: Outside
    gateway: Gateway
    inside: Inside
    state: StateStore
    runs: Runs
    journal: Callable[[str], Journal]  # app -> its journal
    here: Callable[[], tuple[float, float] | None]  # degrees north and east, about
    pause: Callable[[float], Awaitable[None]]  # seconds; the simulated cloud's time may run faster
    close: Callable[[], Awaitable[None]]
    after_logout: Callable[[], Awaitable[Logout]]
    tunnels: Tunnels
    desktop: Desktop
    given_token: Secret | None = None  # the login that the environment gives
    given_name: str = ""  # and the variable that it is in
    given_store: StoreKind | None = None  # the place for secrets that the environment decides on
    demo: bool = False
    examples: Examples = field(default_factory=Examples)

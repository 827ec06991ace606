"""Adapters that are imported and made when they are first asked for: what Start does not need costs Start nothing.

Both wirings, the real one and the simulated cloud's, take them from here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from pathlib import Path

    from claw_tui.adapters.http import Http
    from claw_tui.adapters.outside import Ask, Exchange, Reaches
    from claw_tui.ports import (
        ChannelChecks,
        Discord,
        Fly,
        Gateway,
        Git,
        Inside,
        KeyChecks,
        Outside,
        SecretStore,
    )

    Pause = Callable[[float], Awaitable[None]]  # seconds

T = TypeVar("T")


class _Later:
    """Stands for what ``make`` makes; whatever is asked of it first makes it."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> object:
        made = self.__dict__.get("_made")
        if made is None:
            made = self._made = self._make()
        return getattr(made, name)


def later(make: Callable[[], T]) -> T:
    return cast("T", _Later(make))


def git_cli(environ: Mapping[str, str]) -> Git:
    def make() -> Git:
        from claw_tui.adapters.git import GitCli  # noqa: PLC0415

        return GitCli(environ)

    return later(make)


def file_store(path: Path) -> SecretStore:
    def make() -> SecretStore:
        from claw_tui.adapters.file_store import FileStore  # noqa: PLC0415

        return FileStore(path)

    return later(make)


def machine_gateway(fly: Fly, pause: Pause) -> Gateway:
    def make() -> Gateway:
        from claw_tui.adapters.gateway import MachineGateway  # noqa: PLC0415

        return MachineGateway(fly, pause)

    return later(make)


def inside_programs(fly: Fly, pause: Pause) -> Inside:
    def make() -> Inside:
        from claw_tui.adapters.inside import InsidePrograms  # noqa: PLC0415

        return InsidePrograms(fly, pause)

    return later(make)


def key_checks(http: Http) -> KeyChecks:
    def make() -> KeyChecks:
        from claw_tui.adapters.keys import LiveKeyChecks  # noqa: PLC0415

        return LiveKeyChecks(http)

    return later(make)


def channel_checks(http: Http) -> ChannelChecks:
    def make() -> ChannelChecks:
        from claw_tui.adapters.channel_checks import LiveChannelChecks  # noqa: PLC0415

        return LiveChannelChecks(http)

    return later(make)


def discord_api(http: Http) -> Discord:
    def make() -> Discord:
        from claw_tui.adapters.discord import DiscordApi  # noqa: PLC0415

        return DiscordApi(http)

    return later(make)


def outside_net(ways: Callable[[], tuple[Exchange, Ask, Reaches]] | None = None) -> Outside:
    """``ways``: other ways out than this computer's own, as the simulated internet has them."""

    def make() -> Outside:
        from claw_tui.adapters.outside import OutsideNet  # noqa: PLC0415

        return OutsideNet(*(ways() if ways is not None else ()))

    return later(make)

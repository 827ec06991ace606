"""What is asked of programs that are in the machine beside the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from claw_tui.domain.inside import CallsSetup, Tailnet


class Inside(Protocol):
    """The programs that an image of our own adds. Raises GatewayError or FlyError."""

    async def versions(self, app: str, machine: str, names: Sequence[str]) -> Mapping[str, str]:
        """What each program says of itself; those that are not there are not in it."""
        ...

    async def signal_numbers(self, app: str, machine: str) -> tuple[str, ...]:
        """The phone numbers that signal-cli is linked with."""
        ...

    async def tailnet(self, app: str, machine: str) -> Tailnet: ...

    async def calls_setup(self, app: str, machine: str) -> CallsSetup:
        """What OpenClaw's plugin for phone calls says of itself; takes some seconds."""
        ...

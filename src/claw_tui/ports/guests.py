"""Who waits to be let in to a gateway, and who is in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from claw_tui.domain.answers import ExecResult, PairingRequest
    from claw_tui.domain.guests import Device, Person


class GuestBook(Protocol):
    """What OpenClaw knows of people and devices. Raises GatewayError or FlyError."""

    async def pairing_requests(
        self, app: str, machine: str, channels: Sequence[str]
    ) -> tuple[PairingRequest, ...]: ...
    async def devices(self, app: str, machine: str) -> tuple[tuple[PairingRequest, ...], tuple[Device, ...]]:
        """Those that wait, and those that are in."""
        ...

    async def people_waiting(self, app: str, machine: str, channel: str) -> tuple[PairingRequest, ...]: ...
    async def people_in(self, app: str, machine: str) -> tuple[Person, ...]:
        """Those who were let in by a code."""
        ...

    async def approve(self, app: str, machine: str, request: PairingRequest) -> None: ...
    async def reject(self, app: str, machine: str, request: PairingRequest) -> None: ...
    async def revoke(self, app: str, machine: str, device: Device) -> None:
        """It has to ask again."""
        ...


class GatewayShell(Protocol):
    """Commands of OpenClaw in the machine."""

    async def run(self, app: str, machine: str, words: Sequence[str]) -> ExecResult:
        """As the gateway's user, with what the gateway knows; it can ask nothing. Raises GatewayError, FlyError."""
        ...

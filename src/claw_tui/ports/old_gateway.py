"""What a migration asks of a machine that still runs an old gateway."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from claw_tui.domain.generations import Told
    from claw_tui.domain.secret import Secret


class OldGateway(Protocol):
    """Clawdbot, Moltbot or January's OpenClaw in its machine. Raises GatewayError or FlyError."""

    async def told(self, app: str, machine: str) -> Told:
        """What it says of itself."""
        ...

    async def read_old(self, app: str, machine: str, name: str) -> str | None:
        """A file of settings in the state folder, by its name there; None when it is not there."""
        ...

    async def values(self, app: str, machine: str, names: Sequence[str]) -> dict[str, Secret]:
        """Secrets as the gateway's own process has them, those that it has: to be given to it by another name."""
        ...

    async def adopt_state(self, app: str, machine: str, folders: Sequence[str]) -> None:
        """The state becomes the user's that OpenClaw runs as, and the first of ``folders`` its working folder on the volume."""
        ...

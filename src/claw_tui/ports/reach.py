"""The ways to a private gateway: a local proxy, WireGuard peers, the browser of this computer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from claw_tui.domain.answers import HealthAnswer
    from claw_tui.domain.errors import ClawError
    from claw_tui.domain.reach import LeftOn
    from claw_tui.domain.secret import Secret


class Proxy(Protocol):
    """A `fly proxy` that runs. It ends with us, however we end."""

    async def ended(self) -> ClawError:
        """Wait until it ends by itself; why it did."""
        ...

    async def stop(self) -> None: ...


class Tunnels(Protocol):
    """Local proxies, those that end with us and those that were left on."""

    @property
    def ports(self) -> tuple[int, ...]:
        """The local ports whose origins the gateway allows, in the order in which they are tried."""
        ...

    def is_free(self, port: int) -> bool: ...
    async def start(self, app: str, port: int) -> Proxy: ...
    async def start_to_stay(self, app: str, port: int) -> LeftOn:
        """Start one that needs nobody, and remember it. Returns at once; ``alive`` and ``why`` tell the rest."""
        ...

    def left_on(self, app: str) -> LeftOn | None:
        """The one that was left on and still runs."""
        ...

    def why(self, app: str) -> ClawError:
        """Why the one that was to stay has ended."""
        ...

    async def stop_left(self, app: str) -> None: ...
    async def answers(self, port: int) -> HealthAnswer:
        """Ask /healthz on this computer's own port."""
        ...

    async def rest(self) -> None:
        """No tunnel is wanted any more from here: flyctl's agent goes, unless one was left on."""
        ...


class WireGuard(Protocol):
    """The peers of an organization's private network. Raises FlyError."""

    async def create_peer(self, org: str, region: str, name: str, file: Path) -> None:
        """``file`` must not be there; it gets the private key, and only its owner may read it."""
        ...

    async def remove_peer(self, org: str, name: str) -> None: ...


class Desktop(Protocol):
    """What this computer has around us."""

    def ssh_line(self, port: int) -> str:
        """For the laptop of somebody who came here by SSH; "" else."""
        ...

    def has_browser(self) -> bool: ...
    def browse(self, url: str) -> None:
        """Open an address, which is to have no secret: other users see command lines. Raises ClawError."""
        ...

    def file_problem(self, file: Path) -> str:
        """Why a new file can't be written there; "" when it can."""
        ...

    def read_peer_file(self, file: Path) -> Secret:
        """The text of a peer's file. Raises StateError."""
        ...

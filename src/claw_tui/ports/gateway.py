"""What is asked of the OpenClaw Gateway inside an app's machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from claw_tui.ports.access import FilesInside
from claw_tui.ports.guests import GatewayShell, GuestBook
from claw_tui.ports.old_gateway import OldGateway

if TYPE_CHECKING:
    from claw_tui.domain.answers import ChannelStatus, DashboardLink, HealthAnswer
    from claw_tui.domain.delivery import Backup, Delivery
    from claw_tui.domain.doctor.facts import Inside, Lock
    from claw_tui.domain.secret import Secret
    from claw_tui.domain.vitals import Resources


class Gateway(GuestBook, GatewayShell, FilesInside, OldGateway, Protocol):
    """The OpenClaw Gateway inside an app's machine. Raises GatewayError or FlyError."""

    async def health(self, app: str, machine: str) -> HealthAnswer: ...
    async def knock(self, app: str, machine: str) -> HealthAnswer:
        """The same by its private address, through Fly's proxy."""
        ...

    async def resources(self, app: str, machine: str) -> Resources:
        """Memory, disk and how long it runs, as the machine itself tells them."""
        ...

    async def tunnels(self, app: str, machine: str) -> tuple[str, ...]:
        """Programs and settings there that let others in past Fly's proxy, in words."""
        ...

    async def read_config(self, app: str, machine: str) -> str | None: ...
    async def write_config(
        self,
        app: str,
        machine: str,
        text: str,
        *,
        watched: bool = False,
        expected: str | None = None,
        check: bool = True,
    ) -> str:
        """Candidate, validate in the machine, keep the old one, replace, read back. Raises ConfigRejected.

        ``watched``: the change is written down in the machine, to be followed and undone. Returns the name of the kept
        file when the old one was not ``expected`` any more.
        """
        ...

    async def delivery(self, app: str, machine: str) -> Delivery:
        """How the gateway takes the last watched change. One that is not reached gives an empty answer or FlyError."""
        ...

    async def settle(self, app: str, machine: str) -> None:
        """The change was seen through."""
        ...

    async def touch_config(self, app: str, machine: str) -> None:
        """Have the gateway look at its file again."""
        ...

    async def put_back(self, app: str, machine: str, name: str) -> None:
        """A backup takes the place of a file that did not work, which is kept."""
        ...

    async def mend_owner(self, app: str, machine: str) -> bool:
        """openclaw.json is the gateway's user's, and theirs alone. Says whether it was not so that they can read it."""
        ...

    async def validate(self, app: str, machine: str) -> None:
        """OpenClaw checks the file that is in place. Raises ConfigRejected."""
        ...

    async def backups(self, app: str, machine: str) -> tuple[Backup, ...]: ...
    async def read_backup(self, app: str, machine: str, name: str) -> str: ...
    async def has_backup(self, app: str, machine: str, name: str) -> bool:
        """Is it, byte for byte, what is in place now?"""
        ...

    async def restore(self, app: str, machine: str, name: str, *, check: bool) -> None:
        """A copy of a backup goes the way of a new file, inside the machine. Raises ConfigRejected."""
        ...

    async def channels(self, app: str, machine: str) -> tuple[ChannelStatus, ...]: ...
    async def dashboard(self, app: str, machine: str) -> DashboardLink: ...

    # -- for the doctor
    async def inside(self, app: str, machine: str) -> Inside:
        """Files, locks, room and who listens, at once."""
        ...

    async def has_token(self, app: str, machine: str, value: Secret) -> bool | None:
        """Is this the token that the gateway's process was given? None when it was given none."""
        ...

    async def opened_providers(self, app: str, machine: str) -> frozenset[str]:
        """Companies for whose models it has a key or a login: in its environment, in a file, in its database."""
        ...

    async def drop_locks(self, app: str, machine: str, found: tuple[Lock, ...]) -> bool:
        """Remove them unless an owner of one runs, looked at in the same moment. Says whether they went."""
        ...

    async def give_back(self, app: str, machine: str, paths: tuple[str, ...]) -> None:
        """Files and folders of its state become the gateway's user's, with all that is in them."""
        ...

    async def take_file(self, app: str, machine: str, path: str, *, check: bool) -> None:
        """A file from elsewhere in the machine goes the way of a new openclaw.json. Raises ConfigRejected."""
        ...

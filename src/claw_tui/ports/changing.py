"""flyctl, as verbs: what changes a machine and its volume."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from claw_tui.domain.change_args import MachineChange


class FlyChanging(Protocol):
    """Each call acts again when it is called again. Raises FlyError."""

    async def stop_machine(self, app: str, machine: str) -> None:
        """Returns once it has stopped."""
        ...

    async def cordon_machine(self, app: str, machine: str, *, on: bool) -> None:
        """Whether Fly's proxy leads nobody to it, and does not start it."""
        ...

    async def update_machine(self, app: str, machine: str, change: MachineChange) -> None:
        """It restarts with what is changed; all else of it stays. Returns once its health check passes."""
        ...

    async def clone_machine(
        self, app: str, machine: str, *, region: str, volume: str, vm_size: str, memory_mb: int
    ) -> None:
        """The same once more, with a volume that is there. Returns once its health check passes."""
        ...

    async def extend_volume(self, app: str, volume: str, size_gb: int) -> None:
        """The file system grows with it, or at the machine's next start."""
        ...

    async def fork_volume(self, app: str, volume: str, *, region: str, vm_size: str, memory_mb: int) -> None:
        """A copy in another region. Returns before it is made."""
        ...

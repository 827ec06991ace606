"""flyctl's ways to change a machine and its volume."""

from __future__ import annotations

from claw_tui.adapters.fly_reach import FlyReach
from claw_tui.domain import change_args
from claw_tui.domain.change_args import MachineChange
from claw_tui.domain.errors import FlyTimeout

_STOPPING = "did not stop within the wait timeout"  # it was asked to, and does
CHANGE_SECONDS = 15 * 60.0  # flyctl waits 5 minutes for a start, and as long for the health check


class FlyChanges(FlyReach):
    """The port ``FlyChanging``."""

    async def stop_machine(self, app: str, machine: str) -> None:
        """Returns when it has stopped."""
        try:
            await self._change(change_args.machine_stop(app, machine), deadline=CHANGE_SECONDS)
        except FlyTimeout as late:
            if _STOPPING not in late.detail:
                raise
            await self._change(change_args.machine_wait_stopped(app, machine), deadline=CHANGE_SECONDS)

    async def cordon_machine(self, app: str, machine: str, *, on: bool) -> None:
        await self._change(change_args.machine_cordon(app, machine, on=on))

    async def update_machine(self, app: str, machine: str, change: MachineChange) -> None:
        await self._change(change_args.machine_update(app, machine, change), deadline=CHANGE_SECONDS)

    async def clone_machine(
        self, app: str, machine: str, *, region: str, volume: str, vm_size: str, memory_mb: int
    ) -> None:
        argv = change_args.machine_clone(
            app, machine, region=region, volume=volume, vm_size=vm_size, memory_mb=memory_mb
        )
        await self._change(argv, deadline=CHANGE_SECONDS)

    async def extend_volume(self, app: str, volume: str, size_gb: int) -> None:
        await self._change(change_args.volumes_extend(app, volume, size_gb))

    async def fork_volume(self, app: str, volume: str, *, region: str, vm_size: str, memory_mb: int) -> None:
        argv = change_args.volumes_fork(app, volume, region=region, vm_size=vm_size, memory_mb=memory_mb)
        await self._change(argv)

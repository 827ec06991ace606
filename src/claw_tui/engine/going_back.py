"""The steps of the way back to the volume as it was before an update: a new one made of the snapshot."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from claw_tui.domain import fly_args
from claw_tui.domain.errors import FlyError, LeaseHeld
from claw_tui.domain.plan import Action
from claw_tui.domain.update import FILE, snapshot_in
from claw_tui.domain.world import Machine
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.steps import CreatingStep, LookingStep, fitting_volumes
from claw_tui.engine.update_notes import data_volume, read_record, write_record
from claw_tui.i18n import _


class RestoreVolume(CreatingStep):
    """A volume made of the snapshot. The one of now is left alone."""

    id: ClassVar[str] = "restore-volume"
    parts: ClassVar[tuple[str, ...]] = ("volumes",)

    def title(self) -> str:
        return _("Make a volume of the snapshot")

    def look(self, view: View) -> Look:
        spec, found = view.spec, fitting_volumes(view)
        if found:
            return Look(Action.KEEP, f"{found[0].name} ({found[0].id})")
        argv = fly_args.volumes_create(
            spec.app, spec.volume_name, region=spec.region, size_gb=spec.volume_gb, vm_size=spec.vm_size,
            memory_mb=spec.memory_mb, snapshot=snapshot_in(view.choice),
        )  # fmt: skip
        words = _("{name}, {size} GB; the volume of now stays, and costs on, until you remove it")
        detail = words.format(name=spec.volume_name, size=spec.volume_gb)
        return Look(Action.CREATE, detail, (fly_args.shown(argv),), "fly volumes destroy VOLUME")

    async def apply(self, ctx: Context) -> None:
        spec = ctx.spec
        await ctx.services.fly.create_volume(
            spec.app, spec.volume_name, region=spec.region, size_gb=spec.volume_gb, vm_size=spec.vm_size,
            memory_mb=spec.memory_mb, snapshot=snapshot_in(ctx.view.choice),
        )  # fmt: skip


class RemoveMachine(LookingStep):
    """A machine keeps its volume for life: the one that is to have another volume is made anew by the deploy."""

    id: ClassVar[str] = "remove-machine"
    file: ClassVar[str] = FILE  # where it is written down
    parts: ClassVar[tuple[str, ...]] = ("volumes", "machines")

    def title(self) -> str:
        return _("Remove the machine from the volume of now")

    def _wrong(self, view: View) -> list[Machine]:
        wanted = {volume.id for volume in fitting_volumes(view)}
        return [machine for machine in view.world.machines if data_volume(machine) not in wanted]

    def look(self, view: View) -> Look:
        wrong = self._wrong(view)
        if not wrong:
            return Look(Action.KEEP, _("not needed"))
        commands = tuple(fly_args.shown(fly_args.machine_destroy(view.spec.app, m.id)) for m in wrong)
        return Look(
            Action.CHANGE,
            _("the volume and all that is on it stay; the deploy makes another machine"),
            commands,
        )

    async def apply(self, ctx: Context) -> None:
        if not fitting_volumes(ctx.view):
            raise FlyError(
                _("The volume that was made of the snapshot is not there."), hint=_("Trying again makes it.")
            )
        for machine in self._wrong(ctx.view):
            await self._remove(ctx, machine.id)

    async def _remove(self, ctx: Context, machine: str) -> None:
        """Flyctl that was cut off in the midst of it leaves its lease behind; only then it is ours to clear."""
        app, state, fly = ctx.spec.app, ctx.services.state, ctx.services.fly
        record = read_record(state, app, self.file)
        if record.removing != machine:
            write_record(state, app, replace(record, removing=machine), self.file)
        try:
            await fly.destroy_machine(app, machine)
        except LeaseHeld:
            if record.removing != machine:
                write_record(state, app, replace(record, removing=""), self.file)
                raise
            await fly.clear_leases(app, machine)
            await fly.destroy_machine(app, machine)

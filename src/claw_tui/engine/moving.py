"""The steps of a move to another region: the old machine rests, its volume is copied there, and a copy of it is started.

Fly.io moves neither machines nor volumes. Only once the new one answers the old machine is removed; its volume stays.
"""

from __future__ import annotations

from typing import ClassVar

from claw_tui.domain import fly_args
from claw_tui.domain.change_args import machine_clone, machine_stop, volumes_fork
from claw_tui.domain.errors import ClawError, FlyError, GatewayError, LeaseHeld
from claw_tui.domain.machine_wish import new_machines, new_volumes, old_machine, wish_of
from claw_tui.domain.plan import Action
from claw_tui.domain.power import RESTS
from claw_tui.domain.world import Volume
from claw_tui.engine.coming_back import put_back
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.steps import CreatingStep, LookingStep
from claw_tui.i18n import _

COPY_SECONDS, POLL_SECONDS = 1800.0, 3.0
MOUNTS = (
    "created",
    "hydrating",
)  # as Fly.io's documentation has it: a copy can be mounted while it is being filled


class StopOld(LookingStep):
    """What is said after the copy was made would be lost, and two with the same channels would get in each other's way."""

    id: ClassVar[str] = "stop-machine"
    parts: ClassVar[tuple[str, ...]] = ("machines", "volumes")

    def title(self) -> str:
        return _("Stop the machine, so that nothing changes on its volume")

    def look(self, view: View) -> Look:
        machine = old_machine(view.world, wish_of(view.choice))
        if machine is None or machine.state in RESTS:
            return Look(Action.KEEP, _("it is stopped"))
        return Look(Action.CHANGE, machine.id, (fly_args.shown(machine_stop(view.spec.app, machine.id)),))

    async def apply(self, ctx: Context) -> None:
        try:
            await ctx.services.fly.stop_machine(ctx.spec.app, wish_of(ctx.view.choice).before.machine)
        except ClawError as error:
            raise await put_back(ctx, error) from error


class ForkVolume(CreatingStep):
    """A copy of the volume in the other region. The one of now is left alone."""

    id: ClassVar[str] = "fork-volume"
    parts: ClassVar[tuple[str, ...]] = ("volumes", "machines")

    def title(self) -> str:
        return _("Copy the volume into the other region")

    def look(self, view: View) -> Look:
        wish = wish_of(view.choice)
        found = new_volumes(view.world, wish)
        if any(volume.state in MOUNTS for volume in found) or _moved(view):
            return Look(Action.KEEP, ", ".join(volume.id for volume in found))
        argv = volumes_fork(
            view.spec.app, wish.before.volume, region=wish.place, vm_size=wish.size, memory_mb=wish.memory
        )
        words = _("{size} GB to {region}; the volume of now stays, and costs on, until you remove it")
        detail = words.format(size=wish.before.volume_gb, region=wish.place)
        return Look(Action.CREATE, detail, (fly_args.shown(argv),), "fly volumes destroy VOLUME")

    async def apply(self, ctx: Context) -> None:
        wish = wish_of(ctx.view.choice)
        try:
            if not new_volumes(ctx.world, wish):
                await self._fork(ctx)
            await until_copied(ctx)
        except ClawError as error:
            raise await put_back(ctx, error) from error

    async def _fork(self, ctx: Context) -> None:
        wish, fly = wish_of(ctx.view.choice), ctx.services.fly
        try:
            await fly.fork_volume(
                ctx.spec.app, wish.before.volume, region=wish.place, vm_size=wish.size, memory_mb=wish.memory
            )
        except FlyError as error:
            if not await copies(ctx):
                raise
            ctx.say(_("{what} But it is there: only the answer was lost.").format(what=error.message))


async def until_copied(ctx: Context, states: tuple[str, ...] = MOUNTS) -> None:
    """Raises FlyError."""
    waited, state = 0.0, ""
    while waited < COPY_SECONDS:
        found = await copies(ctx)
        if any(volume.state in states for volume in found):
            return
        state = found[0].state if found else _("it is not listed")
        await ctx.services.pause(POLL_SECONDS)
        waited += POLL_SECONDS
    raise FlyError(
        _("Fly.io did not make the copy within {minutes:.0f} minutes ({state}).").format(
            minutes=COPY_SECONDS / 60, state=state
        )
    )


async def copies(ctx: Context) -> list[Volume]:
    ctx.reader.changed(ctx.spec.app, ("volumes",))
    world = await ctx.reader.read(ctx.spec.app, ("volumes",))
    return new_volumes(world, wish_of(ctx.view.choice))


def _moved(view: View) -> bool:
    """It has its new machine already."""
    return bool(new_machines(view.world, wish_of(view.choice)))


class CloneMachine(CreatingStep):
    """The same machine once more, with the copy of the volume."""

    id: ClassVar[str] = "clone-machine"
    parts: ClassVar[tuple[str, ...]] = ("machines", "volumes")

    def title(self) -> str:
        return _("Start the same machine in the other region")

    def look(self, view: View) -> Look:
        wish = wish_of(view.choice)
        found = new_machines(view.world, wish)
        if found:
            return Look(Action.KEEP, ", ".join(machine.id for machine in found))
        volume = next((one.id for one in new_volumes(view.world, wish)), "VOLUME")
        argv = machine_clone(
            view.spec.app,
            wish.before.machine,
            region=wish.place,
            volume=volume,
            vm_size=wish.size,
            memory_mb=wish.memory,
        )
        words = _("image, variables, secrets and services as they are")
        return Look(Action.CREATE, words, (fly_args.shown(argv),), "fly machine destroy MACHINE --force")

    async def apply(self, ctx: Context) -> None:
        try:
            await self._clone(ctx)
        except ClawError as error:
            raise await put_back(ctx, error) from error

    async def _clone(self, ctx: Context) -> None:
        wish = wish_of(ctx.view.choice)
        usable = [one for one in new_volumes(ctx.world, wish) if one.state in MOUNTS and not one.attached_to]
        if not usable or old_machine(ctx.world, wish) is None:
            raise GatewayError(_("The copy of the volume is not there."), hint=_("Trying again makes it."))
        try:
            await ctx.services.fly.clone_machine(
                ctx.spec.app, wish.before.machine, region=wish.place, volume=usable[0].id, vm_size=wish.size,
                memory_mb=wish.memory,
            )  # fmt: skip
        except FlyError as error:
            ctx.reader.changed(ctx.spec.app)
            if not new_machines(await ctx.reader.read(ctx.spec.app, ("machines", "volumes")), wish):
                raise
            ctx.say(_("{what} But it is there; whether it answers is seen next.").format(what=error.message))


class RemoveOld(LookingStep):
    """The new one has answered. What the old one has on its volume stays."""

    id: ClassVar[str] = "remove-machine"
    parts: ClassVar[tuple[str, ...]] = ("machines", "volumes")

    def title(self) -> str:
        return _("Remove the old machine; its volume stays")

    def look(self, view: View) -> Look:
        wish = wish_of(view.choice)
        if old_machine(view.world, wish) is None:
            return Look(Action.KEEP, _("it is gone"))
        command = fly_args.shown(fly_args.machine_destroy(view.spec.app, wish.before.machine))
        return Look(Action.CHANGE, wish.before.machine, (command,))

    async def apply(self, ctx: Context) -> None:
        app, fly, wish = ctx.spec.app, ctx.services.fly, wish_of(ctx.view.choice)
        new = [machine.id for machine in new_machines(ctx.world, wish) if machine.state == "started"]
        if not new:
            raise GatewayError(
                _("The new machine does not run: the old one stays."), hint=_("V on Home goes back.")
            )
        try:
            await fly.destroy_machine(app, wish.before.machine)
        except LeaseHeld:  # it is ours, and rests: what was cut off holds it
            await fly.clear_leases(app, wish.before.machine)
            await fly.destroy_machine(app, wish.before.machine)

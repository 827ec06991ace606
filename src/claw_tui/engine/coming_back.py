"""All as it was before a change: what it has made goes, the old machine runs again."""

from __future__ import annotations

from contextlib import suppress
from typing import ClassVar

from claw_tui.domain import fly_args
from claw_tui.domain.change_args import machine_cordon, machine_update
from claw_tui.domain.errors import (
    Cancelled,
    ClawError,
    FlyError,
    FlyKilled,
    FlyNetworkDown,
    FlyTimeout,
    LeaseHeld,
    NoCapacity,
    NotLoggedIn,
    SizeRefused,
    TokenRejected,
)
from claw_tui.domain.machine_wish import (
    MachineWish,
    change_back,
    new_machines,
    new_volumes,
    old_machine,
    wish_of,
)
from claw_tui.domain.plan import Action
from claw_tui.domain.power import RESTS
from claw_tui.domain.world import World
from claw_tui.engine.answering import AwaitAnswer
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.steps import LookingStep
from claw_tui.i18n import _

TRIES, POLL_SECONDS = 5, 2.0  # a disk is free a moment after its machine is gone
# Nobody knows what became of it, or nothing can be asked for: one goes on from there later, or back.
NOT_NOW = (Cancelled, FlyKilled, FlyNetworkDown, FlyTimeout, LeaseHeld, NotLoggedIn, TokenRejected)


async def put_back(ctx: Context, error: ClawError) -> ClawError:
    """Returns the failure that is to be told."""
    wish = wish_of(ctx.view.choice)
    if isinstance(error, NOT_NOW):
        hint = _("R goes on; V on Home goes on, or back to what was before.")
        return _with_hint(error, f"{error.hint} {hint}".strip())
    ctx.say(_("{what} It is put back as it was.").format(what=error.message))
    try:
        await come_back(ctx)
        await AwaitAnswer().apply(ctx)
    except ClawError as other:
        words = _("{what} It could not be put back as it was: {why}")
        again = _with_hint(error, _("R tries again; V on Home goes back."))
        again.message = words.format(what=error.message, why=other.message)
        return again
    words = _("It runs as before, {size} with {memory} MB in {region}.")
    was = wish.before
    told = words.format(size=was.vm_size, memory=was.memory_mb, region=was.region)
    return _with_hint(error, f"{told} {_helps(error, wish)}".strip())


def _helps(error: ClawError, wish: MachineWish) -> str:
    """The general advice is for who sets a gateway up."""
    if isinstance(error, NoCapacity) and not wish.moves:
        return _(
            "The host of its volume has no room for that: take another size, or another region (V on Home)."
        )
    if isinstance(error, NoCapacity | SizeRefused):
        return _("V on Home: another size or region, or the same later.")
    return error.hint


def _with_hint(error: ClawError, hint: str) -> ClawError:
    found = type(error)(error.message, hint=hint, detail=error.detail)
    found.evidence = error.evidence
    return found


async def come_back(ctx: Context) -> None:
    """Each thing is looked at first: it may be done again. Raises ClawError.

    Without the machine of before nothing is touched: what is new is all that there is.
    """
    if old_machine(await _fresh(ctx), wish_of(ctx.view.choice)) is None:
        raise FlyError(_("The machine of before is not there any more."), hint=_("Home shows what is."))
    for machine in new_machines(await _fresh(ctx), wish_of(ctx.view.choice)):
        await _destroy_machine(ctx, machine.id)
    for volume in new_volumes(await _fresh(ctx), wish_of(ctx.view.choice)):
        await _destroy_volume(ctx, volume.id)
    await _old_as_before(ctx)


async def _fresh(ctx: Context) -> World:
    ctx.reader.changed(ctx.spec.app)
    return await ctx.reader.read(ctx.spec.app, ("machines", "volumes"))


async def _destroy_machine(ctx: Context, machine: str) -> None:
    fly, app = ctx.services.fly, ctx.spec.app
    ctx.say(_("Machine {id} is removed.").format(id=machine))
    with suppress(FlyError):
        await fly.clear_leases(app, machine)
    await fly.destroy_machine(app, machine)


async def _destroy_volume(ctx: Context, volume: str) -> None:
    ctx.say(_("Volume {id}, the copy, is removed.").format(id=volume))
    for left in reversed(range(TRIES)):
        try:
            await ctx.services.fly.destroy_volume(ctx.spec.app, volume)
        except FlyError:
            still = [one.id for one in new_volumes(await _fresh(ctx), wish_of(ctx.view.choice))]
            if volume not in still:
                return
            if not left:
                raise
            await ctx.services.pause(POLL_SECONDS)
        else:
            return


async def _old_as_before(ctx: Context) -> None:
    fly, app, wish = ctx.services.fly, ctx.spec.app, wish_of(ctx.view.choice)
    machine = old_machine(await _fresh(ctx), wish)
    assert machine is not None
    if change := change_back(machine, wish.before):
        await fly.update_machine(app, machine.id, change)
        machine = old_machine(await _fresh(ctx), wish) or machine
    if machine.state in RESTS:
        await fly.start_machine(app, machine.id)
    if machine.cordoned:
        await fly.cordon_machine(app, machine.id, on=False)


class ComeBack(LookingStep):
    """The way back from a change that was cut off. A volume that was made larger stays so."""

    id: ClassVar[str] = "come-back"
    parts: ClassVar[tuple[str, ...]] = ("machines", "volumes")

    def title(self) -> str:
        return _("Put everything back as it was")

    def look(self, view: View) -> Look:
        app, wish, world = view.spec.app, wish_of(view.choice), view.world
        commands = [fly_args.machine_destroy(app, machine.id) for machine in new_machines(world, wish)]
        commands += [fly_args.volumes_destroy(app, volume.id) for volume in new_volumes(world, wish)]
        machine = old_machine(world, wish)
        if machine is not None and (change := change_back(machine, wish.before)):
            commands.append(machine_update(app, machine.id, change))
        if machine is not None and machine.state in RESTS:
            commands.append(fly_args.machine_start(app, machine.id))
        if machine is not None and machine.cordoned:
            commands.append(machine_cordon(app, machine.id, on=False))
        if not commands and machine is not None:
            return Look(Action.KEEP, _("it is as it was"))
        return Look(Action.CHANGE, wish.before.machine, tuple(map(fly_args.shown, commands)))

    async def apply(self, ctx: Context) -> None:
        await come_back(ctx)

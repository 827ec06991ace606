"""Steps that take things away: those that the job's choice names, and nothing else. Each may be repeated.

They stand in the reverse of the order in which the things are made; snapshots of what has data in it come first.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar

from claw_tui.domain import fly_args
from claw_tui.domain.errors import FlyError
from claw_tui.domain.jobs import Task
from claw_tui.domain.made import PARTS, Kind, Thing, chosen, things, words_of
from claw_tui.domain.plan import Action
from claw_tui.domain.world import Snapshot
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.extras import pieces
from claw_tui.engine.gone import POLL_SECONDS, TRIES, CheckGone
from claw_tui.engine.steps import LookingStep, Step
from claw_tui.engine.world import PARTS as ALL_PARTS
from claw_tui.i18n import _

SNAPSHOT_TRIES = 90
SNAPSHOT_COUNTS = 3600.0  # seconds for which a snapshot that was asked for is the one that is wanted
REMOVES = (Task.TIDY, Task.UNDO, Task.REMOVE)
NO_SNAPSHOT = "no-snapshot"  # a word of the choice: it would go with the app


def removal_steps(choice: str) -> tuple[Step, ...]:
    """Only those that have something to do."""
    wanted = {thing.kind for thing in chosen(choice)}
    found: list[Step] = []
    if Kind.MACHINE in wanted:
        found.append(ClearLeases())
    if Kind.VOLUME in wanted and NO_SNAPSHOT not in choice.split():
        found.append(SnapshotVolumes())
    takes = (DestroyMachines(), ReleaseAddresses(), DestroyVolumes(), UnsetSecrets(), DestroyApp())
    return (*found, *(step for step in takes if step.kind in wanted), CheckGone())


def _ids(view: View, kind: Kind) -> list[str]:
    """What of the choice is still there."""
    return sorted(t.id for t in chosen(view.choice) & things(view.world, (kind,)))


class RemovingStep(LookingStep):
    """Takes away what was chosen of one kind."""

    kind: ClassVar[Kind]

    def look(self, view: View) -> Look:
        found = _ids(view, self.kind)
        if not found:
            return Look(Action.KEEP, _("nothing left of it"))
        return Look(Action.CHANGE, ", ".join(found), tuple(self.command(view, each) for each in found))

    async def is_done(self, ctx: Context) -> bool:  # noqa: ARG002
        """What is gone already counts as done, and not as something that was there."""
        return False

    def command(self, view: View, each: str) -> str:
        raise NotImplementedError

    async def remove(self, ctx: Context, each: str) -> None:
        raise NotImplementedError

    async def apply(self, ctx: Context) -> None:
        for each in _ids(ctx.view, self.kind):
            await _insist(ctx, Thing(self.kind, each), lambda each=each: self.remove(ctx, each))  # type: ignore[misc]


async def _insist(ctx: Context, thing: Thing, remove: Callable[[], Awaitable[None]]) -> None:
    """Flyctl repeats a request whose answer was lost, and is then told that there is no such thing: so look."""
    for left in reversed(range(TRIES)):
        try:
            await remove()
        except FlyError:
            ctx.reader.changed(ctx.spec.app)
            world = await ctx.reader.read(ctx.spec.app, (PARTS[thing.kind],))
            if thing not in things(world, (thing.kind,)):
                return
            if not left:
                raise
            await ctx.services.pause(POLL_SECONDS)
        else:
            return


class ClearLeases(LookingStep):
    """A run that was cut off leaves leases behind, which would hold everything up for minutes."""

    id: ClassVar[str] = "clear-leases"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Clear leases")

    def look(self, view: View) -> Look:
        found = _ids(view, Kind.MACHINE)
        commands = tuple(fly_args.shown(fly_args.machine_leases_clear(view.spec.app, m)) for m in found)
        return Look(Action.CHANGE if found else Action.KEEP, ", ".join(found), commands)

    async def apply(self, ctx: Context) -> None:
        for machine in _ids(ctx.view, Kind.MACHINE):
            await ctx.services.fly.clear_leases(ctx.spec.app, machine)


class SnapshotVolumes(LookingStep):
    """What a volume holds is kept as long as Fly.io keeps snapshots, and the app is there."""

    id: ClassVar[str] = "snapshot-volumes"
    parts: ClassVar[tuple[str, ...]] = ("volumes", "machines")

    def title(self) -> str:
        return _("Take a snapshot of what has data")

    def look(self, view: View) -> Look:
        found = self._wanted(view)
        if not found:
            return Look(Action.KEEP, _("nothing was ever in it"))
        commands = (fly_args.shown(fly_args.volumes_snapshots_create(view.spec.app, each)) for each in found)
        return Look(Action.CREATE, ", ".join(found), tuple(commands))

    @staticmethod
    def _wanted(view: View) -> list[str]:
        some = (t for t in chosen(view.choice) if t.kind is Kind.VOLUME)
        return [piece.thing.id for piece in pieces(view.world, some, view.book) if piece.data]

    async def is_done(self, ctx: Context) -> bool:
        wanted = self._wanted(ctx.view)
        for volume in wanted:
            had = _had(ctx, volume)
            if had is None or not _new(await ctx.services.fly.snapshots(ctx.spec.app, volume), had):
                return False
        return bool(wanted)

    async def apply(self, ctx: Context) -> None:
        for volume in self._wanted(ctx.view):
            await self._one(ctx, volume)
        if not self._wanted(ctx.view):
            ctx.say(_("Nothing was ever on the volume: no snapshot is needed."))

    async def _one(self, ctx: Context, volume: str) -> None:
        """What there was before is written down: a run that is killed here does not ask for a second one."""
        fly, app = ctx.services.fly, ctx.spec.app
        found = await fly.snapshots(app, volume)
        had = _had(ctx, volume)
        if had is None or not any(snapshot.id not in had for snapshot in found):
            ready = [snapshot.id for snapshot in found if snapshot.id]
            ctx.services.journal(app).note({"snapshot": volume, "had": ready})
            had = frozenset(ready)
            await self._ask(ctx, volume)
        for _try in range(SNAPSHOT_TRIES):
            if new := _new(await fly.snapshots(app, volume), had):
                ctx.say(_("Snapshot {id} of volume {volume} is there.").format(id=new[0].id, volume=volume))
                return
            await ctx.services.pause(POLL_SECONDS)
        raise FlyError(
            _("Fly.io has not made the snapshot of volume {volume} yet. Nothing was removed.").format(
                volume=volume
            ),
            hint=_("Try again in some minutes."),
        )

    @staticmethod
    async def _ask(ctx: Context, volume: str) -> None:
        app = ctx.spec.app
        try:
            await ctx.services.fly.create_snapshot(app, volume)
        except FlyError as error:
            if type(error) is not FlyError:
                raise
            by_hand = fly_args.shown(fly_args.volumes_destroy(app, volume))
            hint = _("Nothing was removed. Without a snapshot you can remove it yourself: {command}")
            raise FlyError(error.message, hint=hint.format(command=by_hand), detail=error.detail) from error


def _had(ctx: Context, volume: str) -> frozenset[str] | None:
    """The snapshots that there were before this program asked for one; None when it never did."""
    since = time.time() - SNAPSHOT_COUNTS
    notes = [
        note for note in ctx.services.journal(ctx.spec.app).notes()
        if note.get("snapshot") == volume and _when(note) > since
    ]  # fmt: skip
    return frozenset(words_of(notes[-1], "had")) if notes else None


def _when(note: Mapping[str, object]) -> float:
    at = note.get("at")
    return at if isinstance(at, float) else 0.0


def _new(found: tuple[Snapshot, ...], had: frozenset[str]) -> list[Snapshot]:
    return [snapshot for snapshot in found if snapshot.ready and snapshot.id not in had]


class DestroyMachines(RemovingStep):
    """The machine; its volume stays for now."""

    id: ClassVar[str] = "destroy-machines"
    parts: ClassVar[tuple[str, ...]] = ("machines", "volumes")
    kind = Kind.MACHINE

    def title(self) -> str:
        return _("Remove the machine")

    def command(self, view: View, each: str) -> str:
        return fly_args.shown(fly_args.machine_destroy(view.spec.app, each))

    async def remove(self, ctx: Context, each: str) -> None:
        await ctx.services.fly.destroy_machine(ctx.spec.app, each)


class ReleaseAddresses(RemovingStep):
    """Addresses that were given out for it."""

    id: ClassVar[str] = "release-addresses"
    parts: ClassVar[tuple[str, ...]] = ("ips",)
    kind = Kind.IP

    def title(self) -> str:
        return _("Give addresses back")

    def command(self, view: View, each: str) -> str:
        return fly_args.shown(fly_args.ips_release(view.spec.app, each))

    async def remove(self, ctx: Context, each: str) -> None:
        await ctx.services.fly.release_ip(ctx.spec.app, each)


class DestroyVolumes(RemovingStep):
    """The disks, with all that is on them."""

    id: ClassVar[str] = "destroy-volumes"
    parts: ClassVar[tuple[str, ...]] = ("volumes", "machines")
    kind = Kind.VOLUME

    def title(self) -> str:
        return _("Remove the volume")

    def command(self, view: View, each: str) -> str:
        return fly_args.shown(fly_args.volumes_destroy(view.spec.app, each))

    async def remove(self, ctx: Context, each: str) -> None:
        await ctx.services.fly.destroy_volume(ctx.spec.app, each)


class UnsetSecrets(RemovingStep):
    """Secrets of ours in an app that stays; staged, for a machine of somebody else's is not restarted for it."""

    id: ClassVar[str] = "unset-secrets"
    parts: ClassVar[tuple[str, ...]] = ("secrets",)
    kind = Kind.SECRET

    def title(self) -> str:
        return _("Take the secrets away")

    def command(self, view: View, each: str) -> str:
        return fly_args.shown(fly_args.secrets_unset(view.spec.app, (each,)))

    async def apply(self, ctx: Context) -> None:
        names = _ids(ctx.view, Kind.SECRET)
        if names:
            await ctx.services.fly.unset_secrets(ctx.spec.app, names)


class DestroyApp(RemovingStep):
    """The app, and with it its name, its secrets and its snapshots."""

    id: ClassVar[str] = "destroy-app"
    parts: ClassVar[tuple[str, ...]] = ALL_PARTS
    kind = Kind.APP

    def title(self) -> str:
        return _("Remove the app")

    def command(self, view: View, each: str) -> str:  # noqa: ARG002
        return fly_args.shown(fly_args.apps_destroy(each))

    async def apply(self, ctx: Context) -> None:
        """What nobody consented to would go with it."""
        others = things(ctx.world, (Kind.VOLUME, Kind.MACHINE)) - chosen(ctx.view.choice)
        if others:
            raise FlyError(
                _("The app has something new in it, so it was not removed: {what}").format(
                    what=", ".join(piece.words for piece in pieces(ctx.world, others))
                ),
                hint=_("Look at it, then start the removal anew."),
            )
        await super().apply(ctx)

    async def remove(self, ctx: Context, each: str) -> None:
        await ctx.services.fly.destroy_app(each)

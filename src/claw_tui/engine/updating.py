"""The steps of an update to another version, and of the way back. The volume is kept as a snapshot first."""

from __future__ import annotations

import calendar
import time
from dataclasses import replace
from typing import ClassVar

from claw_tui.domain import fly_args
from claw_tui.domain.delivery import is_old
from claw_tui.domain.errors import DeployUnhealthy, FlyError, GatewayError, ImageNotFound
from claw_tui.domain.exec_words import in_machine
from claw_tui.domain.gateway_config import config_text
from claw_tui.domain.generations import runs_old
from claw_tui.domain.own_image import is_own
from claw_tui.domain.plan import Action
from claw_tui.domain.power import STARTS_OR_RESCUE
from claw_tui.domain.spec import Spec
from claw_tui.domain.update import (
    FILE,
    TOO_NEW,
    StateTooNew,
    UpdateRecord,
    snapshot_in,
)
from claw_tui.domain.versions import version_of
from claw_tui.domain.world import Machine, Snapshot
from claw_tui.engine.answering import AwaitGateway
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.deploying import Deploy, FetchSource, PrepareImage, WriteConfig
from claw_tui.engine.going_back import RemoveMachine, RestoreVolume
from claw_tui.engine.proving import ProveGateway
from claw_tui.engine.proving_private import ProveUpdated
from claw_tui.engine.steps import LookingStep, Step
from claw_tui.engine.update_notes import data_volume, read_record, write_record
from claw_tui.i18n import _

SNAPSHOT_SECONDS, POLL_SECONDS = 600.0, 3.0
SAME_ATTEMPT = 3600.0  # seconds
TIME = "%Y-%m-%dT%H:%M:%SZ"


def update_steps(spec: Spec, choice: str) -> tuple[Step, ...]:
    """On to ``spec.version``; with a ``choice`` back to the version of before, whose image there is already."""
    private: tuple[Step, ...] = (ProveUpdated(),) if spec.private else ()
    after: tuple[Step, ...] = (DeployUpdate(), WriteConfig(), AwaitUpdated(), ProveGateway(), *private)
    if choice:
        return (RestoreVolume(), RemoveMachine(), *after) if snapshot_in(choice) else after
    fetch: tuple[Step, ...] = (FetchSource(),) if spec.source == "git" else ()
    if is_own(spec):
        fetch = (PrepareImage(),)
    return (*fetch, TakeSnapshot(), CarryConfig(), *after)


def exact_image(machine: Machine) -> str:
    """What the machine runs, so that the very same can be had again."""
    return (
        machine.image if "@" in machine.image or not machine.digest else f"{machine.image}@{machine.digest}"
    )


def _goes_on(record: UpdateRecord, machine: Machine) -> bool:
    """Is this the same attempt? Else its snapshot is too old: much may have been said since."""
    if not record.broken_off:
        return False
    try:
        begun = calendar.timegm(time.strptime(record.at, TIME))
    except ValueError:
        begun = 0
    return version_of(machine.image) == record.to or time.time() - begun < SAME_ATTEMPT


class TakeSnapshot(LookingStep):
    """The volume as it is before the update: what a newer version has changed on it, an older one can't read."""

    id: ClassVar[str] = "take-snapshot"
    file: ClassVar[str] = FILE  # where it is written down
    parts: ClassVar[tuple[str, ...]] = ("machines", "volumes")

    def title(self) -> str:
        return _("Keep the volume as it is now (snapshot)")

    def look(self, view: View) -> Look:
        volume = data_volume(view.world.machine)
        if not volume:
            return Look(Action.KEEP, _("there is no volume with state on it"))
        if not self.needed(view):
            return Look(Action.KEEP, _("not needed"))
        command = fly_args.shown(fly_args.volumes_snapshots_create(view.spec.app, volume))
        words = _("of volume {id}; Fly.io keeps it for 5 days, the first 10 GB are free")
        return Look(Action.CREATE, words.format(id=volume), (command,))

    def needed(self, view: View) -> bool:
        return Deploy().look(view).action is not Action.KEEP

    async def is_done(self, ctx: Context) -> bool:
        record, machine = read_record(ctx.services.state, ctx.spec.app, self.file), ctx.world.machine
        if (
            machine is not None
            and record.to == ctx.spec.version
            and record.snapshot
            and _goes_on(record, machine)
        ):
            return True
        return self.look(ctx.view).action is Action.KEEP

    async def apply(self, ctx: Context) -> None:
        app, state, machine = ctx.spec.app, ctx.services.state, ctx.world.machine
        assert machine is not None
        record, volume = read_record(state, app, self.file), data_volume(machine)
        if record.broken_off and record.snapshot and version_of(machine.image) == record.to:
            # From one that did not end well on to another: what was before it is still the way back.
            write_record(state, app, replace(record, to=ctx.spec.version), self.file)
            return
        if record.to != ctx.spec.version or record.volume != volume or not _goes_on(record, machine):
            record = await self.begin(ctx, machine, volume)
        if not await self._ours(ctx, record):
            await ctx.services.fly.create_snapshot(app, volume)
        made = await self._wait(ctx, record)
        write_record(state, app, replace(record, snapshot=made.id), self.file)
        ctx.say(_("Snapshot {id} of volume {volume} is made.").format(id=made.id, volume=volume))

    async def begin(self, ctx: Context, machine: Machine, volume: str) -> UpdateRecord:
        """Written down before anything is asked for: so a snapshot of ours is known by having come since."""
        seen = tuple(
            snapshot.id for snapshot in await ctx.reader.snapshots(ctx.spec.app, volume) if snapshot.id
        )
        at = time.strftime(TIME, time.gmtime())
        record = UpdateRecord(
            ctx.spec.version, version_of(machine.image), exact_image(machine), volume, seen, at=at
        )
        write_record(ctx.services.state, ctx.spec.app, record, self.file)
        return record

    async def _ours(self, ctx: Context, record: UpdateRecord) -> Snapshot | None:
        """The newest one that came since; also one that an earlier run asked for before it was cut off."""
        found = await ctx.reader.snapshots(ctx.spec.app, record.volume)
        return next((snapshot for snapshot in reversed(found) if snapshot.id not in record.seen), None)

    async def _wait(self, ctx: Context, record: UpdateRecord) -> Snapshot:
        waited, words = 0.0, ""
        while waited < SNAPSHOT_SECONDS:
            found = await self._ours(ctx, record)
            if found is not None and found.ready:
                return found
            words = found.status if found else ""
            await ctx.services.pause(POLL_SECONDS)
            waited += POLL_SECONDS
        raise FlyError(
            _(
                "Fly.io did not make the snapshot within {minutes:.0f} minutes ({state}). Nothing was changed."
            ).format(minutes=SNAPSHOT_SECONDS / 60, state=words or _("it is not listed")),
            hint=_("Trying again goes on waiting for it."),
        )


def reachable(ctx: Context, hint: str) -> Machine:
    """The machine whose files are to be changed. Raises GatewayError when it does not run."""
    machine = ctx.world.machine
    assert machine is not None
    if machine.state != "started":
        words = _("The machine is {state}: its files can't be reached.")
        raise GatewayError(words.format(state=machine.state), hint=hint)
    return machine


class CarryConfig(LookingStep):
    """January's openclaw.json is nothing that today's versions start with: theirs is put in its place first."""

    id: ClassVar[str] = "carry-config"
    parts: ClassVar[tuple[str, ...]] = ("machines", "ips")

    def title(self) -> str:
        return _("Bring openclaw.json up to date")

    def look(self, view: View) -> Look:
        machine = view.world.machine
        if machine is None or not runs_old(machine) or is_old(view.spec.version):
            return Look(Action.KEEP, _("this version reads what is there"))
        words = _("the old one is kept beside it; the version that runs now goes on with what it has")
        return Look(Action.CHANGE, words, in_machine(view.spec.app, view.world).sends(check=False))

    async def apply(self, ctx: Context) -> None:
        machine = reachable(ctx, _(STARTS_OR_RESCUE))
        gateway, app = ctx.services.gateway, ctx.spec.app
        text = config_text(WriteConfig().wanted(ctx))
        if await gateway.read_config(app, machine.id) == text:
            return
        await gateway.write_config(app, machine.id, text, check=False)


class DeployUpdate(Deploy):
    """The deploy of another version. One that can't read what is on the volume is told apart."""

    async def apply(self, ctx: Context) -> None:
        try:
            await self._exactly(ctx)
        except DeployUnhealthy as error:
            if not any(words in error.detail for words in TOO_NEW):
                raise
            raise StateTooNew(
                _("OpenClaw {version} can't read what a newer version has made of the volume.").format(
                    version=ctx.spec.version
                ),
                hint=_(
                    "U on Home: go back with the volume as it was before the update, or on to the newer version."
                ),
                detail=error.detail,
            ) from error

    async def _exactly(self, ctx: Context) -> None:
        """By its digest if that can be had."""
        try:
            await super().apply(ctx)
        except ImageNotFound:
            name, at, _digest = ctx.view.image.partition("@")
            if not at:
                raise
            ctx.say(_("{image} could not be had by its digest; trying by its name.").format(image=name))
            ctx.view = replace(ctx.view, image=name)
            await super().apply(ctx)


class AwaitUpdated(AwaitGateway):
    """The gateway answers; with that the update is over, and so it is written down."""

    async def apply(self, ctx: Context) -> None:
        await super().apply(ctx)
        record = read_record(ctx.services.state, ctx.spec.app)
        if record.broken_off and (record.to == ctx.spec.version or ctx.view.choice):
            write_record(ctx.services.state, ctx.spec.app, replace(record, done=True))

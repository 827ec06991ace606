"""The steps that give a gateway another machine or a larger volume (``Task.CHANGE``). What is not named stays.

A step that fails puts everything back as it was, as far as that can be; a volume that was made larger stays so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from claw_tui.domain import fly_args
from claw_tui.domain.answers import ExecResult
from claw_tui.domain.change_args import machine_update, volumes_extend
from claw_tui.domain.errors import ClawError, FlyError, GatewayError
from claw_tui.domain.fly_toml import build_fly_toml
from claw_tui.domain.machine_wish import MachineWish, change_of, target, target_volume, wish_of
from claw_tui.domain.plan import Action
from claw_tui.domain.prices import VOLUME_GB
from claw_tui.domain.spec import STATE_DIR
from claw_tui.domain.world import NO_MACHINE, typed_name
from claw_tui.engine.answering import POLL_SECONDS, PUBLIC_SECONDS, AwaitAnswer
from claw_tui.engine.coming_back import ComeBack, put_back
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.moving import CloneMachine, ForkVolume, RemoveOld, StopOld, copies, until_copied
from claw_tui.engine.powering import CordonMachines
from claw_tui.engine.steps import CheckingStep, LookingStep, Step
from claw_tui.i18n import _

GROWN = 0.9  # of its volume, at least; the rest is the file system's own


def change_steps(choice: str) -> tuple[Step, ...]:
    wish = wish_of(choice)
    if wish.back:
        return (ComeBack(), AwaitAnswer())
    found: list[Step] = []
    if wish.moves:
        found += [CordonOld(), StopOld(), ForkVolume(), CloneMachine()]
    if wish.disk > wish.before.volume_gb:
        found.append(ExtendVolume())
    if replace(wish, region="", volume_gb=0).differs:
        found.append(UpdateMachine())
    if wish.disk > wish.before.volume_gb:
        found.append(GrowFiles())
    found.append(AwaitChanged())
    if wish.moves:
        found.append(RemoveOld())
    return (*found, KeepChange())


class CordonOld(CordonMachines):
    """As long as nothing runs anybody's request would start it, and what is said then would be lost."""

    @staticmethod
    def _open(view: View) -> list:  # type: ignore[type-arg]
        old = wish_of(view.choice).before.machine
        return [m for m in CordonMachines._open(view) if m.id == old]  # noqa: SLF001


class ExtendVolume(LookingStep):
    """Larger only: Fly.io can't make one smaller."""

    id: ClassVar[str] = "extend-volume"
    parts: ClassVar[tuple[str, ...]] = ("volumes", "machines")

    def title(self) -> str:
        return _("Make the volume larger")

    def look(self, view: View) -> Look:
        wish = wish_of(view.choice)
        volume = target_volume(view.world, wish)
        if volume is not None and volume.size_gb >= wish.disk:
            return Look(Action.KEEP, _("{size} GB").format(size=volume.size_gb))
        name = volume.id if volume else "VOLUME"
        words = _("to {size} GB; it can't be made smaller again").format(size=wish.disk)
        return Look(Action.CHANGE, words, (fly_args.shown(volumes_extend(view.spec.app, name, wish.disk)),))

    async def apply(self, ctx: Context) -> None:
        wish = wish_of(ctx.view.choice)
        volume = target_volume(ctx.world, wish)
        if volume is None:
            raise GatewayError(
                _("The volume is not there any more."), hint=_("Look at Home, then try again.")
            )
        try:
            if wish.moves:
                await until_copied(ctx, ("created",))  # one that is still being filled can't be made larger
            await ctx.services.fly.extend_volume(ctx.spec.app, volume.id, wish.disk)
        except ClawError as error:
            raise await put_back(ctx, error) from error


class UpdateMachine(LookingStep):
    """Size, memory and start command; Node's heap follows the memory. All else of the machine stays."""

    id: ClassVar[str] = "update-machine"
    parts: ClassVar[tuple[str, ...]] = ("machines", "volumes")

    def title(self) -> str:
        return _("Change the machine")

    def look(self, view: View) -> Look:
        wish = wish_of(view.choice)
        machine = target(view.world, wish)
        if machine is None:
            return self._planned(view, wish)
        change = change_of(machine, wish)
        if not change:
            return Look(Action.KEEP, _("it is as wanted"))
        return Look(
            Action.CHANGE,
            _("it restarts"),
            (fly_args.shown(machine_update(view.spec.app, machine.id, change)),),
        )

    @staticmethod
    def _planned(view: View, wish: MachineWish) -> Look:
        """For a machine that a move has yet to make: it comes with its size, and the rest follows."""
        old = next((m for m in view.world.machines if m.id == wish.before.machine), None)
        change = change_of(old, wish) if old else None
        if not change or not (change.env or change.command):
            return Look(Action.KEEP, _("the new one comes as wanted"))
        command = fly_args.shown(machine_update(view.spec.app, NO_MACHINE, change))
        return Look(Action.CHANGE, _("it restarts"), (command,))

    async def apply(self, ctx: Context) -> None:
        wish = wish_of(ctx.view.choice)
        machine = target(ctx.world, wish)
        if machine is None:
            raise GatewayError(_("There is no machine any more."), hint=_("D on Home deploys one."))
        try:
            await ctx.services.fly.update_machine(ctx.spec.app, machine.id, change_of(machine, wish))
        except ClawError as error:
            if await self._is_there(ctx, wish):
                ctx.say(_("{what} But it is there: only the answer was lost.").format(what=error.message))
                return
            raise await put_back(ctx, error) from error

    @staticmethod
    async def _is_there(ctx: Context, wish: MachineWish) -> bool:
        """It may have been changed all the same; whether it is well is seen afterwards."""
        ctx.reader.changed(ctx.spec.app)
        try:
            world = await ctx.reader.read(ctx.spec.app, ("machines", "volumes"))
        except FlyError:
            return False
        machine = target(world, wish)
        return machine is not None and not change_of(machine, wish)


class GrowFiles(CheckingStep):
    """The file system grows with the volume by itself; on an older host at the machine's next start only."""

    id: ClassVar[str] = "grow-files"
    parts: ClassVar[tuple[str, ...]] = ("machines", "volumes")

    def title(self) -> str:
        return _("See that the file system has grown")

    def look(self, view: View) -> Look:
        machine = target(view.world, wish_of(view.choice))
        name = typed_name(machine)
        command = fly_args.machine_exec(view.spec.app, name, f"df -Pk {STATE_DIR}")
        return Look(Action.CHECK, _("if not, the machine is restarted once"), (fly_args.shown(command),))

    async def apply(self, ctx: Context) -> None:
        wish = wish_of(ctx.view.choice)
        try:
            await self._grow(ctx, wish)
        except ClawError as error:
            if wish.moves:  # else all is well but for the room: nothing is gained by going back
                raise await put_back(ctx, error) from error
            raise

    async def _grow(self, ctx: Context, wish: MachineWish) -> None:
        machine = target(ctx.world, wish)
        if machine is None:
            raise GatewayError(_("There is no machine any more."), hint=_("D on Home deploys one."))
        path = machine.mounts[0].path if machine.mounts else STATE_DIR
        if await self._size(ctx, machine.id, path) >= wish.disk * GROWN:
            ctx.say(_("The file system has grown."))
            return
        await ctx.services.fly.restart_machine(ctx.spec.app, machine.id)
        found = await self._size(ctx, machine.id, path)
        if found < wish.disk * GROWN:
            words = _("The volume has {size} GB, but its file system only {found:.1f} GB.")
            raise GatewayError(
                words.format(size=wish.disk, found=found),
                hint=_("Trying again restarts the machine once more."),
            )
        ctx.say(_("The file system has grown."))

    @staticmethod
    async def _size(ctx: Context, machine: str, path: str) -> float:
        """GB; a machine that is just starting does not take commands yet."""
        waited = 0.0
        while True:
            try:
                return _gigabytes(await ctx.services.fly.exec(ctx.spec.app, machine, f"df -Pk {path}"))
            except FlyError:
                if waited >= PUBLIC_SECONDS:
                    raise
            await ctx.services.pause(POLL_SECONDS)
            waited += POLL_SECONDS


def _gigabytes(answer: ExecResult) -> float:
    words = answer.stdout.strip().splitlines()[-1].split() if answer.stdout.strip() else []
    return int(words[1]) / 1024 / 1024 if len(words) > 1 and words[1].isdigit() else 0.0


class AwaitChanged(AwaitAnswer):
    """It answers, in its machine and at its public address; else all comes back."""

    id: ClassVar[str] = "await-answer"
    parts: ClassVar[tuple[str, ...]] = ("machines", "volumes", "ips")

    async def apply(self, ctx: Context) -> None:
        try:
            await super().apply(ctx)
            if ctx.world.public_ips:
                await self._public(ctx)
        except ClawError as error:
            raise await put_back(ctx, error) from error

    async def _public(self, ctx: Context) -> None:
        """Fly's proxy has to know a machine that is new."""
        waited, words, host = 0.0, "", ctx.spec.hostname
        while waited < PUBLIC_SECONDS:
            answer = await ctx.services.web.health(f"https://{host}")
            words = answer.words
            if self.is_alive(answer):
                ctx.say(_("The gateway answers at https://{host}.").format(host=host))
                return
            await ctx.services.pause(POLL_SECONDS)
            waited += POLL_SECONDS
        raise GatewayError(
            _("https://{host} does not answer as the gateway: {words}").format(host=host, words=words)
        )


class KeepChange(CheckingStep):
    """So that the next deploy leaves it: fly.toml, and with the end of the run the answers."""

    id: ClassVar[str] = "keep-change"
    parts: ClassVar[tuple[str, ...]] = ("machines", "volumes")

    def title(self) -> str:
        return _("Write it down, so that the next deploy keeps it")

    def look(self, view: View) -> Look:  # noqa: ARG002
        return Look(Action.CHECK, _("in fly.toml and in the answers that are kept here"))

    async def apply(self, ctx: Context) -> None:
        app, state, wish = ctx.spec.app, ctx.services.state, wish_of(ctx.view.choice)
        if app in state.known_apps():
            state.write_file(state.file(app, "fly.toml"), build_fly_toml(ctx.spec, ctx.view.base_toml))
        else:
            ctx.say(_("It was not set up from here: put the same into the fly.toml that you deploy it with."))
        kept = next((volume for volume in ctx.world.volumes if volume.id == wish.before.volume), None)
        if wish.moves and kept is not None:
            words = _(
                "The old volume {id} ({size} GB, {region}) stays, for ${dollars:.2f} a month; C on Home removes it."
            )
            ctx.say(words.format(
                id=kept.id, size=kept.size_gb, region=kept.region, dollars=kept.size_gb * VOLUME_GB,
            ))  # fmt: skip
        if wish.moves and any(volume.state != "created" for volume in await copies(ctx)):
            ctx.say(_("The copy is still being filled: keep the old volume until it is listed as “created”."))

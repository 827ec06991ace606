"""The steps of a migration from Clawdbot, Moltbot or January's OpenClaw, of the way back, and of its end."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from claw_tui.domain import fly_args
from claw_tui.domain.errors import DeployUnhealthy, GatewayError, ImageNotFound
from claw_tui.domain.exec_words import in_machine
from claw_tui.domain.gateway_config import config_text
from claw_tui.domain.generations import old_file, old_secrets, program_of, runs_old
from claw_tui.domain.kept_toml import kept_toml
from claw_tui.domain.layout import layout_in
from claw_tui.domain.migration import CONFIRM, FILE, OLD_TOML, on_volume, working_folders
from claw_tui.domain.openclaw import json5
from claw_tui.domain.plan import Action
from claw_tui.domain.power import STARTS
from claw_tui.domain.spec import STATE_DIR, Spec
from claw_tui.domain.update import UpdateRecord, snapshot_in
from claw_tui.domain.world import Machine
from claw_tui.engine.answering import AwaitAnswer, AwaitGateway
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.deploying import Deploy, WriteConfig
from claw_tui.engine.doors_kept import services_text
from claw_tui.engine.going_back import RemoveMachine, RestoreVolume
from claw_tui.engine.proving import ProveGateway
from claw_tui.engine.proving_private import ProveDeployed
from claw_tui.engine.secret_steps import StageSecrets
from claw_tui.engine.steps import LookingStep, Step, fitting_volumes
from claw_tui.engine.update_notes import data_volume, read_record, write_record
from claw_tui.engine.updating import TakeSnapshot, exact_image, reachable
from claw_tui.i18n import _


def migrating_steps(spec: Spec, choice: str) -> tuple[Step, ...]:
    if choice == CONFIRM:
        return (RemoveOldNames(),)
    if choice:
        before: tuple[Step, ...] = (RestoreVolume(), RemoveNew()) if snapshot_in(choice) else ()
        return (*before, DeployBefore(), AwaitBefore())
    proofs: tuple[Step, ...] = (ProveGateway(), ProveDeployed()) if spec.private else (ProveGateway(),)
    return (
        KeepOld(), CarrySecrets(), CarryState(), DeployMigrated(), WriteConfig(), AwaitMigrated(), *proofs,
    )  # fmt: skip


def _is_there(view: View) -> bool:
    """OpenClaw runs already: what prepares it was done."""
    machine = view.world.machine
    return machine is not None and not runs_old(machine)


class KeepOld(TakeSnapshot):
    """The volume as it is before, and the fly.toml of what runs now."""

    file: ClassVar[str] = FILE

    def needed(self, view: View) -> bool:
        return not _is_there(view)

    def look(self, view: View) -> Look:
        if self.needed(view) and not data_volume(view.world.machine):
            return Look(
                Action.CHECK, _("there is no volume with state on it; how it is deployed is written down")
            )
        return super().look(view)

    async def apply(self, ctx: Context) -> None:
        machine = ctx.world.machine
        assert machine is not None
        if data_volume(machine):
            await super().apply(ctx)
        else:
            await self.begin(ctx, machine, "")

    async def begin(self, ctx: Context, machine: Machine, volume: str) -> UpdateRecord:
        app, state = ctx.spec.app, ctx.services.state
        services = services_text(await ctx.reader.deployed_config(app))
        text = kept_toml(
            app, ctx.world, exact_image(machine), "", private=ctx.spec.private, services=services
        )
        state.write_file(state.file(app, OLD_TOML), text)
        record = await super().begin(ctx, machine, volume)
        told = await ctx.services.gateway.told(app, machine.id)
        record = replace(record, version=program_of(ctx.world, told).name)
        write_record(state, app, record, FILE)
        return record


class CarrySecrets(StageSecrets):
    """What OpenClaw looks for under another name gets it. Values go from the machine to Fly.io through this process only."""

    def title(self) -> str:
        return _("Give the secrets their new names")

    @staticmethod
    def _carried(view: View) -> dict[str, str]:
        """New name -> old one, of those that Fly.io does not have by the new one."""
        unsent = set(view.unsent)
        return {new: old for old, new in old_secrets(view.world).items() if new in unsent}

    def look(self, view: View) -> Look:
        found, carried = super().look(view), self._carried(view)
        if not carried:
            return found
        words = [_("{new} (as {old} has it)").format(new=new, old=old) for new, old in carried.items()]
        others = [name for name in view.unsent if name not in carried]
        return replace(found, detail=", ".join((*words, *others)))

    async def apply(self, ctx: Context) -> None:
        carried = {new: old for new, old in self._carried(ctx.view).items() if new not in ctx.secrets}
        machine = ctx.world.machine
        if carried and machine is not None:
            found = await ctx.services.gateway.values(ctx.spec.app, machine.id, tuple(carried.values()))
            missing = [old for old in carried.values() if old not in found]
            if missing:
                raise GatewayError(
                    _("The gateway's process does not have these secrets: {names}").format(
                        names=", ".join(missing)
                    ),
                    hint=_("T on Home restarts it; or give the new name a value with K. Then try again."),
                )
            ctx.secrets = {**ctx.secrets, **{new: found[old] for new, old in carried.items()}}
        await super().apply(ctx)


class CarryState(LookingStep):
    """openclaw.json beside the old file, the working folder on the volume, and all of it the new gateway's own."""

    id: ClassVar[str] = "carry-config"
    parts: ClassVar[tuple[str, ...]] = ("machines", "ips")

    def title(self) -> str:
        return _("Prepare the volume for OpenClaw")

    def look(self, view: View) -> Look:
        machine = view.world.machine
        if machine is None or _is_there(view):
            return Look(Action.KEEP, _("OpenClaw runs already"))
        words = _("openclaw.json, /data/workspace, owner 1000; the gateway that runs does not need them")
        inside = in_machine(view.spec.app, view.world)
        folders = inside.adopts(layout_in(view.world).state)
        return Look(Action.CHANGE, words, (folders, *inside.sends(check=False)))

    async def apply(self, ctx: Context) -> None:
        machine = reachable(ctx, _(STARTS))
        gateway, app = ctx.services.gateway, ctx.spec.app
        wanted = WriteConfig().wanted(ctx)
        await gateway.adopt_state(app, machine.id, await self._folders(ctx, machine))
        text = config_text(wanted)
        if await gateway.read_config(app, machine.id) != text:
            await gateway.write_config(app, machine.id, text, check=False)
        ctx.services.state.write_file(ctx.services.state.file(app, "openclaw.json"), text)

    @staticmethod
    async def _folders(ctx: Context, machine: Machine) -> tuple[str, ...]:
        """By its own settings; the new ones say nothing of it any more."""
        gateway, app = ctx.services.gateway, ctx.spec.app
        told = await gateway.told(app, machine.id)
        text = await gateway.read_old(app, machine.id, old_file(program_of(ctx.world, told), told.files))
        try:
            tree = json5.read(text) if text else {}
        except ValueError:
            tree = {}
        return working_folders(tree if isinstance(tree, dict) else {})[0]


class DeployMigrated(Deploy):
    """The same app with OpenClaw's image, command, variables and check."""

    def title(self) -> str:
        return _("Deploy OpenClaw in its place")

    async def apply(self, ctx: Context) -> None:
        try:
            await super().apply(ctx)
        except DeployUnhealthy as error:
            back = _("Y on Home goes back to what ran before.")
            raise DeployUnhealthy(
                error.message, hint=f"{error.hint} {back}".strip(), detail=error.detail
            ) from error


class AwaitMigrated(AwaitGateway):
    """It answers; with that the migration is over, and so it is written down."""

    async def apply(self, ctx: Context) -> None:
        await super().apply(ctx)
        record = read_record(ctx.services.state, ctx.spec.app, FILE)
        if record.broken_off:
            write_record(ctx.services.state, ctx.spec.app, replace(record, done=True), FILE)


# -- the way back -----------------------------------------------------------------------------------------------------
class RemoveNew(RemoveMachine):
    """OpenClaw's machine."""

    file: ClassVar[str] = FILE


class DeployBefore(LookingStep):
    """The image and the fly.toml from before. The old secrets were never taken away."""

    id: ClassVar[str] = "deploy"
    parts: ClassVar[tuple[str, ...]] = Deploy.parts

    def title(self) -> str:
        return _("Deploy what ran before")

    def look(self, view: View) -> Look:
        machine = view.world.machine
        if not view.image:  # it was cut off when all was done
            return Look(Action.KEEP, _("what ran before runs again"))
        restored = next((v.id for v in fitting_volumes(view) if snapshot_in(view.choice)), "")
        same = machine is not None and machine.image.partition("@")[0] == view.image.partition("@")[0]
        if (
            machine is not None
            and same
            and machine.state == "started"
            and restored in ("", data_volume(machine))
        ):
            return Look(Action.KEEP, _("machine {id} runs as wanted").format(id=machine.id))
        argv = fly_args.deploy(view.spec.app, "fly.toml", ".", private=view.spec.private, image=view.image)
        return Look(Action.CHANGE, view.image, (fly_args.shown(argv),))

    async def apply(self, ctx: Context) -> None:
        app, state = ctx.spec.app, ctx.services.state
        path = state.file(app, "fly.toml")
        text = state.read_file(state.file(app, OLD_TOML))
        if snapshot_in(ctx.view.choice):
            text = on_volume(text, ctx.spec.volume_name)
        state.write_file(path, text)
        name, at, _digest = ctx.view.image.partition("@")
        try:
            await self._deploy(ctx, ctx.view.image)
        except ImageNotFound:
            if not at:
                raise
            ctx.say(_("{image} could not be had by its digest; trying by its name.").format(image=name))
            await self._deploy(ctx, name)

    @staticmethod
    async def _deploy(ctx: Context, image: str) -> None:
        app = ctx.spec.app
        path = ctx.services.state.file(app, "fly.toml")
        await ctx.services.fly.deploy(
            app, path, path.parent, private=ctx.spec.private, on_line=ctx.say, image=image
        )


class AwaitBefore(AwaitAnswer):
    """It answers: there was no migration."""

    async def apply(self, ctx: Context) -> None:
        await super().apply(ctx)
        state, app = ctx.services.state, ctx.spec.app
        state.drop_answers(app)  # they are OpenClaw's
        write_record(state, app, UpdateRecord(), FILE)
        ctx.say(_("What ran before runs again. The new names of its secrets do no harm."))


# -- all is well ------------------------------------------------------------------------------------------------------
class RemoveOldNames(LookingStep):
    """Secrets that nothing looks for any more. With them the way back goes."""

    id: ClassVar[str] = "remove-old-names"
    parts: ClassVar[tuple[str, ...]] = ("secrets", "machines")

    def title(self) -> str:
        return _("Take the old names away")

    @staticmethod
    def _left(view: View) -> tuple[str, ...]:
        return tuple(old for old, new in old_secrets(view.world).items() if view.world.digest_of(new))

    def look(self, view: View) -> Look:
        left = self._left(view)
        if not left:
            return Look(Action.CHECK, _("there is none"))
        command = fly_args.shown(fly_args.secrets_unset(view.spec.app, left))
        return Look(
            Action.CHANGE, _("{names}; nothing is restarted for it").format(names=", ".join(left)), (command,)
        )

    async def apply(self, ctx: Context) -> None:
        machine = ctx.world.machine
        if machine is None or runs_old(machine):
            raise GatewayError(
                _("OpenClaw does not run here: the old names are still needed."),
                hint=_("Y on Home goes on or back."),
            )
        if left := self._left(ctx.view):
            await ctx.services.fly.unset_secrets(ctx.spec.app, left)
        write_record(ctx.services.state, ctx.spec.app, UpdateRecord(), FILE)
        ctx.say(
            _("The files of before stay on the volume in {folder}; nothing reads them.").format(
                folder=STATE_DIR
            )
        )

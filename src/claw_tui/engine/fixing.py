"""The steps of Task.FIX: what the doctor offers, made of what there is already; at the end it looks again."""

from __future__ import annotations

from typing import ClassVar

from claw_tui.domain import fly_args
from claw_tui.domain.change_args import machine_cordon
from claw_tui.domain.doctor import fixes, owning
from claw_tui.domain.doctor.choice import Wanted, read_choice
from claw_tui.domain.doctor.deploy_words import deploy_commands
from claw_tui.domain.doctor.drifting import said_command
from claw_tui.domain.doctor.errors import StillSick
from claw_tui.domain.doctor.model import Diagnosis, Standing, Verdict
from claw_tui.domain.doctor.part_words import deployed_words
from claw_tui.domain.doctor.repairs import is_as_wanted, makes_way, repaired, serves
from claw_tui.domain.doors import Door, door_of
from claw_tui.domain.errors import GatewayError, ImageNotFound
from claw_tui.domain.kept_toml import kept_toml
from claw_tui.domain.plan import Action
from claw_tui.domain.rescue import in_rescue
from claw_tui.domain.world import typed_name
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.doctor_reader import look_again
from claw_tui.engine.doors_kept import services_text
from claw_tui.engine.fix_at_rest import AwaitMended, TellAddresses
from claw_tui.engine.fix_files import DropLocks, MendOwner, MendSettings, PutFile, wanted_of
from claw_tui.engine.fix_owners import GiveBack
from claw_tui.engine.hardening import DeployDoor, ReleasePublic
from claw_tui.engine.reaching import WriteReach
from claw_tui.engine.rescuing import EnterRescue
from claw_tui.engine.secret_steps import ApplySecrets, StageSecrets
from claw_tui.engine.steps import (
    AllocatePrivateAddress,
    AssurePublicAddresses,
    CheckingStep,
    LookingStep,
    Step,
)
from claw_tui.i18n import _

FILE = "fly.fix.toml"  # becomes the app's fly.toml once it is deployed
LOOKS, PAUSE = 4, 10.0  # of the doctor at the end, and seconds between them: channels take a while


def fixing_steps(choice: str) -> tuple[Step, ...]:
    """In this order, whatever the order of the words."""
    wanted = read_choice(choice)
    inside: list[Step] = []
    if wanted.rescue or wanted.has(fixes.OWNER):
        inside.append(MendOwner())
    if wanted.after(owning.OWN) or (wanted.rescue and wanted.has(fixes.OWNER)):
        inside.append(GiveBack())
    if wanted.has(fixes.LOCKS):
        inside.append(DropLocks())
    if wanted.file:
        inside.append(PutFile())
    settings: list[Step] = [MendSettings()] if wanted.settings else []
    told: list[Step] = (
        [TellAddresses()] if wanted.has(fixes.ADDRESSES) else []
    )  # once openclaw.json can be read
    steps: list[Step] = [RemoveMachine()] if wanted.removes else []
    if wanted.secrets:
        steps.append(StageSecrets())
    if wanted.rescue:
        steps += [EnterRescue(), *inside, *settings, DeployMended()]
        inside = settings = []
    elif wanted.deploys:
        steps.append(DeployMended())
    return (*steps, *_after(wanted), *inside, *settings, *told, AwaitMended(), LookAgain())


def _after(wanted: Wanted) -> list[Step]:
    """What needs a machine as it is to be."""
    steps: list[Step] = []
    if wanted.has(fixes.APPLY) or wanted.secrets:
        steps.append(ApplySecrets())
    if wanted.has(fixes.RESTART):
        steps.append(RestartMachine())
    if wanted.has(fixes.START):
        steps.append(StartMachine())
    if wanted.has(fixes.ADDRESSES):
        steps.append(AssurePublicAddresses())
    if wanted.has(fixes.PRIVATE):
        steps += [AllocatePrivateAddress(), DeployDoor(), ReleasePublic(), WriteReach()]
    return steps


class RemoveMachine(LookingStep):
    """Never the last one. A volume stays."""

    id: ClassVar[str] = "remove-machine"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Remove the machine that is too many")

    def look(self, view: View) -> Look:
        going = self._going(view)
        if not going:
            return Look(Action.KEEP, _("it is gone"))
        commands = tuple(fly_args.shown(fly_args.machine_destroy(view.spec.app, id_)) for id_ in going)
        return Look(Action.CHANGE, ", ".join(going), commands)

    @staticmethod
    def _going(view: View) -> list[str]:
        named, machines = wanted_of(view).removes, view.world.machines
        going = [machine.id for machine in machines if machine.id in named]
        return going if len(going) < len(machines) else []

    async def apply(self, ctx: Context) -> None:
        for id_ in self._going(ctx.view):
            await ctx.services.fly.destroy_machine(ctx.spec.app, id_)


class DeployMended(LookingStep):
    """``fly deploy`` of what runs, with the parts mended that the fixes name. It takes a rescue out, too."""

    id: ClassVar[str] = "deploy"
    parts: ClassVar[tuple[str, ...]] = ("app", "volumes", "secrets", "machines", "ips")

    def title(self) -> str:
        return _("Deploy the same gateway, mended")

    @staticmethod
    def _image(view: View) -> str:
        return wanted_of(view).image or view.image

    def look(self, view: View) -> Look:
        wanted = wanted_of(view)
        parts = deployed_words(wanted.deploys)
        argv = fly_args.deploy(
            view.spec.app, "fly.toml", ".", private=view.spec.private, image=self._image(view)
        )
        words = _("all else stays; mended: {parts}").format(parts=parts)
        if going := makes_way(view.world, wanted):
            words = _("machine {id} goes: it has no volume, and a new one takes its place").format(id=going)
        deploy = fly_args.shown(argv)
        return Look(Action.CHANGE, words, deploy_commands(view.spec.app, view.world, wanted, deploy))

    async def is_done(self, ctx: Context) -> bool:
        machine, wanted = ctx.world.machine, wanted_of(ctx.view)
        if machine is None or in_rescue(machine) or wanted.rescue:
            return False
        return is_as_wanted(ctx.world, wanted, ctx.spec, await self._said(ctx))

    async def _said(self, ctx: Context) -> str:
        """The start command that Fly.io has for it."""
        if "wanted" not in wanted_of(ctx.view).deploys:
            return ""
        return said_command(await ctx.reader.deployed_config(ctx.spec.app))

    async def apply(self, ctx: Context) -> None:
        app, state = ctx.spec.app, ctx.services.state
        path, image = state.file(app, FILE), self._image(ctx.view)
        if ctx.world.machine is not None:
            state.write_file(path, await self._text(ctx, image))
            await self._make_way(ctx)
        elif not path.exists():
            raise GatewayError(_("There is no machine any more."), hint=_("D on Home deploys one."))
        try:
            await self._deploy(ctx, image)
        except ImageNotFound:
            name, at, _digest = image.partition("@")
            if not at:
                raise
            ctx.say(_("{image} could not be had by its digest; trying by its name.").format(image=name))
            await self._deploy(ctx, name)
        state.write_file(state.file(app, "fly.toml"), state.read_file(path))
        await self._start(ctx)

    async def _make_way(self, ctx: Context) -> None:
        """A machine that has no volume is given none by a deploy: a new one takes its place. Nothing is kept in the old one."""
        if going := makes_way(ctx.world, wanted_of(ctx.view)):
            ctx.say(_("Machine {id} has no volume; a new one takes its place.").format(id=going))
            await ctx.services.fly.destroy_machine(ctx.spec.app, going)

    async def _text(self, ctx: Context, image: str) -> str:
        """Services stay as they are, unless they are to be ours."""
        wanted, spec = wanted_of(ctx.view), ctx.spec
        world = repaired(ctx.world, wanted, spec, await self._said(ctx))
        shut = door_of(ctx.world) is Door.SHUT and not serves(wanted)
        kept = "" if serves(wanted) or shut else services_text(await ctx.reader.deployed_config(spec.app))
        private = spec.private and (serves(wanted) or not kept)
        text = kept_toml(
            spec.app, world, image, ctx.view.base_toml, private=private, services=kept, port=wanted.port
        )
        return _without_services(text) if shut else text

    async def _deploy(self, ctx: Context, image: str) -> None:
        path = ctx.services.state.file(ctx.spec.app, FILE)
        await ctx.services.fly.deploy(
            ctx.spec.app, path, path.parent, private=ctx.spec.private, on_line=ctx.say, image=image
        )

    @staticmethod
    async def _start(ctx: Context) -> None:
        """A deploy leaves a machine stopped that was stopped."""
        ctx.reader.changed(ctx.spec.app, ("machines",))
        for machine in (await ctx.reader.read(ctx.spec.app, ("machines",))).machines:
            if machine.state in ("stopped", "suspended"):
                await ctx.services.fly.start_machine(ctx.spec.app, machine.id)


def _without_services(text: str) -> str:
    """Of a gateway that nothing leads to: that is not what is mended here."""
    import tomlkit  # noqa: PLC0415

    document = tomlkit.parse(text)
    for name in ("http_service", "services"):
        document.pop(name, None)
    return tomlkit.dumps(document)


class RestartMachine(CheckingStep):
    """Whatever runs in it ends, and the gateway starts anew."""

    id: ClassVar[str] = "restart"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Restart the machine")

    def look(self, view: View) -> Look:
        name = typed_name(view.world.machine)
        return Look(Action.CHANGE, name, (fly_args.shown(fly_args.machine_restart(view.spec.app, name)),))

    async def apply(self, ctx: Context) -> None:
        if (machine := ctx.world.machine) is not None:
            await ctx.services.fly.restart_machine(ctx.spec.app, machine.id)


class StartMachine(LookingStep):
    """One that was stopped."""

    id: ClassVar[str] = "start"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Start the machine")

    def look(self, view: View) -> Look:
        machine, app = view.world.machine, view.spec.app
        runs = machine is not None and machine.state == "started"
        name = typed_name(machine)
        commands = () if runs else (fly_args.machine_start(app, name),)
        if machine is not None and machine.cordoned:
            commands = (*commands, machine_cordon(app, name, on=False))
        if not commands:
            return Look(Action.KEEP, _("it runs"))
        return Look(Action.CHANGE, name, tuple(map(fly_args.shown, commands)))

    async def apply(self, ctx: Context) -> None:
        if (machine := ctx.world.machine) is not None:
            if machine.state != "started":
                await ctx.services.fly.start_machine(ctx.spec.app, machine.id)
            if machine.cordoned:
                await ctx.services.fly.cordon_machine(ctx.spec.app, machine.id, on=False)


class LookAgain(CheckingStep):
    """The doctor once more: is what was to be mended well now?"""

    id: ClassVar[str] = "look-again"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Look again, from all sides")

    def look(self, view: View) -> Look:  # noqa: ARG002
        return Look(Action.CHECK, _("what was wrong has to be well now"))

    async def apply(self, ctx: Context) -> None:
        for count in range(LOOKS):
            if count:
                await ctx.services.pause(PAUSE)
            found = await look_again(ctx.services, ctx.reader, ctx.spec.app)
            left = self._left(found, wanted_of(ctx.view))
            if not left and (count or found.verdict is not Verdict.UNKNOWN):
                break
        for finding in found.wrong:
            ctx.say(f"✗ {ctx.redact(finding.words)}")
        if left:
            raise StillSick(_("It is still not well: {what}").format(what=left[0]))
        unknown = [finding for finding in found.findings if finding.standing is Standing.UNKNOWN]
        for finding in unknown:
            ctx.say(f"? {ctx.redact(finding.words)}")
        if unknown:
            ctx.say(_("It is done; not everything could be asked to see that it is well now."))
        else:
            ctx.say(_("What was to be mended is well now."))

    @staticmethod
    def _left(found: Diagnosis, wanted: Wanted) -> list[str]:
        """What the same fix would be done for again."""
        mended = set(wanted.words)
        return [f.words for f in found.wrong if f.fixable and f.fix and mended.issuperset(f.fix.id.split())]

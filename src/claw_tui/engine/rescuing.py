"""The steps that reach into a gateway that does not start. The volume is never touched but for openclaw.json."""

from __future__ import annotations

from typing import ClassVar

from claw_tui.domain import fly_args
from claw_tui.domain.errors import ConfigRejected, FlyError, GatewayError
from claw_tui.domain.gateway_config import config_text
from claw_tui.domain.generations import runs_old
from claw_tui.domain.jobs import RESCUE_LOOK
from claw_tui.domain.plan import Action
from claw_tui.domain.rescue import in_rescue, named_secrets
from claw_tui.domain.world import Machine, typed_name
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.deploying import loads
from claw_tui.engine.own_config import own_config
from claw_tui.engine.steps import CheckingStep, LookingStep
from claw_tui.i18n import _

UP_TRIES = 30
POLL_SECONDS = 2.0
LOOK, OWNER, ANSWERS, PUT = RESCUE_LOOK, "owner", "answers", "put:"  # what a rescue is to do (Job.choice)


class EnterRescue(LookingStep):
    """The machine is started with a program that only waits, so that its files can be reached."""

    id: ClassVar[str] = "enter-rescue"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Start the machine without the gateway")

    def look(self, view: View) -> Look:
        machine = view.world.machine
        if in_rescue(machine) and machine is not None and machine.state == "started":
            return Look(Action.KEEP, _("machine {id} is in rescue").format(id=machine.id))
        name = typed_name(machine)
        command = fly_args.shown(fly_args.machine_rescue(view.spec.app, name))
        return Look(Action.CHANGE, _("the volume stays as it is"), (command,))

    async def apply(self, ctx: Context) -> None:
        machine = the_machine(ctx)
        if not in_rescue(machine):
            await ctx.services.fly.rescue_machine(ctx.spec.app, machine.id)
        for _try in range(UP_TRIES):
            world = await ctx.reader.read(ctx.spec.app, ("machines",))
            if world.machine is not None and world.machine.state == "started":
                return
            await ctx.services.fly.start_machine(ctx.spec.app, machine.id)
            await ctx.services.pause(POLL_SECONDS)
        raise GatewayError(
            _("The machine does not start, not even without the gateway."), hint=_("Its log says why.")
        )


class LookInside(CheckingStep):
    """Why the gateway does not start, in plain words; owner and mode of its file are mended at once."""

    id: ClassVar[str] = "look-inside"
    parts: ClassVar[tuple[str, ...]] = ("machines", "secrets")

    def title(self) -> str:
        return _("Look at openclaw.json")

    def look(self, view: View) -> Look:  # noqa: ARG002
        return Look(Action.CHECK, _("owner and mode are mended, the rest is told"))

    async def apply(self, ctx: Context) -> None:
        machine = the_machine(ctx)
        found = await causes(ctx, machine)
        for words in found or [_("Nothing wrong was found in openclaw.json.")]:
            ctx.say(words)


async def causes(ctx: Context, machine: Machine) -> list[str]:
    """What keeps the gateway from starting; owner and mode are mended on the way."""
    gateway, app, found = ctx.services.gateway, ctx.spec.app, []
    if await gateway.mend_owner(app, machine.id):
        found.append(_("openclaw.json could not be read by the gateway's user. Mended: it is theirs again."))
    text = await gateway.read_config(app, machine.id)
    if text is None:
        return [*found, _("There is no openclaw.json.")]
    if not runs_old(machine):
        try:
            await gateway.validate(app, machine.id)
        except ConfigRejected as error:
            found += [
                _("OpenClaw refuses it: {issue}").format(issue=line) for line in error.detail.splitlines()
            ]
    config = loads(text)
    if isinstance(config, dict) and not (config.get("gateway") or {}).get("mode"):
        found.append(_("gateway.mode is not set in it."))
    there = {info.name for info in ctx.world.secrets}
    missing = sorted(set(named_secrets(config)) - there)
    found += [_("It takes {name} from a secret that is not set.").format(name=name) for name in missing]
    if not any(name.endswith("_GATEWAY_TOKEN") for name in there):
        found.append(_("The gateway token is not set as a secret: K on Home sets one."))
    return found


class MendConfig(LookingStep):
    """What was chosen: a backup, the answers' file, or nothing more."""

    id: ClassVar[str] = "mend-config"
    parts: ClassVar[tuple[str, ...]] = ("machines", "ips")

    def title(self) -> str:
        return _("Mend openclaw.json")

    def look(self, view: View) -> Look:
        if view.choice.startswith(PUT):
            return Look(Action.CHANGE, _("{name} is put back").format(name=view.choice.removeprefix(PUT)))
        if view.choice == ANSWERS:
            return Look(Action.CHANGE, _("written anew from the answers"))
        return Look(Action.KEEP, _("only owner and mode"))

    async def is_done(self, ctx: Context) -> bool:
        if ctx.view.choice.startswith(PUT):
            name = ctx.view.choice.removeprefix(PUT)
            return await ctx.services.gateway.has_backup(ctx.spec.app, the_machine(ctx).id, name)
        return ctx.view.choice != ANSWERS

    async def apply(self, ctx: Context) -> None:
        machine, gateway, app = the_machine(ctx), ctx.services.gateway, ctx.spec.app
        if ctx.view.choice == ANSWERS:
            text = config_text(own_config(ctx.view))
            await gateway.write_config(app, machine.id, text)
            ctx.services.state.write_file(ctx.services.state.file(app, "openclaw.json"), text)
            return
        name = ctx.view.choice.removeprefix(PUT)
        await gateway.restore(app, machine.id, name, check=not runs_old(machine))
        await gateway.settle(app, machine.id)


def the_machine(ctx: Context) -> Machine:
    """Never more than one: another one would have another volume."""
    machines = ctx.world.machines
    if not machines:
        raise FlyError(_("There is no machine to rescue."), hint=_("D on Home deploys one."))
    if len(machines) > 1:
        raise FlyError(
            _("This app has {count} machines; the rescue is for a gateway with one.").format(
                count=len(machines)
            ),
            hint=_("Remove the one that has no volume (`fly machine destroy`), then try again."),
        )
    return machines[0]

"""The steps that stop a gateway, start it again, or start it anew (``Task.POWER``). What it is stays as it is."""

from __future__ import annotations

from typing import ClassVar

from claw_tui.domain import fly_args
from claw_tui.domain.change_args import machine_cordon, machine_stop
from claw_tui.domain.errors import FlyError, GatewayError
from claw_tui.domain.plan import Action
from claw_tui.domain.power import RESTART, RESTS, STOP, anew_after, is_stop, newest_start
from claw_tui.domain.world import Machine, typed_name
from claw_tui.engine.answering import AwaitAnswer
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.extras import kept_machine
from claw_tui.engine.steps import CheckingStep, LookingStep, Step
from claw_tui.i18n import _

START_TRIES, POLL_SECONDS = 40, 3.0


def power_steps(choice: str) -> tuple[Step, ...]:
    if is_stop(choice):
        return (*((CordonMachines(),) if choice == STOP else ()), StopMachines(), CheckStopped())
    first: Step = RestartMachine() if choice.startswith(RESTART) else StartMachine()
    return (first, UncordonMachine(), AwaitAnswer())


class CordonMachines(LookingStep):
    """Else anybody's request would start it again: Fly's proxy does that."""

    id: ClassVar[str] = "cordon-machine"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Take it off Fly's proxy, so that no request starts it")

    @staticmethod
    def _open(view: View) -> list[Machine]:
        return [m for m in view.world.machines if m.starts_by_itself and not m.cordoned]

    def look(self, view: View) -> Look:
        found = self._open(view)
        if not found:
            return Look(Action.KEEP, _("no request starts it"))
        commands = (fly_args.shown(machine_cordon(view.spec.app, m.id, on=True)) for m in found)
        return Look(Action.CHANGE, ", ".join(m.id for m in found), tuple(commands))

    async def apply(self, ctx: Context) -> None:
        for machine in self._open(ctx.view):
            await ctx.services.fly.cordon_machine(ctx.spec.app, machine.id, on=True)


class StopMachines(LookingStep):
    """All that run: each costs as long as it does."""

    id: ClassVar[str] = "stop-machine"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Stop the machine")

    @staticmethod
    def _running(view: View) -> list[Machine]:
        return [m for m in view.world.machines if m.state not in (*RESTS, "destroyed")]

    def look(self, view: View) -> Look:
        found = self._running(view)
        if not found:
            return Look(Action.KEEP, _("it is stopped"))
        commands = (fly_args.shown(machine_stop(view.spec.app, m.id)) for m in found)
        return Look(Action.CHANGE, ", ".join(m.id for m in found), tuple(commands))

    async def apply(self, ctx: Context) -> None:
        for machine in self._running(ctx.view):
            await ctx.services.fly.stop_machine(ctx.spec.app, machine.id)


class CheckStopped(CheckingStep):
    """Fly.io is asked once more whether it is."""

    id: ClassVar[str] = "check-stopped"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Check that it is stopped")

    def look(self, view: View) -> Look:  # noqa: ARG002
        return Look(Action.CHECK, _("Fly.io is asked anew"))

    async def apply(self, ctx: Context) -> None:
        running: list[Machine] = []
        for _try in range(START_TRIES):
            ctx.reader.changed(ctx.spec.app, ("machines",))
            world = await ctx.reader.read(ctx.spec.app, ("machines",))
            running = [machine for machine in world.machines if machine.state not in RESTS]
            if not running:
                ctx.say(_("It is stopped."))
                return
            if all(machine.state == "started" for machine in running):
                break  # somebody has asked for it
            await ctx.services.pause(POLL_SECONDS)
        ids = ", ".join(f"{machine.id} ({machine.state})" for machine in running)
        raise FlyError(
            _("It does not stay stopped: {machines}.").format(machines=ids),
            hint=_("A request may have started it. Trying again stops it once more."),
        )


class StartMachine(LookingStep):
    """The gateway's machine; others that an app may have stay as they are."""

    id: ClassVar[str] = "start-machine"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Start the machine")

    def look(self, view: View) -> Look:
        machine = kept_machine(view.world)
        if machine is not None and machine.state == "started":
            return Look(Action.KEEP, _("it runs"))
        name = typed_name(machine)
        return Look(Action.CHANGE, name, (fly_args.shown(fly_args.machine_start(view.spec.app, name)),))

    async def apply(self, ctx: Context) -> None:
        for _try in range(START_TRIES):
            ctx.reader.changed(ctx.spec.app, ("machines",))
            machine = kept_machine(await ctx.reader.read(ctx.spec.app, ("machines",)))
            if machine is None:
                raise GatewayError(_("There is no machine any more."), hint=_("D on Home deploys one."))
            if machine.state == "started":
                return
            if machine.state in RESTS:
                await ctx.services.fly.start_machine(ctx.spec.app, machine.id)
            await ctx.services.pause(POLL_SECONDS)
        raise GatewayError(
            _("The machine does not start."), hint=_("Its log says why; X on Home rescues it.")
        )


class RestartMachine(LookingStep):
    """Once: a start that came after the newest one of then is this one's."""

    id: ClassVar[str] = "restart-machine"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Start the machine anew")

    def look(self, view: View) -> Look:
        machine = kept_machine(view.world)
        if (
            machine is not None
            and machine.state == "started"
            and newest_start(machine) > anew_after(view.choice)
        ):
            return Look(Action.KEEP, _("it was started anew"))
        name = typed_name(machine)
        return Look(Action.CHANGE, name, (fly_args.shown(fly_args.machine_restart(view.spec.app, name)),))

    async def apply(self, ctx: Context) -> None:
        machine = kept_machine(ctx.world)
        if machine is None:
            raise GatewayError(_("There is no machine any more."), hint=_("D on Home deploys one."))
        await ctx.services.fly.restart_machine(ctx.spec.app, machine.id)


class UncordonMachine(LookingStep):
    """Fly's proxy leads to it again."""

    id: ClassVar[str] = "uncordon-machine"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Let Fly's proxy lead to it again")

    def look(self, view: View) -> Look:
        machine = kept_machine(view.world)
        if machine is None or not machine.cordoned:
            return Look(Action.KEEP, _("it does"))
        command = fly_args.shown(machine_cordon(view.spec.app, machine.id, on=False))
        return Look(Action.CHANGE, machine.id, (command,))

    async def apply(self, ctx: Context) -> None:
        machine = kept_machine(ctx.world)
        assert machine is not None
        await ctx.services.fly.cordon_machine(ctx.spec.app, machine.id, on=False)

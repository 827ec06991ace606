"""The steps after openclaw.json was replaced: does the gateway take it, and else the way back."""

from __future__ import annotations

from typing import ClassVar

from claw_tui.domain.delivery import BAD, Delivery, Reload, meaning, outcome, telling
from claw_tui.domain.errors import ClawError, DeployUnhealthy, GatewayError, MachineStopped
from claw_tui.domain.exec_words import in_machine
from claw_tui.domain.gateway_config import same_config
from claw_tui.domain.generations import runs_old
from claw_tui.domain.layout import layout_in
from claw_tui.domain.plan import Action
from claw_tui.domain.world import Machine
from claw_tui.engine.answering import AwaitAnswer
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.deploying import loads
from claw_tui.engine.following import (
    BACK_SECONDS,
    BACK_TRIES,
    POLL_SECONDS,
    NotTaken,
    follow,
    not_taken,
    read_delivery,
)
from claw_tui.engine.own_config import own_config
from claw_tui.engine.steps import LookingStep
from claw_tui.i18n import _


class RestoreConfig(LookingStep):
    """A backup goes the way of a new file; it does not leave the machine."""

    id: ClassVar[str] = "restore-config"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Put openclaw.json back")

    def look(self, view: View) -> Look:
        machine = view.world.machine
        detail, old = view.choice, machine is not None and runs_old(machine)
        if old:
            detail = _("{name}; this version cannot check it first").format(name=view.choice)
        backup = layout_in(view.world).beside(view.choice)
        there = in_machine(view.spec.app, view.world)
        return Look(Action.CHANGE, detail, there.takes(backup, check=not old))

    async def is_done(self, ctx: Context) -> bool:
        machine = ctx.world.machine
        if machine is None:
            return False
        return await ctx.services.gateway.has_backup(ctx.spec.app, machine.id, ctx.view.choice)

    async def apply(self, ctx: Context) -> None:
        machine = ctx.world.machine
        if machine is None:
            raise GatewayError(_("There is no machine to write to."), hint=_("Trying again deploys it."))
        old = runs_old(machine)
        if old:
            ctx.say(_("This version cannot check a file; it is put back byte for byte."))
        await ctx.services.gateway.restore(ctx.spec.app, machine.id, ctx.view.choice, check=not old)
        ctx.say(_("{name} is in place of openclaw.json.").format(name=ctx.view.choice))


class AwaitReload(AwaitAnswer):
    """The gateway says in its log what it did with the file; when it cannot work with it, the old one comes back."""

    id: ClassVar[str] = "await-reload"
    limit: ClassVar[float] = BACK_SECONDS

    def title(self) -> str:
        return _("Wait until the gateway has taken it over")

    def look(self, view: View) -> Look:  # noqa: ARG002
        return Look(Action.CHECK, _("else the old file is put back"))

    async def apply(self, ctx: Context) -> None:
        machine = ctx.world.machine
        if machine is None:
            raise GatewayError(_("There is no machine."), hint=_("Trying again deploys it."))
        if runs_old(machine):
            await super().apply(ctx)
            return
        delivery = await read_delivery(ctx, machine)
        try:
            delivery = await follow(ctx, machine, delivery)
            await super().apply(ctx)
            await self._compare(ctx, machine)
        except (GatewayError, MachineStopped, DeployUnhealthy) as error:
            await self._go_back(ctx, machine, delivery, error)
        await ctx.services.gateway.settle(ctx.spec.app, machine.id)
        if ctx.view.choice:
            self._forget_ours(ctx)

    @staticmethod
    def _forget_ours(ctx: Context) -> None:
        """What we wrote last is not what it runs with: the next plan must not take it for that."""
        state = ctx.services.state
        state.write_file(state.file(ctx.spec.app, "openclaw.json"), "")

    async def _compare(self, ctx: Context, machine: Machine) -> None:
        """What it has now is what was wanted; a restored file may be written by OpenClaw itself once more."""
        found = await read_delivery(ctx, machine)
        lines = telling(found.lines)
        if any(meaning(line) is Reload.REFUSED for line in lines[-1:]) and outcome(found.lines) in BAD:
            raise not_taken(found)
        if ctx.view.choice:
            if found.digest and found.now == found.before and found.now != found.digest:
                raise not_taken(found)
            return
        text = await ctx.services.gateway.read_config(ctx.spec.app, machine.id)
        wanted = own_config(ctx.view)
        if text is None or not same_config(wanted, loads(text)):
            raise NotTaken(_("The gateway went back to another openclaw.json."), detail="\n".join(lines[-5:]))

    # -- going back -----------------------------------------------------------------------------------------------
    async def _go_back(self, ctx: Context, machine: Machine, delivery: Delivery, why: ClawError) -> None:
        """The old file takes its place again. Always raises."""
        detail = why.detail or "\n".join(telling(delivery.lines)[-5:])
        if not delivery.back:
            raise GatewayError(
                why.message, hint=_("There is no earlier file to go back to."), detail=detail
            ) from why
        self._forget_ours(ctx)
        ctx.say(_("{why} The old file is put back.").format(why=why.message))
        await self._put_back(ctx, machine, delivery.back)
        try:
            await super().apply(ctx)
        except GatewayError as error:
            raise GatewayError(
                _(
                    "{why} The old file ({name}) is back, but the gateway does not answer with it either."
                ).format(why=why.message, name=delivery.back),
                hint=_("X on Home starts the rescue."),
                detail=detail,
            ) from error
        raise GatewayError(
            _("{why} The old file ({name}) is back, and the gateway answers.").format(
                why=why.message, name=delivery.back
            ),
            hint=_("The lines above say what it complains about: change that answer, then try again."),
            detail=detail,
        ) from why

    async def _put_back(self, ctx: Context, machine: Machine, name: str) -> None:
        """Also into a machine that has stopped, or starts again and again: it is reached between two ends."""
        app, gateway, fly = ctx.spec.app, ctx.services.gateway, ctx.services.fly
        for _try in range(BACK_TRIES):
            try:
                await gateway.put_back(app, machine.id, name)
            except MachineStopped:
                await fly.start_machine(app, machine.id)
            else:
                await self._wake(ctx)
                return
            await ctx.services.pause(POLL_SECONDS / 2)
        raise GatewayError(
            _("The old file ({name}) could not be put back: the machine does not stay up.").format(name=name),
            hint=_("X on Home starts the rescue."),
        )

    async def _wake(self, ctx: Context) -> None:
        """One that gave up while the file was being put back."""
        world = await ctx.reader.read(ctx.spec.app, ("machines",))
        if world.machine is not None and world.machine.state == "stopped":
            await ctx.services.fly.start_machine(ctx.spec.app, world.machine.id)

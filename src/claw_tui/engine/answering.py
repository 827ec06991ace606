"""The last step of a run: the gateway answers."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from claw_tui.domain.answers import HealthAnswer
from claw_tui.domain.errors import ClawError, FlyError, GatewayError
from claw_tui.domain.gateway_config import same_config
from claw_tui.domain.plan import Action
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.deploying import loads
from claw_tui.engine.following import see_through
from claw_tui.engine.own_config import own_config
from claw_tui.engine.steps import CheckingStep
from claw_tui.i18n import _

STOPPED_LOOKS = 3  # so often it may be seen stopped in a row
HEALTHY_SECONDS = 420.0  # a first boot installs the channels' plugins before it listens: up to three minutes
PUBLIC_SECONDS = 180.0  # until a new name is in DNS and the proxy knows the machine
POLL_SECONDS = 3.0


class AwaitAnswer(CheckingStep):
    """The gateway answers in its machine, whoever set it up and whatever its version is."""

    id: ClassVar[str] = "await-answer"
    parts: ClassVar[tuple[str, ...]] = ("machines",)
    limit: ClassVar[float] = HEALTHY_SECONDS

    def title(self) -> str:
        return _("Wait until the gateway answers")

    def look(self, view: View) -> Look:  # noqa: ARG002
        return Look(Action.CHECK, _("in its machine"))

    def is_alive(self, answer: HealthAnswer) -> bool:
        """Before 2026.2 it answered with its page, at every path."""
        return answer.json_ok or answer.status == 200

    async def apply(self, ctx: Context) -> None:
        waited, words, stopped = 0.0, "", 0
        while waited < self.limit:
            world = await ctx.reader.read(ctx.spec.app, ("machines",))
            machine = world.machine
            # A first start ends once by itself when the plugins are installed, and Fly starts it again.
            stopped = stopped + 1 if machine and machine.state == "stopped" else 0
            if machine is None or machine.state in ("failed", "destroyed") or stopped > STOPPED_LOOKS:
                raise GatewayError(
                    _("The machine has stopped: the gateway could not start."),
                    hint=_("Its log says why. Exit code 78 means that its config or a secret is refused."),
                )
            try:
                answer = await ctx.services.gateway.health(ctx.spec.app, machine.id)
                words = answer.words
                if self.is_alive(answer):
                    ctx.say(_("The gateway answers in its machine."))
                    return
            except FlyError as error:  # a machine that is just starting does not take commands yet
                words = error.message
            await ctx.services.pause(POLL_SECONDS)
            waited += POLL_SECONDS
        raise GatewayError(
            _("The gateway did not answer within {minutes:.0f} minutes: {words}").format(
                minutes=HEALTHY_SECONDS / 60, words=words
            ),
            hint=_("Its log says what it is doing. Trying again goes on waiting."),
        )


class AwaitGateway(AwaitAnswer):
    """The gateway that we set up answers: in its machine, and for a public one at its address too."""

    id: ClassVar[str] = "await-gateway"
    parts: ClassVar[tuple[str, ...]] = ("machines", "ips")

    def look(self, view: View) -> Look:
        where = _("in its machine") if view.spec.private else f"https://{view.spec.hostname}/healthz"
        return Look(Action.CHECK, where)

    def is_alive(self, answer: HealthAnswer) -> bool:
        return answer.json_ok

    async def apply(self, ctx: Context) -> None:
        await super().apply(ctx)
        if not ctx.spec.private:
            await self._public(ctx)
        await self._taken(ctx)
        await self._still_ours(ctx)

    async def _taken(self, ctx: Context) -> None:
        """A file that was written as it started may not have been read."""
        world = await ctx.reader.read(ctx.spec.app, ("machines",))
        assert world.machine is not None
        if await see_through(ctx, world.machine):
            await super().apply(ctx)  # it may be at a restart of its own

    async def _public(self, ctx: Context) -> None:
        waited, words = 0.0, ""
        while waited < PUBLIC_SECONDS:
            answer = await ctx.services.web.health(f"https://{ctx.spec.hostname}")
            words = answer.words
            if answer.json_ok:
                ctx.say(_("The gateway answers at https://{host}.").format(host=ctx.spec.hostname))
                return
            await ctx.services.pause(POLL_SECONDS)
            waited += POLL_SECONDS
        raise ClawError(
            _("https://{host} does not answer as the gateway: {words}").format(
                host=ctx.spec.hostname, words=words
            ),
            hint=_("A new name can take some minutes to be known. Trying again goes on waiting."),
        )

    async def _still_ours(self, ctx: Context) -> None:
        """OpenClaw may put an earlier file back at a start: what it has now must be what we wrote."""
        world = await ctx.reader.read(ctx.spec.app, ("machines", "ips"))
        assert world.machine is not None
        text = await ctx.services.gateway.read_config(ctx.spec.app, world.machine.id)
        wanted = own_config(replace(ctx.view, world=world))
        if text is None or not same_config(wanted, loads(text)):
            raise GatewayError(
                _("The gateway went back to another openclaw.json after its start."),
                hint=_("Trying again writes it once more. The log names the reason (auto-restored …)."),
            )

"""The steps that make a private gateway public again. The addresses will be others than before."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from claw_tui.domain import fly_args
from claw_tui.domain.answers import HealthAnswer
from claw_tui.domain.doors import is_public
from claw_tui.domain.errors import ClawError
from claw_tui.domain.plan import Action
from claw_tui.domain.world import IpKind, Machine
from claw_tui.engine.answering import POLL_SECONDS, PUBLIC_SECONDS
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.doors_kept import read_kept, write_kept
from claw_tui.engine.hardening import DeployDoor, release
from claw_tui.engine.reaching import AwaitDoor, WriteReach
from claw_tui.engine.steps import AssurePublicAddresses, CheckingStep, LookingStep, Step
from claw_tui.i18n import _


def exposing_steps() -> tuple[Step, ...]:
    return (OpenDoor(), GiveAddresses(), WriteReach(), AwaitDoor(), AwaitName(), TakePrivateBack())


class OpenDoor(DeployDoor):
    """``fly deploy`` of what runs, with the service that Fly's proxy speaks HTTPS for."""

    def title(self) -> str:
        return _("Deploy the same gateway with a public service")

    def fits(self, machine: Machine) -> bool:
        return is_public(machine)

    def way_back(self) -> str:
        return _("H on Home makes it private again.")


class GiveAddresses(AssurePublicAddresses):
    """It had some before, or never had any."""

    def title(self) -> str:
        return _("Give it public addresses")

    def look(self, view: View) -> Look:
        found = super().look(view)
        words = _("a shared IPv4 and an IPv6, free of charge")
        return replace(found, detail=words) if found.action is Action.CREATE else found


class AwaitName(CheckingStep):
    """Its name is in DNS, and the gateway answers at it: whatever its version is."""

    id: ClassVar[str] = "await-name"
    parts: ClassVar[tuple[str, ...]] = ("ips",)

    def title(self) -> str:
        return _("Wait until its address answers")

    def look(self, view: View) -> Look:
        return Look(Action.CHECK, f"https://{view.spec.hostname}")

    async def apply(self, ctx: Context) -> None:
        web, host, waited, words = ctx.services.web, ctx.spec.hostname, 0.0, ""
        while waited < PUBLIC_SECONDS:
            if await web.name_in_dns(host) is False:
                words = _("its name is not in DNS yet")
            else:
                answer = await web.health(f"https://{host}")
                words = answer.words
                if _alive(answer):
                    ctx.say(_("The gateway answers at https://{host}.").format(host=host))
                    return
            await ctx.services.pause(POLL_SECONDS)
            waited += POLL_SECONDS
        raise ClawError(
            _("https://{host} does not answer as the gateway: {words}").format(host=host, words=words),
            hint=_("A new name can take some minutes to be known. Trying again goes on waiting."),
        )


class TakePrivateBack(LookingStep):
    """The way back ends where the way in began; last, for until then it is a way to the gateway."""

    id: ClassVar[str] = "no-private-address"
    parts: ClassVar[tuple[str, ...]] = ("ips",)

    def title(self) -> str:
        return _("Give the private address back")

    def look(self, view: View) -> Look:
        own = [ip for ip in view.world.ips if ip.kind is IpKind.PRIVATE_V6]
        if not own:
            return Look(Action.KEEP, _("there is none"))
        if not view.lent or len(own) > 1:  # somebody may use it
            return Look(Action.KEEP, _("it is not only from when it was made private: it stays"))
        command = fly_args.shown(fly_args.ips_release(view.spec.app, own[0].address))
        return Look(
            Action.CHANGE, _("{address} was only for that").format(address=own[0].address), (command,)
        )

    async def apply(self, ctx: Context) -> None:
        for ip in ctx.world.ips:
            if ip.kind is IpKind.PRIVATE_V6:
                await release(ctx, ip)
        state, app = ctx.services.state, ctx.spec.app
        write_kept(state, app, replace(read_kept(state, app), lent=False))


def _alive(answer: HealthAnswer) -> bool:
    """Before 2026.2 it answered with its page, at every path."""
    return answer.json_ok or answer.status == 200

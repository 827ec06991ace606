"""The fixing run's step that gives the gateway's user back what root has made in its folder."""

from __future__ import annotations

from typing import ClassVar

from claw_tui.domain.doctor import owning
from claw_tui.domain.errors import GatewayError
from claw_tui.domain.layout import layout_in
from claw_tui.domain.plan import Action
from claw_tui.domain.world import typed_name
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.fix_files import wanted_of
from claw_tui.engine.reaching import running
from claw_tui.engine.steps import CheckingStep
from claw_tui.i18n import _

ROUNDS = 5  # one search finds twenty at most


class GiveBack(CheckingStep):
    """Only what is another user's and in the way, as it is seen then."""

    id: ClassVar[str] = "give-back"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Give the gateway's user what is another user's")

    @staticmethod
    def _named(view: View) -> tuple[str, ...]:
        return owning.named_in(wanted_of(view).after(owning.OWN))

    def look(self, view: View) -> Look:
        name = typed_name(view.world.machine)
        state = layout_in(view.world).state
        commands = tuple(owning.commands(view.spec.app, name, self._named(view), state))
        return Look(Action.CHECK, _("what the gateway has to write, and nothing else"), commands)

    async def apply(self, ctx: Context) -> None:
        machine, gateway, app = await running(ctx), ctx.services.gateway, ctx.spec.app
        for _round in range(ROUNDS):
            strangers = (await gateway.inside(app, machine.id)).strangers
            if strangers is None:
                raise GatewayError(
                    _("The search for files of other users took too long in its machine."),
                    hint=_("S on Home opens a shell there: chown -R 1000:1000 what is root's."),
                )
            paths = tuple(one.path for one in owning.in_the_way(strangers, (), self._named(ctx.view)))
            if not paths:
                return
            await gateway.give_back(app, machine.id, paths)
            ctx.say(_("The gateway's own again: {paths}").format(paths=", ".join(paths)))

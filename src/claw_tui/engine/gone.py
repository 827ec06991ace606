"""After a removal: whether anything of it is left."""

from __future__ import annotations

from typing import ClassVar

from claw_tui.domain.errors import FlyError
from claw_tui.domain.made import Kind, Thing, chosen, things
from claw_tui.domain.plan import Action
from claw_tui.domain.world import World
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.extras import pieces
from claw_tui.engine.steps import CheckingStep
from claw_tui.engine.world import PARTS as ALL_PARTS
from claw_tui.i18n import _

TRIES, POLL_SECONDS = 5, 2.0  # a disk is free a moment after its machine is gone


class CheckGone(CheckingStep):
    """Fly.io is asked once more what there is: nothing of what was chosen may be left."""

    id: ClassVar[str] = "check-gone"
    parts: ClassVar[tuple[str, ...]] = ALL_PARTS

    def title(self) -> str:
        return _("Check that it is gone")

    def look(self, view: View) -> Look:  # noqa: ARG002
        return Look(Action.CHECK, _("Fly.io's own lists are read anew"))

    async def apply(self, ctx: Context) -> None:
        wanted = chosen(ctx.view.choice)
        world = await self._without(ctx, wanted)
        gone = sorted(map(str, (wanted | ctx.view.book.made) - things(world)))
        ctx.services.journal(ctx.spec.app).note({"gone": gone})
        for thing in sorted(wanted):
            ctx.say(_("Gone: {kind} {id}").format(kind=thing.kind.value, id=thing.id))
        stays = pieces(world, things(world), ctx.view.book)
        for piece in (piece for piece in stays if piece.thing.kind is not Kind.SECRET):
            ctx.say(_("Stays: {what}, {price}").format(what=piece.words, price=piece.price))
        if not stays:
            ctx.say(_("Nothing of {app} is left.").format(app=ctx.spec.app))

    async def _without(self, ctx: Context, wanted: frozenset[Thing]) -> World:
        """The world once it has nothing of ``wanted``. Raises FlyError that names what is left."""
        for left in reversed(range(TRIES)):
            ctx.reader.changed(ctx.spec.app)
            world = await ctx.reader.read(ctx.spec.app)
            listed = {Thing(Kind.APP, app.name) for app in await ctx.services.fly.apps()}
            still = wanted & (things(world) | listed)
            if not still:
                return world
            if left:
                await ctx.services.pause(POLL_SECONDS)
        names = [f"{piece.words}, {piece.price}" for piece in pieces(world, still, ctx.view.book)]
        raise FlyError(
            _("Still there: {what}").format(what="; ".join(names or map(str, sorted(still)))),
            hint=_("Try again; if it stays, look at https://fly.io/dashboard."),
        )

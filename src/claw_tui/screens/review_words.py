"""What stands above the plan on Review."""

from __future__ import annotations

from claw_tui.domain.plan import Plan
from claw_tui.domain.prices import AS_OF
from claw_tui.engine.context import View
from claw_tui.engine.deploying import opening_words
from claw_tui.engine.extras import Piece
from claw_tui.engine.staying import stay_words
from claw_tui.i18n import _
from claw_tui.ports import Services
from claw_tui.screens.tidying import extras_words
from claw_tui.widgets.marks import sign


async def plan_words(services: Services, plan: Plan, view: View, extras: tuple[Piece, ...]) -> str:
    """Its price, and what is to be known before it is begun."""
    price = plan.price.short()
    if plan.changes:
        text = _("{price} (prices of {date}). Ctrl+N starts.").format(price=price, date=AS_OF)
    else:
        text = _("Nothing to change; Ctrl+N checks that it answers. {price}").format(price=price)
    if extras:
        text += "\n" + _("Not needed: {what}. F8 takes it away.").format(what=extras_words(extras))
    stay = await stay_words(services) if plan.changes else ""
    return "\n".join([text, *(f"{sign('warning')} {why}" for why in (opening_words(view), stay) if why)])

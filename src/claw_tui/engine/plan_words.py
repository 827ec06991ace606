"""A plan as lines that a person agrees to."""

from __future__ import annotations

from claw_tui.domain.plan import Action, Plan
from claw_tui.i18n import _


def plan_lines(plan: Plan) -> list[str]:
    """Each step with its exact commands, in their order."""
    lines = [_("What is done, in this order:")]
    for number, item in enumerate(plan.items, 1):
        detail = f": {item.detail}" if item.detail and not item.commands else ""
        keeps = f" ({_('nothing to do')})" if item.action is Action.KEEP else ""
        lines += [f"{number}. {item.title}{detail}{keeps}", *(f"  $ {command}" for command in item.commands)]
    return [*lines, "", _("If it is cut off anywhere, it can go on from there: nothing is done twice.")]

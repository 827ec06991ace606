"""What taking a whole app away means, before it is begun: for the screen and for the text twin."""

from __future__ import annotations

from claw_tui.domain.plan import Plan
from claw_tui.engine.extras import total
from claw_tui.engine.plan_words import plan_lines
from claw_tui.engine.removal_desk import RemovalDesk
from claw_tui.i18n import _

KEPT_DAYS = 5  # Fly.io's own, unless somebody has changed it for the volume


def strangers(app: str) -> str:
    words = _("{app} was not made by claw-tui on this computer: make sure that it is the one you mean.")
    return words.format(app=app)


def removal_lines(desk: RemovalDesk, plan: Plan, *, keep_app: bool) -> list[str]:
    """What goes, what is lost, and how it is done; for the text twin too."""
    goes = desk.goes(keep_app=keep_app)
    lines = [] if desk.is_ours else [strangers(desk.app), ""]
    lines += [_("These are removed:"), *(f"  {piece.words}, {piece.price}" for piece in goes)]
    lines.append(_("${dollars:.2f} a month that are then no longer charged.").format(dollars=total(goes)))
    lines += ["", _("What is lost with it:")]
    lines += [f"  - {words}" for words in desk.losses(keep_app=keep_app)]
    if keep_app:
        words = _(
            "A snapshot of the volume is taken first. It stays with the empty app for {days} days; the first 10 GB of snapshots"
            " are free. `fly volumes create --snapshot-id` makes a volume of it. The name and the secrets stay, too."
        )
        lines += ["", words.format(days=KEPT_DAYS)]
    else:
        lines += ["", _("No snapshot is taken: it would go with the app.")]
    return [*lines, "", *plan_lines(plan)]

"""Home's key F: where the machine is not as fly.toml says, and which of the two is to count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from claw_tui.domain.drift import Drift
from claw_tui.domain.errors import ClawError
from claw_tui.engine.drift_desk import DriftDesk
from claw_tui.i18n import _, many
from claw_tui.screens.adopt import take_over
from claw_tui.screens.dialogs import ReadDialog
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.screens.home import HomeScreen


def drift_words(rows: Sequence[Drift]) -> str:
    """One line for Home; empty when all is as it should be."""
    if not rows:
        return ""
    places = ", ".join(row.what for row in rows)
    return _("not as fly.toml says: {places} (F)").format(places=places)


async def show_drift(page: HomeScreen, app: str) -> None:
    """Ask which counts. The page tells what came of it."""
    desk = DriftDesk(page.session, app)
    try:
        rows = desk.rows()
        if not rows:
            page.tell(_("The machine is as fly.toml says."))
            return
        found = await page.app.push_screen_wait(_dialog(rows))
        if found == "keep":
            left = desk.take_over()
            words = _("Taken over: the next deploy keeps it.")
            if left:
                words += " " + _("It brings back: {places}.").format(
                    places=", ".join(row.what for row in left)
                )
            page.tell(words)
            page.show_now()
        elif found == "back":
            await take_over(page, app, "review")
    except ClawError as error:
        page.tell_error(error)


def _dialog(rows: Sequence[Drift]) -> ReadDialog:
    lines: list[str] = []
    for row in rows:
        lines += [
            row.what,
            _("    the machine has:  {has}").format(has=row.has),
            _("    fly.toml says:    {wants}").format(wants=row.wants),
        ]
        if row.why:
            lines.append(_("    can't be kept: {why}").format(why=row.why))
    kept = sum(row.keeps for row in rows)
    items = [Item("leave", _("Leave both as they are"), _("the next deploy brings fly.toml's back"))]
    if kept:
        words = many(
            "Keep {count} of it: fly.toml becomes as the machine is",
            "Keep {count} of them: fly.toml becomes as the machine is",
            kept,
        )
        items.append(Item("keep", words))
    items.append(Item("back", _("Bring back what fly.toml says: Review, then a deploy")))
    return ReadDialog(_("The machine was changed since its last deploy"), "\n".join(lines), items)

"""Home's key M: everything that can be done about a gateway, in groups, each with its key."""

from __future__ import annotations

from collections.abc import Collection

from claw_tui.i18n import _, n_
from claw_tui.screens.dialogs import PickDialog
from claw_tui.screens.home_actions import ACTIONS, GROUPS
from claw_tui.widgets.key_names import key_name
from claw_tui.widgets.pick_list import Item

TEXT_WIDTH = 22


class HomeMenu(PickDialog):
    """Answers with the id of an action."""

    HELP = n_(
        "Everything that can be done about this gateway. Choose with the arrow keys and Enter, or type a word to search for"
        " it, or the key at its left. Those keys work on Home itself, too."
    )

    def __init__(self, offered: Collection[str], *, whole: bool = True) -> None:
        items = []
        for group, title in GROUPS.items():
            rows = [
                Item(
                    action.id,
                    f"{key_name(action.key):>3}  {_(action.title)}",
                    _(action.words),
                    also=action.key,
                )
                for action in ACTIONS
                if action.group == group and action.id in offered
            ]
            items += [Item(group, _(title), heading=True), *rows] if rows else []
        more = _("Not all about it has been read yet. There may be more here then: Escape, and M again.")
        note = "" if whole else more
        super().__init__(_("What would you like to do?"), items, note=note, text_width=TEXT_WIDTH)

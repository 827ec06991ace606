"""What the screen for the secrets of a gateway says of them."""

from __future__ import annotations

from claw_tui.domain.plan import Plan
from claw_tui.domain.secret_kinds import kind_of
from claw_tui.domain.secret_state import SecretRow, Standing
from claw_tui.i18n import _, n_
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item

DIGEST = 8  # characters of a digest in the list; the whole one is below it
STANDINGS = {
    Standing.LIVE: ("done", n_("in use")),
    Standing.STAGED: ("change", n_("on Fly.io, comes in with a restart")),
    Standing.GIVEN: ("create", n_("new here, not sent yet")),
    Standing.CHANGED: ("warning", n_("set anew elsewhere; yours is not in use")),
    Standing.REMOVED: ("stopped", n_("to be taken away")),
}


def row_item(row: SecretRow, lost: str) -> Item:
    """A row of the list. ``lost``: words for a value that was given and is not at hand."""
    mark, words = STANDINGS[row.standing]
    parts = [_(words)]
    if row.standing is Standing.GIVEN and not row.held:
        mark, parts = "warning", [lost]
    elif row.standing is not Standing.REMOVED:
        parts.append(_("held here") if row.held else _("not held here"))
    said = f" {sign('bullet')} ".join(parts)
    return Item(
        row.name, _(kind_of(row.name).title), f"{row.digest[:DIGEST]:<{DIGEST}}  {said}", mark=sign(mark)
    )


def remove_words(row: SecretRow, uses: tuple[str, ...] | None) -> str:
    words = _("Take {name} away? Its value is forgotten here, and Fly.io cannot give it back.").format(
        name=row.name
    )
    if uses is None:
        return f"{words}\n\n" + _(
            "openclaw.json could not be read, so nobody can say whether the gateway needs it."
        )
    if uses:
        needs = _("openclaw.json needs it at: {paths}. Without it the gateway may not start.")
        return f"{words}\n\n{sign('warning')} " + needs.format(paths=", ".join(uses))
    return words


def apply_words(plan: Plan) -> str:
    """What will be done, in the order it is done."""
    lines = [_("All changes come in with one restart; the gateway is away for about half a minute."), ""]
    for item in plan.items:
        lines += [f"$ {command}" for command in item.commands]
    return "\n".join(lines)

"""What the screen for the secrets of a gateway says of them."""

from __future__ import annotations

from claw_tui.domain.plan import Plan
from claw_tui.domain.secret_kinds import kind_of
from claw_tui.domain.secret_state import STANDING_WORDS, SecretRow, Standing
from claw_tui.i18n import _, n_
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item

DIGEST = 8  # characters of a digest in the list; the whole one is below it
STANDINGS = {
    Standing.LIVE: ("done", STANDING_WORDS[Standing.LIVE]),
    Standing.STAGED: ("change", STANDING_WORDS[Standing.STAGED]),
    Standing.GIVEN: ("create", STANDING_WORDS[Standing.GIVEN]),
    Standing.CHANGED: ("warning", STANDING_WORDS[Standing.CHANGED]),
    Standing.GONE: ("warning", STANDING_WORDS[Standing.GONE]),
    Standing.REMOVED: ("stopped", n_("to be taken away; Enter keeps it")),
}


def row_item(row: SecretRow, lost: str) -> Item:
    """A row of the list. ``lost``: words for a value that was given and is not at hand."""
    mark, words = STANDINGS[row.standing]
    said = _(words)
    if row.standing is Standing.GIVEN and not row.held:
        mark, said = "warning", lost
    elif row.standing is Standing.CHANGED and row.staged:
        said = _("set anew elsewhere, comes in with a restart")
    held = _("held")
    columns = f"{row.digest[:DIGEST]:<{DIGEST}}  {held if row.held else '':<{len(held)}}  {said}"
    return Item(row.name, _(kind_of(row.name).title), columns, mark=sign(mark))


def settle_words(row: SecretRow) -> str:
    """What is to be settled about a secret that Fly.io does not have as it was given here."""
    words = {
        Standing.CHANGED: _("{name} was set elsewhere after it was sent from here."),
        Standing.GONE: _("{name} was taken away elsewhere after it was sent from here."),
        Standing.GIVEN: _("{name}: the value that was given here is not sent yet."),
    }
    return words[row.standing].format(name=row.name)


def lost_words(*, locked: bool) -> str:
    return _("locked away: F6 opens the place") if locked else _("not at hand here: give it again")


def remove_words(row: SecretRow, uses: tuple[str, ...] | None, *, last_key: bool) -> str:
    """``last_key``: no other provider of models has one."""
    parts = [
        _("Take {name} away? Its value is forgotten here, and Fly.io cannot give it back.").format(
            name=row.name
        )
    ]
    if last_key:
        parts.append(_("It is the last key of a model provider: without one the gateway can't answer."))
    if uses is None:
        parts.append(_("openclaw.json could not be read, so nobody can say whether the gateway needs it."))
    elif uses:
        needs = _("openclaw.json needs it at: {paths}. Without it the gateway may not start.")
        parts.append(f"{sign('warning')} " + needs.format(paths=", ".join(uses)))
    return "\n\n".join(parts)


def apply_words(plan: Plan, lost: tuple[str, ...]) -> str:
    """What will be done, in the order it is done. ``lost``: what can't be sent now."""
    stage = next(item for item in plan.items if item.id == "stage-secrets")
    lines = [_("All changes come in with one restart; the gateway is away for about half a minute.")]
    if stage.commands:
        lines.append(_("New: {names}").format(names=stage.detail))
    if lost:
        lines.append(_("Not at hand here, left for another time: {names}").format(names=", ".join(lost)))
    commands = [f"$ {command}" for item in plan.items for command in item.commands]
    return "\n".join([*lines, "", *commands])


def has_two_sides(row: SecretRow) -> bool:
    """Fly.io and this computer do not say the same."""
    changed = row.standing in (Standing.CHANGED, Standing.GONE)
    return changed or (row.standing is Standing.GIVEN and bool(row.digest))

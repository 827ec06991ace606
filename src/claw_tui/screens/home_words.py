"""What Home says of a gateway: its figures as rows, and what only this computer knows besides."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from claw_tui.domain.errors import ClawError
from claw_tui.domain.generations import program_of, what_it_is
from claw_tui.domain.secret_state import Standing as SecretStanding
from claw_tui.domain.secret_state import secret_rows
from claw_tui.domain.vital_figure import Figure
from claw_tui.domain.vital_rows import figures
from claw_tui.domain.vital_units import DAY
from claw_tui.domain.vital_verdict import Verdict
from claw_tui.domain.vitals import PART_NAMES, Standing, Vitals
from claw_tui.domain.world import World
from claw_tui.engine.extras import Piece
from claw_tui.engine.migration_desk import migration_words
from claw_tui.engine.world import SHOWN
from claw_tui.i18n import _
from claw_tui.ports import StateStore
from claw_tui.screens.home_actions import BY_ID
from claw_tui.screens.power import resting_row
from claw_tui.screens.tidying import extras_words
from claw_tui.widgets.figures import Row
from claw_tui.widgets.key_names import key_name
from claw_tui.widgets.marks import sign

if TYPE_CHECKING:
    from claw_tui.screens.home import HomeScreen

MARKS = {
    Standing.GOOD: "done", Standing.WARNING: "warning", Standing.BAD: "failed", Standing.PLAIN: "todo",
}  # fmt: skip


def state_words(page: HomeScreen, found: Verdict) -> str:
    """The first line. The doctor's key is named where it would know more."""
    words = f"{sign(MARKS[found.standing])} {found.words}"
    doctor = BY_ID.get("doctor")
    if found.finds_out and doctor is not None and doctor.is_offered(page):
        words += " " + _("{key} finds out why.").format(key=key_name(doctor.key))
    return words


def home_rows(
    page: HomeScreen, vitals: Vitals, news: Sequence[tuple[str, str]], extras: tuple[Piece, ...]
) -> list[Row]:
    """Everything, the important first."""
    told = [*_old_rows(page, vitals), *resting_row(vitals.world), *news]
    if extras:
        told.append((_("Not needed"), f"{extras_words(extras)} " + _("(C)")))
    rows = [Row(title, words, look="warning") for title, words in told if words]
    rows += [_row(page, figure) for figure in figures(vitals)]
    if vitals.age_of("secrets") is not None:
        rows.append(Row(_("Secrets"), secrets_words(page.session.services.state, vitals.app, vitals.world)))
    return [*rows, _looked(vitals, looks=page.looks)]


def _row(page: HomeScreen, figure: Figure) -> Row:
    calm = figure.standing in (Standing.PLAIN, Standing.GOOD)
    look = ("old" if figure.is_old else "") if calm else figure.standing.value
    words = f"{figure.words}; {figure.hint}" if figure.hint else figure.words + _key(page, figure)
    return Row(figure.title, words, figure.aside, look)


def _key(page: HomeScreen, figure: Figure) -> str:
    """The key that has to do with it, where somebody might want it."""
    action = BY_ID.get(figure.action)
    wanted = figure.standing in (Standing.WARNING, Standing.BAD)
    if figure.id == "keys":
        wanted = figure.standing is not Standing.GOOD or (figure.age or 0) > DAY
    return f" ({key_name(action.key)})" if action is not None and wanted and action.is_offered(page) else ""


def _looked(vitals: Vitals, *, looks: bool) -> Row:
    """Once everything has been looked at, all that can be done is offered; before, and if it can't be, that is said."""
    age = vitals.age_of(*{*SHOWN, *vitals.ages})
    if age is not None:
        at = time.strftime("%H:%M:%S", time.localtime(vitals.now - age))
        return Row(_("Looked at"), _("{time}; R looks again").format(time=at))
    if looks:
        return Row(_("Looking"), _("more keys come once all has been read"))
    unread = ", ".join(_(name) for part, name in PART_NAMES.items() if vitals.age_of(part) is None)
    return Row(_("Not read"), _("{what}; R tries again").format(what=unread), look="warning")


def _old_rows(page: HomeScreen, vitals: Vitals) -> list[tuple[str, str]]:
    """By what the machine says first: names that are left over count less."""
    return (
        old_rows(page.session.services.state, vitals.world) if vitals.age_of("machines") is not None else []
    )


def old_rows(state: StateStore, world: World) -> list[tuple[str, str]]:
    """What it is, where that is not today's OpenClaw, or was not until lately."""
    program = program_of(world)
    if not program.old:
        return [(_("Migration"), words)] if (words := migration_words(state, world)) else []
    return [(_("What it is"), _("{what}. Y migrates it to OpenClaw").format(what=what_it_is(program)))]


def secrets_words(state: StateStore, app: str, world: World) -> str:
    """How many there are, and what is not as it should be."""
    try:
        known = (state.revisions(app), state.sent_digests(app), state.removals(app))
    except ClawError:  # damaged; the screen for them says so
        known = ({}, {}, ())
    rows = secret_rows(world.secrets, *known, ())
    waiting = sum(row.waits for row in rows)
    changed = [row.name for row in rows if row.standing in (SecretStanding.CHANGED, SecretStanding.GONE)]
    parts = [_("{count} set").format(count=len(world.secrets))]
    if waiting:
        parts.append(_("{count} not applied yet").format(count=waiting))
    if changed:
        parts.append(_("changed elsewhere: {names}").format(names=", ".join(changed)))
    return f"{', '.join(parts)} " + _("(K)")


def grid(rows: Sequence[tuple[str, str]]) -> Table:
    """A long value goes on in its own column."""
    table = Table.grid(padding=(0, 2))
    for name, value in rows:
        table.add_row(Text(name, no_wrap=True), Text(value))
    return table

"""What Home says of a machine."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from claw_tui.domain.errors import ClawError
from claw_tui.domain.rescue import in_rescue, refuses_to_start
from claw_tui.domain.secret_state import Standing, secret_rows
from claw_tui.domain.world import Machine, World
from claw_tui.i18n import _
from claw_tui.ports import StateStore


def machine_rows(machine: Machine) -> list[tuple[str, str]]:
    """Rows of the status: (title, words)."""
    rows = []
    check = machine.checks[0].status if machine.checks else _("no check")
    rows.append((_("Machine"), f"{machine.id}  {machine.state}, {check}"))
    if in_rescue(machine):
        rows.append((_("Rescue"), _("it runs without the gateway; X goes on from here")))
    elif refuses_to_start(machine):
        rows.append(
            (
                _("Gateway"),
                _("it refuses to start (exit code 78): its config or a secret; X rescues it"),
            )
        )
    rows.append((_("Size"), f"{machine.vm_size}, {machine.memory_mb} MB, {machine.region}"))
    rows.append((_("Version"), machine.image))
    return rows


def secrets_words(state: StateStore, app: str, world: World) -> str:
    """How many there are, and what is not as it should be."""
    try:
        known = (state.revisions(app), state.sent_digests(app), state.removals(app))
    except ClawError:  # damaged; the screen for them says so
        known = ({}, {}, ())
    rows = secret_rows(world.secrets, *known, ())
    waiting = sum(row.waits for row in rows)
    changed = [row.name for row in rows if row.standing in (Standing.CHANGED, Standing.GONE)]
    parts = [_("{count} set").format(count=len(world.secrets))]
    if waiting:
        parts.append(_("{count} not applied yet").format(count=waiting))
    if changed:
        parts.append(_("changed elsewhere: {names}").format(names=", ".join(changed)))
    return f"{', '.join(parts)} " + _("(K)")


def release_rows(world: World) -> list[tuple[str, str]]:
    if not world.releases:
        return []
    newest = world.releases[0]
    when = newest.created_at[:16].replace("T", " ")
    return [(_("Last deploy"), f"v{newest.version}, {newest.status}, {when}")]


def grid(rows: Sequence[tuple[str, str]]) -> Table:
    """A long value goes on in its own column."""
    table = Table.grid(padding=(0, 2))
    for name, value in rows:
        table.add_row(Text(name, no_wrap=True), Text(value))
    return table

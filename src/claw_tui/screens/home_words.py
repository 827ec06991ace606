"""What Home says of a machine and of the secrets."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from claw_tui.domain.errors import ClawError
from claw_tui.domain.generations import Generation, program_of, what_it_is
from claw_tui.domain.rescue import in_rescue, refuses_to_start
from claw_tui.domain.secret_state import Standing, secret_rows
from claw_tui.domain.world import Machine, World
from claw_tui.engine.extras import Piece
from claw_tui.engine.migration_desk import migration_words
from claw_tui.i18n import _
from claw_tui.ports import StateStore
from claw_tui.screens.harden import reach_rows
from claw_tui.screens.power import resting_row
from claw_tui.screens.tidying import extras_words


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


def old_rows(state: StateStore, world: World) -> list[tuple[str, str]]:
    """What it is, where that is not today's OpenClaw, or was not until lately."""
    program = program_of(world)
    if not program.old:
        return [(_("Migration"), words)] if (words := migration_words(state, world)) else []
    return [(_("What it is"), _("{what}. Y migrates it to OpenClaw").format(what=what_it_is(program)))]


def old_page_words(world: World) -> str:
    """Clawdbot has neither one-time links nor a list of who waits; empty for others."""
    program = program_of(world)
    if program.generation not in (Generation.CLAWDBOT, Generation.MOLTBOT) or world.app is None:
        return ""
    address = f"https://{world.app.name}.fly.dev" if world.public_ips else _("by a tunnel (W)")
    words = _(
        "Its web page is reached at {address}, and asks for the gateway token. {name} has no one-time link."
    )
    return words.format(address=address, name=program.name)


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


def home_rows(
    world: World, state: StateStore, news: Sequence[tuple[str, str]] = (), extras: tuple[Piece, ...] = ()
) -> list[tuple[str, str]]:
    """What there is, from the outside in; ``world`` has an app."""
    assert world.app is not None
    name = world.app.name
    rows = [
        (_("App"), f"{name} ({world.app.org}), {world.app.status}"),
        *old_rows(state, world),
        *reach_rows(world),
    ]  # fmt: skip
    for machine in world.machines:
        rows += machine_rows(machine)
    rows += resting_row(world)
    rows += [row for row in news if row[1]]
    rows += [(_("Volume"), f"{v.name}, {v.size_gb} GB, {v.region}") for v in world.volumes]
    if extras:
        rows.append((_("Not needed"), f"{extras_words(extras)} " + _("(C)")))
    rows.append((_("Secrets"), secrets_words(state, name, world)))
    return rows + release_rows(world)


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

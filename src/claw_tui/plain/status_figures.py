"""`status APP`: what the machine, its gateway, the registry and the last checks of keys tell besides Fly.io."""

from __future__ import annotations

from claw_tui.domain.fleet import GatewayRow
from claw_tui.domain.vital_figure import Figure
from claw_tui.domain.vital_rows import figures
from claw_tui.domain.vital_verdict import verdict
from claw_tui.domain.vitals import Resources, Vitals, connected
from claw_tui.engine.vitals import VitalsDesk

TOLD = ("version", "gateway", "channels", "memory", "volume", "start", "reach", "keys")
Fields = dict[str, object]


async def look_inside(desk: VitalsDesk, *, quick: bool) -> Vitals:
    """After what Fly.io tells was read. ``quick``: nothing is asked in the machine, nor of the registry."""
    if not quick:
        await desk.look_inside(lambda: None)
    return desk.vitals()


def figure_lines(vitals: Vitals, *, quick: bool) -> list[str]:
    """A line for each; with ``quick`` there is none for what was not asked, and the machine's size was said."""
    found = [figure for figure in figures(vitals) if figure.id in TOLD]
    unasked = ("gateway", "channels", "memory") if quick else ()
    return [f"{f.title}: {f.words} ({f.aside})" for f in found if f.id not in unasked]


def figure_fields(vitals: Vitals) -> Fields:
    """Numbers in bytes and seconds; null is what is not known."""
    inside, health = vitals.resources.value or Resources(), vitals.health.value
    channels = vitals.channels.value
    return {
        "words": verdict(vitals).words,
        "figures": [_fields(figure) for figure in figures(vitals)],
        "memory": {"bytes": inside.memory, "used": inside.memory_used},
        "disk": {"bytes": inside.disk, "used": inside.disk_used},
        "up": {"machine": inside.up, "gateway": inside.gateway_up},
        "answers": None if health is None else health.reached,
        "channels": None if channels is None else [
            {"name": c.name, "configured": c.configured, "connected": connected(c), "words": c.words} for c in channels
        ],
        "newer": None if vitals.newer.value is None else list(vitals.newer.value),
        "keys": {
            name: None if note is None else {"good": note.good, "words": note.words, "at": note.at}
            for name, note in vitals.keys.items()
        },
    }  # fmt: skip


def row_fields(row: GatewayRow) -> Fields:
    """Of the list; null is what is not known."""
    price = row.price
    return {
        "org": row.org, "state": row.state, "standing": row.standing.value or "plain", "version": row.version or None,
        "region": row.region or None, "public": row.public,
        "price": None if price is None else {"total": round(price.total, 2), "exact": price.exact},
    }  # fmt: skip


def _fields(figure: Figure) -> Fields:
    age = None if figure.age is None else round(figure.age, 1)
    return {
        "id": figure.id, "title": figure.title, "words": figure.words, "source": figure.source.value, "age": age,
        "standing": figure.standing.value or "plain",
    }  # fmt: skip

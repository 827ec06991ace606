"""Several gateways in a list: one row each, whatever organization it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from claw_tui.domain.generations import program_of
from claw_tui.domain.prices import Price
from claw_tui.domain.rescue import in_rescue, refuses_to_start
from claw_tui.domain.versions import number, version_of
from claw_tui.domain.vitals import Standing
from claw_tui.domain.world import App, World
from claw_tui.i18n import _, n_


class Order(StrEnum):
    """What the list is sorted by."""

    NAME = "name"
    ORG = "org"
    STATE = "state"
    PRICE = "price"


ORDER_WORDS = {
    Order.NAME: n_("by name"), Order.ORG: n_("by organization"), Order.STATE: n_("what is not well first"),
    Order.PRICE: n_("the dearest first"),
}  # fmt: skip
WORST = (Standing.BAD, Standing.WARNING, Standing.PLAIN, Standing.GOOD)


@dataclass(frozen=True, slots=True)
class GatewayRow:
    """``public`` and ``price`` are None as long as they are not known. ``old``: what it is instead of today's OpenClaw."""

    name: str
    org: str = ""
    state: str = ""
    standing: Standing = Standing.PLAIN
    version: str = ""
    region: str = ""
    public: bool | None = None
    price: Price | None = None
    old: str = ""

    @property
    def open_to(self) -> str:
        return "" if self.public is None else _("public") if self.public else _("private")

    @property
    def words(self) -> str:
        """In one line, for people who read lines."""
        parts = (self.org, self.state, self.old or self.version, self.region, self.open_to)
        return ", ".join([*filter(None, parts), *([self.price.short()] if self.price is not None else [])])


def unread_row(app: App, *, failed: bool) -> GatewayRow:
    """Its machines were not read yet, or can't be."""
    return GatewayRow(app.name, app.org, _("not known") if failed else _("asking …"))


def row_of(app: App, world: World, price: Price | None, *, ips_known: bool) -> GatewayRow:
    """What is known of it so far, once its machines are."""
    machine, program = world.machine, program_of(world)
    state, standing = state_of(world)
    tag = version_of(machine.image) if machine is not None else ""
    return GatewayRow(
        app.name, app.org, state, standing, tag if number(tag) else program.version or tag[:20],
        machine.region if machine is not None else "", bool(world.public_ips) if ips_known else None, price,
        program.name if program.old else "",
    )  # fmt: skip


def state_of(world: World) -> tuple[str, Standing]:
    """In two or three words."""
    machine = world.machine
    if machine is None:
        return _("no machine"), Standing.WARNING
    if in_rescue(machine):
        return _("in rescue"), Standing.WARNING
    if refuses_to_start(machine):
        return _("refuses to start"), Standing.BAD
    if machine.state != "started":
        return machine.state, Standing.BAD
    wrong = next((check.status for check in machine.checks if check.status != "passing"), "")
    if wrong:
        return _("check {status}").format(status=wrong), Standing.BAD
    return (_("started, passing"), Standing.GOOD) if machine.checks else (_("started"), Standing.PLAIN)


def in_order(rows: list[GatewayRow], order: Order) -> list[GatewayRow]:
    """Sorted; those that are equal by name."""
    return sorted(rows, key=lambda row: (*_rank(row, order), row.name))


def _rank(row: GatewayRow, order: Order) -> tuple[str | float, ...]:
    if order is Order.ORG:
        return (row.org,)
    if order is Order.STATE:
        return (WORST.index(row.standing),)
    if order is Order.PRICE:
        return (-row.price.total if row.price is not None else 0.0,)
    return ()


def together(rows: list[GatewayRow]) -> Price | None:
    """What they cost in all; None while that is not known of each."""
    prices = [row.price for row in rows]
    known = [price for price in prices if price is not None]
    if len(known) != len(prices) or not known:
        return None
    return Price(tuple(line for price in known for line in price.lines), exact=all(p.exact for p in known))

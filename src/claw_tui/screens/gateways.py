"""Gateways: all of them in a list, across organizations; Enter looks after one."""

from __future__ import annotations

from contextlib import suppress
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain.errors import ClawError
from claw_tui.domain.fleet import ORDER_WORDS, GatewayRow, Order, in_order, together
from claw_tui.domain.vitals import Standing
from claw_tui.engine.fleet import Fleet
from claw_tui.engine.world import YOUNG_SECONDS
from claw_tui.i18n import _, many, n_
from claw_tui.screens.base import Page
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item, PickList

QUIET_SECONDS = 60.0
TITLES = (n_("Name"), n_("Paid by"), n_("State"), n_("Version"), n_("In"), n_("Open"), n_("A month"))
NARROWEST = (8, 6, 8, 6, 3, 5, 6)  # columns, when there is little room
CUT_FIRST = (0, 1, 2, 3, 5)
MARKS = {
    Standing.GOOD: "done", Standing.WARNING: "warning", Standing.BAD: "failed", Standing.PLAIN: "todo",
}  # fmt: skip


class GatewaysScreen(Page):
    """One row for each gateway."""

    HELP = n_(
        "All OpenClaw gateways that this account can see, whoever set them up, in all its organizations; Clawdbot and Moltbot"
        " ones too. Enter looks after one. O sorts in another way, R asks Fly.io anew.\n\n"
        "The state is what Fly.io tells: the machine, and the result of its health check. Home tells more of one."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,f5", "look", n_("Look again")),
        Binding("o", "order", n_("Sort")),
        Binding("escape", "start", n_("Start")),
    ]

    def compose_body(self) -> ComposeResult:
        yield Static("", id="sum", classes="words", markup=False)
        yield PickList(id="gateways")

    def __init__(self) -> None:
        super().__init__()
        self._fleet: Fleet | None = None
        self._order = Order.NAME
        self._shown: tuple[Item, ...] = ()
        self._said = ""
        self._found = False

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(PickList).focus()
        self.set_interval(QUIET_SECONDS, self._look_quietly)

    def arrived(self) -> None:
        self.session.home_app = ""
        self.show_top()
        self.look(YOUNG_SECONDS)

    def on_resize(self) -> None:
        super().on_resize()
        self.show_now()

    # -- looking --------------------------------------------------------------------------------------------------
    def action_look(self) -> None:
        self.tell("")
        self.look()

    @work(exclusive=True, group="gateways")
    async def look(self, max_age: float = 0.0) -> None:
        """What is known is shown at once; then Fly.io is asked which there are, and how each is."""
        self._fleet = fleet = self._fleet or Fleet(self.session)
        self.show_now()
        try:
            if self.session.login is None:
                await self.session.find_login()
            await fleet.find()
        except ClawError as error:
            self.tell_error(error)
            return
        self._found = True
        self.show_now()
        await fleet.look(self.show_now, max_age=max_age)
        self.show_now()
        if fleet.problem is not None:
            self.tell_error(fleet.problem)

    @work(exclusive=True, group="quiet")
    async def _look_quietly(self) -> None:
        if self.app.screen is not self or not self.app.app_focus or self._fleet is None:
            return
        with suppress(ClawError):
            await self._fleet.look(self.show_now, max_age=QUIET_SECONDS / 2)

    def show_now(self) -> None:
        if self._fleet is None or not self.is_mounted:
            return
        rows = in_order(self._fleet.rows(), self._order)
        self._say(self._sum(rows))
        items = self._items(rows)
        if items != self._shown:
            self._shown = items
            self.query_one(PickList).set_items(items)

    def _sum(self, rows: list[GatewayRow]) -> str:
        if not rows:
            none = _("There is no gateway in this account yet: Escape, then “Set up a new gateway”.")
            return none if self._found else _("Looking …")
        parts = [many("{count} gateway", "{count} gateways", len(rows))]
        price = together(rows)
        parts += [_("{price} together").format(price=price.short())] if price is not None else []
        parts.append(_("sorted {how}").format(how=_(ORDER_WORDS[self._order])))
        more = self._fleet.not_looked_at if self._fleet is not None else 0
        parts += (
            [many("{count} more app not looked at", "{count} more apps not looked at", more)] if more else []
        )
        return f" {sign('bullet')} ".join(parts)

    def _say(self, words: str) -> None:
        if words != self._said:
            self._said = words
            self.query_one("#sum", Static).update(words)

    def _items(self, rows: list[GatewayRow]) -> tuple[Item, ...]:
        if not rows:
            return ()
        cells = [[_(title) for title in TITLES], *map(_cells, rows)]
        widths = _widths(cells, self.app.size.width - 6)
        lines = [
            "  ".join(_fit(cell, width) for cell, width in zip(line, widths, strict=True)) for line in cells
        ]
        found = [
            Item(row.name, line, mark=sign(MARKS[row.standing]))
            for row, line in zip(rows, lines[1:], strict=True)
        ]
        return (Item("", f"  {lines[0]}", heading=True), *found)

    # -- doing ----------------------------------------------------------------------------------------------------
    def action_order(self) -> None:
        orders = list(Order)
        self._order = orders[(orders.index(self._order) + 1) % len(orders)]
        self.show_now()

    @on(PickList.Chosen)
    def _chosen(self, event: PickList.Chosen) -> None:
        if event.item:
            self.session.home_app = event.item
            self.claw.go("home")

    def action_start(self) -> None:
        self.claw.go("start")


def _cells(row: GatewayRow) -> list[str]:
    price = f"${row.price.total:.2f}" if row.price is not None else ""
    version = row.old or row.version
    return [row.name, row.org, row.state, version, row.region, row.open_to, price]


def _widths(cells: list[list[str]], room: int) -> list[int]:
    """As wide as the widest of each column; what is too much is taken from the names first."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for column in CUT_FIRST:
        over = sum(widths) + 2 * (len(widths) - 1) - room
        if over > 0:
            widths[column] = max(min(NARROWEST[column], widths[column]), widths[column] - over)
    return widths


def _fit(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else text[: width - 1] + sign("more")[:1]

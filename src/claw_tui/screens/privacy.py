"""Privacy: may the whole internet knock, or only your own network?"""

from __future__ import annotations

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from claw_tui.i18n import _, n_
from claw_tui.screens.base import WizardScreen
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item, PickList

ROWS = (
    (n_("Found by scanners"), n_("yes"), n_("no")),
    (n_("Attacks from outside"), n_("possible; the token guards"), n_("blocked")),
    (n_("Its web page"), n_("any browser, with the token"), n_("through a tunnel")),
    (n_("Discord, Telegram, Slack"), n_("work"), n_("work")),
    (n_("Webhooks (calls, some Slack)"), n_("straight to it"), n_("need a tunnel")),
)


class PrivacyScreen(WizardScreen):
    """Two ways, side by side."""

    STEP = "privacy"
    INTRO = n_("Who may knock at your gateway's door?")
    HELP = n_(
        "Public: Fly.io gives the app addresses, and https://NAME.fly.dev opens its web page for whoever has the"
        " token. Scanners find such addresses within hours; the token and the pairing of each browser keep them out.\n\n"
        "Private: the app has one address inside your organization's own network and none outside. Discord, Telegram"
        " and Slack work as before, because the gateway calls them. Its web page is reached through"
        " a tunnel that claw-tui starts (Home, W), with WireGuard, or over SSH.\n\n"
        "A private gateway is never public for a second: its private address is made first, and the deploy is told"
        " to give out no public one."
    )

    def compose_body(self) -> ComposeResult:
        yield PickList(id="privacy-list")
        yield Static("", id="table", classes="words", markup=False)
        yield Static("", id="after", classes="words", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        choices = self.query_one("#privacy-list", PickList)
        choices.styles.height = 3
        choices.focus()

    def resumed(self) -> None:
        self._show()

    def _show(self) -> None:
        spec = self.session.spec
        chosen = "private" if spec.private else "public"
        items = [
            Item(name, words, detail, mark=sign("done") if name == chosen else sign("todo"))
            for name, words, detail in (
                ("public", _("Public"), _("an address on the internet: {host}").format(host=spec.hostname)),
                ("private", _("Private"), _("inside your organization's network only")),
            )
        ]
        self.query_one("#privacy-list", PickList).set_items(items, chosen)
        self._table(chosen)

    def _table(self, chosen: str) -> None:
        table = Table(box=None, expand=True, padding=(0, 2, 0, 0), header_style="bold")
        for title, share in (("", 4), (_("Public"), 3), (_("Private"), 3)):
            table.add_column(title, ratio=share)
        for row in ROWS:
            table.add_row(*(Text(_(cell)) for cell in row))
        self.query_one("#table", Static).update(table)
        after = {
            "public": _("You open it at https://{host}.").format(host=self.session.spec.hostname),
            "private": _(
                "You open it through a tunnel (Home, W) or by hand: fly proxy 3000:3000 {app}.flycast -a {app}"
            ).format(app=self.session.spec.app),
        }
        self.query_one("#after", Static).update(after[chosen])

    @on(PickList.Moved, "#privacy-list")
    def _moved(self, event: PickList.Moved) -> None:
        self.session.update(private=event.item == "private")
        self._show()

    @on(PickList.Chosen, "#privacy-list")
    async def _chosen(self, event: PickList.Chosen) -> None:
        self.session.update(private=event.item == "private")
        await self.action_next()

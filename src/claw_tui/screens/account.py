"""Account: who is logged in to Fly.io, and which organization pays."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain.errors import ClawError, FlyError, NotLoggedIn, TokenRejected
from claw_tui.domain.readiness import Ready
from claw_tui.engine.readiness import billing_words
from claw_tui.i18n import _, n_
from claw_tui.screens.base import WizardScreen
from claw_tui.screens.dialogs import AskDialog, PickDialog
from claw_tui.widgets.choice import Choice, Option
from claw_tui.widgets.field import Field
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item, PickList


def _ways(*, pasted: bool = False) -> list[Item]:
    ways = [
        Item("login", _("Log in with a browser")),
        Item("token", _("Paste a token")),
        Item("signup", _("I have no account yet: sign up")),
    ]
    return [*ways, Item("forget", _("Forget the token that I pasted"))] if pasted else ways


class AccountScreen(WizardScreen):
    """Login, sign-up or a token; then the organization."""

    STEP = "account"
    HAS_FIELDS = True
    INTRO = n_("Fly.io runs your gateway and bills you for it. This is about your account there.")
    HELP = n_(
        "Logging in happens in a browser, here or on another device: this program shows the address and takes the"
        " code that the browser shows. The login stays flyctl's own, in its own file.\n\n"
        "A token does the same without a browser: make one with `fly tokens create org` or on the dashboard. A token that you"
        " pasted counts before a login by browser, and one in the environment before both.\n\n"
        "An organization is who pays, and whose members can see the app. “personal” is yours alone."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "check", n_("Check again")),
        Binding("f6", "store", n_("Storage")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._unasked = False  # it could not be asked who is logged in

    def compose_body(self) -> ComposeResult:
        yield Static(_("Asking flyctl …"), id="who", classes="words", markup=False)
        yield PickList(
            _ways(),
            id="ways",
        )
        yield Field(
            _("Organization"), Choice(id="org-choice"), id="org",
            help_text=_("Who pays, and whose members can see the app. Your own is called “personal”."),
        )  # fmt: skip

    def on_mount(self) -> None:
        super().on_mount()
        ways = self.query_one("#ways")
        ways.styles.height, ways.styles.margin = 5, (1, 0, 0, 0)
        self.query_one("#ways").focus()

    def resumed(self) -> None:
        self.show()
        if self.session.login is None or not self.session.orgs:
            self.check()

    def show(self) -> None:
        """Show what is known."""
        login = self.session.login
        who = self.query_one("#who", Static)
        if login is None:
            words = (
                _("Who is logged in could not be asked.") if self._unasked else _("You are not logged in.")
            )
            who.update(words)
        else:
            words = _("Logged in as {email}, with {source}.").format(email=login.email, source=login.source)
            who.update("\n".join((f"{sign('done')} {words}", *login.lines)))
        self.query_one("#ways", PickList).set_items(_ways(pasted=login is not None and login.has_pasted))
        field = self.query_one("#org", Field)
        field.display = bool(self.session.orgs) and login is not None
        options = [Option(org.slug, org.slug, org.name) for org in self.session.orgs]
        self.query_one("#org-choice", Choice).set_options(options, self.session.spec.org)
        if field.display:
            if not self.query_one("#org-choice").has_focus and self.focused is not None:
                self.query_one("#org-choice").focus()
            self.show_billing(self.session.spec.org)

    def action_check(self) -> None:
        self.check()

    @work(exclusive=True, group="account")
    async def check(self) -> None:
        await self._ask()

    async def _ask(self) -> None:
        self.query_one("#who", Static).update(_("Asking flyctl …"))
        self._unasked = False
        try:
            await self.session.find_login()
            await self.session.load_account()
            self.tell("")
        except (NotLoggedIn, TokenRejected) as error:
            if self.session.login is not None:
                self.tell_error(error)
        except FlyError as error:
            self._unasked = self.session.login is None
            self.tell_error(error)
        self.show()

    @work(exclusive=True, group="billing")
    async def show_billing(self, org: str) -> None:
        ready, words, todo = billing_words(await self.session.billing_state(org))
        text = "\n".join(filter(None, (words, todo)))
        self.query_one("#org", Field).note(text, problem=ready is Ready.BLOCKED, good=ready is Ready.READY)

    # -- ways in --------------------------------------------------------------------------------------------------
    @on(PickList.Chosen, "#ways")
    def _way(self, event: PickList.Chosen) -> None:
        self.log_in(event.item)

    @work(exclusive=True, group="login")
    async def log_in(self, way: str) -> None:
        from claw_tui.screens.login import LoginDialog, TokenDialog  # noqa: PLC0415
        from claw_tui.screens.storage import ensure_store  # noqa: PLC0415

        if way == "token" and not await ensure_store(self):
            return
        if way == "forget":
            await self._forget()
            return
        dialog = TokenDialog() if way == "token" else LoginDialog(signup=way == "signup")
        if not await self.app.push_screen_wait(dialog):
            return
        try:
            if way != "token":
                await self.session.find_login()
            await self.session.load_account()
            self.tell("")
        except ClawError as error:
            self.tell_error(error)
        self.show()

    async def _forget(self) -> None:
        question = _(
            "Forget the token that you pasted? Another login that is here counts then. At Fly.io the token stays valid;"
            " the dashboard, under Tokens, ends it there."
        )
        if not await self.app.push_screen_wait(AskDialog(question, _("Forget it"), _("Keep it"))):
            return
        try:
            await self.session.forget_pasted_token()
            await self.session.load_account()
            self.tell(_("The token was forgotten."))
        except ClawError as error:
            self.tell_error(error)
        self.show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "store":  # a key that is only there when it is needed
            return not self.session.vault.ready
        return super().check_action(action, parameters)

    @work(exclusive=True, group="store")
    async def action_store(self) -> None:
        """A token that was pasted in an earlier sitting may be in a place that is locked."""
        from claw_tui.screens.storage import choose_store  # noqa: PLC0415

        if await choose_store(self) and self.session.login is None:
            self.check()

    # -- the organization -----------------------------------------------------------------------------------------
    @on(Choice.Changed, "#org-choice")
    def _org_changed(self, event: Choice.Changed) -> None:
        self.session.update(org=event.value)
        self.show_billing(event.value)

    @on(Choice.Opened, "#org-choice")
    @work(exclusive=True, group="pick")
    async def _pick_org(self) -> None:
        items = [Item(org.slug, org.slug, org.name) for org in self.session.orgs]
        found = await self.app.push_screen_wait(PickDialog(_("Organization"), items, self.session.spec.org))
        if found:
            self.query_one("#org-choice", Choice).choose(found)

    async def action_next(self) -> None:
        self._next()

    @work(exclusive=True, group="account")
    async def _next(self) -> None:
        """It takes the place of the first look, if that still goes on: until then nobody is known to be logged out."""
        if self.session.login is None or not self.session.spec.org:
            await self._ask()
        if self.is_current:
            await super().action_next()

    async def leave(self) -> bool:
        if self.session.login is None and self._unasked:
            return False  # why was said
        if self.session.login is None:
            self.tell(
                _("Log in first: the plan is made for your account."), _("Choose a way above."), problem=True
            )
            return False
        if not self.session.spec.org:
            self.tell(_("Choose an organization."), problem=True)
            return False
        self.session.update(org=self.session.spec.org)
        return True

    async def keep(self) -> None:
        """There is nothing typed on this screen."""

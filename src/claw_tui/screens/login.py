"""Logging in: with a browser anywhere, or with a token."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from claw_tui.domain.errors import ClawError, FlyError
from claw_tui.domain.secret_kinds import FLY_TOKEN, fly_token_problem
from claw_tui.i18n import _, n_
from claw_tui.ports import LoginSession
from claw_tui.screens.base import Dialog
from claw_tui.widgets.line_input import LineInput
from claw_tui.widgets.qr import QrCode
from claw_tui.widgets.secret_input import SecretInput

POLL_SECONDS = 0.5


class LoginDialog(Dialog[bool]):
    """Shows the address that flyctl wants opened, and passes on the code that the browser shows."""

    HELP: ClassVar[str] = n_(
        "Open the address in a browser on any device; F6 copies it, and a phone can scan the code. The login goes on by"
        " itself once the browser has said yes; if it shows a code, type that here. Escape gives up."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f6", "copy", n_("Copy the address"))]
    DEFAULT_CSS = """
    LoginDialog #login-side { width: 1fr; height: auto; padding: 0 2 0 1; }
    LoginDialog #login-both { height: auto; }
    LoginDialog #code { margin: 1 0 0 0; }
    """

    def __init__(self, *, signup: bool = False) -> None:
        super().__init__()
        self._signup = signup
        self._login: LoginSession | None = None
        self._url = ""

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -wide"):
            yield Static(
                _("Sign up for Fly.io") if self._signup else _("Log in to Fly.io"),
                classes="title",
                markup=False,
            )
            yield Static(_("Asking flyctl for an address …"), id="url", classes="url", markup=False)
            with Horizontal(id="login-both"):
                with Vertical(id="login-side"):
                    yield Static(
                        _("Open this address in a browser, on this or another device (the square holds the same address)."
                          " If the browser shows a code, type it here:"),
                        markup=False,
                    )  # fmt: skip
                    yield LineInput(placeholder=_("the code"), id="code")
                    yield Static("", id="login-said", markup=False)
                yield QrCode(id="qr")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#code").focus()
        self.begin()

    @work(exclusive=True, group="login-begin")
    async def begin(self) -> None:
        self._login = self.session.services.fly.login(signup=self._signup)
        try:
            self._url = await self._login.url()
        except ClawError as error:
            self._say(f"{error.message} {error.hint}")
            return
        self.query_one("#url", Static).update(self._url)
        self.query_one(QrCode).show(self._url)
        code = self.session.services.examples.login_code
        self._say(
            _("In the demo the code is: {code}").format(code=code) if code else _("Waiting for the browser …")
        )
        self.wait_for_end()

    @work(exclusive=True, group="login-wait")
    async def wait_for_end(self) -> None:
        assert self._login is not None
        try:
            await self._login.result()
        except FlyError as error:
            self._say(f"{error.message} {error.hint}")
            self.begin()
            return
        self.dismiss(True)

    @on(LineInput.Submitted, "#code")
    def _code(self, event: LineInput.Submitted) -> None:
        if self._login is None or not event.value.strip():
            return
        self._login.send_code(event.value)
        event.input.value = ""
        self._say(_("Asking Fly.io about this code …"))
        self.set_timer(POLL_SECONDS, self._look)

    def _look(self) -> None:
        """Flyctl says on its own output when a code did not work."""
        said = self._login.said() if self._login is not None else ""
        if "didn't work" in said:
            self._say(_("That code did not work. Copy it again from the browser."))
        else:
            self.set_timer(POLL_SECONDS, self._look)

    def _say(self, words: str) -> None:
        self.query_one("#login-said", Static).update(f"\n{words}")

    def action_copy(self) -> None:
        if self._url:
            self.app.copy_to_clipboard(self._url)
            self._say(_("Copied, if your terminal lets programs copy. Else mark the address with the mouse."))

    def action_close(self) -> None:
        self._give_up()

    @work(group="login-close")
    async def _give_up(self) -> None:
        if self._login is not None:
            await self._login.cancel()
        self.dismiss(False)


class TokenDialog(Dialog[bool]):
    """Takes a token instead of a login; it is tried before it is kept."""

    HELP: ClassVar[str] = n_(
        "A token logs in without a browser. It is tried at Fly.io first, and kept where your secrets are kept."
        " F3 shows what one looks like."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "example", n_("Example"))]

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel"):
            yield Static(_("Paste a Fly.io token"), classes="title", markup=False)
            yield Static(
                _("`fly tokens create org` makes one, or the dashboard, under Tokens."), markup=False
            )
            yield SecretInput(placeholder=_("the token"), wanted=FLY_TOKEN, id="token")
            yield Static("", id="peek", classes="muted", markup=False)
            yield Static("", id="login-said", markup=False)
            where = _("It will be kept in {where}.").format(where=self.session.vault.where)
            yield Static(where, id="store", classes="muted", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(SecretInput).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "example":
            return FLY_TOKEN in self.session.services.examples.secrets
        return super().check_action(action, parameters)

    def action_example(self) -> None:
        self.query_one(SecretInput).value = self.session.services.examples.secrets[FLY_TOKEN].reveal()

    @on(SecretInput.Edited)
    def _edited(self) -> None:
        self.query_one("#login-said", Static).update(self.query_one(SecretInput).remark())

    @on(SecretInput.Peeked)
    def _peeked(self, event: SecretInput.Peeked) -> None:
        self.query_one("#peek", Static).update(event.words)

    @on(SecretInput.Given)
    def _given(self) -> None:
        self.try_token()

    @work(exclusive=True, group="token")
    async def try_token(self) -> None:
        field, said = self.query_one(SecretInput), self.query_one("#login-said", Static)
        token = field.secret
        if not token:
            return
        if field.offer is not None:  # no login has blanks around it, or a name in front
            said.update(field.remark())
            return
        problem = fly_token_problem(token)
        if problem:
            said.update(problem)
            return
        said.update(_("Trying it …"))
        try:
            await self.session.use_pasted_token(token)
        except ClawError as error:
            said.update(f"{error.message} {_('Check that all of it was copied.')}")
            return
        self.dismiss(True)

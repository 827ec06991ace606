"""Giving one secret: a field, what it should look like, and a live check."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from claw_tui.domain.errors import BadKey, ClawError
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import (
    SecretKind,
    is_gateway_token,
    is_one_line,
    kind_of,
    new_gateway_token,
    shape_problem,
)
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog, Page
from claw_tui.widgets.secret_input import SecretInput

Keep = Callable[[str, Secret, str], Awaitable[str]]


class SecretDialog(Dialog[str]):
    """Answers with words for where the secret is kept; the secret itself goes to the vault only."""

    HELP = n_(
        "Paste the value or type it; it shows as dots, and nothing can be copied out of here. What a paste brings along"
        " (blanks, line breaks, quotes, NAME=) is named, and F8 takes it off.\n\n"
        "Enter asks the company whether it accepts the key, and keeps it. F7 keeps it without asking. Escape leaves all as"
        " it was."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f7", "unchecked", n_("Keep it without a check")),
        Binding("f4", "random", n_("A new random one")),
        Binding("f3", "example", n_("Example")),
    ]

    def __init__(self, kind: SecretKind, keep: Keep | None = None) -> None:
        """``keep``: what is done with it; the session's own unless something else is said."""
        super().__init__()
        self._kind, self._keep = kind, keep

    def compose_body(self) -> ComposeResult:
        kind = self._kind
        with Vertical(classes="panel"):
            yield Static(_(kind.title), classes="title", markup=False)
            yield Static(_(kind.about), markup=False)
            if kind.where:
                yield Static(_("Get it at:"), markup=False)
                yield Static(kind.where, classes="url", markup=False)
            looks = (
                _("It looks like this: {example}").format(example=_(kind.looks_like))
                if kind.looks_like
                else ""
            )
            yield Static(looks, classes="muted", markup=False)
            yield SecretInput(
                placeholder=_("paste it here"), wanted=kind.env, one_line=is_one_line(kind), id="secret"
            )
            yield Static("", id="peek", classes="muted", markup=False)
            yield Static("", id="verdict", markup=False)
            yield Static("", id="store", classes="muted", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(SecretInput).focus()
        where = _("It will be kept in {where}.").format(where=self.session.vault.where)
        self.query_one("#store", Static).update(where)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "random":
            return is_gateway_token(self._kind.env)
        if action == "example":
            return self._kind.env in self.session.services.examples.secrets
        if action == "unchecked":
            return self.session.services.keys.can_check(self._kind.env)
        return super().check_action(action, parameters)

    def action_example(self) -> None:
        self.query_one(SecretInput).value = self.session.services.examples.secrets[self._kind.env].reveal()

    def action_random(self) -> None:
        self.query_one(SecretInput).value = new_gateway_token().reveal()

    def action_unchecked(self) -> None:
        self.give(check=False)

    # -- looking at it --------------------------------------------------------------------------------------------
    @on(SecretInput.Edited)
    def _edited(self) -> None:
        field = self.query_one(SecretInput)
        secret = field.secret
        self._verdict(self._words_for(secret, field.remark()) if secret else "")

    def _words_for(self, secret: Secret, remark: str) -> str:
        problem = shape_problem(self._kind, secret)
        if remark:
            return f"{problem} {remark}".strip()
        return problem or _("{count} characters, looks right. Enter keeps it.").format(count=len(secret))

    def _way_out(self, secret: Secret) -> str:
        """For a key that only looks otherwise: providers change their keys' looks now and then."""
        if shape_problem(self._kind, secret, insists=True) or not self.check_action("unchecked", ()):
            return ""
        return _("If it is one, F7 keeps it without a check.")

    @on(SecretInput.Peeked)
    def _peeked(self, event: SecretInput.Peeked) -> None:
        self.query_one("#peek", Static).update(event.words)

    def _verdict(self, words: str) -> None:
        self.query_one("#verdict", Static).update(words)

    @on(SecretInput.Given)
    def _given(self) -> None:
        self.give(check=True)

    @work(exclusive=True, group="give", description="giving a secret")
    async def give(self, *, check: bool) -> None:
        field = self.query_one(SecretInput)
        secret = field.secret
        problem = shape_problem(self._kind, secret, insists=not check)
        if problem:
            self._verdict(f"{problem} {field.remark() or self._way_out(secret)}".strip())
            return
        if field.asks_first():
            again = _("Enter again keeps it as it is.") if check else _("F7 again keeps it as it is.")
            self._verdict(f"{field.remark()} {again}")
            return
        said = _("not checked")
        keys = self.session.services.keys
        if check and keys.can_check(self._kind.env):
            self._verdict(_("Asking whether it works …"))
            try:
                found = await keys.check(self._kind.env, secret)
                said = found.words
                if found.models and self._kind.provider:
                    self.session.listed[self._kind.provider] = found.models
            except BadKey as error:
                self._verdict(f"{error.message} {error.hint}")
                return
            except ClawError as error:
                hint = error.hint if "F7" in error.hint else _("F7 keeps it without a check.")
                self._verdict(f"{error.message} {hint}")
                return
        try:
            where = await (self._keep or self.session.keep_secret)(self._kind.env, secret, said)
        except ClawError as error:
            self._verdict(f"{error.message} {error.hint}")
            return
        self.dismiss(
            _("{name}: {said}; kept {where}.").format(name=_(self._kind.title), said=said, where=where)
        )


async def give_secret(page: Page, env: str, keep: Keep | None = None) -> str:
    """Ask for a secret where it is needed, and before it where secrets are kept. Returns what was said, or ""."""
    from claw_tui.screens.storage import ensure_store  # noqa: PLC0415

    if not page.session.vault.ready and not await ensure_store(page):
        return ""
    return await page.app.push_screen_wait(SecretDialog(kind_of(env), keep)) or ""

"""What the small screens of the channels share: on or off, the secrets with a way to give them, the live check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, TypeVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from claw_tui.domain.answers import ChannelCheck, Remark
from claw_tui.domain.channel_needs import NAMES, channel_problems, needed_secrets, with_channel
from claw_tui.domain.errors import ClawError, RateLimited
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import (
    NGROK,
    SLACK_APP,
    SLACK_BOT,
    SLACK_SIGNING,
    TAILSCALE,
    TELEGRAM,
    TELNYX,
    TWILIO,
    kind_of,
)
from claw_tui.domain.spec import GatewaySpec
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog, Page
from claw_tui.screens.dialogs import PickDialog
from claw_tui.widgets.choice import Choice, Opener, Option, Toggle
from claw_tui.widgets.field import Field, field_around
from claw_tui.widgets.findings import Findings
from claw_tui.widgets.help_line import HelpLine
from claw_tui.widgets.line_input import LineInput
from claw_tui.widgets.pick_list import Item

T = TypeVar("T")
MARKS = {"done": ("", "done", "good"), "warning": ("", "warning", "warning"), "failed": ("", "failed", "bad"),
         "todo": ("", "todo", "todo")}  # fmt: skip

LABELS = {
    TELEGRAM: n_("Bot token"), SLACK_BOT: n_("Bot token"), SLACK_APP: n_("App token"),
    SLACK_SIGNING: n_("Signing secret"), TWILIO: n_("Auth token"), TELNYX: n_("API key"), NGROK: n_("ngrok token"),
    TAILSCALE: n_("Auth key"),
}  # fmt: skip


class ChannelDialog(Dialog[T]):
    """Answers with what it shows, whichever way it is left: nothing that was typed is lost."""

    CHANNEL: ClassVar[str]
    TURN_ON: ClassVar[str]  # what the first row switches on
    SECRETS: ClassVar[tuple[str, ...]] = ()  # all that it may ever need
    CHECKS: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "check", n_("Check it")),
        Binding("escape", "close", n_("Done")),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    DEFAULT_CSS = """
    ChannelDialog #fields { height: 1fr; }
    ChannelDialog #help { padding: 0 1; }
    """

    def __init__(self, answers: T, *, on: bool) -> None:
        super().__init__()
        self._answers, self._was_on = answers, on
        self._left: set[str] = set()  # fields that the cursor has left: only there is something wrong yet
        self.found = ChannelCheck(())

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -wide"):
            yield Static(_(NAMES[self.CHANNEL]), classes="title", markup=False)
            with VerticalScroll(id="fields", can_focus=False):
                yield Field(
                    "", Toggle(_(self.TURN_ON), value=self._was_on, id="enabled"), help_text=_(self.HELP)
                )
                for env in self.SECRETS:
                    kind = kind_of(env)
                    yield Field(
                        _(LABELS[env]), Opener(id=f"give-{env}"), id=f"secret-{env}", help_text=_(kind.about)
                    )
                yield Findings(MARKS, id="found")
                yield from self.compose_fields()
            yield HelpLine(id="help", markup=False)

    def compose_fields(self) -> Iterator[Widget]:
        yield from ()

    def collect(self) -> T:
        """The answers as the fields have them."""
        raise NotImplementedError

    def show_fields(self) -> Mapping[str, bool]:
        """Which of the fields are asked for now."""
        return {}

    async def ask(self, secrets: Mapping[str, Secret]) -> ChannelCheck:
        raise NotImplementedError

    # -- showing --------------------------------------------------------------------------------------------------
    def on_mount(self) -> None:
        super().on_mount()
        if self._was_on:
            self._left = {field.id for field in self.query(Field) if field.id}
        self.query_one("#enabled").focus()
        self.show()
        self._check_quietly()

    @property
    def is_on(self) -> bool:
        return self.query_one("#enabled", Toggle).value

    @property
    def gateway(self) -> GatewaySpec:
        return with_channel(self.session.spec.gateway, self.CHANNEL, self.collect())

    def show(self) -> None:
        """Only what is needed for the answers so far, each with what is wrong with it."""
        spec, gateway = self.session.spec, self.gateway
        needed, shown = needed_secrets(gateway, self.CHANNEL), self.show_fields()
        wrong: dict[str, str] = {}
        for problem in channel_problems(gateway, spec.secret_names, private=spec.private):
            if problem.channel == self.CHANNEL:
                wrong.setdefault(problem.field, problem.words)
        for field in self.query(Field):
            name = field.id or ""
            env = name.removeprefix("secret-")
            if name != env:
                field.query_one(Opener).show(self._secret_words(env))
                field.display = self.is_on and env in needed
            elif name:
                field.display = self.is_on and shown.get(name, True)
                words = wrong.get(name, "") if name in self._left else ""
                field.note(words or self.remark(name), problem=bool(words))
        self.refresh_bindings()

    def remark(self, _field: str) -> str:
        """What is worth knowing below a field."""
        return ""

    def _secret_words(self, env: str) -> str:
        if env not in self.session.spec.secret_names:
            return _("not given yet: Enter gives it")
        said = self.session.checked.get(env, "")
        return _("given ({said})").format(said=said) if said else _("given")

    def watch_focused(self, focused: Widget | None) -> None:
        field = field_around(focused)
        if field is not None:
            self.query_one("#help", HelpLine).say(field.help_text)

    @on(events.DescendantBlur)
    def _gone_from(self, event: events.DescendantBlur) -> None:
        field = field_around(event.widget)
        if field is not None and field.id and self.is_mounted:
            self._left.add(field.id)
            self.show()

    @on(Toggle.Changed)
    @on(Choice.Changed)
    def _changed(self) -> None:
        self.show()

    @on(LineInput.Submitted)
    def _enter(self) -> None:
        self.focus_next()

    @on(Choice.Opened)
    @work(exclusive=True, group="pick")
    async def _list(self, event: Choice.Opened) -> None:
        items = [Item(option.id, option.text, option.detail) for option in event.choice.options]
        found = await self.app.push_screen_wait(PickDialog(event.choice.title, items, event.choice.value))
        if found:
            event.choice.choose(found)

    # -- secrets --------------------------------------------------------------------------------------------------
    @on(Opener.Opened)
    def _opened(self, event: Opener.Opened) -> None:
        self.give((event.opener.id or "").removeprefix("give-"))

    @work(exclusive=True, group="secret")
    async def give(self, env: str) -> None:
        from claw_tui.screens.secret import give_secret  # noqa: PLC0415

        page = next(screen for screen in reversed(self.app.screen_stack) if isinstance(screen, Page))
        if await give_secret(page, env):
            self._check_quietly()
        self.show()

    # -- the live check -------------------------------------------------------------------------------------------
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "check":
            return self.CHECKS and self.is_mounted and bool(self.query("#enabled")) and self.is_on
        return super().check_action(action, parameters)

    def say(self, *remarks: Remark) -> None:
        """The worst first: it must be in sight in a small window too."""
        rows = self.query_one("#found", Findings)
        worst = ("failed", "warning")
        order = sorted(remarks, key=lambda r: worst.index(r.mark) if r.mark in worst else len(worst))
        for index, remark in enumerate(order):
            rows.show(str(index), remark.mark, self.session.redact(remark.words), remark.todo)
        rows.keep([str(index) for index in range(len(remarks))])

    def _check_quietly(self) -> None:
        """By itself only where something can be asked."""
        given = set(self.session.spec.secret_names)
        if self.CHECKS and self.is_on and given.intersection(needed_secrets(self.gateway, self.CHANNEL)):
            self.action_check()

    @work(exclusive=True, group="check")
    async def action_check(self) -> None:
        self._left |= {field.id for field in self.query(Field) if field.id}
        self.show()
        self.say(Remark("todo", _("Asking …")))
        names = needed_secrets(self.gateway, self.CHANNEL)
        at_hand = {env: await self.session.vault.get(self.session.spec.app, env) for env in names}
        secrets = {env: value for env, value in at_hand.items() if value is not None}
        self.found = ChannelCheck(())
        try:
            self.found = await self.ask(secrets)
            remarks = self.found.remarks
        except RateLimited as error:
            remarks = (Remark("warning", error.message, error.hint),)
        except ClawError as error:
            remarks = (Remark("failed", error.message, error.hint),)
        lost = [env for env in names if env in self.session.spec.secret_names and env not in secrets]
        if lost:
            words = _("{names}: not at hand here, so not asked about.").format(names=", ".join(lost))
            remarks = (*remarks, Remark("warning", words, _("Enter on its line gives it again.")))
        self.say(*remarks)
        self.refresh_bindings()

    def action_close(self) -> None:
        self.dismiss(self.collect())


def choice(field: str, label: str, value: str, options: tuple[Option, ...], help_text: str) -> Field:
    """One of several; what somebody's file has besides them is shown and kept."""
    return Field(
        label, Choice(options, value, title=label, id=f"{field}-input"), id=field, help_text=help_text
    )


def line(field: str, label: str, value: str, help_text: str, *, example: str = "") -> Field:
    words = _("for example {example}").format(example=example) if example else ""
    return Field(
        label, LineInput(value, placeholder=words, max_length=500, id=f"{field}-input"), id=field, help_text=help_text
    )  # fmt: skip


def listed(text: str) -> tuple[str, ...]:
    """Typed with commas or blanks between."""
    return tuple(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))

"""Secrets: the gateway's own token, the keys of model providers, the tokens of channels."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain.channel_needs import NAMES, needed_secrets, with_channel
from claw_tui.domain.completeness import secret_problems
from claw_tui.domain.errors import ClawError
from claw_tui.domain.models import default_models
from claw_tui.domain.secret_kinds import (
    GATEWAY_TOKEN,
    KINDS,
    SecretKind,
    kind_of,
    new_gateway_token,
    providers_of,
)
from claw_tui.domain.spec import GatewaySpec
from claw_tui.i18n import _, n_
from claw_tui.screens.base import WizardScreen
from claw_tui.widgets.help_line import HelpLine
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item, PickList

GROUPS = (
    ("gateway", n_("The gateway itself")),
    ("model", n_("Model providers (one at least)")),
    ("channel", n_("Where people talk to it (add any time later)")),
)


class SecretsScreen(WizardScreen):
    """A list of what can be given; Enter opens the field for one."""

    STEP = "secrets"
    HAS_FIELDS = True
    HELP = n_(
        "Each secret is kept in the place named above and sent to Fly.io on standard input, encrypted there; it never"
        " appears on a command line, in a file of ours, or on the screen.\n\n"
        "Where a provider can be asked, the key is tried at once, so a wrong one is found here and not days later.\n\n"
        "OPENCLAW_GATEWAY_TOKEN is the key to your gateway. A new random one is made for you; you can see and copy it"
        " on the Finish screen."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete", "remove", n_("Remove")),
        Binding("f6", "store", n_("Storage")),
    ]

    def compose_body(self) -> ComposeResult:
        yield Static("", id="kept", classes="words", markup=False)
        yield PickList(id="secret-list", text_width=18)

    def __init__(self) -> None:
        super().__init__()
        self._more = False
        self._lost: tuple[str, ...] = ()  # given in another sitting, and not at hand any more

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#secret-list").focus()

    def arrived(self) -> None:
        self.prepare()

    @work(exclusive=True, group="prepare")
    async def prepare(self) -> None:
        """A token for the gateway is made at once: there is nothing to ask about it, but where it is kept."""
        from claw_tui.screens.storage import ensure_store  # noqa: PLC0415

        await ensure_store(self)
        await self._refresh()

    async def _refresh(self) -> None:
        """Look what is at hand. A token that is only locked away is not replaced by a new one."""
        vault = self.session.vault
        self._lost = await self.session.lost_secrets()
        missing = GATEWAY_TOKEN not in self.session.spec.secret_names
        if missing or (GATEWAY_TOKEN in self._lost and (vault.ready or vault.kind is None)):
            try:
                await self.session.keep_secret(GATEWAY_TOKEN, new_gateway_token(), _("new, random"))
            except ClawError as error:
                self.tell_error(error)
            self._lost = tuple(name for name in self._lost if name != GATEWAY_TOKEN)
        self.show()

    # -- what is there --------------------------------------------------------------------------------------------
    def show(self, stay: str = "") -> None:
        where = _("Kept in {where}.").format(where=self.session.vault.where)
        self.query_one("#kept", Static).update(where)
        given = self.session.spec.secret_names
        items: list[Item] = []
        for group, title in GROUPS:
            items.append(Item(f"heading {group}", _(title), heading=True))
            kinds = [k for k in KINDS if k.group == group and (k.common or self._more or k.env in given)]
            items += [self._row(kind) for kind in kinds]
            if group == "model" and not self._more:
                items.append(Item("more", _("Other providers …"), _("OpenRouter, xAI, Groq, Mistral, …")))
        self.query_one("#secret-list", PickList).set_items(items, stay)

    def _row(self, kind: SecretKind) -> Item:
        if kind.env not in self.session.spec.secret_names:
            return Item(kind.env, _(kind.title), _("not given"), mark=sign("todo"))
        if kind.env in self._lost and kind.env not in self.session.checked:
            vault = self.session.vault
            gone = vault.ready or vault.kind is None
            words = (
                _("give it again: it was in memory only") if gone else _("locked away: F6 opens the place")
            )
            return Item(kind.env, _(kind.title), words, mark=sign("warning"))
        said = self.session.checked.get(kind.env, "")
        words = _("given") + (f" {sign('bullet')} {said}" if said else "")
        return Item(kind.env, _(kind.title), words, mark=sign("done"))

    @on(PickList.Moved, "#secret-list")
    def _moved(self, event: PickList.Moved) -> None:
        kind = kind_of(event.item)
        text = "" if event.item == "more" else f"{kind.env}: {_(kind.about)}"
        self.query_one("#help", HelpLine).say(text)

    # -- giving and taking away -----------------------------------------------------------------------------------
    @on(PickList.Chosen, "#secret-list")
    def _chosen(self, event: PickList.Chosen) -> None:
        self.tell("")
        if event.item == "more":
            self._more = True
            self.show("OPENROUTER_API_KEY")
        else:
            self.give(event.item)

    @work(exclusive=True, group="secret")
    async def give(self, env: str) -> None:
        from claw_tui.screens.secret import give_secret  # noqa: PLC0415

        said = await give_secret(self, env)
        if said:
            self._follow_up(env)
            self.tell(said)
        self.show(env)

    @work(exclusive=True, group="secret")
    async def action_remove(self) -> None:
        env = self.query_one("#secret-list", PickList).current
        if env in self.session.spec.secret_names:
            await self.session.forget_secret(env)
            self._follow_up(env)
            self.tell(_("{name} was forgotten here. Fly.io keeps what it was sent before.").format(name=env))
        self.show(env)

    def _follow_up(self, env: str) -> None:
        """What a key given or taken away means for the gateway's settings, where nothing was chosen yet."""
        spec = self.session.spec
        gateway: GatewaySpec = spec.gateway
        names = spec.secret_names
        if not gateway.primary_model or gateway.primary_model.partition("/")[0] not in providers_of(names):
            primary, fallbacks = default_models(providers_of(names), spec.version, self.session.listed)
            gateway = replace(gateway, primary_model=primary, fallback_models=fallbacks)
        for channel in NAMES:  # a channel is switched on by what it needs, and off when that is taken away
            needed = needed_secrets(gateway, channel)
            if env in needed and channel != "voice":
                answers = replace(getattr(gateway, channel), enabled=set(needed) <= set(names))
                gateway = with_channel(gateway, channel, answers)
        self.session.update(gateway=gateway)

    @work(exclusive=True, group="store")
    async def action_store(self) -> None:
        from claw_tui.screens.storage import choose_store  # noqa: PLC0415

        await choose_store(self)
        await self._refresh()

    async def leave(self) -> bool:
        for found in secret_problems(self.session.spec):
            self.tell(found.words, _("Choose a line and press Enter."), problem=True)
            return False
        return True

    async def keep(self) -> None:
        """Everything given is kept already."""

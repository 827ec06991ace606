"""Telegram, Slack, WhatsApp and Signal: who may write privately, and what happens in groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, TypedDict, TypeVar

from textual.widget import Widget

from claw_tui.domain.spec import SignalSpec, SlackSpec, TelegramSpec, WhatsAppSpec
from claw_tui.i18n import _, n_
from claw_tui.screens.channel import ChannelDialog, choice, line, listed
from claw_tui.widgets.choice import Choice, Option
from claw_tui.widgets.line_input import LineInput

S = TypeVar("S", bound=TelegramSpec | SlackSpec | WhatsAppSpec | SignalSpec)


class Talk(TypedDict):
    """The answers that all four have."""

    enabled: bool
    require_mention: bool
    who: str
    people: tuple[str, ...]
    groups: str


class TalkingDialog(ChannelDialog[S]):
    """Its own fields come first, these behind them."""

    PEOPLE_HELP: ClassVar[str] = ""
    PEOPLE_EXAMPLE: ClassVar[str] = ""
    GROUPS: ClassVar[tuple[str, ...]] = ("off", "people", "everybody")

    def __init__(self, answers: S) -> None:
        super().__init__(answers, on=answers.enabled)

    def compose_own(self) -> Iterator[Widget]:
        yield from ()

    def compose_fields(self) -> Iterator[Widget]:
        yield from self.compose_own()
        answers = self._answers
        yield choice(
            "who", _("Private messages"), answers.who,
            (
                Option("pairing", _("whoever you let in"), _("asks you first")),
                Option("allowlist", _("only these people")),
                Option("open", _("everybody"), _("they use your models")),
                Option("disabled", _("nobody")),
            ),
            _("Whoever you let in: a stranger gets a code, and you approve it on the Finish screen (pairing)."),
        )  # fmt: skip
        yield line(
            "people",
            _("These people"),
            ", ".join(answers.people),
            _(self.PEOPLE_HELP),
            example=self.PEOPLE_EXAMPLE,
        )
        names = {
            "off": Option("off", _("it stays silent")), "people": Option("people", _("only people on the list")),
            "everybody": Option("everybody", _("everybody there")),
        }  # fmt: skip
        yield choice(
            "groups", _("In groups"), answers.groups, tuple(names[one] for one in self.GROUPS),
            _("Who gets an answer in a group. “Everybody there”: whoever can put the bot into a group, too."),
        )  # fmt: skip
        yield choice(
            "mention", _("It answers there"), "mention" if answers.require_mention else "all",
            (Option("mention", _("only when mentioned (@)")), Option("all", _("every message"))),
            _("When mentioned: it stays silent until somebody writes its name with an @, or answers it."),
        )  # fmt: skip

    def chosen(self, field: str) -> str:
        return self.query_one(f"#{field}-input", Choice).value

    def typed(self, field: str) -> str:
        return self.query_one(f"#{field}-input", LineInput).value.strip()

    def talk(self) -> Talk:
        return {
            "enabled": self.is_on, "require_mention": self.chosen("mention") == "mention", "who": self.chosen("who"),
            "people": listed(self.typed("people")), "groups": self.chosen("groups"),
        }  # fmt: skip

    def show_fields(self) -> Mapping[str, bool]:
        talk = self.talk()
        by_list = talk["who"] in ("pairing", "allowlist")
        needs = talk["who"] == "allowlist" or (by_list and talk["groups"] == "people")
        return {"people": needs or bool(talk["people"]), "mention": talk["groups"] != "off"}

    def remark(self, field: str) -> str:
        talk = self.talk()
        if field == "groups" and talk["groups"] == "people":
            if talk["who"] == "open":
                return _("Everybody may write to it: that holds in groups as well.")
            if not talk["people"]:
                return _("Nobody is on the list yet, so it stays silent in groups.")
        if field == "people" and talk["who"] == "pairing" and talk["people"]:
            return _("They need no approval.")
        return ""


NUMBERS_HELP = n_("Phone numbers with + and country code, commas between them: +15550001234, +15550005678.")

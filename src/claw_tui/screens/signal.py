"""Signal: a number of its own, and the signal-cli that speaks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from textual.widget import Widget

from claw_tui.domain.own_image import memory_remark, source_problem
from claw_tui.domain.spec import SignalSpec
from claw_tui.i18n import _, n_
from claw_tui.screens.channel import choice, line
from claw_tui.screens.talking import NUMBERS_HELP, TalkingDialog
from claw_tui.widgets.choice import Option


class SignalDialog(TalkingDialog[SignalSpec]):
    """Signal has no bots: signal-cli is a device of an account."""

    CHANNEL, TURN_ON = "signal", n_("answer on Signal")
    HELP = n_(
        "Signal has no bots: the program signal-cli is a device of an account, best one with a number of its own. After"
        " the deploy it is linked with a QR code (F7 on Finish)."
    )
    PEOPLE_HELP = n_("Phone numbers with + and country code, or uuid:…, commas between them.")
    PEOPLE_EXAMPLE = "+15550001234"

    def compose_own(self) -> Iterator[Widget]:
        yield line("account", _("Its number"), self._answers.account, _(NUMBERS_HELP), example="+15550001234")
        yield choice(
            "server", _("signal-cli runs"), self._server,
            (
                Option("managed-native", _("in the gateway's machine"), _("claw-tui puts it there")),
                Option("external-native", _("elsewhere"), _("as a daemon")),
                Option("container", _("elsewhere"), _("as signal-cli-rest-api")),
            ),
            _("Elsewhere: for instance as another app of yours at Fly.io, which the gateway reaches privately."),
        )  # fmt: skip
        yield line(
            "url", _("Its address"), self._answers.url,
            _("As the gateway's machine reaches it. The rest-api container must run with MODE=json-rpc."),
            example="http://my-signal.flycast:8080",
        )  # fmt: skip

    @property
    def _server(self) -> str:
        """Whoever has never answered it has it in the machine."""
        answers = self._answers
        return answers.server if answers.enabled or answers.account or answers.url else "managed-native"

    def collect(self) -> SignalSpec:
        return replace(
            self._answers,
            account=self.typed("account"),
            server=self.chosen("server"),
            url=self.typed("url"),
            **self.talk(),
        )

    def show_fields(self) -> Mapping[str, bool]:
        return {**super().show_fields(), "url": self.chosen("server") != "managed-native"}

    def remark(self, field: str) -> str:
        if field == "server" and self.chosen("server") == "managed-native":
            spec = replace(self.session.spec, gateway=self.gateway)
            if words := source_problem(spec):
                return words
            told = _("An image is built with it and with Java: 2 to 5 minutes of a deploy.")
            return " ".join(filter(None, (told, memory_remark(spec))))
        return super().remark(field)

"""Slack: by its socket, or by HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from textual.widget import Widget

from claw_tui.domain.answers import ChannelCheck
from claw_tui.domain.channel_config import SLACK_PATH
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import SLACK_APP, SLACK_BOT, SLACK_SIGNING
from claw_tui.domain.spec import SlackSpec
from claw_tui.i18n import _, n_
from claw_tui.screens.channel import choice
from claw_tui.screens.talking import TalkingDialog
from claw_tui.widgets.choice import Option


class SlackDialog(TalkingDialog[SlackSpec]):
    """The socket needs no public address, HTTP does."""

    CHANNEL, TURN_ON, CHECKS = "slack", n_("answer on Slack"), True
    SECRETS = (SLACK_BOT, SLACK_APP, SLACK_SIGNING)
    HELP = n_(
        "As an app of your own in your workspace, made at api.slack.com/apps. It needs two secrets from there."
    )
    PEOPLE_HELP = n_(
        "Member ids with commas between them. In Slack: the profile, three dots, Copy member ID."
    )
    PEOPLE_EXAMPLE = "U0123ABCD"
    GROUPS = ("off", "everybody")

    def compose_own(self) -> Iterator[Widget]:
        yield choice(
            "mode", _("Messages come"), self._answers.mode,
            (Option("socket", _("by the socket")), Option("http", _("by HTTP"), _("needs a public address"))),
            _("The socket is opened from the gateway: it works in private mode too. By HTTP Slack calls the gateway."),
        )  # fmt: skip

    def collect(self) -> SlackSpec:
        return replace(self._answers, mode=self.chosen("mode"), **self.talk())

    def remark(self, field: str) -> str:
        if field == "mode" and self.chosen("mode") == "http":
            host = self.session.spec.hostname
            return _("Request URL in Slack: {url}").format(url=f"https://{host}{SLACK_PATH}")
        return super().remark(field)

    async def ask(self, secrets: Mapping[str, Secret]) -> ChannelCheck:
        return await self.session.services.channels.slack(secrets.get(SLACK_BOT), secrets.get(SLACK_APP))

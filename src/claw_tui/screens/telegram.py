"""Telegram: the bot's token, who may use it, and whether its messages come here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from claw_tui.domain.answers import ChannelCheck, Remark
from claw_tui.domain.errors import ClawError
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import TELEGRAM
from claw_tui.domain.spec import TelegramSpec
from claw_tui.i18n import _, n_
from claw_tui.screens.dialogs import AskDialog
from claw_tui.screens.talking import TalkingDialog


class TelegramDialog(TalkingDialog[TelegramSpec]):
    """Needs no public address: the gateway fetches its messages."""

    CHANNEL, TURN_ON, SECRETS, CHECKS = "telegram", n_("answer on Telegram"), (TELEGRAM,), True
    HELP = n_(
        "As a bot of your own, which @BotFather makes in a minute. It needs no public address: private mode is fine."
    )
    PEOPLE_HELP = n_("Numeric ids with commas between them; names change. @userinfobot tells people theirs.")
    PEOPLE_EXAMPLE = "8734062810"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f8", "free", n_("Take its messages back"))]

    def collect(self) -> TelegramSpec:
        return replace(self._answers, **self.talk())

    async def ask(self, secrets: Mapping[str, Secret]) -> ChannelCheck:
        token = secrets.get(TELEGRAM)
        return await self.session.services.channels.telegram(token) if token else ChannelCheck(())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "free":
            return self.found.taken
        return super().check_action(action, parameters)

    @work(exclusive=True, group="free")
    async def action_free(self) -> None:
        question = _("The other program gets no more messages of this bot. Take them back?")
        token = await self.session.vault.get(self.session.spec.app, TELEGRAM)
        if token is None or not await self.app.push_screen_wait(
            AskDialog(question, _("Take them"), _("Leave it"))
        ):
            return
        try:
            await self.session.services.channels.free_telegram(token)
        except ClawError as error:
            self.say(Remark("failed", error.message, error.hint))
            return
        self.action_check()

"""WhatsApp: linked to a phone after the deploy."""

from __future__ import annotations

from dataclasses import replace

from claw_tui.domain.spec import WhatsAppSpec
from claw_tui.i18n import n_
from claw_tui.screens.talking import NUMBERS_HELP, TalkingDialog


class WhatsAppDialog(TalkingDialog[WhatsAppSpec]):
    """There is nothing to check before the phone is linked."""

    CHANNEL, TURN_ON = "whatsapp", n_("answer on WhatsApp")
    HELP = n_(
        "It needs no token. After the deploy a phone is linked by a QR code: F8 on Finish, or N on Home"
        " (openclaw channels login --channel whatsapp). A number of its own is best."
    )
    PEOPLE_HELP = NUMBERS_HELP
    PEOPLE_EXAMPLE = "+15550001234"

    def collect(self) -> WhatsAppSpec:
        return replace(self._answers, **self.talk())

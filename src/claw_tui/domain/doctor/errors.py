"""What a run that mends can end with."""

from __future__ import annotations

from claw_tui.domain.errors import GatewayError
from claw_tui.i18n import n_


class StillSick(GatewayError):
    """It was looked at again, and something that was to be mended is wrong all the same."""

    code = "still-sick"
    default_hint = n_("`claw-tui doctor` says what it is now.")

"""A gateway that was made private, and is not seen to be."""

from __future__ import annotations

from claw_tui.domain.errors import GatewayError
from claw_tui.i18n import n_


class NotPrivate(GatewayError):
    """It is still seen from outside."""

    code = "not-private"
    default_hint = n_("Trying again looks once more; what is done stays done.")


class NotProved(NotPrivate):
    """Nothing was seen from outside, and not everything could be looked at."""

    code = "not-proved"

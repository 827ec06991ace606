"""Whose clock a time is by: what Fly.io and the gateway write down is in UTC, all else here is by this computer's."""

from __future__ import annotations

import time

from claw_tui.i18n import _


def log_clock() -> str:
    """Said beside a log; nothing where both clocks show the same."""
    return _("times in UTC") if time.localtime().tm_gmtoff else ""

"""Ages, spans, sizes and moments, as short as they can be read."""

from __future__ import annotations

import time

from claw_tui.i18n import _, many

FRESH_SECONDS = 90.0
MINUTE, HOUR, DAY = 60, 3600, 86400
GIB, MIB = 1024**3, 1024**2


def age_words(age: float) -> str:
    if age < FRESH_SECONDS:
        return _("now")
    return _("{span} ago").format(span=span(age))


def span(seconds: float) -> str:
    """About how long: "3 min", "2 h", "4 days"."""
    if seconds < HOUR:
        return _("{count} min").format(count=max(1, round(seconds / MINUTE)))
    if seconds < 2 * DAY:
        return _("{count} h").format(count=round(seconds / HOUR))
    return many("{count} day", "{count} days", round(seconds / DAY))


def minute(at: float) -> str:
    """A moment in this computer's time."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))


def size(count: float) -> str:
    """Bytes in a unit in which they are easy to read."""
    if count < GIB * 0.95:
        return _("{count} MB").format(count=round(count / MIB))
    return _("{count:.1f} GB").format(count=count / GIB)

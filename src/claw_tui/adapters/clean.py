"""Text that others wrote, before anybody sees it."""

from __future__ import annotations

import re
from typing import Any

# Escapes (CSI, OSC, DCS, two bytes), other control characters except tab and newline, invisible ones (a log could lie).
_CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[PX^_][^\x1b]*(?:\x1b\\)?|\x1b.?"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def clean(text: str) -> str:
    """Remove everything a terminal would act on. Textual's widgets let ESC through."""
    return text if text.isprintable() else _CONTROL.sub("", text)


def clean_all(value: Any) -> Any:
    """Clean every text in a decoded JSON document: an escape may have come in as its number."""
    match value:
        case str():
            return clean(value)
        case list():
            return [clean_all(inside) for inside in value]
        case dict():
            return {clean(str(key)): clean_all(inside) for key, inside in value.items()}
        case _:
            return value

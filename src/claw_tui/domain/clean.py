"""Text that others wrote, before anybody sees it: nothing in it may steer a terminal, or look like what it is not."""

from __future__ import annotations

import re
from typing import Any

# Escapes (CSI, OSC, DCS up to their ends, else two characters: the words behind stay), other control characters except tab
# and newline, what turns the direction of writing round, and what is invisible (a log could lie).
_CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b.?|\x9b[0-?]+[ -/]*[@-~]"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_HALF = re.compile(r"[\ud800-\udfff]")  # of a character: it can't be written anywhere


def clean(text: str) -> str:
    """Without everything that a terminal would act on. Cheap for what has nothing of the kind."""
    return text if text.isprintable() else _HALF.sub("\ufffd", _CONTROL.sub("", text))


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

"""What a terminal sends, before Textual reads it: bytes that are no text, and pastes that come as keys.

Textual's own decoder ends the program at the first byte that is not UTF-8 (a paste in Latin-1 is enough), and gives each
letter of a paste without brackets to the keys: to the shortcuts where no field has the focus, and slower with each letter
where one has.
"""

from __future__ import annotations

import codecs
import re
import time
from typing import ClassVar

MOST_TYPED = 32  # characters that come in one piece; more were pasted
BEGIN, END = "\x1b[200~", "\x1b[201~"
_LONGEST = len(BEGIN) - 1
_BEGUN = re.compile(r"\x1b(\[[0-?]*)?$")  # a sequence whose end has not come


class AnyBytes(codecs.IncrementalDecoder):
    """UTF-8 in which what is none becomes U+FFFD, with brackets around a paste that came without."""

    pasted_at: ClassVar[float] = 0.0  # when such a one came last: what comes right behind is its rest

    def __init__(self, _errors: str = "strict") -> None:
        super().__init__("replace")
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._tail = ""  # a bracket may come in two pieces
        self._inside = False

    def decode(self, data: bytes, final: bool = False) -> str:  # type: ignore[override]  # noqa: FBT001, FBT002
        text = self._decoder.decode(data, final)
        was_inside, seen, begun = self._inside, self._tail + text, _BEGUN.search(self._tail)
        self._inside = seen.rfind(BEGIN) > seen.rfind(END) if BEGIN in seen or END in seen else was_inside
        self._tail = seen[-_LONGEST:]
        pasted = len(text) > MOST_TYPED and not (was_inside or begun or "\x1b" in text)
        if not pasted:
            return text
        AnyBytes.pasted_at = time.monotonic()
        return f"{BEGIN}{text}{END}"


def take_anything() -> None:
    """Let Textual's driver read with it. There is no other place for it than this name in the driver's module."""
    from textual.drivers import linux_driver  # noqa: PLC0415

    def decoder(_name: str) -> type[AnyBytes]:
        return AnyBytes

    linux_driver.getincrementaldecoder = decoder  # type: ignore[attr-defined, assignment]

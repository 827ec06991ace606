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
ESC, BEGIN, END = "\x1b", "\x1b[200~", "\x1b[201~"
_LONGEST = len(BEGIN) - 1
_HELD = re.compile(r"(?:\x1b(?:\[(?:2(?:0(?:1)?)?)?)?)?$")  # what END begins with
_BEGUN = re.compile(r"\x1b(\[[0-?]*)?$")  # a sequence whose end has not come


class AnyBytes(codecs.IncrementalDecoder):
    """UTF-8 in which what is none becomes U+FFFD, with brackets around a paste that came without.

    An escape between the brackets is taken out: what follows one is keys to Textual, Enter among them.
    """

    pasted_at: ClassVar[float] = 0.0  # when such a one came last: what comes right behind is its rest

    def __init__(self, _errors: str = "strict") -> None:
        super().__init__("replace")
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._tail = ""  # a bracket may come in two pieces
        self._held = ""  # of a paste: what may become its closing bracket
        self._inside = False

    def decode(self, data: bytes, final: bool = False) -> str:  # type: ignore[override]  # noqa: FBT001, FBT002
        text = self._decoder.decode(data, final)
        was_inside, begun = self._inside, _BEGUN.search(self._tail)
        clean = self._without_escapes(self._held + text)
        if final:
            clean, self._held = clean + self._held.replace(ESC, ""), ""
        self._tail = (self._tail + text)[-_LONGEST:]
        pasted = len(text) > MOST_TYPED and not (was_inside or begun or ESC in text)
        if not pasted:
            return clean
        AnyBytes.pasted_at = time.monotonic()
        return f"{BEGIN}{text}{END}"

    def _without_escapes(self, text: str) -> str:
        """Of what stands between brackets. Sets what is held, and whether a paste goes on."""
        self._held, done = "", ""
        if not self._inside and (at := self._opened_at(text)):
            done, text, self._inside = text[:at], text[at:], True
        while text:
            if not self._inside:
                before, begin, text = text.partition(BEGIN)
                done, self._inside = f"{done}{before}{begin}", bool(begin)
                continue
            before, end, text = text.partition(END)
            if not end:
                self._held = _HELD.search(before)[0]  # type: ignore[index]  # it finds nothing, too
                before = before.removesuffix(self._held)
            done, self._inside = f"{done}{before.replace(ESC, '')}{end}", not end
        return done

    def _opened_at(self, text: str) -> int:
        """Where the rest of an opening bracket ends, whose begin came before; 0 when there is none."""
        for length in range(1, len(BEGIN)):
            if self._tail.endswith(BEGIN[:length]) and text.startswith(BEGIN[length:]):
                return len(BEGIN) - length
        return 0


def take_anything() -> None:
    """Let Textual's driver read with it. There is no other place for it than this name in the driver's module."""
    from textual.drivers import linux_driver  # noqa: PLC0415

    def decoder(_name: str) -> type[AnyBytes]:
        return AnyBytes

    linux_driver.getincrementaldecoder = decoder  # type: ignore[attr-defined, assignment]

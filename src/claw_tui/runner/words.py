"""The runner's stderr, which is a file: tracebacks and what libraries complain of."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TextIO


class RedactedWords(io.TextIOBase):
    """Python writes a failure's message in one piece, so each piece is redacted by itself."""

    def __init__(self, out: TextIO, redact: Callable[[str], str]) -> None:
        self._out, self._redact = out, redact

    def write(self, text: str) -> int:
        self._out.write(self._redact(text))
        return len(text)

    def flush(self) -> None:
        self._out.flush()

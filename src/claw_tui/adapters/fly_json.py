"""Finding JSON in what flyctl prints: it mixes warnings in, and prints several documents one after another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from claw_tui.domain.clean import clean_all
from claw_tui.domain.parse import json_of

MAX_DOCUMENT = 4 << 20  # characters; a log entry has some hundred, and one that never ends is dropped
_DECODER = json.JSONDecoder()


class NoJson(ValueError):
    """There is no JSON document in the text."""


def _starts(text: str) -> Iterator[int]:
    """Offsets of lines that begin with ``{`` or ``[``."""
    offset = 0
    for line in text.splitlines(keepends=True):
        if line.lstrip()[:1] in ("{", "["):
            yield offset + len(line) - len(line.lstrip())
        offset += len(line)


def find_json(text: str) -> Any:
    """Return the first JSON document that begins a line. Raises NoJson."""
    for start in _starts(text):
        try:
            return clean_all(_DECODER.raw_decode(text, start)[0])
        except (ValueError, RecursionError):
            continue
    raise NoJson(text[:200])


class Documents:
    """Cuts a stream of pretty-printed documents: one ends where a line is a lone ``}``."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._size = 0

    def feed(self, line: str) -> Any | None:
        """Take a line; return a document when it ends one."""
        if not self._lines and not line.startswith("{"):
            return None  # noise between documents
        self._lines.append(line)
        self._size += len(line)
        if self._size > MAX_DOCUMENT:
            self._lines, self._size = [], 0
            return None
        if line.rstrip() != "}" and not (len(self._lines) == 1 and line.rstrip().endswith("}")):
            return None
        text, self._lines, self._size = "\n".join(self._lines), [], 0
        try:
            return clean_all(json_of(text))
        except (ValueError, RecursionError):
            return None

"""In which line of a TOML file something stands. (Neither tomllib nor tomlkit tells that of what it could read.)"""

from __future__ import annotations

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_WORD = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_NAME = rf"{_WORD}(?:\s*\.\s*{_WORD})*"
_TABLE = re.compile(rf"\s*\[\s*({_NAME})\s*\]")
_ROW = re.compile(rf"\s*\[\[\s*({_NAME})\s*\]\]")
_VALUE = re.compile(rf"\s*({_NAME})\s*=\s*(.*)")


def line_of(found: Mapping[Path, int], path: Path) -> int:
    """From 1: of ``path`` itself, or of the nearest that it is inside of; 0 when nobody can tell."""
    while path and path not in found:
        path = path[:-1]
    return found.get(path, 0)


def places(text: str) -> dict[Path, int]:
    """Every table and every value that has a line of its own."""
    reader = _Places()
    for number, line in enumerate(text.splitlines(), 1):
        reader.take(number, line)
    return reader.found


class _Places:
    def __init__(self) -> None:
        self.found: dict[Path, int] = {}
        self._rows: dict[Path, int] = {}  # how many tables of this name there were
        self._here: Path = ()
        self._quotes = ""  # of a text that goes over several lines

    def take(self, number: int, line: str) -> None:
        if self._quotes:
            if self._quotes in line:
                self._quotes = ""
        elif match := _ROW.match(line):
            names = self._inside(_words(match.group(1)), last=False)
            self._rows[names] = self._rows.get(names, -1) + 1
            self._here = (*names, self._rows[names])
            self.found.setdefault(names, number)
            self.found[self._here] = number
        elif match := _TABLE.match(line):
            self._here = self._inside(_words(match.group(1)))
            self.found.setdefault(self._here, number)
        elif match := _VALUE.match(line):
            self.found.setdefault((*self._here, *_words(match.group(1))), number)
            self._quotes = _opened(match.group(2))

    def _inside(self, names: tuple[str, ...], *, last: bool = True) -> Path:
        """The path of a table: of a list of tables the last one is meant."""
        path: Path = ()
        for index, name in enumerate(names):
            path = (*path, name)
            if path in self._rows and (last or index < len(names) - 1):
                path = (*path, self._rows[path])
        return path


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.strip("\"'") for word in re.findall(_WORD, name))


def _opened(value: str) -> str:
    for quotes in ('"""', "'''"):
        if value.startswith(quotes) and quotes not in value[3:]:
            return quotes
    return ""

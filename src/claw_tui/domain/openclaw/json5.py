"""Reading JSON5, which OpenClaw takes for its file: comments, loose commas, bare names, single quotes.

A reader of our own, for it is short, and what is wrong is said with its line; a library would be one more thing to trust
with a file of keys. Texts of the file are never quoted in an error.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Any

from claw_tui.domain.parse import TooDeep
from claw_tui.i18n import _

MAX_DEPTH = 100
_BLANK = re.compile(r"(?:[\s\ufeff]+|//[^\n\r\u2028\u2029]*|/\*[\s\S]*?\*/)*")
_NAME = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_NUMBER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F]+|Infinity|NaN|(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
)
_PLAIN = {'"': re.compile(r'[^"\\\n\r]*'), "'": re.compile(r"[^'\\\n\r]*")}
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}
_WORDS = {"true": True, "false": False, "null": None}


class Unreadable(ValueError):
    """The text is no JSON5; ``line`` and ``column`` count from 1."""

    def __init__(self, text: str, at: int, why: str) -> None:
        self.line = text.count("\n", 0, at) + 1
        self.column = at - text.rfind("\n", 0, at)
        self.why = why
        super().__init__(
            _("line {line}, column {column}: {why}").format(line=self.line, column=self.column, why=why)
        )


def read(text: str) -> Any:
    """The value that ``text`` is. Raises Unreadable, or TooDeep."""
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise TooDeep from error
    except ValueError:
        return _Reader(text).whole()
    _shallow(value)
    return value


def places(text: str) -> dict[tuple[str, ...], tuple[int, int]]:
    """Where each value stands that has a name or a number: line and column of the name, from 1. Raises as ``read``."""
    reader = _Reader(text)
    reader.whole()
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    lines = {path: bisect_right(starts, at) for path, at in reader.places.items()}
    return {path: (line, reader.places[path] - starts[line - 1] + 1) for path, line in lines.items()}


def is_plain(text: str) -> bool:
    """Whether it is JSON, without what JSON5 adds."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _shallow(value: Any) -> None:
    """Whoever walks through it goes down a level for each bracket."""
    level = [value]
    for _depth in range(MAX_DEPTH + 1):
        level = [
            inside for node in level
            for inside in (node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
        ]  # fmt: skip
        if not level:
            return
    raise TooDeep


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0
        self.path: tuple[str, ...] = ()
        self.places: dict[tuple[str, ...], int] = {}

    def whole(self) -> Any:
        value = self.value()
        if self.skip() != "":
            raise self.wrong(_("there is something behind the end"))
        return value

    def wrong(self, why: str) -> Unreadable:
        return Unreadable(self.text, self.at, why)

    def skip(self) -> str:
        """Go over blanks and comments; the character that follows, or nothing at the end."""
        found = _BLANK.match(self.text, self.at)
        assert found
        self.at = found.end()
        if self.text.startswith("/*", self.at):
            raise self.wrong(_("this comment has no end"))
        return self.text[self.at : self.at + 1]

    def value(self) -> Any:
        char = self.skip()
        if char in ("{", "["):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise TooDeep
            found = self.object() if char == "{" else self.array()
            self.depth -= 1
            return found
        if char in ('"', "'"):
            return self.string(char)
        word = _NAME.match(self.text, self.at)
        if word and word.group() in _WORDS:
            self.at = word.end()
            return _WORDS[word.group()]
        return self.number()

    def number(self) -> int | float:
        found = _NUMBER.match(self.text, self.at)
        if not found:
            raise self.wrong(_("a value is missing") if self.at >= len(self.text) else _("this is no value"))
        self.at = found.end()
        text = found.group()
        digits = text.lstrip("+-")
        if digits[:2] in ("0x", "0X"):
            return int(digits, 16) * (-1 if text[0] == "-" else 1)
        return int(text) if digits.isdigit() else float(text)

    def array(self) -> list[Any]:
        self.at += 1
        found: list[Any] = []
        while self.skip() != "]":
            found.append(self.inside(str(len(found)), self.at))
            self.comma("]")
        self.at += 1
        return found

    def object(self) -> dict[str, Any]:
        self.at += 1
        found: dict[str, Any] = {}
        while (char := self.skip()) != "}":
            start = self.at
            key = self.string(char) if char in ('"', "'") else self.name()
            if self.skip() != ":":
                raise self.wrong(_("a colon is missing behind the name"))
            self.at += 1
            found[key] = self.inside(key, start)
            self.comma("}")
        self.at += 1
        return found

    def inside(self, key: str, start: int) -> Any:
        """The value that stands under ``key``."""
        above, self.path = self.path, (*self.path, key)
        self.places[self.path] = start
        value = self.value()
        self.path = above
        return value

    def name(self) -> str:
        found = _NAME.match(self.text, self.at)
        if not found:
            raise self.wrong(_("a name, or the closing bracket, is missing"))
        self.at = found.end()
        return found.group()

    def comma(self, end: str) -> None:
        char = self.skip()
        if char == ",":
            self.at += 1
        elif char != end:
            raise self.wrong(_("a comma, or the closing bracket, is missing"))

    def string(self, quote: str) -> str:
        self.at += 1
        found: list[str] = []
        while True:
            plain = _PLAIN[quote].match(self.text, self.at)
            assert plain
            found.append(plain.group())
            self.at = plain.end()
            char = self.text[self.at : self.at + 1]
            if char == quote:
                self.at += 1
                return "".join(found)
            if char != "\\":
                raise self.wrong(_("this text has no end"))
            found.append(self.escape())

    def escape(self) -> str:
        char = self.text[self.at + 1 : self.at + 2]
        self.at += 2
        if char == "\r" and self.text.startswith("\n", self.at):
            self.at += 1
        if char in ("\n", "\r", "\u2028", "\u2029"):
            return ""
        if char not in ("u", "x"):
            return _ESCAPES.get(char, char)
        digits = self.text[self.at : self.at + (4 if char == "u" else 2)]
        if not re.fullmatch(r"[0-9a-fA-F]{4}" if char == "u" else r"[0-9a-fA-F]{2}", digits):
            raise self.wrong(_("this character code has too few digits"))
        self.at += len(digits)
        return self._pair(int(digits, 16)) if char == "u" else chr(int(digits, 16))

    def _pair(self, code: int) -> str:
        """Two halves of one character are written as two codes."""
        low = re.compile(r"\\u([dD][c-fC-F][0-9a-fA-F]{2})").match(self.text, self.at)
        if 0xD800 <= code < 0xDC00 and low:
            self.at = low.end()
            return chr(0x10000 + (code - 0xD800) * 0x400 + int(low.group(1), 16) - 0xDC00)
        return chr(code)

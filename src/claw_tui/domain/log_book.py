"""Many lines of a log, and those of them that somebody wants to see. Rows are numbered as long as the book lives."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from claw_tui.domain.log_lines import From, Level, LogLine

KEPT = 100_000  # lines
BLOCK = 10_000  # lines that go at once
CHUNK = 2_000  # lines that are looked through at once: a few milliseconds
NAMES = ("gateway", "machine", "proxy", "fly.io")
WORDS = ("debug", "     ", "warn ", "ERROR")  # most are of no level: what is left out is not in the way


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What is to be seen: this level and worse, from these, of this part of the gateway, with this text."""

    level: Level = Level.DEBUG
    source: From | None = None
    part: str = ""
    text: str = ""

    @property
    def is_open(self) -> bool:
        return self == LogFilter()


class LogBook:
    """The lines as they are shown and saved, with what they are filtered by beside them."""

    def __init__(self) -> None:
        self.filter = LogFilter()
        self.first = 0  # the number of the oldest line that is still here
        self.shown: list[int] = []  # numbers, in order
        self.parts: dict[str, int] = {}  # of the gateway, and how many lines each has said
        self.instances: set[str] = set()
        self._texts: list[str] = []
        self._levels = bytearray()
        self._sources = bytearray()
        self._parts: list[str] = []

    @property
    def count(self) -> int:
        """All lines that it was given."""
        return self.first + len(self._texts)

    def text(self, number: int) -> str:
        return self._texts[number - self.first]

    def level(self, number: int) -> Level:
        return Level(self._levels[number - self.first])

    # -- more lines -----------------------------------------------------------------------------------------------
    def add(self, lines: Iterable[LogLine]) -> None:
        for line in lines:
            self._add(line)
        if len(self._texts) > KEPT + BLOCK:
            self._drop()

    def _add(self, line: LogLine) -> None:
        number = self.count
        self._texts.append(shown_text(line))
        self._levels.append(line.level)
        self._sources.append(line.source)
        self._parts.append(line.part)
        if line.part:
            self.parts[line.part] = self.parts.get(line.part, 0) + 1
        if line.instance:
            self.instances.add(line.instance)
        if self._fits(len(self._texts) - 1):
            self.shown.append(number)

    def _drop(self) -> None:
        """The oldest go."""
        count = len(self._texts) - KEPT
        del self._texts[:count], self._levels[:count], self._sources[:count], self._parts[:count]
        self.first += count
        del self.shown[: bisect_left(self.shown, self.first)]

    # -- which of them --------------------------------------------------------------------------------------------
    def _fits(self, at: int) -> bool:
        wanted = self.filter
        return (
            self._levels[at] >= wanted.level
            and (wanted.source is None or self._sources[at] == wanted.source)
            and (not wanted.part or self._parts[at] == wanted.part)
            and (not wanted.text or wanted.text in self._texts[at].casefold())
        )

    def choose(self, wanted: LogFilter) -> Iterator[None]:
        """Show what ``wanted`` lets through: the newest at once, then piece by piece what is before."""
        self.filter = LogFilter(wanted.level, wanted.source, wanted.part, wanted.text.casefold())
        self.shown, end = [], self.count
        while end > self.first:
            begin = max(self.first, end - CHUNK)
            found = [number for number in range(begin, end) if self._fits(number - self.first)]
            self.shown[:0] = found
            end = begin
            yield

    def find(self, words: str, rows: Iterable[int]) -> int | None:
        """The first of ``rows`` (of what is shown) that has ``words``."""
        wanted, shown = words.casefold(), self.shown
        return next(
            (row for row in rows if row < len(shown) and wanted in self.text(shown[row]).casefold()), None
        )

    def place(self, line: str, rows: Iterable[int]) -> int | None:
        """The first of ``rows`` that is ``line``, or has it in it, or is in it: a diagnosis may have cut it."""
        wanted = " ".join(line.split())
        for row in rows:
            words = " ".join(words_of(self.text(self.shown[row])).split()) if row < len(self.shown) else ""
            if words and (wanted in words or words in wanted):
                return row
        return None

    def all_text(self) -> str:
        """What is shown, for a file."""
        return "".join(f"{self.text(number)}\n" for number in self.shown)


WHO = 8  # columns for who said it
HEAD = 20 + WHO + 6  # and before the words: the moment, who, how bad


def shown_text(line: LogLine) -> str:
    return f"{line.at[:19]:<19} {NAMES[line.source]:<{WHO}}{WORDS[line.level]} {line.words.strip()}"


def words_of(text: str) -> str:
    return text[HEAD:]

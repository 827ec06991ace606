"""Lines of a log, as the doctor compares them: the gateway says the same to Fly.io and to a file of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from claw_tui.domain.answers import LogEntry
from claw_tui.domain.doctor.facts import known
from claw_tui.domain.log_lines import parse

if TYPE_CHECKING:
    from claw_tui.domain.doctor.case import Case

_HEAD = re.compile(r"^(?:\S+T\S+Z? |\d\d:\d\d:\d\d )?(?:\[[a-z][\w/.:-]{0,30}\] )?")  # when, and which part


def once(lines: Iterable[str]) -> tuple[str, ...]:
    """Each that says something else, as it was said last."""
    found: dict[str, str] = {}
    for line in lines:
        words = _HEAD.sub("", parse(LogEntry("", "", "", line)).words)
        found.pop(words, None)
        found[words] = line
    return tuple(found.values())


def line_of(case: Case, evidence: Sequence[str]) -> str:
    """The first of it that Fly.io has, as it has it: that one gives the cause away. Evidence may have been cut."""
    from claw_tui.domain.troubles.causes import short  # noqa: PLC0415  (no start needs it)

    there: dict[str, str] = {}
    for entry in known(case.facts.logs, ()):
        line = entry.message.strip()
        there.update({line: line, short(line): line})
    return next((there[line] for line in evidence if there.get(line)), "")

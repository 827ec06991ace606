"""One line of a proof: what was looked at, and how it turned out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a thing turned out."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    UNKNOWN = "unknown"
    WAIT = "wait"  # not yet, and nothing says that it won't be
    TODO = "todo"  # it waits for a person
    TOLD = "told"  # neither good nor bad: what one should know


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of the proof."""

    id: str
    verdict: Verdict
    words: str
    todo: str = ""

"""What the doctor says: one finding for each check, the causes in their order, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Standing(StrEnum):
    """How one thing stands."""

    WELL = "well"
    WRONG = "wrong"
    NOTE = "note"  # one should know it; it is no fault
    UNKNOWN = "unknown"  # it could not be asked
    SKIPPED = "skipped"  # there was no sense in asking


@dataclass(frozen=True, slots=True)
class FileChange:
    """A line of a file that a fix changes; empty where there was or will be nothing."""

    file: str
    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Something that helps. ``id`` may have what it is about after a colon; the run takes it from there.

    ``asks``: a person has to decide or to give something; it is told and never done unasked. Without commands it is
    something that is done elsewhere. ``changes``: what becomes different in its files, without secrets.
    """

    id: str
    words: str
    commands: tuple[str, ...] = ()
    asks: bool = False
    changes: tuple[FileChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. ``evidence``: what it rests on, as it was seen. ``why``: what the cause is, and what it brings about.

    ``log_line``: of the evidence the first that stands in the log of Fly.io, as it stands there; empty without one.
    """

    id: str
    standing: Standing
    words: str
    evidence: tuple[str, ...] = ()
    cause: str = ""
    why: str = ""
    fix: Fix | None = None
    log_line: str = ""

    @property
    def fixable(self) -> bool:
        """Without a person's answer."""
        return self.standing is Standing.WRONG and self.fix is not None and not self.fix.asks


class Verdict(StrEnum):
    """What it amounts to."""

    HEALTHY = "healthy"
    SICK = "sick"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """``causes``: of what is wrong, the root first; what one explains comes after it. ``at`` in seconds since 1970."""

    app: str
    findings: tuple[Finding, ...]
    causes: tuple[str, ...] = ()
    explained: frozenset[str] = frozenset()  # those that another one brings about
    at: float = field(default=0.0, compare=False)

    @property
    def first(self) -> str:
        """The cause that explains the others; empty when nothing is wrong."""
        return self.causes[0] if self.causes else ""

    @property
    def verdict(self) -> Verdict:
        if self.causes:
            return Verdict.SICK
        unknown = any(finding.standing is Standing.UNKNOWN for finding in self.findings)
        return Verdict.UNKNOWN if unknown else Verdict.HEALTHY

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """What is wrong, the root first."""
        found = {f.cause: f for f in self.findings if f.standing is Standing.WRONG}
        return tuple(found[cause] for cause in self.causes)

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """What can be done without a person's answer, each once: for roots only. What they bring about may go with them."""
        some = [f for f in self.wrong if f.cause not in self.explained]
        fixes = {f.fix.id: f.fix for f in some if f.fixable and f.fix is not None}
        return tuple(fixes.values())

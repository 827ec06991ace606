"""A failure with its cause, the lines that say so, and the keys that help."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from claw_tui.domain.jobs import Task
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import Region, World

MOST_LINES = 6  # of evidence


class FixKind(StrEnum):
    """How a fix helps. All but GO end with a new run, which leaves alone what is done."""

    RETRY = "retry"
    CHANGE = "change"  # these answers
    CHOOSE = "choose"  # one of several changes
    GO = "go"  # to the answer, on its screen
    WAIT = "wait"  # until it is over
    RESCUE = "rescue"  # write openclaw.json in a machine that does not start


class Probe(StrEnum):
    """What says that a wait is over."""

    TIME = "time"
    NETWORK = "network"  # Fly.io answers
    BILLING = "billing"  # a payment method is there


Changes = tuple[tuple[str, str | int], ...]  # fields of the answers, and what they become


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways out."""

    id: str
    text: str
    detail: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class Fix:
    """Something that helps, with its key. ``step`` and ``field``: of GO. ``seconds``: how long a WAIT may take."""

    id: str
    key: str
    label: str
    kind: FixKind
    detail: str = ""
    changes: Changes = ()
    choices: tuple[Choice, ...] = ()
    step: str = ""
    field: str = ""
    probe: Probe = Probe.TIME
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """What a run wrote down about the step that failed."""

    code: str
    step: str
    message: str
    hint: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What else is known. ``names``: other names for the app; ``versions``: the registry's, the newest first."""

    spec: Spec
    task: Task = Task.DEPLOY
    world: World = field(default_factory=World)
    regions: tuple[Region, ...] = ()
    names: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    now: float = 0.0  # seconds since 1970


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is shown. ``address``: of a page that helps."""

    kind: str
    title: str
    cause: str
    evidence: tuple[str, ...]
    fixes: tuple[Fix, ...]
    address: str = ""

    def fix(self, id_: str) -> Fix:
        return next(fix for fix in self.fixes if fix.id == id_)

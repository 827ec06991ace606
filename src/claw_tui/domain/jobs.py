"""A run as it is written down: the job, its events, its state, and the journal of intents."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from claw_tui.domain.spec import Spec

SCHEMA = 1


class Task(StrEnum):
    """What a run is for."""

    DEPLOY = "deploy"  # bring everything in line with the answers
    SECRETS = "secrets"  # bring changed secrets in, with one restart
    CONFIG = "config"  # another openclaw.json for a gateway that runs
    TIDY = "tidy"  # take away what an app has twice
    UNDO = "undo"  # take away what this program made
    UPDATE = "update"  # to another version, with a snapshot first; or back
    HARDEN = "harden"  # nobody outside the organization's network reaches it any more
    EXPOSE = "expose"  # the way back: everybody reaches its address
    CHANGE = "change"  # another machine, a larger volume, another region; or back
    POWER = "power"  # stop it, start it again, start it anew
    REMOVE = "remove"  # take a whole app away, whoever made it
    MIGRATE = "migrate"  # from Clawdbot, Moltbot or January's OpenClaw to today's; or back
    FIX = "fix"  # what the doctor found to be wrong
    RESCUE = "rescue"  # reach into a gateway that does not start, mend it, let it start


DEPLOYS = (
    Task.DEPLOY,
    Task.UPDATE,
    Task.MIGRATE,
)  # of the answers: their fly.toml comes in before their file
DOORS = (Task.HARDEN, Task.EXPOSE)  # only who can reach it is changed
RESCUE_LOOK = "look"  # the choice of a rescue that only looks: the machine stays in it


class StepState(StrEnum):
    """Where a step stands."""

    WAITING = "waiting"
    RUNNING = "running"
    UNCHANGED = "unchanged"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


MISSING = "missing"  # the kind of an event about something that does not work although its run went well
ENDED_WELL = (StepState.UNCHANGED, StepState.DONE)


@dataclass(frozen=True, slots=True)
class StepInfo:
    """A step of a job, for people."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Job:
    """What a run is to do. ``started`` in seconds since 1970; ``fingerprint`` is of the plan's world.

    ``sends``: the names of the secrets that are new, and the revision of each value that it was given.
    ``first``: there is no machine yet. ``changes``: the steps that have something to do, as planned; none: nobody said.
    ``choice``: of a run for the config the backup that is put back (else the answers are written); of a rescue what is done;
    of what takes things away those things (``domain/made.py``); of an update and a migration the way back (``domain/update.py``), empty for
    the way on; of hardening what becomes of a dedicated IPv4 address (``domain/doors.py``); of power what is done
    (``domain/power.py``); of a change all that is wanted, and what was before (``domain/machine_wish.py``);
    of the doctor's the ids of its fixes (``domain/doctor/choice.py``).
    """

    id: str
    app: str
    spec: Spec
    steps: tuple[StepInfo, ...]
    fingerprint: str
    started: float
    demo: bool = False
    task: Task = Task.DEPLOY
    sends: dict[str, str] = field(default_factory=dict)
    choice: str = ""
    first: bool = False
    changes: tuple[str, ...] = ()
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class JobEvent:
    """Something that happened in a run. ``at`` in seconds since 1970.

    ``kind``: accepted, step, ended; part: a part of a step (``part`` its id, ``words`` how far it is); made: something was
    created (``part`` what it is, ``words`` its id); missing: what does not work although the run went well (``part`` what it
    is, ``words`` how it is, ``hint`` why most likely). ``lines``: of a failure, what was said about it.
    """

    kind: str
    at: float
    step: str = ""
    state: str = ""
    message: str = ""
    hint: str = ""
    code: str = ""
    part: str = ""
    words: str = ""
    lines: tuple[str, ...] = ()


class JobState(StrEnum):
    """Where a run stands, told by its lock and its status file."""

    GOING_ON = "going on"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"  # it ended without a word: killed, or the computer went down


REFUSED = "lease-held"  # the outcome of a call that did nothing, for somebody else was at it


@dataclass(frozen=True, slots=True)
class Intent:
    """A mutating call that was about to be made. ``pid`` is flyctl's, once it was started.

    ``outcome``: done, failed, REFUSED, unknown (it was cut off); empty as long as nobody wrote one down.
    """

    id: str
    step: str
    command: str
    at: float
    pid: int = 0
    outcome: str = ""

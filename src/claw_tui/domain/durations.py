"""How long things took here before, and what that tells of a run that goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

from claw_tui.domain.jobs import Job
from claw_tui.domain.own_image import is_own
from claw_tui.domain.phases.parts import BUILDERS

KEPT = 5  # runs of a kind
MOST = 60  # runs in all
LONGEST = 86_400.0  # seconds


@dataclass(frozen=True, slots=True)
class RunTimes:
    """One run that went well: seconds of each step, and of each part; of a part its longest silence too.

    ``looks``: of steps that had nothing to do.
    """

    kind: str
    builder: str = ""
    steps: dict[str, float] = field(default_factory=dict)
    looks: dict[str, float] = field(default_factory=dict)
    parts: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def is_sane(self) -> bool:
        """A clock that was set meanwhile, and a damaged file, make times that never were."""
        seconds = (
            *self.steps.values(),
            *self.looks.values(),
            *(each for pair in self.parts.values() for each in pair),
        )
        return all(0 <= each <= LONGEST for each in seconds)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for a part, in seconds: how long it takes, and the longest that it says nothing."""

    seconds: float
    silence: float


def kind_of(job: Job) -> str:
    """Runs of one kind take about the same time."""
    way = "own" if is_own(job.spec) else job.spec.source
    return "/".join((job.task.value, job.choice or way, "first" if job.first else "again"))


class Durations:
    """The runs that are remembered, oldest first."""

    def __init__(self, runs: tuple[RunTimes, ...] = ()) -> None:
        self.runs = tuple(run for run in runs if run.is_sane)

    def with_run(self, new: RunTimes) -> Durations:
        """The last few of each kind and builder are enough for a median, and follow what changes."""
        same = [run for run in self.runs if (run.kind, run.builder) == (new.kind, new.builder)]
        dropped = same[: max(0, len(same) - KEPT + 1)]
        left = tuple(run for run in self.runs if not any(run is old for old in dropped))
        return Durations((*left, new)[-MOST:])

    def of(self, kind: str, builder: str = "") -> list[RunTimes]:
        """Those to compare with; as long as a builder is not known, those of the one that was used last."""
        runs = [run for run in self.runs if run.kind == kind]
        if not runs:
            return []
        builder = builder if builder in BUILDERS else runs[-1].builder
        return [run for run in runs if run.builder == builder][-KEPT:]

    def step(self, kind: str, builder: str, step: str, *, acts: bool) -> float | None:
        """``acts``: it will have something to do."""
        runs = self.of(kind, builder)
        found = [run.steps[step] for run in runs if acts and step in run.steps]
        found = found or [run.looks[step] for run in runs if step in run.looks]
        return median(found) if found else None

    def part(self, kind: str, builder: str, part: str) -> Usual | None:
        found = [run.parts[part] for run in self.of(kind, builder) if part in run.parts]
        if not found:
            return None
        return Usual(median(seconds for seconds, _ in found), max(silence for _, silence in found))

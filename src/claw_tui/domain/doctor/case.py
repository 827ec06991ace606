"""The facts as the rules look at them: what counts now, and short ways to say a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from claw_tui.domain.answers import HealthAnswer, LogEntry
from claw_tui.domain.delivery import is_old
from claw_tui.domain.doctor.facts import Facts, Inside, Unasked, failed, known
from claw_tui.domain.doctor.lines import once
from claw_tui.domain.doctor.model import Finding, Fix, Standing
from claw_tui.domain.doors import is_private
from claw_tui.domain.elsewhere import foreign_place
from claw_tui.domain.generations import program_of
from claw_tui.domain.layout import layout_in
from claw_tui.domain.rescue import in_rescue, refuses_to_start
from claw_tui.domain.untold import untold
from claw_tui.domain.versions import is_older, number, version_of
from claw_tui.domain.world import Machine

LATELY = 24 * 3600.0  # seconds: what happened before is not what ails it now
SLACK = 15.0  # seconds: between two clocks, and Fly's words before a start
NOISE = 3  # lines of Fly's own at a start
_SPOILT = re.compile(r"\.(clobbered|refused-|rejected)")
ATTRIBUTION = "2026.8.1"  # from this version on a proxy's caller has to be told


class Case:
    """One gateway's facts."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.app, self.world = facts, facts.app, facts.world
        self.machine: Machine | None = self.world.machine
        self.tree = facts.tree
        self.layout, self.foreign = layout_in(self.world), foreign_place(self.world)
        self.image = self.machine.image if self.machine else ""
        self.version = version_of(self.image)
        self.old = self._is_old()
        self.inside = known(facts.inside, Inside())
        self.spec = facts.spec
        self.lines = self._lines()

    def _is_old(self) -> bool:
        """January 2026's generation or before: by its image, by its file, or by how it answers."""
        if program_of(self.world).old or is_old(
            self.version
        ):  # of a build of somebody's own its tag may tell it
            return True
        touched, health = self.at("meta.lastTouchedVersion"), self.facts.health
        if isinstance(touched, str) and is_old(touched):
            return True
        return isinstance(health, HealthAnswer) and health.status == 200 and not health.json_ok

    @property
    def undated(self) -> bool:
        """Nothing tells how old it is, and the gateway, whose answer would, could not be asked."""
        told = self.old or number(self.version) or isinstance(self.at("meta.lastTouchedVersion"), str)
        return not told and self.spec is None and failed(self.facts.health) is not None

    @property
    def dark(self) -> Unasked | None:
        """Why it is not known how its machines are set up: they could not be asked for, or a host does not answer."""
        words = untold(self.world)
        return failed(self.facts.machines) or (Unasked(words, "unreadable") if words else None)

    @property
    def meant_private(self) -> bool:
        """By the answers; of a gateway that others set up by how its machines are served."""
        served = bool(self.world.machines) and all(map(is_private, self.world.machines))
        return self.spec.private if self.spec is not None else served

    @property
    def has_read(self) -> bool:
        """It is known what stands in openclaw.json, or that there is none."""
        return self.tree is not None or self.facts.config is None

    @property
    def attributes(self) -> bool:
        """Does it refuse whoever comes by a proxy that it does not know? Of a build of somebody's own nobody knows."""
        return not self.old and not is_older(self.version, ATTRIBUTION)

    @property
    def started_at(self) -> float:
        """When it was started last, in seconds since 1970; 0 when that is not told."""
        events = self.machine.events if self.machine else ()
        return max((event.at for event in events if event.type == "start"), default=0) / 1000

    @property
    def released_at(self) -> float:
        """When it was last deployed; 0 when that is not told. Of releases that could not be asked, when it was started."""
        if failed(self.facts.releases):
            return self.started_at - SLACK
        return max((seconds(release.created_at) for release in self.world.releases), default=0.0)

    def _lines(self) -> tuple[str, ...]:
        """What was logged since it was started last; of one that does not answer, all that is told. Fly.io's own lines last."""
        entries: tuple[LogEntry, ...] = known(self.facts.logs, ())
        runs = self.facts.answers or (failed(self.facts.health) and not self.refuses)
        if runs and (since := self.started_at - SLACK) > 0:
            entries = tuple(entry for entry in entries if seconds(entry.at) >= since)
        return (*self.inside.log, *(entry.message.strip() for entry in entries))

    def logged(self, pattern: str, most: int = 3) -> tuple[str, ...]:
        """The newest lines that fit, each once: in the words of Fly.io's log, if they are there too."""
        sign = re.compile(pattern, re.IGNORECASE)
        return once(line for line in self.lines if sign.search(line))[-most:]

    @property
    def last_boot(self) -> tuple[str, ...]:
        """What was said since a start began, of the last start that said something."""
        boots: list[list[str]] = [[]]
        for entry in known(self.facts.logs, ()):
            if "Starting init" in entry.message:
                boots.append([])
            boots[-1].append(entry.message.strip())
        return tuple(next((boot for boot in reversed(boots) if len(boot) > NOISE), boots[-1]))

    def since_release(self) -> tuple[str, ...]:
        """All that was logged since the last deploy, earlier starts too."""
        begun = self.released_at
        return tuple(e.message.strip() for e in known(self.facts.logs, ()) if seconds(e.at) >= begun)

    @property
    def rescued(self) -> bool:
        """Another program that only waits was put in the gateway's place, by us or by hand."""
        machine = self.machine
        return machine is not None and (
            in_rescue(machine) or any("sleep" in word for word in machine.entrypoint)
        )

    @property
    def refuses(self) -> bool:
        """It ended by itself, and is not up."""
        machine = self.machine
        if machine is None or self.rescued or self.facts.answers:
            return False
        return refuses_to_start(machine) or (machine.state != "started" and self.last_exit not in (None, 0))

    @property
    def last_exit(self) -> int | None:
        """The code of its last end; None when it had none."""
        ends = [event for event in (self.machine.events if self.machine else ()) if event.type == "exit"]
        last = max(ends, key=lambda event: event.at, default=None)
        return None if last is None else last.exit_code or 0

    @property
    def good_backup(self) -> str:
        """The newest earlier file that is not what is there now; OpenClaw's own last good one first."""
        found = [b for b in known(self.facts.backups, ()) if not b.same and _SPOILT.search(b.name) is None]
        good = [b for b in found if b.name.endswith(".last-good")]
        return next((b.name for b in (*good, *found)), "")

    def at(self, path: str) -> object:
        """What stands in openclaw.json at a path with dots; None when nothing does."""
        node: object = self.tree
        for name in path.split("."):
            if not isinstance(node, dict):
                return None
            node = node.get(name)
        return node


def seconds(stamp: str) -> float:
    """Of an RFC 3339 time; 0 when it is none."""
    try:
        return datetime.fromisoformat(stamp).timestamp()
    except ValueError:
        return 0.0


def well(id_: str, words: str, evidence: Iterable[str] = ()) -> Finding:
    return Finding(id_, Standing.WELL, words, tuple(evidence))


def wrong(
    id_: str, cause: str, words: str, why: str, fix: Fix | None = None, evidence: Iterable[str] = ()
) -> Finding:
    return Finding(id_, Standing.WRONG, words, tuple(evidence), cause, why, fix)


def note(
    id_: str, cause: str, words: str, why: str, fix: Fix | None = None, evidence: Iterable[str] = ()
) -> Finding:
    return Finding(id_, Standing.NOTE, words, tuple(evidence), cause, why, fix)


def unknown(id_: str, words: str, fact: Unasked) -> Finding:
    return Finding(id_, Standing.UNKNOWN, words, (fact.words,) if fact.words else (), why=fact.hint)


def skipped(id_: str, words: str) -> Finding:
    return Finding(id_, Standing.SKIPPED, words)


def not_known(id_: str, words: str, fact: object) -> Finding:
    """It could not be asked; or there was no sense in asking."""
    why = failed(fact)
    return unknown(id_, words, why) if why else skipped(id_, words)

"""Which parts a deploy has gone through and how far the running one is, from flyctl's lines.

What is not understood changes nothing. A part ends when flyctl says so or when a later one begins; a late line of an
earlier one (there are two streams) does not bring it back.
"""

from __future__ import annotations

import re
from dataclasses import replace

from claw_tui.domain.jobs import StepState
from claw_tui.domain.phases.buildkit import BuildKit, pushed_words
from claw_tui.domain.phases.parts import ORDER, Part
from claw_tui.domain.phases.rules import ALL_BUILDS, Rule, rule_for
from claw_tui.i18n import _

_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_SIGN = re.compile(r"[ >✔✖] (?:\[\d+/\d+\] )?")
_PUSHED = re.compile(r"(?P<layer>[0-9a-f]{12}): (?P<what>.+)")
PUSHED = ("Pushed", "Layer already exists", "Mounted from")
LONGEST = 400  # characters of a line that matter
MOST_LAYERS = 1000
SILENCE = 1.0  # seconds; less is none


class PhaseReader:
    """One call of flyctl's, read line by line."""

    def __init__(self) -> None:
        self.parts: dict[str, Part] = {}  # in the order in which they began
        self._build: BuildKit | None = None
        self._layers: dict[str, bool] = {}  # of a push: is it there?
        self._again: set[str] = set()
        self._heard = 0.0
        self._changed: dict[str, None] = {}

    def take(self, line: str, at: float) -> tuple[str, ...]:
        """Hear a line at ``at`` seconds since 1970. Returns the parts that are other than before."""
        self._hear(at)
        line = line[:LONGEST]
        if "\x1b" in line:
            line = _ESCAPES.sub("", line)
        if line.startswith("#"):
            self._building(line, at)
        else:
            sign = _SIGN.match(line)
            self._ruled(line[sign.end() if sign else 0 :].strip(), at)
        if not self._changed:
            return ()
        changed = tuple(self._changed)
        self._changed.clear()
        return changed

    def finish(self, state: StepState, at: float) -> tuple[str, ...]:
        """The call has ended: so have all its parts."""
        self._hear(at)
        running = self._running()
        for part in running:
            self._end(part, at, state)
        self._changed.clear()
        return running

    def _hear(self, at: float) -> None:
        """How long was nothing heard? The time before a part began is not its own."""
        if at - self._heard > SILENCE:
            for part in self._running():
                known = self.parts[part]
                gap = at - max(known.began, self._heard)
                if gap > known.silence:
                    self.parts[part] = replace(known, silence=gap)
        self._heard = at

    def _running(self) -> tuple[str, ...]:
        return tuple(part.id for part in self.parts.values() if not part.ended)

    # -- what a line does ---------------------------------------------------------------------------------------------
    def _building(self, line: str, at: float) -> None:
        if self._build is None:
            self._build = BuildKit()
        if not self._build.take(line):
            return
        build = next((part for part in (*ALL_BUILDS, "push") if self._is_running(part)), "")
        if build:
            if self._build.pushing and build in ALL_BUILDS:  # it pushes by itself
                self._begin("push", at)
                build = "push"
            self._say(build, self._build.words)

    def _ruled(self, line: str, at: float) -> None:
        found = rule_for(line)
        if found is not None:
            self._apply(*found, at)
        elif self._is_running("push") and (layer := _PUSHED.match(line)) is not None:
            self._pushed(layer["layer"], there=layer["what"].startswith(PUSHED))

    def _apply(self, rule: Rule, said: dict[str, str], at: float) -> None:
        words = _(rule.words).format(**said) if rule.words else ""
        match rule.does:
            case "begins":
                self._begin(self._which(rule.parts[0]), at, words)
            case "ends" | "fails":
                state = StepState.DONE if rule.does == "ends" else StepState.FAILED
                for part in filter(self._is_running, rule.parts):
                    self._say(part, words)
                    self._end(part, at, state)
            case "says":
                for part in [part for part in self.parts if part in rule.parts][-1:]:
                    self._say(part, words)
            case "again":
                self._again.update(part for part in rule.parts if part in self.parts)
                self._begin(rule.parts[0], at, words)

    def _which(self, part: str) -> str:
        """Docker is Fly.io's when we have waited for it."""
        if part != "build-docker":
            return part
        return "build-remote" if "builder-remote" in self.parts else "build-local"

    def _pushed(self, layer: str, *, there: bool) -> None:
        if len(self._layers) < MOST_LAYERS or layer in self._layers:
            self._layers[layer] = there
        done = sum(self._layers.values())
        self._say("push", pushed_words(done, len(self._layers)))

    # -- parts --------------------------------------------------------------------------------------------------------
    def _is_running(self, part: str) -> bool:
        return part in self.parts and not self.parts[part].ended

    def _begin(self, part: str, at: float, words: str = "") -> None:
        known = self.parts.get(part)
        if known is not None and part not in self._again:
            self._say(part, words)
            return
        late = known is None and any(ORDER[other] > ORDER[part] for other in self.parts)
        if late:  # a line that the other stream has overtaken: it is over
            self.parts[part] = Part(part, StepState.DONE, words, at, at)
        else:
            for other in self._running():
                self._end(other, at, StepState.DONE)
            self.parts[part] = Part(part, StepState.RUNNING, words, known.began if known else at)
        self._again.discard(part)
        self._changed[part] = None

    def _end(self, part: str, at: float, state: StepState) -> None:
        known = self.parts[part]
        words = known.words
        if state is StepState.DONE and part in ALL_BUILDS and self._build is not None:
            words = self._build.summary()
        elif state is StepState.DONE and part == "update":
            words = ""  # what it did last says nothing
        self.parts[part] = replace(known, state=state, ended=at, words=words)
        self._changed[part] = None

    def _say(self, part: str, words: str) -> None:
        known = self.parts.get(part)
        if known is not None and words and words != known.words:
            self.parts[part] = replace(known, words=words)
            self._changed[part] = None

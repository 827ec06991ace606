"""What a run of Task.FIX was told to do: the ids of the fixes, taken apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.model import Fix
from claw_tui.domain.spec import PORT

FILES = (fixes.PUT, fixes.ANSWERS, fixes.FETCH, fixes.BASIC, fixes.FIND)


def choice_of(some: Iterable[Fix]) -> str:
    """For the run: all of them at once."""
    return " ".join(dict.fromkeys(word for fix in some for word in fix.id.split()))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A choice, read."""

    words: tuple[str, ...]

    def has(self, word: str) -> bool:
        return word in self.words

    def after(self, start: str) -> tuple[str, ...]:
        """What stands behind ``start`` in the words that begin so."""
        return tuple(word.removeprefix(start) for word in self.words if word.startswith(start))

    @property
    def rescue(self) -> bool:
        """Into a machine whose gateway does not start, or out of one that was left so."""
        return self.has(fixes.RESCUE) or "rescue" in self.deploys

    @property
    def deploys(self) -> tuple[str, ...]:
        return self.after(fixes.DEPLOY)

    @property
    def settings(self) -> tuple[str, ...]:
        return self.after(fixes.SETTINGS)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Names of those that are sent."""
        return (*self.after(f"{fixes.SEND}:"), *self.after(f"{fixes.TOKEN}:"))

    @property
    def file(self) -> str:
        """Which openclaw.json is put in place; of several the first."""
        return next((word for word in self.words if any(word.startswith(start) for start in FILES)), "")

    @property
    def removes(self) -> tuple[str, ...]:
        return tuple(id_ for some in self.after(fixes.REMOVE) for id_ in some.split(","))

    @property
    def memory_mb(self) -> int:
        return max(
            (int(word.partition("=")[2]) for word in self.deploys if word.startswith("memory=")), default=0
        )

    @property
    def port(self) -> int:
        """Of the mended machine."""
        named = (word.partition("=")[2] for word in self.deploys if word.startswith("port="))
        return int(next(named, "") or PORT)

    @property
    def image(self) -> str:
        return next((word.partition("=")[2] for word in self.deploys if word.startswith("image=")), "")


def read_choice(text: str) -> Wanted:
    return Wanted(tuple(text.split()))

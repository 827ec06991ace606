"""Which things this program made. Kept as lines of the app's own book (``Journal.note``), so that a kill loses nothing.

Before a step that makes something acts, what is there is written down; after it what is new is ours. When the run is
killed in between, the next look settles it: whatever appeared since is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from claw_tui.domain.errors import StateError
from claw_tui.domain.made import PARTS, Book, Kind, Thing, things, things_of, words_of
from claw_tui.domain.world import World

if TYPE_CHECKING:
    from claw_tui.ports import Journal, RunHandle

# What a step may make, besides what its own title says: a first deploy gives out addresses, and a volume.
MAKES: dict[str, tuple[Kind, ...]] = {
    "create-app": (Kind.APP,), "private-address": (Kind.IP,), "public-addresses": (Kind.IP,), "create-volume": (Kind.VOLUME,),
    "stage-secrets": (Kind.SECRET,), "deploy": (Kind.MACHINE, Kind.VOLUME, Kind.IP), "fork-volume": (Kind.VOLUME,), "clone-machine": (Kind.MACHINE,),
}  # fmt: skip


def book_of(journal: Journal, world: World | None = None) -> Book:
    """What is known. With a ``world`` that was just read, what no run has settled yet is settled by it."""
    made, settled, used, adopted = set[Thing](), set[Thing](), set[str](), False
    waiting: list[tuple[tuple[Kind, ...], Mapping[str, object]]] = []
    for note in journal.notes():
        kinds = tuple(Kind(word) for word in words_of(note, "kinds") if word in list(Kind))
        if kinds:
            waiting.append((kinds, note))
        if "made" in note:
            made |= things_of(words_of(note, "made"))
            waiting.clear()
        made -= things_of(words_of(note, "gone"))
        settled = set(made) if "whole" in note else settled & made
        used |= set(words_of(note, "used"))
        adopted = adopted or "adopted" in note
    if world is not None:
        for kinds, note in waiting:
            made |= things(world, kinds) - things_of(words_of(note, "before")) - _others(world, note)
    return Book(frozenset(made), frozenset(used), adopted, frozenset(settled), bool(waiting))


def known_of(journal: Journal, world: World | None = None) -> Book:
    """For what only shows it: a book that can't be read says nothing."""
    try:
        return book_of(journal, world)
    except StateError:
        return Book()


def _others(world: World, note: Mapping[str, object]) -> set[Thing]:
    """A volume of another name is nothing that a run would make."""
    name = note.get("volume")
    return {Thing(Kind.VOLUME, volume.id) for volume in world.volumes if name and volume.name != name}


def used_volumes(world: World) -> frozenset[str]:
    """Those that are in a machine now."""
    mounted = {mount.volume_id for machine in world.machines for mount in machine.mounts}
    return frozenset(mounted | {volume.id for volume in world.volumes if volume.attached_to})


class Provenance:
    """One run's hand on the book. ``on_made`` is told of each new thing."""

    def __init__(self, journal: Journal, on_made: Callable[[Thing], None]) -> None:
        self._journal, self._on_made = journal, on_made
        self.waits = True  # an earlier run may have left something to settle

    @property
    def book(self) -> Book:
        return book_of(self._journal)

    @staticmethod
    def parts(step: str, parts: tuple[str, ...]) -> tuple[str, ...]:
        """What has to be read around ``step``: its own parts, and those in which something may appear."""
        return tuple(dict.fromkeys((*parts, *(PARTS[kind] for kind in MAKES.get(step, ())))))

    def before(self, step: str, world: World, volume: str) -> None:
        """``volume``: its name, if one is made. Raises StateError: what can't be written down is not begun."""
        kinds = MAKES.get(step, ())
        if kinds:
            there = sorted(map(str, things(world, kinds)))
            words = [kind.value for kind in kinds]
            self._journal.note({"kinds": words, "before": there, "step": step, "volume": volume})
            self.waits = True

    def settle(self, world: World) -> None:
        """``world``: as it was just read, all that a waiting note is about."""
        known = book_of(self._journal)
        if self.waits:
            new = book_of(self._journal, world).made - known.made
            self._journal.note({"made": sorted(map(str, new))})
            for thing in sorted(new):
                self._on_made(thing)
            self.waits = False
        used = used_volumes(world) - known.used
        if used:
            self._journal.note({"used": sorted(used)})

    def finished(self) -> None:
        """There is a whole gateway: what it consists of is nothing half-made any more."""
        self._journal.note({"whole": "1"})

    def forget_gone(self, world: World) -> None:
        """``world``: all of it, just read. What was ours and is gone may come again as somebody else's."""
        gone = book_of(self._journal).made - things(world)
        if gone:
            self._journal.note({"gone": sorted(map(str, gone))})


def half_made(run: RunHandle, journal: Journal) -> bool:
    """Whether there is something that no gateway has come of yet. ``journal``: of the run's app."""
    book = known_of(journal)
    return bool(book.unfinished) or (book.waits and run.job.first)

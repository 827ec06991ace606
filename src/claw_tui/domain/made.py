"""What a run can make in an app, and can take away again: each thing by its kind and its id."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from claw_tui.domain.world import World


class Kind(StrEnum):
    """The order is that in which they are made; they are taken away the other way round."""

    APP = "app"
    SECRET = "secret"  # noqa: S105  (a kind, no value)
    VOLUME = "volume"
    IP = "ip"
    MACHINE = "machine"


# What of the world tells about a kind.
PARTS = {
    Kind.APP: "app",
    Kind.SECRET: "secrets",
    Kind.VOLUME: "volumes",
    Kind.IP: "ips",
    Kind.MACHINE: "machines",
}


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """An app's and a secret's id is its name, an address' the address itself."""

    kind: Kind
    id: str

    def __str__(self) -> str:
        return f"{self.kind.value}={self.id}"


def thing_of(text: str) -> Thing | None:
    """The other way round; None for what is no thing."""
    kind, sep, found = text.partition("=")
    return Thing(Kind(kind), found) if sep and found and kind in list(Kind) else None


def words_of(note: Mapping[str, object], name: str) -> list[str]:
    """The words of a line of the book. Somebody may have edited it."""
    found = note.get(name)
    return [word for word in found if isinstance(word, str)] if isinstance(found, list) else []


def things_of(words: Iterable[str]) -> frozenset[Thing]:
    return frozenset(thing for thing in map(thing_of, words) if thing is not None)


def things(world: World, kinds: Collection[Kind] = tuple(Kind)) -> frozenset[Thing]:
    """All that ``world`` has of ``kinds``; what is being destroyed counts as gone."""
    ids = {
        Kind.APP: [world.app.name] if world.app else [],
        Kind.SECRET: [info.name for info in world.secrets],
        Kind.VOLUME: [volume.id for volume in world.volumes if "destroy" not in volume.state],
        Kind.IP: [ip.address for ip in world.ips],
        Kind.MACHINE: [machine.id for machine in world.machines if "destroy" not in machine.state],
    }
    return frozenset(Thing(kind, found) for kind in kinds for found in ids[kind])


def choice_of(chosen: Collection[Thing]) -> str:
    """As a job carries it."""
    return " ".join(map(str, sorted(chosen)))


def chosen(choice: str) -> frozenset[Thing]:
    return things_of(choice.split())


@dataclass(frozen=True, slots=True)
class Book:
    """What is known of where an app's things come from.

    ``made``: by runs of this program on this computer; ``settled``: those of it that belong to a gateway that was finished,
    so that no later run's undo takes them away. ``used``: ids of volumes that were seen in a machine.
    ``adopted``: the person said that an app which others made is to be taken over.
    """

    made: frozenset[Thing] = frozenset()
    used: frozenset[str] = frozenset()
    adopted: bool = False
    settled: frozenset[Thing] = frozenset()
    waits: bool = False  # a run was cut off before it could look at what it had made

    @property
    def unfinished(self) -> frozenset[Thing]:
        """What runs made that have not led to a gateway yet."""
        return self.made - self.settled

    @property
    def is_ours(self) -> bool:
        """The app itself was made by this program."""
        return any(thing.kind is Kind.APP for thing in self.made)

"""Who is let in to a gateway: browsers and other devices, and people in its channels."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from claw_tui.domain.answers import PairingRequest
from claw_tui.domain.openclaw.json5 import read

DEVICE_SECONDS, PERSON_SECONDS = 300, 3600  # so long OpenClaw keeps a request
LISTED = ("discord", "telegram", "slack", "whatsapp", "signal")  # channels that let people in by a code
ADMIN = "operator.admin"
EVERYBODY = "*"  # in a list of people
COMMAND_LINE = "cli"  # what `openclaw` in the machine calls itself


@dataclass(frozen=True, slots=True)
class Device:
    """A browser, a phone or a program that is let in. Times in seconds since 1970; 0: not told."""

    id: str
    name: str
    platform: str
    roles: tuple[str, ...]
    scopes: tuple[str, ...]
    address: str
    approved_at: float
    seen_at: float
    connected: bool

    @property
    def may_all(self) -> bool:
        return ADMIN in self.scopes


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may write to the bot. ``by_file``: openclaw.json says so, and not a pairing."""

    channel: str
    id: str
    owner: bool = False
    by_file: bool = False


@dataclass(frozen=True, slots=True)
class Guests:
    """All of them. ``unknown``: in words, what could not be asked."""

    waiting: tuple[PairingRequest, ...] = ()
    devices: tuple[Device, ...] = ()
    people: tuple[Person, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What an openclaw.json says of people. ``channels``: those that are on."""

    channels: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    owners: frozenset[tuple[str, str]] = frozenset()  # channel, id


def rules_of(text: str | None) -> Rules:
    """Of a file that is not there, or can't be read: nothing."""
    try:
        tree = read(text) if text else {}
    except ValueError:
        tree = {}
    found = _table(_table(tree).get("channels"))
    on = tuple(name for name in LISTED if name in found and _table(found[name]).get("enabled") is not False)
    owners = frozenset(_owners(_table(_table(tree).get("commands")).get("ownerAllowFrom")))
    people = tuple(
        Person(name, who, (name, who) in owners, by_file=True)
        for name in on
        for who in _named(_table(found[name]))
    )
    return Rules(on, people, owners)


def any_in(devices: Collection[Device], rules: Rules) -> bool:
    """A device that came from elsewhere, an owner, or somebody whom openclaw.json names. January's lists its own command line too."""
    named = any(person.id != EVERYBODY for person in rules.people)
    came = any(device.name != COMMAND_LINE or device.address for device in devices)
    return named or bool(rules.owners) or came


def merged(paired: tuple[Person, ...], rules: Rules) -> tuple[Person, ...]:
    """Each once; who was let in by a pairing counts as that."""
    known = {(person.channel, person.id) for person in paired}
    marked = [
        Person(person.channel, person.id, (person.channel, person.id) in rules.owners) for person in paired
    ]
    rest = [person for person in rules.people if (person.channel, person.id) not in known]
    return tuple(sorted((*marked, *rest), key=lambda person: (person.channel, person.id)))


def take_out_words(person: Person) -> str:
    """The line with which an owner takes a person out, in any chat with the bot: OpenClaw has no command for it."""
    return f"/allowlist remove dm --channel {person.channel} {person.id}"


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[str]:
    return [str(one) for one in value if isinstance(one, str | int)] if isinstance(value, list) else []


def _named(channel: dict[str, Any]) -> list[str]:
    """January's has the list one level further down. ``*`` is everybody."""
    named = _list(channel.get("allowFrom")) + _list(_table(channel.get("dm")).get("allowFrom"))
    return list(dict.fromkeys(named))


def _owners(value: object) -> Iterator[tuple[str, str]]:
    for entry in _list(value):
        channel, sep, who = entry.partition(":")
        if sep:
            yield channel, who

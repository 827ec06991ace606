"""What was found out about one app. Each fact is a value, or the words why it could not be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, TypeVar

from claw_tui.domain.world import Ip, Machine
from claw_tui.i18n import n_

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unasked:
    """Why something could not be asked."""

    words: str


Fact: TypeAlias = T | Unasked
NOT_ASKED = Unasked(n_("It was not asked."))


@dataclass(frozen=True, slots=True)
class Certificate:
    """A host name that Fly's proxy has a certificate for."""

    host: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of an organization."""

    email: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody's computer that WireGuard lets into the organization's private network."""

    name: str
    region: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    """What a name server of the zone itself answered: the addresses of a name; none when it has none."""

    addresses: tuple[str, ...] = ()
    server: str = ""


class Heard(StrEnum):
    """What came back from an address."""

    GATEWAY = "gateway"  # this app answers
    OTHER = "other"  # something answers, and nobody can tell that it is not this app
    FLY = "fly"  # Fly's proxy says by itself that it does not know the app
    SILENT = "silent"  # refused, cut off, a TLS alert, no answer in time
    NO_ROUTE = "no-route"  # from this computer no packet gets there


@dataclass(frozen=True, slots=True)
class Probe:
    """One try to reach the app at an address that it has or had. ``words``: what was heard, as evidence."""

    address: str
    port: int
    heard: Heard
    words: str = ""

    @property
    def over_v6(self) -> bool:
        return ":" in self.address


@dataclass(frozen=True, slots=True)
class Knock:
    """A request by the private way in."""

    answered: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All of them. A fact that nobody gathered counts as one that could not be asked."""

    app: str
    org: str = ""
    addresses: Fact[tuple[Ip, ...]] = NOT_ASKED
    machines: Fact[tuple[Machine, ...]] = NOT_ASKED
    config: Fact[Mapping[str, object]] = NOT_ASKED
    certificates: Fact[tuple[Certificate, ...]] = NOT_ASKED
    dns_v4: Fact[Records] = NOT_ASKED
    dns_v6: Fact[Records] = NOT_ASKED
    former: tuple[str, ...] = ()  # addresses that it had, as far as this computer knows
    probes: Fact[tuple[Probe, ...]] = NOT_ASKED
    knock: Fact[Knock] = NOT_ASKED
    members: Fact[tuple[Person, ...]] = NOT_ASKED
    peers: Fact[tuple[Peer, ...]] = NOT_ASKED
    open_apps: Fact[tuple[str, ...]] = NOT_ASKED  # other apps of the organization with a public address
    inside: Fact[tuple[str, ...]] = NOT_ASKED  # tunnels that run in the machine
    at: float = field(default=0.0, compare=False)  # seconds since 1970

    @property
    def host(self) -> str:
        return f"{self.app}.fly.dev"

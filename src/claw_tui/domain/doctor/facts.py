"""What was found out about a gateway. Each fact is a value, or why it could not be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from claw_tui.domain.answers import ChannelStatus, HealthAnswer, LogEntry, PairingRequest
from claw_tui.domain.delivery import Backup
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import App, Ip, Lease, Machine, Release, SecretInfo, Volume, World
from claw_tui.i18n import n_

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unasked:
    """Why something could not be asked. ``code``: of the failure; empty when nobody tried."""

    words: str
    code: str = ""
    hint: str = ""


Fact: TypeAlias = T | Unasked
NOT_ASKED = Unasked(n_("It was not asked."))
AWAY = "machine-stopped"  # the code where a machine does not run: there was nobody to be asked


@dataclass(frozen=True, slots=True)
class Lock:
    """A file that says whose the gateway is. ``alive``: its owner runs; None when that can't be told."""

    path: str
    pid: int = 0
    alive: bool | None = None
    at: int = 0  # when it was written, in seconds since 1970


@dataclass(frozen=True, slots=True)
class Place:
    """A file of settings, and how it lies there."""

    path: str
    owner: str = ""  # uid:gid
    mode: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Stranger:
    """In the state's folder, and another user's than the gateway's. ``name``: within that folder; empty: itself."""

    path: str
    name: str
    owner: str  # uid:gid
    mode: str
    folder: bool = False


@dataclass(frozen=True, slots=True)
class Inside:
    """What the machine itself tells. ``disk_mb`` and ``free_mb``: of the volume; None when it has none to tell."""

    file: Place | None = None  # openclaw.json where the gateway reads it
    elsewhere: tuple[Place, ...] = ()  # where it does not look
    odd: tuple[str, ...] = ()  # files that hold a command's words in place of settings
    locks: tuple[Lock, ...] = ()
    disk_mb: int | None = None
    free_mb: int | None = None
    mounted: bool | None = None  # the state's folder is on the volume
    plugins: tuple[str, ...] | None = None  # that are installed
    listens: tuple[str, ...] | None = None  # addresses with the gateway's port; none: nobody listens
    log: tuple[str, ...] = ()  # of the gateway's own log file
    strangers: tuple[Stranger, ...] | None = ()  # None: the search did not come to its end
    user: str = ""  # whose the process is that listens


@dataclass(frozen=True, slots=True)
class Page:
    """What its web page's address answers from outside. ``refused``: the proxy's caller is not told to it."""

    status: int
    refused: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All of them. A fact that nobody gathered counts as one that could not be asked."""

    app: str
    at: float = field(default=0.0, compare=False)  # seconds since 1970
    # of this computer
    free_mb: Fact[int] = NOT_ASKED
    store: Fact[str] = NOT_ASKED  # what is wrong with the place for secrets; empty: nothing
    flyctl: Fact[str] = NOT_ASKED
    login: Fact[str] = NOT_ASKED
    spec: Spec | None = None  # the answers that were kept here
    written: str = ""  # the openclaw.json that we wrote last
    sent: Mapping[str, str] = field(default_factory=dict)  # secrets that we sent: their digests then
    at_hand: frozenset[str] = frozenset()  # secrets whose values are here
    store_ready: bool = False  # a new secret would be kept
    made: frozenset[str] = frozenset()  # machines that were made from here
    own_run: bool = False  # a run of ours is at work
    # of Fly.io
    billing: Fact[str] = NOT_ASKED
    found: Fact[App | None] = NOT_ASKED
    volumes: Fact[tuple[Volume, ...]] = NOT_ASKED
    secrets: Fact[tuple[SecretInfo, ...]] = NOT_ASKED
    ips: Fact[tuple[Ip, ...]] = NOT_ASKED
    machines: Fact[tuple[Machine, ...]] = NOT_ASKED
    releases: Fact[tuple[Release, ...]] = NOT_ASKED
    leases: Fact[tuple[Lease, ...]] = NOT_ASKED
    deployed: Fact[Mapping[str, object]] = NOT_ASKED
    logs: Fact[tuple[LogEntry, ...]] = NOT_ASKED
    page: Fact[Page] = NOT_ASKED
    outside: Fact[HealthAnswer] = NOT_ASKED
    # of the machine
    inside: Fact[Inside] = NOT_ASKED
    config: Fact[str | None] = NOT_ASKED  # None: there is no file
    same_token: Fact[bool | None] = (
        NOT_ASKED  # the file's and the gateway's own; None when there is nothing to compare
    )
    refused: Fact[tuple[str, ...]] = NOT_ASKED  # what OpenClaw says is wrong in it
    backups: Fact[tuple[Backup, ...]] = NOT_ASKED
    health: Fact[HealthAnswer] = NOT_ASKED
    channels: Fact[tuple[ChannelStatus, ...]] = NOT_ASKED
    opened: Fact[frozenset[str]] = (
        NOT_ASKED  # whose models it has a key for; asked where no secret tells of one
    )
    pairing: Fact[tuple[PairingRequest, ...]] = NOT_ASKED
    somebody_in: Fact[bool] = NOT_ASKED  # was ever anybody let in?
    bad_keys: Fact[Mapping[str, str]] = NOT_ASKED  # of the models: what their companies said

    @property
    def world(self) -> World:
        """What could be asked."""
        return World(
            known(self.found, None), known(self.volumes, ()), known(self.secrets, ()), known(self.ips, ()),
            known(self.machines, ()), known(self.releases, ()), known(self.leases, ()),
        )  # fmt: skip

    @property
    def machine(self) -> Machine | None:
        return self.world.machine

    @property
    def runs(self) -> bool:
        """Its machine is started; whether the gateway in it answers is another thing."""
        return self.machine is not None and self.machine.state == "started"

    @property
    def answers(self) -> bool:
        """The gateway, in its machine. Before 2026.2 it answered with its page."""
        return isinstance(self.health, HealthAnswer) and (self.health.json_ok or self.health.status == 200)

    @property
    def secret_names(self) -> frozenset[str]:
        return frozenset(info.name for info in self.world.secrets)

    @property
    def tree(self) -> dict[str, object] | None:
        """Its openclaw.json; None when it is not known, not there or no object."""
        if not isinstance(self.config, str):
            return None
        from claw_tui.domain.openclaw import json5  # noqa: PLC0415  (no start reads openclaw.json)

        try:
            found = json5.read(self.config.removeprefix("\ufeff"))
        except ValueError:
            return None
        return found if isinstance(found, dict) else None


def known(fact: Fact[T], other: T) -> T:
    return other if isinstance(fact, Unasked) else fact


def failed(fact: object) -> Unasked | None:
    """Why something that was tried could not be asked; None when it was answered, or when there was no sense in asking."""
    return fact if isinstance(fact, Unasked) and fact.code not in ("", AWAY) else None

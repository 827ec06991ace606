"""What the outside world answers, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from claw_tui.domain.secret import Secret

StoreKind = Literal["keyring", "file", "memory"]
STORE_KINDS: tuple[StoreKind, ...] = ("keyring", "file", "memory")


@dataclass(frozen=True, slots=True)
class Command:
    """A program to hand the terminal to, with its whole environment."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of an app's log. ``at`` is RFC 3339."""

    at: str
    level: str
    source: str  # the machine's id, or "fly" for the platform's own lines
    message: str
    instance: str = ""  # the machine that it is about


@dataclass(frozen=True, slots=True)
class ExecResult:
    """What a command in the machine answered."""

    code: int
    stdout: str
    stderr: str


class StoreState(StrEnum):
    """What a secret store is good for now."""

    READY = "ready"
    LOCKED = "locked"  # it is there; its password opens it
    UNCREATED = "uncreated"  # it could be there: a new password makes it
    ABSENT = "absent"
    HANGS = "hangs"
    DISABLED = "disabled"  # the person switched keyrings off
    UNSAFE = "unsafe"  # what is configured is not known to keep a secret
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class StoreProbe:
    """The answer of a probe: it never prompts and ends within 2.5 seconds."""

    state: StoreState
    why: str = ""
    hint: str = ""
    elsewhere: bool = False  # only a program of its own opens it: KWallet's, KeePassXC, the Keychain

    @property
    def shut(self) -> bool:
        """A password would help."""
        return self.state in (StoreState.LOCKED, StoreState.UNCREATED)

    @property
    def opens(self) -> bool:
        """A password given here helps."""
        return self.shut and not self.elsewhere


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """What a provider said of a key. ``limited``: accepted, but there is no quota now.

    ``models``: the ids of all models that it has for this key; none when it did not say, or not all of them.
    """

    words: str
    limited: bool = False
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HealthAnswer:
    """What the gateway answered to a health request; ``json_ok`` only for the gateway's own JSON.

    ``status``: of HTTP; 0 when nothing answered.
    """

    reached: bool
    json_ok: bool
    words: str
    status: int = 0


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """One channel as the running gateway sees it."""

    name: str
    configured: bool
    running: bool
    probe_ok: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that a live check of a channel found. ``mark``: done, warning or failed."""

    mark: str
    words: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class ChannelCheck:
    """What a channel's company says about it."""

    remarks: tuple[Remark, ...]
    taken: bool = False  # Telegram sends the bot's messages to an address: the gateway would get none


@dataclass(frozen=True, slots=True)
class PairingRequest:
    """Somebody who waits to be let in: a browser or device, or a person in a channel."""

    id: str  # for a person: the code that the bot told them
    channel: str  # empty: a device
    words: str
    until: float = 0.0  # when the request ends by itself, in seconds since 1970
    sender: str = ""  # a person's number in the channel
    account: str = ""  # which of our accounts in the channel was written to


@dataclass(frozen=True, slots=True)
class DashboardLink:
    """A link that logs the browser in, once. ``expires_at`` in seconds since 1970."""

    url: Secret
    expires_at: float


@dataclass(frozen=True, slots=True)
class Examples:
    """What the simulated cloud accepts, to try things out. Empty outside the demo."""

    secrets: Mapping[str, Secret] = field(default_factory=dict)
    login_code: str = ""

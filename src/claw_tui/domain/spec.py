"""What the person wants. Plain frozen data: every screen replaces a part, the engine reads it.

A spec never holds a secret, only the names of those that are to be sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

IMAGE = "ghcr.io/openclaw/openclaw"
PINNED_VERSION = (
    "2026.9.1"  # proven on Fly by others; the config that we write is checked with it and 2026.9.6
)
REPOSITORY = "https://github.com/openclaw/openclaw.git"
STATE_DIR = "/data"
PORT = 3000
LOCAL_PORTS = (3000, 13000, 23000)  # what `fly proxy` may listen on here; all are allowed origins
MIN_MEMORY_MB = 2048


@dataclass(frozen=True, slots=True)
class Route:
    """Messages that an agent answers: of a whole channel (discord, telegram …), there of one server (``guild``), or of
    one person, group or room (``peer``, of ``kind`` direct, group or channel). The most specific one counts.
    """

    channel: str
    guild: str = ""
    peer: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """One agent; an empty model means the default one, an empty workspace OpenClaw's own place for it.

    The first agent answers all that no other one has a route for.
    """

    id: str
    model: str = ""
    workspace: str = ""
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A person or a role on Discord. ``name`` is for people; OpenClaw is given the id. The id "*" is everybody."""

    id: str
    name: str = ""


EVERYBODY = Named("*")


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """A Discord channel that the bot may talk in; what is left open here is as its server says.

    Whoever is in ``users`` or has one of ``roles`` may talk to the bot.
    """

    id: str
    name: str = ""
    require_mention: bool | None = None
    users: tuple[Named, ...] = ()
    roles: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class GuildSpec:
    """A Discord guild (server); no channels means all of them, no users and roles everybody."""

    id: str
    name: str = ""
    require_mention: bool = True
    channels: tuple[ChannelSpec, ...] = ()
    users: tuple[Named, ...] = ()
    roles: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class DiscordSpec:
    """The Discord channel of the gateway."""

    enabled: bool = False
    guilds: tuple[GuildSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class TelegramSpec:
    """The Telegram channel of the gateway."""

    enabled: bool = False
    require_mention: bool = True


@dataclass(frozen=True, slots=True)
class SlackSpec:
    """The Slack channel of the gateway, in socket mode: it needs no public address."""

    enabled: bool = False
    require_mention: bool = True


@dataclass(frozen=True, slots=True)
class GatewaySpec:
    """What goes into openclaw.json."""

    primary_model: str = ""
    fallback_models: tuple[str, ...] = ()
    agents: tuple[AgentSpec, ...] = (AgentSpec("main"),)
    max_concurrent: int = 4
    discord: DiscordSpec = field(default_factory=DiscordSpec)
    telegram: TelegramSpec = field(default_factory=TelegramSpec)
    slack: SlackSpec = field(default_factory=SlackSpec)
    base: str = ""  # the openclaw.json that the answers are written into, with all that they do not cover; empty: a new one


@dataclass(frozen=True, slots=True)
class Spec:
    """One gateway on Fly.io, as it is wanted."""

    org: str = ""
    app: str = ""
    region: str = ""
    volume_name: str = "openclaw_data"
    volume_gb: int = 3
    vm_size: str = "shared-cpu-2x"
    memory_mb: int = MIN_MEMORY_MB
    source: Literal["image", "git"] = "image"
    version: str = PINNED_VERSION
    private: bool = False
    secret_names: tuple[str, ...] = ()
    gateway: GatewaySpec = field(default_factory=GatewaySpec)
    own_fly_toml: str = ""  # path of the person's own fly.toml to start from; empty: ours

    @property
    def image(self) -> str:
        return f"{IMAGE}:{self.version}"

    @property
    def hostname(self) -> str:
        return f"{self.app}.fly.dev"

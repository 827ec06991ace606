"""What the person wants. Plain frozen data: every screen replaces a part, the engine reads it.

A spec never holds a secret, only the names of those that are to be sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

IMAGE = "ghcr.io/openclaw/openclaw"
# What is written is checked with it and with 2026.9.1. That one is proven on Fly.io by others, but no plugin for Discord or
# Signal that npm has loads in it (the newest that it takes is 2026.7.35; see tests/real/test_gateway_loads.py).
PINNED_VERSION = "2026.9.6"
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


# Of the four next ones: ``who`` may write privately is OpenClaw's dmPolicy (pairing, allowlist, open, disabled), and
# ``people`` are ids or numbers that are let in. ``groups``: off, people (those on the list), everybody.


@dataclass(frozen=True, slots=True)
class TelegramSpec:
    """The Telegram channel of the gateway."""

    enabled: bool = False
    require_mention: bool = True
    who: str = "pairing"
    people: tuple[str, ...] = ()
    groups: str = "people"


@dataclass(frozen=True, slots=True)
class SlackSpec:
    """The Slack channel of the gateway; in ``mode`` socket it needs no public address, in http it does."""

    enabled: bool = False
    require_mention: bool = True
    who: str = "pairing"
    people: tuple[str, ...] = ()
    groups: str = "everybody"  # a workspace is a closed place
    mode: str = "socket"


@dataclass(frozen=True, slots=True)
class WhatsAppSpec:
    """The WhatsApp channel of the gateway. It has no token: a phone is linked by a QR code after the deploy."""

    enabled: bool = False
    require_mention: bool = True
    who: str = "pairing"
    people: tuple[str, ...] = ()
    groups: str = "people"


@dataclass(frozen=True, slots=True)
class SignalSpec:
    """The Signal channel of the gateway. ``server``: what signal-cli is to it, OpenClaw's ``transport.kind``."""

    enabled: bool = False
    require_mention: bool = True
    who: str = "pairing"
    people: tuple[str, ...] = ()
    groups: str = "people"
    account: str = ""  # its phone number
    server: str = "external-native"  # container, or managed-native: the gateway starts it
    url: str = ""  # of the first two


@dataclass(frozen=True, slots=True)
class VoiceSpec:
    """Phone calls. ``calls``: who may call, OpenClaw's inboundPolicy; ``way``: how the phone company gets in."""

    enabled: bool = False
    provider: str = "twilio"
    number: str = ""
    account: str = ""  # Twilio's account SID, Telnyx' connection id
    public_key: str = ""  # Telnyx signs its calls with it; it is no secret
    calls: str = "disabled"
    callers: tuple[str, ...] = ()
    way: str = "ngrok"  # tailscale-funnel, none: it only calls out, or url: an address of one's own
    ngrok_domain: str = ""
    public_url: str = ""


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
    whatsapp: WhatsAppSpec = field(default_factory=WhatsAppSpec)
    signal: SignalSpec = field(default_factory=SignalSpec)
    voice: VoiceSpec = field(default_factory=VoiceSpec)
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
    builder: Literal["remote", "machine", "local"] = (
        "remote"  # of a build from source, or of an image of our own
    )
    programs: tuple[
        Literal["signal-cli", "ngrok", "tailscale"], ...
    ] = ()  # besides those that the answers need
    command: str = ""  # what the machine starts; empty: ours (domain/fly_toml.py)
    private: bool = False
    secret_names: tuple[str, ...] = ()
    gateway: GatewaySpec = field(default_factory=GatewaySpec)
    own_fly_toml: str = ""  # path of the person's own fly.toml to start from; empty: ours

    @property
    def base_image(self) -> str:
        """OpenClaw's own."""
        return f"{IMAGE}:{self.version}"

    @property
    def image(self) -> str:
        """What the machine runs; a build from source gets its version as its tag too."""
        if self.source == "image":
            from claw_tui.domain import own_image  # noqa: PLC0415  (it is about the answers)

            return (
                f"registry.fly.io/{self.app}:{own_image.tag(self)}"
                if own_image.is_own(self)
                else self.base_image
            )
        return f"registry.fly.io/{self.app}:{self.version}"

    @property
    def hostname(self) -> str:
        return f"{self.app}.fly.dev"

"""Everything else that is asked outside this computer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from claw_tui.ports.lines import OnLine

if TYPE_CHECKING:
    from claw_tui.domain.answers import ChannelCheck, HealthAnswer, KeyCheck
    from claw_tui.domain.discord import BotIdentity, Guild, GuildView, Member
    from claw_tui.domain.doctor.facts import Page
    from claw_tui.domain.exposure.facts import Probe, Records
    from claw_tui.domain.secret import Secret


class Git(Protocol):
    """What a source build takes: the official repository, and Docker here if that is to build it."""

    async def has_docker(self) -> bool: ...
    async def fetch(self, url: str, ref: str, folder: Path, on_line: OnLine) -> None: ...


class KeyChecks(Protocol):
    """Live checks of model and channel keys. Raises BadKey, RateLimited or NetworkDown."""

    def can_check(self, env: str) -> bool: ...
    async def check(self, env: str, value: Secret) -> KeyCheck: ...


class ChannelChecks(Protocol):
    """Live checks of channels. Raises BadKey, RateLimited, ServiceError or NetworkDown."""

    async def telegram(self, token: Secret) -> ChannelCheck: ...
    async def free_telegram(self, token: Secret) -> None:
        """Telegram sends the bot's messages nowhere any more: whoever asks gets them."""
        ...

    async def slack(self, bot: Secret | None, app: Secret | None) -> ChannelCheck: ...
    async def twilio(self, account: str, token: Secret, number: str) -> ChannelCheck: ...
    async def telnyx(self, key: Secret, number: str) -> ChannelCheck: ...


class Discord(Protocol):
    """What a Discord bot's token can see. Raises BadKey, RateLimited, ServiceError or NetworkDown."""

    async def identity(self, token: Secret) -> BotIdentity: ...
    async def guilds(self, token: Secret) -> tuple[Guild, ...]: ...
    async def look_into(self, token: Secret, guild: Guild, bot: str) -> GuildView:
        """Channels, roles, and what the bot (its user's id) is there."""
        ...

    async def find_members(self, token: Secret, guild: str, words: str) -> tuple[Member, ...]:
        """Whose name begins so. Needs the Server Members intent."""
        ...

    async def member(self, token: Secret, guild: str, user: str) -> Member | None: ...


class Web(Protocol):
    """The few things that flyctl cannot ask for us, over HTTPS."""

    async def billing_state(self, token: Secret, org: str) -> str:
        """Fly's word for the organization's billing (CURRENT, TRIAL_ACTIVE, …), or "" when it is not told.

        Raises NetworkDown, or ServiceError while Fly.io is in trouble.
        """
        ...

    async def image_exists(self, repository: str, tag: str) -> bool | None:
        """None when the registry cannot be asked."""
        ...

    async def newest_versions(self, repository: str) -> tuple[str, ...]:
        """Exact versions in the registry, newest first; empty when it cannot be asked."""
        ...

    async def health(self, url: str) -> HealthAnswer: ...
    async def page(self, url: str) -> Page:
        """The gateway's web page, as a browser asks for it. Raises NetworkDown."""
        ...

    async def name_in_dns(self, host: str) -> bool | None: ...


class Outside(Protocol):
    """What the internet sees of an app. Every question has a deadline."""

    async def records(self, host: str, kind: str) -> Records:
        """``kind`` is A or AAAA; asked at the zone's own servers. Raises NetworkDown."""
        ...

    async def probe(self, host: str, address: str, port: int) -> Probe:
        """Ask for ``host`` at ``address`` as a browser would, and say what came back. 443 is TLS. Never raises."""
        ...

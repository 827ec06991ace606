"""The channels on the Gateway screen: one line for each, and the small screen behind it."""

from __future__ import annotations

from collections.abc import Sequence

from claw_tui.domain.channel_needs import Talking, is_on
from claw_tui.domain.spec import DiscordSpec, GatewaySpec, VoiceSpec
from claw_tui.i18n import _, many
from claw_tui.screens.base import Page

OTHERS = ("telegram", "slack", "whatsapp", "signal", "voice")


def channel_words(gateway: GatewaySpec, channel: str) -> str:
    """How it stands, in one line."""
    if not is_on(gateway, channel):
        return _("off")
    if channel == "discord":
        return _discord(gateway.discord)
    if channel == "voice":
        voice = gateway.voice
        return ", ".join(filter(None, (_("on"), voice.number, voice.provider.capitalize())))
    talking: dict[str, Talking] = {
        "telegram": gateway.telegram, "slack": gateway.slack, "whatsapp": gateway.whatsapp, "signal": gateway.signal,
    }  # fmt: skip
    spec = talking[channel]
    if spec.groups == "off" or (spec.groups == "people" and not spec.people and spec.who != "open"):
        return _("on; private messages only")
    return _("on; groups only when mentioned") if spec.require_mention else _("on; every message in groups")


def _discord(discord: DiscordSpec) -> str:
    if not discord.guilds:
        return _("on; private messages only, no server chosen")
    channels = sum(len(guild.channels) for guild in discord.guilds)
    names_of = ", ".join(guild.name or guild.id for guild in discord.guilds)
    if not channels:
        return _("everywhere in {servers}").format(servers=names_of)
    words = many("{count} channel", "{count} channels", channels)
    return _("{channels} in {servers}").format(channels=words, servers=names_of)


async def ask_about(page: Page, gateway: GatewaySpec, channel: str) -> Talking | VoiceSpec | None:
    """Show its small screen; only the one that is asked for is imported. Returns its answers."""
    if channel == "telegram":
        from claw_tui.screens.telegram import TelegramDialog  # noqa: PLC0415

        return await page.app.push_screen_wait(TelegramDialog(gateway.telegram))
    if channel == "slack":
        from claw_tui.screens.slack import SlackDialog  # noqa: PLC0415

        return await page.app.push_screen_wait(SlackDialog(gateway.slack))
    if channel == "whatsapp":
        from claw_tui.screens.whatsapp import WhatsAppDialog  # noqa: PLC0415

        return await page.app.push_screen_wait(WhatsAppDialog(gateway.whatsapp))
    if channel == "signal":
        from claw_tui.screens.signal import SignalDialog  # noqa: PLC0415

        return await page.app.push_screen_wait(SignalDialog(gateway.signal))
    from claw_tui.screens.phone import PhoneDialog  # noqa: PLC0415

    return await page.app.push_screen_wait(PhoneDialog(gateway.voice))


def note_words(missing: Sequence[str]) -> str:
    return _("Needs {names}: Enter, and it is asked for.").format(names=", ".join(missing)) if missing else ""

"""What each channel needs before it can work: its secrets, its numbers, who may use it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from claw_tui.domain.secret_kinds import (
    DISCORD,
    NGROK,
    SLACK_APP,
    SLACK_BOT,
    SLACK_SIGNING,
    TAILSCALE,
    TELEGRAM,
    TELNYX,
    TWILIO,
)
from claw_tui.domain.spec import GatewaySpec, SignalSpec, SlackSpec, TelegramSpec, VoiceSpec, WhatsAppSpec
from claw_tui.i18n import _, n_

Talking = TelegramSpec | SlackSpec | WhatsAppSpec | SignalSpec
NAMES = {
    "discord": "Discord", "telegram": "Telegram", "slack": "Slack", "whatsapp": "WhatsApp", "signal": "Signal",
    "voice": n_("Phone calls"),
}  # fmt: skip
LINKED = ("whatsapp", "signal")  # by a QR code, after the deploy
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")  # E.164; shorter ones are emergency and service numbers
_IDS = {
    "telegram": re.compile(r"(?:telegram:|tg:)?\d{3,15}"),
    "slack": re.compile(r"(?:team:T[A-Z0-9]+:user:)?[UW][A-Z0-9]{4,}"),
    "whatsapp": _NUMBER,
    "signal": re.compile(rf"{_NUMBER.pattern}|uuid:[0-9a-fA-F-]{{36}}"),
}
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)+")
_SID = re.compile(r"AC[0-9a-fA-F]{32}")


class ChannelProblem(NamedTuple):
    """What keeps a channel from working; ``field`` is the one of its answers that it is about."""

    channel: str
    field: str
    words: str


def needed_secrets(gateway: GatewaySpec, channel: str) -> tuple[str, ...]:
    """The variables without which the channel does not work."""
    voice = gateway.voice
    return {
        "discord": (DISCORD,),
        "telegram": (TELEGRAM,),
        "slack": (SLACK_BOT, SLACK_SIGNING if gateway.slack.mode == "http" else SLACK_APP),
        "voice": (
            *{"twilio": (TWILIO,), "telnyx": (TELNYX,)}.get(voice.provider, ()),
            *((NGROK,) if voice.way == "ngrok" else ()),
            *((TAILSCALE,) if voice.way.startswith("tailscale-") else ()),
        ),
    }.get(channel, ())


def is_on(gateway: GatewaySpec, channel: str) -> bool:
    found: bool = getattr(gateway, channel).enabled
    return found


def with_channel(gateway: GatewaySpec, channel: str, answers: object) -> GatewaySpec:
    """The same answers with others for one channel."""
    changed: dict[str, Any] = {channel: answers}
    return replace(gateway, **changed)


def channels_on(gateway: GatewaySpec) -> tuple[str, ...]:
    """Those that people write to: phone calls are a plugin of their own to OpenClaw, and no channel."""
    return tuple(name for name in NAMES if name != "voice" and is_on(gateway, name))


def missing_secrets(gateway: GatewaySpec, channel: str, given: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in needed_secrets(gateway, channel) if name not in given)


def person_problem(channel: str, person: str) -> str:
    """What is wrong with the id or number of somebody who is to be let in."""
    if person == "*":
        return _("Everybody is a choice of its own: “everybody”.")
    if _IDS[channel].fullmatch(person):
        return ""
    return (
        f"{person}: "
        + {
            "telegram": _("a numeric id is needed (names change). @userinfobot tells you yours."),
            "slack": _("a member id is needed, like U0123ABCD (profile, three dots, Copy member ID)."),
            "whatsapp": _("a phone number with + and country code, digits only: +15550001234."),
            "signal": _("a phone number with + and country code, digits only, or uuid:…"),
        }[channel]
    )


def number_problem(number: str) -> str:
    """``${NAME}`` takes it from a variable."""
    if not number:
        return _("Its phone number is needed: with + and country code, digits only.")
    if _NUMBER.fullmatch(number) or "${" in number:
        return ""
    return _("Write it with + and country code, digits only: +15550001234.")


def url_problem(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        _port = parts.port
    except ValueError:
        good = False
    return "" if good and not re.search(r"\s", url) else _("An address with http:// or https:// is needed.")


def channel_problems(
    gateway: GatewaySpec, given: Collection[str], *, private: bool = False
) -> list[ChannelProblem]:
    """All that keeps a channel that is on from working."""
    found: list[ChannelProblem] = []
    for channel in NAMES:
        if not is_on(gateway, channel):
            continue
        if missing := missing_secrets(gateway, channel, given):
            words = (
                _("It needs {names} on the Secrets screen.")
                if channel == "discord"
                else _("It needs {names}.")
            )
            found.append(ChannelProblem(channel, "secrets", words.format(names=", ".join(missing))))
        wrong = {
            "telegram": lambda: _talk("telegram", gateway.telegram),
            "slack": lambda: _slack(gateway.slack, private=private),
            "whatsapp": lambda: _talk("whatsapp", gateway.whatsapp),
            "signal": lambda: _signal(gateway.signal),
            "voice": lambda: _voice(gateway.voice, given, private=private),
        }.get(channel)
        found += [ChannelProblem(channel, field, words) for field, words in (wrong() if wrong else ())]
    return found


Found = Iterator[tuple[str, str]]


def _talk(channel: str, spec: Talking) -> Found:
    for person in spec.people:
        if words := person_problem(channel, person):
            yield "people", words
            return
    if spec.who == "allowlist" and not spec.people:
        yield "people", _("Nobody is on the list: all private messages would be dropped.")


def _slack(slack: SlackSpec, *, private: bool) -> Found:
    if slack.mode == "http" and private:
        yield "mode", _("By HTTP Slack must reach the gateway, and yours is private. Use the socket.")
    yield from _talk("slack", slack)


def _signal(signal: SignalSpec) -> Found:
    if words := number_problem(signal.account):
        yield "account", words
    if signal.server != "managed-native" and (words := url_problem(signal.url)):
        yield "url", words
    yield from _talk("signal", signal)


def _voice(voice: VoiceSpec, given: Collection[str], *, private: bool) -> Found:
    by_name = voice.provider == "twilio" and "TWILIO_FROM_NUMBER" in given
    if (words := number_problem(voice.number)) and (voice.number or not by_name):
        yield "number", words
    yield from _account(voice, given)
    for caller in voice.callers:
        if words := number_problem(caller):
            yield "callers", f"{caller}: {words}"
            break
    if voice.calls == "allowlist" and not voice.callers:
        yield "callers", _("Nobody is on the list of those who may call.")
    yield from _way(voice, private=private)


def _way(voice: VoiceSpec, *, private: bool) -> Found:
    if voice.way == "none" and voice.provider == "telnyx":
        yield (
            "way",
            _("Telnyx does not speak before it has reached the gateway: take ngrok or Tailscale, or Twilio."),
        )
    elif voice.way == "none" and voice.calls != "disabled":
        yield (
            "calls",
            _("It only calls out: nobody reaches it. Choose “nobody”, or let calls come by a tunnel."),
        )
    if voice.way == "url" and private:
        yield (
            "way",
            _("Nobody outside reaches a private gateway: take ngrok or Tailscale, or let it only call out."),
        )
        return
    if voice.way == "ngrok" and not _HOST.fullmatch(voice.ngrok_domain):
        yield "ngrok_domain", _("Your domain at ngrok is needed, without https://: example.ngrok.app")
    if voice.way == "url" and (url_problem(voice.public_url) or not voice.public_url.startswith("https://")):
        yield "public_url", _("An address with https:// is needed, with its path.")


def _account(voice: VoiceSpec, given: Collection[str]) -> Found:
    known = _SID.fullmatch(voice.account) or "${" in voice.account
    by_name = not voice.account and "TWILIO_ACCOUNT_SID" in given
    if voice.provider == "twilio" and not known and not by_name:
        yield "account", _("It is AC and 32 digits and letters, on the console's first page.")
    if voice.provider == "telnyx":
        if not voice.account and "TELNYX_CONNECTION_ID" not in given:
            yield "account", _("The number of your Voice API application at Telnyx is needed.")
        if not voice.public_key and "TELNYX_PUBLIC_KEY" not in given:
            yield "public_key", _("Telnyx signs its calls: without its public key they are refused.")

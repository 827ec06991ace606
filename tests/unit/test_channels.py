"""Telegram, Slack, WhatsApp, Signal and phone calls: what is written, read again, and refused."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.adapters.state_files import spec_from_toml, spec_to_toml
from claw_tui.demo.openclaw_config import read_config
from claw_tui.domain.channel_needs import channel_problems, channels_on, needed_secrets
from claw_tui.domain.gateway_config import build_config, config_text, gateway_problems
from claw_tui.domain.openclaw.checks import problems
from claw_tui.domain.openclaw.config import Config
from claw_tui.domain.openclaw.spec_of import read_known
from claw_tui.domain.spec import (
    AgentSpec,
    GatewaySpec,
    SignalSpec,
    SlackSpec,
    Spec,
    TelegramSpec,
    VoiceSpec,
    WhatsAppSpec,
)
from tests.openclaw_cases import OLD, TODAY, VOICE, today

SID = "AC" + "0" * 32
TWILIO = VoiceSpec(True, "twilio", "+15550001234", SID, ngrok_domain="example.ngrok.app")
TELNYX = VoiceSpec(
    True, "telnyx", "+15550001234", "1494404757140276705", "cHVibGlj", "allowlist", ("+15550005678",),
    "url", "", "https://voice.example.com/voice/webhook",
)  # fmt: skip
SIGNAL = SignalSpec(True, account="+15551234567", url="http://signal.flycast:8080")
PEOPLE = {
    "telegram": ("8734062810", "745123456"), "slack": ("U0123ABCD",), "whatsapp": ("+15557654321",),
    "signal": ("+15557654321", "uuid:12345678-1234-1234-1234-123456789012"),
}  # fmt: skip
PLAIN = {
    "telegram": TelegramSpec(True), "slack": SlackSpec(True), "whatsapp": WhatsAppSpec(True), "signal": SIGNAL,
}  # fmt: skip
GIVEN = (
    "TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "TWILIO_AUTH_TOKEN",
    "TELNYX_API_KEY", "NGROK_AUTHTOKEN", "TS_AUTHKEY",
)  # fmt: skip


def variants() -> dict[str, dict[str, Any]]:
    """Every choice of the four channels beside every other, and the phone's."""
    found: dict[str, dict[str, Any]] = {}
    plain: Any
    for name, plain in PLAIN.items():
        whos = itertools.product(("pairing", "allowlist", "open", "disabled"), ((), PEOPLE[name]))
        for (who, people), groups, mention in itertools.product(
            whos, ("off", "people", "everybody"), (True, False)
        ):
            if (who == "allowlist" and not people) or (name == "slack" and groups == "people"):
                continue
            wish = replace(
                plain, who=who, people=people, groups=groups, require_mention=mention or groups == "off"
            )
            found[f"{name}: {who}, {len(people)} named, groups {groups}, mention {mention}"] = {name: wish}
    found["slack by http"] = {"slack": SlackSpec(True, mode="http")}
    found["signal, container"] = {"signal": replace(SIGNAL, server="container")}
    found["signal of the gateway's own"] = {"signal": replace(SIGNAL, server="managed-native", url="")}
    found["twilio"] = {"voice": TWILIO}
    found["telnyx"] = {"voice": TELNYX}
    found["funnel, open"] = {"voice": replace(TWILIO, way="tailscale-funnel", ngrok_domain="", calls="open")}
    found["outbound only"] = {"voice": replace(TWILIO, way="none", ngrok_domain="")}
    found["phone, two agents"] = {"voice": TWILIO, "agents": (AgentSpec("main"), AgentSpec("work"))}
    found["all"] = {**PLAIN, "voice": TWILIO}
    return found


VARIANTS = variants()


def wish_of(name: str) -> Spec:
    return Spec(app="a", gateway=GatewaySpec(primary_model="x/y", **VARIANTS[name]))


@pytest.mark.parametrize("name", VARIANTS)
def test_what_is_written_is_read_as_what_was_wished(name: str) -> None:
    spec = wish_of(name)
    built = build_config(spec)
    found = read_known(json.dumps(built))
    assert found.gateway == spec.gateway
    assert json.dumps(found.with_answers(spec)) == json.dumps(built)
    assert gateway_problems(spec.gateway, GIVEN) == []
    assert [p for p in problems(Config.read(built)) if "model" not in p.path] == []
    assert read_config(config_text(built))[1] == []
    assert spec_from_toml(spec_to_toml(spec), "answers") == spec


@pytest.mark.parametrize("name", VARIANTS)
def test_answers_can_be_changed_into_others(name: str) -> None:
    """Written over a file of other answers it stands for the same as written anew. (All pairs take ten minutes.)"""
    spec = wish_of(name)
    same = [other for other in VARIANTS if set(VARIANTS[other]) == set(VARIANTS[name])]
    for other in [*random.Random(name).sample(same, min(3, len(same))), "all"]:
        start = read_known(json.dumps(build_config(wish_of(other))))
        after = read_known(json.dumps(start.with_answers(spec))).gateway
        for channel in (*PLAIN, "voice"):
            wanted, got = getattr(spec.gateway, channel), getattr(after, channel)
            assert got.enabled == wanted.enabled
            shut = wanted.enabled and getattr(wanted, "groups", "") == "off"
            if wanted.enabled:  # one that is off, or whose groups are, keeps what it was in the file
                kept = {"require_mention": got.require_mention} if shut else {}
                assert got == replace(wanted, **kept), (other, start.with_answers(spec))


def test_people_that_are_changed_leave_what_else_the_file_says() -> None:
    there = today({"telegram": {
        "enabled": True, "botToken": "${TELEGRAM_BOT_TOKEN}", "dmPolicy": "allowlist", "allowFrom": [111111, "tg:222222"],
        "groupPolicy": "allowlist", "groupAllowFrom": ["333333"], "groups": {"-100": {"requireMention": False, "skills": ["x"]}},
        "historyLimit": 5,
    }})  # fmt: skip
    found = read_known(json.dumps(there))
    telegram = found.gateway.telegram
    assert telegram == TelegramSpec(True, False, "allowlist", ("111111", "tg:222222"))
    wish = replace(telegram, people=("111111", "444444"), require_mention=True)
    after = found.with_answers(Spec(app="a", gateway=replace(found.gateway, telegram=wish)))["channels"]
    assert after["telegram"]["allowFrom"] == [111111, "444444"]
    assert after["telegram"]["groupAllowFrom"] == ["333333"]
    assert after["telegram"]["groups"] == {"-100": {"requireMention": True, "skills": ["x"]}}
    assert after["telegram"]["historyLimit"] == 5
    assert after["telegram"]["botToken"] == "${TELEGRAM_BOT_TOKEN}"


def test_the_phones_other_settings_stay() -> None:
    there = today(plugins={"voice-call": {"enabled": True, "config": {**VOICE, "maxDurationSeconds": 60}}})
    found = read_known(json.dumps(there))
    voice = found.gateway.voice
    assert voice == replace(TWILIO, calls="allowlist", callers=("+15550005678",))

    def after(**changes: Any) -> Any:
        gateway = replace(found.gateway, voice=replace(voice, **changes))
        return found.with_answers(Spec(app="a", gateway=gateway))["plugins"]["entries"]["voice-call"]

    assert after() == there["plugins"]["entries"]["voice-call"]
    other = after(ngrok_domain="b.ngrok.app", callers=())["config"]
    assert other["webhookSecurity"] == {"allowedHosts": ["b.ngrok.app"]}
    assert other["tunnel"] == {"provider": "ngrok", "ngrokDomain": "b.ngrok.app"}
    assert "allowFrom" not in other
    assert (other["maxDurationSeconds"], other["outbound"]) == (60, VOICE["outbound"])
    off = after(enabled=False)
    assert off["enabled"] is False
    assert off["config"]["maxDurationSeconds"] == 60


def test_a_channel_that_is_only_in_the_file_is_read_and_kept() -> None:
    for name in ("whatsapp", "signal, managed"):
        case = {**TODAY, **OLD}.get(name)
        if case is not None:
            found = read_known(json.dumps(case))
            assert (
                found.with_answers(Spec(app="a", gateway=found.gateway))["channels"]
                == found.config["channels"]
            )
    everything = read_known(json.dumps(TODAY["everything"]))
    assert channels_on(everything.gateway) == ("discord", "telegram", "slack", "whatsapp", "signal")


def test_answers_of_before_are_still_read() -> None:
    text = """
    schema = 1
    app = "my-app"
    [gateway]
    primary_model = "x/y"
    [gateway.telegram]
    enabled = true
    require_mention = false
    [gateway.slack]
    enabled = true
    require_mention = true
    """
    spec = spec_from_toml(text, "answers")
    assert spec.gateway.telegram == TelegramSpec(True, require_mention=False)
    assert spec.gateway.slack == SlackSpec(True)
    assert not spec.gateway.voice.enabled
    built = build_config(spec)
    assert isinstance(built["channels"], dict)
    assert built["channels"]["telegram"]["groups"] == {"*": {"requireMention": False}}


WRONG = [
    ({"telegram": TelegramSpec(True, who="allowlist")}, ("telegram", "people"), "Nobody is on the list"),
    ({"telegram": TelegramSpec(True, people=("@ada",))}, ("telegram", "people"), "@userinfobot"),
    ({"telegram": TelegramSpec(True, people=("-100123",))}, ("telegram", "people"), "numeric id"),
    ({"telegram": TelegramSpec(True, people=("*",))}, ("telegram", "people"), "everybody"),
    ({"slack": SlackSpec(True, people=("ada",))}, ("slack", "people"), "Copy member ID"),
    ({"whatsapp": WhatsAppSpec(True, people=("0155512345",))}, ("whatsapp", "people"), "country code"),
    ({"signal": replace(SIGNAL, account="")}, ("signal", "account"), "phone number is needed"),
    ({"signal": replace(SIGNAL, account="+0123456789")}, ("signal", "account"), "+15550001234"),
    ({"signal": replace(SIGNAL, url="")}, ("signal", "url"), "http://"),
    ({"signal": replace(SIGNAL, url="http://me:word@host")}, ("signal", "url"), "http://"),
    ({"signal": replace(SIGNAL, url="http://host:port")}, ("signal", "url"), "http://"),
    ({"signal": replace(SIGNAL, people=("uuid:1",))}, ("signal", "people"), "uuid"),
    ({"voice": replace(TWILIO, number="")}, ("voice", "number"), "phone number is needed"),
    ({"voice": replace(TWILIO, number="+1555abc")}, ("voice", "number"), "digits only"),
    ({"voice": replace(TWILIO, account="AC12")}, ("voice", "account"), "AC and 32"),
    ({"voice": replace(TWILIO, account="")}, ("voice", "account"), "AC and 32"),
    ({"voice": replace(TWILIO, ngrok_domain="https://a.ngrok.app")}, ("voice", "ngrok_domain"), "without https"),
    ({"voice": replace(TWILIO, ngrok_domain="")}, ("voice", "ngrok_domain"), "domain at ngrok"),
    ({"voice": replace(TWILIO, calls="allowlist")}, ("voice", "callers"), "Nobody is on the list"),
    ({"voice": replace(TWILIO, callers=("1",))}, ("voice", "callers"), "1: "),
    ({"voice": replace(TELNYX, public_key="")}, ("voice", "public_key"), "signs its calls"),
    ({"voice": replace(TELNYX, account="")}, ("voice", "account"), "Voice API"),
    ({"voice": replace(TELNYX, public_url="http://voice.example.com")}, ("voice", "public_url"), "https://"),
]  # fmt: skip


@pytest.mark.parametrize(("wish", "place", "words"), WRONG)
def test_what_cannot_work_is_refused_at_its_field(
    wish: dict[str, Any], place: tuple[str, str], words: str
) -> None:
    gateway = GatewaySpec(primary_model="x/y", **wish)
    found = channel_problems(gateway, GIVEN)
    assert [(problem.channel, problem.field) for problem in found] == [place]
    assert words in found[0].words
    assert gateway_problems(gateway, GIVEN) == [(place[0], found[0].words)]
    off = {name: replace(spec, enabled=False) for name, spec in wish.items()}
    assert channel_problems(replace(gateway, **off), ()) == []


def test_slack_by_http_needs_a_public_address_and_its_signing_secret() -> None:
    gateway = GatewaySpec(primary_model="x/y", slack=SlackSpec(True, mode="http"))
    assert [p.field for p in channel_problems(gateway, GIVEN, private=True)] == ["mode"]
    assert needed_secrets(gateway, "slack") == ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")
    found = channel_problems(gateway, ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"))
    assert [(p.field, p.words) for p in found] == [("secrets", "It needs SLACK_SIGNING_SECRET.")]


def test_what_comes_from_a_variable_need_not_be_typed() -> None:
    voice = replace(TWILIO, number="", account="")
    names = (*GIVEN, "TWILIO_ACCOUNT_SID", "TWILIO_FROM_NUMBER")
    assert channel_problems(GatewaySpec(voice=voice), names) == []
    telnyx = replace(TELNYX, account="", public_key="")
    names = (*GIVEN, "TELNYX_CONNECTION_ID", "TELNYX_PUBLIC_KEY")
    assert channel_problems(GatewaySpec(voice=telnyx), names) == []


def test_no_secret_can_be_in_the_answers() -> None:
    """They only name variables; the file refers to them."""
    text = config_text(build_config(wish_of("all")))
    for name in ("TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "TWILIO_AUTH_TOKEN"):
        assert f'"id": "{name}"' in text

from __future__ import annotations

import json
from typing import Any

import pytest

from claw_tui.domain.openclaw import shapes
from claw_tui.domain.openclaw.checks import problems
from claw_tui.domain.openclaw.config import Config
from claw_tui.domain.openclaw.problems import Problem
from claw_tui.domain.openclaw.shapes import VERSIONS
from tests.openclaw_cases import (
    BROKEN,
    FINE,
    GATEWAY,
    GONE,
    LIVED_IN,
    OF_NOBODY,
    TODAY,
    changed,
    name_of,
    today,
)

every_version = pytest.mark.parametrize("version", VERSIONS)


def found_in(config: Any, version: str = VERSIONS[0], names: list[str] | None = None) -> list[Problem]:
    return problems(Config.read(config), version, names)


@every_version
@pytest.mark.parametrize("case", BROKEN, ids=name_of)
def test_what_openclaw_refuses_is_found_at_its_place(case: tuple[str, Any], version: str) -> None:
    refused = [problem for problem in found_in(changed(*case), version) if problem.refused]
    assert refused
    for problem in refused:
        assert problem.words.endswith(".")
        assert problem.fix.endswith((".", "?"))
    way = case[0].split(".")
    paths = [problem.path for problem in refused]
    owner = ".".join(way[:-1])
    assert any(path == "<root>" or path.startswith((owner or path, case[0])) for path in paths), paths


@every_version
@pytest.mark.parametrize("case", FINE, ids=name_of)
def test_what_openclaw_takes_is_not_refused(case: tuple[str, Any], version: str) -> None:
    assert [problem for problem in found_in(changed(*case), version) if problem.refused] == []


@every_version
@pytest.mark.parametrize("name", TODAY)
def test_good_files_have_no_problems(name: str, version: str) -> None:
    advice = {"discord by names": set[str]()}
    assert {problem.path for problem in found_in(TODAY[name], version)} == advice.get(name, set())


@pytest.mark.parametrize(("config", "path", "fix"), [
    (changed("gateway.bindd", "lan"), "gateway", "Did you mean “bind”?"),
    (changed("channels.discord.guilds.123456789012345678.channels.5", {"allow": True}),
     "channels.discord.guilds.123456789012345678.channels.5", "It is enabled now."),
    (changed("agents.list", []), "agents", "It is agents.entries now."),
    (changed("meta.lastTouchedAt", "x"), "meta", "Take it out: it is gone."),
    (changed("channels.telegram.streamMode", "x"), "channels.telegram", "It is channels.telegram.streaming.mode now."),
    (changed("gateway.bind", "x"), "gateway.bind", "One of: auto, lan, loopback, custom, tailnet."),
    (changed("gateway.port", 70000), "gateway.port", "From 1 to 65535."),
    (changed("gateway.port", "3000"), "gateway.port", "Write a whole number."),
    (changed("agents.defaults.maxConcurrent", 0), "agents.defaults.maxConcurrent", "From > 0 to 9007199254740991."),
    (changed("channels.discord.enabled", "yes"), "channels.discord.enabled", "Write true or false."),
    (changed("bindings", [{"agentId": "nobody", "match": {"channel": "discord"}}]), "bindings.0.agentId", "One of: main."),
])  # fmt: skip
def test_the_fix_is_said(config: Any, path: str, fix: str) -> None:
    assert (path, fix) in {(problem.path, problem.fix) for problem in found_in(config)}


def test_a_value_is_never_quoted() -> None:
    for case in (*BROKEN, *FINE):
        config = changed(case[0], "hush-hush-hush" if isinstance(case[1], str) else case[1])
        assert "hush-hush-hush" not in repr([p for p in found_in(config) if not p.path.startswith("agents.")])
    assert "hush" not in repr(found_in(LIVED_IN))


ADVICE: tuple[tuple[Any, str], ...] = (
    (changed("gateway.mode", GONE), "gateway.mode"), (changed("gateway.port", GONE), "gateway.port"), (changed("meta", GONE), "meta"),
    (changed("plugins.entries.discord", GONE), "plugins.entries.discord.enabled"),
    (changed("plugins.entries.slack", {"enabled": False}), "plugins.entries.slack.enabled"),
    (changed("channels.telegram.dmPolicy", "open"), "channels.telegram.allowFrom"),
    (changed("channels.whatsapp", {"enabled": True, "dmPolicy": "allowlist"}), "channels.whatsapp.allowFrom"),
    (changed("channels.slack", {"enabled": True, "mode": "http"}), "channels.slack.signingSecret"),
    (changed("channels.telegram.webhookUrl", "https://x/y"), "channels.telegram.webhookSecret"),
    (changed("channels.signal.account", GONE), "channels.signal.account"),
    (changed("channels.discord.guilds", {"my server": {}}), "channels.discord.guilds.my server"),
    (changed("gateway.controlUi.allowedOrigins", ["http://localhost:3000"]), "gateway.controlUi.allowedOrigins"),
    (changed("gateway.auth", {"mode": "none"}), "gateway.auth.mode"),
    (changed("agents.defaults.model", GONE), "agents.defaults.model"),
    (changed("agents.defaults.model", "nonsense"), "agents.defaults.model"),
    (changed("agents.defaults.model", "anthropic/claude-opus-4-5"), "agents.defaults.model"),
    (changed("agents.entries.main.model", "anthropic/claude-opus-4711"), "agents.entries.main.model"),
    (changed("bindings", [{"agentId": "main", "match": {"channel": "pigeon"}}]), "bindings.0.match.channel"),
    (today({"telegram": TODAY["telegram"]["channels"]["telegram"]}, agents={"ownership": "explicit", "entries": {"a": {}, "b": {}}}),
     "channels.telegram"),
    (today(gateway={**GATEWAY, "bind": "loopback", "tailscale": {"mode": "funnel"}}), "gateway.auth.mode"),
)  # fmt: skip


@pytest.mark.parametrize(("config", "path"), ADVICE, ids=[path for _config, path in ADVICE])
def test_what_will_not_work_is_said_though_it_is_taken(config: Any, path: str) -> None:
    found = [problem for problem in found_in(config) if problem.path == path]
    assert found
    assert not any(problem.refused for problem in found)
    assert path not in {problem.path for problem in found_in(TODAY["everything"])}


def phone(**changes: Any) -> Any:
    config = json.loads(json.dumps(TODAY["phone"]))
    voice = config["plugins"]["entries"]["voice-call"]["config"]
    for key, value in changes.items():
        voice.pop(key) if value is GONE else voice.update({key: value})
    return config


@pytest.mark.parametrize(("changes", "field"), [
    ({"provider": "smoke"}, "provider"), ({"fromNumber": "0155"}, "fromNumber"), ({"toNumber": "+0"}, "toNumber"),
    ({"inboundPolicy": "all"}, "inboundPolicy"), ({"allowFrom": []}, "allowFrom"), ({"twilio": {"accountSid": "x"}}, "twilio.accountSid"),
    ({"provider": "telnyx"}, "telnyx.publicKey"), ({"tunnel": GONE}, "tunnel"), ({"tunnel": {"provider": "pigeon"}}, "tunnel.provider"),
    ({"tunnel": {"provider": "tailscale-funnel"}, "tailscale": {"port": 80}}, "tailscale.port"),
    ({"tailscale": {"mode": "maybe"}}, "tailscale.mode"), ({"webhookSecurity": {"allowedHosts": "x"}}, "webhookSecurity.allowedHosts"),
    ({"webhookSecurity": {"allowedHosts": ["https://x/y"]}}, "webhookSecurity.allowedHosts.0"),
    ({"webhookSecurity": {"allowedHosts": ["other.ngrok.app"]}}, "webhookSecurity.allowedHosts"),
    ({"skipSignatureVerification": True}, "skipSignatureVerification"),
])  # fmt: skip
def test_phone_calls(changes: dict[str, Any], field: str) -> None:
    assert f"plugins.entries.voice-call.config.{field}" in {
        problem.path for problem in found_in(phone(**changes))
    }
    off = phone(enabled=False, **changes)
    assert not [problem for problem in found_in(off) if "voice-call" in problem.path]


def test_several_agents_say_who_answers_the_phone() -> None:
    config = phone() | {"agents": {"ownership": "explicit", "entries": {"a": {}, "b": {}}}}
    assert "plugins.entries.voice-call.config.agentId" in {problem.path for problem in found_in(config)}


def test_a_model_needs_its_key() -> None:
    fine = found_in(TODAY["minimal"], names=["ANTHROPIC_API_KEY"])
    lacking = found_in(TODAY["minimal"], names=["OPENAI_API_KEY"])
    assert fine == []
    assert {problem.path for problem in lacking} == {"agents.defaults.model"}
    own = TODAY["minimal"] | {"models": {"providers": {"anthropic": {"apiKey": "${X}"}}}}
    assert found_in(own, names=[]) == []


def test_what_is_refused_comes_first() -> None:
    found = found_in(changed("gateway.bindd", "lan", changed("meta", GONE)))
    assert [problem.refused for problem in found] == [True, False]


def test_an_unknown_version_is_measured_with_the_newest() -> None:
    assert shapes.misfits({"worktreeAcceleration": 1}, "2026.9.1")
    assert shapes.misfits({"worktreeAcceleration": 1}, "2027.1.1") == []
    assert "discord" in shapes.names_at(("channels",), "2026.9.1")
    assert "agentId" in shapes.names_at(("bindings", "0"), "2026.9.1")
    assert "guildId" in shapes.names_at(("bindings", "0", "match"), "2026.9.1")
    assert shapes.names_at(("tools", "web"), "2026.9.1") == ()


def test_without_agents_there_is_main_only() -> None:
    found = problems(Config.read({"bindings": OF_NOBODY}))
    assert [(p.path, p.fix) for p in found if p.refused] == [("bindings.0.agentId", "One of: main.")]

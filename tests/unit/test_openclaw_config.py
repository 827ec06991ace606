from __future__ import annotations

import copy
import json
import random
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.domain.openclaw.config import Config
from claw_tui.domain.openclaw.secret_input import SecretRef, from_env, variable_of
from claw_tui.domain.openclaw.voice_call import Tunnel, VoiceCall, WebhookSecurity
from claw_tui.domain.secret import Secret
from tests.openclaw_cases import OLD, TODAY
from tests.unit.test_json5 import some_value

ALL = {**TODAY, **OLD}


@pytest.mark.parametrize("name", ALL)
def test_reading_and_writing_changes_nothing(name: str) -> None:
    text = json.dumps(ALL[name])
    assert json.dumps(Config.read(json.loads(text)).write()) == text


def strewn(rng: random.Random, node: Any) -> Any:
    """The same with unknown names, other types and other orders here and there."""
    if isinstance(node, dict):
        found = {key: strewn(rng, value) for key, value in node.items()}
        for _n in range(rng.randrange(3)):
            found[
                rng.choice(("x-new", "enabled", "model", "token", "guilds", "entries", "allowFrom", "config"))
            ] = some_value(rng, 2)
        pairs = list(found.items())
        rng.shuffle(pairs)
        return dict(pairs)
    if isinstance(node, list):
        return [strewn(rng, value) for value in node]
    return some_value(rng, 1) if rng.random() < 0.1 else node


def test_unknown_names_and_other_types_come_out_as_they_went_in() -> None:
    rng = random.Random(11)
    for _round in range(400):
        tree = strewn(rng, copy.deepcopy(ALL[rng.choice(list(ALL))]))
        text = json.dumps(tree)
        assert json.dumps(Config.read(tree).write()) == text


def test_the_fields_are_typed() -> None:
    config = Config.read(TODAY["everything"])
    assert config.channels
    assert config.channels.discord
    guild = (config.channels.discord.guilds or {})["123456789012345678"]
    assert guild.require_mention is True
    assert (guild.channels or {})["223456789012345678"].require_mention is False
    assert variable_of(config.channels.discord.token) == "DISCORD_BOT_TOKEN"
    assert config.channels.signal
    assert config.channels.signal.transport
    assert config.channels.signal.transport.kind == "external-native"
    several = Config.read(TODAY["several agents"])
    assert several.agents
    assert (several.agents.entries or {})["work"].workspace == "/data/work"
    first, second, third = several.bindings or ()
    assert first.match
    assert first.match.guild_id == "123456789012345678"
    assert second.match
    assert second.match.peer
    assert second.match.peer.kind == "direct"
    assert third.agent_id == "main"


def test_phone_calls_are_typed_and_changed_in_place() -> None:
    config = Config.read(TODAY["phone"])
    voice = config.voice_call
    assert voice
    assert voice.webhook_security
    assert voice.webhook_security.allowed_hosts == ("example.ngrok.app",)
    other = config.with_voice_call(replace(voice, tunnel=Tunnel(provider="tailscale-funnel")))
    tree = other.write()["plugins"]["entries"]["voice-call"]
    assert tree["config"]["tunnel"] == {"provider": "tailscale-funnel"}
    assert tree["config"]["outbound"] == {"defaultMode": "notify"}  # nobody models it, and it is there
    new = Config().with_voice_call(
        VoiceCall(provider="mock", webhook_security=WebhookSecurity(allowed_hosts=("a",)))
    )
    assert new.write() == {"plugins": {"entries": {"voice-call": {
        "enabled": True, "config": {"provider": "mock", "webhookSecurity": {"allowedHosts": ["a"]}},
    }}}}  # fmt: skip


def test_a_model_may_be_a_name_alone() -> None:
    tree = {"agents": {"entries": {"main": {"model": "x/y"}, "b": {"model": {"primary": "x/z"}}}}}
    config = Config.read(tree)
    assert config.agents
    assert config.agents.entries
    assert config.agents.entries["main"].model
    assert config.agents.entries["main"].model.primary == "x/y"
    assert config.write() == tree


def test_a_secret_in_the_file_does_not_show_itself() -> None:
    tree = {
        "gateway": {"auth": {"token": "hush-1"}}, "channels": {"discord": {"token": "hush-2", "accounts": {"a": {"token": "hush-3"}}}},
        "plugins": {"entries": {"x": {"config": {"k": "hush-4"}}}}, "other": "hush-5",
    }  # fmt: skip
    config = Config.read(tree)
    assert "hush" not in repr(config)
    assert config.gateway
    assert config.gateway.auth
    assert config.gateway.auth.token == Secret("hush-1")
    assert config.write() == tree


def test_whose_variable() -> None:
    assert variable_of(from_env("A_B")) == "A_B"
    assert variable_of(Secret("${A_B}")) == "A_B"
    assert variable_of(Secret("hush")) == ""
    assert variable_of(SecretRef(source="file", id="A_B")) == ""
    assert variable_of(None) == ""

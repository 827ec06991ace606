from __future__ import annotations

import json
from dataclasses import replace

from claw_tui.demo.openclaw_config import read_config
from claw_tui.domain.gateway_config import build_config, config_text, gateway_problems, same_config
from claw_tui.domain.spec import (
    AgentSpec,
    ChannelSpec,
    DiscordSpec,
    GatewaySpec,
    GuildSpec,
    SlackSpec,
    Spec,
    TelegramSpec,
)

FULL = Spec(
    app="my-app", region="fra",
    gateway=GatewaySpec(
        primary_model="anthropic/claude-opus-5", fallback_models=("openai/gpt-6-astra",),
        agents=(AgentSpec("main"), AgentSpec("work", "openai/gpt-6-sol")),
        discord=DiscordSpec(enabled=True, guilds=(
            GuildSpec("11", "One", channels=(ChannelSpec("111", "general"),)), GuildSpec("22", "Two", require_mention=False),
        )),
        telegram=TelegramSpec(enabled=True), slack=SlackSpec(enabled=True),
    ),
)  # fmt: skip


def test_what_the_guides_lack_is_there() -> None:
    config = build_config(FULL, ["66.241.124.1"])
    gateway = config["gateway"]
    assert isinstance(gateway, dict)
    assert gateway["port"] == 3000
    assert gateway["publicOrigin"] == "https://my-app.fly.dev"
    assert gateway["controlUi"]["allowedOrigins"][0] == "https://my-app.fly.dev"
    assert {"http://localhost:3000", "http://127.0.0.1:23000"} <= set(gateway["controlUi"]["allowedOrigins"])
    assert gateway["trustedProxies"] == ["172.16.0.0/16", "66.241.124.1"]
    assert config["meta"] == {}
    assert config["plugins"] == {"entries": {"discord": {"enabled": True}, "slack": {"enabled": True}}}


def test_no_secret_and_no_name_is_in_it() -> None:
    text = config_text(build_config(FULL))
    assert '"id": "DISCORD_BOT_TOKEN"' in text
    assert "One" not in text
    assert json.loads(text) == build_config(FULL)


def test_discord_is_by_ids_and_a_server_alone_means_all_of_it() -> None:
    config = json.loads(config_text(build_config(FULL)))
    assert config["channels"]["discord"]["guilds"] == {
        "11": {"requireMention": True, "channels": {"111": {"enabled": True}}},
        "22": {"requireMention": False, "channels": {"*": {"enabled": True}}},
    }


def test_private_has_no_public_origin() -> None:
    text = config_text(build_config(replace(FULL, private=True)))
    assert "fly.dev" not in text
    assert "http://my-app.flycast:3000" in text


def test_one_agent_needs_no_ownership_and_no_channel_no_plugins() -> None:
    plain = build_config(Spec(app="a", gateway=GatewaySpec(primary_model="x/y")))
    assert "channels" not in plain
    assert "plugins" not in plain
    assert plain["agents"] == {
        "defaults": {"model": {"primary": "x/y"}, "maxConcurrent": 4},
        "entries": {"main": {}},
    }


def test_the_simulated_gateway_knows_every_key_that_we_write() -> None:
    assert read_config(config_text(build_config(FULL)))[1] == []


def test_problems_name_their_field() -> None:
    assert dict(gateway_problems(GatewaySpec(), [])) == {
        "primary-model": "Choose a model: without one the gateway can't answer."
    }
    found = dict(gateway_problems(FULL.gateway, ["SLACK_BOT_TOKEN"]))
    assert set(found) == {"primary-model", "discord", "telegram", "slack"}
    assert "ANTHROPIC_API_KEY" in found["primary-model"]
    assert "primary-model" not in dict(gateway_problems(replace(FULL.gateway, base="{}"), ["x"]))
    assert "primary-model" not in dict(
        gateway_problems(replace(FULL.gateway, primary_model="local/any"), ["x"])
    )
    assert (
        "PROVIDER/NAME"
        in dict(gateway_problems(replace(FULL.gateway, primary_model="any"), ["x"]))["primary-model"]
    )
    assert "SLACK_APP_TOKEN" in found["slack"]
    assert dict(gateway_problems(replace(FULL.gateway, max_concurrent=0), ["x"]))["max-concurrent"]


def test_same_config_allows_what_openclaw_adds() -> None:
    ours = {"a": {"b": 1}, "meta": {}}
    assert same_config(ours, {"a": {"b": 1, "c": 2}, "meta": {"lastTouchedVersion": "x"}, "d": 3})
    assert not same_config(ours, {"a": {"b": 2}, "meta": {}})
    assert not same_config(ours, {"meta": {}})
    assert not same_config(ours, None)

"""From a file to the wizard's answers and back: nothing that the wizard does not ask for is lost."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.domain.gateway_config import build_config
from claw_tui.domain.openclaw.checks import problems
from claw_tui.domain.openclaw.config import Config
from claw_tui.domain.openclaw.reached import reached
from claw_tui.domain.openclaw.spec_of import Known, read_known, spec_of_config
from claw_tui.domain.spec import (
    AgentSpec,
    ChannelSpec,
    DiscordSpec,
    GatewaySpec,
    GuildSpec,
    Named,
    Route,
    SlackSpec,
    Spec,
    TelegramSpec,
)
from tests.answers import unnamed
from tests.openclaw_cases import OLD, TODAY
from tests.unit.test_gateway_config import FULL

EVERY = {**TODAY, **OLD}


def known(config: Any) -> Known:
    return read_known(json.dumps(config))


def spec_for(found: Known, **changes: Any) -> Spec:
    return Spec(app="a", gateway=replace(found.gateway, **changes))


WISHES = {
    "full": FULL,
    "plain": Spec(app="a", gateway=GatewaySpec(primary_model="x/y")),
    "private": replace(FULL, private=True),
    "no server yet": Spec(app="a", gateway=GatewaySpec(primary_model="x/y", discord=DiscordSpec(enabled=True))),
    "every message": Spec(app="a", gateway=GatewaySpec(
        primary_model="x/y", telegram=TelegramSpec(True, False), slack=SlackSpec(True, False), max_concurrent=9,
    )),
}  # fmt: skip


@pytest.mark.parametrize("name", WISHES)
def test_what_we_wrote_is_read_as_what_was_wished(name: str) -> None:
    spec = WISHES[name]
    built = build_config(spec, ["66.241.124.1"])
    found = known(built)
    assert unnamed(found.gateway) == unnamed(spec.gateway)
    assert found.with_answers(spec, ("66.241.124.1",)) == built
    assert json.dumps(found.with_answers(spec, ("66.241.124.1",))) == json.dumps(built)


def test_the_answers_of_somebody_elses_file() -> None:
    gateway = known(OLD["lived in"]).gateway
    assert gateway.primary_model == "anthropic/claude-opus-5"
    night = AgentSpec(
        "night-shift", "openai/gpt-5.6-sol", "~/.openclaw/night", (Route("discord", "", "42", "direct"),)
    )
    assert gateway.agents == (AgentSpec("main", "opus", "/data/workspace"), night)
    assert gateway.discord == DiscordSpec(
        True, (GuildSpec("123456789012345678", "", True, (ChannelSpec("3"),)),)
    )
    assert gateway.telegram == TelegramSpec(True, require_mention=False)
    assert gateway.slack == SlackSpec(True, require_mention=True)
    guide = known(OLD["guide, en"]).gateway
    assert guide.fallback_models == ("anthropic/claude-sonnet-5", "openai/gpt-5.6-sol")
    assert guide.discord.guilds[0].require_mention is False


def test_an_empty_file_stands_for_the_wizards_own_answers() -> None:
    assert spec_of_config(Config()) == GatewaySpec()


def lost(before: Any, after: Any, path: str = "") -> list[str]:
    """What of ``before`` is not in ``after``."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            place for key, value in before.items()
            for place in (lost(value, after[key], f"{path}.{key}") if key in after else [f"{path}.{key}"])
        ]  # fmt: skip
    if isinstance(before, list) and isinstance(after, list):
        return [f"{path}[{value}]" for value in before if value not in after]
    return [] if before == after or isinstance(after, dict) else [path]


@pytest.mark.parametrize("name", EVERY)
def test_the_same_answers_lose_nothing_and_stay_the_same(name: str) -> None:
    found = known(EVERY[name])
    after = found.with_answers(spec_for(found))
    ours = {".gateway.bind", ".gateway.publicOrigin"}  # how it is reached is the wizard's
    assert set(lost(found.config, after)) <= ours
    assert [p for p in problems(Config.read(after)) if p.refused] == []
    again = known(after)
    assert again.gateway == found.gateway
    assert again.with_answers(spec_for(again)) == after


def test_changed_answers_change_what_they_are_about() -> None:
    found = known(TODAY["everything"])
    guild = found.gateway.discord.guilds[0]
    other = GuildSpec("22", channels=(ChannelSpec("5"),))
    after = found.with_answers(spec_for(
        found, primary_model="x/y", fallback_models=(), max_concurrent=9,
        discord=DiscordSpec(True, (replace(guild, require_mention=False, channels=guild.channels[:1]), other)),
        telegram=TelegramSpec(False), slack=SlackSpec(True, require_mention=False),
    ))  # fmt: skip
    assert after["agents"]["defaults"] == {"model": {"primary": "x/y"}, "maxConcurrent": 9}
    discord = after["channels"]["discord"]["guilds"]
    assert discord[guild.id] == {
        "slug": "home", "requireMention": False, "users": ["987654321098765432"],
        "channels": {"223456789012345678": {"enabled": True, "requireMention": False}},
    }  # fmt: skip
    assert discord["22"] == {"requireMention": True, "channels": {"5": {"enabled": True}}}
    assert after["channels"]["telegram"]["enabled"] is False
    assert after["channels"]["telegram"]["dmPolicy"] == "pairing"
    assert after["channels"]["slack"]["channels"] == {
        "C0123456789": {"enabled": True, "requireMention": False}
    }
    assert after["channels"]["slack"]["groupPolicy"] == "allowlist"  # nobody asked for more channels
    assert after["channels"]["whatsapp"] == found.config["channels"]["whatsapp"]
    assert after["commands"] == found.config["commands"]


def test_a_server_that_is_taken_out_is_gone_and_all_channels_are_all() -> None:
    found = known(TODAY["discord"])
    guild = found.gateway.discord.guilds[0]
    gone = found.with_answers(spec_for(found, discord=DiscordSpec(True)))
    assert "guilds" not in gone["channels"]["discord"]
    everywhere = found.with_answers(
        spec_for(found, discord=DiscordSpec(True, (replace(guild, channels=()),)))
    )
    assert everywhere["channels"]["discord"]["guilds"][guild.id]["channels"] == {"*": {"enabled": True}}
    assert known(everywhere).gateway.discord.guilds[0].channels == ()


def test_a_channel_that_was_shut_stays_shut() -> None:
    found = known(OLD["lived in"])
    guild = found.gateway.discord.guilds[0]
    more = replace(guild, channels=(*guild.channels, ChannelSpec("9")))
    after = found.with_answers(spec_for(found, discord=DiscordSpec(True, (more,))))
    assert after["channels"]["discord"]["guilds"][guild.id]["channels"] == {
        "3": {"enabled": True}, "4": {"enabled": False}, "9": {"enabled": True},
    }  # fmt: skip


def test_agents_keep_what_is_theirs_and_go_with_their_bindings() -> None:
    found = known(TODAY["several agents"])
    assert found.gateway.agents[0].id == "main"
    after = found.with_answers(spec_for(found, agents=(AgentSpec("main", "x/y"), AgentSpec("new"))))
    assert after["agents"]["entries"] == {"main": {"model": "x/y"}, "new": {}}
    assert {binding["agentId"] for binding in after["bindings"]} == {"main"}
    first, work = found.gateway.agents
    assert (work.workspace, work.routes) != ("", ())
    kept = found.with_answers(spec_for(found, agents=(first, replace(work, model="x/z"))))
    assert kept["agents"]["entries"]["work"] == {"model": "x/z", "workspace": "/data/work"}
    assert kept["bindings"] == found.config["bindings"]
    plain = found.with_answers(spec_for(found, agents=(first, AgentSpec("work"))))
    assert plain["agents"]["entries"]["work"] == {}
    assert "work" not in [binding["agentId"] for binding in plain["bindings"]]


def test_what_only_openclaw_can_tell_apart_stays_bound() -> None:
    """By account, by role, by team: the wizard does not ask for that."""
    config = json.loads(json.dumps(TODAY["several agents"]))
    odd = [
        {"agentId": "work", "match": {"channel": "discord", "accountId": "second"}},
        {"agentId": "work", "match": {"channel": "discord", "guildId": "1", "roles": ["7"]}},
    ]
    config["bindings"] += odd
    found = known(config)
    first, work = found.gateway.agents
    after = found.with_answers(spec_for(found, agents=(first, replace(work, routes=()))))
    assert [binding for binding in after["bindings"] if binding in odd] == odd


def test_routes_are_written_and_read() -> None:
    agents = (
        AgentSpec("main", routes=(Route("discord", "1", "11", "channel"),)),
        AgentSpec("work", "x/y", "/data/w", (Route("telegram"), Route("discord", "1"), Route("slack"))),
    )
    spec = Spec(
        app="a",
        gateway=GatewaySpec(
            agents=agents, telegram=TelegramSpec(enabled=True),
            discord=DiscordSpec(enabled=True, guilds=(GuildSpec("1"),)),
        ),
    )  # fmt: skip
    built: Any = build_config(spec)
    assert [(b["agentId"], b["match"]) for b in built["bindings"]] == [
        ("main", {"channel": "discord", "guildId": "1", "peer": {"kind": "channel", "id": "11"}}),
        ("work", {"channel": "discord", "guildId": "1"}), ("work", {"channel": "telegram"}),
        ("main", {"channel": "discord"}),
    ]  # fmt: skip
    main, work = known(built).gateway.agents
    assert main == agents[0]
    assert {*work.routes, Route("slack")} == set(agents[1].routes)  # Slack is off


def test_what_a_gone_agent_did_for_all_is_the_first_ones() -> None:
    found = known(TODAY["several agents"])
    after = found.with_answers(spec_for(found, agents=(AgentSpec("new"), AgentSpec("work"))))
    assert after["agents"]["defaults"]["heartbeat"] == {"agentId": "new"}
    kept = found.with_answers(spec_for(found, agents=(AgentSpec("new"), AgentSpec("main"))))
    assert kept["agents"]["defaults"]["heartbeat"] == {"agentId": "main"}


def test_the_last_bindings_go_with_their_agent() -> None:
    found = known(OLD["two agents, none marked"])
    assert found.config["bindings"]
    after = found.with_answers(spec_for(found, agents=(AgentSpec("new"),), telegram=TelegramSpec(False)))
    assert "bindings" not in after
    assert [p for p in problems(Config.read(after)) if p.refused] == []


def test_an_agents_own_fallbacks_stay() -> None:
    config = TODAY["minimal"] | {
        "agents": {"entries": {"main": {"model": {"primary": "a/b", "fallbacks": ["c/d"]}}}}
    }
    found = known(config)
    after = found.with_answers(spec_for(found, agents=(AgentSpec("main", "x/y"),)))
    assert after["agents"]["entries"]["main"] == {"model": {"primary": "x/y", "fallbacks": ["c/d"]}}


def test_how_one_logs_in_is_the_persons() -> None:
    config = TODAY["minimal"]
    password = {
        "mode": "password",
        "password": {"source": "env", "provider": "default", "id": "OPENCLAW_GATEWAY_PASSWORD"},
    }
    mine = config | {
        "gateway": config["gateway"]
        | {"auth": password, "trustedProxies": ["10.0.0.0/8"], "reload": {"mode": "hybrid"}}
    }
    found = known(mine)
    after = found.with_answers(spec_for(found))["gateway"]
    assert after["auth"] == password
    assert after["reload"] == {"mode": "hybrid"}
    assert after["trustedProxies"] == ["10.0.0.0/8", "172.16.0.0/16"]
    assert {"https://a.fly.dev", "http://127.0.0.1:23000"} <= set(after["controlUi"]["allowedOrigins"])


def test_accounts_of_a_channel_are_given_no_token_of_ours() -> None:
    config = TODAY["minimal"] | {"channels": {"telegram": {"accounts": {"a": {"botToken": "${A}"}}}}}
    found = known(config)
    assert found.with_answers(spec_for(found))["channels"]["telegram"] == {
        "accounts": {"a": {"botToken": "${A}"}},
        "enabled": True,
    }


def some_answers(rng: random.Random, gateway: GatewaySpec) -> GatewaySpec:
    guilds = tuple(
        replace(guild, require_mention=rng.random() < 0.5, channels=guild.channels[: rng.randrange(3)])
        for guild in (
            *gateway.discord.guilds,
            GuildSpec("77", channels=(ChannelSpec("78"), ChannelSpec("79"))),
        )
        if rng.random() < 0.7
    )
    agents = tuple(
        replace(agent, model=rng.choice(("", agent.model, "x/z")))
        for agent in gateway.agents
        if rng.random() < 0.8
    )
    return replace(
        gateway, primary_model=rng.choice((gateway.primary_model, "x/y")) or "x/y", fallback_models=gateway.fallback_models[: rng.randrange(3)],
        agents=(*agents, AgentSpec("another")) if rng.random() < 0.3 or not agents else agents, max_concurrent=rng.randrange(1, 65),
        discord=DiscordSpec(rng.random() < 0.7, guilds), telegram=TelegramSpec(rng.random() < 0.7, rng.random() < 0.5),
        slack=SlackSpec(rng.random() < 0.7, rng.random() < 0.5),
    )  # fmt: skip


def test_whatever_is_answered_is_in_the_file_afterwards() -> None:
    rng = random.Random(3)
    for _round in range(150):
        found = known(EVERY[rng.choice(list(EVERY))])
        wish = some_answers(rng, found.gateway)
        after = found.with_answers(Spec(app="a", gateway=wish))
        assert [p for p in problems(Config.read(after)) if p.refused] == []
        read = spec_of_config(Config.read(after))
        for channel in ("telegram", "slack"):
            mine, theirs = getattr(wish, channel), getattr(read, channel)
            assert mine.enabled == theirs.enabled
            assert not mine.enabled or mine.require_mention == theirs.require_mention
        assert wish.discord.enabled == read.discord.enabled
        if wish.discord.enabled:
            assert unnamed(read).discord == unnamed(wish).discord
        assert {agent.id: agent.model for agent in read.agents} == {
            agent.id: agent.model for agent in wish.agents
        }
        assert (read.primary_model, read.fallback_models) == (wish.primary_model, wish.fallback_models)
        assert read.max_concurrent == wish.max_concurrent


PEOPLE: Any = TODAY["minimal"] | {"channels": {"discord": {"enabled": True, "guilds": {
    "1": {
        "slug": "home", "requireMention": False, "users": ["116", 117], "toolsBySender": {}, "channels": {
            "11": {"enabled": True, "requireMention": True, "users": ["118"], "systemPrompt": "Be kind."},
            "12": {"roles": ["175"], "users": []},
            "13": {},
        },
    },
    "2": {"roles": ["176"], "channels": {"*": {"users": ["*"]}, "21": {"requireMention": True}}},
    "3": {"channels": {"31": {"enabled": False}}},
}}}}  # fmt: skip


def test_who_may_talk_on_discord_and_when_is_read_back() -> None:
    assert known(PEOPLE).gateway.discord.guilds == (
        GuildSpec("1", "home", False, users=(Named("116"), Named("117")), channels=(
            ChannelSpec("11", require_mention=True, users=(Named("118"),)), ChannelSpec("12", roles=(Named("175"),)), ChannelSpec("13"),
        )),
        GuildSpec("2", roles=(Named("176"),)),
    )  # fmt: skip  # the third is shut
    built = known(build_config(Spec(app="a", gateway=replace(known(PEOPLE).gateway, primary_model="x/y"))))
    assert unnamed(built.gateway).discord == unnamed(known(PEOPLE).gateway).discord


def test_people_who_did_not_change_stay_as_they_were_written() -> None:
    found = known(PEOPLE)
    one, two = found.gateway.discord.guilds
    before = PEOPLE["channels"]["discord"]["guilds"]
    same = found.with_answers(spec_for(found))["channels"]["discord"]["guilds"]
    assert same == {**before, "2": {**before["2"], "channels": {
        "*": {"users": ["*"], "enabled": True}, "21": {"requireMention": True},
    }}}  # fmt: skip
    first, second, third = one.channels
    other = replace(one, users=(), channels=(
        replace(first, require_mention=None, users=()), replace(second, users=(Named("9"),)), third,
    ))  # fmt: skip
    after = found.with_answers(spec_for(found, discord=DiscordSpec(True, (other, two))))
    assert after["channels"]["discord"]["guilds"]["1"] == {
        "slug": "home", "requireMention": False, "toolsBySender": {}, "channels": {
            "11": {"enabled": True, "systemPrompt": "Be kind."}, "12": {"roles": ["175"], "users": ["9"]}, "13": {},
        },
    }  # fmt: skip


def test_one_channel_instead_of_all_is_one_channel() -> None:
    found = known(PEOPLE)
    two = replace(found.gateway.discord.guilds[1], channels=(ChannelSpec("22"),))
    after = found.with_answers(spec_for(found, discord=DiscordSpec(True, (two,))))
    assert after["channels"]["discord"]["guilds"] == {
        "2": {"roles": ["176"], "channels": {"22": {"enabled": True}}},
        "3": {"channels": {"31": {"enabled": False}}},
    }


ODD: tuple[Any, ...] = (
    None,
    [],
    {},
    [{}],
    [[1]],
    [None, 1, "x", {"a": []}, {"a": []}],
    {"a": {"b": [{}]}},
    "",
    5,
    True,
    1e400,
)
LISTS = (
    ("gateway", "controlUi", "allowedOrigins"), ("gateway", "trustedProxies"), ("bindings",), ("models", "providers"),
    ("agents", "defaults", "models", "anthropic/claude-opus-4-5", "alias"),
)  # fmt: skip


def with_odd(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    tree = copy.deepcopy(tree)
    at = tree
    for key in path[:-1]:
        at = at.setdefault(key, {}) if isinstance(at, dict) else at[key]
    at[path[-1]] = value
    return tree


def places_in(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    rows = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inside in rows:
        yield (*path, key)
        yield from places_in(inside, (*path, key))


def read_and_written(tree: Any) -> None:
    found = known(tree)
    for spec in (spec_for(found), FULL):
        reached(found.with_answers(spec, ("66.241.124.1",)), spec, ["66.241.124.1"], {"66.241.124.9"})
    problems(found.taken.config, secret_names=("ANTHROPIC_API_KEY",))


@pytest.mark.parametrize("path", LISTS, ids=".".join)
def test_whatever_stands_where_a_list_is_meant_is_no_crash(path: tuple[str, ...]) -> None:
    for value in ODD:
        read_and_written(with_odd(EVERY["lived in"], path, value))


def test_whatever_stands_anywhere_is_no_crash() -> None:
    chance = random.Random(7)
    cases = [json.loads(json.dumps(case)) for case in (*EVERY.values(), build_config(FULL, ["66.241.124.1"]))]
    for _turn in range(200):
        tree = chance.choice(cases)
        read_and_written(with_odd(tree, chance.choice([*places_in(tree)]), chance.choice(ODD)))


def test_a_row_that_is_no_text_stays_where_it_is() -> None:
    tree = with_odd(
        EVERY["lived in"], ("gateway", "trustedProxies"), ["10.0.0.1", {"a": 1}, "10.0.0.1", {"a": 1}]
    )
    found = known(tree)
    written = found.with_answers(spec_for(found), ())
    assert written["gateway"]["trustedProxies"][:2] == ["10.0.0.1", {"a": 1}]
    assert written["gateway"]["trustedProxies"].count({"a": 1}) == 1

from __future__ import annotations

import json
import random
import time
from typing import Any

import pytest

from claw_tui.domain.openclaw import shapes
from claw_tui.domain.openclaw.checks import problems
from claw_tui.domain.openclaw.json5 import Unreadable
from claw_tui.domain.openclaw.lift import holds_secret, lift, with_masks
from claw_tui.domain.openclaw.migrate import NotAConfig, TakenOver, take_over
from claw_tui.domain.openclaw.old_names import CHAT, DROPS, MOVES
from claw_tui.domain.openclaw.shapes import VERSIONS
from claw_tui.domain.parse import TooDeep
from tests.openclaw_cases import LIVED_IN, OLD, TODAY, ref
from tests.unit.test_json5 import some_value


def taken(config: Any, version: str = VERSIONS[0]) -> TakenOver:
    return take_over(json.dumps(config), version)


def names(found: TakenOver) -> set[str]:
    return {note.name for note in found.notes}


def texts(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        return [text for key, value in tree.items() for text in (key, *texts(value))]
    if isinstance(tree, list):
        return [text for value in tree for text in texts(value)]
    return [tree] if isinstance(tree, str) else []


@pytest.mark.parametrize("word", ["x", "x.", "a://", "a://b:", "TOKEN_", "1:"])
def test_a_very_long_word_does_not_hold_up_the_look_for_secrets(word: str) -> None:
    """Our own time; it would be minutes if each letter were a beginning to look on from."""
    text = word * (200_000 // len(word))
    begun = time.thread_time()
    found = taken(
        {"agents": {"defaults": {"model": text}}, "x": {"y": text, "z": f"{text} postgres://me:CANARY@db"}}
    )
    assert time.thread_time() - begun < 2
    assert found.config.write()["agents"]["defaults"]["model"]


def test_an_address_with_a_password_is_found_in_and_behind_a_long_word() -> None:
    assert holds_secret("x" * 500 + "://me:CANARY@db")
    assert holds_secret("x" * 500 + " postgres://me:CANARY@db")
    assert not holds_secret("x" * 500 + "://me@db")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", OLD)
def test_older_files_become_ones_that_openclaw_takes(name: str, version: str) -> None:
    found = taken(OLD[name], version)
    assert found.notes
    assert [p for p in problems(found.config, version) if p.refused] == []
    again = taken(found.config.write(), version)
    assert again.notes == ()
    assert again.config.write() == found.config.write()


@pytest.mark.parametrize("name", TODAY)
def test_todays_files_stay_as_they_are(name: str) -> None:
    found = taken(TODAY[name])
    replaced = {note.name for note in found.notes} - {"model-replaced"}
    assert replaced == set()
    assert found.secrets == ()
    assert json.dumps(found.config.write()) == json.dumps(TODAY[name])


def test_the_guides_file() -> None:
    found = taken(OLD["guide, nl"])
    assert names(found) == {
        "agents-list-to-entries", "default-mark-gone", "allow-to-enabled", "auth-profile-gone", "plugin-entry", "model-replaced",
        "needed-line",
    }  # fmt: skip
    tree = found.config.write()
    assert tree["agents"] == {
        "defaults": {
            "model": {"primary": "anthropic/claude-opus-5", "fallbacks": ["anthropic/claude-sonnet-5", "openai/gpt-5.6-sol"]},
            "maxConcurrent": 4,
        },
        "entries": {"main": {}},
    }  # fmt: skip
    assert tree["channels"]["discord"]["guilds"]["123456789012345678"]["channels"] == {
        "general": {"enabled": True}
    }
    assert tree["plugins"]["entries"]["discord"] == {"enabled": True}
    assert tree["gateway"] == {"mode": "local", "bind": "auto", "port": 3000}
    assert tree["meta"] == {"lastTouchedVersion": "2026.1.29"}
    assert "auth" not in tree


def test_every_change_is_named_with_its_reason() -> None:
    for config in OLD.values():
        for note in taken(config).notes:
            assert note.name.replace("-", "").isalpha(), note
            assert note.why.endswith("."), note
            assert note.path or note.name == "json5-to-json", note


def test_the_table_of_old_names_has_reasons() -> None:
    for name, _owner, old, _new, why in (*MOVES, *DROPS):
        assert name
        assert old
        assert why


@pytest.mark.parametrize("version", VERSIONS)
def test_the_table_moves_only_what_is_gone_and_to_where_there_is_room(version: str) -> None:
    def there(owner: str, path: str) -> bool:
        *way, last = [word.replace("*", "any") for word in f"{owner}.{path}".split(".") if word]
        if way[:2] == ["plugins", "entries"] or (
            way and way[0] not in ("agents", "bindings", "channels", "gateway", "meta")
        ):
            return False  # not in our data
        return last in shapes.names_at(tuple(way), version)

    for _name, owner, old, new, _why in (*MOVES, *DROPS):
        if owner or old not in CHAT:
            assert not there(owner, old), (owner, old)
        if new and f"{owner}.{new}".strip(".").startswith(("agents", "bindings", "channels", "gateway")):
            modelled = there(owner, new) or new in (
                "bindings",
                *(f"channels.{name}" for name in CHAT),
                "memory.search",
            )
            assert modelled, (owner, new)


def test_a_key_in_the_middle_of_a_text_is_said() -> None:
    found = taken({"agents": {"defaults": {"x": "use sk-ant-api03-" + "h" * 30 + " for it"}}})
    assert found.secrets == ()
    assert "agents.defaults.x" in {problem.path for problem in problems(found.config)}
    assert "hhhh" not in repr(problems(found.config))


def test_secrets_leave_the_file_and_are_in_no_note() -> None:
    found = taken(LIVED_IN)
    given = {name: secret.reveal() for name, secret in found.secrets}
    assert given == {
        "OPENAI_API_KEY": "hush-openai", "BRAVE_API_KEY": "hush-brave", "SAG_API_KEY": "hush-sag",
        "HOOKS_TOKEN": "hush-hooks-hush-hooks-hush", "OPENCLAW_GATEWAY_TOKEN": "hush-gateway-hush-gateway",
        "TWILIO_AUTH_TOKEN": "hush-twilio", "NGROK_AUTHTOKEN": "hush-ngrok", "DISCORD_BOT_TOKEN": "hush-discord",
        "TELEGRAM_BOT_TOKEN": "hush-telegram", "TELEGRAM_WORK_BOT_TOKEN": "hush-work", "SLACK_BOT_TOKEN": "hush-slack",
        "SLACK_APP_TOKEN": "hush-app",
    }  # fmt: skip
    tree = found.config.write()
    assert "hush" not in json.dumps(tree)
    assert "hush" not in repr(found)
    assert "hush" not in repr([vars_of(note) for note in found.notes])
    assert tree["gateway"]["auth"]["token"] == ref("OPENCLAW_GATEWAY_TOKEN")
    assert tree["channels"]["telegram"]["accounts"]["work"]["botToken"] == ref("TELEGRAM_WORK_BOT_TOKEN")
    assert tree["hooks"]["token"] == "${HOOKS_TOKEN}"  # OpenClaw takes no SecretRef there
    assert tree["env"] == {"vars": {"TZ": "Europe/Berlin"}}


def vars_of(note: Any) -> tuple[str, ...]:
    return (note.name, note.why, note.path, note.before, note.after)


@pytest.mark.parametrize(("tree", "given"), [
    ({"a": {"token": "hush", "b": [{"password": "hush"}]}}, {"A_TOKEN": "hush", "A_B_0_PASSWORD": "hush"}),
    ({"models": {"providers": {"openai": {"apiKey": "hush"}, "own-one": {"apiKey": "hush2"}}}},
     {"OPENAI_API_KEY": "hush", "OWN_ONE_API_KEY": "hush2"}),
    ({"x": {"note": "sk-ant-api03-" + "h" * 30}}, {"X_NOTE": "sk-ant-api03-" + "h" * 30}),
    ({"p": {"proxy": "socks5://me:hush@x:1"}}, {"P_PROXY": "socks5://me:hush@x:1"}),
    ({"mcp": {"args": ["--api-key=sk-ant-api03-" + "h" * 30, "--x"]}}, {"MCP_ARGS_0": "--api-key=sk-ant-api03-" + "h" * 30}),
    ({"h": {"Authorization": "Bearer hush"}, "u": "https://a/b?c=d"}, {"H_AUTHORIZATION": "Bearer hush"}),
    ({"fly": {"token": "hush"}}, {"OWN_FLY_TOKEN": "hush"}),
    ({"env": {"DISCORD_BOT_TOKEN": "one"}, "channels": {"discord": {"token": "two"}}},
     {"DISCORD_BOT_TOKEN": "one", "DISCORD_BOT_TOKEN_2": "two"}),
    ({"gateway": {"auth": {"mode": "token", "token": "${MY_TOKEN}"}}, "b": {"tokenFile": "/x", "maxTokens": 5, "token": ""}}, {}),
    ({"a": {"apiKeyHelper": "x", "token": ref("A_B"), "secret": {"source": "file", "id": "/x"}, "credential": "/data/file"}}, {}),
    ({"models": {"providers": {"x": {"apiKey": "OWN_KEY"}}}}, {}),
    ({"channels": {"discord": {"token": "secretref-env:MY_BOT"}}}, {}),
])  # fmt: skip
def test_which_texts_are_secrets(tree: Any, given: dict[str, str]) -> None:
    found = taken(tree)
    assert {name: secret.reveal() for name, secret in found.secrets} == given
    written = texts(found.config.write())
    assert not [value for value in given.values() if value in written]


def test_a_name_instead_of_a_key_becomes_a_reference() -> None:
    found = taken(
        {
            "models": {"providers": {"x": {"apiKey": "OWN_KEY"}}},
            "channels": {"discord": {"token": "secretref-env:MY_BOT"}},
        }
    )
    tree = found.config.write()
    assert tree["models"]["providers"]["x"]["apiKey"] == ref("OWN_KEY")
    assert tree["channels"]["discord"]["token"] == ref("MY_BOT")


def test_several_agents_keep_their_owner() -> None:
    tree = taken(LIVED_IN).config.write()
    assert tree["agents"]["ownership"] == "explicit"
    assert list(tree["agents"]["entries"]) == ["main", "night-shift"]
    assert tree["agents"]["entries"]["main"]["workspace"] == "/data/workspace"  # it was the default agent's
    assert tree["agents"]["entries"]["main"]["model"] == "opus"  # a short name of the person's own
    assert tree["agents"]["defaults"]["heartbeat"] == {"every": "30m", "agentId": "main"}
    assert tree["bindings"][0]["match"]["peer"] == {"kind": "direct", "id": "42"}
    whole = {
        b["match"]["channel"]: b["agentId"] for b in tree["bindings"] if b["match"].get("accountId") == "*"
    }
    assert whole == {
        "telegram": "night-shift",
        "discord": "main",
        "whatsapp": "main",
        "slack": "main",
        "signal": "main",
    }


def test_logins_of_a_person_stay() -> None:
    assert taken(LIVED_IN).config.write()["auth"] == LIVED_IN["auth"]


def test_clawdbots_names() -> None:
    tree = taken(OLD["guide, clawdbot"]).config.write()
    assert tree["gateway"]["auth"]["token"] == "${OPENCLAW_GATEWAY_TOKEN}"
    found = taken(
        {"a": "/root/.moltbot/x", "b": "~/.clawdbot", "c": "/x/my.clawdbot.d", "env": {"CLAWDBOT_X": "1"}}
    )
    tree = found.config.write()
    assert (tree["a"], tree["b"], tree["c"]) == ("/root/.openclaw/x", "~/.openclaw", "/x/my.clawdbot.d")
    assert tree["env"] == {"vars": {"OPENCLAW_X": "1"}}


def test_clawdbots_only_agent_is_todays_defaults() -> None:
    tree = taken(OLD["clawdbot, one agent"]).config.write()
    assert tree["agents"]["defaults"] == {
        "model": "anthropic/claude-opus-5",
        "workspace": "~/.openclaw/clawd",
    }
    assert tree["agents"]["entries"] == {"main": {"identity": {"name": "Clawd"}}}
    assert tree["channels"]["whatsapp"] == {
        "groups": {"*": {"requireMention": True}},
        "allowFrom": ["+15550001111"],
    }
    assert tree["bindings"] == [{"agentId": "main", "match": {"channel": "whatsapp"}}]
    assert tree["gateway"]["bind"] == "lan"
    assert tree["gateway"]["auth"] == {"token": ref("OPENCLAW_GATEWAY_TOKEN")}
    named = taken(OLD["clawdbot, agents by names"]).config.write()
    assert list(named["agents"]["entries"]) == ["home", "work"]
    assert named["bindings"] == [
        {"type": "route", "agentId": "work", "match": {"channel": "discord", "accountId": "*"}}
    ]


def test_what_is_set_at_the_new_place_counts() -> None:
    found = taken({"gateway": {"token": "${OLD}", "auth": {"token": "${NEW}"}}})
    assert found.config.write()["gateway"]["auth"] == {"token": "${NEW}"}
    assert any("counts" in note.after for note in found.notes)


@pytest.mark.parametrize(("signal", "transport"), [
    ({"httpUrl": "http://x:1"}, {"kind": "external-native", "url": "http://x:1"}),
    ({"autoStart": False, "httpHost": "h", "httpPort": 9}, {"kind": "external-native", "url": "http://h:9"}),
    ({"autoStart": True, "cliPath": "s", "httpPort": 9}, {"kind": "managed-native", "cliPath": "s", "httpPort": 9}),
    ({"transport": {"kind": "container", "url": "http://x"}}, {"kind": "container", "url": "http://x"}),
])  # fmt: skip
def test_how_signal_is_reached(signal: Any, transport: Any) -> None:
    assert taken({"channels": {"signal": signal}}).config.write()["channels"]["signal"] == {
        "transport": transport
    }


def test_json5_and_what_cannot_be_read() -> None:
    found = take_over("// mine\n{gateway: {mode: 'local', port: 1,}, meta: {}}")
    assert names(found) == {"json5-to-json"}
    with pytest.raises(Unreadable, match="line 2, column 5"):
        take_over("{\n a: hush}")
    with pytest.raises(NotAConfig):
        take_over("[]")
    for depth in (200, 900, 5000):
        with pytest.raises(TooDeep):
            take_over('{"a":' * depth + "1" + "}" * depth)


def test_two_old_models_that_became_one_are_tried_once() -> None:
    old = ["anthropic/claude-opus-4-6", "openai/gpt-4o", "openai/gpt-5.5", "x/y", "x/y"]
    found = taken(
        {"agents": {"defaults": {"model": {"primary": "anthropic/claude-opus-4-5", "fallbacks": old}}}}
    )
    assert found.config.write()["agents"]["defaults"]["model"] == {
        "primary": "anthropic/claude-opus-5", "fallbacks": ["openai/gpt-5.6-sol", "x/y", "x/y"],
    }  # fmt: skip


def test_nothing_changes_without_a_note() -> None:
    rng = random.Random(9)
    for _round in range(200):
        tree = json.loads(json.dumps(TODAY[rng.choice(list(TODAY))]))
        node, key = some_place(rng, tree)
        node[key] = some_value(rng, 3)
        found = taken(tree)
        assert found.notes or found.config.write() == tree


def test_not_for_fly_nothing_is_added() -> None:
    assert take_over("{}", fly=False).config.write() == {}
    assert set(take_over("{}").config.write()) == {"gateway", "meta"}


def test_no_damaged_file_is_a_crash_and_nothing_unknown_is_lost() -> None:
    """Whole sections replaced by other things: what nobody here knows comes out again."""
    rng = random.Random(5)
    for _round in range(200):
        tree = json.loads(json.dumps(OLD[rng.choice(list(OLD))]))
        node, key = some_place(rng, tree)
        node[key] = some_value(rng, 3)
        tree["x-own"] = {"kept": [1, {"kept": None}]}
        found = taken(tree)
        assert found.config.write()["x-own"] == {"kept": [1, {"kept": None}]}
        assert isinstance(problems(found.config), list)
        twice = taken(found.config.write())
        assert twice.config.write() == found.config.write()


def some_place(rng: random.Random, tree: Any) -> tuple[Any, Any]:
    node = tree
    while True:
        key = rng.choice(list(node)) if isinstance(node, dict) else rng.randrange(len(node))
        if not isinstance(node[key], dict | list) or not node[key] or rng.random() < 0.3:
            return node, key
        node = node[key]


def test_secrets_in_headers_arguments_addresses_and_environments_are_found() -> None:
    tree = {
        "models": {"providers": {"c": {"headers": {"X-My": "abc", "anthropic-version": "2023-06-01"}}}},
        "hooks": {"url": "https://hooks.slack.com/services/T0/B0/x", "at": "https://example.org/?q=token"},
        "skills": {"entries": {"f": {"env": {"MYKEY": "abc", "LANG": "C"}}}},
        "mcp": {"servers": {"g": {"args": ["-y", "pkg", "--token", "abc", "--verbose"]}}},
    }
    found, given, _notes = lift(tree)
    assert len(given) == 4
    assert found["models"]["providers"]["c"]["headers"]["anthropic-version"] == "2023-06-01"
    assert found["hooks"]["at"] == "https://example.org/?q=token"
    assert found["skills"]["entries"]["f"]["env"] == {"MYKEY": "${F_MYKEY}", "LANG": "C"}
    assert found["mcp"]["servers"]["g"]["args"][3].startswith("${")
    assert "abc" not in json.dumps(found)
    assert "abc" not in json.dumps(with_masks(tree))

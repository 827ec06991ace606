"""The file as somebody typed it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.domain.gateway_config import build_config, config_text
from claw_tui.domain.openclaw import json5
from claw_tui.domain.openclaw.changes import Change, changes, line_changes
from claw_tui.domain.openclaw.edited import edit_of, findings
from claw_tui.domain.spec import (
    AgentSpec,
    ChannelSpec,
    DiscordSpec,
    GatewaySpec,
    GuildSpec,
    Spec,
    TelegramSpec,
)
from claw_tui.domain.wanted_config import wanted_config
from tests.openclaw_cases import OLD, TODAY

GUILD = GuildSpec(
    "1170000000000000001", "Claw Club", channels=(ChannelSpec("1171000000000000003", "general"),)
)
SPEC = Spec(
    app="my-app",
    secret_names=("OPENCLAW_GATEWAY_TOKEN", "ANTHROPIC_API_KEY", "DISCORD_BOT_TOKEN", "TELEGRAM_BOT_TOKEN"),
    gateway=GatewaySpec(
        primary_model="anthropic/claude-opus-5",
        discord=DiscordSpec(enabled=True, guilds=(GUILD,)),
        telegram=TelegramSpec(enabled=True),
    ),
)


def text_of(spec: Spec) -> str:
    return config_text(wanted_config(spec))


def typed(spec: Spec, change: Any) -> str:
    tree = json.loads(text_of(spec))
    change(tree)
    return json.dumps(tree, indent=2)


def test_places_are_counted_as_editors_do() -> None:
    text = '{\n  // a note\n  a: [1,\n {"b.c": 2}],\n  "d": {}\n}\n'
    assert json5.places(text) == {
        ("a",): (3, 3), ("a", "0"): (3, 7), ("a", "1"): (4, 2), ("a", "1", "b.c"): (4, 3), ("d",): (5, 3),
    }  # fmt: skip


# -- what is wrong, and where ------------------------------------------------------------------------------------------
def test_what_we_write_ourselves_has_nothing_wrong() -> None:
    assert findings(text_of(SPEC), SPEC.version, SPEC.secret_names) == []


@pytest.mark.parametrize(
    ("line_with", "becomes", "path"),
    [
        ('"port": 3000', '"port": "3000"', "gateway.port"),
        ('"bind": "lan"', '"bind": "everywhere"', "gateway.bind"),
        ('"requireMention": true', '"requireMentions": true', "channels.discord.guilds.1170000000000000001"),
        ('"primary": "anthropic/claude-opus-5"', '"primary": "anthropic/claude-opus-4-5"', "agents.defaults.model"),
    ],
)  # fmt: skip
def test_a_problem_is_marked_at_its_line(line_with: str, becomes: str, path: str) -> None:
    text = text_of(SPEC)
    assert line_with in text
    broken = text.replace(line_with, becomes, 1)
    (found,) = findings(broken, SPEC.version, SPEC.secret_names)
    assert found.problem.path.startswith(path)
    line = broken.splitlines()[found.line - 1]
    assert becomes in line or path.rpartition(".")[2] in line
    assert found.problem.fix


def test_what_is_missing_is_marked_where_it_should_be() -> None:
    text = typed(SPEC, lambda tree: tree["gateway"].pop("mode"))
    (found,) = findings(text, SPEC.version, SPEC.secret_names)
    assert found.problem.path == "gateway.mode"
    assert '"gateway"' in text.splitlines()[found.line - 1]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{\n  "a": 1\n  "b": 2\n}', 3, "comma"), ("", 1, "missing"), ("[]", 1, "object"), ("[" * 300, 1, "brackets"),
        ('{\n "a": "x\n}', 2, "no end"),
    ],
)  # fmt: skip
def test_a_file_that_can_not_be_read_has_one_problem(text: str, line: int, words: str) -> None:
    (found,) = findings(text, SPEC.version)
    assert (found.line, words in found.problem.words) == (line, True), found


# -- both ways in step -------------------------------------------------------------------------------------------------
def test_nothing_typed_changes_nothing() -> None:
    edit = edit_of(text_of(SPEC), SPEC)
    assert edit.gateway == SPEC.gateway
    assert (edit.notes, edit.secrets, edit.back, edit.refused) == ((), (), (), ())


def test_what_the_form_asks_for_goes_into_the_form() -> None:
    def change(tree: Any) -> None:
        tree["agents"]["defaults"]["model"]["primary"] = "anthropic/claude-sonnet-5"
        tree["channels"]["telegram"]["enabled"] = False
        del tree["channels"]["discord"]["guilds"][GUILD.id]["channels"][GUILD.channels[0].id]
        tree["channels"]["discord"]["guilds"][GUILD.id]["channels"]["42"] = {"enabled": True}

    gateway = edit_of(typed(SPEC, change), SPEC).gateway
    assert gateway.primary_model == "anthropic/claude-sonnet-5"
    assert not gateway.telegram.enabled
    assert [channel.id for channel in gateway.discord.guilds[0].channels] == ["42"]


def test_names_stay_although_the_file_has_numbers_only() -> None:
    def change(tree: Any) -> None:
        tree["channels"]["discord"]["guilds"][GUILD.id]["requireMention"] = False

    (guild,) = edit_of(typed(SPEC, change), SPEC).gateway.discord.guilds
    assert (guild.name, guild.channels[0].name, guild.require_mention) == ("Claw Club", "general", False)


def test_what_the_form_does_not_ask_for_stays_and_a_later_answer_goes_into_it() -> None:
    def change(tree: Any) -> None:
        tree["tools"] = {"profile": "full"}
        tree["agents"]["entries"]["main"]["workspace"] = "/data/w"

    spec = replace(SPEC, gateway=edit_of(typed(SPEC, change), SPEC).gateway)
    assert spec.gateway.base
    agents = (*spec.gateway.agents, AgentSpec("work"))
    spec = replace(spec, gateway=replace(spec.gateway, agents=agents, max_concurrent=9))
    tree: Any = wanted_config(spec)
    assert tree["tools"] == {"profile": "full"}
    assert tree["agents"]["entries"] == {"main": {"workspace": "/data/w"}, "work": {}}
    assert tree["agents"]["defaults"]["maxConcurrent"] == 9
    again = edit_of(config_text(tree), spec)
    assert replace(again.gateway, base="") == replace(spec.gateway, base="")
    assert again.back == ()


def test_what_other_answers_decide_is_set_back_and_told() -> None:
    def change(tree: Any) -> None:
        tree["gateway"]["port"] = 4000
        tree["gateway"]["controlUi"]["allowedOrigins"].append("https://claw.example.org")

    edit = edit_of(typed(SPEC, change), SPEC)
    assert edit.back == (Change("gateway.port", "4000", "3000"),)
    tree: Any = wanted_config(replace(SPEC, gateway=edit.gateway))
    assert "https://claw.example.org" in tree["gateway"]["controlUi"]["allowedOrigins"]


def test_an_address_of_ones_own_stays_and_another_apps_does_not() -> None:
    def own(tree: Any) -> None:
        tree["gateway"]["publicOrigin"] = "https://claw.example.org"

    tree: Any = wanted_config(replace(SPEC, gateway=edit_of(typed(SPEC, own), SPEC).gateway))
    assert tree["gateway"]["publicOrigin"] == "https://claw.example.org"
    assert "https://claw.example.org" in tree["gateway"]["controlUi"]["allowedOrigins"]
    other = replace(SPEC, app="other-app", gateway=edit_of(typed(SPEC, own), SPEC).gateway)
    based = replace(SPEC, gateway=replace(SPEC.gateway, base=text_of(SPEC)))
    moved: Any = wanted_config(replace(based, app="other-app"))
    assert moved["gateway"]["publicOrigin"] == "https://other-app.fly.dev"
    assert "my-app" not in json.dumps(moved)
    hidden: Any = wanted_config(replace(other, private=True))
    assert "publicOrigin" not in hidden["gateway"]


def test_a_secret_that_was_typed_goes_out_of_the_file() -> None:
    token = "7" * 10 + ":AAH" + "x" * 32
    text = typed(SPEC, lambda tree: tree["channels"]["telegram"].update(botToken=token))
    edit = edit_of(text, SPEC)
    assert [(name, value.reveal()) for name, value in edit.secrets] == [("TELEGRAM_BOT_TOKEN", token)]
    assert token not in repr(edit)
    assert token not in edit.gateway.base


def test_what_openclaw_would_refuse_is_refused() -> None:
    edit = edit_of(typed(SPEC, lambda tree: tree.update(bogus=1)), SPEC)
    assert [problem.path for problem in edit.refused] == ["<root>"]


@pytest.mark.parametrize("name", [*OLD, *TODAY])
def test_every_file_that_we_know_can_be_loaded_and_is_in_step(name: str) -> None:
    tree = OLD.get(name, TODAY.get(name))
    edit = edit_of(json.dumps(tree), SPEC)
    spec = replace(SPEC, gateway=edit.gateway)
    again = edit_of(text_of(spec), spec)
    assert replace(again.gateway, base="") == replace(edit.gateway, base="")
    assert again.back == ()


# -- differences -------------------------------------------------------------------------------------------------------
def test_differences_are_named_by_their_place() -> None:
    before = {"a": {"b": 1, "c": [1]}, "gone": True, "meta": {"x": 1}}
    after = {"a": {"b": 2, "c": [1, 2]}, "new": {"d": "e"}, "meta": {}}
    assert list(changes(before, after)) == [
        Change("a.b", "1", "2"), Change("a.c", "[1]", "[1, 2]"), Change("gone", "true", ""),
        Change("new", "", '{"d": "e"}'),
    ]  # fmt: skip


def test_lines_differ_only_where_something_does() -> None:
    ours = build_config(SPEC)
    theirs = json.loads(json.dumps(ours, sort_keys=True))
    assert line_changes(theirs, ours) == []
    theirs["gateway"]["port"] = 4000
    theirs["meta"] = {"lastTouchedVersion": "x"}
    lines = line_changes(theirs, ours)
    assert [line for line in lines if line[0] in "+-"] == ['-    "port": 4000,', '+    "port": 3000,']
    number = int(lines[0].removeprefix("@ "))
    assert json.dumps(theirs, indent=2).splitlines()[number - 1] == lines[1][1:]

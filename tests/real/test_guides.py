"""The samples of the five guides (tests/openclaw_cases.py has them in our own form), taken over: the real OpenClaw takes
each, reads back what was meant, and nothing changed that was not named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from claw_tui.domain.openclaw.spec_of import read_known
from claw_tui.domain.spec import Spec
from claw_tui.domain.wanted_config import wanted_config
from tests.openclaw_cases import JANUARY
from tests.real import VERSIONS
from tests.real.config_commands import ConfigCommands
from tests.real.test_openclaw import OpenClaw

pytestmark = pytest.mark.real
GUIDES = tuple(name for name in JANUARY if name.startswith("guide"))
GUILD = "channels.discord.guilds.123456789012345678"
# What the person of the guide meant, where OpenClaw has it now.
MEANT: dict[str, Any] = {
    "agents.defaults.model.primary": "anthropic/claude-opus-5",
    "agents.defaults.model.fallbacks": ["anthropic/claude-sonnet-5", "openai/gpt-5.6-sol"],
    "agents.defaults.maxConcurrent": 4, "agents.entries": {"main": {}}, "agents.list": None, "auth": None,
    "bindings": [{"agentId": "main", "match": {"channel": "discord"}}], "channels.discord.enabled": True,
    "channels.discord.groupPolicy": "allowlist", f"{GUILD}.requireMention": False, f"{GUILD}.channels": {"general": {"enabled": True}},
    "plugins.entries.discord.enabled": True, "gateway.mode": "local", "gateway.port": 3000,
}  # fmt: skip


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def commands(version: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConfigCommands]:
    folder: Path = tmp_path_factory.mktemp("guides")
    with ConfigCommands(version, folder, OpenClaw(version, folder).env) as found:
        yield found


@pytest.mark.parametrize("name", GUIDES)
def test_what_was_meant_is_read_back(name: str, version: str, commands: ConfigCommands) -> None:
    known = read_known(json.dumps(JANUARY[name]), version)
    taken = commands.write(json.dumps(known.config))
    assert commands.validate(taken)["valid"]
    base = Spec(app="my-app", version=version, gateway=replace(known.gateway, base=json.dumps(JANUARY[name])))
    written = wanted_config(base, ["66.241.124.1"])
    edited = commands.write(json.dumps(written))
    assert commands.validate(edited)["valid"]
    for path, value in MEANT.items():
        assert commands.get(edited, path) == value, path
    assert commands.get(edited, "gateway.publicOrigin") == "https://my-app.fly.dev"
    assert commands.get(edited, "channels.discord.token") is not None
    for kept in (
        "plugins.entries.voice-call.config.provider",
        "plugins.entries.voice-call.config.tunnel.provider",
    ):
        there = "plugins" in JANUARY[name]
        assert (commands.get(edited, kept) is not None) is there


@pytest.mark.parametrize("name", GUIDES)
def test_each_change_is_named(name: str, version: str) -> None:
    known = read_known(json.dumps(JANUARY[name]), version)
    named = {part for note in known.taken.notes for part in (note.path, note.before, note.after)}
    before, after = leaves(JANUARY[name]), leaves(known.config)
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    assert changed
    for path in changed:
        ways = (path, path.replace(".enabled", ".allow"))
        assert any(part and f"{way}.".startswith(f"{part}.") for part in named for way in ways), (path, named)


def leaves(node: Any, path: str = "") -> dict[str, Any]:
    """What stands at the ends of its paths."""
    if isinstance(node, dict | list) and node:
        items = node.items() if isinstance(node, dict) else enumerate(node)
        return {
            key: value
            for name, inside in items
            for key, value in leaves(inside, f"{path}.{name}".lstrip(".")).items()
        }
    return {path: node}

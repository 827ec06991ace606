"""`claw-tui --help` and those of the commands."""

from __future__ import annotations

from argparse import _SubParsersAction

import pytest

from claw_tui.plain.cli import build_parser
from claw_tui.plain.commands import COMMANDS
from tests.plain.program import claw_tui


@pytest.mark.parametrize("columns", ["80", "60"])
def test_every_command_has_its_line(columns: str) -> None:
    said = claw_tui("--help", COLUMNS=columns)
    assert said.code == 0, said
    words = " ".join(said.out.split())
    for command in COMMANDS:
        assert f"{command.name} {command.words}" in words
    assert [len(line) for line in said.out.splitlines() if len(line) > int(columns)] == []


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_no_line_of_a_commands_help_is_too_long(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (parsers,) = (action for action in build_parser()._actions if isinstance(action, _SubParsersAction))
    said = parsers.choices[command].format_help()
    assert "130  stopped" in said
    assert [line for line in said.splitlines() if len(line) > 80] == []

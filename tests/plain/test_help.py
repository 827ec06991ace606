"""`claw-tui --help` and those of the commands."""

from __future__ import annotations

import pytest

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

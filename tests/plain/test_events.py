"""README's list of events, held against all that the text commands can put."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from claw_tui.plain import follow
from claw_tui.plain.exits import EXITS

ROOT = Path(__file__).parents[2]
SAYS = ("put", "_json", "_done")  # Out's two, and what the commands call for their last word
PASSED_ON = ("event", "event.kind")  # by `_done`; and of a run, in follow.py
NO_EVENTS = {"--json", "event", "at", "--private"}


def said() -> set[str]:
    """Every event that is named where something is put; none is made up at run time."""
    found, made_up = set(follow.TOLD), []
    for path in sorted((ROOT / "src/claw_tui/plain").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if called not in SAYS or ast.unparse(first) == "local":  # a file that is put into the machine
                continue
            if isinstance(first, ast.Constant):
                found.add(str(first.value))
            elif ast.unparse(first) not in PASSED_ON:
                made_up.append(f"{path.name}:{node.lineno}")
    assert made_up == []
    return found


def test_the_readme_has_each_code_that_the_program_ends_with() -> None:
    rows = (ROOT / "README.md").read_text().partition("| code | |\n| --- | --- |\n")[2].partition("\n\n")[0]
    assert [int(number) for number in re.findall(r"(?m)^\| (\d+) \|", rows)] == [one.number for one in EXITS]


def test_the_readme_names_each_event_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text()
    listed = readme.partition("`--json` puts one object")[2].partition("\n## ")[0]
    assert {*re.findall(r"`([^`]+)`", f"`--json`{listed}")} - NO_EVENTS == said()

"""Every flag that claw-tui says is one of the real flyctl's. ``--help`` reads the whole command line and asks nobody."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from claw_tui.demo import cobra
from tests.adapters.lines import builders, lines_of
from tests.flyctl.conftest import PROGRAM

pytestmark = pytest.mark.flyctl
KINDS = {"": "b", "int": "i", "float": "f", "duration": "d", "strings": "l", "stringArray": "l"}
VALUES = {"b": "true", "i": "1", "f": "1", "d": "1s", "l": "1", "s": "1"}
_FLAG = re.compile(r"^ {2,6}(?:-(\w), )?--([\w-]+)(?: (\w+))?(?:  |$)", re.MULTILINE)


def helped(folder: Path, *words: str) -> str:
    """What ``--help`` says after ``words``, where all of them are understood."""
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "FLY_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
    argv = [PROGRAM, *words, "--help"]
    done = subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert done.returncode == 0, (words, done.stderr)
    assert "unknown" not in done.stderr, done.stderr
    return done.stdout


def command_of(text: str) -> str:
    """The command whose help it is: of "flyctl machine clone [machine_id] [flags]" the words before the arguments."""
    found = re.search(
        r"^USAGE\n\s+(?:fly|flyctl) ([^\[<\n]*)|^Usage:\n\s+\S+ ([^\[<\n]*)", text, re.MULTILINE
    )
    assert found, text
    return (found[1] or found[2]).strip()


@pytest.mark.parametrize(("name", "builder"), [pytest.param(*pair, id=pair[0]) for pair in builders()])
def test_a_command_line_is_understood(name: str, builder: Any, tmp_path: Path) -> None:
    for line in lines_of(builder):
        said = helped(tmp_path, *line)
        assert command_of(said) == cobra.parse(list(line)).spec.name, name


@pytest.mark.parametrize("name", cobra.table())
def test_the_table_has_the_flags_that_the_real_one_shows(name: str, tmp_path: Path) -> None:
    spec = cobra.table()[name]
    real = {
        f"--{long}": (short, KINDS.get(kind or "", "s"))
        for short, long, kind in _FLAG.findall(helped(tmp_path, *name.split()))
    }
    ours: dict[str, tuple[str, str]] = {}
    for written, (owner, kind) in spec.flags.items():
        if written == owner:
            short = next((w[1:] for w, (o, _k) in spec.flags.items() if o == owner and len(w) == 2), "")
            ours[owner] = (short, kind)
    assert real
    assert {flag: ours.get(flag) for flag in real} == real


@pytest.mark.parametrize("name", cobra.table())
def test_the_real_one_takes_every_flag_of_the_table(name: str, tmp_path: Path) -> None:
    """Also those that it hides, and those that are another name of one."""
    flags = [(flag, kind) for flag, (_owner, kind) in cobra.table()[name].flags.items() if flag != "--help"]
    helped(tmp_path, *name.split(), *(f"{flag}={VALUES[kind]}" for flag, kind in flags if flag[:2] == "--"))


def test_a_flag_that_is_none_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="unknown flag"):
        helped(tmp_path, "apps", "list", "--bogus")

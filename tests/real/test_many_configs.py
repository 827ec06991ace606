"""Many random configs, and random mistakes in them: the real OpenClaw and our own list of problems say the same.

CONFIGS=1000 says how many, SEED=7 which; both are printed.
"""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claw_tui.domain.gateway_config import config_text
from claw_tui.domain.openclaw.checks import problems
from claw_tui.domain.openclaw.config import Config
from claw_tui.domain.wanted_config import wanted_config
from tests.answers import ADDRESSES, specs
from tests.openclaw_cases import BROKEN, FINE, TODAY, changed
from tests.real import VERSIONS
from tests.real.config_commands import ConfigCommands
from tests.real.openclaw_data import KEPT
from tests.real.test_openclaw import OpenClaw

pytestmark = pytest.mark.real
CONFIGS = int(os.environ.get("CONFIGS") or 200)
JUNK: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**9,
    "",
    "x",
    " ",
    "*",
    "${X",
    [],
    ["x"],
    [1],
    {},
    {"x": 1},
)
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
every_version = pytest.mark.parametrize("version", VERSIONS)


@pytest.fixture
def commands(version: str, tmp_path: Path) -> Iterator[ConfigCommands]:
    print(f"CONFIGS={CONFIGS} SEED={SEED}")
    with ConfigCommands(version, tmp_path, OpenClaw(version, tmp_path).env) as found:
        yield found


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all that is in it."""
    for key, value in (
        node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    ):
        yield (*path, key)
        yield from places(value, (*path, key))


def mistaken(config: Any, rng: random.Random) -> tuple[Any, str]:
    """The config with one thing taken out, made something else, or added; and which."""
    tree = copy.deepcopy(config)
    *path, key = rng.choice([place for place in places(tree) if place[0] in KEPT])
    node = tree
    for step in path:
        node = node[step]
    how, value = rng.choice(("gone", "else", "more")), rng.choice(JUNK)
    if how == "gone":
        del node[key]
    elif how == "more" and isinstance(node[key], dict):
        node[key]["nonesuch"] = value
    elif how == "more" and isinstance(node[key], list):
        node[key].append(value)
    else:
        node[key] = value
    return tree, f"{how} {'.'.join(map(str, (*path, key)))} {value!r}"


def refused(tree: Any, version: str) -> list[str]:
    return [problem.path for problem in problems(Config.read(tree), version) if problem.refused]


@every_version
def test_it_takes_whatever_is_chosen(version: str, commands: ConfigCommands) -> None:
    for index, spec in enumerate(specs(SEED, CONFIGS, version)):
        config = wanted_config(spec, ADDRESSES)
        said = commands.validate(commands.write(config_text(config)))
        assert said["valid"], (SEED, index, said)
        assert refused(config, version) == [], (SEED, index)
        odd = [
            w
            for w in said["warnings"]
            if "plugin not installed" not in w["message"] and "Missing env var" not in w["message"]
        ]
        assert odd == [], (SEED, index)


@every_version
def test_a_mistake_is_one_for_both_or_for_neither(version: str, commands: ConfigCommands) -> None:
    said: list[bool] = []
    for index, spec in enumerate(specs(SEED, CONFIGS, version)):
        tree, mistake = mistaken(wanted_config(spec, ADDRESSES), random.Random(f"{SEED}.{index}"))
        theirs = commands.validate(commands.write(json.dumps(tree)))
        assert theirs["valid"] is not bool(refused(tree, version)), (
            SEED,
            index,
            mistake,
            theirs,
            refused(tree, version),
        )
        said.append(theirs["valid"])
    assert True in said
    assert False in said


@every_version
def test_one_process_says_what_the_program_says(
    version: str, commands: ConfigCommands, tmp_path: Path
) -> None:
    """After all the files before, too: what it said of one must not colour the next."""
    trees = [changed(*BROKEN[5]), TODAY["everything"], changed(*BROKEN[-1]), changed(*FINE[0])]
    trees.append(wanted_config(next(iter(specs(SEED, 1, version))), ADDRESSES))
    program = OpenClaw(version, tmp_path)
    for tree in trees:
        ours = commands.validate(commands.write(json.dumps(tree)))
        theirs = program.validate(json.dumps(tree))
        for said in (ours, theirs):
            said.pop("path")
            said.pop("error", None)  # it names the file
        assert ours == theirs

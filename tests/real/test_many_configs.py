"""Many random configs, and random mistakes in them: the real OpenClaw and our own list of problems say the same.

CONFIGS=1000 says how many, SEED=7 which; both are printed.
"""

from __future__ import annotations

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
from tests.real import VERSIONS
from tests.real.config_commands import ConfigCommands
from tests.real.test_openclaw import OpenClaw

pytestmark = pytest.mark.real
CONFIGS = int(os.environ.get("CONFIGS") or 200)
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
every_version = pytest.mark.parametrize("version", VERSIONS)


@pytest.fixture
def commands(version: str, tmp_path: Path) -> Iterator[ConfigCommands]:
    print(f"CONFIGS={CONFIGS} SEED={SEED}")
    with ConfigCommands(version, tmp_path, OpenClaw(version, tmp_path).env) as found:
        yield found


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

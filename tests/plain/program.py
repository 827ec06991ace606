"""The real program without a terminal, on the simulated cloud."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claw_tui.domain.answers_writer import answers_text
from claw_tui.domain.spec import Spec
from claw_tui.plain.cli import main
from claw_tui.wiring import services_for
from tests.engine.rig import SECRETS, WISH

SECONDS = 120.0
SRC = str(Path(__file__).parents[2] / "src")
SOURCES = {
    "OPENCLAW_GATEWAY_TOKEN": "env:THE_TOKEN", "ANTHROPIC_API_KEY": "fd:{fd}", "DISCORD_BOT_TOKEN": "env:THE_BOT",
}  # fmt: skip
VARIABLES = {
    "THE_TOKEN": SECRETS["OPENCLAW_GATEWAY_TOKEN"].reveal(),
    "THE_BOT": SECRETS["DISCORD_BOT_TOKEN"].reveal(),
}

# The program, and a look at what it has loaded when it ends.
PROGRAM = """
import sys
from claw_tui.__main__ import main
code = main()
loaded = {"textual", "rich"} & set(sys.modules)
sys.exit(f"loaded: {loaded}" if loaded else code)
"""


@dataclass(frozen=True)
class Said:
    """How the program ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        return [one for one in self.objects if one["event"] == event]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": SRC, "LC_ALL": "C.UTF-8", **VARIABLES, **more}


def claw_tui(*argv: str, text: str = "", fds: Sequence[int] = (), **more: str) -> Said:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "--demo", *argv], input=text, capture_output=True, text=True, timeout=SECONDS,
        env=environment(**more), pass_fds=fds, check=False,
    )  # fmt: skip
    assert not done.stderr.startswith("loaded: "), done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


def inside(*argv: str) -> int:
    """The same without a process of its own, for what it only refuses."""
    return main(["--demo", *argv], lambda demo: services_for(os.environ, demo=demo))


def assert_each_once(status: str) -> None:
    """Of the lines of `status`: no fact is told twice, be it in other words."""
    titles = [line.partition(":")[0] for line in status.splitlines()]
    assert [title for title in dict.fromkeys(titles) if titles.count(title) > 1] in (
        [],
        ["Secret"],
        ["Address", "Secret"],
    ), status
    for fact in ("openclaw_data", "https://", "ghcr.io", "shared-cpu-2x"):
        assert status.count(fact) == 1, (fact, status)


def write_answers(folder: Path, spec: Spec = WISH, key: str = "env:THE_KEY") -> str:
    """A file that takes its secrets from ``environment``; ``key``: where the model's key is."""
    path = folder / "answers.toml"
    path.write_text(answers_text(spec, {**SOURCES, "ANTHROPIC_API_KEY": key}))
    return str(path)


def pipe_with(value: str) -> int:
    """A descriptor that gives ``value`` once."""
    reading, writing = os.pipe()
    os.write(writing, value.encode())
    os.close(writing)
    return reading

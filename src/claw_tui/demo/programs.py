"""What a simulated machine runs, and how that program calls its things: it was Clawdbot, Moltbot, and is OpenClaw.

As clawdbot@2026.1.24-3, openclaw@2026.1.29 and openclaw@2026.9.6 of the npm registry have them.
"""

from __future__ import annotations

import json
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from claw_tui.demo.machine_files import SimulatedFiles
    from claw_tui.demo.world import World


class Program(NamedTuple):
    """``files``: settings that it reads, the first that is there; ``page``: the title of its web page."""

    name: str
    files: tuple[str, ...]
    page: str
    version: str = ""  # when its image does not tell one

    @property
    def token(self) -> str:
        return f"{self.name.upper()}_GATEWAY_TOKEN"

    def log(self, day: str) -> str:
        return f"/tmp/{self.name}/{self.name}-{day}.log"  # noqa: S108


CLAWDBOT = Program("clawdbot", ("clawdbot.json",), "Clawdbot Control", "2026.1.24-3")
MOLTBOT = Program("moltbot", ("moltbot.json", "clawdbot.json"), "Moltbot Control", "2026.1.27-beta.1")
JANUARY = Program(
    "openclaw", ("openclaw.json", "clawdbot.json", "moltbot.json", "moldbot.json"), "OpenClaw Control"
)
OPENCLAW = Program("openclaw", ("openclaw.json", "clawdbot.json"), "OpenClaw Control")


def program(machine: World) -> Program:
    """By its image."""
    image = str(machine["image"])
    if "clawdbot" in image:
        return CLAWDBOT
    if "moltbot" in image:
        return MOLTBOT
    return JANUARY if ":2026.1." in image else OPENCLAW


def is_old(machine: World) -> bool:
    return program(machine) is not OPENCLAW


def state_folder(machine: World) -> str:
    """One that is told nothing keeps its state in its own disk, which the next start empties."""
    found = [machine["env"].get(f"{name}_STATE_DIR") for name in ("OPENCLAW", "MOLTBOT", "CLAWDBOT")]
    return next(filter(None, found), "/data" if is_old(machine) else "/home/node/.openclaw")


def in_state(machine: World, path: str) -> str:
    """A path that is named as it is with a state folder of /data."""
    return f"{state_folder(machine)}{path.removeprefix('/data')}"


def config_path(machine: World, files: SimulatedFiles) -> str:
    """The settings that it reads; where there are none, those that it would read."""
    named = (machine["env"].get(f"{name}_CONFIG_PATH") for name in ("OPENCLAW", "MOLTBOT", "CLAWDBOT"))
    if path := next(filter(None, named), ""):
        return str(path)
    paths = [f"{state_folder(machine)}/{name}" for name in program(machine).files]
    return next((path for path in paths if files.read(path) is not None), paths[0])


def package(machine: World, version: str) -> str:
    """/app/package.json."""
    found = program(machine)
    return json.dumps({"name": found.name, "version": found.version or version}, indent=2) + "\n"

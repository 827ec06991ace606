"""Words of others, as far as the bytes that reach a real terminal: whatever is in them, they steer nothing."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claw_tui.demo import discord_guilds, world
from claw_tui.demo.machine_log import say
from claw_tui.ports import Services
from tests.adapters.test_gateway import beside
from tests.conftest import Cloud
from tests.engine.rig import have_gateway
from tests.terminal import Terminal

pytestmark = [pytest.mark.anyio, pytest.mark.pty]
STEERING = "\x1b]52;c;T1dORUQ=\x07\x1b]0;OWNED\x07\x1b[77;77H\x9b31m\u202e\u2066"
ACTS = re.compile(
    rb"\x1b\]52;|OWNED\x07|\x1b\[77;77H|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]"
)


def steered(t: Terminal) -> list[bytes]:
    while t.pump(0):
        pass
    return ACTS.findall(t.bytes)


def at_home(t: Terminal) -> None:
    t.wait_for("Look after my-app")
    t.press("down", "enter")
    t.wait_for("Discord connected")
    t.wait_for("Looked at")


async def test_a_log_line(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    with world.opened() as now:
        words = json.dumps({"level": "warn", "subsystem": "discord", "message": f"from{STEERING} afar"})
        say(now["apps"]["my-app"]["machines"][0], words, time.time())
    with Terminal(["--demo"]) as t:
        at_home(t)
        t.press("l")
        t.wait_for("[discord] from afar")
        assert steered(t) == []


async def test_a_name_of_a_file(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    beside(cloud, "a note", f"/data/odd{STEERING}name.txt")
    with Terminal(["--demo"]) as t:
        at_home(t)
        t.press("i")
        t.wait_for("'odd")
        t.press("home", *("down",) * 4, "enter")
        t.wait_for("a note")
        assert steered(t) == []


def renamed(rename: Callable[[Any], None]) -> None:
    """Somebody changed the gateway's file in the machine."""
    with world.opened() as now:
        file = now["apps"]["my-app"]["volumes"][0]["files"]["/data/openclaw.json"]
        tree = json.loads(file["text"])
        rename(tree)
        file["text"] = json.dumps(tree)


async def test_a_model_in_somebodys_file_and_a_server_of_discord(
    services: Services, cloud: Cloud, tmp_path: Path
) -> None:
    cloud.log_in()
    await have_gateway(services)
    for path in (tmp_path / "state" / "demo").glob("gateways/*/answers.toml"):
        path.unlink()
    renamed(
        lambda tree: tree["agents"]["defaults"].update(model={"primary": f"anthropic/odd{STEERING}model"})
    )
    with world.opened() as now:
        now["discord_names"] = {discord_guilds.CLUB: f"Claw{STEERING} Club"}
    with Terminal(["--demo"]) as t:
        at_home(t)
        t.press("e")
        t.wait_for("App name")
        t.press("ctrl+n")
        t.wait_for("Gateway token")
        t.press(*("down",) * 5, "enter")
        t.wait_for("discord.com/developers")
        t.press("f3", "enter")
        t.wait_for("accepted · claw")
        t.press("ctrl+n")
        t.wait_for("anthropic/odd")
        t.press("tab", "tab", "tab", "tab", "enter")
        t.wait_for("Claw Club")
        assert steered(t) == []

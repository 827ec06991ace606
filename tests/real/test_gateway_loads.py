"""The real gateway starts with what we build, knows each channel and its token, and keeps the file over restarts.

One home per version, as one machine has: each config replaces the one before, which OpenClaw has noted as its last good
one. It stays in .real/gateway-VERSION with the plugins that the first start has installed there; remove it to begin anew.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from claw_tui.domain.gateway_config import Json, config_text, same_config
from claw_tui.domain.openclaw.spec_of import read_known
from claw_tui.domain.spec import AgentSpec, GatewaySpec, Spec, TelegramSpec
from claw_tui.domain.wanted_config import wanted_config
from tests.openclaw_cases import OLD, TODAY
from tests.real import VERSIONS
from tests.real.test_openclaw import CHOICES, OpenClaw
from tests.recordings.real_stage import REAL, free_port

pytestmark = pytest.mark.real
PATIENCE = 900.0  # seconds; the first start installs plugins, and a busy machine is slow
TOKENS = {
    "TELEGRAM_BOT_TOKEN": "1234567:" + "f" * 35, "SLACK_BOT_TOKEN": "xoxb-" + "f" * 40, "SLACK_APP_TOKEN": "xapp-" + "f" * 40,
    "SLACK_SIGNING_SECRET": "f" * 32,
}  # fmt: skip
OF_THE_FILE = (
    "discord",
    "telegram",
)  # the others need a phone, an own server or Slack's answer before they are configured
SKIP = "OPENCLAW_SKIP_CHANNELS"


def edited(base: Json, version: str, **changes: Any) -> Json:
    """Somebody's file with answers of the wizard written into it."""
    text = json.dumps(base)
    there = read_known(text, version).gateway
    return wanted_config(
        Spec(app="my-app", version=version, gateway=replace(there, **changes, base=text)), ["66.241.124.1"]
    )


PEOPLE = CHOICES["discord, who and when"].gateway.discord
AGENTS = (AgentSpec("main"), AgentSpec("work", "anthropic/claude-sonnet-5"))
TELEGRAM = GatewaySpec(
    "anthropic/claude-opus-5", ("anthropic/claude-sonnet-5", "google/gemini-3.1-pro-preview"), AGENTS, telegram=TelegramSpec(True, False)
)  # fmt: skip


def everything(version: str) -> Json:
    return edited(TODAY["everything"], version, discord=PEOPLE, agents=AGENTS)


# OpenAI's models need a plugin that comes with the image and is not to be had from npm: they are not among these.
# What is loaded one after the other: the config, and the channels that it must know with their tokens.
WITH_PLUGINS: dict[str, tuple[Callable[[str], Json], set[str]]] = {
    "everything": (everything, {"discord", "telegram", "slack", "whatsapp", "signal"}),
    "a guide's sample": (lambda version: edited(OLD["guide, en"], version, fallback_models=("anthropic/claude-sonnet-5",)), {"discord"}),
    "slack by http": (lambda version: edited(TODAY["slack by http"], version), {"slack"}),
}  # fmt: skip
PLAIN: dict[str, tuple[Callable[[str], Json], set[str]]] = {
    "agents, bindings, fallbacks": (lambda version: wanted_config(Spec(app="a", version=version, gateway=TELEGRAM)), {"telegram"}),
    "private": (lambda version: wanted_config(Spec(app="a", version=version, private=True, gateway=TELEGRAM)), {"telegram"}),
    "plain": (lambda version: wanted_config(replace(CHOICES["plain"], version=version)), set()),
}  # fmt: skip
NEWEST = VERSIONS[-1]


class Machine(OpenClaw):
    """A home that stays while configs come and go."""

    def __init__(self, version: str, folder: Path) -> None:
        home = REAL / f"gateway-{version}"
        home.mkdir(exist_ok=True)
        super().__init__(version, home)
        self.said = folder / "said"
        self.env.update(TOKENS)
        del self.env[
            SKIP
        ]  # with it the gateway leaves the file's channels out, and shows those of the environment
        self.port = free_port()

    def write(self, config: Json) -> Json:
        """As the wizard does, all at once; only the port is one that is free here."""
        gateway: Any = config["gateway"]
        wanted = {**config, "gateway": {**gateway, "port": self.port}}
        new = self.config.with_suffix(".new")
        new.write_text(config_text(wanted))
        new.replace(self.config)
        return wanted

    def start(self, port: int) -> subprocess.Popen[bytes]:
        self.last = super().start(port)
        return self.last

    @contextmanager
    def running(self) -> Iterator[str]:
        """From the start to its end; yields what it said."""
        begins = len(self.said.read_text()) if self.said.exists() else 0
        end = time.monotonic() + PATIENCE
        with self.gateway(self.port) as look:
            while "[gateway] ready" not in (said := self.said.read_text()[begins:]):
                look()
                assert time.monotonic() < end, said
                time.sleep(0.2)
            yield said
            self.last.terminate()  # after three sudden ends within minutes it would leave its channels out
            with suppress(subprocess.TimeoutExpired):
                self.last.wait(60)

    def ask(self, *words: str) -> Json:
        argv = [str(self.bin / "openclaw"), *words, "--json"]
        done = subprocess.run(argv, env=self.env, capture_output=True, text=True, timeout=300, check=False)
        found: Json = json.loads(done.stdout[done.stdout.index("{") :])
        return found

    def channels(self) -> dict[str, Any]:
        """Each channel's first account, as the gateway knows it. A busy one may not answer at once."""
        end = time.monotonic() + 180
        while (found := self.ask("channels", "status")).get("gatewayReachable") is False:
            assert time.monotonic() < end, found
        accounts: Any = found["channelAccounts"]
        return {name: rows[0] for name, rows in accounts.items() if rows}


def loads(machine: Machine, config: Json, channels: set[str]) -> str:
    """Start with it, look, end; the file is the same at the next look."""
    wanted = machine.write(config)
    with machine.running() as said:
        found = machine.channels() if channels else {}
    guilds: Any = config.get("channels", {})
    if (
        "discord" in channels
    ):  # the rest of a channel would be the same without the file: its token is in the environment
        assert found["discord"]["tokenSource"] == "config"
        assert found["discord"]["groupPolicy"] == guilds["discord"]["groupPolicy"]
        assert found["discord"]["guildsConfigured"] == len(guilds["discord"]["guilds"])
    for name in channels:
        account = found[name]
        assert account["enabled"] is True, account
        assert name not in OF_THE_FILE or account["configured"] is True, account
        assert account.get("tokenStatus", "available") == "available", account
    assert "auto-restored" not in machine.said.read_text()
    assert same_config(wanted, json.loads(machine.config.read_text()))
    return said


# Minutes each: the version that is deployed always, the older one when it is asked for.
RUNS = [(NEWEST, {**WITH_PLUGINS, **PLAIN}), *([(VERSIONS[0], PLAIN)] if os.environ.get("OLDER") else [])]


@pytest.mark.parametrize(("version", "configs"), RUNS)
def test_the_gateway_loads_one_config_after_the_other(
    version: str, configs: dict[str, tuple[Callable[[str], Json], set[str]]], tmp_path: Path
) -> None:
    machine = Machine(version, tmp_path)
    for name, (build, channels) in configs.items():
        began = time.monotonic()
        config = build(version)
        loads(machine, config, channels)
        print(f"\n{version} {name}: {time.monotonic() - began:.0f} s")

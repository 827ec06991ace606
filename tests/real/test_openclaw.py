"""The real OpenClaw accepts what we build, refuses what the simulated one refuses, and runs with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from claw_tui.demo.openclaw_config import read_config
from claw_tui.domain.gateway_config import build_config, config_text, token_reference
from claw_tui.domain.spec import (
    EVERYBODY,
    AgentSpec,
    ChannelSpec,
    DiscordSpec,
    GatewaySpec,
    GuildSpec,
    Named,
    SignalSpec,
    SlackSpec,
    Spec,
    TelegramSpec,
    WhatsAppSpec,
)
from tests.real import VERSIONS
from tests.recordings.real_stage import NPM, REAL, free_port

pytestmark = pytest.mark.real
PLAIN = Spec(app="my-app", region="fra", gateway=GatewaySpec(primary_model="anthropic/claude-opus-5"))
GUILDS = (
    GuildSpec("1170000000000000001", "One", channels=(ChannelSpec("1171000000000000003", "general"),)),
    GuildSpec("1170000000000000002", "Two", require_mention=False),
)
DISCORD = DiscordSpec(enabled=True, guilds=GUILDS)

SIGNAL = SignalSpec(
    enabled=True, account="+15551234567", url="http://signal.flycast:8080", people=("+15557654321",)
)


def with_gateway(**changes: Any) -> Spec:
    return replace(PLAIN, gateway=replace(PLAIN.gateway, **changes))


EVERYTHING = with_gateway(
    fallback_models=("openai/gpt-6-astra", "google/gemini-3-pro"), max_concurrent=8,
    agents=(AgentSpec("main"), AgentSpec("work", "openai/gpt-6-sol"), AgentSpec("night-shift")),
    discord=DISCORD, telegram=TelegramSpec(enabled=True), slack=SlackSpec(enabled=True),
    whatsapp=WhatsAppSpec(enabled=True), signal=SIGNAL,
)  # fmt: skip
CHOICES = {
    "plain": PLAIN,
    "private": replace(PLAIN, private=True),
    "fallbacks": with_gateway(fallback_models=("openai/gpt-6-astra", "openrouter/auto"), max_concurrent=64),
    "agents": with_gateway(agents=(AgentSpec("main"), AgentSpec("work", "openai/gpt-6-sol"))),
    "discord": with_gateway(discord=DISCORD),
    "discord, who and when": with_gateway(
        discord=DiscordSpec(
            enabled=True,
            guilds=(
                GuildSpec(
                    "1",
                    users=(Named("116", "Ada"),),
                    roles=(Named("175"), Named("176")),
                    channels=(
                        ChannelSpec("11", require_mention=False),
                        ChannelSpec("12", require_mention=True, users=(EVERYBODY,)),
                        ChannelSpec("13", roles=(Named("177"),)),
                        ChannelSpec("14"),
                    ),
                ),
                GuildSpec("2", require_mention=False, users=(Named("116"),)),
            ),
        )
    ),
    "discord, no server yet": with_gateway(discord=DiscordSpec(enabled=True)),
    "telegram": with_gateway(telegram=TelegramSpec(enabled=True)),
    "telegram, every message": with_gateway(telegram=TelegramSpec(enabled=True, require_mention=False)),
    "slack": with_gateway(slack=SlackSpec(enabled=True)),
    "slack, every message": with_gateway(slack=SlackSpec(enabled=True, require_mention=False)),
    "slack, by http": with_gateway(slack=SlackSpec(enabled=True, mode="http", people=("U0123ABCD",))),
    "telegram, only some": with_gateway(
        telegram=TelegramSpec(enabled=True, who="allowlist", people=("8734062810",), groups="off")
    ),
    "telegram, everybody": with_gateway(telegram=TelegramSpec(enabled=True, who="open", groups="everybody")),
    "slack, nobody": with_gateway(slack=SlackSpec(enabled=True, who="disabled", groups="off")),
    "whatsapp": with_gateway(whatsapp=WhatsAppSpec(enabled=True)),
    "whatsapp, everybody": with_gateway(
        whatsapp=WhatsAppSpec(
            enabled=True, require_mention=False, who="open", people=("+15551234567",), groups="everybody"
        )
    ),
    "signal": with_gateway(signal=SIGNAL),
    "signal, container": with_gateway(signal=replace(SIGNAL, server="container", groups="everybody")),
    "signal, its own": with_gateway(signal=replace(SIGNAL, server="managed-native", url="", groups="off")),
    "everything": EVERYTHING,
    "everything, private": replace(EVERYTHING, private=True),
}
KEYS = (
    "OPENCLAW_GATEWAY_TOKEN", "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "DISCORD_BOT_TOKEN",
    "TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET",
)  # fmt: skip


class OpenClaw:
    """One installed version, with a home of its own."""

    def __init__(self, version: str, home: Path) -> None:
        self.bin = REAL / f"openclaw-{version}" / "node_modules" / ".bin"
        assert self.bin.exists(), "tests/real/run.sh installs it"
        self.home, self.config, self.said = home, home / "openclaw.json", home / "said"
        self.env = {
            "PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(home), "NO_COLOR": "1", "OPENCLAW_STATE_DIR": str(home),
            "OPENCLAW_CONFIG_PATH": str(self.config), "OPENCLAW_SKIP_CHANNELS": "1", "OPENCLAW_DISABLE_BONJOUR": "1",
            "OPENCLAW_NO_AUTO_UPDATE": "1", **dict.fromkeys(KEYS, "f" * 64), **NPM,
        }  # fmt: skip

    def validate(self, text: str) -> dict[str, Any]:
        self.config.write_text(text)
        argv = [str(self.bin / "openclaw"), "config", "validate", "--json"]
        done = subprocess.run(argv, env=self.env, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode in (0, 1), done.stderr
        found: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
        assert found["valid"] is (done.returncode == 0)
        return found

    def start(self, port: int) -> subprocess.Popen[bytes]:
        """Start the gateway on loopback."""
        argv = [str(self.bin / "openclaw"), "gateway", "--port", str(port), "--bind", "loopback"]
        with self.said.open("a") as out:
            return subprocess.Popen(
                argv, env=self.env, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True
            )

    @contextmanager
    def gateway(self, port: int) -> Iterator[Callable[[], None]]:
        """Run it as Fly does: when it ends it is started again, up to ten times; yields what to call now and then.

        At its first start it installs its plugins, says "Restart OpenClaw so state migrations run", and ends with 1.
        """
        run, starts = self.start(port), 1

        def look() -> None:
            nonlocal run, starts
            if run.poll() is not None:
                assert run.returncode != 78, self.said.read_text()
                assert starts < 10, self.said.read_text()
                run, starts = self.start(port), starts + 1

        try:
            yield look
        finally:
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
            run.wait()


@pytest.fixture(params=VERSIONS)
def openclaw(request: pytest.FixtureRequest, tmp_path: Path) -> OpenClaw:
    return OpenClaw(request.param, tmp_path)


@pytest.mark.parametrize("choice", CHOICES)
def test_it_accepts_what_we_build(openclaw: OpenClaw, choice: str) -> None:
    text = config_text(build_config(CHOICES[choice], ["66.241.124.77", "2a09:8280:1::1"]))
    found = openclaw.validate(text)
    assert found["valid"], found
    assert not [w for w in found.get("warnings", []) if "unknown" in w["message"].lower()], found
    assert read_config(text)[1] == []


def broken(path: str, value: object) -> str:
    """Everything, with one thing wrong."""
    config: dict[str, Any] = json.loads(config_text(build_config(EVERYTHING)))
    *way, last = path.split(".")
    node = config
    for key in way:
        node = node[key]
    node[last] = value
    return json.dumps(config)


@pytest.mark.parametrize(("path", "value"), [
    ("gatway", {}), ("gateway.bindd", "lan"), ("gateway.bind", "everywhere"), ("gateway.mode", "near"),
    ("gateway.auth.mode", "hope"), ("channels.discord.groupPolicy", "maybe"), ("agents.entries.Not Good", {}),
])  # fmt: skip
def test_it_refuses_what_the_simulated_one_refuses(openclaw: OpenClaw, path: str, value: object) -> None:
    text = broken(path, value)
    real, simulated = openclaw.validate(text), read_config(text)[1]
    assert not real["valid"]
    assert {issue["path"] for issue in simulated} <= {issue["path"] for issue in real["issues"]}, (
        real,
        simulated,
    )
    assert simulated


def runs_with(openclaw: OpenClaw, spec: Spec, seconds: float) -> None:
    openclaw.config.write_text(config_text(build_config(spec)))
    port = free_port()
    with openclaw.gateway(port) as look, httpx.Client(timeout=5, trust_env=False) as client:
        answer = wait_for_health(openclaw, client, port, look, seconds)
        assert answer.json()["ok"] is True
        assert answer.headers["content-type"].startswith("application/json")


def wait_for_health(
    openclaw: OpenClaw, client: httpx.Client, port: int, look: Callable[[], None], seconds: float
) -> httpx.Response:
    end = time.monotonic() + seconds
    while True:
        try:
            return client.get(f"http://127.0.0.1:{port}/healthz")
        except httpx.TransportError:
            look()
            assert time.monotonic() < end, openclaw.said.read_text()
            time.sleep(0.2)


def test_the_gateway_runs_with_it(openclaw: OpenClaw) -> None:
    runs_with(openclaw, with_gateway(telegram=TelegramSpec(enabled=True)), 180)


def accepted(client: httpx.Client, port: int, token: str) -> bool:
    """Whether the gateway takes ``token``; the request itself names a tool that there is not."""
    call = {"tool": "no-such-tool", "args": {}}
    headers = {"Authorization": f"Bearer {token}"}
    return client.post(f"http://127.0.0.1:{port}/tools/invoke", json=call, headers=headers).status_code != 401


def test_a_token_written_in_the_file_counts_more_than_the_secret(openclaw: OpenClaw) -> None:
    """Which is why a new secret is followed by the file."""
    written, secret = "written-in-the-file-written-in-the-file", openclaw.env["OPENCLAW_GATEWAY_TOKEN"]
    ours: dict[str, Any] = build_config(with_gateway())
    literal = {**ours, "gateway": {**ours["gateway"], "auth": {"mode": "token", "token": written}}}
    mended = token_reference(literal, "OPENCLAW_GATEWAY_TOKEN")
    for config, taken, refused in ((literal, written, secret), (mended, secret, written)):
        text = config_text(config)
        assert openclaw.validate(text)["valid"]
        openclaw.config.write_text(text)
        port = free_port()
        with openclaw.gateway(port) as look, httpx.Client(timeout=5, trust_env=False) as client:
            wait_for_health(openclaw, client, port, look, 180)
            assert accepted(client, port, taken)
            assert not accepted(client, port, refused)


def test_the_gateway_refuses_a_wrong_config_with_78(openclaw: OpenClaw) -> None:
    openclaw.config.write_text(broken("gateway.bind", "everywhere"))
    argv = [str(openclaw.bin / "openclaw"), "gateway", "--port", str(free_port()), "--bind", "loopback"]
    done = subprocess.run(argv, env=openclaw.env, capture_output=True, timeout=120, check=False)
    assert done.returncode == 78

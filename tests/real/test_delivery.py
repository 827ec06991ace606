"""How the real OpenClaw takes a changed file: its words, and what our own scripts make of them."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from claw_tui.adapters.gateway import MachineGateway
from claw_tui.adapters.gateway_calls import FlyInside
from claw_tui.adapters.gateway_scripts import OWNER
from claw_tui.domain.answers import ExecResult
from claw_tui.domain.delivery import Delivery, Reload, outcome
from claw_tui.domain.errors import ConfigRejected
from tests.real import VERSIONS
from tests.real.test_openclaw import OpenClaw
from tests.recordings.real_stage import free_port

pytestmark = [pytest.mark.real, pytest.mark.anyio]
SONNET, OPUS = "anthropic/claude-sonnet-5", "anthropic/claude-opus-5"


class Here:
    """``fly machine exec`` without a machine: the scripts run in a shell of this computer, in the gateway's own folder."""

    def __init__(self, claw: OpenClaw) -> None:
        self._env = {**claw.env, "PATH": f"{claw.bin}:/usr/sbin:/usr/bin:/bin"}

    async def exec(self, _app: str, _machine: str, script: str) -> ExecResult:
        script = script.replace(OWNER, "$(id -u):$(id -g)").replace(
            "setpriv --reuid 1000 --regid 1000 --clear-groups env HOME=/home/node", "env"
        )
        done = await asyncio.to_thread(
            subprocess.run,
            ["sh", "-c", script],
            env=self._env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return ExecResult(done.returncode, done.stdout, done.stderr)


class Stage:
    """A gateway that runs, and our adapter beside it."""

    def __init__(self, claw: OpenClaw, look: Callable[[], None], port: int) -> None:
        self.claw, self.look, self.port = claw, look, port
        here = cast("FlyInside", Here(claw))
        self.gateway = MachineGateway(here, asyncio.sleep, state=str(claw.home), tmp=str(claw.home / "tmp"))

    def text(self, model: str = OPUS, *, long: bool = False, meta: bool = True, **gateway: Any) -> str:
        return config(self.claw, self.port, model, long=long, meta=meta, **gateway)

    @property
    def here(self) -> str:
        return self.claw.config.read_text()

    async def write(self, text: str) -> None:
        await self.gateway.write_config("app", "machine", text, watched=True)

    async def until(self, *wanted: Reload, seconds: float = 60.0) -> Delivery:
        end = time.monotonic() + seconds
        while True:
            found = await self.gateway.delivery("app", "machine")
            if outcome(found.lines) in wanted:
                return found
            self.look()
            assert time.monotonic() < end, (found.lines, self.claw.said.read_text()[-3000:])
            await asyncio.sleep(0.2)

    async def ready(self) -> None:
        """Until its watcher watches: a touch is answered."""
        end = time.monotonic() + 240
        while not re.search(r"(?s)http server listening.*\[gateway\] ready", self.claw.said.read_text()):
            self.look()
            assert time.monotonic() < end, self.claw.said.read_text()
            await asyncio.sleep(0.1)

    async def watching(self) -> None:
        await self.ready()
        await asyncio.sleep(3)  # there is nothing to be seen of a watcher


def config(
    claw: OpenClaw, port: int, model: str, *, long: bool = False, meta: bool = True, **gateway: Any
) -> str:
    token = {"source": "env", "provider": "default", "id": "OPENCLAW_GATEWAY_TOKEN"}
    fallbacks = [f"anthropic/claude-haiku-4-5-{number}" for number in range(40 if long else 0)]
    found: dict[str, Any] = {
        "gateway": {"mode": "local", "bind": "loopback", "port": port, "auth": {"mode": "token", "token": token}, **gateway},
        "agents": {"defaults": {"model": {"primary": model, "fallbacks": fallbacks}}, "entries": {"main": {}}},
        "logging": {"file": str(claw.home / "tmp" / "openclaw" / "openclaw-today.log")},
    }  # fmt: skip
    return json.dumps({**found, **({"meta": {}} if meta else {})}, indent=2) + "\n"


@pytest.fixture(params=VERSIONS)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    claw, port = OpenClaw(request.param, tmp_path), free_port()
    (tmp_path / "tmp" / "openclaw").mkdir(parents=True)
    claw.config.write_text(config(claw, port, OPUS, long=True))
    with claw.gateway(port) as look:
        yield Stage(claw, look, port)


async def test_a_changed_file_comes_in_while_it_runs_and_a_wrong_one_never_gets_there(stage: Stage) -> None:
    await stage.watching()
    await stage.write(stage.text(SONNET, long=True))
    found = await stage.until(Reload.APPLIED)
    assert found.now == found.digest != found.before
    before = stage.here
    with pytest.raises(ConfigRejected, match="does not accept"):
        await stage.write(stage.text(SONNET, bindd="lan"))
    assert stage.here == before
    await stage.write(stage.text(SONNET))  # much smaller: taken, for it is met by a gateway that runs
    await stage.until(Reload.APPLIED)
    name = next(
        backup.name for backup in await stage.gateway.backups("app", "machine") if backup.name == found.back
    )
    await stage.gateway.restore("app", "machine", name, check=True)
    await stage.until(Reload.APPLIED)
    assert stage.here == stage.text(OPUS, long=True), "back, byte for byte"


async def test_a_change_that_needs_a_restart(stage: Stage) -> None:
    await stage.watching()
    await stage.write(stage.text(OPUS, long=True, bind="auto"))
    await stage.until(Reload.RESTARTED, seconds=120)


async def test_a_token_that_is_not_set_is_not_taken(stage: Stage) -> None:
    await stage.watching()
    text = stage.text(OPUS, long=True).replace("OPENCLAW_GATEWAY_TOKEN", "NO_SUCH_TOKEN")
    await stage.write(text)
    found = await stage.until(Reload.SKIPPED)
    await stage.gateway.put_back("app", "machine", found.back)
    assert stage.here == stage.text(OPUS, long=True)


async def test_one_that_is_written_at_its_start_is_noticed_when_it_is_touched(stage: Stage) -> None:
    await stage.ready()
    await stage.write(stage.text(SONNET, long=True))
    end = time.monotonic() + 60
    while (now := outcome((await stage.gateway.delivery("app", "machine")).lines)) not in (
        Reload.APPLIED,
        Reload.RESTARTED,
    ):
        assert time.monotonic() < end, stage.claw.said.read_text()[-3000:]
        if now is Reload.UNSEEN:  # another touch would break off the reload that it has begun
            await stage.gateway.touch_config("app", "machine")
        await asyncio.sleep(2)


@pytest.mark.parametrize("meta", [True, False])
@pytest.mark.parametrize("version", VERSIONS)
async def test_what_it_would_undo_at_a_start_stays_when_we_write_it(
    version: str, meta: bool, tmp_path: Path
) -> None:
    """A file that lost more than half, or its ``meta``, since the last good one, where OpenClaw has a ``.bak``."""
    claw, port = OpenClaw(version, tmp_path), free_port()
    (tmp_path / "tmp" / "openclaw").mkdir(parents=True)
    claw.config.write_text(config(claw, port, OPUS, long=True))
    with claw.gateway(port) as look:
        await Stage(claw, look, port).watching()
    argv = [str(claw.bin / "openclaw"), "config", "set", "agents.defaults.maxConcurrent", "5"]
    subprocess.run(argv, env=claw.env, capture_output=True, timeout=120, check=True)
    assert (tmp_path / "openclaw.json.bak").exists()
    small = config(claw, port, SONNET, meta=meta)
    ours = Stage(claw, lambda: None, port)
    await ours.write(small)
    assert ours.here == small
    claw.said.write_text("")
    with claw.gateway(port) as look:
        await Stage(claw, look, port).ready()
    assert "auto-restored" in claw.said.read_text(), "it would have"
    assert ours.here == small

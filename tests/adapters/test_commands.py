"""A command of OpenClaw in the machine: as the gateway's user, with what the gateway knows; and its end."""

from __future__ import annotations

import pytest

from claw_tui.domain.errors import GatewayError
from claw_tui.domain.gateway_config import build_config, config_text
from claw_tui.ports import Services
from tests.adapters.test_gateway import SPEC, machine
from tests.conftest import Cloud

__all__ = ["machine"]
pytestmark = pytest.mark.anyio


@pytest.fixture
async def configured(services: Services, machine: str) -> str:
    await services.gateway.write_config("my-app", machine, config_text(build_config(SPEC)))
    return machine


async def run(services: Services, machine: str, line: str) -> tuple[int, str, str]:
    done = await services.gateway.run("my-app", machine, ["openclaw", *line.split()])
    return done.code, done.stdout, done.stderr


async def test_what_it_says_and_ends_with(services: Services, configured: str, cloud: Cloud) -> None:
    assert await run(services, configured, "config validate") == (
        0,
        "Config valid: /data/openclaw.json\n",
        "",
    )
    code, out, err = await run(services, configured, "nosuchcommand")
    assert (code, out) == (1, "")
    assert "does not know the command" in err
    code, out, _err = await run(services, configured, "channels status --probe")
    assert "Gateway reachable." in out, "it has the gateway's token"
    left = [name for name in cloud.app("my-app")["machines"][0]["files"] if "claw-tui" in name]
    assert left == []


async def test_it_is_the_gateways_user(services: Services, configured: str, cloud: Cloud) -> None:
    assert (await run(services, configured, "config set agents.defaults.maxConcurrent 5"))[0] == 0
    entry = cloud.app("my-app")["volumes"][0]["files"]["/data/openclaw.json"]
    assert "maxConcurrent" in entry["text"]
    assert entry["owner"] == "1000:1000"


async def test_one_that_does_not_end_is_stopped(
    services: Services, configured: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claw_tui.adapters import gateway_commands

    monkeypatch.setattr(gateway_commands, "RUN_SECONDS", 1.0)
    with pytest.raises(GatewayError, match="did not end within 1 seconds and was stopped"):
        await run(services, configured, "doctor --lint")

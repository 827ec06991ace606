"""The doctor and the real OpenClaw, broken in the ways of life: 403, origin, pairing, plugin, token, exit 78, …

The gateway runs in a machine of Fly's on this computer (machine_rig.py); what the doctor reads of it, it reads with our own
adapters. One gateway is shared by the worlds in which it runs on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from claw_tui.domain.answers import LogEntry
from claw_tui.domain.doctor.model import Diagnosis, Standing
from claw_tui.domain.spec import DiscordSpec
from claw_tui.engine.doctor import diagnose
from claw_tui.engine.session import Session
from claw_tui.ports import Services, Web
from tests.doctor.asking import inside, told
from tests.doctor.making import APP, have
from tests.engine.rig import SECRETS, WISH, spec_with
from tests.real.machine_rig import (
    NODE_USER,
    PORT,
    PROXY,
    STATE,
    TOKEN,
    RealGateway,
    RealMachine,
    RealWeb,
    as_it_is,
    entries,
)

pytestmark = [pytest.mark.real, pytest.mark.anyio]
PUBLIC = f"https://{APP}.fly.dev"
REFERENCE = {"source": "env", "provider": "default", "id": "OPENCLAW_GATEWAY_TOKEN"}


PLAIN = spec_with(
    secret_names=("OPENCLAW_GATEWAY_TOKEN", "ANTHROPIC_API_KEY"),
    gateway=replace(WISH.gateway, discord=DiscordSpec()),
)


def config(**changes: Any) -> dict[str, Any]:
    """As the wizard writes it; a value is named by its path with two underscores between, None takes it out."""
    found: dict[str, Any] = {
        "gateway": {
            "mode": "local", "bind": "lan", "port": PORT, "auth": {"mode": "token", "token": REFERENCE}, "publicOrigin": PUBLIC,
            "controlUi": {"allowedOrigins": [PUBLIC]}, "trustedProxies": ["172.16.0.0/16", "66.241.124.77"],
        },
        "agents": {"defaults": {"model": {"primary": "anthropic/claude-opus-5"}}, "entries": {"main": {}}}, "meta": {},
    }  # fmt: skip
    for name, value in changes.items():
        *way, last = name.split("__")
        node = found
        for key in way:
            node = node.setdefault(key, {})
        node.pop(last, None)
        if value is not None:
            node[last] = value
    return found


@pytest.fixture(scope="module")
def machine() -> Iterator[RealMachine]:
    made = RealMachine()
    try:
        yield made
    finally:
        made.close()


TAKEN = ("hot reload applied", "[gateway] ready", "reload skipped", "reload superseded")


def running(machine: RealMachine, text: dict[str, Any] | str) -> None:
    """The shared gateway has taken this file over."""
    if machine.run is None:
        machine.write(text)
        machine.start()
        machine.until("[gateway] ready")
        time.sleep(3)  # there is nothing to be seen of its watcher
        return
    machine.forget()
    machine.write(text)
    end = time.monotonic() + 120
    while not any(word in line for line in machine.lines() for word in TAKEN):
        assert time.monotonic() < end, machine.lines()
        time.sleep(0.3)
        if time.monotonic() > end - 100 and not machine.lines():
            machine.sh(f"touch {STATE}/openclaw.json")
    answering(machine, "/healthz", 200)


def answering(machine: RealMachine, path: str, wanted: int) -> str:
    """What it answers once it answers so: it may be restarting in its process."""
    end = time.monotonic() + 120
    while True:
        status, said = machine.get(path)
        if status == wanted:
            return said
        assert time.monotonic() < end, (status, said, machine.lines())
        time.sleep(0.5)


async def diagnosis(
    services: Services, machine: RealMachine, code: int | None = None, *, quick: bool = True
) -> Diagnosis:
    spec = WISH if "DISCORD_BOT_TOKEN" in machine.env else PLAIN
    await have(services, spec, {name: SECRETS[name] for name in spec.secret_names})
    as_it_is(code)
    found = inside(services)

    async def logs(_app: str) -> tuple[LogEntry, ...]:
        return entries(machine, code)

    cast("Any", found.fly).recent_logs = logs
    gateway = RealGateway(machine, quick=quick)
    return await diagnose(
        Session(replace(found, gateway=gateway, web=cast("Web", RealWeb(machine)))),
        APP,
    )


# -- it runs on -------------------------------------------------------------------------------------------------------
async def test_nothing_is_wrong(machine: RealMachine, services: Services) -> None:
    running(machine, config())
    found = await diagnosis(services, machine)
    assert found.causes == (), told(found)


async def test_403_behind_a_proxy(machine: RealMachine, services: Services) -> None:
    running(machine, config(gateway__trustedProxies=None))
    assert "proxy_attribution_required" in answering(machine, "/", 403)
    assert machine.get("/healthz")[0] == 200
    found = await diagnosis(services, machine)
    assert found.first == "proxy-403", told(found)
    assert PROXY in str(found.wrong[0].evidence), "the address to be trusted is in the log"


async def test_an_origin_that_is_not_allowed(machine: RealMachine, services: Services) -> None:
    running(machine, config(gateway__controlUi__allowedOrigins=["http://localhost:18789"]))
    assert "origin not allowed" in machine.browser(PUBLIC)["closed"][1]
    found = await diagnosis(services, machine)
    assert found.first == "origin-refused", told(found)


async def test_a_new_browser_waits(machine: RealMachine, services: Services) -> None:
    running(machine, config())
    assert "pairing required" in machine.browser(PUBLIC)["closed"][1]
    found = await diagnosis(services, machine, quick=False)
    assert found.first == "pairing-waiting", told(found)


async def test_no_port_in_the_file(machine: RealMachine, services: Services) -> None:
    running(machine, config(gateway__port=None))
    found = await diagnosis(services, machine)
    assert found.first == "gateway-port-missing", told(found)


async def test_a_token_typed_into_the_file(machine: RealMachine, services: Services) -> None:
    running(machine, config(gateway__auth__token="typed-into-the-file-typed-into-the-file"))
    assert "token mismatch" in machine.browser(PUBLIC)["closed"][1]
    found = await diagnosis(services, machine)
    assert found.first == "token-mismatch", told(found)


async def test_the_guides_command_in_the_file(machine: RealMachine, services: Services) -> None:
    running(machine, config())
    running(machine, f"cat > {STATE}/openclaw.json << 'EOF'\n{json.dumps(config())}\nEOF\n")
    found = await diagnosis(services, machine)
    assert found.first == "config-no-shell", told(found)


async def test_written_by_root_while_it_runs(machine: RealMachine, services: Services) -> None:
    running(machine, config())
    done = machine.sh("openclaw config set agents.defaults.maxConcurrent 5")
    assert done.returncode == 0, done.stderr
    assert machine.sh(f"stat -c '%u %a' {STATE}/openclaw.json").stdout == "0 600\n", (
        "OpenClaw wrote it for root alone"
    )
    found = await diagnosis(services, machine)
    assert found.first == "config-owner", told(found)


async def test_a_key_that_is_no_secret(machine: RealMachine, services: Services) -> None:
    """OpenClaw itself tells which companies' models it can use: it has looked into ``.env`` too."""
    running(machine, config(agents__defaults__model={"primary": "openai/gpt-5.6-sol"}))
    found = await diagnosis(services, machine)
    assert found.first == "no-model-key", told(found)
    key = f"sk-proj-{'ab' * 32}"
    machine.sh(f"umask 077; {' '.join(NODE_USER)} sh -c 'cat >{STATE}/.env'", given=f"OPENAI_API_KEY={key}\n")
    try:
        found = await diagnosis(services, machine)
        assert found.causes == (), told(found)
        assert key[:12] not in told(found)
    finally:
        machine.sh(f"rm {STATE}/.env")


async def test_the_lock_is_held(machine: RealMachine, services: Services) -> None:
    """A second one, started by hand, ends with 78; the first one goes on."""
    running(machine, config())
    machine.forget()
    first, machine.run = machine.run, None
    try:
        machine.sh("cp /mnt/pid /mnt/first")
        machine.start()
        assert machine.ended() == 78
        found = await diagnosis(services, machine, 78)
        assert found.first == "lock-held", (told(found), machine.lines())
    finally:
        machine.sh("cp /mnt/first /mnt/pid")
        machine.run = first


async def test_a_password_in_place_of_a_token(fresh: RealMachine, services: Services) -> None:
    """It is asked all that it can be asked: its commands in the machine are given the password there."""
    fresh.env["OPENCLAW_GATEWAY_PASSWORD"] = "correct-horse-battery"
    del fresh.env["OPENCLAW_GATEWAY_TOKEN"]
    fresh.write(config(gateway__auth={"mode": "password"}))
    fresh.start()
    fresh.until("[gateway] ready")
    found = await diagnosis(services, fresh, quick=False)
    assert found.causes == (), told(found)
    assert {f.id for f in found.findings if f.standing is Standing.UNKNOWN} == set(), told(found)


async def test_openclaw_put_its_backup_back(fresh: RealMachine, services: Services) -> None:
    fresh.write(config())
    for number in (5, 6):
        done = fresh.sh(f"{' '.join(NODE_USER)} openclaw config set agents.defaults.maxConcurrent {number}")
        assert done.returncode == 0, done.stderr
    fresh.write(config(meta=None, agents__defaults__maxConcurrent=9))
    fresh.start()
    fresh.until("[gateway] ready")
    assert any("auto-restored from backup" in line for line in fresh.lines()), fresh.lines()
    found = await diagnosis(services, fresh)
    assert found.first == "config-reverted", told(found)


# -- it ends ----------------------------------------------------------------------------------------------------------
async def test_78_a_key_that_it_does_not_know(fresh: RealMachine, services: Services) -> None:
    fresh.write(json.dumps(config()).replace('"bind"', '"bindd"'))
    fresh.start()
    assert fresh.ended() == 78
    found = await diagnosis(services, fresh, 78)
    assert found.first == "start-refused-config", told(found)


async def test_78_no_token(fresh: RealMachine, services: Services) -> None:
    fresh.write(config(gateway__auth=None))
    fresh.start(without=("OPENCLAW_GATEWAY_TOKEN",))
    assert fresh.ended() == 78
    found = await diagnosis(services, fresh, 78)
    assert found.first == "start-refused-token", told(found)


async def test_a_secret_that_is_not_there(fresh: RealMachine, services: Services) -> None:
    """It ends with 1, after a look at itself that takes a minute or two."""
    fresh.write(config())
    fresh.start(without=("OPENCLAW_GATEWAY_TOKEN",))
    code = fresh.ended()
    assert code in (1, 78)
    found = await diagnosis(services, fresh, code)
    assert found.first == "start-refused-secret", told(found)


async def test_78_a_file_of_roots(fresh: RealMachine, services: Services) -> None:
    fresh.write(config(), owner="0:0")
    fresh.start()
    assert fresh.ended() == 78
    found = await diagnosis(services, fresh, 78)
    assert found.first == "start-refused-owner", told(found)


async def test_two_modes_of_auth(fresh: RealMachine, services: Services) -> None:
    auth = {"mode": "trusted-proxy", "token": TOKEN, "trustedProxy": {"userHeader": "x-forwarded-user"}}
    fresh.write(config(gateway__auth=auth))
    fresh.start()
    code = fresh.ended()
    assert code in (1, 78)
    found = await diagnosis(services, fresh, code)
    assert found.first == "auth-conflict", told(found)


async def test_a_plugin_that_could_not_be_installed(fresh: RealMachine, services: Services) -> None:
    """Its registry is not reached; the gateway runs, and the channel does not."""
    fresh.env.update(
        npm_config_registry="http://127.0.0.1:9", npm_config_fetch_retries="0", DISCORD_BOT_TOKEN="f" * 60
    )
    del fresh.env["OPENCLAW_SKIP_CHANNELS"]
    token = {**REFERENCE, "id": "DISCORD_BOT_TOKEN"}
    discord = {"enabled": True, "token": token, "dmPolicy": "pairing"}
    fresh.write(config(channels__discord=discord, plugins__entries__discord={"enabled": True}))
    fresh.start()
    fresh.until("[gateway] ready")
    found = await diagnosis(services, fresh, quick=False)
    assert found.first == "plugin-not-there", told(found)

"""The gateway in its machine, through the simulated `machine exec`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.adapters import gateway_scripts as scripts
from claw_tui.demo import world
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.domain.delivery import Reload, outcome
from claw_tui.domain.errors import ConfigRejected, FlyError, GatewayError
from claw_tui.domain.fly_toml import build_fly_toml
from claw_tui.domain.gateway_config import build_config, config_text
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import DiscordSpec, GatewaySpec, Spec
from claw_tui.engine.proof import local_dashboard, public_dashboard
from claw_tui.ports import Services
from tests.conftest import Cloud

pytestmark = pytest.mark.anyio
SPEC = Spec(
    app="my-app",
    region="fra",
    gateway=GatewaySpec(primary_model="anthropic/claude-opus-5", discord=DiscordSpec(enabled=True)),
)
BOT = "MTE4MDAwMDAwMDAwMDAwMDAwMQ.DemoXx.demo-demo-demo-demo-demo-demo"


@pytest.fixture
async def machine(services: Services, tmp_path: Path) -> str:
    fly = services.fly
    await fly.create_app("my-app", "personal")
    await fly.import_secrets(
        "my-app", {"OPENCLAW_GATEWAY_TOKEN": Secret("ab" * 32), "DISCORD_BOT_TOKEN": Secret(BOT)}
    )
    config = tmp_path / "fly.toml"
    config.write_text(build_fly_toml(SPEC))
    await fly.deploy("my-app", config, tmp_path, private=False, on_line=lambda _line: None)
    return (await fly.machines("my-app"))[0].id


async def test_writing_and_reading_back(services: Services, machine: str, cloud: Cloud) -> None:
    gateway = services.gateway
    assert (await gateway.health("my-app", machine)).json_ok
    assert await gateway.read_config("my-app", machine) is None
    text = config_text({**build_config(SPEC), "ui": {}, "env": {"é": "x" * 20_000}})
    await gateway.write_config("my-app", machine, text)
    assert await gateway.read_config("my-app", machine) == text
    entry = cloud.app("my-app")["volumes"][0]["files"]["/data/openclaw.json"]
    assert (entry["owner"], entry["mode"]) == ("1000:1000", "600")
    await gateway.write_config("my-app", machine, config_text(build_config(SPEC)))
    files = cloud.app("my-app")["volumes"][0]["files"]
    backups = [name for name in files if "before-" in name]
    assert [files[name]["text"] for name in backups] == [text]
    assert not [name for name in cloud.app("my-app")["machines"][0]["files"] if "claw-tui" in name]


async def test_a_config_that_openclaw_refuses_changes_nothing(
    services: Services, machine: str, cloud: Cloud
) -> None:
    good = config_text(build_config(SPEC))
    await services.gateway.write_config("my-app", machine, good)
    bad = {**build_config(SPEC), "bogus": 1}
    with pytest.raises(ConfigRejected, match="does not accept") as caught:
        await services.gateway.write_config("my-app", machine, config_text(bad))
    assert 'Unrecognized key: "bogus"' in caught.value.detail
    assert await services.gateway.read_config("my-app", machine) == good
    assert [n for n in cloud.app("my-app")["volumes"][0]["files"] if n.startswith("/data/.openclaw")] == []


async def test_channels_need_their_plugin_entry(services: Services, machine: str) -> None:
    config = build_config(SPEC)
    await services.gateway.write_config(
        "my-app", machine, config_text({k: v for k, v in config.items() if k != "plugins"})
    )
    (discord,) = await services.gateway.channels("my-app", machine)
    assert not discord.running
    await services.gateway.write_config("my-app", machine, config_text(config))
    (discord,) = await services.gateway.channels("my-app", machine)
    assert discord.running
    assert discord.probe_ok


async def test_commands_find_no_gateway_without_its_port_in_the_config(
    services: Services, machine: str
) -> None:
    with pytest.raises(GatewayError, match="did not answer"):
        await services.gateway.channels("my-app", machine)


async def test_the_link_is_a_secret_and_rewritten_for_where_it_is_opened(
    services: Services, machine: str
) -> None:
    await services.gateway.write_config("my-app", machine, config_text(build_config(SPEC)))
    link = await services.gateway.dashboard("my-app", machine)
    assert "bootstrap" not in repr(link)
    url = link.url.reveal()
    assert public_dashboard(url, "my-app.fly.dev").startswith("https://my-app.fly.dev/#bootstrapToken=")
    url += "&gatewayUrl=ws%3A%2F%2F127.0.0.1%3A3000"  # later versions say it, 2026.9.1 does not
    assert "gatewayUrl=wss%3A%2F%2Fmy-app.fly.dev" in public_dashboard(url, "my-app.fly.dev")
    assert "gatewayUrl=ws%3A%2F%2Flocalhost%3A13000" in local_dashboard(url, 13000)


async def test_pairing(services: Services, machine: str, cloud: Cloud) -> None:
    await services.gateway.write_config("my-app", machine, config_text(build_config(SPEC)))
    device, person = await services.gateway.pairing_requests("my-app", machine, ["discord"])
    assert (device.channel, person.channel) == ("", "discord")
    assert "ada" in person.words
    for request in (device, person):
        await services.gateway.approve("my-app", machine, request)
    assert await services.gateway.pairing_requests("my-app", machine, ["discord"]) == ()
    entry = cloud.app("my-app")["volumes"][0]["files"]["/data/openclaw.json"]
    assert "ownerAllowFrom" in entry["text"], "the first one is the owner"
    assert entry["owner"] == "1000:1000", "else the gateway would not start again"
    with pytest.raises(GatewayError, match="did not approve"):
        await services.gateway.approve("my-app", machine, device)
    with pytest.raises(GatewayError, match="odd form"):
        await services.gateway.approve("my-app", machine, replace(device, id="x; rm -rf /"))


async def test_a_stopped_machine_says_so(services: Services) -> None:
    await services.fly.create_app("other", "personal")
    with pytest.raises(FlyError):
        await services.gateway.read_config("other", "148e")


def beside(cloud: Cloud, text: str, name: str = "/data/openclaw.json") -> None:
    """A file that somebody else puts there while the machine is stopped."""
    with world.opened() as now:
        app = now["apps"]["my-app"]
        SimulatedFiles(app, app["machines"][0]).put(name, text)


async def test_a_file_without_meta_is_undone_at_the_next_start(
    services: Services, machine: str, cloud: Cloud
) -> None:
    """But only where OpenClaw has written the file itself before: then it has a backup."""
    good = config_text(build_config(SPEC))
    await services.gateway.write_config("my-app", machine, good)
    own = "env OPENCLAW_STATE_DIR=/data openclaw config set agents.defaults.maxConcurrent 5"
    assert (await services.fly.exec("my-app", machine, own)).code == 0
    bare = config_text({k: v for k, v in json.loads(good).items() if k != "meta"})
    beside(cloud, bare)
    await services.fly.restart_machine("my-app", machine)
    restored = await services.gateway.read_config("my-app", machine)
    assert restored is not None
    logs = [entry.message for entry in await services.fly.recent_logs("my-app")]
    assert "meta" in json.loads(restored), logs[-5:]
    await services.gateway.write_config("my-app", machine, bare)
    await services.fly.restart_machine("my-app", machine)
    assert await services.gateway.read_config("my-app", machine) == bare, "what we write is its backup, too"


async def test_a_repeated_request_does_no_harm(services: Services, machine: str, cloud: Cloud) -> None:
    first, second = (config_text({**build_config(SPEC), "ui": ui}) for ui in ({}, {"seamColor": "#000000"}))
    await services.gateway.write_config("my-app", machine, first)
    target, backup = "/data/openclaw.json", "/data/openclaw.json.before-20260101-000000"
    beside(cloud, second, "/data/.candidate")
    script = scripts.replace(
        "/data/.candidate", target, backup, watched=True, logs="/tmp/openclaw/openclaw-*.log"
    )
    results = [await services.fly.exec("my-app", machine, script) for _time in range(2)]
    assert results[0] == results[1]
    assert await services.gateway.read_config("my-app", machine) == second
    delivery = await services.gateway.delivery("my-app", machine)
    assert delivery.back == "openclaw.json.before-20260101-000000"
    assert await services.gateway.read_backup("my-app", machine, delivery.back) == first
    assert delivery.now == delivery.digest != delivery.before
    assert outcome(delivery.lines) in (Reload.APPLIED, Reload.RESTARTED)


async def test_what_somebody_else_wrote_meanwhile_is_told(
    services: Services, machine: str, cloud: Cloud
) -> None:
    mine = config_text(build_config(SPEC))
    await services.gateway.write_config("my-app", machine, mine)
    theirs = mine + "\n"
    beside(cloud, theirs)
    kept = await services.gateway.write_config("my-app", machine, mine + " ", watched=True, expected=mine)
    assert await services.gateway.read_backup("my-app", machine, kept) == theirs


async def test_a_backups_name_does_not_become_a_command(services: Services, machine: str) -> None:
    for name in ("openclaw.json", "openclaw.json.x; rm -rf /data", "../etc/passwd", "openclaw.json.a/b"):
        with pytest.raises(GatewayError, match="odd form"):
            await services.gateway.put_back("my-app", machine, name)

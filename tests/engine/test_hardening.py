"""Made private and public again, whoever set it up. The real runner does it on the simulated cloud."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from claw_tui.demo import gateway, world
from claw_tui.domain.doors import Door
from claw_tui.domain.errors import BadInput
from claw_tui.domain.jobs import JobEvent, JobState, Task
from claw_tui.engine.door_desk import DoorDesk
from claw_tui.engine.former import former
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import assert_no_canary, assert_whole, carry_out, ended, have_gateway, spec_with
from tests.engine.test_delivery import CONFIG, files, outcome
from tests.engine.test_run import again
from tests.engine.test_update import session

pytestmark = pytest.mark.anyio
APP = "my-app"
V4 = "149.248.1.2"


async def change(
    services: Services, task: Task, *, release: bool = False
) -> tuple[JobState, list[JobEvent], list[str]]:
    """As Home does it."""
    desk = DoorDesk(session(services), APP)
    await desk.look()
    await desk.plan(task, desk.choice(release=release))
    run = await desk.start()
    await ended(run, 150)  # it looks around in many calls
    return await outcome(run)


def ips(cloud: Cloud) -> list[str]:
    return sorted(ip["type"] for ip in cloud.app(APP)["ips"])


def services_of(cloud: Cloud) -> list[list[dict[str, Any]]]:
    return [machine["services"] for machine in cloud.app(APP)["machines"]]


def gateway_section(cloud: Cloud) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files(cloud)[CONFIG]["text"])["gateway"]
    return found


def machine_without_door(cloud: Cloud) -> list[dict[str, Any]]:
    """All that has to stay as it is."""
    keys = ("id", "image", "env", "cmd", "entrypoint", "guest", "mounts", "region", "state")
    return [{key: machine[key] for key in keys} for machine in cloud.app(APP)["machines"]]


async def test_ours_and_back(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    before, config = machine_without_door(cloud), json.loads(files(cloud)[CONFIG]["text"])
    addresses = {ip["address"] for ip in cloud.app(APP)["ips"]}
    state, events, log = await change(services, Task.HARDEN)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    assert ips(cloud) == ["private_v6"]
    assert machine_without_door(cloud) == before
    assert_whole(cloud, spec_with(private=True))
    assert {ip.address for ip in former(services.state, APP)} == addresses
    section = gateway_section(cloud)
    assert "publicOrigin" not in section
    assert section["controlUi"]["allowedOrigins"][-1] == "http://my-app.flycast:3000"
    assert section["trustedProxies"] == ["172.16.0.0/16"]
    assert services.state.load_answers(APP) == spec_with(private=True)
    state, events = await carry_out(services, spec_with(private=True))
    assert state is JobState.DONE
    done = [event.step for event in events if event.kind == "step" and event.state == "done"]
    assert done == ["await-gateway", "prove", "prove-private"], "a deploy finds nothing to change"

    state, events, log = await change(await again(services), Task.EXPOSE)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    assert machine_without_door(cloud) == before
    assert ips(cloud) == ["shared_v4", "v6"]
    now = json.loads(files(cloud)[CONFIG]["text"])
    own = sorted(ip["address"] for ip in cloud.app(APP)["ips"] if ip["type"] != "private_v6")
    assert now.pop("gateway") == {**config.pop("gateway"), "trustedProxies": ["172.16.0.0/16", *own]}
    assert {**now, "meta": {}} == {**config, "meta": {}}
    assert services.state.load_answers(APP) == spec_with(private=False)
    assert_no_canary(services.state.file(APP, "x").parent)


def by_hand(cloud: Cloud, **machine: Any) -> None:
    """As the guides have it done: nothing is kept here, the file is January's kind of file in today's shape."""
    with world.opened() as now:
        one = now["apps"][APP]["machines"][0]
        for key, value in machine.items():
            one[key] = one["config"][key] = value


async def have_guides(services: Services, cloud: Cloud, *, private: bool = False) -> None:
    """A gateway that this computer knows nothing of, with its own variables and its own start command."""
    await have_gateway(services)
    folder = services.state.file(APP, "x").parent
    for path in folder.glob("*"):
        path.unlink()
    with world.opened() as now:
        app = now["apps"][APP]
        machine = app["machines"][0]
        env = {**machine["env"], "CLAWDBOT_PREFER_PNPM": "1", "TZ": "Europe/Berlin"}
        command = [
            "node",
            "dist/index.js",
            "gateway",
            "--allow-unconfigured",
            "--port",
            "3000",
            "--bind",
            "lan",
            "--verbose",
        ]
        machine["env"] = machine["config"]["env"] = env
        machine["cmd"] = command
        machine["config"]["init"] = {"cmd": command}
        machine["guest"] = machine["config"]["guest"] = {"cpu_kind": "shared", "cpus": 4, "memory_mb": 4096}
        file = app["volumes"][0]["files"][CONFIG]
        tree = json.loads(file["text"])
        tree["gateway"] = {"mode": "local", "port": 3000, "bind": "auto", "auth": tree["gateway"]["auth"]}
        tree["gateway"]["controlUi"] = {
            "allowedOrigins": ["https://my-app.fly.dev", "https://claw.example.com"]
        }
        tree["gateway"]["publicOrigin"] = "https://claw.example.com"
        tree["gateway"]["trustedProxies"] = ["172.16.0.0/16", "10.1.2.3", app["ips"][0]["address"]]
        file["text"] = json.dumps(tree)
        if private:
            machine["services"] = machine["config"]["services"] = []
            app["ips"] = [ip for ip in app["ips"] if ip["type"] == "private_v6"]


@pytest.mark.parametrize("told", [False, True], ids=["made-up-from-its-machine", "as-it-was-deployed"])
async def test_one_that_was_set_up_by_hand(services: Services, cloud: Cloud, *, told: bool) -> None:
    """``told``: `fly config show` has the [http_service] of the last release."""
    await have_guides(services, cloud)
    with world.opened() as now:  # a service as nobody here would write it
        app = now["apps"][APP]
        machine = app["machines"][0]
        service = machine["services"][0]
        service["ports"][0].pop("force_https", None)
        service.pop("checks", None)
        machine["config"]["services"] = machine["services"]
        if told:
            web = {
                "internal_port": 3000,
                "auto_stop_machines": "off",
                "auto_start_machines": True,
                "min_machines_running": 1,
            }
            app["definition"] = {
                "app": APP,
                "http_service": web,
                "processes": {"app": " ".join(machine["cmd"])},
            }
    before, doors = machine_without_door(cloud), services_of(cloud)
    config = json.loads(files(cloud)[CONFIG]["text"])
    state, events, log = await change(services, Task.HARDEN)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    assert machine_without_door(cloud) == before
    assert ips(cloud) == ["private_v6"]
    now_has = json.loads(files(cloud)[CONFIG]["text"])
    section = now_has.pop("gateway")
    assert section["bind"] == "auto", "what is not about who reaches it stays"
    assert section["trustedProxies"] == ["172.16.0.0/16", "10.1.2.3"], (
        "an address that was given back is nobody's friend"
    )
    assert "https://claw.example.com" in section["controlUi"]["allowedOrigins"]
    assert "https://my-app.fly.dev" not in section["controlUi"]["allowedOrigins"]
    assert "publicOrigin" not in section
    assert {**now_has, "meta": 0} == {**{k: v for k, v in config.items() if k != "gateway"}, "meta": 0}
    assert services.state.load_answers(APP) is None, "nobody has answered anything"
    state, events, log = await change(await again(services), Task.EXPOSE)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    assert machine_without_door(cloud) == before
    same = ("protocol", "internal_port", "ports", "autostop", "autostart", "min_machines_running")
    assert [[{k: s[k] for k in same} for s in one] for one in services_of(cloud)] == [
        [{k: s[k] for k in same} for s in one] for one in doors
    ]
    assert gateway_section(cloud)["publicOrigin"] == "https://claw.example.com"
    assert gateway_section(cloud)["bind"] == "auto"


async def test_the_guides_private_recipe_gets_a_way_in(services: Services, cloud: Cloud) -> None:
    await have_guides(services, cloud, private=True)
    desk = DoorDesk(session(services), APP)
    await desk.look()
    assert desk.door is Door.SHUT
    told = " ".join(desk.told(Task.HARDEN))
    assert "the gateway listens on IPv4 only" in told
    assert "Links, bookmarks" not in told, "there were none"
    before = machine_without_door(cloud)
    state, events, log = await change(services, Task.HARDEN)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    assert machine_without_door(cloud) == before
    assert ips(cloud) == ["private_v6"]
    assert any("http://my-app.flycast:3000" in line for line in log), "the way in was tried"


def add_v4() -> None:
    with world.opened() as now:
        now["apps"][APP]["ips"].append(
            {"id": "ip_v4", "address": V4, "type": "v4", "region": "global", "at": 0}
        )


async def test_a_dedicated_v4_is_given_back_only_when_it_is_said(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    add_v4()
    state, events, log = await change(services, Task.HARDEN)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    assert ips(cloud) == ["private_v6", "v4"]
    (missing,) = [event for event in events if event.kind == "missing"]
    assert f"NOT private: its dedicated IPv4 {V4} was kept" in missing.words
    state, events, log = await change(await again(services), Task.HARDEN, release=True)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    assert ips(cloud) == ["private_v6"]
    assert [event for event in events if event.kind == "missing"] == []


async def test_two_machines_of_which_one_is_stopped(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    with world.opened() as now:
        app = now["apps"][APP]
        volume = {**app["volumes"][0], "id": "vol_second", "attached": "second00000000", "files": {}}
        other = json.loads(json.dumps(app["machines"][0]))
        other.update({"id": "second00000000", "state": "stopped"})
        other["mounts"][0]["volume"] = other["config"]["mounts"][0]["volume"] = "vol_second"
        app["volumes"].append(volume)
        app["machines"].append(other)
    before = machine_without_door(cloud)
    state, events, log = await change(services, Task.HARDEN)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    assert machine_without_door(cloud) == before, "the stopped one stays stopped"
    assert len(services_of(cloud)) == 2
    assert services_of(cloud)[0] == services_of(cloud)[1]
    assert ips(cloud) == ["private_v6"]


async def test_a_host_name_with_a_certificate_is_told_before_and_after(
    services: Services, cloud: Cloud
) -> None:
    await have_gateway(services)
    with world.opened() as now:
        now["apps"][APP]["certificates"] = ["claw.example.com"]
    desk = DoorDesk(session(services), APP)
    await desk.look()
    assert "fly certs remove claw.example.com -a my-app" in " ".join(desk.told(Task.HARDEN))
    state, events, log = await change(services, Task.HARDEN)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    (missing,) = [event for event in events if event.kind == "missing"]
    assert "certificate" in missing.words
    desk = DoorDesk(session(await again(services)), APP)
    await desk.look()
    assert "fly certs check claw.example.com" in " ".join(desk.told(Task.EXPOSE))


async def test_a_deploy_that_fails_has_changed_nothing(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await have_gateway(services)
    before, doors, config = machine_without_door(cloud), services_of(cloud), gateway_section(cloud)
    cloud.faults(monkeypatch, {"command": "deploy", "exit": 1, "stderr": "Error: failed to create release: trouble", "times": 9})  # fmt: skip
    state, events, _log = await change(await again(services), Task.HARDEN)
    assert state is JobState.FAILED
    assert events[-2].step == "deploy"
    assert (machine_without_door(cloud), services_of(cloud), gateway_section(cloud)) == (
        before,
        doors,
        config,
    )
    assert ips(cloud) == ["private_v6", "shared_v4", "v6"]
    assert (await services.web.health("https://my-app.fly.dev")).json_ok, "it is reached as before"
    assert services.state.load_answers(APP) == spec_with(private=False)
    monkeypatch.delenv(world.FAULTS)
    state, events, log = await change(await again(services), Task.HARDEN)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    assert ips(cloud) == ["private_v6"]


async def test_a_machine_that_cannot_be_entered_does_not_keep_the_new_port_public(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The private service speaks no HTTPS: between it and the end of the public addresses there is nothing that can fail."""
    gate = tmp_path / "gate"
    await have_gateway(services)
    held = {"command": "deploy", "when": "after", "hold": str(gate)}
    cloud.faults(monkeypatch, held)
    desk = DoorDesk(session(await again(services)), APP)
    await desk.look()
    await desk.plan(Task.HARDEN)
    run = await desk.start()
    while not Path(f"{gate}.reached").exists():
        await asyncio.sleep(0.02)
    cloud.faults(
        monkeypatch, held, {"command": "machine exec", "times": 999, "exit": 1, "stderr": "Error: no way in"}
    )
    Path(f"{gate}.go").touch()
    await ended(run, 150)
    state, events, log = await outcome(run)
    assert (state, events[-2].step) == (JobState.FAILED, "write-config"), (events[-3:], log[-9:])
    assert ips(cloud) == ["private_v6"]
    cloud.faults(monkeypatch)
    state, events, log = await change(await again(services), Task.HARDEN)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    assert "publicOrigin" not in gateway_section(cloud)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_release_that_fails_is_gone_on_with(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """When only its answer was lost, it is seen that the address is gone."""
    await have_gateway(services)
    cloud.faults(monkeypatch, {"command": "ips release", "when": when, "skip": 1, "exit": 1, "stderr": "Error: 502 Bad Gateway"})  # fmt: skip
    state, events, log = await change(await again(services), Task.HARDEN)
    if when == "before":
        assert (state, events[-2].step) == (JobState.FAILED, "no-public-addresses")
        assert len(ips(cloud)) == 2, "one of the two is gone"
        left = next(ip for ip in cloud.app(APP)["ips"] if ip["type"] != "private_v6")
        told = f"port 3000 answers everybody at {left['address']}, without encryption"
        assert (told in events[-2].hint) == (left["type"] == "v6"), events[-2]
        one = session(await again(services))
        await one.plan_for(spec_with(private=True), Task.HARDEN)
        state, events, log = await outcome(await one.start_run())
    assert state is JobState.DONE, (events[-3:], log[-12:])
    assert ips(cloud) == ["private_v6"]


async def test_the_answer_about_the_private_address_is_lost(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await have_gateway(services)
    cloud.faults(monkeypatch, {"command": "ips allocate-v6", "when": "after", "exit": 1, "stderr": "Error: 502 Bad Gateway"})  # fmt: skip
    state, events, log = await change(await again(services), Task.HARDEN)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    assert ips(cloud) == ["private_v6"], "nothing twice"


async def test_what_still_answers_outside_is_not_called_private(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    address = next(ip["address"] for ip in cloud.app(APP)["ips"] if ip["type"] == "v6")
    with world.opened() as now:
        now["apps"][APP]["outside"] = {"answers": {address: "gateway"}}
    state, events, log = await change(services, Task.HARDEN)
    assert state is JobState.FAILED, log[-9:]
    assert (events[-2].step, events[-2].code) == ("prove-private", "not-private")


async def test_what_can_not_be_asked_is_not_called_private(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    with world.opened() as now:
        now["apps"][APP]["outside"] = {"dns_down": True}
    state, events, _log = await change(services, Task.HARDEN)
    assert (state, events[-2].code) == (JobState.FAILED, "not-proved"), "it fails closed"
    with world.opened() as now:
        now["apps"][APP]["outside"] = {}
    one = session(await again(services))
    await one.plan_for(spec_with(private=True), Task.HARDEN)
    state, events, _log = await outcome(await one.start_run())
    assert state is JobState.DONE, events[-3:]


@pytest.mark.parametrize(("change_it", "words"), [
    ({"env": {"MY_API_KEY": "abcdefgh"}}, "MY_API_KEY may be a secret"),
    ({"entrypoint": ["/tini", "--"]}, "an entrypoint of its own"),
    ({"state": "stopped"}, "Its machine is stopped"),
    ({"services": [{"protocol": "tcp", "internal_port": 18789, "ports": [{"port": 443, "handlers": ["tls"]}]}]}, "port 18789"),
])  # fmt: skip
async def test_what_can_not_be_kept_is_said_and_not_begun(
    services: Services, cloud: Cloud, change_it: dict[str, Any], words: str
) -> None:
    await have_gateway(services)
    with world.opened() as now:
        machine = now["apps"][APP]["machines"][0]
        for key, value in change_it.items():
            full = {
                "autostop": False,
                "autostart": True,
                "min_machines_running": 1,
                "force_instance_key": None,
            }
            machine[key] = [{**value[0], **full}] if key == "services" else value
            machine["config"][key] = machine[key]
        if "entrypoint" in change_it:
            machine["config"]["init"]["entrypoint"] = machine["entrypoint"]
    cloud.record()
    with pytest.raises(BadInput, match=words):
        await change(services, Task.HARDEN)
    assert [call for call in cloud.calls() if call["argv"][0] == "deploy"] == []


async def test_a_secret_in_the_file_itself_is_not_sent_around(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    with world.opened() as now:
        file = now["apps"][APP]["volumes"][0]["files"][CONFIG]
        tree = json.loads(file["text"])
        tree["gateway"]["auth"]["token"] = "0123456789abcdef0123456789abcdef"
        file["text"] = json.dumps(tree)
    with pytest.raises(BadInput, match="Secrets stand in"):
        await change(services, Task.HARDEN)


async def test_an_old_gateway_keeps_its_file(services: Services, cloud: Cloud) -> None:
    """January's can't check one, and does not ask where a browser comes from."""
    await have_gateway(services)
    text = json.dumps({"agents": {"list": [{"id": "main"}]}, "gateway": {"mode": "local"}, "meta": {"lastTouchedVersion": "2026.1.29"}})  # fmt: skip
    with world.opened() as now:
        app = now["apps"][APP]
        machine = app["machines"][0]
        machine["image"] = machine["config"]["image"] = "registry.fly.io/my-app:2026.1.29"
        app["volumes"][0]["files"].pop("/data/state/openclaw.sqlite", None)
        app["volumes"][0]["files"][CONFIG]["text"] = text
        gateway.start(now, app, machine)
    state, events, log = await change(services, Task.HARDEN)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    assert files(cloud)[CONFIG]["text"] == text
    assert cloud.app(APP)["machines"][0]["image"].endswith(":2026.1.29")
    assert ips(cloud) == ["private_v6"]

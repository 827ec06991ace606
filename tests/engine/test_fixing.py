"""What the doctor mends, by the real runner, and looks at again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from claw_tui.demo import gateway, world
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.domain.doctor.model import Diagnosis
from claw_tui.domain.errors import BadInput, FlyError
from claw_tui.domain.jobs import JobState
from claw_tui.engine.doctor import diagnose
from claw_tui.engine.fix_desk import FixDesk
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import ended, have_gateway, spec_with
from tests.engine.test_run import again

pytestmark = pytest.mark.anyio
CONFIG = "/data/openclaw.json"
World = dict[str, Any]
Change = Callable[[World, World], object]


def told(found: Diagnosis) -> str:
    return "\n".join(f"{f.standing} {f.id} {f.cause} {f.words} {f.evidence}" for f in found.findings)


async def broken(services: Services, change: Change, *, restart: bool = False) -> Session:
    await have_gateway(services)
    with world.opened() as now:
        app = now["apps"]["my-app"]
        machine = app["machines"][0]
        machine["gateway"]["somebody"] = None
        change(app, machine)
        if restart:
            gateway.start(now, app, machine)
            machine["gateway"]["somebody"] = None
            gateway.refresh(app)
    return Session(services)


def edited(act: Callable[[World], object]) -> Change:
    def change(app: World, machine: World) -> None:
        files = SimulatedFiles(app, machine)
        config = json.loads(files.read(CONFIG) or "{}")
        act(config)
        files.put(CONFIG, json.dumps(config))

    return change


async def mended(session: Session, first: str) -> Diagnosis:
    found = await diagnose(session, "my-app")
    assert found.first == first, told(found)
    desk = FixDesk(session, "my-app", found.fixes)
    await desk.plan()
    run = await desk.start()
    state = await ended(run, 200)
    log = "\n".join(run.new_log())
    assert state is JobState.DONE, (list(run.new_events())[-3:], log)
    with world.opened() as now:
        for machine in now["apps"]["my-app"]["machines"]:
            machine["gateway"]["somebody"] = None
    after = await diagnose(session, "my-app")
    assert after.first == "", told(after)
    return after


async def test_whose_file_it_is(services: Services, cloud: Cloud) -> None:
    session = await broken(
        services, lambda app, machine: SimulatedFiles(app, machine).set_owner(CONFIG, "0:0")
    )
    await mended(session, "config-owner")


async def test_one_that_does_not_start(services: Services, cloud: Cloud) -> None:
    session = await broken(
        services, lambda app, machine: SimulatedFiles(app, machine).put(CONFIG, "{"), restart=True
    )
    await mended(session, "start-refused-config")


async def test_settings_of_its_file(services: Services, cloud: Cloud) -> None:
    def act(config: World) -> None:
        del config["gateway"]["port"], config["gateway"]["trustedProxies"]
        config["plugins"]["entries"]["discord"]["enabled"] = False
        config["gateway"]["controlUi"]["allowedOrigins"] = []

    session = await broken(services, edited(act), restart=True)
    await mended(session, "proxy-403")


async def test_addresses(services: Services, cloud: Cloud) -> None:
    """New ones: the gateway is told them, or it would take all visitors for one."""
    session = await broken(services, lambda app, _machine: app.update(ips=[]))
    await mended(session, "no-address")
    app = cloud.app("my-app")
    config = json.loads(SimulatedFiles(app, app["machines"][0]).read(CONFIG) or "")
    assert {ip["address"] for ip in app["ips"]} < {*config["gateway"]["trustedProxies"]}


async def test_one_that_is_stopped_on_purpose_stays_so(services: Services, cloud: Cloud) -> None:
    session = await broken(services, lambda app, _machine: app.update(ips=[]))
    id_ = cloud.app("my-app")["machines"][0]["id"]
    await services.fly.cordon_machine("my-app", id_, on=True)
    await services.fly.stop_machine("my-app", id_)
    found = await diagnose(session, "my-app")
    assert found.first == "machine-stopped", told(found)
    desk = FixDesk(session, "my-app", [fix for fix in found.fixes if not fix.asks])
    await desk.plan()
    run = await desk.start()
    assert await ended(run, 200) is JobState.DONE, list(run.new_log())
    app = cloud.app("my-app")
    assert len(app["ips"]) == 2
    assert app["machines"][0]["state"] == "stopped"


def launched(_app: World, machine: World) -> None:
    """`fly launch` wrote its own fly.toml, and it was deployed."""
    for place in (machine, machine["config"]):
        for service in place["services"]:
            service.update(internal_port=8080, autostop=True)
    machine["cmd"] = machine["config"]["init"]["cmd"] = []


async def test_its_fly_toml(services: Services, cloud: Cloud) -> None:
    await mended(await broken(services, launched), "toml-rewritten")


def doors(cloud: Cloud) -> tuple[list[str], list[str]]:
    """What leads to it: the kinds of its addresses, and what Fly's proxy does at its ports."""
    app = cloud.app("my-app")
    ports = [port for service in app["machines"][0]["config"]["services"] for port in service["ports"]]
    return sorted(ip["type"] for ip in app["ips"]), [word for port in ports for word in port["handlers"]]


async def test_addresses_that_could_not_be_read_are_not_taken_for_none(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doctor could not ask for them; the mending asks by itself, and leaves a public gateway public."""
    await broken(services, launched)
    before = doors(cloud)
    cloud.faults(monkeypatch, {"command": "ips list", "times": 1, "exit": 1, "stderr": "Error: trouble\n"})
    await mended(Session(await again(services)), "toml-rewritten")
    assert doors(cloud) == before
    assert "tls" in before[1]
    kept = services.state.load_answers("my-app")
    assert kept is not None
    assert not kept.private


async def test_nothing_is_begun_while_the_addresses_can_not_be_read(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await broken(services, launched)
    cloud.faults(monkeypatch, {"command": "ips list", "times": 99, "exit": 1, "stderr": "Error: trouble\n"})
    session = Session(await again(services))
    desk = FixDesk(session, "my-app", (await diagnose(session, "my-app")).fixes)
    with pytest.raises(FlyError, match="trouble"):
        await desk.plan()
    with pytest.raises(BadInput, match="not known"):
        _ = desk.spec


@pytest.mark.parametrize("private", [False, True], ids=["made private elsewhere", "made public elsewhere"])
async def test_mending_a_file_leaves_who_may_reach_it_in_the_answers(
    services: Services, cloud: Cloud, private: bool
) -> None:
    """It was hardened or exposed from another computer; the answers here say otherwise, and stay as they are."""

    def act(app: World, machine: World) -> None:
        SimulatedFiles(app, machine).set_owner(CONFIG, "0:0")
        if not private:
            app["ips"] = [ip for ip in app["ips"] if ip["type"] == "private_v6"]

    session = await broken(services, act)
    services.state.save_answers(spec_with(private=private))
    before = doors(cloud)
    found = await diagnose(session, "my-app")
    (fix,) = [one for one in found.fixes if one.id == "owner"]
    desk = FixDesk(session, "my-app", [fix])
    await desk.plan()
    assert await ended(await desk.start(), 200) is JobState.DONE
    assert services.state.load_answers("my-app") == spec_with(private=private)
    assert doors(cloud) == before

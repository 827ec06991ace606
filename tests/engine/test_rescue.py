"""A gateway that does not start: reached into, mended, started again. The real runner does it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.demo import gateway, world
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.domain.jobs import JobState
from claw_tui.domain.rescue import in_rescue, refuses_to_start
from claw_tui.engine.delivery import Delivery
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import WISH, assert_whole
from tests.engine.test_delivery import CONFIG, delivery, files, in_machine, outcome

pytestmark = pytest.mark.anyio


def break_it(text: str | None = None, owner: str = "") -> None:
    """The file is changed behind everybody's back, and the machine starts with it until it gives up."""
    with world.opened() as now:
        app = now["apps"]["my-app"]
        machine = app["machines"][0]
        inside = SimulatedFiles(app, machine)
        if text is not None:
            inside.put(CONFIG, text)
        if owner:
            inside.set_owner(CONFIG, owner)
        gateway.start(now, app, machine)
        gateway.refresh(app)


async def test_it_is_seen_that_a_gateway_refuses_to_start(services: Services) -> None:
    await delivery(services)
    assert not refuses_to_start((await services.fly.machines("my-app"))[0])
    break_it("{")
    machine = (await services.fly.machines("my-app"))[0]
    assert machine.state == "stopped"
    assert refuses_to_start(machine)


@pytest.mark.parametrize(("text", "owner", "choice", "said"), [
    (None, "0:0", Delivery.OWNER, "could not be read by the gateway's user"),
    ('{"gateway": {"mode": "local", "bindd": 1}}', "", Delivery.ANSWERS, "Unrecognized key"),
    ("{", "", "backup", "JSON5"),
])  # fmt: skip
async def test_it_is_mended(
    services: Services, cloud: Cloud, text: str | None, owner: str, choice: str, said: str
) -> None:
    found = await delivery(services)
    good = files(cloud)[CONFIG]["text"]
    name = "openclaw.json.before-20260101-000000"
    in_machine(lambda _machine, inside: inside.put(f"/data/{name}", good))
    volume = cloud.app("my-app")["volumes"][0]["id"]
    break_it(text, owner)
    await found.plan_rescue(WISH, Delivery.LOOK)
    state, events, log = await outcome(await found.start())
    assert state is JobState.DONE, events[-3:]
    assert any(said in line for line in log), log
    assert in_rescue((await services.fly.machines("my-app"))[0])
    await found.plan_rescue(WISH, Delivery.PUT + name if choice == "backup" else choice)
    state, events, log = await outcome(await found.start())
    assert state is JobState.DONE, events[-3:]
    assert not in_rescue((await services.fly.machines("my-app"))[0])
    assert json.loads(files(cloud)[CONFIG]["text"]) == json.loads(good)
    assert files(cloud)[CONFIG]["owner"] == "1000:1000"
    assert_whole(cloud)
    assert cloud.app("my-app")["volumes"][0]["id"] == volume


async def test_a_secret_that_is_named_and_not_set_is_told(services: Services, cloud: Cloud) -> None:
    found = await delivery(services)
    config: dict[str, Any] = json.loads(files(cloud)[CONFIG]["text"])
    config["gateway"]["auth"]["token"]["id"] = "NO_SUCH_TOKEN"
    break_it(json.dumps(config))
    await found.plan_rescue(WISH, Delivery.LOOK)
    _state, _events, log = await outcome(await found.start())
    assert any("It takes NO_SUCH_TOKEN from a secret that is not set" in line for line in log), log


async def test_two_machines_are_left_alone(services: Services) -> None:
    found = await delivery(services)
    break_it("{")
    with world.opened() as now:
        machines = now["apps"]["my-app"]["machines"]
        machines.append({**machines[0], "id": "148e000000000b", "mounts": []})
    await found.plan_rescue(replace(WISH), Delivery.LOOK)
    state, events, _log = await outcome(await found.start())
    assert state is JobState.FAILED
    assert "2 machines" in events[-2].message
    assert not [m for m in await services.fly.machines("my-app") if in_rescue(m)]

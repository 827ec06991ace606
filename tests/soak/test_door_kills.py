"""Killed while a gateway is made private, or public again: the next run goes on and ends as it was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claw_tui.domain.jobs import JobState, Task
from claw_tui.engine.door_desk import DoorDesk
from claw_tui.ports import RunHandle, Services
from tests.conftest import Cloud
from tests.engine.rig import WISH, assert_no_canary, have_gateway
from tests.engine.test_delivery import CONFIG, files
from tests.engine.test_hardening import APP, change, gateway_section, ips, machine_without_door
from tests.engine.test_run import again
from tests.engine.test_update import session
from tests.soak.test_kills import Point, killed_once

pytestmark = [pytest.mark.anyio, pytest.mark.soak]


def points(commands: tuple[tuple[str, int], ...], steps: tuple[str, ...]) -> list[Point]:
    calls = [
        Point(WISH, command, when, nth, flyctl_too=too)
        for command, count in commands
        for nth in range(count)
        for when in ("before", "after")
        for too in (False, True)
    ]
    return [*calls, *(Point(WISH, step=step, when=when) for step in steps for when in ("running", "done"))]


HARDEN = points(
    (("ips allocate-v6", 1), ("deploy", 1), ("machine exec", 4), ("ips release", 2)),
    ("remember-doors", "private-address", "deploy", "no-public-addresses", "write-config", "await-answer", "prove-private"),
)  # fmt: skip
EXPOSE = points(
    (("deploy", 1), ("ips allocate-v4", 1), ("ips allocate-v6", 1), ("machine exec", 4), ("ips release", 1)),
    ("deploy", "public-addresses", "write-config", "await-answer", "await-name", "no-private-address"),
)


async def killed(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, folder: Path, task: Task
) -> None:
    """Begin, kill, go on as R on the Deploy screen does; it ends well."""
    desk = DoorDesk(session(services), APP)
    await desk.look()
    spec = desk.spec(task)

    async def begin() -> RunHandle:
        one = session(await again(services))
        await one.plan_for(spec, task)
        return await one.start_run()

    state, events = await killed_once(point, cloud, monkeypatch, folder, begin, begin, 120)
    assert state is JobState.DONE, (str(point), [(e.step, e.state, e.message) for e in events[-4:]])


@pytest.mark.parametrize("point", HARDEN, ids=str)
async def test_on_the_way_in(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await have_gateway(services)
    before = machine_without_door(cloud)
    await killed(point, services, cloud, monkeypatch, tmp_path, Task.HARDEN)
    assert ips(cloud) == ["private_v6"], "nothing public, and nothing twice"
    assert machine_without_door(cloud) == before
    assert "publicOrigin" not in gateway_section(cloud)
    known = services.state.load_answers(APP)
    assert known is not None
    assert known.private
    assert_no_canary(tmp_path)


@pytest.mark.parametrize("point", EXPOSE, ids=str)
async def test_on_the_way_out(
    point: Point, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await have_gateway(services)
    before, doors = machine_without_door(cloud), cloud.app(APP)["machines"][0]["services"]
    assert (await change(services, Task.HARDEN))[0] is JobState.DONE
    await killed(point, services, cloud, monkeypatch, tmp_path, Task.EXPOSE)
    assert ips(cloud) == ["shared_v4", "v6"]
    assert machine_without_door(cloud) == before
    assert cloud.app(APP)["machines"][0]["services"] == doors
    own = sorted(ip["address"] for ip in cloud.app(APP)["ips"] if ip["type"] != "private_v6")
    assert json.loads(files(cloud)[CONFIG]["text"])["gateway"]["trustedProxies"] == ["172.16.0.0/16", *own]
    assert_no_canary(tmp_path)

"""Stopped, asleep, started again and anew: the machine's own self stays, and the proxy does not undo it."""

from __future__ import annotations

import asyncio

import pytest

from claw_tui.demo import cloud_machines, world
from claw_tui.domain.errors import BadInput, Busy
from claw_tui.domain.jobs import JobEvent, JobState
from claw_tui.domain.power import RESTART, SLEEP, START, STOP, newest_start
from claw_tui.engine.power_desk import PowerDesk
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import WISH, assert_whole, carry_out, ended, have_gateway
from tests.engine.test_hardening import have_guides, machine_without_door
from tests.engine.test_run import again

pytestmark = pytest.mark.anyio
APP = "my-app"
ADDRESS = "https://my-app.fly.dev"


async def power(services: Services, choice: str) -> tuple[JobState, list[JobEvent], PowerDesk]:
    """As Home does it."""
    desk = PowerDesk(Session(await again(services)), APP)
    await desk.look()
    await desk.plan(choice)
    run = await desk.start()
    state = await ended(run)
    return state, list(run.new_events()), desk


def machine(cloud: Cloud) -> tuple[str, bool]:
    found = cloud.app(APP)["machines"][0]
    return found["state"], bool(found.get("cordoned"))


async def test_stopped_is_stopped_and_started_is_as_before(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    before = machine_without_door(cloud)
    state, events, desk = await power(services, STOP)
    assert state is JobState.DONE, events[-2:]
    assert machine(cloud) == ("stopped", True)
    assert not (await services.web.health(ADDRESS)).json_ok
    assert machine(cloud) == ("stopped", True), "a request does not start it"
    await desk.look()
    assert desk.rests
    state, events, _desk = await power(services, START)
    assert state is JobState.DONE, events[-2:]
    assert machine(cloud) == ("started", False)
    assert machine_without_door(cloud) == before
    assert_whole(cloud)
    assert (await services.web.health(ADDRESS)).json_ok


async def test_one_that_sleeps_is_woken_by_a_request(services: Services, cloud: Cloud) -> None:
    await have_guides(services, cloud)
    state, events, _desk = await power(services, SLEEP)
    assert state is JobState.DONE, events[-2:]
    assert machine(cloud) == ("stopped", False)
    await services.web.health(ADDRESS)
    assert machine(cloud) == ("started", False)


async def test_a_deploy_puts_it_back_on_the_proxy(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    assert (await power(services, STOP))[0] is JobState.DONE
    state, events = await carry_out(await again(services), WISH)
    assert state is JobState.DONE, events[-2:]
    assert machine(cloud) == ("started", False)
    assert_whole(cloud)


async def test_anew_once(services: Services, cloud: Cloud) -> None:
    """Going on with the same run does not restart it a second time."""
    await have_gateway(services)
    known = (await services.fly.machines(APP))[0]
    state, events, _desk = await power(services, RESTART)
    assert state is JobState.DONE, events[-2:]
    started = newest_start((await services.fly.machines(APP))[0])
    assert started > newest_start(known)
    session = Session(await again(services))
    session.run = services.runs.latest(APP)
    await session.plan_again()
    assert await ended(await session.start_run()) is JobState.DONE
    assert newest_start((await services.fly.machines(APP))[0]) == started


async def test_somebody_who_starts_it_in_between_is_told(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await have_gateway(services)
    original = cloud_machines.start
    with world.opened() as now:
        app = now["apps"][APP]
        original(now, app, app["machines"][0])
    cloud.faults(monkeypatch, {"command": "machine stop", "when": "before", "exit": 0, "stdout": "stopped\n"})
    state, events, _desk = await power(services, SLEEP)
    assert state is JobState.FAILED
    assert "It does not stay stopped" in events[-2].message


async def test_what_can_not_be_stopped(services: Services, cloud: Cloud) -> None:
    with pytest.raises(BadInput, match="There is no app"):
        await PowerDesk(Session(services), APP).look()


async def test_one_that_was_started_by_hand_is_put_back_on_the_proxy(
    services: Services, cloud: Cloud
) -> None:
    await have_gateway(services)
    assert (await power(services, STOP))[0] is JobState.DONE
    await services.fly.start_machine(APP, cloud.app(APP)["machines"][0]["id"])
    assert machine(cloud) == ("started", True)
    desk = PowerDesk(Session(await again(services)), APP)
    await desk.look()
    assert desk.rests, "P starts it: it is not reached"
    state, events, _desk = await power(services, START)
    assert state is JobState.DONE, events[-2:]
    assert machine(cloud) == ("started", False)


async def test_nobody_restarts_it_in_the_midst_of_a_run(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key T does not wait for a lease that the run has not taken yet."""
    await have_gateway(services)
    gate = cloud.hold(monkeypatch, "machine stop")
    desk = PowerDesk(Session(await again(services)), APP)
    await desk.look()
    await desk.plan(STOP)
    run = await desk.start()
    try:
        while not gate.is_reached():
            await asyncio.sleep(0.02)
        session = Session(services)
        with pytest.raises(Busy, match="A run for my-app is going on already"):
            await session.restart_machine(APP, cloud.app(APP)["machines"][0]["id"])
    finally:
        gate.open()
        await ended(run)
    assert "restart" not in [event["type"] for event in cloud.app(APP)["machines"][0]["events"]]

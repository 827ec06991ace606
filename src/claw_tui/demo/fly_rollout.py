"""How flyctl updates a machine and waits for it: with a lease, in one of two ways that say different words."""

from __future__ import annotations

import time
from collections.abc import Callable

from claw_tui.demo import cloud, cloud_machines, gateway, gateway_net, world
from claw_tui.demo.app_config import seconds
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.world import World

TRIES = 3  # of a deploy's request for an update, whatever --deploy-retries says
UPDATE_LEASE = 13.0  # seconds; refreshed while an update goes on
NOT_LISTENING = (
    "\nWARNING The app is not listening on the expected address and will not be reachable by fly-proxy.\n"
    "You can fix this by configuring your app to listen on the following addresses:\n  - 0.0.0.0:{port}\n"
)
Change = Callable[
    ..., None
]  # of the world, the app and the machine; with ``launch``: whether it is to run then


def update(session: Session, name: str, change: Change) -> None:
    """Update the machines, one after another; one that is stopped stays so. What no deploy made is left alone.

    Only a deploy that may try again (--deploy-retries) gives a cancelled one's lease back.
    """
    in_steps = session.parsed.text("deploy-retries") not in ("", "0", "auto")
    with world.opened(change=False) as now:
        found = [str(m["id"]) for m in now["apps"][name]["machines"] if _is_deployed(m)]
    for machine_id in found:
        try:
            (_in_steps if in_steps else _plainly)(session, name, machine_id, change)
        except KeyboardInterrupt:
            if in_steps:
                _give_back(name, machine_id)
            raise
        _give_back(name, machine_id)


def _is_deployed(machine: World) -> bool:
    """Others have no process group (`fly machine run`)."""
    return "fly_process_group" in (machine["config"].get("metadata") or {})


def _send(session: Session, name: str, machine_id: str, change: Change) -> bool:
    """Ask for the change; returns whether the machine is to run then."""
    with world.opened(change=False) as now:
        launch = bool(cloud_machines.machine_of(now["apps"][name], machine_id)["state"] == "started")

    def request(now: World) -> None:
        app = cloud.app_of(now, name)
        change(now, app, cloud_machines.machine_of(app, machine_id), launch=launch)

    doing = f"failed to update VM {machine_id}"
    session.send(f"POST /v1/apps/{name}/machines/{machine_id}", request, doing=doing, graph=False, seconds=0)
    return launch


def _in_steps(session: Session, name: str, machine_id: str, change: Change) -> None:
    _lease_in_steps(session, name, machine_id)
    for left in reversed(range(TRIES)):
        session.say(f"> Updating machine config for {machine_id}\n> Updating {machine_id} [app]")
        try:
            launch = _send(session, name, machine_id, change)
        except FlyFailure as failed:
            session.say(f"✖ {failed}")
            doing = f"failed to update machine {machine_id}: {failed}"
            session.mutter(f"Failed to update machines: {doing}{' Retrying...' if left else ''}")
            if left:
                continue
            _clear(session, machine_id)
            _give_back(name, machine_id)
            raise FlyFailure(doing) from failed
        break
    session.say(f"> Updated machine config for {machine_id}")
    _watch_in_steps(session, name, machine_id, launch=launch)


def _plainly(session: Session, name: str, machine_id: str, change: Change) -> None:
    _lease_plainly(session, name, machine_id)
    try:
        launch = _send(session, name, machine_id, change)
    except FlyFailure as failed:
        session.say(f"✖ Machine {machine_id} [app] update failed: {failed}")
        raise
    _watch_plainly(session, name, machine_id, launch=launch)


def _lease(name: str, machine_id: str) -> None:
    """Raises FlyFailure while somebody else has it."""
    with world.opened() as now:
        try:
            cloud_machines.take_lease(
                cloud_machines.machine_of(now["apps"][name], machine_id),
                now["email"],
                world.lasts(UPDATE_LEASE),
            )
        except cloud.Refusal as refusal:
            raise FlyFailure(f"failed to get lease on VM {machine_id}: {refusal}") from refusal


def _give_back(name: str, machine_id: str) -> None:
    with world.opened() as now:
        machine = cloud_machines.machine_of(now["apps"][name], machine_id)
        if machine["lease"] and machine["lease"]["owner"] == now["email"]:
            machine["lease"] = None


def _lease_in_steps(session: Session, name: str, machine_id: str) -> None:
    session.say(f"Updating existing machines in '{name}' with rolling strategy")
    session.say(f"> Acquiring lease for {machine_id}")
    try:
        _lease(name, machine_id)
    except FlyFailure as failed:
        session.say(f"✖ Failed to acquire lease for {machine_id}: Unrecoverable error: {failed}")
        raise FlyFailure(f"failed to acquire leases: Unrecoverable error: {failed}") from failed
    session.say(f"> Acquired lease for {machine_id}")


def _watch_in_steps(session: Session, name: str, machine_id: str, *, launch: bool) -> None:
    session.say(f"> Waiting for machine {machine_id} to reach a good state")
    if launch:
        world.wait(4)
        session.say(
            f"> Machine {machine_id} reached started state\n> Running smoke checks on machine {machine_id}"
        )
        session.say(
            f"> Running machine checks on machine {machine_id}\n> Checking health of machine {machine_id}"
        )
        wait_until_healthy(session, name, machine_id)
    else:
        session.say(f"> Machine {machine_id} reached stopped state")
    session.say(f"✔ Machine {machine_id} is now in a good state")
    _clear(session, machine_id)


def _clear(session: Session, machine_id: str) -> None:
    session.say(f"> Clearing lease for {machine_id}\n✔ Cleared lease for {machine_id}")


def _lease_plainly(session: Session, name: str, machine_id: str) -> None:
    try:
        _lease(name, machine_id)
    except FlyFailure as failed:
        session.noise("warn", f"failed to acquire lease: {failed}")
        raise
    session.say(f"Updating existing machines in '{name}' with rolling strategy")
    session.say(f"> Updating {machine_id} [app]\n> Updating {machine_id} [app]")


def _watch_plainly(session: Session, name: str, machine_id: str, *, launch: bool) -> None:
    if launch:
        world.wait(4)
        session.say(f"> Waiting for {machine_id} [app] to have state: started")
        session.say(f"> Machine {machine_id} [app] has state: started")
        session.say(f"> Checking that {machine_id} [app] is up and running")
        wait_until_healthy(session, name, machine_id)
        session.say(f"> Waiting for {machine_id} [app] to become healthy: 1/1\n")
    session.say(f"✔ Machine {machine_id} [app] update succeeded")


def _crashing(machine: World) -> str:
    """Flyctl shows the last lines of the log with it."""
    why = f"smoke checks for {machine['id']} failed: the app appears to be crashing"
    lines = "\n".join(line["message"] for line in machine["log"] if line["at"] <= time.time())
    look = f"Check its logs: here's the last lines below, or run 'fly logs -i {machine['id']}':"
    return f"{why}\n{why.capitalize()}\n{look}\n{lines}"


def wait_until_healthy(session: Session, name: str, machine_id: str) -> None:
    """A smoke check, then the configured checks until they pass or the time is over."""
    limit = 60 if "unhealthy" in name else seconds(session.parsed.text("wait-timeout") or "5m")
    end = time.monotonic() + world.lasts(limit)
    while True:
        with world.opened() as now:
            app = cloud.app_of(now, name)
            machine = cloud_machines.machine_of(app, machine_id)
            gone = machine["state"] != "started" and not gateway.comes_back(machine)
            if gone or gateway.is_crashing(machine):
                raise FlyFailure(_crashing(machine))
            checks = gateway.checks(machine)
            if all(check["status"] == "passing" for check in checks):
                port = next((service["internal_port"] for service in machine["services"]), 3000)
                if not checks and not gateway_net.answers_outside(machine, port):
                    session.mutter(NOT_LISTENING.format(port=port))
                return
        if time.monotonic() >= end:
            raise FlyFailure(
                f"timeout reached waiting for health checks to pass for machine {machine_id}: context deadline exceeded"
            )
        time.sleep(0.1)

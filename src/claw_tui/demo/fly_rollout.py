"""How flyctl updates a machine and waits for it: with a lease, in one of two ways that say different words."""

from __future__ import annotations

import time
from collections.abc import Callable

from claw_tui.demo import cloud, cloud_machines, gateway, world
from claw_tui.demo.app_config import seconds
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.world import World

UPDATE_LEASE = 13.0  # seconds; refreshed while an update goes on
NOT_LISTENING = (
    "\nWARNING The app is not listening on the expected address and will not be reachable by fly-proxy.\n"
    "You can fix this by configuring your app to listen on the following addresses:\n  - 0.0.0.0:3000\n"
)
Change = Callable[[World, World, World], None]


def update(session: Session, name: str, change: Change) -> None:
    """Update the one machine. Only a deploy that may try again (--deploy-retries) gives a cancelled one's lease back."""
    retries = session.parsed.text("deploy-retries") not in ("", "0", "auto")
    with world.opened(change=False) as now:
        machine_id = str(now["apps"][name]["machines"][0]["id"])
    try:
        (_lease_in_steps if retries else _lease_plainly)(session, name, machine_id)
        with world.opened() as now:
            app = now["apps"][name]
            change(now, app, cloud_machines.machine_of(app, machine_id))
        (_watch_in_steps if retries else _watch_plainly)(session, name, machine_id)
    except KeyboardInterrupt:
        if retries:
            _give_back(name, machine_id)
        raise
    _give_back(name, machine_id)


def _lease(name: str, machine_id: str) -> None:
    """Raises FlyFailure while somebody else has it."""
    with world.opened() as now:
        try:
            cloud_machines.take_lease(
                cloud_machines.machine_of(now["apps"][name], machine_id), now["email"], UPDATE_LEASE
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
    session.say(f"> Acquired lease for {machine_id}\n> Updating machine config for {machine_id}")


def _watch_in_steps(session: Session, name: str, machine_id: str) -> None:
    session.say(f"> Updating {machine_id} [app]\n> Updated machine config for {machine_id}")
    session.say(f"> Waiting for machine {machine_id} to reach a good state")
    world.wait(4)
    session.say(
        f"> Machine {machine_id} reached started state\n> Running smoke checks on machine {machine_id}"
    )
    session.say(
        f"> Running machine checks on machine {machine_id}\n> Checking health of machine {machine_id}"
    )
    wait_until_healthy(session, name, machine_id)
    session.say(f"✔ Machine {machine_id} is now in a good state")
    session.say(f"> Clearing lease for {machine_id}\n✔ Cleared lease for {machine_id}")


def _lease_plainly(session: Session, name: str, machine_id: str) -> None:
    try:
        _lease(name, machine_id)
    except FlyFailure as failed:
        session.noise("warn", f"failed to acquire lease: {failed}")
        raise
    session.say(f"Updating existing machines in '{name}' with rolling strategy")
    session.say(f"> Updating {machine_id} [app]\n> Updating {machine_id} [app]")


def _watch_plainly(session: Session, name: str, machine_id: str) -> None:
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
            checked = any(service.get("checks") for service in machine["services"])
            if not checked or gateway.check(machine)["status"] == "passing":
                if not checked and not gateway.listening(machine):
                    session.mutter(NOT_LISTENING)
                return
        if time.monotonic() >= end:
            raise FlyFailure(
                f"timeout reached waiting for health checks to pass for machine {machine_id}: context deadline exceeded"
            )
        time.sleep(0.1)

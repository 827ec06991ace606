"""machine list/exec/restart/start/destroy/update/leases."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from contextlib import suppress

from claw_tui.demo import cloud, cloud_machines, world
from claw_tui.demo.cloud import Refusal
from claw_tui.demo.fly_sizes import change_guest, check_guest
from claw_tui.demo.fly_waiting import settled, wait_for_checks, wait_for_start
from claw_tui.demo.in_machine import run_in_machine
from claw_tui.demo.session import FlyFailure, Session, failure
from claw_tui.demo.world import World

EXEC_SECONDS = 30.0  # Fly ends an exec after this long


NOT_FOUND = "machine {id} was not found in app '{app}'"


def machine_list(session: Session) -> None:
    with session.app(graph=False, doing="failed to list VMs", path="/machines") as (_now, app):
        session.print_json([cloud_machines.document(machine) for machine in app["machines"]])


def getting(session: Session) -> str:
    """What is going on while a machine is looked up."""
    wanted = (session.parsed.args or [""])[0]
    return f"could not get machine {wanted}: failed to get VM {wanted}" if wanted else ""


def machine_exec(session: Session) -> None:
    parsed = session.parsed
    if len(parsed.args) < 2:
        raise FlyFailure("a machine ID must be specified when not running interactively")
    with session.app(graph=False, doing=getting(session), path="/machines") as (_now, app):
        machine_id, name = session.machine(app, missing=NOT_FOUND)["id"], app["name"]
    command = parsed.args[1]

    def act(now: World) -> World:
        found = cloud.app_of(now, name)
        machine = cloud_machines.machine_of(found, machine_id)
        return run_in_machine(now, found, machine, command, float(parsed.text("timeout") or 0))

    doing = f"could not exec command on machine {machine_id}: failed to exec on VM {machine_id}"
    request = f"POST /v1/apps/{name}/machines/{machine_id}/exec"
    session.print_json(session.send(request, act, doing=doing, graph=False, seconds=0))


def lease(session: Session) -> World:
    """Take the machine's lease (after at most a minute of asking); returns the machine as it is."""
    with session.app(graph=False, doing=getting(session), path="/machines") as (now, app):
        machine = session.machine(app, missing=NOT_FOUND)
        try:
            cloud_machines.take_lease(machine, now["email"], 120)
        except Refusal as refusal:
            session.say(f"Waiting on lease for machine {machine['id']}...")
            world.wait(60)
            doing = f"failed to obtain lease: failed to get lease on VM {machine['id']}"
            raise failure(refusal, doing) from refusal
        return machine


def give_back(session: Session, machine_id: str) -> None:
    with world.opened() as now:
        cloud_machines.machine_of(now["apps"][session.app_name()], machine_id)["lease"] = None


def _ask(
    session: Session, machine_id: str, what: str, act: Callable[[World, World, World], None], doing: str
) -> None:
    """Ask the Machines API to do something to a machine."""
    name = session.app_name()

    def request(now: World) -> None:
        app = cloud.app_of(now, name)
        act(now, app, cloud_machines.machine_of(app, machine_id))

    session.send(
        f"POST /v1/apps/{name}/machines/{machine_id}{what}", request, doing=doing, graph=False, seconds=0
    )


def machine_restart(session: Session) -> None:
    machine_id = lease(session)["id"]
    try:
        session.say(f"Restarting machine {machine_id}")
        failed = f"failed to restart machine {machine_id}: "
        doing = f"{failed}could not stop machine {machine_id}: failed to restart VM {machine_id}"
        _ask(session, machine_id, "/restart", cloud_machines.restart, doing)
        wait_for_start(session, machine_id, failed)
        if not session.has("skip-health-checks"):
            wait_for_checks(session, machine_id, f"{failed}failed to wait for health checks to pass")
    finally:
        give_back(session, machine_id)
    session.say(f"Machine {machine_id} restarted successfully!")


def machine_destroy(session: Session) -> None:
    """Its lease goes with it, which flyctl then can't give back."""
    name, machine = session.app_name(), lease(session)
    machine_id, kill = machine["id"], session.has("force")
    gone = f"failed to release lease for machine {machine_id}: machine not found"
    if machine["state"] == "started" and not kill:
        give_back(session, machine_id)
        raise FlyFailure(f"machine {machine_id} currently started, either stop first or use --force flag")
    session.say(
        f"machine {machine_id} was found and is currently in {machine['state']} state, attempting to destroy..."
    )

    def destroy(now: World) -> None:
        try:
            cloud_machines.destroy(cloud.app_of(now, name), machine_id, kill=kill)
        except Refusal as refusal:
            session.say(gone)
            raise FlyFailure(NOT_FOUND.format(id=machine_id, app=name)) from refusal

    doing = f"could not destroy machine {machine_id}: failed to destroy VM {machine_id}"
    request = f"DELETE /v1/apps/{name}/machines/{machine_id}"
    try:
        session.send(request, destroy, doing=doing, graph=False, seconds=2)
    except FlyFailure:
        with suppress(Refusal):
            give_back(session, machine_id)
        raise
    session.say(f"{machine_id} has been destroyed\n{gone}")


def machine_start(session: Session) -> None:
    """It does not wait until the machine runs."""
    name, machine_id = session.app_name(), lease(session)["id"]

    def start(now: World) -> None:
        app = cloud.app_of(now, name)
        cloud_machines.start(now, app, cloud_machines.machine_of(app, machine_id))

    request = f"POST /v1/apps/{name}/machines/{machine_id}/start"
    doing = f"could not start machine {machine_id}: failed to start VM {machine_id}"
    try:
        session.send(request, start, doing=doing, graph=False, seconds=0)
    finally:
        give_back(session, machine_id)
    session.say(f"{machine_id} has been started")


def machine_update(session: Session) -> None:
    """With --yes it always restarts, also when nothing changes; the next deploy overwrites what it changed."""
    parsed = session.parsed
    machine = lease(session)
    machine_id, config = machine["id"], json.loads(json.dumps(machine["config"]))
    try:
        change_guest(config["guest"], parsed.text("vm-size"), parsed.text("vm-memory"))
        check_guest(config["guest"])
        for variable in parsed.texts("env"):
            key, _sep, value = variable.partition("=")
            config.setdefault("env", {})[key] = value
        if "--command" in parsed.values:
            config["init"]["cmd"] = shlex.split(parsed.text("command"))
        if parsed.text("entrypoint"):  # an empty one changes nothing
            config["init"]["entrypoint"] = shlex.split(parsed.text("entrypoint"))
        session.needs_yes()
        session.say(f"Updating machine {machine_id}")
        doing = f"could not update machine {machine_id}: failed to update VM {machine_id}"
        _ask(
            session,
            machine_id,
            "",
            lambda now, app, found: cloud_machines.change(now, app, found, config),
            doing,
        )
        if settled(session, machine_id) == "started" and not session.has("skip-health-checks"):
            wait_for_checks(session, machine_id, "failed to wait for health checks to pass")
    finally:
        give_back(session, machine_id)
    page = f"https://fly.io/apps/{session.app_name()}/machines/{machine_id}"
    session.say(f"Machine {machine_id} updated successfully!\n\nMonitor machine status here:\n{page}")


def leases_view(session: Session) -> None:
    if not session.parsed.args:
        raise FlyFailure("a machine ID must be specified when not running interactively")
    name, found = session.app_name(), {}
    for wanted in session.parsed.args:
        with session.app(graph=False, doing=getting(session), path="/machines") as (_now, app):
            if wanted not in [machine["id"] for machine in app["machines"]]:
                raise FlyFailure(NOT_FOUND.format(id=wanted, app=name))

        def find(now: World, wanted: str = wanted) -> World:
            return cloud_machines.machine_of(cloud.app_of(now, name), wanted)

        request = f"GET /v1/apps/{name}/machines/{wanted}/lease"
        machine = session.send(request, find, doing=f"failed to get lease on VM {wanted}", graph=False)
        if cloud_machines.lease_of(machine) is not None:
            found[wanted] = cloud_machines.lease_document(machine)
    session.print_json(found)


def leases_clear(session: Session) -> None:
    name = session.app_name()
    for wanted in session.parsed.args:
        doing = f"failed to get lease on VM {wanted}"
        request = f"GET /v1/apps/{name}/machines/{wanted}/lease"

        def find(now: World, wanted: str = wanted) -> World:
            return cloud_machines.machine_of(cloud.app_of(now, name), wanted)

        machine = session.send(request, find, doing=doing, graph=False)
        if machine["lease"]:
            give_back(session, wanted)
            session.say(f"clearing lease for machine {wanted}")
    session.say("Lease(s) cleared")


COMMANDS = {
    "machine list": machine_list, "machine exec": machine_exec, "machine restart": machine_restart,
    "machine start": machine_start, "machine destroy": machine_destroy, "machine update": machine_update,
    "machine leases view": leases_view, "machine leases clear": leases_clear,
}  # fmt: skip

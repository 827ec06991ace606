"""machine list/exec/restart/update/leases, logs, ssh console."""

from __future__ import annotations

import json
import os
import shlex
import time
from collections.abc import Callable

from claw_tui.demo import agent, cloud, cloud_machines, gateway, world
from claw_tui.demo.cloud import Refusal
from claw_tui.demo.in_machine import run_in_machine
from claw_tui.demo.session import FlyFailure, Session, failure
from claw_tui.demo.world import World

EXEC_SECONDS = 30.0  # Fly ends an exec after this long


NOT_FOUND = "machine {id} was not found in app '{app}'"


def machine_list(session: Session) -> None:
    with session.app(graph=False, doing="failed to list VMs", path="/machines") as (_now, app):
        session.print_json([cloud_machines.document(machine) for machine in app["machines"]])


def _getting(session: Session) -> str:
    """What is going on while a machine is looked up."""
    wanted = (session.parsed.args or [""])[0]
    return f"could not get machine {wanted}: failed to get VM {wanted}" if wanted else ""


def machine_exec(session: Session) -> None:
    parsed = session.parsed
    with session.app(graph=False, doing=_getting(session), path="/machines") as (_now, app):
        machine_id, name = session.machine(app, missing=NOT_FOUND)["id"], app["name"]
    command = parsed.args[1] if len(parsed.args) > 1 else ""

    def act(now: World) -> World:
        found = cloud.app_of(now, name)
        machine = cloud_machines.machine_of(found, machine_id)
        return run_in_machine(now, found, machine, command, float(parsed.text("timeout") or 0))

    doing = f"could not exec command on machine {machine_id}: failed to exec on VM {machine_id}"
    request = f"POST /v1/apps/{name}/machines/{machine_id}/exec"
    session.print_json(session.send(request, act, doing=doing, graph=False, seconds=0))


def _leased(session: Session, act: Callable[[World, World, World], None]) -> str:
    """Take the machine's lease (for at most a minute of asking), do something to it, and give the lease back."""
    with session.app(graph=False, doing=_getting(session), path="/machines") as (now, app):
        machine = session.machine(app, missing=NOT_FOUND)
        machine_id = str(machine["id"])
        try:
            cloud_machines.take_lease(machine, now["email"], 120)
        except Refusal as refusal:
            session.say(f"Waiting on lease for machine {machine_id}...")
            world.wait(60)
            raise failure(
                refusal, f"failed to obtain lease: failed to get lease on VM {machine_id}"
            ) from refusal
        try:
            act(now, app, machine)
        finally:
            machine["lease"] = None
    world.wait(4)
    session.mutter(f"  Waiting for {machine_id} to become healthy (started, 1/1)\n")
    return machine_id


def machine_restart(session: Session) -> None:
    def act(now: World, app: World, machine: World) -> None:
        session.say(f"Restarting machine {machine['id']}")
        cloud_machines.restart(now, app, machine)

    session.say(f"Machine {_leased(session, act)} restarted successfully!")


def machine_update(session: Session) -> None:
    """With --yes it always restarts, also when nothing changes; the next deploy overwrites what it changed."""
    parsed = session.parsed

    def act(now: World, app: World, machine: World) -> None:
        config = json.loads(json.dumps(machine["config"]))
        memory = parsed.text("vm-memory")
        if memory:
            _check_memory(config["guest"], int(memory.removesuffix("mb")))
            config["guest"]["memory_mb"] = int(memory.removesuffix("mb"))
        if "--command" in parsed.values:
            config["init"]["cmd"] = shlex.split(parsed.text("command"))
        session.needs_yes()
        session.say(f"Updating machine {machine['id']}")
        cloud_machines.change(now, app, machine, config)

    machine_id = _leased(session, act)
    page = f"https://fly.io/apps/{session.app_name()}/machines/{machine_id}"
    session.say(f"Machine {machine_id} updated successfully!\n\nMonitor machine status here:\n{page}")


def _check_memory(guest: World, wanted: int) -> None:
    """Flyctl's own rule, before Fly.io is asked."""
    most = guest["cpus"] * 2048
    if guest["cpu_kind"] == "shared" and wanted > most:
        raise FlyFailure(
            f"memory size for config is too high\nFor shared VMs with {guest['cpus']} CPUs, {wanted}MiB of memory is too high\n\n"
            f"Try setting memory to a value <= {most}MiB for the config changes requested\n"
            "View more information at  https://fly.io/docs/machines/guides-examples/machine-sizing/\n"
        )


def leases_clear(session: Session) -> None:
    doing = f"failed to get lease on VM {session.parsed.args[0]}"
    with session.app(graph=False, doing=doing, path="/machines") as (_now, app):
        for wanted in session.parsed.args:
            machine = next((m for m in app["machines"] if m["id"] == wanted), None)
            if machine and machine["lease"]:
                machine["lease"] = None
                session.say(f"clearing lease for machine {wanted}")
    session.say("Lease(s) cleared")


def _log_document(machine: World, line: World) -> str:
    return json.dumps(
        {
            "level": line["level"], "instance": machine["id"], "message": line["message"], "region": machine["region"],
            "timestamp": gateway.stamp(line["at"]),
            "meta": {
                "Instance": machine["id"], "Region": machine["region"], "Event": {"Provider": line["provider"]},
                "HTTP": {"Request": {"ID": "", "Method": "", "Version": ""}, "Response": {"status_code": 0}},
                "Error": {"Code": 0, "Message": ""}, "URL": {"Full": ""},
            },
        },
        indent=4,
    )  # fmt: skip


def _log_line(machine: World, line: World) -> str:
    """For people: always in colour, and no space before the message."""
    green, end = "\x1b[32m", "\x1b[0m"
    return (
        f"\x1b[2m{gateway.stamp(line['at'])}{end} {line['provider']}[{green}{machine['id']}{end}] {green}{machine['region']}{end}"
        f" [{line['level']}]{line['message']}"
    )


def logs(session: Session) -> None:
    """Documents one after another, each over several lines. Without a line to show it waits, also with --no-tail.

    Followed, flyctl starts its agent, to get the lines by WireGuard too.
    """
    seen, once = 0.0, session.has("no-tail")
    show = _log_document if session.has("json") else _log_line
    name = session.app_name()
    session.send(f"GET /api/v1/apps/{name}/logs", _known(name), graph=False)
    if not once:
        agent.start(os.environ.get("FLY_CONFIG_DIR") or os.path.expanduser("~/.fly"))
    while True:
        with world.opened() as now:
            app = cloud.app_of(now, name)
            new = [
                (m, line) for m in app["machines"] for line in m["log"] if seen < line["at"] <= time.time()
            ]
            text = [show(m, line) for m, line in sorted(new, key=lambda pair: pair[1]["at"])]
        for document in text[-100:] if once else text:
            session.say(document)
        if new:
            seen = max(line["at"] for _machine, line in new)
            if once:
                return
        if os.getppid() == 1:
            return  # whoever asked is gone
        time.sleep(0.2)


def _known(name: str) -> Callable[[World], None]:
    def find(now: World) -> None:
        if name not in now["apps"]:
            raise Refusal(404, "404 Not Found")

    return find


COMMANDS = {
    "machine list": machine_list, "machine exec": machine_exec, "machine restart": machine_restart,
    "machine update": machine_update, "machine leases clear": leases_clear, "logs": logs,
}  # fmt: skip

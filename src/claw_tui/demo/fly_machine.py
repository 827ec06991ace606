"""machine list/exec/restart/update/leases, logs, ssh console."""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from collections.abc import Callable

from claw_tui.demo import agent, cloud, cloud_machines, gateway, world
from claw_tui.demo.cloud import Refusal
from claw_tui.demo.coreutils import Coreutils
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.node import make_node
from claw_tui.demo.openclaw import OpenclawCli
from claw_tui.demo.session import FlyFailure, Session, failure
from claw_tui.demo.shell import Builtin, Shell, Streams
from claw_tui.demo.world import World

EXEC_SECONDS = 30.0  # Fly ends an exec after this long


def make_shell(now: World, app: World, machine: World, files: SimulatedFiles) -> Shell:
    """A shell in the machine, as root; what the gateway's process knows is in /proc as on any Linux."""
    token = app["secrets"].get(gateway.TOKEN, {}).get("digest", "")
    environ = {**machine["env"], gateway.TOKEN: f"sim-{token}"}
    files.mount_virtual("/proc/1/environ", "PATH=/bin\0")
    if gateway.listening(machine):
        files.mount_virtual(
            "/proc/640/environ", "\0".join(f"{name}={value}" for name, value in environ.items()) + "\0"
        )
    commands: dict[str, Builtin] = {
        **Coreutils(files).table(),
        "openclaw": OpenclawCli(now, app, machine, files),
        "node": make_node(machine),
    }
    shell = Shell(files, commands, {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/root"})

    def run_argv(argv: list[str], streams: Streams, env: dict[str, str]) -> int:
        """env, setpriv and sh: they run another program."""
        while argv and ("=" in argv[0] or argv[0].startswith("-")):
            if argv[0].startswith("--re"):
                argv = argv[2:]
                continue
            name, sep, value = argv[0].partition("=")
            if sep and not name.startswith("-"):
                env = {**env, name: value}
            argv = argv[1:]
        if not argv or argv[0] not in commands:
            streams.err += f"{argv[:1]}: not found\n"
            return 127
        return commands[argv[0]](argv[1:], streams, env)

    def run_sh(argv: list[str], streams: Streams, env: dict[str, str]) -> int:
        if argv[:1] != ["-c"]:
            streams.err += "sh: only -c is simulated\n"
            return 2
        return Shell(files, commands, dict(env)).run(argv[1], streams)

    commands.update({"env": run_argv, "setpriv": run_argv, "sh": run_sh})
    return shell


def run_in_machine(now: World, app: World, machine: World, command: str, seconds: float) -> World:
    """What the Machines API's ``exec`` does. No shell of its own: the words go to the program as they are.

    Raises Refusal, also after 30 seconds. Output that is empty has no key.
    """
    if machine["state"] != "started":
        raise Refusal(412, "failed_precondition: machine not running", "failed_precondition")
    limit = min(EXEC_SECONDS, seconds or EXEC_SECONDS)
    files = SimulatedFiles(app, machine)
    shell = make_shell(now, app, machine, files)
    words = shlex.split(command)
    streams = Streams()
    if words and words[0] in shell.commands:
        code = shell.commands[words[0]](words[1:], streams, dict(shell.env))
    else:
        streams.err, code = f"exec: {words[:1]}: executable file not found in $PATH\n", 127
    gateway.notice_config(now, app, machine)
    detached = "&)" in "".join(words).replace(" ", "")
    if files.took and not detached:
        if files.took > limit:
            world.wait(limit)
            raise Refusal(408, "deadline_exceeded: command timed out", "deadline_exceeded")
        world.wait(files.took)
    answer = {"exit_code": code, "stdout": streams.out, "stderr": streams.err}
    return {key: value for key, value in answer.items() if value}


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


def ssh_console(session: Session) -> None:
    """An interactive look into the machine; only on a terminal."""
    if "--command" in session.parsed.values:
        raise FlyFailure("the simulated cloud has `fly machine exec` instead of `fly ssh console -C`")
    with session.app() as (_now, app):
        started = [machine for machine in app["machines"] if machine["state"] == "started"]
    if not started:
        raise FlyFailure(f"app {session.app_name()} has no started VMs.")
    agent.start(os.environ.get("FLY_CONFIG_DIR") or os.path.expanduser("~/.fly"))
    session.mutter(
        "Connecting to fdaa:0:1:a7b:1::2... complete\nThis machine is simulated. `exit` leaves it."
    )
    while True:
        sys.stdout.write(f"root@{started[0]['id']}:/app# ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line or line.strip() == "exit":
            return
        with session.app() as (now, app):
            machine = next(m for m in app["machines"] if m["id"] == started[0]["id"])
            streams = Streams()
            make_shell(now, app, machine, SimulatedFiles(app, machine)).run(line, streams)
            gateway.notice_config(now, app, machine)
        sys.stdout.write(streams.out + streams.err)


COMMANDS = {
    "machine list": machine_list, "machine exec": machine_exec, "machine restart": machine_restart,
    "machine update": machine_update, "machine leases clear": leases_clear, "logs": logs, "ssh console": ssh_console,
}  # fmt: skip

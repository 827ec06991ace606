"""machine list/exec/restart/update/leases, logs, ssh console."""

from __future__ import annotations

import json
import os
import shlex
import sys
import time

from claw_tui.demo import gateway, world
from claw_tui.demo.coreutils import Coreutils
from claw_tui.demo.machine_documents import machine_document
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.node import make_node
from claw_tui.demo.openclaw import OpenclawCli
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.shell import Builtin, Shell, Streams
from claw_tui.demo.world import World

EXEC_SECONDS = 30.0  # Fly ends an exec after this long
LEASE_SECONDS = 300.0


def machine_list(session: Session) -> None:
    with session.app(doing="failed to list machines") as (_now, app):
        session.print_json([machine_document(machine) for machine in app["machines"]])


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


def machine_exec(session: Session) -> None:
    """No shell of its own: the words go to the program as they are. Output that is empty has no key."""
    parsed = session.parsed
    limit = min(EXEC_SECONDS, float(parsed.text("timeout") or EXEC_SECONDS))
    with session.app(doing="could not exec command on machine") as (now, app):
        machine = session.machine(app)
        if machine["state"] != "started":
            raise FlyFailure(
                f"could not exec command on machine {machine['id']}: failed_precondition: machine not running"
            )
        files = SimulatedFiles(app, machine)
        shell = make_shell(now, app, machine, files)
        words = shlex.split(parsed.args[1] if len(parsed.args) > 1 else "")
        streams = Streams()
        if words and words[0] in shell.commands:
            code = shell.commands[words[0]](words[1:], streams, dict(shell.env))
        else:
            streams.err, code = f"exec: {words[:1]}: executable file not found in $PATH\n", 127
        gateway.notice_config(now, app, machine)
    detached = "&)" in "".join(words).replace(" ", "")
    if files.delay and not detached:
        if files.delay * (world.speed() or 1.0) > limit:
            world.wait(limit)
            raise FlyFailure("could not exec command on machine: deadline_exceeded: 408 Request Timeout")
        time.sleep(files.delay)
    answer = {"exit_code": code, "stdout": streams.out, "stderr": streams.err}
    session.print_json({key: value for key, value in answer.items() if value})


def check_lease(machine: World) -> None:
    lease = machine.get("lease")
    if lease and lease["expires"] > time.time():
        world.wait(8)
        raise FlyFailure(
            f"failed to obtain lease: failed to get lease on VM {machine['id']}: machine lease currently held by {lease['owner']}"
        )


def machine_restart(session: Session) -> None:
    with session.app(change=True) as (now, app):
        machine = session.machine(app)
        check_lease(machine)
        session.say(f"Restarting machine {machine['id']}")
        gateway.start(now, app, machine)
    world.wait(4)
    session.say(f"  Waiting for {session.parsed.args[0]} to become healthy (started, 1/1)")
    session.say(f"Machine {session.parsed.args[0]} restarted successfully!")


def machine_update(session: Session) -> None:
    """With --yes it always restarts; the next deploy overwrites what it changed."""
    if "--yes" not in session.parsed.values:
        raise FlyFailure("yes flag must be specified when not running interactively")
    with session.app(change=True) as (now, app):
        machine = session.machine(app)
        check_lease(machine)
        memory = session.parsed.text("vm-memory")
        if memory:
            machine["guest"]["memory_mb"] = int(memory.removesuffix("mb"))
        if "--command" in session.parsed.values:
            machine["cmd"] = shlex.split(session.parsed.text("command"))
        session.say(f"Updating machine {machine['id']}")
        gateway.start(now, app, machine)
    world.wait(4)
    session.say(f"Machine {session.parsed.args[0]} updated successfully!")


def leases_clear(session: Session) -> None:
    with session.app(change=True) as (_now, app):
        machine = session.machine(app)
        machine["lease"] = None
        session.say(f"clearing lease for machine {machine['id']}")


def _log_document(app: World, machine: World, line: World) -> str:
    del app
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


def logs(session: Session) -> None:
    """Documents one after another, each over several lines. Without a line to show it waits, also with --no-tail."""
    seen = 0.0
    once = "--no-tail" in session.parsed.values
    while True:
        with session.app() as (_now, app):
            new = [
                (m, line) for m in app["machines"] for line in m["log"] if seen < line["at"] <= time.time()
            ]
            text = [_log_document(app, m, line) for m, line in sorted(new, key=lambda pair: pair[1]["at"])]
        for document in text[-100:] if once else text:
            session.say(document)
        if new:
            seen = max(line["at"] for _machine, line in new)
            if once:
                return
        if os.getppid() == 1:
            return  # whoever asked is gone
        time.sleep(0.2)


def ssh_console(session: Session) -> None:
    """An interactive look into the machine; only on a terminal."""
    if "--command" in session.parsed.values:
        raise FlyFailure("the simulated cloud has `fly machine exec` instead of `fly ssh console -C`")
    with session.app() as (_now, app):
        started = [machine for machine in app["machines"] if machine["state"] == "started"]
    if not started:
        raise FlyFailure(f"app {session.app_name()} has no started VMs.")
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

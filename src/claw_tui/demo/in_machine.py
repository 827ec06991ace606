"""Programs inside a simulated machine, run as root: by the Machines API, or over SSH."""

from __future__ import annotations

import shlex

from claw_tui.demo import added, gateway, resources, world
from claw_tui.demo import gateway_words as words
from claw_tui.demo.cloud import Refusal
from claw_tui.demo.coreutils import Coreutils
from claw_tui.demo.find import make_find, make_head
from claw_tui.demo.machine_facts import make_df, mount_facts
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.machine_log import log_file
from claw_tui.demo.node import make_node
from claw_tui.demo.openclaw import OpenclawCli
from claw_tui.demo.processes import make_kill
from claw_tui.demo.programs import package, program
from claw_tui.demo.shell import USER, Builtin, Shell, Streams
from claw_tui.demo.world import World

EXEC_SECONDS = 30.0  # Fly ends an exec after this long


def _show_files(machine: World, files: SimulatedFiles) -> None:
    """The gateway's log, and the names of processes; ``programs`` in the machine are some besides its own."""
    files.mount_virtual(*log_file(machine))
    resources.show(machine, files)
    names = ("init", "node", *machine.get("programs", ()), *added.running(machine))
    for number, name in enumerate(names, 1):
        files.mount_virtual(f"/proc/{number}/comm", f"{name}\n")


def _environ(app: World, machine: World) -> str:
    """Of the gateway's process: its variables, and the app's secrets, whose values nobody keeps here."""
    secrets = {name: f"sim-{secret['digest']}" for name, secret in app["secrets"].items()}
    return "".join(f"{name}={value}\0" for name, value in {**machine["env"], **secrets}.items())


def make_shell(now: World, app: World, machine: World, files: SimulatedFiles) -> Shell:
    """A shell in the machine, as root; what the gateway's process knows is in /proc as on any Linux."""
    files.mount_virtual("/proc/1/environ", "PATH=/bin\0")
    if gateway.listening(machine):
        files.mount_virtual("/proc/640/environ", _environ(app, machine))
    files.mount_virtual("/app/package.json", package(machine, words.version(machine)))
    _show_files(machine, files)
    mount_facts(app, machine, files)
    commands: dict[str, Builtin] = {
        **Coreutils(files).table(),
        "kill": make_kill(machine),
        "df": make_df(app, machine, files),
        **added.Added(now, app, machine, files).table(),
    }
    commands |= {"find": make_find(files), "head": make_head(commands["head"])}
    if program(machine).name == "openclaw":  # Clawdbot's image has no command of its own
        commands["openclaw"] = OpenclawCli(now, app, machine, files)
    starters = _Starters(files, commands)
    commands |= {
        "env": starters.env, "setpriv": starters.env, "sh": starters.sh, "timeout": starters.timeout,
        "node": make_node(app, machine, files, commands), "command": added.look_up(commands),
    }  # fmt: skip
    return Shell(files, commands, {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/root"})


class _Starters:
    """Programs that run another one."""

    def __init__(self, files: SimulatedFiles, commands: dict[str, Builtin]) -> None:
        self._files, self._commands = files, commands

    def env(self, argv: list[str], streams: Streams, env: dict[str, str]) -> int:
        """Env and setpriv."""
        while argv and ("=" in argv[0] or argv[0].startswith("-")):
            if argv[0].startswith("--re"):
                env = {**env, USER: f"{argv[1]}:{argv[1]}"}
                argv = argv[2:]
                continue
            name, sep, value = argv[0].partition("=")
            if sep and not name.startswith("-"):
                env = {**env, name: value}
            argv = argv[1:]
        if not argv or argv[0] not in self._commands:
            streams.err += f"{argv[:1]}: not found\n"
            return 127
        return self._commands[argv[0]](argv[1:], streams, env)

    def sh(self, argv: list[str], streams: Streams, env: dict[str, str]) -> int:
        if argv[:1] != ["-c"]:
            streams.err += "sh: only -c is simulated\n"
            return 2
        return Shell(self._files, self._commands, dict(env)).run(argv[1], streams)

    def timeout(self, argv: list[str], streams: Streams, env: dict[str, str]) -> int:
        """Timeout -k 5 SECONDS PROGRAM …"""
        before, seconds = self._files.took, float(argv[2])
        code = self.env(argv[3:], streams, env)
        if self._files.took - before <= seconds:
            return code
        self._files.took = before + seconds
        return 124


def run_words(shell: Shell, words: list[str], streams: Streams) -> int:
    """Start a program as the kernel does: no pipes, no variables, no patterns."""
    if words and words[0] in shell.commands:
        return shell.commands[words[0]](words[1:], streams, dict(shell.env))
    streams.err = f"exec: {words[:1]}: executable file not found in $PATH\n"
    return 127


def run_in_machine(now: World, app: World, machine: World, command: str, seconds: float) -> World:
    """What the Machines API's ``exec`` does. No shell of its own: the words go to the program as they are.

    Raises Refusal, also after 30 seconds. Output that is empty has no key.
    """
    if machine["state"] != "started":
        raise Refusal(412, "failed_precondition: machine not running", "failed_precondition")
    limit = min(EXEC_SECONDS, seconds or EXEC_SECONDS)
    files = SimulatedFiles(app, machine)
    shell = make_shell(now, app, machine, files)
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise Refusal(400, "invalid_argument: the command has a quote that is not closed") from error
    streams = Streams()
    code = run_words(shell, words, streams)
    gateway.notice_config(now, app, machine)
    detached = "&)" in "".join(words).replace(" ", "")
    if files.took and not detached:
        if files.took > limit:
            world.wait(limit)
            raise Refusal(408, "deadline_exceeded: command timed out", "deadline_exceeded")
        world.wait(files.took)
    answer = {"exit_code": code, "stdout": streams.out, "stderr": streams.err}
    return {key: value for key, value in answer.items() if value}

"""``fly ssh console``: a terminal in the machine, or one command there."""

from __future__ import annotations

import os
import re
import shlex
import stat
import sys
import time
from collections.abc import Callable

from claw_tui.demo import agent, gateway, world
from claw_tui.demo.in_machine import make_shell, run_words
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.shell import TERMINAL, Streams
from claw_tui.demo.world import World

HANG_SECONDS = 600.0


def ssh_console(session: Session) -> None:
    with session.app() as (_now, app):
        started = [machine for machine in app["machines"] if machine["state"] == "started"]
    if not started:
        raise FlyFailure(f"app {session.app_name()} has no started VMs.")
    agent.start(os.environ.get("FLY_CONFIG_DIR") or os.path.expanduser("~/.fly"))
    if len(started) > 1 and not session.has("machine"):
        session.say(f"No machine specified, using {started[0]['id']} in region {started[0]['region']}")
    if not session.has("quiet"):
        session.mutter("Connecting to fdaa:0:1:a7b:1::2... complete")
    if session.has("command"):
        _one_command(session, started[0]["id"])
    else:
        _terminal(session, started[0]["id"])


def _one_command(session: Session, machine_id: str) -> None:
    """No shell there. What comes by stdin is the command's; with /dev/null instead of a pipe it never ends."""
    if stat.S_ISCHR(os.fstat(0).st_mode) and not sys.stdin.isatty():
        end = time.monotonic() + HANG_SECONDS
        while os.getppid() != 1 and time.monotonic() < end:
            time.sleep(0.2)
        raise FlyFailure("ssh shell: wait: remote command exited without exit status or exit signal")
    words = shlex.split(session.parsed.text("command"))
    reads = words[:1] != ["node"] and re.search(r"\b(cat|tee|base64|dd)\b", " ".join(words)) is not None
    given = session.read_stdin() if reads else ""
    with session.app() as (now, app):
        streams, code = run_command(now, app, machine_id, words, given, terminal=session.has("pty"))
    sys.stdout.write(streams.out)
    sys.stderr.write(streams.err)
    if streams.after is not None:
        _what_follows(session, machine_id, *streams.after)
    if code:
        raise FlyFailure(f"ssh shell: Process exited with status {code}")


def _what_follows(
    session: Session, machine_id: str, seconds: float, then: Callable[[World, World], str]
) -> None:
    """Whoever interrupts it while it waits has changed nothing."""
    sys.stdout.flush()
    world.wait(seconds)
    with session.app() as (_now, app):
        said = then(app, next(m for m in app["machines"] if m["id"] == machine_id))
    sys.stdout.write(said)


def run_command(
    now: World, app: World, machine_id: str, words: list[str], given: str, *, terminal: bool = False
) -> tuple[Streams, int]:
    machine = next(m for m in app["machines"] if m["id"] == machine_id)
    files = SimulatedFiles(app, machine)
    streams = Streams(given)
    shell = make_shell(now, app, machine, files)
    shell.env |= {TERMINAL: "yes"} if terminal else {}
    code = run_words(shell, words, streams)
    gateway.notice_config(now, app, machine)
    world.wait(files.took)
    return streams, code


def _terminal(session: Session, machine_id: str) -> None:
    session.mutter("This machine is simulated. `exit` leaves it.")
    while True:
        sys.stdout.write(f"root@{machine_id}:/app# ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line or line.strip() == "exit":
            return
        with session.app() as (now, app):
            streams, _code = run_command(now, app, machine_id, ["sh", "-c", line], "")
        sys.stdout.write(streams.out + streams.err)


COMMANDS = {"ssh console": ssh_console}

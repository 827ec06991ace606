"""``fly ssh console``: a terminal in the machine, or one command there."""

from __future__ import annotations

import os
import re
import shlex
import stat
import sys
import time
from collections.abc import Callable

from claw_tui.demo import cloud, gateway, world
from claw_tui.demo.fly_reach import open_tunnel
from claw_tui.demo.in_machine import make_shell, run_words
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.shell import TERMINAL, Streams
from claw_tui.demo.world import World

HANG_SECONDS = 600.0
NONE_STARTED = """app {app} has no started VMs.
It may be unhealthy or not have been deployed yet.
Try the following command to verify:

fly status"""


def connect(session: Session) -> str:
    """The machine that the tunnel leads to. First the tunnel is there, then it is looked which one that is."""
    session.look_up_app("get app")
    try:
        open_tunnel(session)
    except FlyFailure as refused:
        org = session.send("#app", lambda now: cloud.app_of(now, session.app_name())["org"])
        raise FlyFailure(f"ssh: can't build tunnel for {org}: {refused}\n", refused.code) from refused
    name, wanted = session.app_name(), session.parsed.text("machine")
    with session.app(graph=False, doing="failed to list VMs", path="/machines") as (_now, app):
        started = [machine for machine in app["machines"] if machine["state"] == "started"]
    if not started:
        raise FlyFailure(NONE_STARTED.format(app=name))
    if not wanted and len(started) > 1:
        session.say(f"No machine specified, using {started[0]['id']} in region {started[0]['region']}")
    found: str = next((m["id"] for m in started if wanted in ("", m["id"])), "")
    if not found:
        raise FlyFailure(f'--machine="{wanted}" not found/started')
    return found


def ssh_console(session: Session) -> None:
    machine_id = connect(session)
    if not session.has("quiet"):
        session.mutter(f"Connecting to fdaa:0:1:a7b:1::2...{' complete' if sys.stdout.isatty() else ''}")
    if session.parsed.text("command"):
        _one_command(session, machine_id)
    else:
        _terminal(session, machine_id)


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

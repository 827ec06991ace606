"""``fly sftp get``, ``put`` and ``find``: over the same tunnel as ``ssh console``. Neither overwrites anything.

Texts and their order: flyctl's internal/command/ssh/sftp.go.
"""

from __future__ import annotations

import os

from claw_tui.demo import gateway, world
from claw_tui.demo.fly_ssh import connect
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.octets import as_text, octets
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.world import World

MB_SECONDS = 0.5


def _machine(app: World, machine_id: str) -> World:
    return next(machine for machine in app["machines"] if machine["id"] == machine_id)


def get(session: Session) -> None:
    args = session.parsed.args
    if not args:
        session.say("get <remote-path> [local-path]")
        return
    remote, local = args[0], args[1] if len(args) > 1 else os.path.basename(args[0])
    if os.path.exists(local):
        raise FlyFailure(
            f"file {local} is already there. `fly ssh` doesn't override existing files for safety."
        )
    machine_id = connect(session)
    with session.app() as (_now, app):
        files = SimulatedFiles(app, _machine(app, machine_id))
        if files.is_folder(remote):
            raise FlyFailure(
                f"remote path {remote} is a directory. Use -R/--recursive flag to download directories"
            )
        text = files.read(remote)
    if text is None:
        raise FlyFailure(f"get: remote path {remote}: file does not exist")
    data = octets(text)
    world.wait(len(data) / (1 << 20) * MB_SECONDS)
    try:
        with open(local, "xb") as file:
            file.write(data)
    except OSError as error:
        why = str(error.strerror).lower()
        raise FlyFailure(f"get: local file {local}: open {local}: {why}") from error
    session.say(f"{len(data)} bytes written to {local}")


def put(session: Session) -> None:
    args = session.parsed.args
    local, remote = args[0], args[1] if len(args) > 1 else os.path.basename(args[0])
    mode = session.parsed.text("mode") or "0644"
    try:
        int(mode, 8)
    except ValueError as error:
        why = f'strconv.ParseInt: parsing "{mode}": invalid syntax'
        raise FlyFailure(f"invalid file mode '{mode}': {why}") from error
    if not os.path.exists(local):
        raise FlyFailure(f"local file {local}: stat {local}: no such file or directory")
    machine_id = connect(session)
    if os.path.isdir(local):
        raise FlyFailure(f"local path {local} is a directory. Use -R/--recursive flag to upload directories")
    with open(local, "rb") as file:
        data = file.read()
    with session.app() as (now, app):
        machine = _machine(app, machine_id)
        files = SimulatedFiles(app, machine)
        if files.read(remote) is not None or files.is_folder(remote):
            raise FlyFailure(
                f"remote file {remote} already exists. flyctl sftp doesn't overwrite existing files for safety"
            )
        if not files.write(remote, as_text(data)):
            raise FlyFailure(f"create remote file {remote}: file does not exist")
        files.set_mode(remote, mode)
        gateway.notice_config(now, app, machine)
    world.wait(len(data) / (1 << 20) * MB_SECONDS)
    session.say(f"{len(data)} bytes uploaded to {remote}")


def find(session: Session) -> None:
    machine_id = connect(session)
    root = (session.parsed.args or ["/"])[0]
    with session.app() as (_now, app):
        paths = SimulatedFiles(app, _machine(app, machine_id)).paths()
    for path in sorted(paths):
        if path == root or path.startswith(root.rstrip("/") + "/"):
            session.say(path)


COMMANDS = {"sftp get": get, "sftp put": put, "sftp find": find}

"""A gateway made by the ordinary means, and a person with flyctl and a shell who changes it: for worlds that get broken."""

from __future__ import annotations

import atexit
import io
import json
import os
import shlex
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from pathlib import Path
from typing import Any

import tomlkit

from claw_tui.demo import fly as simulated_fly
from claw_tui.demo import fly_ssh, gateway, world
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.web import Answered, Asked, Unreachable, answer
from claw_tui.domain.jobs import JobState
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import Spec
from claw_tui.ports import Services
from tests.conftest import TOKEN
from tests.engine.rig import NOT_KEPT, SECRETS, WISH, ended, start

World = dict[str, Any]
APP, CONFIG = "my-app", "/data/openclaw.json"
AS_NODE = "setpriv --reuid 1000 --regid 1000 --clear-groups env HOME=/home/node OPENCLAW_STATE_DIR=/data"
HOUR = 3600
_made: dict[Spec, Path] = {}  # what the whole run left behind, once for all tests of a process


class Failed(AssertionError):
    """What the person typed was refused, which no world of ours wants."""


# -- a gateway that runs ----------------------------------------------------------------------------------------------
async def have(services: Services, spec: Spec = WISH, values: Mapping[str, Secret] = SECRETS) -> None:
    """As the wizard's own deploy leaves it, and nobody waits at its door."""
    here = Path(os.environ["CLAW_TUI_HOME"])
    if spec in _made:
        shutil.copytree(_made[spec], here, dirs_exist_ok=True)
    else:
        with world.opened() as now:
            now["login"] = TOKEN.reveal()
        run = await start(services, spec, values)
        assert await ended(run, 300) is JobState.DONE, [*run.new_events()][-2:]
        folder = Path(tempfile.mkdtemp(prefix="claw-tui-worlds-"))
        atexit.register(_forget, folder, os.getpid())
        shutil.copytree(here, folder, dirs_exist_ok=True, ignore=NOT_KEPT)
        _made[spec] = folder
    with world.opened() as now:
        app = now["apps"][APP]
        app["quiet"] = True
        for machine in app["machines"]:  # it has started just now, however long ago it was made
            machine["gateway"]["somebody"] = None
            for event in machine["events"]:
                event["timestamp"] = int(time.time() * 1000)


def _forget(folder: Path, owner: int) -> None:
    """Not when a child that was forked ends."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def an_hour_passes() -> None:
    """All that was is an hour ago."""
    with world.opened() as now:
        for app in now["apps"].values():
            for machine in app["machines"]:
                _shift(machine)
            for told in (*app["releases"], *app["volumes"], *app["machines"]):
                told.update({name: _ago(told[name]) for name in ("created", "updated") if told.get(name)})
            for volume in app["volumes"]:
                for entry in volume["files"].values():
                    entry["at"] = entry.get("at", 0) - HOUR


def _ago(text: str) -> str:
    return gateway.stamp(datetime.fromisoformat(text).timestamp() - HOUR)


def _shift(machine: World) -> None:
    for event in machine["events"]:
        event["timestamp"] -= HOUR * 1000
    for line in machine["log"]:
        line["at"] -= HOUR
    for entry in machine["files"].values():
        entry["at"] = entry.get("at", 0) - HOUR
    running = machine["gateway"]
    for name in ("listening", "ready", "stops"):
        running[name] = running[name] and running[name] - HOUR
    for channel in running["channels"].values():
        channel["from"] -= HOUR
    if running.get("looked"):
        running["looked"] -= HOUR
    if running.get("somebody"):
        running["somebody"]["from"] -= HOUR


def change(act: Callable[[World, World, World], object]) -> None:
    """What happens behind everybody's back: of the world, the app and its first machine."""
    with world.opened() as now:
        app = now["apps"][APP]
        act(now, app, app["machines"][0] if app["machines"] else {})


def look(seek: Callable[[World, World], Any], name: str = APP) -> Any:
    """Something of the app and its first machine, as they are now."""
    with world.opened() as now:
        app = now["apps"][name]
        gateway.refresh(app)
        return seek(app, app["machines"][0] if app["machines"] else {})


# -- what the person types --------------------------------------------------------------------------------------------
def fly(*argv: str, given: str = "", fails: bool = False) -> str:
    """The simulated flyctl, inside this process. ``fails``: it may."""
    out, err, before = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.StringIO(given)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = simulated_fly.main(list(argv))
    finally:
        sys.stdin = before
    if code and not fails:
        raise Failed(f"fly {shlex.join(argv)}: {err.getvalue()}")
    return out.getvalue() + err.getvalue()


def machine_id() -> str:
    return str(look(lambda _app, machine: machine["id"]))


def ssh(command: str, given: str = "") -> str:
    """``fly ssh console -C COMMAND``, with something by its stdin: as root, and without a shell."""
    with world.opened() as now:
        app = now["apps"][APP]
        streams, _code = fly_ssh.run_command(now, app, app["machines"][0]["id"], shlex.split(command), given)
    return streams.out + streams.err


def restart() -> None:
    fly("machine", "restart", machine_id(), "-a", APP, fails=True)


def deploy(edit: Callable[[World], None], *more: str) -> str:
    """A person's own copy of fly.toml, changed, and ``fly deploy``; whether it gets healthy or not."""
    kept = Path(os.environ["CLAW_TUI_HOME"]) / "demo" / "gateways" / APP / "fly.toml"
    toml = tomllib.loads(kept.read_text())
    edit(toml)
    folder = Path(tempfile.mkdtemp(prefix="claw-tui-toml-"))
    try:
        path = folder / "fly.toml"
        path.write_text(tomlkit.dumps(toml))
        return fly("deploy", "-a", APP, "--config", str(path), "--ha=false", *more, fails=True)
    finally:
        shutil.rmtree(folder)


# -- openclaw.json ----------------------------------------------------------------------------------------------------
def config() -> World:
    found: World = json.loads(look(lambda app, machine: SimulatedFiles(app, machine).read(CONFIG)))
    return found


def tee(text: str, path: str = CONFIG) -> None:
    """``fly ssh console -C "tee …"``, as the guides have it: the owner of a file that is there stays."""
    ssh(f"tee {path}", text)


def edit(act: Callable[[World], object]) -> None:
    """A person takes the file, changes it and puts it back."""
    found = config()
    act(found)
    tee(json.dumps(found, indent=2) + "\n")


def visit(path: str = "/", host: str = f"{APP}.fly.dev") -> Answered | None:
    """A browser opens the page; None: there is nothing at that address."""
    try:
        return answer(Asked("GET", f"https://{host}{path}"))
    except Unreachable:
        return None


def log(name: str = APP) -> str:
    """What ``fly logs`` shows."""

    def lines(app: World, _machine: World) -> list[str]:
        return [line["message"] for machine in app["machines"] for line in machine["log"]]

    return "\n".join(look(lines, name))

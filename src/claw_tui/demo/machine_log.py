"""A simulated machine's log and events, with the times at which they are to be seen."""

from __future__ import annotations

import time

from claw_tui.demo.programs import program
from claw_tui.demo.world import World

KILLED = 137  # the kernel's end for whoever takes too much memory
ABORTED = 134  # its own end, with SIGABRT


def say(machine: World, message: str, at: float, *, level: str = "info", provider: str = "app") -> None:
    machine["log"].append({"at": at, "level": level, "message": message, "provider": provider})
    machine["log"].sort(key=lambda line: line["at"])


def note_event(
    machine: World,
    kind: str,
    at: float,
    *,
    code: int = 0,
    restarts: int = 0,
    restarting: bool = False,
    oom: bool | None = None,
    asked: bool = False,
) -> None:
    """What became of the machine. Of an end, what is false or zero is left out, as Fly.io does."""
    event: World = {
        "type": kind, "status": "started" if kind == "start" else "stopped", "source": "flyd", "timestamp": int(at * 1000),
    }  # fmt: skip
    if kind == "exit":
        exit_event: World = {
            "exit_code": code,
            "exited_at": stamp(at),
            "restarting": restarting,
            "oom_killed": code == KILLED if oom is None else oom,
            "requested_stop": asked,
        }
        event["request"] = {"exit_event": {key: value for key, value in exit_event.items() if value}}
        if restarts:
            event["request"]["restart_count"] = restarts
    machine["events"].insert(0, event)


ASKED = {
    "launch": "created", "update": "replacing", "start": "starting", "stop": "stopping", "restart": "restarting",
}  # fmt: skip


def note_asked(machine: World, kind: str, at: float, source: str = "user") -> None:
    """Somebody wants something of the machine; what becomes of it is an event of its own, of Fly's."""
    event: World = {"type": kind, "status": ASKED[kind], "source": source, "timestamp": int(at * 1000)}
    machine["events"].insert(0, event)


def log_file(machine: World) -> tuple[str, str]:
    """The gateway's own log file in the machine (path, text): JSON lines since the machine's last start."""
    now = time.time()
    found: list[World] = []
    for line in machine["log"]:
        if line["at"] > now or line["provider"] != "app":
            continue
        if "Starting init" in line["message"]:
            found = []
        if not line["message"].startswith(" INFO"):
            found.append(line)
    day = time.strftime("%Y-%m-%d", time.gmtime(now))
    return program(machine).log(day), "".join(map(_as_json, found))


def _as_json(line: World) -> str:
    import json  # noqa: PLC0415

    where, _sep, words = (
        line["message"].rpartition("] ") if line["message"].startswith("[") else ("", "", line["message"])
    )
    about = {"0": json.dumps({"subsystem": where.lstrip("[") or "gateway"}), "1": words}
    return json.dumps({**about, "time": stamp(line["at"]), "message": words}) + "\n"


def stamp(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at % 1 * 1000):03d}Z"


def init(machine: World, at: float) -> None:
    """Fly's own words before a machine's program begins."""
    say(machine, " INFO Starting init (commit: 6b1a3f2c)...", at)
    say(machine, " INFO Mounting /dev/vdc at /data w/ uid: 1000, gid: 1000 and chmod 0755", at)
    say(machine, f" INFO Preparing to run: `{' '.join(machine['cmd'])}` as node", at)

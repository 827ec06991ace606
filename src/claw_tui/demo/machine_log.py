"""A simulated machine's log and events, with the times at which they are to be seen."""

from __future__ import annotations

import time

from claw_tui.demo.world import World


def say(machine: World, message: str, at: float, *, level: str = "info", provider: str = "app") -> None:
    machine["log"].append({"at": at, "level": level, "message": message, "provider": provider})
    machine["log"].sort(key=lambda line: line["at"])


def note_event(
    machine: World, kind: str, at: float, *, code: int = 0, restarts: int = 0, restarting: bool = False
) -> None:
    """An event of the machine. Of an end, what is false or zero is left out, as Fly.io does."""
    event: World = {
        "type": kind, "status": "started" if kind == "start" else "stopped", "source": "flyd", "timestamp": int(at * 1000),
    }  # fmt: skip
    if kind == "exit":
        exit_event: World = {"exit_code": code, "exited_at": stamp(at), "restarting": restarting}
        event["request"] = {"exit_event": {key: value for key, value in exit_event.items() if value}}
        if restarts:
            event["request"]["restart_count"] = restarts
    machine["events"].insert(0, event)


def stamp(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at % 1 * 1000):03d}Z"

"""A simulated machine's log and events, with the times at which they are to be seen."""

from __future__ import annotations

import time

from claw_tui.demo.world import World


def say(machine: World, message: str, at: float, *, level: str = "info", provider: str = "app") -> None:
    machine["log"].append({"at": at, "level": level, "message": message, "provider": provider})
    machine["log"].sort(key=lambda line: line["at"])


def note_event(machine: World, kind: str, at: float, *, code: int = 0, restarts: int = 0) -> None:
    event: World = {
        "type": kind, "status": "started" if kind == "start" else "stopped", "source": "flyd", "timestamp": int(at * 1000),
    }  # fmt: skip
    if kind == "exit":
        exit_event = {"exit_code": code, "oom_killed": False, "exited_at": stamp(at)}
        event["request"] = {"exit_event": exit_event, "restart_count": restarts}
    machine["events"].insert(0, event)


def stamp(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at % 1 * 1000):03d}Z"

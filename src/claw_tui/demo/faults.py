"""Faults that a test asks for: a JSON file of entries

    {"command": "volumes create", "when": "before" | "after", "skip": 0, "times": 1,
     "exit": 1, "stdout": "…", "stderr": "Error: …", "hold": "/path/of/a/gate"}

``when`` says whether the command has acted already; the first ``skip`` calls are let through. ``hold`` writes its
process id into GATE.reached and waits until GATE.go exists: that is how a test stops the program exactly between a
call and its result.
"""

from __future__ import annotations

import json
import os
import sys
import time

from claw_tui.demo import world

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HOLD_SECONDS = 60.0


def apply(command: str, when: str) -> None:
    """Do what the fault file wants at this point of ``command``; may end the process."""
    name = os.environ.get(world.FAULTS)
    if not name:
        return
    with open(name) as file:
        faults = json.load(file)
    for index, fault in enumerate(faults):
        if fault["command"] == command and fault.get("when", "before") == when and _has_turn(index, fault):
            _do(fault)


def _has_turn(index: int, fault: dict[str, Any]) -> bool:
    with world.opened() as now:
        used = int(now["faults_used"].get(str(index), 0))
        now["faults_used"][str(index)] = used + 1
    skip = int(fault.get("skip", 0))
    return skip <= used < skip + int(fault.get("times", 1))


def _do(fault: dict[str, Any]) -> None:
    gate = fault.get("hold")
    if gate:
        with open(f"{gate}.new", "w") as file:
            file.write(str(os.getpid()))
        os.rename(f"{gate}.new", f"{gate}.reached")
        end = time.monotonic() + HOLD_SECONDS
        while not os.path.exists(f"{gate}.go") and time.monotonic() < end:
            time.sleep(0.01)
    sys.stdout.write(fault.get("stdout", ""))
    sys.stderr.write(fault.get("stderr", ""))
    if "exit" in fault:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(fault["exit"]))

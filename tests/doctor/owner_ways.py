"""What is left on the volume that the gateway can't do with: a dead owner's lock."""

from __future__ import annotations

import json
import time

from claw_tui.demo.machine_files import SimulatedFiles
from tests.doctor.making import World, change, restart
from tests.doctor.ways import refresh

LOCK = "/data/tmp/openclaw-1000/gateway.state.lock"


def lock_with_a_number_of_now() -> None:
    """Of a version that did not note when its process began: it was killed, and the next start has a program of its number."""

    def act(_now: World, app: World, machine: World) -> None:
        about = {"pid": 640, "createdAt": "2026-11-01T10:00:00.000Z", "configPath": "/data/openclaw.json"}
        files = SimulatedFiles(app, machine)
        files.put(LOCK, json.dumps(about))
        app["volumes"][0]["files"][LOCK]["at"] = time.time() - 7200

    change(act)
    restart()
    refresh()

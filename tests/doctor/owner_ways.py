"""What is on the volume that the gateway can't do with: a dead owner's lock, and what root has made there."""

from __future__ import annotations

import json
import time

from claw_tui.demo.machine_files import SimulatedFiles
from tests.doctor.file_ways import then_restart
from tests.doctor.making import World, change, restart, ssh
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


DATABASE = "/data/state/openclaw.sqlite"


def _by_root() -> None:
    """`fly ssh console`: a copy is the file of who makes it."""
    ssh(f"cp {DATABASE} /data/restored.sqlite")
    ssh(f"mv /data/restored.sqlite {DATABASE}")


def _for_root_alone() -> None:
    _by_root()
    ssh(f"chmod 600 {DATABASE}")


database_by_root, database_for_root_alone = then_restart(_by_root), then_restart(_for_root_alone)


def _locks_by_root() -> None:
    """Somebody read that a lock has to go."""
    ssh("rm -rf /data/tmp/openclaw-1000")
    ssh("mkdir -p /data/tmp/openclaw-1000")


def _tmp_by_root() -> None:
    ssh("rm -rf /data/tmp")
    ssh("mkdir /data/tmp")


locks_by_root, tmp_by_root = then_restart(_locks_by_root), then_restart(_tmp_by_root)


def agent_by_root() -> None:
    """`openclaw agents add work`, as root: its folders are root's, and nothing can be kept in them."""
    for path in ("/data/agents/work", "/data/agents/work/sessions", "/data/workspace-work"):
        ssh(f"mkdir -p {path}")


def not_its_own() -> str:
    return ssh("find /data -mindepth 1 ! -user 1000 -printf '%U:%G %m %p\\n'")

"""The Machines API where a machine is stopped or cordoned, and a volume made larger or copied."""

from __future__ import annotations

from typing import Any

from claw_tui.demo import cloud, cloud_changing
from tests.fly_api import rest
from tests.fly_api.rest import Call

Json = dict[str, Any]


def stop(call: Call) -> Json:
    cloud_changing.stop(call.machine)
    return {"ok": True}


def cordon(call: Call) -> Json:
    call.machine["cordoned"] = True
    return {"ok": True}


def uncordon(call: Call) -> Json:
    call.machine["cordoned"] = False
    return {"ok": True}


def extend_volume(call: Call) -> Json:
    volume = cloud_changing.extend(call.app, call.parts[1], int(call.body["size_gb"]))
    return {"volume": cloud.volume_document(volume), "needs_restart": bool(volume.get("old_host"))}


def create_volume(call: Call) -> Json:
    """Also a copy of another one."""
    source = call.body.get("source_volume_id")
    if not source:
        return rest.create_volume(call)
    name, region = call.body.get("name") or "", call.body.get("region") or ""
    return cloud.volume_document(cloud_changing.fork(call.now, call.app, source, name, region))

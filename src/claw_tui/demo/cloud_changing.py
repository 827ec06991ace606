"""What Fly.io does and refuses when a machine is stopped, and a volume is made larger or copied."""

from __future__ import annotations

import copy
import time

from claw_tui.demo import gateway, world
from claw_tui.demo.cloud import FULL, Refusal, volume_of
from claw_tui.demo.machine_log import note_asked
from claw_tui.demo.world import World, made_id

LARGEST = 500  # GB
COPIES = 12.0  # seconds in life until a copy of a volume can be mounted


def stop(machine: World) -> None:
    """Its program ends cleanly, and nothing starts it but a request by Fly's proxy."""
    if machine["state"] == "started":
        note_asked(machine, "stop", time.time())
        gateway.stop(machine)
        machine["gateway"] = gateway.asleep()
    machine["state"] = "stopped"


def wake(now: World, app: World) -> None:
    """Somebody has asked for the app: Fly's proxy starts a machine of it, unless one runs, or none is to be asked."""
    some = [machine for machine in app["machines"] if not machine.get("cordoned")]
    if any(machine["state"] == "started" for machine in some):
        return
    for machine in some:
        if any(service.get("autostart", True) for service in machine["services"]):
            note_asked(machine, "start", time.time(), "proxy")
            gateway.start(now, app, machine)
            return


def routed(app: World) -> list[World]:
    """Machines that Fly's proxy leads somebody to, the better one first."""
    some = [machine for machine in app["machines"] if not machine.get("cordoned")]
    return sorted(some, key=lambda machine: machine["state"] != "started")


def extend(app: World, wanted: str, size_gb: int) -> World:
    """Only larger. In a machine of today the file system grows at once; ``old_host``: at its next start."""
    volume = volume_of(app, wanted)
    if size_gb < volume["size_gb"]:
        raise Refusal(400, "invalid_argument: new size must be greater than the current size")
    if size_gb > LARGEST:
        raise Refusal(400, f"invalid_argument: volume size must be at most {LARGEST} GB")
    if not volume.get("old_host"):
        volume["grown_gb"] = size_gb
    else:
        volume["grown_gb"] = volume.get("grown_gb", volume["size_gb"])
    volume["size_gb"] = size_gb
    for machine in app["machines"]:
        for mount in machine["mounts"]:
            if mount["volume"] == wanted:
                mount["size_gb"] = size_gb
    return volume


def fork(now: World, app: World, wanted: str, name: str, region: str) -> World:
    """A volume of its own, with what is on the other one now."""
    source = volume_of(app, wanted)
    region = region or source["region"]
    if region == world.FULL_REGION:
        raise Refusal(422, FULL, "insufficient_capacity")
    volume = {
        "id": "vol_" + made_id(now, 16), "name": name or source["name"], "state": "creating", "size_gb": source["size_gb"],
        "region": region, "attached": None, "created": gateway.stamp(time.time()), "files": copy.deepcopy(source["files"]),
        "copied": time.time() + world.lasts(COPIES),
    }  # fmt: skip
    app["volumes"].append(volume)
    return volume

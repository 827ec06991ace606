"""Machines on Fly.io's side: launched, changed, leased, started; and as the Machines API describes them."""

from __future__ import annotations

import re
import time

from claw_tui.demo import gateway, world
from claw_tui.demo.cloud import FULL, Refusal
from claw_tui.demo.machine_log import note_asked
from claw_tui.demo.world import World, made_id

MEMORY_LIMIT = 2048  # MB for one shared CPU


def machine_of(app: World, wanted: str) -> World:
    found: World | None = next((m for m in app["machines"] if m["id"] == wanted), None)
    if found is None:
        raise Refusal(404, "machine not found")
    return found


def launch(now: World, app: World, config: World, region: str) -> World:
    """A new machine. Its disk must be free."""
    if region == world.FULL_REGION:
        raise Refusal(422, FULL, "insufficient_capacity")
    _check_guest(config)
    machine: World = {
        "id": made_id(now), "name": "wandering-river-1234", "app": app["name"], "region": region,
        "created": gateway.stamp(time.time()), "events": [], "log": [], "files": {}, "mounts": [], "lease": None,
    }  # fmt: skip
    for mount in config.get("mounts") or []:
        volume = next((v for v in app["volumes"] if v["id"] == mount["volume"]), None)
        if volume is None or volume["attached"]:
            raise Refusal(412, f"volume {mount['volume']} is not available")
        volume["attached"] = machine["id"]
    app["machines"].append(machine)
    app["status"] = "deployed"
    note_asked(machine, "launch", time.time())
    _put_in(now, app, machine, config, launch=True)
    return machine


def change(now: World, app: World, machine: World, config: World, *, launch: bool = True) -> None:
    """Another config, and with it a restart, unless it stays stopped; secrets that were staged are in from here on."""
    note_asked(machine, "update", time.time())
    _put_in(now, app, machine, config, launch=launch)


def _put_in(now: World, app: World, machine: World, config: World, *, launch: bool) -> None:
    _check_guest(config)
    for service in config.get("services") or []:
        for check in service.get("checks") or []:
            _lower_grace(check)
    sizes = {volume["id"]: volume for volume in app["volumes"]}
    for mount in config.get("mounts") or []:
        volume = sizes[mount["volume"]]
        mount.update({"encrypted": True, "size_gb": volume["size_gb"], "name": volume["name"]})
    init = config.get("init") or {}
    machine.update({
        "config": config, "image": config["image"], "env": config.get("env") or {}, "cmd": init.get("cmd") or [],
        "entrypoint": init.get("entrypoint") or [], "guest": config["guest"], "services": config.get("services") or [],
        "mounts": config.get("mounts") or [], "updated": gateway.stamp(time.time()), "instance": made_id(now, 26).upper(),
    })  # fmt: skip
    if launch:
        _boot(now, app, machine)
    else:
        take_in_secrets(app)


def _lower_grace(check: World) -> None:
    """A service check gets a minute of grace at most, whatever was asked for."""
    minutes = re.match(r"(?:(\d+)h)?(\d+)m", check.get("grace_period", ""))
    if minutes and (minutes.group(1) or int(minutes.group(2)) >= 1):
        check["grace_period"] = "1m0s"


def take_in_secrets(app: World) -> None:
    for secret in app["secrets"].values():
        secret["status"] = "Deployed"


def renew(now: World, app: World, machine: World, *, launch: bool = True) -> None:
    """The same config again, as an update, with the secrets as they are now."""
    note_asked(machine, "update", time.time())
    take_in_secrets(app)
    if launch:
        gateway.start(now, app, machine)


def restart(now: World, app: World, machine: World) -> None:
    """It starts anew, with the secrets as they are now."""
    note_asked(machine, "restart", time.time())
    _boot(now, app, machine)


def _boot(now: World, app: World, machine: World) -> None:
    take_in_secrets(app)
    gateway.start(now, app, machine)


def start(now: World, app: World, machine: World) -> None:
    """One that runs stays as it is."""
    if machine["state"] != "started":
        note_asked(machine, "start", time.time())
        gateway.start(now, app, machine)


def _check_guest(config: World) -> None:
    guest = config["guest"]
    if guest["cpu_kind"] == "shared" and guest["memory_mb"] > guest["cpus"] * MEMORY_LIMIT:
        raise Refusal(
            400,
            f"invalid_argument: memory_mb {guest['memory_mb']} is too large for {guest['cpus']} shared CPUs",
        )


def lease_of(machine: World) -> World | None:
    """One that is over is forgotten."""
    lease: World | None = machine["lease"]
    return lease if lease and lease["expires"] > time.time() else None


def destroy(app: World, wanted: str, *, kill: bool) -> None:
    """Its disk stays, and is free."""
    machine = machine_of(app, wanted)
    if machine["state"] == "started" and not kill:
        raise Refusal(
            412, "failed_precondition: unable to destroy machine, not currently stopped or suspended"
        )
    for volume in app["volumes"]:
        if volume["attached"] == wanted:
            volume["attached"] = None
    app["machines"].remove(machine)


def take_lease(machine: World, owner: str, seconds: float) -> None:
    lease = lease_of(machine)
    if lease is not None:
        raise Refusal(409, f"machine lease currently held by {lease['owner']}")
    machine["lease"] = {
        "owner": owner,
        "expires": time.time() + seconds,
        "nonce": world.digest(str(time.time())),
    }


def lease_document(machine: World) -> World:
    lease = lease_of(machine)
    if lease is None:
        raise Refusal(404, "lease not found")
    return {
        "status": "success",
        "data": {
            "nonce": lease["nonce"], "expires_at": int(lease["expires"]), "owner": lease["owner"], "version": machine["instance"],
        },
    }  # fmt: skip


def document(machine: World) -> World:
    """As the Machines API tells it."""
    registry, _sep, rest = machine["image"].partition("/")
    repository, _sep, tag = rest.rpartition(":")
    checks = [{**check, "updated_at": gateway.stamp(time.time())} for check in gateway.checks(machine)]
    return {
        "id": machine["id"], "name": machine["name"], "state": machine["state"], "region": machine["region"],
        "image_ref": {
            "registry": registry, "repository": repository, "tag": tag, "digest": "sha256:" + world.sha256(machine["image"]),
        },
        "instance_id": machine["instance"], "private_ip": "fdaa:0:1:a7b:1::2", "created_at": machine["created"],
        "updated_at": machine["updated"], "config": machine["config"], "events": machine["events"][:10],
        **({"checks": checks} if checks else {}),
        "host_status": "ok", "cordoned": bool(machine.get("cordoned")),
    }  # fmt: skip

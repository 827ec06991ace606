"""What Fly.io itself does and refuses, on its side of the wire: apps, volumes, secrets, addresses.

The simulated ``fly`` calls these functions where flyctl would send a request; the tests' Fly API serves them to the
real flyctl. So both meet the same cloud, and what differs is flyctl's part alone.
"""

from __future__ import annotations

import copy
import re
import time

from claw_tui.demo import gateway, world
from claw_tui.demo.world import World, made_id

FULL = "insufficient resources available to fulfill request: could not reserve resource for machine"
TRIAL = "To create more apps, please add a payment method. https://fly.io/dashboard/personal/billing"
TAKEN = re.compile(r"demo-taken-?[a-z0-9]{0,3}")  # somebody has these; longer ones are free, as in life
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,61}[a-z0-9]?")
FORGOTTEN = 20.0  # seconds in life until DNS and the edge have forgotten an address that was released
VOLUME_NAME = re.compile(r"[a-z0-9_]{1,30}")


class Refusal(Exception):
    """Fly.io's answer is no. ``status`` is HTTP's, ``code`` the word that flyctl looks at."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status, self.code = status, code


def app_of(now: World, name: str) -> World:
    """Raises Refusal for an app that the account does not have."""
    found: World | None = now["apps"].get(name)
    if found is None:
        raise Refusal(404, "app not found")
    gateway.refresh(found)
    for volume in found["volumes"]:
        if "copied" in volume and volume["copied"] <= time.time():  # a copy is made after a while
            volume["state"] = "created"
            del volume["copied"]
    return found


def create_app(now: World, name: str, org: str) -> World:
    """Names are unique in all of Fly.io, so a name can be taken by somebody else's app."""
    if org not in now["orgs"]:
        raise Refusal(404, "organization not found")
    if name in now["apps"] or TAKEN.fullmatch(name):
        raise Refusal(422, "Validation failed: Name has already been taken", "name_taken")
    if not NAME.fullmatch(name):
        raise Refusal(422, "Validation failed: Name may only contain letters, numbers, and hyphens")
    if name.startswith("demo-card"):
        raise Refusal(422, TRIAL)
    now["apps"][name] = {
        "name": name, "org": org, "status": "pending", "volumes": [], "secrets": {}, "ips": [], "machines": [],
        "releases": [], "number": world.number(now),
    }  # fmt: skip
    found: World = now["apps"][name]
    return found


def create_volume(now: World, app: World, name: str, region: str, size_gb: int, snapshot: str = "") -> World:
    """Names need not be unique: a second one of the same name is made without a word."""
    files = snapshot_of(app, snapshot)["files"] if snapshot else {}
    if not VOLUME_NAME.fullmatch(name):
        raise Refusal(
            422,
            "Validation failed: Name must be 30 characters or fewer and contain only lowercase letters, numbers, and underscores",
        )
    if region == world.FULL_REGION:
        raise Refusal(422, FULL, "insufficient_capacity")
    volume = {
        "id": "vol_" + made_id(now, 16), "name": name, "state": "created", "size_gb": size_gb, "region": region,
        "attached": None, "created": gateway.stamp(time.time()), "files": copy.deepcopy(files),
    }  # fmt: skip
    app["volumes"].append(volume)
    return volume


def destroy_volume(app: World, wanted: str) -> str:
    """Returns its name."""
    found = next((volume for volume in app["volumes"] if volume["id"] == wanted), None)
    if found is None:
        raise Refusal(404, "volume not found")
    if found["attached"]:
        raise Refusal(412, f"volume {wanted} is still attached to machine {found['attached']}")
    app["volumes"].remove(found)
    return str(found["name"])


SNAPSHOT = 8.0  # seconds in life until one that was asked for is there


def volume_of(app: World, wanted: str) -> World:
    found: World | None = next((volume for volume in app["volumes"] if volume["id"] == wanted), None)
    if found is None:
        raise Refusal(404, "volume not found")
    return found


def create_snapshot(now: World, app: World, wanted: str) -> None:
    """The files as they are now; in the list it has no id until it is made."""
    kept = {
        "id": "vs_" + made_id(now, 16), "volume": wanted, "at": time.time(), "done": time.time() + world.lasts(SNAPSHOT),
        "size_gb": volume_of(app, wanted)["size_gb"], "files": copy.deepcopy(volume_of(app, wanted)["files"]),
    }  # fmt: skip
    app.setdefault("snapshots", []).append(kept)


def snapshot_of(app: World, wanted: str) -> World:
    for found in app.get("snapshots", ()):
        if found["id"] == wanted and found["done"] <= time.time():
            return dict(found)
    raise Refusal(404, "snapshot not found")


def snapshot_documents(app: World, volume: str) -> list[World]:
    """As the Machines API tells them. A volume that is gone keeps its snapshots."""
    kept = [snapshot for snapshot in app.get("snapshots", ()) if snapshot["volume"] == volume]
    if not kept:
        volume_of(app, volume)
    return [_snapshot_document(snapshot, made=snapshot["done"] <= time.time()) for snapshot in kept]


def _snapshot_document(snapshot: World, *, made: bool) -> World:
    return {
        "id": snapshot["id"] if made else "", "size": 96_534_528 if made else 0, "volume_size": snapshot["size_gb"] << 30,
        "digest": "sha256:" + world.sha256(snapshot["id"]) if made else "", "created_at": gateway.stamp(snapshot["at"]),
        "status": "created" if made else "pending", "retention_days": 5,
    }  # fmt: skip


def volume_document(volume: World) -> World:
    """As the Machines API tells it, and flyctl too."""
    return {
        "id": volume["id"], "name": volume["name"], "state": volume["state"], "size_gb": volume["size_gb"],
        "region": volume["region"], "zone": "d00e", "encrypted": True, "attached_machine_id": volume["attached"],
        "attached_alloc_id": None, "created_at": volume["created"], "host_dedication_id": "", "snapshot_retention": 5,
        "auto_backup_enabled": True, "host_status": "ok",
    }  # fmt: skip


def keep_secrets(app: World, values: dict[str, str | None]) -> None:
    """Set them, or take them away where the value is None. They are staged until a machine starts anew."""
    for name, value in values.items():
        if value is None:
            app["secrets"].pop(name, None)
            continue
        app["secrets"][name] = {
            "digest": world.digest(value), "status": "Staged", "traits": world.traits(value), "length": len(value),
        }  # fmt: skip


def new_ip(now: World, app: World, kind: str) -> World:
    """An app has one shared address; of the others each call makes another one."""
    count = world.number(now)
    mark = int(world.sha256(app["name"])[:4], 16)
    address = {
        "v4": f"137.66.{count % 250}.10", "shared_v4": "66.241.124.77", "v6": f"2a09:8280:1::{mark:x}:{count:x}:0",
        "private_v6": f"fdaa:0:{mark:x}:0:1::{count:x}",
    }[kind]  # fmt: skip
    ip = {
        "id": "" if kind == "shared_v4" else f"ip_{count}",
        "address": address,
        "type": kind,
        "at": time.time(),
    }
    app["ips"] = [old for old in app["ips"] if not (kind == "shared_v4" and old["type"] == kind)] + [ip]
    return ip


def release_ip(app: World, address: str) -> None:
    if address not in [ip["address"] for ip in app["ips"]]:
        raise Refusal(404, "Could not find IP address")
    gone = [ip for ip in app["ips"] if ip["address"] == address]
    app.setdefault("released", []).extend(
        {**ip, "until": time.time() + world.lasts(FORGOTTEN)} for ip in gone
    )
    app["ips"] = [ip for ip in app["ips"] if ip["address"] != address]


def new_release(now: World, app: World, image: str) -> World:
    release = {
        "id": f"rel_{made_id(now, 12)}", "version": len(app["releases"]) + 1, "status": "pending", "image": image,
        "created": gateway.stamp(time.time()),
    }  # fmt: skip
    app["releases"].append(release)
    return release


def peers_of(now: World, slug: str) -> list[World]:
    """WireGuard peers of an organization."""
    found: list[World] = now.setdefault("peers", {}).setdefault(slug, [])
    return found


def add_peer(now: World, slug: str, region: str, name: str, public: str) -> World:
    """A name can be had once."""
    found = peers_of(now, slug)
    if any(peer["name"] == name for peer in found) or name in now["orgs"][slug].get("peers", ()):
        raise Refusal(422, "Validation failed: Name has already been taken")
    if region not in [code for code, *_about in world.REGIONS]:
        raise Refusal(422, f"region {region} not found")
    count = world.number(now)
    peer = {
        "id": f"wg_{count}", "name": name, "region": region, "pubkey": public,
        "peerip": f"fdaa:0:1a2b:a7b:{count:x}::2", "endpointip": f"{region}1.gateway.6pn.dev",
    }  # fmt: skip
    found.append(peer)
    return peer


def remove_peer(now: World, slug: str, name: str) -> None:
    found, named = peers_of(now, slug), now["orgs"][slug].get("peers", [])
    if name in named:
        named.remove(name)
    elif not any(peer["name"] == name for peer in found):
        raise Refusal(404, "Could not find WireGuardPeer")
    found[:] = [peer for peer in found if peer["name"] != name]

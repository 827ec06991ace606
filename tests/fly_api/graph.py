"""Fly's GraphQL API: who is logged in, apps, addresses, releases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claw_tui.demo import cloud, fly_org, gateway, world
from claw_tui.demo.cloud import Refusal
from tests.fly_api.query import QueryError

Json = dict[str, Any]
Sign = Callable[[str, list[str]], str]
NO_DATE = "0001-01-01T00:00:00Z"


def organization(now: Json, slug: str) -> Json:
    about = now["orgs"][slug]
    return {
        "id": f"org-{slug}", "internalNumericId": "7", "slug": slug, "rawSlug": slug, "name": about["name"],
        "type": "PERSONAL" if slug == "personal" else "SHARED", "paidPlan": False, "billable": True,
        "viewerRole": "admin", "billingStatus": about["billing"], "remoteBuilderImage": "", "remoteBuilderApp": None,
        "wireGuardPeers": {"nodes": fly_org.peers(now, slug)}, "members": {"edges": fly_org.members(now, slug)}, "addOns": lambda _arguments: {"nodes": []},
    }  # fmt: skip


def release(now: Json, found: Json) -> Json:
    return {
        "id": found["id"], "version": found["version"], "description": "Release", "reason": "",
        "status": found["status"], "imageRef": found["image"], "stable": True, "inProgress": False, "metadata": None, "evaluationId": "",
        "user": {"id": "u", "email": now["email"], "name": "You"}, "createdAt": found["created"],
        "deploymentStrategy": "ROLLING",
    }  # fmt: skip


def _network(found: Json) -> Json | None:
    """Of a private address, where a world says whose."""
    return {"name": "default", "organization": {"slug": found["org"]}} if "org" in found else None


def _ip(found: Json) -> Json:
    return {
        "id": found["id"], "address": found["address"], "type": found["type"], "region": "global",
        "createdAt": gateway.stamp(found["at"]), "network": _network(found), "serviceName": "",
    }  # fmt: skip


def _found(now: Json, name: str) -> Json:
    try:
        return cloud.app_of(now, name)
    except Refusal as refusal:
        raise QueryError(f'Could not find App "{name}"', "NOT_FOUND") from refusal


def _with_config(newest: Json, found: Json) -> Json:
    """What a release was made of is told of the newest one."""
    return {**newest, "configDefinition": found["definition"]} if "definition" in found else newest


def app(now: Json, name: str) -> Json:
    found = _found(now, name)
    releases = [release(now, item) for item in reversed(found["releases"])]
    shared = next((ip["address"] for ip in found["ips"] if ip["type"] == "shared_v4"), "")

    def image(arguments: Json) -> Json | None:
        ref = str(arguments["ref"])
        if not world.has_image(ref):
            return None
        return {
            "id": "img_" + world.digest(ref), "digest": "sha256:" + world.sha256(ref), "ref": ref,
            "compressedSize": str(1_900_000_000), "compressedSizeFull": "1900000000", "manifest": None,
        }  # fmt: skip

    return {
        "id": name, "internalNumericId": found["number"], "name": name, "hostname": f"{name}.fly.dev",
        "cnameTarget": "", "deployed": found["status"] == "deployed", "network": "", "status": found["status"],
        "appUrl": f"https://{name}.fly.dev", "platformVersion": "machines", "version": len(releases),
        "organization": organization(now, found["org"]), "role": None, "image": image,
        "ipAddresses": {"nodes": [_ip(ip) for ip in found["ips"] if ip["type"] != "shared_v4"]},
        "sharedIpAddress": shared, "currentReleaseUnprocessed": _with_config(releases[0], found) if releases else None,
        "currentRelease": releases[0] if releases else None,
        "releasesUnprocessed": lambda _arguments: {"nodes": releases}, "releases": lambda _arguments: {"nodes": releases},
        "config": {"definition": {}}, "services": [], "imageDetails": None,
        "egressIpAddresses": {"nodes": []}, "machines": {"nodes": []}, "hostIssues": {"nodes": []},
    }  # fmt: skip


def _platform() -> Json:
    return {
        "requestRegion": "fra",
        "regions": [
            {
                "name": name, "code": code, "latitude": north, "longitude": east, "gatewayAvailable": True,
                "requiresPaidPlan": False, "deprecated": False,
            }
            for code, name, north, east in world.REGIONS
        ],
    }  # fmt: skip


def _allocate(now: Json, given: Json) -> Json:
    kind = given["type"]
    ip = cloud.new_ip(now, _found(now, given["appId"]), kind)
    return {
        "ipAddress": None if kind == "shared_v4" else _ip(ip),
        "app": {"sharedIpAddress": ip["address"]},
    }


def _release_ip(now: Json, given: Json) -> Json:
    cloud.release_ip(_found(now, given["appId"]), given["ip"])
    return {"clientMutationId": None}


def _image_details(ref: str) -> Json:
    repository, _sep, tag = ref.rpartition(":")
    return {"registry": "ghcr.io", "repository": repository, "tag": tag, "version": "N/A", "digest": "sha256:" + world.sha256(ref)}  # fmt: skip


def _certificate(sign: Sign | None, given: Json) -> Json:
    """For a key that is to be let into a machine by SSH."""
    if sign is None:
        raise QueryError("no certificates here")
    return {"certificate": sign(given["publicKey"], given["principals"]), "key": ""}


def _organization(now: Json, arguments: Json) -> Json:
    if arguments["slug"] not in now["orgs"]:
        raise QueryError(f"Could not find Organization {arguments['slug']}", "NOT_FOUND")
    return organization(now, arguments["slug"])


def _add_peer(now: Json, given: Json) -> Json:
    slug = given["organizationId"].removeprefix("org-")
    return cloud.add_peer(now, slug, given["region"], given["name"], given["pubkey"])


def _remove_peer(now: Json, given: Json) -> Json:
    slug = given["organizationId"].removeprefix("org-")
    cloud.remove_peer(now, slug, given["name"])
    return {"organization": organization(now, slug)}


def root(now: Json, sign: Sign | None = None) -> Json:
    """The fields at the root of queries and mutations."""
    return {
        "viewer": {"id": "u", "email": now["email"], "name": "You", "enablePaidHobby": False, "__typename": "User"},
        "organizations": lambda _arguments: {"nodes": [organization(now, slug) for slug in now["orgs"]]},
        "organization": lambda arguments: _organization(now, arguments),
        "platform": _platform(), "nearestRegion": {"code": "fra", "name": "Frankfurt, Germany", "gatewayAvailable": True, "deprecated": False},
        "app": lambda arguments: app(now, arguments["name"]),
        "apps": lambda _arguments: {
            "pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": [app(now, name) for name in now["apps"]],
        },
        "allocateIpAddress": lambda arguments: _allocate(now, arguments["input"]),
        "releaseIpAddress": lambda arguments: _release_ip(now, arguments["input"]),
        "addOns": lambda _arguments: {"nodes": []},
        "latestImageDetails": lambda arguments: _image_details(arguments["image"]),
        "validateWireGuardPeers": lambda _arguments: {"invalidPeerIps": []},
        "addWireGuardPeer": lambda arguments: _add_peer(now, arguments["input"]),
        "removeWireGuardPeer": lambda arguments: _remove_peer(now, arguments["input"]),
        "logOut": {"ok": True},
        "issueCertificate": lambda arguments: _certificate(sign, arguments["input"]),
    }  # fmt: skip

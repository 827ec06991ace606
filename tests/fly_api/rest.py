"""The Machines API and Fly's own REST API: one function for each kind of request."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from claw_tui.demo import cloud, cloud_machines, fly_org, gateway, world
from claw_tui.demo.cloud import Refusal
from claw_tui.demo.in_machine import run_in_machine
from tests.fly_api.graph import organization

Json = dict[str, Any]


@dataclass(slots=True)
class Call:
    """A request that was understood: the parts of its path, its query, its body, and the world."""

    now: Json
    parts: tuple[str, ...]
    query: dict[str, str]
    body: Json = field(default_factory=dict)
    nonce: str = ""

    @property
    def app(self) -> Json:
        return cloud.app_of(self.now, self.parts[0])

    @property
    def machine(self) -> Json:
        return cloud_machines.machine_of(self.app, self.parts[1])


# -- apps -------------------------------------------------------------------------------------------------------------
def app_document(now: Json, found: Json) -> Json:
    org = found["org"]
    return {
        "id": found["name"], "name": found["name"], "internal_numeric_id": found["number"], "network": "default",
        "status": found["status"], "machine_count": len(found["machines"]), "volume_count": len(found["volumes"]),
        "organization": {"name": now["orgs"][org]["name"], "slug": org, "internal_numeric_id": 7}, "cname_target": "", "app_role": "",
    }  # fmt: skip


def create_app(call: Call) -> Json:
    return app_document(call.now, cloud.create_app(call.now, call.body["name"], call.body["org_slug"]))


def list_apps(call: Call) -> Json:
    wanted = call.query.get("org_slug", "")
    found = [app for app in call.now["apps"].values() if wanted in ("", app["org"])]
    return {"total_apps": len(found), "apps": [app_document(call.now, app) for app in found]}


def show_app(call: Call) -> Json:
    return app_document(call.now, call.app)


def destroy_app(call: Call) -> None:
    del call.now["apps"][call.app["name"]]


def regions(_call: Call) -> Json:
    return {
        "Nearest": "fra",
        "Regions": [
            {
                "code": code, "name": name, "latitude": north, "longitude": east, "gateway_available": True,
                "requires_paid_plan": False, "deprecated": False, "geo_region": "", "mpg_available": True,
                "capacity": 0 if code == world.FULL_REGION else 100,
            }
            for code, name, north, east in world.REGIONS
        ],
    }  # fmt: skip


# -- volumes, secrets, addresses --------------------------------------------------------------------------------------
def list_volumes(call: Call) -> list[Json]:
    return [cloud.volume_document(volume) for volume in call.app["volumes"]]


def list_certificates(call: Call) -> Json:
    found = fly_org.certificates(call.app)
    return {"certificates": found, "next_cursor": "", "total_count": len(found)}


def create_volume(call: Call) -> Json:
    size = int(call.body.get("size_gb") or 1)
    return cloud.volume_document(
        cloud.create_volume(
            call.now,
            call.app,
            call.body["name"],
            call.body["region"],
            size,
            call.body.get("snapshot_id") or "",
        )
    )


def show_volume(call: Call) -> Json:
    found = [volume for volume in list_volumes(call) if volume["id"] == call.parts[1]]
    if not found:
        raise Refusal(404, "volume not found")
    return found[0]


def destroy_volume(call: Call) -> Json:
    found = show_volume(call)
    cloud.destroy_volume(call.app, call.parts[1])
    return {**found, "state": "pending_destroy"}


def list_snapshots(call: Call) -> list[Json]:
    return cloud.snapshot_documents(call.app, call.parts[1])


def create_snapshot(call: Call) -> None:
    cloud.create_snapshot(call.now, call.app, call.parts[1])


def list_secrets(call: Call) -> Json:
    """flyctl itself works the status out: from when a secret was changed, and when its machine's release was made."""
    long_ago, in_future = "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"
    return {
        "secrets": [
            {
                "name": name, "digest": secret["digest"], "created_at": long_ago,
                "updated_at": long_ago if secret["status"] == "Deployed" else in_future,
            }
            for name, secret in sorted(call.app["secrets"].items())
        ]
    }  # fmt: skip


def change_secrets(call: Call) -> Json:
    cloud.keep_secrets(call.app, call.body["values"])
    return {"secrets": list_secrets(call)["secrets"], "version": world.number(call.now)}


def list_ips(call: Call) -> Json:
    return {"ips": [_assignment(ip) for ip in call.app["ips"]]}


def _assignment(ip: Json) -> Json:
    return {
        "ip": ip["address"], "region": "global", "service_name": "", "shared": ip["type"] == "shared_v4",
        "created_at": gateway.stamp(ip["at"]),
    }  # fmt: skip


def assign_ip(call: Call) -> Json:
    return _assignment(cloud.new_ip(call.now, call.app, call.body["type"]))


# -- machines ---------------------------------------------------------------------------------------------------------
def list_machines(call: Call) -> list[Json]:
    return [cloud_machines.document(machine) for machine in call.app["machines"]]


def show_machine(call: Call) -> Json:
    return cloud_machines.document(call.machine)


def launch(call: Call) -> Json:
    machine = cloud_machines.launch(call.now, call.app, call.body["config"], call.body["region"])
    answer = cloud_machines.document(machine)
    if call.body.get("lease_ttl"):
        cloud_machines.take_lease(machine, call.now["email"], call.body["lease_ttl"])
        answer["nonce"] = machine["lease"]["nonce"]
    return answer


def change(call: Call) -> Json:
    launch = not call.body.get("skip_launch")
    cloud_machines.change(call.now, call.app, call.machine, call.body["config"], launch=launch)
    return cloud_machines.document(call.machine)


def restart(call: Call) -> Json:
    cloud_machines.restart(call.now, call.app, call.machine)
    return {"ok": True}


def start(call: Call) -> Json:
    previous = call.machine["state"]
    cloud_machines.start(call.now, call.app, call.machine)
    return {"message": "ok", "status": "started", "previous_state": previous}


def wait(call: Call) -> Json:
    """Answered at once: who waits asks again by itself. Any state in which nothing is under way is "settled"."""
    wanted = call.query.get("state", "started").split(",")
    if "settled" not in wanted and call.machine["state"] not in wanted:
        raise Refusal(408, "timed out waiting for machine to reach the state", "deadline_exceeded")
    return {"ok": True}


def take_lease(call: Call) -> Json:
    """Who has it already makes it last longer."""
    lease = call.machine["lease"]
    if lease and lease["nonce"] == call.nonce:
        lease["expires"] = time.time() + float(call.query.get("ttl", 13))
    else:
        cloud_machines.take_lease(call.machine, call.now["email"], float(call.query.get("ttl", 13)))
    return cloud_machines.lease_document(call.machine)


def show_lease(call: Call) -> Json:
    return cloud_machines.lease_document(call.machine)


def drop_lease(call: Call) -> Json:
    call.machine["lease"] = None
    return {"ok": True}


def run_command(call: Call) -> Json:
    command = call.body.get("cmd") or ""
    return run_in_machine(call.now, call.app, call.machine, command, float(call.body.get("timeout") or 0))


def destroy_machine(call: Call) -> Json:
    cloud_machines.destroy(
        call.app, call.parts[1], kill=call.query.get("kill") == "true" or call.query.get("force") == "true"
    )
    return {"ok": True}


def processes(call: Call) -> list[Json]:
    if not gateway.listening(call.machine):
        return []
    sockets = [{"proto": "tcp", "address": "0.0.0.0:3000"}]
    return [{"pid": 640, "stime": 1, "rtime": 60, "command": "node", "directory": "/app", "cpu": 1, "rss": 500 << 20, "listen_sockets": sockets}]  # fmt: skip


def metadata(call: Call) -> Json:
    return dict(call.machine["config"].get("metadata") or {})


# -- Fly's own API ----------------------------------------------------------------------------------------------------
def show_organization(call: Call) -> Json:
    if call.parts[0] not in call.now["orgs"]:
        raise Refusal(404, "organization not found")
    return {"organization": _organization(call.now, call.parts[0])}


def list_organizations(call: Call) -> Json:
    return {"organizations": [_organization(call.now, slug) for slug in call.now["orgs"]]}


def _organization(now: Json, slug: str) -> Json:
    found = organization(now, slug)
    return {
        "id": found["id"], "internal_numeric_id": 7, "slug": slug, "raw_slug": slug, "name": found["name"],
        "paid_plan": False, "personal": slug == "personal", "billing_status": found["billingStatus"], "billable": True,
        "provisions_beta_extensions": False, "remote_builder_image": "",
    }  # fmt: skip


def build(_call: Call) -> Json:
    return {"id": 1, "status": "started", "wallclock_time_ms": 1}


def release_document(call: Call, found: Json) -> Json:
    return {
        "id": found["id"], "version": found["version"], "stable": True, "in_progress": found["status"] == "running",
        "status": found["status"], "strategy": "ROLLING", "user": call.now["email"], "created_at": found["created"],
        "image_ref": found["image"],
    }  # fmt: skip


def create_release(call: Call) -> Json:
    app = cloud.app_of(call.now, call.body["app_name"])
    app["definition"] = call.body.get("definition")
    return {"release": release_document(call, cloud.new_release(call.now, app, call.body["image"]))}


def change_release(call: Call) -> Json:
    for app in call.now["apps"].values():
        for found in app["releases"]:
            if found["id"] == call.parts[0]:
                found["status"] = call.body["status"]
                return release_document(call, found)
    raise Refusal(404, "release not found")


def current_release(call: Call) -> Json:
    if not call.app["releases"]:
        raise Refusal(404, "release not found")
    return release_document(call, call.app["releases"][-1])


def list_releases(call: Call) -> Json:
    return {"releases": [release_document(call, found) for found in reversed(call.app["releases"])]}


def list_logs(call: Call) -> Json:
    """A page of lines; ``next_token`` is the time of the last one."""
    since = float(call.query.get("next_token") or 0)
    lines = [
        (line, machine) for machine in call.app["machines"] for line in machine["log"]
        if since < line["at"] <= time.time()
    ][-100:]  # fmt: skip
    token = str(max((line["at"] for line, _machine in lines), default=since))
    return {"data": [_line(line, machine) for line, machine in lines], "meta": {"next_token": token}}


def _line(line: Json, machine: Json) -> Json:
    attributes = {
        "timestamp": gateway.stamp(line["at"]), "message": line["message"], "level": line["level"], "instance": machine["id"],
        "region": machine["region"],
        "meta": {"instance": machine["id"], "region": machine["region"], "event": {"provider": line["provider"]}},
    }  # fmt: skip
    return {"id": str(line["at"]), "attributes": attributes}


Handler = Callable[[Call], Any]

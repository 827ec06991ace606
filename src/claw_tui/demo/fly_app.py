"""volumes, ips, status, releases, image, checks, config."""

from __future__ import annotations

import os
import re

from claw_tui.demo import cloud, cloud_machines, gateway, world
from claw_tui.demo.session import FlyFailure, Session, in_query
from claw_tui.demo.world import World

PINNED_TO_A_HOST = "Warning! Every volume is pinned to a specific physical host. You should create two or more volumes per application"
VOLUMES_PAGE = "Learn more at https://fly.io/docs/volumes/overview/"
NO_DATE = "0001-01-01T00:00:00Z"


# -- volumes ----------------------------------------------------------------------------------------------------------
def volumes_create(session: Session) -> None:
    """Without --yes it is refused only when the app has no volume of that name; else it makes another one."""
    parsed, name, region = session.parsed, session.parsed.args[0], session.parsed.text("region")
    app_name, count = session.app_name(), int(session.parsed.text("count") or 1)
    with session.app() as (_now, app):
        if count == 1 and not any(volume["name"] == name for volume in app["volumes"]):
            session.needs_yes(f"{PINNED_TO_A_HOST} to avoid downtime. {VOLUMES_PAGE}")
    if not region:
        raise FlyFailure("region code must be specified when not running interactively")
    if region not in [code for code, *_rest in world.REGIONS]:
        raise FlyFailure(f"region {region} not found")

    def create(now: World) -> World:
        app = cloud.app_of(now, app_name)
        size = int(parsed.text("size") or 1)
        snapshot = parsed.text("snapshot-id")
        return cloud.volume_document(cloud.create_volume(now, app, name, region, size, snapshot))

    for _ in range(count):
        request = f"POST /v1/apps/{app_name}/volumes"
        session.print_json(session.send(request, create, doing="failed to create volume", graph=False))


def volumes_list(session: Session) -> None:
    session.look_up_app()
    doing = "failed retrieving volumes: failed to list volumes"
    with session.app(graph=False, doing=doing, path="/volumes") as (_now, app):
        session.print_json([cloud.volume_document(volume) for volume in app["volumes"]])


def snapshots_create(session: Session) -> None:
    app_name, wanted = session.app_name(), session.parsed.args[0]
    request = f"POST /v1/apps/{app_name}/volumes/{wanted}/snapshots"

    def snapshot(now: World) -> None:
        cloud.create_snapshot(now, cloud.app_of(now, app_name), wanted)

    session.send(request, snapshot, doing=f"failed to snapshot {wanted}", graph=False)
    session.say(f"Scheduled to snapshot volume {wanted}")


def snapshots_list(session: Session) -> None:
    app_name, wanted = session.app_name(), session.parsed.args[0]
    request = f"GET /v1/apps/{app_name}/volumes/{wanted}/snapshots"

    def listed(now: World) -> list[World]:
        return cloud.snapshot_documents(cloud.app_of(now, app_name), wanted)

    doing = f"failed retrieving snapshots: failed to get volume {wanted} snapshots"
    session.print_json(session.send(request, listed, doing=doing, graph=False))


def volumes_destroy(session: Session) -> None:
    app_name = session.app_name()
    for wanted in session.parsed.args:
        if not session.has("yes"):
            with session.app() as (_now, app):
                left = len(app["volumes"]) - 1
            session.needs_yes(
                f"{PINNED_TO_A_HOST}. Deleting this volume will leave you with {left} volume(s) for this application,"
                f" and it is not reversible.  {VOLUMES_PAGE}"
            )

        def destroy(now: World, wanted: str = wanted) -> str:
            return cloud.destroy_volume(cloud.app_of(now, app_name), wanted)

        doing = f"failed destroying volume: failed to destroy volume {wanted}"
        request = f"DELETE /v1/apps/{app_name}/volumes/{wanted}"
        name = session.send(request, destroy, doing=doing, graph=False)
        session.say(f"Destroyed volume ID: {wanted} name: {name}")


# -- addresses --------------------------------------------------------------------------------------------------------
def _ip_document(ip: World) -> World:
    shared = ip["type"] == "shared_v4"
    return {
        "ID": ip["id"], "Address": ip["address"], "Type": ip["type"], "Region": "" if shared else "global",
        "CreatedAt": NO_DATE if shared else gateway.stamp(ip["at"]), "ServiceName": "", "Network": None,
    }  # fmt: skip


def ips_list(session: Session) -> None:
    with session.app() as (_now, app):
        session.print_json([_ip_document(ip) for ip in app["ips"]])


def ips_allocate_v4(session: Session) -> None:
    if session.has("shared"):
        ip = _allocate(session, "shared_v4")
        _table(session, ("VERSION", "IP", "TYPE", "REGION"), ("v4", ip["address"], "shared", "global"))
        return
    session.needs_yes()
    ip = _allocate(session, "v4")
    _new_address(session, "v4", ip["address"], "public ingress (dedicated, $2/mo)")


def ips_allocate_v6(session: Session) -> None:
    private = session.has("private")
    ip = _allocate(session, "private_v6" if private else "v6")
    kind = "private ingress" if private else "public ingress (dedicated)"
    _new_address(session, "v6", ip["address"], kind)


def _allocate(session: Session, kind: str) -> World:
    app_name = session.app_name()

    def allocate(now: World) -> World:
        if app_name not in now["apps"]:
            raise cloud.Refusal(404, in_query(f'Could not find App "{app_name}"', "mutation"))
        return cloud.new_ip(now, cloud.app_of(now, app_name), kind)

    found: World = session.send("#allocateIpAddress", allocate, kind="mutation")
    return found


def _new_address(session: Session, version: str, address: str, kind: str) -> None:
    _table(
        session,
        ("VERSION", "IP", "TYPE", "REGION", "CREATED AT"),
        (version, address, kind, "global", "just now"),
    )


def _table(session: Session, *rows: tuple[str, ...]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        session.say(
            " " + " │ ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " "
        )
    session.say("\n")


def ips_release(session: Session) -> None:
    """One after the other; the first that fails ends it."""
    app_name = session.app_name()
    for address in session.parsed.args:
        if not re.fullmatch(r"[\d.]+|[\da-f:]*:[\da-f:]*", address):
            raise FlyFailure(f"Invalid IP address: '{address}'")

        def release(now: World, address: str = address) -> None:
            try:
                cloud.release_ip(cloud.app_of(now, app_name), address)
            except cloud.Refusal as refusal:
                raise cloud.Refusal(404, in_query(str(refusal), "mutation")) from refusal

        session.send("#releaseIpAddress", release, kind="mutation")
        session.say(f"Released {address} from {app_name}")


# -- what runs --------------------------------------------------------------------------------------------------------
def status(session: Session) -> None:
    session.look_up_app("failed to get app")
    with session.app(graph=False, doing="failed to list active VMs", path="/machines") as (_now, app):
        name = app["name"]
        session.print_json({
            "AppURL": f"https://{name}.fly.dev", "Deployed": app["status"] == "deployed", "Hostname": f"{name}.fly.dev",
            "ID": name, "Machines": [cloud_machines.document(machine) for machine in app["machines"]], "Name": name,
            "Organization": {
                "ID": f"org-{app['org']}", "InternalNumericID": "7", "Name": "", "Slug": app["org"], "RawSlug": "", "PaidPlan": False,
            },
            "PlatformVersion": "machines", "Status": app["status"], "Version": len(app["releases"]),
        })  # fmt: skip


def releases(session: Session) -> None:
    with session.app(doing=f"failed retrieving app releases {session.app_name()}") as (now, app):
        session.print_json(
            [
                {
                    "ID": r["id"], "Version": r["version"], "Stable": True, "InProgress": False, "Reason": "",
                    "Description": "Release", "Status": r["status"], "DeploymentStrategy": "", "Metadata": None,
                    "User": {"ID": "u", "Name": "You", "Email": now["email"], "EnablePaidHobby": False},
                    "EvaluationID": "", "CreatedAt": r["created"], "ImageRef": r["image"],
                }
                for r in reversed(app["releases"])
            ]
        )  # fmt: skip


def image_show(session: Session) -> None:
    """An app without machines is ``null``. That there might be a newer image is said in between, on stderr."""
    session.look_up_app("get app")
    doing = "failed to get machines: failed to list VMs"
    with session.app(graph=False, doing=doing, path="/machines") as (_now, app):
        found, news = [], ""
        for machine in app["machines"]:
            registry, _sep, rest = machine["image"].partition("/")
            repository, _sep, tag = rest.rpartition(":")
            found.append({
                "Digest": "sha256:" + world.sha256(machine["image"]), "Labels": "", "MachineID": machine["id"],
                "Registry": registry, "Repository": repository, "Tag": tag, "Version": "N/A",
            })  # fmt: skip
            news += f'Machine "{machine["id"]}" {rest} -> {rest} (N/A)\n'
        if found:
            session.mutter(
                f"Updates available:\n\n{news}\nRun `flyctl image update` to migrate to the latest image version."
            )
        session.print_json(found or None)


def checks_list(session: Session) -> None:
    with session.app(graph=False, doing="failed to list active VMs", path="/machines") as (_now, app):
        documents = map(cloud_machines.document, app["machines"])
        session.print_json({document["id"]: document.get("checks", []) for document in documents})


def config_show(session: Session) -> None:
    """The release's own config where it is told; else made up from a machine: an http_service is a plain service then."""
    doing = "failed to grab app config from existing machines, error"
    listing = f"error listing active machines for {session.app_name()} app: failed to list VMs"
    with session.app(graph=False, doing=listing, path="/machines") as (_now, app):
        if app.get("definition"):
            session.print_json(app["definition"])
            return
        if not app["machines"]:
            raise FlyFailure(
                f"{doing}: could not create a fly.toml from any machines :-(\nNo machines configured for this app\n"
            )
        machine = app["machines"][0]
        session.print_json({
            "app": app["name"], "primary_region": machine["region"], "env": machine["env"],
            "processes": {"app": " ".join(machine["cmd"])},
            "mounts": [{"source": mount["name"], "destination": mount["path"]} for mount in machine["mounts"]],
            "services": list(map(_service, machine["services"])), "metrics": [{}],
        })  # fmt: skip


def _service(service: World) -> World:
    shown = {
        "protocol": service["protocol"], "internal_port": service["internal_port"], "auto_stop_machines": service["autostop"],
        "auto_start_machines": service["autostart"], "min_machines_running": service["min_machines_running"],
        "ports": service["ports"], "processes": ["app"],
    }  # fmt: skip
    checks = [
        {key: check[key] for key in ("interval", "timeout", "method", "path")}
        for check in service.get("checks", ())
    ]
    return {**shown, "http_checks": checks} if checks else shown


def config_validate(session: Session) -> None:
    from claw_tui.demo.app_config import load_toml, validate  # noqa: PLC0415

    path = os.path.abspath(session.parsed.text("config") or "fly.toml")
    validate(session, path, load_toml(path))


COMMANDS = {
    "volumes create": volumes_create, "volumes list": volumes_list, "volumes destroy": volumes_destroy,
    "volumes snapshots create": snapshots_create, "volumes snapshots list": snapshots_list,
    "ips list": ips_list, "ips allocate-v4": ips_allocate_v4, "ips allocate-v6": ips_allocate_v6, "ips release": ips_release,
    "status": status, "releases": releases, "image show": image_show, "checks list": checks_list,
    "config show": config_show, "config validate": config_validate,
}  # fmt: skip

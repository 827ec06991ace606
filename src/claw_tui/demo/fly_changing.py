"""machine stop/cordon/uncordon/clone, volumes extend/fork."""

from __future__ import annotations

import json
from datetime import datetime

from claw_tui.demo import cloud, cloud_changing, cloud_machines
from claw_tui.demo.fly_machine import NOT_FOUND, getting, give_back, lease
from claw_tui.demo.fly_sizes import change_guest, parse_size
from claw_tui.demo.fly_waiting import wait_for_checks, wait_for_start
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.world import World


def machine_stop(session: Session) -> None:
    """With --wait-timeout it waits until it has stopped."""
    name, machine_id = session.app_name(), lease(session)["id"]

    def stop(now: World) -> None:
        cloud_changing.stop(cloud_machines.machine_of(cloud.app_of(now, name), machine_id))

    try:
        session.say(f"Sending kill signal to machine {machine_id}...")
        doing = f"could not stop machine {machine_id}: failed to stop VM {machine_id}"
        request = f"POST /v1/apps/{name}/machines/{machine_id}/stop"
        session.send(request, stop, doing=doing, graph=False, seconds=1)
        if session.has("wait-timeout"):
            late = f"machine {machine_id} did not stop within the wait timeout: failed to wait for VM {machine_id}"
            request = f"GET /v1/apps/{name}/machines/{machine_id}/wait"
            session.send(request, doing=f"{late} in [stopped] state", graph=False, seconds=0)
    finally:
        give_back(session, machine_id)
    session.say(f"{machine_id} has been successfully stopped")


def _cordon(session: Session, *, on: bool) -> None:
    name, machine_id = session.app_name(), lease(session)["id"]

    def mark(now: World) -> None:
        cloud_machines.machine_of(cloud.app_of(now, name), machine_id)["cordoned"] = on

    try:
        session.say(f"{'Activating' if on else 'Deactivating'} cordon on machine {machine_id}...")
        word = "cordon" if on else "uncordon"
        request = f"POST /v1/apps/{name}/machines/{machine_id}/{word}"
        session.send(request, mark, doing=f"failed to {word} VM", graph=False, seconds=0)
    finally:
        give_back(session, machine_id)
    session.say("done!")


def machine_cordon(session: Session) -> None:
    _cordon(session, on=True)


def machine_uncordon(session: Session) -> None:
    _cordon(session, on=False)


def machine_clone(session: Session) -> None:
    """The same config once more, with another volume. It takes no lease, and looks at no size: Fly.io does."""
    name, wanted = session.app_name(), session.parsed.text("region")
    volume_id, _sep, path = session.parsed.text("attach-volume").partition(":")
    with session.app(graph=False, doing=getting(session), path="/machines") as (_now, app):
        source = json.loads(json.dumps(session.machine(app, missing=NOT_FOUND)))
        region = _region(app, volume_id, wanted) or source["region"]
    config = source["config"]
    session.say(f"Cloning Machine {source['id']} into region {region}")
    change_guest(config["guest"], session.parsed.text("vm-size"), session.parsed.text("vm-memory"))
    config["mounts"] = _mounts(session, config.get("mounts") or [], volume_id, path)
    session.say(f"Provisioning a new Machine with image {source['image']}...")

    def launch(now: World) -> World:
        return cloud_machines.launch(now, cloud.app_of(now, name), config, region)

    request = f"POST /v1/apps/{name}/machines"
    machine_id = session.send(request, launch, doing="failed to launch VM", graph=False, seconds=0)["id"]
    session.say(f"  Machine {machine_id} has been created...")
    session.say(f"  Waiting for Machine {machine_id} to start...")
    wait_for_start(session, machine_id)
    wait_for_checks(session, machine_id, "error while watching health checks")
    session.say("Machine has been successfully cloned!")


def _region(app: World, volume_id: str, region: str) -> str:
    """The volume's, where there is one. Raises FlyFailure."""
    if not volume_id:
        return region
    volume = next((one for one in app["volumes"] if one["id"] == volume_id), None)
    if volume is None:
        raise FlyFailure(f"could not get existing volume: failed to get volume {volume_id}: volume not found")
    if region and volume["region"] != region:
        raise FlyFailure(
            f"specified region {region} but volume is in region {volume['region']}, use the same region as the volume"
        )
    return str(volume["region"])


def _mounts(session: Session, mounts: list[World], volume_id: str, path: str) -> list[World]:
    """With the other volume. Raises FlyFailure."""
    if not volume_id:
        return mounts
    if len(mounts) > 1:
        raise FlyFailure("Can't use --attach-volume for Machines with more than 1 volume.")
    if not mounts and not path:
        raise FlyFailure(
            f"Please specify a mount path on '{volume_id}' using <volume_id>:/path/inside/machine"
        )
    if mounts and path:
        old = mounts[0]["path"]
        session.say(f"Info: --attach-volume is overriding previous mount point from `{old}` to `{path}`.")
    session.say(f"Attaching existing volume {volume_id}")
    with session.app(graph=False, path=f"/volumes/{volume_id}") as (_now, app):
        if cloud.volume_of(app, volume_id)["attached"]:
            raise FlyFailure(f"volume {volume_id} is already attached to a machine")
    return [{"path": path or mounts[0]["path"], "volume": volume_id}]


def volumes_extend(session: Session) -> None:
    """To a size, or with a + by so much."""
    app_name, wanted, size = session.app_name(), session.parsed.args[0], session.parsed.text("size")
    session.look_up_app()
    size_gb = parse_size(size, 1000, 10**9)
    if not size_gb:
        raise FlyFailure("Volume size must be specified")
    if size.startswith("+"):
        size_gb += _volume(session, app_name, wanted)["size_gb"]

    def extend(now: World) -> World:
        return dict(cloud_changing.extend(cloud.app_of(now, app_name), wanted, size_gb))

    request = f"PUT /v1/apps/{app_name}/volumes/{wanted}/extend"
    doing = f"failed to extend volume: failed to extend volume {wanted}"
    volume = session.send(request, extend, doing=doing, graph=False, seconds=1)
    _show(session, app_name, volume)
    if not session.has("json"):
        session.say(
            "You will need to stop and start your Machine to increase the size of the file system"
            if volume.get("old_host")
            else "Your Machine got its volume size extended without needing a restart"
        )


def volumes_fork(session: Session) -> None:
    app_name, wanted, parsed = session.app_name(), session.parsed.args[0], session.parsed
    _volume(session, app_name, wanted, "failed to get volume: ")
    change_guest(
        {"cpu_kind": "shared", "cpus": 1, "memory_mb": 256}, parsed.text("vm-size"), parsed.text("vm-memory")
    )

    def fork(now: World) -> World:
        app = cloud.app_of(now, app_name)
        return dict(cloud_changing.fork(now, app, wanted, parsed.text("name"), parsed.text("region")))

    request = f"POST /v1/apps/{app_name}/volumes"
    doing = "failed to fork volume: failed to create volume"
    _show(session, app_name, session.send(request, fork, doing=doing, graph=False, seconds=1))


def _volume(session: Session, app_name: str, wanted: str, doing: str = "") -> World:
    def find(now: World) -> World:
        return dict(cloud.volume_of(cloud.app_of(now, app_name), wanted))

    request = f"GET /v1/apps/{app_name}/volumes/{wanted}"
    found: World = session.send(request, find, doing=f"{doing}failed to get volume {wanted}", graph=False)
    return found


def _show(session: Session, app_name: str, volume: World) -> None:
    document = cloud.volume_document(volume)
    if session.has("json"):
        session.print_json(document)
        return
    made = datetime.fromisoformat(document["created_at"])
    for name, value in (
        ("ID", document["id"]), ("Name", document["name"]), ("App", app_name), ("Region", document["region"]),
        ("Zone", document["zone"]), ("Size GB", document["size_gb"]), ("Encrypted", "true"),
        ("Created at", made.strftime("%d %b %y %H:%M UTC")), ("Snapshot retention", document["snapshot_retention"]),
        ("Scheduled snapshots", "true"),
    ):  # fmt: skip
        session.say(f"{name:>20}: {value}")


COMMANDS = {
    "machine stop": machine_stop, "machine cordon": machine_cordon, "machine uncordon": machine_uncordon,
    "machine clone": machine_clone, "volumes extend": volumes_extend, "volumes fork": volumes_fork,
}  # fmt: skip

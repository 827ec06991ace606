"""machine stop/cordon/uncordon/clone, volumes extend/fork."""

from __future__ import annotations

import json

from claw_tui.demo import cloud, cloud_changing, cloud_machines, world
from claw_tui.demo.fly_machine import change_guest, give_back, lease
from claw_tui.demo.fly_rollout import wait_until_healthy
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
    """The same config once more, with another volume. A volume in another region, or in use, is refused by flyctl itself."""
    name, region = session.app_name(), session.parsed.text("region")
    volume_id = session.parsed.text("attach-volume").partition(":")[0]
    with session.app(graph=False, path="/machines") as (_now, app):
        source = json.loads(json.dumps(session.machine(app)))
        config = source["config"]
        if volume_id:
            region = _fitting(app, config, volume_id, region)
    change_guest(config["guest"], session.parsed.text("vm-size"), session.parsed.text("vm-memory"))
    session.say(f"Cloning Machine {source['id']} into region {region or source['region']}")
    if volume_id:
        session.say(f"Attaching existing volume {volume_id}")
        config["mounts"] = [{"path": mount["path"], "volume": volume_id} for mount in config["mounts"]]
    session.say(f"Provisioning a new Machine with image {source['image']}...")

    def launch(now: World) -> World:
        app = cloud.app_of(now, name)
        return cloud_machines.launch(now, app, config, region or source["region"])

    request = f"POST /v1/apps/{name}/machines"
    machine = session.send(request, launch, doing="failed to launch VM", graph=False, seconds=0)
    session.say(f"  Machine {machine['id']} has been created...")
    session.say(f"  Waiting for Machine {machine['id']} to start...")
    world.wait(6)
    wait_until_healthy(session, name, machine["id"])
    session.say("Machine has been successfully cloned!")


def _fitting(app: World, config: World, volume_id: str, region: str) -> str:
    """The volume's region. Raises FlyFailure."""
    volume = next((one for one in app["volumes"] if one["id"] == volume_id), None)
    if volume is None:
        raise FlyFailure(f"could not get existing volume: failed to get volume {volume_id}: volume not found")
    if region and volume["region"] != region:
        raise FlyFailure(
            f"specified region {region} but volume is in region {volume['region']}, use the same region as the volume"
        )
    if len(config.get("mounts") or []) > 1:
        raise FlyFailure("Can't use --attach-volume for Machines with more than 1 volume.")
    if volume["attached"]:
        raise FlyFailure(f"volume {volume_id} is already attached to a machine")
    return str(volume["region"])


def volumes_extend(session: Session) -> None:
    app_name, wanted, size = session.app_name(), session.parsed.args[0], session.parsed.text("size")
    session.look_up_app()
    if not size.isdigit() or not int(size):
        raise FlyFailure("Volume size must be specified" if size in ("", "0") else f"invalid size: '{size}'")

    def extend(now: World) -> World:
        return cloud.volume_document(cloud_changing.extend(cloud.app_of(now, app_name), wanted, int(size)))

    request = f"PUT /v1/apps/{app_name}/volumes/{wanted}/extend"
    session.print_json(
        session.send(
            request,
            extend,
            doing=f"failed to extend volume: failed to extend volume {wanted}",
            graph=False,
            seconds=1,
        )
    )


def volumes_fork(session: Session) -> None:
    app_name, wanted, parsed = session.app_name(), session.parsed.args[0], session.parsed
    with session.app(graph=False, doing="failed to get volume", path=f"/volumes/{wanted}") as (_now, app):
        if wanted not in [volume["id"] for volume in app["volumes"]]:
            raise FlyFailure(f"failed to get volume: failed to get volume {wanted}: volume not found")

    def fork(now: World) -> World:
        app = cloud.app_of(now, app_name)
        return cloud.volume_document(
            cloud_changing.fork(now, app, wanted, parsed.text("name"), parsed.text("region"))
        )

    request = f"POST /v1/apps/{app_name}/volumes"
    session.print_json(
        session.send(
            request, fork, doing="failed to fork volume: failed to create volume", graph=False, seconds=1
        )
    )


COMMANDS = {
    "machine stop": machine_stop, "machine cordon": machine_cordon, "machine uncordon": machine_uncordon,
    "machine clone": machine_clone, "volumes extend": volumes_extend, "volumes fork": volumes_fork,
}  # fmt: skip

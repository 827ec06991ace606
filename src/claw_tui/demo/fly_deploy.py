"""``fly deploy``: its phases, lines and streams in a pipe, and what it asks Fly.io for."""

from __future__ import annotations

import os

from claw_tui.demo import cloud, cloud_machines, world
from claw_tui.demo.app_config import Toml, definition, load_toml, machine_config, seconds, validate
from claw_tui.demo.fly_build import build
from claw_tui.demo.fly_rollout import update, wait_until_healthy
from claw_tui.demo.session import FlyFailure, Session, failure
from claw_tui.demo.world import World


def deploy(session: Session) -> None:
    if session.parsed.args:
        os.chdir(session.parsed.args[0])
    path = os.path.abspath(session.parsed.text("config") or "fly.toml")
    name = session.app_name()
    config = load_toml(path)
    session.mutter("\x1b[1m==> Verifying app config\x1b[0m")
    validate(session, path, config)
    session.mutter("--> Verified app config")
    session.send(f"GET /v1/apps/{name}", lambda now: cloud.app_of(now, name), graph=False)
    image = _image(session, config, name, os.path.dirname(path))
    session.say(f"\nWatch your deployment at https://fly.io/apps/{name}/monitoring\n")
    lease = session.parsed.text("lease-timeout") or "13s"
    wait = session.parsed.text("wait-timeout") or "5m"
    if session.has("wait-timeout"):
        session.noise(
            "info",
            f"Using wait timeout: {_go(wait)} lease timeout: {_go(lease)} delay between lease refreshes: {_refresh(lease)}",
        )
    new = _prepare(session, config, name)
    release = session.send(
        "POST /api/v1/releases",
        lambda now: _release(now, name, image, config),
        doing="failed to create release",
        graph=False,
        seconds=0.1,
    )
    try:
        if new:
            _create(session, config, name, image, release)
        else:
            _update(session, config, name, image, release)
    except FlyFailure:
        _finish(name, "failed")
        raise
    except KeyboardInterrupt:
        _finish(name, "interrupted")
        raise
    _finish(name, "complete")
    _goodbye(session, name, config)


def _go(text: str) -> str:
    from claw_tui.demo.app_config import duration  # noqa: PLC0415

    return duration(text)


def _refresh(lease: str) -> str:
    """A third of the lease, but a lease of 13 seconds is refreshed every 4."""
    third = (seconds(lease) - 1) / 3
    return f"{third:g}s" if third == int(third) else f"{third:.9f}s"


def _goodbye(session: Session, name: str, config: Toml) -> None:
    with world.opened(change=False) as now:
        public = any(ip["type"] != "private_v6" for ip in now["apps"][name]["ips"])
    if session.has("no-public-ips"):
        session.say("Your app is deployed but does not have a public or private IP address\n")
    elif public and "http_service" in config:
        session.say(f"\nVisit your newly deployed app at https://{name}.fly.dev/")


def _release(now: World, name: str, image: str, config: Toml) -> World:
    """`fly config show` tells the config of the last one as it was sent, whatever becomes of the machine."""
    app = cloud.app_of(now, name)
    release = cloud.new_release(now, app, image)
    app["definition"] = definition(config, name, image)
    release["status"] = "running"
    return release


def _finish(name: str, status: str) -> None:
    """How the release ends; after a cancelled deploy the machine keeps its lease."""
    with world.opened() as now:
        app = now["apps"][name]
        if app["releases"]:
            app["releases"][-1]["status"] = status
        if status == "complete":
            for machine in app["machines"]:
                machine["lease"] = None


# -- the image --------------------------------------------------------------------------------------------------------
def _image(session: Session, config: Toml, name: str, folder: str) -> str:
    session.mutter("==> Building image")
    image = str(session.parsed.text("image") or config.get("build", {}).get("image", ""))
    if not image:
        return build(
            session, name, os.path.join(folder, config.get("build", {}).get("dockerfile", "Dockerfile"))
        )
    session.mutter(f"Searching for image '{image}' remotely...")
    session.send("#app", doing="failed to fetch an image or build from source", seconds=3)
    if not world.has_image(image):
        raise FlyFailure(f'failed to fetch an image or build from source: could not find image "{image}"')
    session.mutter(f"image found: img_{world.digest(image)}")
    return image.partition("@")[0]


# -- addresses and disks ----------------------------------------------------------------------------------------------
def _prepare(session: Session, config: Toml, name: str) -> bool:
    """Addresses and missing volumes come with the first deploy only. Whether a machine is to be made."""
    listing = f"GET /v1/apps/{name}/machines"
    session.send(listing, doing="failed to list VMs even after retries", graph=False, seconds=0)
    with world.opened() as now:
        app = cloud.app_of(now, name)
        first = app["status"] == "pending" and not app["machines"]
        if first:
            _first_deploy(session, now, app, config)
        if not app["machines"] and config.get("mounts") and _free_volume(app, config) is None:
            source = _mount(config)["source"]
            raise FlyFailure(
                f"creating a new machine in group 'app' requires an unattached '{source}' volume."
                f" Create it with `fly volume create {source}`"
            )
        for machine in app["machines"]:
            _same_volume(machine, config)
        return not app["machines"]


def _same_volume(machine: World, config: Toml) -> None:
    """A machine keeps its volume; a file that names another one is refused. (Name and id are in each other's place there.)"""
    if not machine["mounts"] or not config.get("mounts"):
        return
    mounted, source = machine["mounts"][0], _mount(config)["source"]
    if mounted["name"] != source:
        why = f"can't update the attached volume {source} with name '{mounted['volume']}' by '{mounted['name']}'"
        raise FlyFailure(f"machine {machine['id']} [app] {why}")


def _mount(config: Toml) -> Toml:
    mounts = config["mounts"]
    found: Toml = mounts[0] if isinstance(mounts, list) else mounts
    return found


def _free_volume(app: World, config: Toml, region: str = "") -> World | None:
    """Before a deploy begins flyctl looks at names only; when it makes the machine, at regions too."""
    source = _mount(config)["source"]
    free = (v for v in app["volumes"] if v["name"] == source and not v["attached"])
    return next((v for v in free if region in ("", v["region"])), None)


def _first_deploy(session: Session, now: World, app: World, config: Toml) -> None:
    served = "http_service" in config or "services" in config
    if served and not app["ips"] and not session.has("no-public-ips") and "demo-noip" not in app["name"]:
        session.say(f"Provisioning ips for {app['name']}")
        session.say(f"  Dedicated ipv6: {cloud.new_ip(now, app, 'v6')['address']}")
        session.say(f"  Shared ipv4: {cloud.new_ip(now, app, 'shared_v4')['address']}")
        session.say("  Add a dedicated ipv4 with: fly ips allocate-v4\n")
    if config.get("mounts") and _free_volume(app, config) is None:
        source = _mount(config)["source"]
        session.say(
            f"Creating a 1 GB volume named '{source}' for process group 'app'. Use 'fly vol extend' to increase its size"
        )
        try:
            cloud.create_volume(now, app, source, config["primary_region"], 1)
        except cloud.Refusal as refusal:
            raise failure(refusal, "failed to provision seed volumes: failed to create volume") from refusal


# -- the machine ------------------------------------------------------------------------------------------------------
def _create(session: Session, config: Toml, name: str, image: str, release: World) -> None:
    session.say('This deployment will:\n * create 1 "app" machine\n')
    session.say("> Launching new machine\nNo machines in group app, launching a new machine")
    world.wait(6)
    doing = "error creating a new machine: failed to launch VM"
    with world.opened(change=False) as now:
        app = now["apps"][name]
        if config.get("mounts") and _free_volume(app, config, config["primary_region"]) is None:
            source, region = _mount(config)["source"], config["primary_region"]
            why = (
                f"New machine in group 'app' needs an unattached volume named '{source}' in region '{region}'"
            )
            session.say(f"✖ Failed: error creating machine configuration: {why}")
            raise FlyFailure(f"error creating machine configuration: {why}")

    def launch(now: World) -> World:
        app = cloud.app_of(now, name)
        mounts = []
        if config.get("mounts"):
            volume = _free_volume(app, config, config["primary_region"])
            mounts = [{"path": _mount(config)["destination"], "volume": volume["id"] if volume else ""}]
        wanted = machine_config(config, image, release, mounts)
        machine = cloud_machines.launch(now, app, wanted, config["primary_region"])
        wait = seconds(session.parsed.text("wait-timeout") or "5m")
        cloud_machines.take_lease(machine, now["email"], wait)  # it stays when the deploy is cancelled
        return machine

    try:
        machine = session.send(f"POST /v1/apps/{name}/machines", launch, doing=doing, graph=False, seconds=0)
    except FlyFailure as failed:
        session.say(f"✖ Failed: {failed}")
        raise
    session.say(f"> Machine {machine['id']} [app] was created")
    try:
        wait_until_healthy(session, name, machine["id"])
    except FlyFailure as failed:
        session.say(f"✖ Failed: {str(failed).splitlines()[0]}")
        raise
    session.say(f"✔ Machine {machine['id']} [app] update finished: success")
    session.mutter("\x1b[2mFinished launching new machines\x1b[0m")


def _update(session: Session, config: Toml, name: str, image: str, release: World) -> None:
    def change(now: World, app: World, machine: World, *, launch: bool) -> None:
        mounts = [{"path": mount["path"], "volume": mount["volume"]} for mount in machine["mounts"]]
        if (
            config.get("mounts") and not mounts
        ):  # flyctl puts another machine in its place; here it is the same one
            volume = _free_volume(app, config, machine["region"])
            if volume is not None:
                volume["attached"] = machine["id"]
                mounts = [{"path": _mount(config)["destination"], "volume": volume["id"]}]
        wanted = machine_config(config, image, release, mounts)
        cloud_machines.change(now, app, machine, wanted, launch=launch)

    update(session, name, change)


COMMANDS = {"deploy": deploy}

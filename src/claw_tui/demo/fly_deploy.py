"""``fly deploy``: its phases, lines and streams in a pipe, and what it makes in the world."""

from __future__ import annotations

import os
import shlex
import time
import tomllib
from pathlib import Path
from typing import Any

from claw_tui.demo import gateway, world
from claw_tui.demo.fly_app import FULL, new_ip, new_volume
from claw_tui.demo.fly_machine import LEASE_SECONDS, check_lease
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.world import World, made_id

IMAGES = ("2026.8.4", "2026.9.1", "2026.9.3", "2026.9.6")  # what the simulated registry has
MEMORY_LIMIT = 2048  # MB for one shared CPU
Toml = dict[str, Any]


def deploy(session: Session) -> None:
    if session.parsed.args:
        os.chdir(session.parsed.args[0])
    path = Path(session.parsed.text("config") or "fly.toml").absolute()
    name = session.app_name()
    session.mutter("\x1b[1m==> Verifying app config\x1b[0m")
    config = _read(session, path)
    with world.opened() as now:
        session.ask_server("failed to get app")
        if name not in now["apps"]:
            raise FlyFailure(
                f"the app name {name} could not be found, did you create the app or misspell it in the fly.toml file or via -a?"
            )
    session.mutter("--> Verified app config")
    image = _image(session, config, name)
    session.say(f"\nWatch your deployment at https://fly.io/apps/{name}/monitoring\n")
    machine_id = _machines(session, config, name, image)
    _healthy(session, name, machine_id)
    session.mutter("\x1b[2mFinished launching new machines\x1b[0m\n-------")
    with world.opened() as now:
        app = now["apps"][name]
        app["releases"][-1]["status"] = "complete"
        public = [ip for ip in app["ips"] if ip["type"] != "private_v6"]
        for machine in app["machines"]:
            machine["lease"] = None
    if "--no-public-ips" in session.parsed.values:
        session.say("Your app is deployed but does not have a public or private IP address")
    elif public and "http_service" in config:
        session.say(f"\nVisit your newly deployed app at https://{name}.fly.dev/")


def _read(session: Session, path: Path) -> Toml:
    session.say(f"Validating {path}")
    try:
        config = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise FlyFailure(f"failed loading app config from {path}: {error}") from error
    session.say("\x1b[32m✓\x1b[0m Configuration is valid")
    return config


def _image(session: Session, config: Toml, name: str) -> str:
    session.mutter("==> Building image")
    build = config.get("build", {})
    image = session.parsed.text("image") or build.get("image", "")
    if image:
        session.mutter(f"Searching for image '{image}' remotely...")
        world.wait(3)
        if image.rpartition(":")[2] not in IMAGES:
            raise FlyFailure(f'failed to fetch an image or build from source: Could not find image "{image}"')
        session.mutter("image found: img_" + world.digest(image))
    else:
        image = _build(session, name)
    session.mutter(f"image: {image}\nimage size: 1.9 GB")
    return str(image)


def _build(session: Session, name: str) -> str:
    session.mutter("Waiting for depot builder...\n")
    world.wait(5)
    session.mutter(
        "==> Building image with Depot\n--> build:  (\u200bhttps://depot.dev/orgs/x/projects/y/builds/z)"
    )
    for count, (step, seconds) in enumerate(
        (("[internal] load build definition from Dockerfile", 1), ("FROM docker.io/library/node:24-bookworm", 10),
         ("RUN pnpm install --frozen-lockfile", 60), ("RUN pnpm build", 140), ("exporting to image", 20)), 1,
    ):  # fmt: skip
        session.mutter(f"#{count} {step}")
        world.wait(seconds)
        session.mutter(f"#{count} DONE {seconds}.0s")
    session.mutter("--> Build Summary:  (\u200b)\n--> Building image done")
    return f"registry.fly.io/{name}:deployment-{int(time.time())}"


def _services(config: Toml) -> list[World]:
    found = []
    http = config.get("http_service")
    if http:
        ports = [
            {"port": 80, "handlers": ["http"], "force_https": bool(http.get("force_https"))},
            {"port": 443, "handlers": ["http", "tls"]},
        ]
        found.append({"protocol": "tcp", "internal_port": http["internal_port"], "ports": ports})
    for service in config.get("services", []):
        ports = [
            {"port": p["port"], **({"handlers": p["handlers"]} if p.get("handlers") else {})}
            for p in service.get("ports", [])
        ]
        found.append(
            {"protocol": service["protocol"], "internal_port": service["internal_port"], "ports": ports}
        )
    return [{**s, "autostop": False, "autostart": True, "min_machines_running": 1} for s in found]


def _guest(config: Toml) -> World:
    vm = config.get("vm", [{}])
    vm = vm[0] if isinstance(vm, list) else vm
    kind, cpus, least = world.SIZES.get(vm.get("size", "shared-cpu-1x"), ("shared", 1, 256))
    memory = int(str(vm.get("memory", least)).removesuffix("mb"))
    if kind == "shared" and memory > cpus * MEMORY_LIMIT:
        raise FlyFailure(
            f"error creating a new machine: invalid_argument: memory_mb {memory} is too large for {cpus} shared CPUs"
        )
    return {"cpu_kind": kind, "cpus": cpus, "memory_mb": memory}


def _first_deploy(session: Session, now: World, app: World, config: Toml) -> None:
    """Addresses and missing volumes come with the first deploy only."""
    private = "--no-public-ips" in session.parsed.values
    if _services(config) and not app["ips"] and not private and "demo-noip" not in app["name"]:
        session.say(f"Provisioning ips for {app['name']}")
        session.say(f"  Dedicated ipv6: {new_ip(now, app, 'v6')['address']}")
        session.say(f"  Shared ipv4: {new_ip(now, app, 'shared_v4')['address']}")
        session.say("  Add a dedicated ipv4 with: fly ips allocate-v4\n")
    mount = config.get("mounts")
    if mount and not any(v["name"] == mount["source"] and not v["attached"] for v in app["volumes"]):
        session.say(
            f"Creating a 1 GB volume named '{mount['source']}' for process group 'app'. Use 'fly vol extend' to increase its size"
        )
        new_volume(now, app, mount["source"], config["primary_region"], 1)


def _machines(session: Session, config: Toml, name: str, image: str) -> str:
    with world.opened() as now:
        app = now["apps"][name]
        first = app["status"] == "pending" and not app["machines"]
        if config["primary_region"] == world.FULL_REGION:
            raise FlyFailure(FULL.replace("create volume", "launch VM"))
        if first:
            _first_deploy(session, now, app, config)
        app["releases"].append({
            "version": len(app["releases"]) + 1, "status": "running", "image": image, "created": gateway.stamp(time.time()),
        })  # fmt: skip
        new = not app["machines"]
        if not new:
            check_lease(app["machines"][0])
    if new:
        return _create(session, config, name, image)
    return _update(session, config, name, image)


def _fill(now: World, app: World, machine: World, config: Toml, image: str) -> None:
    machine.update({
        "image": image, "env": dict(config.get("env", {})), "cmd": shlex.split(config.get("processes", {}).get("app", "")),
        "entrypoint": [], "guest": _guest(config), "services": _services(config), "updated": gateway.stamp(time.time()),
        "instance": made_id(now, 26).upper(), "lease": {"owner": "you@example.com", "expires": time.time() + LEASE_SECONDS},
    })  # fmt: skip
    app["status"], app["config"] = "deployed", config
    for secret in app["secrets"].values():
        secret["status"] = "Deployed"
    gateway.start(now, app, machine)


def _create(session: Session, config: Toml, name: str, image: str) -> str:
    session.say('This deployment will:\n * create 1 "app" machine\n')
    session.say("> Launching new machine\nNo machines in group app, launching a new machine")
    world.wait(6)
    with world.opened() as now:
        app = now["apps"][name]
        mount = config.get("mounts", {})
        volume = next(
            (v for v in app["volumes"] if v["name"] == mount.get("source") and not v["attached"]), None
        )
        if mount and volume is None:
            raise FlyFailure(
                f"creating a new machine in group 'app' requires an unattached '{mount['source']}' volume."
                f" Create it with `fly volumes create {mount['source']}`"
            )
        machine: World = {
            "id": made_id(now), "name": "wandering-river-1234", "app": name, "region": config["primary_region"],
            "created": gateway.stamp(time.time()), "events": [], "log": [], "files": {}, "mounts": [],
        }  # fmt: skip
        if volume is not None:
            volume["attached"] = machine["id"]
            machine["mounts"] = [
                {
                    "encrypted": True,
                    "path": mount["destination"],
                    "size_gb": volume["size_gb"],
                    "volume": volume["id"],
                    "name": volume["name"],
                }
            ]
        app["machines"].append(machine)
        _fill(now, app, machine, config, image)
    session.say(f"> Machine {machine['id']} [app] was created")
    return str(machine["id"])


def _update(session: Session, config: Toml, name: str, image: str) -> str:
    session.say(f"Updating existing machines in '{name}' with rolling strategy")
    with world.opened() as now:
        app = now["apps"][name]
        machine = app["machines"][0]
        _fill(now, app, machine, config, image)
    session.say(f"> Updating {machine['id']} [app]")
    world.wait(4)
    session.say(f"> Waiting for {machine['id']} [app] to have state: started")
    session.say(f"> Machine {machine['id']} [app] has state: started")
    return str(machine["id"])


def _healthy(session: Session, name: str, machine_id: str) -> None:
    """A smoke check, then the configured checks until they pass or the time is over."""
    session.say(f"> Checking that {machine_id} [app] is up and running")
    end = time.monotonic() + world.lasts(60 if "unhealthy" in name else 300)
    shown = False
    while True:
        with world.opened() as now:
            app = now["apps"][name]
            gateway.refresh(app)
            machine = next(m for m in app["machines"] if m["id"] == machine_id)
            if machine["state"] != "started" and not gateway.comes_back(machine):
                raise FlyFailure(f"smoke checks for {machine_id} failed: the app appears to be crashing")
            passing = gateway.check(machine)["status"] == "passing"
        if passing:
            break
        if not shown:
            session.say(f"> Waiting for {machine_id} [app] to become healthy: 0/1")
            shown = True
        if time.monotonic() >= end:
            raise FlyFailure(
                f"timeout reached waiting for health checks to pass for machine {machine_id}: context deadline exceeded"
            )
        time.sleep(0.1)
    session.say(f"✔ Machine {machine_id} [app] update finished: success")


COMMANDS = {"deploy": deploy}

"""volumes, secrets, ips, status, releases, image, checks, config."""

from __future__ import annotations

import json
import os
import sys
import time

from claw_tui.demo import gateway, world
from claw_tui.demo.fly_account import app_document
from claw_tui.demo.import_parser import Panic, parse_import
from claw_tui.demo.machine_documents import machine_document
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.world import World, made_id

FULL = "failed to create volume: insufficient_capacity: could not reserve resource for machine: insufficient resources available to fulfill request"


def volume_document(volume: World) -> World:
    return {
        "id": volume["id"], "name": volume["name"], "state": volume["state"], "size_gb": volume["size_gb"],
        "region": volume["region"], "zone": "d00e", "encrypted": True, "attached_machine_id": volume["attached"],
        "attached_alloc_id": None, "created_at": volume["created"], "host_dedication_id": "", "snapshot_retention": 5,
        "auto_backup_enabled": True, "host_status": "ok",
    }  # fmt: skip


def new_volume(now: World, app: World, name: str, region: str, size_gb: int) -> World:
    volume = {
        "id": "vol_" + made_id(now, 16), "name": name, "state": "created", "size_gb": size_gb, "region": region,
        "attached": None, "created": gateway.stamp(time.time()), "files": {},
    }  # fmt: skip
    app["volumes"].append(volume)
    return volume


def volumes_create(session: Session) -> None:
    """Without --yes it is refused only when the app has no volume of that name; else it makes another one."""
    parsed, name, region = session.parsed, session.parsed.args[0], session.parsed.text("region")
    with session.app(change=True, doing="failed to create volume") as (now, app):
        if "--yes" not in parsed.values and not any(volume["name"] == name for volume in app["volumes"]):
            raise FlyFailure("yes flag must be specified when not running interactively")
        if not region:
            raise FlyFailure("region code must be specified when not running interactively")
        if region not in [code for code, *_rest in world.REGIONS]:
            raise FlyFailure(f"region {region} not found")
        if region == world.FULL_REGION:
            raise FlyFailure(FULL)
        volume = new_volume(now, app, name, region, int(parsed.text("size") or 1))
        session.print_json(volume_document(volume))


def volumes_list(session: Session) -> None:
    with session.app() as (_now, app):
        session.print_json([volume_document(volume) for volume in app["volumes"]])


def volumes_destroy(session: Session) -> None:
    if "--yes" not in session.parsed.values:
        raise FlyFailure("yes flag must be specified when not running interactively")
    with session.app(change=True) as (_now, app):
        for wanted in session.parsed.args:
            if wanted not in [volume["id"] for volume in app["volumes"]]:
                raise FlyFailure(f"failed retrieving volume: {wanted}")
            app["volumes"] = [volume for volume in app["volumes"] if volume["id"] != wanted]


def _keep(session: Session, pairs: dict[str, str]) -> None:
    with session.app(change=True) as (now, app):
        for name, value in pairs.items():
            kept = {
                "digest": world.digest(value),
                "status": "Staged",
                "traits": world.traits(value),
                "length": len(value),
            }
            app["secrets"][name] = kept
        staged = "--stage" in session.parsed.values
        machines = list(app["machines"])
        if not staged and machines:
            for machine in machines:
                _restart_with_secrets(now, app, machine)
    if staged:
        session.say(
            "Secrets have been staged, but not set on VMs. Deploy or update machines in this app for the secrets to take effect."
        )
    elif not machines:
        session.say("Secrets are staged for the first deployment")


def _restart_with_secrets(now: World, app: World, machine: World) -> None:
    for secret in app["secrets"].values():
        secret["status"] = "Deployed"
    gateway.start(now, app, machine)


def secrets_import(session: Session) -> None:
    try:
        pairs = parse_import(session.read_stdin())
    except ValueError as error:
        raise FlyFailure(str(error)) from error
    except Panic as panic:
        print(
            f"Oops, something went wrong! Could you try that again?\n\npanic: runtime error: {panic}\n\ngoroutine 1 [running]:"
        )
        sys.stdout.flush()
        os._exit(3)
    if not pairs:
        raise FlyFailure("requires at least one SECRET=VALUE pair")
    _keep(session, pairs)


def secrets_set(session: Session) -> None:
    pairs = {}
    for word in session.parsed.args:
        name, sep, value = word.partition("=")
        if not sep:
            raise FlyFailure(f"Secrets must be provided as NAME=VALUE pairs ({word} is invalid)")
        pairs[name] = session.read_stdin().strip() if value == "-" else value
    _keep(session, pairs)


def secrets_unset(session: Session) -> None:
    with session.app(change=True) as (_now, app):
        for name in session.parsed.args:
            app["secrets"].pop(name, None)


def secrets_list(session: Session) -> None:
    with session.app() as (_now, app):
        session.print_json(
            [
                {"name": n, "digest": s["digest"], "status": s["status"]}
                for n, s in sorted(app["secrets"].items())
            ]
        )


def new_ip(now: World, app: World, kind: str) -> World:
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


def _ip_document(ip: World) -> World:
    shared = ip["type"] == "shared_v4"
    return {
        "ID": ip["id"], "Address": ip["address"], "Type": ip["type"], "Region": "" if shared else "global",
        "CreatedAt": "0001-01-01T00:00:00Z" if shared else gateway.stamp(ip["at"]), "ServiceName": "", "Network": None,
    }  # fmt: skip


def ips_list(session: Session) -> None:
    with session.app() as (_now, app):
        session.print_json([_ip_document(ip) for ip in app["ips"]])


def ips_allocate_v4(session: Session) -> None:
    if "--shared" not in session.parsed.values and "--yes" not in session.parsed.values:
        raise FlyFailure("yes flag must be specified when not running interactively")
    _allocate(session, "shared_v4" if "--shared" in session.parsed.values else "v4")


def ips_allocate_v6(session: Session) -> None:
    _allocate(session, "private_v6" if "--private" in session.parsed.values else "v6")


def _allocate(session: Session, kind: str) -> None:
    with session.app(change=True) as (now, app):
        ip = new_ip(now, app, kind)
    session.say("VERSION\tIP                   \tTYPE  \tREGION\tCREATED AT ")
    session.say(f"{kind[-2:]}     \t{ip['address']}\tpublic\tglobal\tjust now   ")


def ips_release(session: Session) -> None:
    with session.app(change=True) as (_now, app):
        for address in session.parsed.args:
            if address not in [ip["address"] for ip in app["ips"]]:
                raise FlyFailure(f"failed to release {address}: Could not find IP address")
            app["ips"] = [ip for ip in app["ips"] if ip["address"] != address]
            session.say(f"Released {address} from {app['name']}")


def status(session: Session) -> None:
    with session.app() as (now, app):
        document = app_document(now, app["name"])
        session.print_json(
            {**document, "Machines": [machine_document(machine) for machine in app["machines"]]}
        )


def releases(session: Session) -> None:
    with session.app() as (now, app):
        session.print_json(
            [
                {
                    "ID": f"rel_{r['version']}", "Version": r["version"], "Stable": True, "InProgress": False, "Reason": "",
                    "Description": "Release", "Status": r["status"], "DeploymentStrategy": "", "Metadata": None,
                    "User": {"ID": "u", "Name": "", "Email": now["email"], "EnablePaidHobby": False},
                    "EvaluationID": "", "CreatedAt": r["created"], "ImageRef": r["image"],
                }
                for r in reversed(app["releases"])
            ]
        )  # fmt: skip


def image_show(session: Session) -> None:
    with session.app() as (_now, app):
        found = []
        for machine in app["machines"]:
            registry, _sep, rest = machine["image"].partition("/")
            repository, _sep, tag = rest.rpartition(":")
            found.append({
                "MachineID": machine["id"], "Registry": registry, "Repository": repository, "Tag": tag, "Version": "N/A",
                "Digest": "sha256:" + world.sha256(machine["image"]), "Labels": "",
            })  # fmt: skip
        session.print_json(found)


def checks_list(session: Session) -> None:
    with session.app() as (_now, app):
        session.print_json(
            {
                m["id"]: [{**gateway.check(m), "updated_at": gateway.stamp(time.time())}]
                for m in app["machines"]
            }
        )


def config_show(session: Session) -> None:
    with session.app() as (_now, app):
        if app["config"] is None:
            raise FlyFailure("no machines configured for this app")
        session.print_json(app["config"])


def config_validate(session: Session) -> None:
    import tomllib  # noqa: PLC0415

    path = session.parsed.text("config") or "fly.toml"
    session.say(f"Validating {path}")
    try:
        with open(path, "rb") as file:
            tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        session.say(json.dumps(str(error)))
        raise FlyFailure("App configuration is not valid") from error
    session.say("\x1b[32m✓\x1b[0m Configuration is valid")


COMMANDS = {
    "volumes create": volumes_create, "volumes list": volumes_list, "volumes destroy": volumes_destroy,
    "secrets import": secrets_import, "secrets set": secrets_set, "secrets unset": secrets_unset,
    "secrets list": secrets_list, "ips list": ips_list, "ips allocate-v4": ips_allocate_v4,
    "ips allocate-v6": ips_allocate_v6, "ips release": ips_release, "status": status, "releases": releases,
    "image show": image_show, "checks list": checks_list, "config show": config_show,
    "config validate": config_validate,
}  # fmt: skip

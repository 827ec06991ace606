"""version, auth, orgs, platform, apps, agent."""

from __future__ import annotations

import json
import os
import sys

from claw_tui.demo import world
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.world import World, made_id

VERSION = "0.4.87"
LOGIN_CODE = "demo"
LOGIN_URL = "https://fly.io/app/auth/cli/64656d6f2d636c61772d747569"
TRIAL = "To create more apps, please add a payment method: https://fly.io/dashboard/personal/billing"


def version(session: Session) -> None:
    about = {
        "Name": "fly", "Version": VERSION, "Commit": "5e1a", "BranchName": "master", "BuildDate": "2026-08-14T16:25:03Z",
        "OS": "linux", "Architecture": "amd64", "Environment": "production",
    }  # fmt: skip
    if session.parsed.on("json") and "--json" in session.parsed.values:
        print(json.dumps(about))
    else:
        session.say(f"fly v{VERSION} linux/amd64 Commit: 5e1a BuildDate: 2026-08-14T16:25:03Z")


def whoami(session: Session) -> None:
    session.ask_server("failed retrieving current user")
    with world.opened(change=False) as now:
        session.print_json({"email": now["email"]}) if "--json" in session.parsed.values else session.say(
            now["email"]
        )


def token(session: Session) -> None:
    session.mutter("The 'fly auth token' command is deprecated. Use 'fly tokens create' instead.")
    if "--json" in session.parsed.values:
        session.print_json({"token": session.token()})
    else:
        session.say(session.token())


def login(session: Session) -> None:
    """The web flow: an address, then a code typed into a terminal."""
    if not sys.stdin.isatty():
        raise FlyFailure(
            "fly auth login requires an interactive terminal. In headless environments, set FLY_API_TOKEN to a token"
            " created with `fly tokens create`"
        )
    kind = "?signup=true" if session.parsed.spec.name == "auth signup" else ""
    session.mutter(f"failed opening browser. Copy the url ({LOGIN_URL}{kind}) into a browser and continue")
    while True:
        sys.stdout.write("paste code here if prompted > ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise FlyFailure("Login expired, please try again")
        world.wait(0.5)
        if line.strip() == LOGIN_CODE:
            break
        if line.strip() == "expired":
            raise FlyFailure("login session expired, please try again")
        session.mutter("\nThat code didn't work (invalid code)")
    with world.opened() as now:
        now["login"] = "fo1_" + made_id(now, 40)
        session.say(f"\nsuccessfully logged in as {now['email']}")


def logout(session: Session) -> None:
    with world.opened() as now:
        now["login"] = None
    session.mutter("session removed")


def orgs(session: Session) -> None:
    session.ask_server("failed listing organizations")
    with world.opened(change=False) as now:
        session.print_json({slug: about["name"] for slug, about in now["orgs"].items()})


def regions(session: Session) -> None:
    session.ask_server("failed retrieving regions")
    session.print_json(
        [
            {
                "code": code, "name": name, "latitude": north, "longitude": east, "gateway_available": True,
                "requires_paid_plan": False, "deprecated": False, "capacity": 0 if code == world.FULL_REGION else 100,
                "geo_region": "", "mpg_available": True,
            }
            for code, name, north, east in world.REGIONS
        ]
    )  # fmt: skip


def vm_sizes(session: Session) -> None:
    session.ask_server("failed retrieving sizes")
    session.print_json(
        {
            name: {"cpu_kind": kind, "cpus": cpus, "memory_mb": memory}
            for name, (kind, cpus, memory) in world.SIZES.items()
        }
    )


def app_document(now: World, name: str) -> World:
    app = now["apps"][name]
    return {
        "ID": name, "Name": name, "Status": app["status"], "Deployed": app["status"] == "deployed",
        "Hostname": f"{name}.fly.dev", "AppURL": "", "Version": len(app["releases"]),
        "Organization": {"ID": "D307G1j2oPQ5z", "Slug": app["org"], "Name": now["orgs"][app["org"]]["name"]},
        "PlatformVersion": "machines",
    }  # fmt: skip


def apps_list(session: Session) -> None:
    session.ask_server("failed retrieving apps")
    with world.opened(change=False) as now:
        session.print_json([app_document(now, name) for name in now["apps"]])


def apps_create(session: Session) -> None:
    name = (session.parsed.args or [session.parsed.text("name")])[0]
    org = session.parsed.text("org") or os.environ.get("FLY_ORG", "")
    if not name:
        raise FlyFailure("name argument or flag must be specified when not running interactively")
    if not org:
        raise FlyFailure("org slug must be specified when not running interactively")
    session.ask_server("failed creating app", 0.8)
    with world.opened() as now:
        if org not in now["orgs"]:
            raise FlyFailure(f"organization {org} not found")
        if name in now["apps"] or name.startswith("demo-taken"):
            raise FlyFailure("failed creating app: Validation failed: Name has already been taken")
        if name.startswith("demo-card"):
            raise FlyFailure(f"failed creating app: {TRIAL}")
        now["apps"][name] = {
            "name": name, "org": org, "status": "pending", "volumes": [], "secrets": {}, "ips": [], "machines": [],
            "releases": [], "config": None,
        }  # fmt: skip
        document = app_document(now, name)
    if "--json" in session.parsed.values:
        session.print_json(document)
    else:
        session.say(f"New app created: {name}")


def apps_destroy(session: Session) -> None:
    if "--yes" not in session.parsed.values:
        raise FlyFailure("yes flag must be specified when not running interactively")
    session.ask_server("failed destroying app")
    for name in session.parsed.args:
        with world.opened() as now:
            if now["apps"].pop(name, None) is None:
                raise FlyFailure(f'failed retrieving app {name}: Could not find App "{name}"')
        session.say(f"Destroyed app {name}")


def agent_stop(session: Session) -> None:
    raise FlyFailure("can't stop agent: it is not running")


COMMANDS = {
    "version": version, "auth whoami": whoami, "auth token": token, "auth login": login, "auth signup": login,
    "auth logout": logout, "orgs list": orgs, "platform regions": regions, "platform vm-sizes": vm_sizes,
    "apps list": apps_list, "apps create": apps_create, "apps destroy": apps_destroy, "agent stop": agent_stop,
}  # fmt: skip

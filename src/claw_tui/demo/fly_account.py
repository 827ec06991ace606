"""version, auth, orgs, platform, apps, agent."""

from __future__ import annotations

import json
import os
import sys

from claw_tui.demo import agent, cloud, world
from claw_tui.demo.cloud import Refusal
from claw_tui.demo.session import FlyFailure, Session, failure, in_query
from claw_tui.demo.world import LOGIN_CODE, World, made_id

VERSION = "0.4.87"
BUILT = "2026-08-14T16:25:03Z"
LOGIN_URL = "https://fly.io/app/auth/cli/64656d6f2d636c61772d747569"
NO_DATE = "0001-01-01T00:00:00Z"


def version(session: Session) -> None:
    about = {
        "Name": "fly", "Version": VERSION, "Commit": "5e1a", "BranchName": "", "BuildDate": BUILT,
        "OS": "linux", "Architecture": "amd64", "Environment": "production",
    }  # fmt: skip
    if session.has("json"):
        print(json.dumps(about))
    else:
        session.say(f"fly v{VERSION} linux/amd64 Commit: 5e1a BuildDate: {BUILT}")


def whoami(session: Session) -> None:
    email = session.send("#viewer", lambda now: now["email"], doing="failed retrieving current user")
    if session.has("json"):
        session.print_json({"email": email})
    else:
        session.say(email)


def token(session: Session) -> None:
    if session.has("json"):
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
        session.mutter("That code didn't work (failed to redeem login code: invalid code).")
    with world.opened() as now:
        now["login"] = "fo1_" + made_id(now, 40)
        session.say(f"successfully logged in as {now['email']}")


def logout(session: Session) -> None:
    """Flyctl can't take a token back that it was given; it says which variables still hold one."""
    with world.opened() as now:
        now["login"] = None
    for name in ("FLY_API_TOKEN", "FLY_ACCESS_TOKEN"):
        if name in os.environ:
            session.mutter(f"${name} is set in your environment; don't forget to remove it.")


def orgs(session: Session) -> None:
    found = session.send(
        "#organizations", lambda now: {slug: about["name"] for slug, about in now["orgs"].items()}
    )
    session.print_json(dict(sorted(found.items())))


def regions(session: Session) -> None:
    session.send(
        "GET /v1/platform/regions", doing="failed retrieving regions: failed to get regions", graph=False
    )
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
    """Built into flyctl: Fly.io is not asked."""
    session.print_json(
        {
            name: {"cpu_kind": kind, "cpus": cpus, "memory_mb": memory}
            for name, (kind, cpus, memory) in sorted(world.SIZES.items())
        }
    )


def app_document(now: World, name: str) -> World:
    """The Go struct with all its fields, most of them empty."""
    with open(os.path.join(os.path.dirname(__file__), "app.json")) as file:
        document: World = json.load(file)
    app = now["apps"][name]
    document.update(
        ID=name, Name=name, Status=app["status"], Deployed=app["status"] == "deployed", Hostname=f"{name}.fly.dev"
    )  # fmt: skip
    document["Organization"].update(Slug=app["org"], Name=now["orgs"][app["org"]]["name"])
    if app["releases"]:
        document["CurrentRelease"] = {
            "ID": "", "Version": 0, "Stable": False, "InProgress": False, "Reason": "", "Description": "",
            "Status": app["releases"][-1]["status"], "DeploymentStrategy": "", "Metadata": None,
            "User": {"ID": "", "Name": "", "Email": "", "EnablePaidHobby": False}, "EvaluationID": "",
            "CreatedAt": app["releases"][-1]["created"], "ImageRef": "",
        }  # fmt: skip
    return document


def apps_list(session: Session) -> None:
    session.print_json(session.send("#apps", lambda now: [app_document(now, name) for name in now["apps"]]))


def apps_create(session: Session) -> None:
    """Not to be done twice: an answer that was lost makes flyctl ask again, and then the name is taken."""
    name = (session.parsed.args or [session.parsed.text("name")])[0]
    org = session.parsed.text("org") or os.environ.get("FLY_ORG", "")
    if not name:
        raise FlyFailure("name argument or flag must be specified when not running interactively")
    if not org:
        raise FlyFailure("org slug must be specified when not running interactively")

    def known(now: World) -> None:
        if org not in now["orgs"]:
            raise Refusal(404, f"organization {org} not found")

    session.send("#organizations", known, seconds=0.1)
    session.send("POST /v1/apps", lambda now: cloud.create_app(now, name, org), graph=False, seconds=0.8)
    if not session.has("json"):
        session.say(f"New app created: {name}")
        return
    document = session.send("#app", lambda now: app_document(now, name), seconds=0)
    document["IPAddresses"]["Nodes"] = document["Machines"]["Nodes"] = []
    session.print_json(document)


def apps_destroy(session: Session) -> None:
    for name in session.parsed.args:
        session.needs_yes("Destroying an app is not reversible.")

        def find(now: World, name: str = name) -> None:
            if name not in now["apps"]:
                raise Refusal(404, in_query(f'Could not find App "{name}"'))

        def destroy(now: World, name: str = name) -> None:
            del now["apps"][cloud.app_of(now, name)["name"]]

        session.send("#app", find)
        session.send(f"DELETE /v1/apps/{name}", destroy, graph=False, seconds=0)
        session.say(f"Destroyed app {name}")


def agent_stop(_session: Session) -> None:
    if not agent.stop(os.environ.get("FLY_CONFIG_DIR") or os.path.expanduser("~/.fly")):
        raise failure(Refusal(0, "failed dialing agent: agent not running"))


COMMANDS = {
    "version": version, "auth whoami": whoami, "auth token": token, "auth login": login, "auth signup": login,
    "auth logout": logout, "orgs list": orgs, "platform regions": regions, "platform vm-sizes": vm_sizes,
    "apps list": apps_list, "apps create": apps_create, "apps destroy": apps_destroy, "agent stop": agent_stop,
}  # fmt: skip

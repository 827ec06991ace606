"""secrets: imported, set, taken away, listed."""

from __future__ import annotations

import os
import sys

from claw_tui.demo import cloud, cloud_machines, world
from claw_tui.demo.import_parser import Panic, parse_import
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.world import World

STAGED = (
    "Secrets have been staged, but not set on VMs."
    " Deploy or update machines in this app for the secrets to take effect.\n"
)


def _change(session: Session, values: dict[str, str | None]) -> None:
    """Without --stage the machines are updated at once, which takes minutes and makes a release."""
    name = session.app_name()
    session.look_up_app()
    session.send(
        f"POST /v1/apps/{name}/secrets",
        lambda now: cloud.keep_secrets(cloud.app_of(now, name), values),
        doing="update secrets: failed to update app secrets", graph=False,
    )  # fmt: skip
    if session.has("stage"):
        session.say(STAGED)
        return
    with session.app() as (_now, app):
        machines = list(app["machines"])
    if not machines:
        session.say("Secrets are staged for the first deployment")
        return
    _restart(session, name, machines)


def _restart(session: Session, name: str, machines: list[World]) -> None:
    """A release of its own; flyctl asks DNS afterwards, unless it is told not to."""
    with world.opened() as now:
        release = cloud.new_release(now, now["apps"][name], machines[0]["image"])
    from claw_tui.demo.fly_rollout import update  # noqa: PLC0415

    update(session, name, cloud_machines.renew)
    with world.opened() as now:
        now["apps"][name]["releases"][release["version"] - 1]["status"] = "complete"


def secrets_deploy(session: Session) -> None:
    """What was staged comes in with a restart of the machines that run."""
    name = session.app_name()
    session.look_up_app()
    with session.app(graph=False, path="/machines") as (_now, app):
        machines = list(app["machines"])
    if not machines:
        raise FlyFailure(
            "no machines available to deploy\n'fly secrets deploy' will only work if the app has been deployed"
            " and there are machines available\nTry 'fly deploy' first"
        )
    _restart(session, name, machines)


def secrets_import(session: Session) -> None:
    try:
        pairs = parse_import(session.read_stdin())
    except ValueError as error:
        raise FlyFailure(f"Failed to parse secrets from stdin: {error}") from error
    except Panic as panic:
        print(
            f"Oops, something went wrong! Could you try that again?\n\nruntime error: {panic}\n\ngoroutine 1 [running]:"
        )
        sys.stdout.flush()
        os._exit(3)
    if not pairs:
        raise FlyFailure("requires at least one SECRET=VALUE pair")
    _change(session, dict(pairs))


def secrets_set(session: Session) -> None:
    pairs: dict[str, str | None] = {}
    for word in session.parsed.args:
        name, sep, value = word.partition("=")
        if not sep:
            raise FlyFailure(f"could not parse secrets: '{word}': must be in the format NAME=VALUE")
        pairs[name] = session.read_stdin().strip() if value == "-" else value
    _change(session, pairs)


def secrets_unset(session: Session) -> None:
    _change(session, dict.fromkeys(session.parsed.args))


def secrets_list(session: Session) -> None:
    with session.app(graph=False, doing="failed to list app secrets", path="/secrets") as (_now, app):
        session.print_json([_document(name, secret, app) for name, secret in sorted(app["secrets"].items())])


def _document(name: str, secret: World, app: World) -> World:
    status = secret["status"] if app["machines"] else "Staged"
    return {"name": name, "digest": secret["digest"], "status": status}


COMMANDS = {
    "secrets import": secrets_import, "secrets set": secrets_set, "secrets unset": secrets_unset,
    "secrets list": secrets_list, "secrets deploy": secrets_deploy,
}  # fmt: skip

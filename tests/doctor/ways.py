"""The ways in which a machine and what is around it get broken in life. Each is done to a gateway that ran."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from claw_tui.demo import cloud, cloud_machines, gateway, gateway_net, world
from claw_tui.demo.machine_log import note_asked, note_event, say
from tests.doctor.making import APP, World, change, deploy, fly, look, machine_id, visit
from tests.engine.clawdbot import APP as CLAWDBOT
from tests.engine.clawdbot import have_clawdbot

Way = Callable[[], object]
GATEWAY = "node dist/index.js gateway --allow-unconfigured --port 3000 --bind lan"


def one_after_another(*ways: Way) -> Way:
    def way() -> None:
        for each in ways:
            each()

    return way


# -- account and app --------------------------------------------------------------------------------------------------
def app_destroyed() -> None:
    """From another computer."""
    fly("apps", "destroy", APP, "--yes")


def its_lease_is_over() -> None:
    """Of a deploy that failed, some minutes later."""
    change(lambda _now, _app, machine: machine.update(lease=None))


def trial_is_over() -> None:
    """Machines of an organization on trial end after five minutes."""

    def act(now: World, app: World, machine: World) -> None:
        now["orgs"][app["org"]]["billing"] = "TRIAL_ACTIVE"
        words = "Trial machine stopping. To run for longer than 5m0s, add a credit card by visiting https://fly.io/trial."
        say(machine, words, time.time(), provider="runner")
        gateway.stop(machine)
        machine["state"] = "stopped"

    change(act)


# -- the machine ------------------------------------------------------------------------------------------------------
def machine_destroyed() -> None:
    fly("machine", "destroy", machine_id(), "-a", APP, "--force")


def stopped() -> None:
    """`fly machine stop`: a clean end, and nothing starts it again."""

    def act(_now: World, _app: World, machine: World) -> None:
        note_asked(machine, "stop", time.time())
        gateway.stop(machine)
        machine["state"] = "stopped"

    change(act)


def update(*flags: str) -> Way:
    """`fly machine update`, which the next deploy would take back."""
    return lambda: fly("machine", "update", machine_id(), "-a", APP, *flags, "--yes", fails=True)


def release_is_told() -> None:
    """Fly.io tells the config of the last release as it was deployed, whatever its machine is given afterwards."""
    told = json.loads(fly("config", "show", "-a", APP))
    change(lambda _now, app, _machine: app.update(definition=told))


def cordoned() -> None:
    """`claw-tui stop` does so first, and somebody's `fly machine cordon`."""
    fly("machine", "cordon", machine_id(), "-a", APP)


rescued = update("--entrypoint", "/bin/sh -c 'exec sleep 900'")


def lease_left() -> None:
    """A deploy of ours was cut off; its lease is not over yet."""
    change(lambda now, _app, machine: cloud_machines.take_lease(machine, now["email"], 900))


def second_machine() -> None:
    """`fly scale count 2`: another volume, another machine, the same bot."""

    def act(now: World, app: World, machine: World) -> None:
        volume = cloud.create_volume(now, app, "openclaw_data", machine["region"], 3)
        config = json.loads(json.dumps(machine["config"]))
        config["mounts"] = [{"path": "/data", "volume": volume["id"]}]
        cloud_machines.launch(now, app, config, machine["region"])

    change(act)


def died_silently() -> None:
    """It was started again three times, and nothing is in the log."""

    def act(_now: World, _app: World, machine: World) -> None:
        for ago in (9000, 5400, 600):
            note_event(machine, "exit", time.time() - ago, code=137, restarts=1, restarting=True, oom=False)
            note_event(machine, "start", time.time() - ago + 2)

    change(act)


def held_by_another() -> None:
    """Somebody's own `openclaw gateway`, started by hand in the machine, has the state."""

    def act(now: World, app: World, machine: World) -> None:
        machine["holder"], machine["programs"] = 655, ["openclaw-gateway"]
        gateway.start(now, app, machine)
        gateway.refresh(app)

    change(act)


def newer_version_was_there() -> None:
    """`fly deploy` with an older image than the one that has worked on this volume."""
    deploy(lambda _toml: None, "--image", "ghcr.io/openclaw/openclaw:2026.9.1")
    refresh()


def refresh() -> None:
    look(lambda _app, _machine: None)


def volume_full() -> None:
    """A year of sessions, media and logs."""

    def act(_now: World, app: World, _machine: World) -> None:
        app["volumes"][0]["used_mb"] = app["volumes"][0]["size_gb"] * 1024

    change(act)


# -- fly.toml ---------------------------------------------------------------------------------------------------------
def env(**values: str | None) -> Way:
    """[env] of the person's fly.toml, deployed."""

    def act(toml: World) -> None:
        for name, value in values.items():
            toml["env"].pop(name, None)
            if value is not None:
                toml["env"][name] = value

    return one_after_another(lambda: deploy(act), refresh)


def without_mount() -> None:
    """A new machine of a fly.toml without [mounts]: flyctl would not take the volume from one that has it."""
    machine_destroyed()
    deploy(lambda toml: toml.pop("mounts"))
    its_lease_is_over()


def command(line: str) -> Way:
    return one_after_another(lambda: deploy(lambda toml: toml["processes"].update(app=line)), refresh)


def served_at(port: int) -> Way:
    return lambda: deploy(lambda toml: toml["http_service"].update(internal_port=port))


def check_elsewhere() -> None:
    """[checks] of a template for another program."""
    check = {
        "alive": {
            "type": "http",
            "port": 8080,
            "method": "get",
            "path": "/",
            "interval": "15s",
            "timeout": "5s",
        }
    }
    deploy(lambda toml: toml.update(checks=check))


def launched() -> None:
    """`fly launch` wrote its own file over it, and that was deployed to a new machine."""

    def act(toml: World) -> None:
        for key in ("processes", "mounts", "env", "kill_signal", "kill_timeout"):
            toml.pop(key, None)
        toml["http_service"] = {
            "internal_port": 8080, "force_https": True, "auto_stop_machines": "stop", "auto_start_machines": True,
            "min_machines_running": 0, "processes": ["app"],
        }  # fmt: skip
        toml["vm"] = [{"memory": "1gb", "size": "shared-cpu-2x"}]

    machine_destroyed()
    deploy(act)
    refresh()
    its_lease_is_over()


def stops_by_itself() -> None:
    """Fly's proxy stops it when nobody asks; then no channel is answered."""
    deploy(lambda toml: toml["http_service"].update(auto_stop_machines="stop", min_machines_running=0))

    def act(_now: World, app: World, machine: World) -> None:
        words = (
            f"App {app['name']} has excess capacity, autostopping machine {machine['id']}. 0 out of 1 machines left running"
            f" (region={machine['region']}, process group=app)"
        )
        say(machine, words, time.time(), provider="proxy")
        note_asked(machine, "stop", time.time(), "proxy")
        gateway.stop(machine)
        machine["state"] = "stopped"

    change(act)


# -- secrets ----------------------------------------------------------------------------------------------------------
def secret(name: str, value: str, *flags: str) -> Way:
    """`fly secrets import`, from another computer."""
    given = f"{name}={value}\n"
    return one_after_another(
        lambda: fly("secrets", "import", "-a", APP, *flags, given=given, fails=True), refresh
    )


def no_secret(*names: str) -> Way:
    return one_after_another(lambda: fly("secrets", "unset", *names, "-a", APP, fails=True), refresh)


# -- addresses --------------------------------------------------------------------------------------------------------
def addresses_released() -> None:
    for ip in look(lambda app, _machine: list(app["ips"])):
        fly("ips", "release", ip["address"], "-a", APP)


def ipv4_released() -> None:
    """Somebody tidied up, or the first deploy gave out only one: `fly ips release`."""
    for ip in look(lambda app, _machine: list(app["ips"])):
        if ip["type"] != "v6":
            fly("ips", "release", ip["address"], "-a", APP)


def public_again() -> None:
    """Of a private one: `fly ips allocate-v6`, for a moment, and forgotten."""
    fly("ips", "allocate-v6", "-a", APP)


def private_by_the_guides() -> None:
    """deploy/fly.private.toml: no service at all, and a private address that leads to none."""
    addresses_released()
    deploy(lambda toml: toml.pop("http_service"), "--no-public-ips")
    fly("ips", "allocate-v6", "--private", "-a", APP)


def private_at_80() -> None:
    """Of a private one: a service of somebody's own, for `fly proxy 3000:80 APP.flycast`."""
    service = {"protocol": "tcp", "internal_port": 3000, "ports": [{"port": 80, "handlers": ["http"]}]}
    deploy(lambda toml: toml.update(services=[service]), "--no-public-ips")


# -- visitors ---------------------------------------------------------------------------------------------------------
def visited() -> None:
    """Somebody opened the page."""
    visit("/")


def browser_came(origin: str = f"https://{APP}.fly.dev") -> Way:
    """Its page asked to be connected."""
    return lambda: change(lambda _now, _app, machine: gateway_net.connects(machine, origin))


def somebody_waits() -> None:
    """A new browser has given the token, and nobody has let it in."""

    def act(now: World, app: World, machine: World) -> None:
        app["quiet"] = False
        gateway.start(now, app, machine)
        gateway.refresh(app)

    change(act)


def halted() -> None:
    """Its process hangs."""
    change(lambda _now, _app, machine: machine["gateway"].update(halted=True))


# -- January's --------------------------------------------------------------------------------------------------------
def old_lock() -> None:
    """Clawdbot, set up by its guide, was killed; its lock stayed on the volume, and its number is another's now."""
    have_clawdbot()
    with world.opened() as now:
        app = now["apps"][CLAWDBOT]
        about = {"pid": 640, "createdAt": "2026-02-03T10:00:00.000Z", "configPath": "/data/clawdbot.json"}
        app["volumes"][0]["files"]["/data/gateway.4b1c9f20.lock"] = {
            "owner": "1000:1000", "mode": "600", "text": json.dumps(about), "at": time.time() - 7200,
        }  # fmt: skip
        cloud_machines.restart(now, app, app["machines"][0])
        gateway.refresh(app)


def somebody_wrote() -> None:
    """To its bot, which then asks its model."""
    change(lambda _now, app, machine: gateway_net.answers_person(app, machine))

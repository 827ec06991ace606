"""Gateways with nothing wrong, of different kinds: no alarm may be raised in any of them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from claw_tui.demo import gateway
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import IMAGE, AgentSpec, SlackSpec, Spec, TelegramSpec
from tests.doctor import file_ways as files
from tests.doctor import ways
from tests.doctor.file_ways import at_port, edited
from tests.doctor.making import (
    APP,
    AS_NODE,
    World,
    an_hour_passes,
    change,
    config,
    deploy,
    fly,
    look,
    machine_id,
    restart,
    ssh,
    tee,
    visit,
)
from tests.doctor.ways import Way, update
from tests.doctor.world import command_says
from tests.engine.clawdbot import APP as CLAWDBOT
from tests.engine.clawdbot import have_clawdbot
from tests.engine.rig import SECRETS, WISH, spec_with


@dataclass(frozen=True, slots=True)
class Well:
    """``made``: what was done to it, rightly."""

    name: str
    made: Way = lambda: None
    spec: Spec = WISH
    app: str = APP
    values: Mapping[str, Secret] = field(default_factory=lambda: SECRETS)


def own_domain() -> None:
    """`fly certs add`, and its origin in openclaw.json."""
    change(lambda _now, app, _machine: app.update(certificates=["claw.example.com"]))
    origins = [f"https://{APP}.fly.dev", "https://claw.example.com"]
    edited(gateway__controlUi__allowedOrigins=origins)()


def dedicated() -> None:
    fly("ips", "allocate-v4", "-a", APP, "--yes")


def after_restarts() -> None:
    """Once a deploy took away the first one, twice somebody restarted it."""
    for _time in range(3):
        restart()
    deploy(lambda _toml: None)


def key_in_a_file() -> None:
    """In ``.env``, where OpenClaw looks too, in place of a secret."""
    fly("secrets", "unset", "ANTHROPIC_API_KEY", "-a", APP)
    ssh("sh -c 'echo ANTHROPIC_API_KEY=sk-ant-api03-simulated > /data/.env'")


def logged_in() -> None:
    """By `openclaw models auth setup-token`: its database has it, and openclaw.json names it."""
    fly("secrets", "unset", "ANTHROPIC_API_KEY", "-a", APP)
    change(lambda _now, app, _machine: app["volumes"][0].update(logins=["anthropic"]))
    edited(auth__profiles={"anthropic:manual": {"provider": "anthropic", "mode": "token"}})()


def with_a_password() -> None:
    """The other way to log in to a gateway: it has no token at all."""
    fly("secrets", "set", "OPENCLAW_GATEWAY_PASSWORD=correct-horse-battery", "-a", APP)
    edited(gateway__auth={"mode": "password"})()
    fly("secrets", "unset", "OPENCLAW_GATEWAY_TOKEN", "-a", APP)


def written_by_hand() -> None:
    """With comments, a name without quotation marks, a loose comma, and a token that only names the variable."""
    text = json.dumps(
        {**config(), "gateway": {**config()["gateway"], "auth": {"token": "${OPENCLAW_GATEWAY_TOKEN}"}}},
        indent=2,
    )
    tee("// my gateway\n" + text.replace('"bind"', "bind").removesuffix("\n}") + ",\n}\n")
    restart()


def in_parts() -> None:
    """A part of it is in another file: the doctor does not know it, so it is in none of the lists here."""
    whole = config()
    tee(json.dumps(whole["channels"]), "/data/channels.json5")
    tee(json.dumps({**whole, "channels": {"$include": "./channels.json5"}}, indent=2))
    restart()


def by_the_guides() -> None:
    """Their fly.toml, deployed by hand over ours: an [http_service], and `false` where Fly.io says "off" today."""

    def edit(toml: World) -> None:
        volume = look(lambda app, _machine: app["volumes"][0]["name"])
        toml.clear()
        toml.update({
            "app": APP, "primary_region": "fra", "build": {"image": f"{IMAGE}:{WISH.version}"},
            "env": {
                "NODE_ENV": "production", "OPENCLAW_PREFER_PNPM": "1", "OPENCLAW_STATE_DIR": "/data",
                "NODE_OPTIONS": "--max-old-space-size=1536",
            },
            "processes": {"app": ways.GATEWAY},
            "http_service": {
                "internal_port": 3000, "force_https": True, "auto_stop_machines": False, "auto_start_machines": True,
                "min_machines_running": 1, "processes": ["app"],
            },
            "vm": [{"size": "shared-cpu-2x", "memory": "2048mb"}], "mounts": {"source": volume, "destination": "/data"},
        })  # fmt: skip

    deploy(edit)


def friends_knock() -> None:
    """A browser was let in long ago; now somebody new writes to the bot."""
    ways.somebody_waits()
    an_hour_passes()
    waiting = look(lambda _app, machine: machine["gateway"]["somebody"]["id"])
    assert command_says(f"devices approve {waiting}", "Approved")()


def killed_once() -> None:
    """A host was moved: its lock is left on the volume, and the next start took it over."""

    def act(now: World, app: World, machine: World) -> None:
        machine["gateway"]["listening"] = 0.0
        gateway.start(now, app, machine)

    change(act)


def long_gone_trouble() -> None:
    """What was wrong a while ago is still in the log, and in the machine's events."""
    edited(gateway__trustedProxies=None)()
    visit("/")
    edited(gateway__trustedProxies=["172.16.0.0/16", "66.241.124.77"])()
    ways.browser_came("https://elsewhere.example")()
    files.misspelt()
    restart()
    ways.rescued()
    ssh("cp /data/openclaw.json.last-good /data/openclaw.json")
    deploy(lambda _toml: None)
    fly("machine", "start", machine_id(), "-a", APP, fails=True)


def backups() -> None:
    """OpenClaw and a person have left files beside it."""
    ssh(f"{AS_NODE} openclaw config set agents.defaults.maxConcurrent 6")
    ssh("cp -p /data/openclaw.json /data/openclaw.json.before-20261101-100000")
    restart()


def of_another_computer(way: Way) -> Way:
    """Nothing is known here of who set it up."""

    def made() -> None:
        way()
        shutil.rmtree(Path(os.environ["CLAW_TUI_HOME"]) / "demo" / "gateways" / APP)

    return made


MORE = {
    **SECRETS,
    "TELEGRAM_BOT_TOKEN": Secret("1234567:AACANARYtelegramCANARYtelegram123456"),
    "SLACK_BOT_TOKEN": Secret("xoxb-CANARYslack-CANARYslack"),
    "SLACK_APP_TOKEN": Secret("xapp-CANARYslack-CANARYslack"),
}
TALKATIVE = spec_with(
    secret_names=tuple(MORE),
    gateway=replace(
        WISH.gateway, fallback_models=("anthropic/claude-haiku-4-5",), telegram=TelegramSpec(enabled=True),
        slack=SlackSpec(enabled=True), agents=(AgentSpec("main"), AgentSpec("work", "anthropic/claude-sonnet-5")),
    ),
)  # fmt: skip
HEALTHY = (
    Well("public"),
    Well("private", spec=spec_with(private=True)),
    Well("2026.9.1", spec=spec_with(version="2026.9.1")),
    Well("built from source", spec=spec_with(source="git")),
    Well("an own domain", own_domain),
    Well("a dedicated IPv4", dedicated),
    Well("restarted often", after_restarts),
    Well("somebody new knocks", friends_knock),
    Well("its model's key in a file", key_in_a_file),
    Well("a login in place of a key", logged_in),
    Well("a login in place of a key, of another computer", of_another_computer(logged_in)),
    Well("a password in place of a token", with_a_password),
    Well("a password, of another computer", of_another_computer(with_a_password)),
    Well("a file written by hand", written_by_hand),
    Well("the guides' own fly.toml", by_the_guides),
    Well("a model by its short name", edited(agents__defaults__model={"primary": "opus"})),
    Well("killed once", killed_once),
    Well("trouble of long ago", long_gone_trouble),
    Well("OpenClaw's own files beside it", backups),
    Well("a command of one's own, deployed", ways.command(f"{ways.GATEWAY} --verbose")),
    Well("4 GB", update("--vm-memory", "4096")),
    Well("Clawdbot, set up by its guide", have_clawdbot, app=CLAWDBOT),
    Well("at 8080", at_port(8080)),
    Well("at 8080, of another computer", of_another_computer(at_port(8080))),
    Well("at 8080 by its environment", at_port(8080, said="environment")),
    Well("at 8080 by its file", at_port(8080, said="file")),
    Well("its state in a folder of the volume", files.in_a_folder),
    Well("its state in a folder, of another computer", of_another_computer(files.in_a_folder)),
    Well("its file by OPENCLAW_CONFIG_PATH", files.by_its_path),
    Well("its file by its path, of another computer", of_another_computer(files.by_its_path)),
    Well("at 8080, private", at_port(8080), spec=spec_with(private=True)),
    Well("three channels and two agents", spec=TALKATIVE, values=MORE),
)  # fmt: skip

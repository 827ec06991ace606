"""The scenes that both gateways play."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.recordings.stage import Stage

PORT_WORD = 3000  # a stage puts its own port in its place
JANUARY = "2026.1.29"
CLAWDBOT = "clawdbot-2026.1.24-3"  # its package has another name, and so have its things
APPLIED = r"config hot reload applied|config change applied|\[reload\] .*restart"
READY = r"(?s)http server listening.*\[gateway\] ready|listening on ws://"
SONNET = "anthropic/claude-sonnet-5"
UNCONFIGURED = "--allow-unconfigured"


def january(version: str) -> bool:
    return version == CLAWDBOT or version.startswith("2026.1.")


def config(
    version: str, *, model: str = "anthropic/claude-opus-5", discord: bool = False, trust: bool = True, meta: dict[str, str] | None = None,
    bind: str = "lan",
) -> str:  # fmt: skip
    """What the wizard writes; January's knows neither secrets by reference nor ``agents.entries``."""
    old = january(version)

    def secret(name: str) -> dict[str, object]:
        return {"source": "env", "provider": "default", "id": name}

    origins = {} if old else {"controlUi": {"allowedOrigins": ["https://my-app.fly.dev"]}}
    token = {} if old else {"token": secret("OPENCLAW_GATEWAY_TOKEN")}
    channels: dict[str, Any] = {"telegram": {"enabled": True, "dmPolicy": "pairing"}}
    if not old:
        channels["telegram"]["botToken"] = secret("TELEGRAM_BOT_TOKEN")
    if discord:
        channels = {"discord": {"enabled": True, "token": secret("DISCORD_BOT_TOKEN"), "dmPolicy": "pairing"}}
    agents: dict[str, Any] = {"list": [{"id": "main", "default": True}]} if old else {"entries": {"main": {}}}
    found: dict[str, Any] = {
        "gateway": {"mode": "local", "bind": bind, "port": PORT_WORD, "auth": {"mode": "token", **token}, **origins},
        "agents": {"defaults": {"model": {"primary": model}, "maxConcurrent": 4}, **agents},
        "channels": channels,
    }  # fmt: skip
    if discord and trust:
        found["plugins"] = {"entries": {"discord": {"enabled": True}}}
    return json.dumps(found if meta is None else {**found, "meta": meta}, indent=2) + "\n"


def a_good_start_and_questions(stage: Stage) -> None:
    stage.write(config(stage.version, meta={}))
    stage.start(UNCONFIGURED)
    stage.until("ready", READY)
    for path in ("/healthz", "/health", "/"):
        stage.get(path)
    stage.ask("channels", "status", "--json")
    stage.ask("channels", "status", "--probe", "--json")
    stage.ask("dashboard", "--no-open", "--json")
    stage.ask("devices", "list", "--json")
    stage.ask("pairing", "list", "telegram", "--json")
    stage.ask("health", "--json")
    stage.ask("devices", "approve", "0f1e2d3c-nobody")
    stage.ask("pairing", "approve", "telegram", "NOBODY12")
    stage.ask("nosuchcommand")
    stage.stop()
    stage.start(UNCONFIGURED)
    stage.until("second ready", READY)
    stage.stop()


def the_config_changes(stage: Stage) -> None:
    stage.write(config(stage.version, meta={}))
    stage.start(UNCONFIGURED)
    stage.until("ready", READY)
    stage.write(config(stage.version, model=SONNET, meta={}))
    stage.until("taken over", READY if january(stage.version) else APPLIED)
    stage.write(config(stage.version, model=SONNET, meta={}, bind="loopback"))
    stage.until("restart", READY)
    stage.write(config(stage.version, meta={}).replace('"bind"', '"bindd"'))
    stage.until("bad change", r"config reload skipped")
    stage.stop()
    stage.start(UNCONFIGURED)
    stage.ended("refuses it at the next start")


def a_config_without_meta(stage: Stage) -> None:
    """After OpenClaw has once written the file itself, it puts its backup back in the place of one without ``meta``."""
    stage.write(config(stage.version, meta={}))
    stage.ask("config", "set", "agents.defaults.maxConcurrent", "5")
    stage.write(config(stage.version, model=SONNET))
    stage.start(UNCONFIGURED)
    stage.until("ready", READY)
    stage.stop()


def no_config_is_allowed(stage: Stage) -> None:
    stage.start(UNCONFIGURED)
    stage.until("ready", READY)
    stage.write(config(stage.version, meta={}))
    stage.until("config", READY)
    stage.stop()


def no_config(stage: Stage) -> None:
    stage.start()
    stage.ended("refuses")


def an_unknown_key(stage: Stage) -> None:
    stage.write(config(stage.version, meta={}).replace('"bind"', '"bindd"'))
    stage.start(UNCONFIGURED)
    stage.ended("refuses")


def not_json(stage: Stage) -> None:
    stage.write('{"gateway": \n')
    stage.start(UNCONFIGURED)
    stage.ended("refuses")


def an_unreadable_config(stage: Stage) -> None:
    stage.write(config(stage.version, meta={}), readable=False)
    stage.start(UNCONFIGURED)
    stage.ended("refuses")


def no_token(stage: Stage) -> None:
    stage.start(UNCONFIGURED, token=False, bind="lan")
    stage.ended("refuses")


def a_second_gateway(stage: Stage) -> None:
    stage.write(config(stage.version, meta={}))
    stage.start(UNCONFIGURED)
    stage.until("ready", READY)
    stage.start(UNCONFIGURED)
    stage.ended("refuses")
    stage.stop()


WITH_VISITORS = "2026.9.6"  # whose functions for it we know
INSTALLS_AND_ENDS = "2026.9.1"


def _first_start(stage: Stage, *, channels: bool = False) -> None:
    """2026.9.1 installs what is missing and ends; Fly starts it again."""
    stage.start(UNCONFIGURED, discord=True, channels=channels)
    if stage.version == INSTALLS_AND_ENDS:
        stage.ended("installs")
        stage.start(UNCONFIGURED, discord=True, channels=channels)
    stage.until("ready", READY)


def a_plugin_is_missing(stage: Stage) -> None:
    """The first start with a channel whose plugin is not installed yet. (January has all of them inside.)"""
    stage.write(config(stage.version, discord=True, meta={}))
    _first_start(stage)
    stage.stop()
    stage.start(UNCONFIGURED, discord=True)
    stage.until("second ready", READY)
    stage.stop()


def a_first_deploy(stage: Stage) -> None:
    """The wizard's order: the secrets and no config, then the config while it runs."""
    _first_start(stage)
    stage.write(config(stage.version, discord=True, meta={}))
    stage.until("config", READY)
    stage.stop()


def a_plugin_is_not_trusted(stage: Stage) -> None:
    """A channel without the plugin's own entry: the gateway is ready, and the channel does not start."""
    stage.write(config(stage.version, discord=True, trust=False, meta={}))
    _first_start(stage, channels=True)


def commands_without_a_gateway(stage: Stage) -> None:
    stage.ask("--version")
    stage.ask("config", "validate", "--json")
    stage.write(config(stage.version, meta={}))
    stage.write(config(stage.version, meta={}).replace('"bind"', '"bindd"'), name="bad.json")
    stage.write('{"gateway": \n', name="half.json")
    stage.ask("config", "validate", "--json")
    stage.ask("config", "validate", "--json", config="bad.json")
    stage.ask("config", "validate", "--json", config="half.json")
    stage.ask("channels", "status", "--json")
    stage.ask("dashboard", "--no-open", "--json")
    stage.ask("devices", "list", "--json")


def keys_of_models(stage: Stage) -> None:
    """One in the environment; then another one in the file ``.env`` of the state's folder."""
    stage.write(config(stage.version, meta={}))
    stage.ask("models", "status", "--json", name="models status --json")
    stage.write(f"OPENAI_API_KEY={'f' * 64}\n", name=".env")
    stage.ask("models", "status", "--json", name="models status --json with .env")


def people_are_let_in(stage: Stage) -> None:
    stage.write(config(stage.version, meta={}))
    stage.start(UNCONFIGURED)
    stage.until("ready", READY)
    stage.somebody_comes()
    (device,) = stage.ask("devices", "list", "--json")["pending"]
    (person,) = stage.ask("pairing", "list", "telegram", "--json")["requests"]
    stage.ask("devices", "approve", device["requestId"], name="devices approve ID")
    stage.ask("pairing", "approve", "telegram", person["code"], name="pairing approve telegram CODE")
    stage.ask("devices", "list", "--json", name="devices list --json of one that is in")
    stage.ask(
        "devices",
        "revoke",
        "--device",
        device["deviceId"],
        "--role",
        "operator",
        name="devices revoke ID operator",
    )
    stage.ask("devices", "remove", device["deviceId"], name="devices remove ID")
    stage.ask("devices", "remove", device["deviceId"], "--json", name="devices remove ID --json")
    stage.stop()


def people_are_turned_away(stage: Stage) -> None:
    stage.write(config(stage.version, meta={}))
    stage.start(UNCONFIGURED)
    stage.until("ready", READY)
    stage.somebody_comes()
    (device,) = stage.ask("devices", "list", "--json")["pending"]
    stage.ask("devices", "reject", device["requestId"], name="devices reject ID")
    stage.ask("devices", "reject", device["requestId"], "--json", name="devices reject ID --json")
    telegram = json.dumps({"channel": "telegram"})
    listed = stage.ask(
        "gateway",
        "call",
        "channels.pairing.list",
        "--json",
        "--params",
        telegram,
        name="channels.pairing.list",
    )
    about = {"channel": "telegram", "accountId": "default", "requestId": listed["requests"][0]["requestId"]}
    for _time in range(2):
        stage.ask(
            "gateway", "call", "channels.pairing.dismiss", "--json", "--params", json.dumps(about),
            name="channels.pairing.dismiss",
        )  # fmt: skip
    stage.stop()


SCENES: tuple[Callable[[Stage], None], ...] = (
    commands_without_a_gateway, a_good_start_and_questions, the_config_changes, a_config_without_meta, no_config_is_allowed,
    no_config, an_unknown_key, not_json, an_unreadable_config, no_token, a_second_gateway, keys_of_models,
)  # fmt: skip
REAL_ONLY = ("a_second_gateway",)  # a simulated machine starts one gateway only


def a_start_and_its_page(stage: Stage) -> None:
    stage.write(config(stage.version, meta={}))
    stage.start(UNCONFIGURED)
    stage.until("ready", READY)
    for path in ("/healthz", "/health", "/", "/anything"):
        stage.get(path)
    stage.stop()


OF_CLAWDBOT = (a_start_and_its_page, no_config_is_allowed, no_config, an_unknown_key, not_json, no_token)


def scenes(version: str) -> dict[str, Callable[[Stage], None]]:
    if version == CLAWDBOT:
        return {scene.__name__: scene for scene in OF_CLAWDBOT}
    plugins = () if january(version) else (a_plugin_is_missing, a_plugin_is_not_trusted, a_first_deploy)
    visitors = (people_are_let_in, people_are_turned_away) if version == WITH_VISITORS else ()
    return {scene.__name__: scene for scene in (*SCENES, *plugins, *visitors)}

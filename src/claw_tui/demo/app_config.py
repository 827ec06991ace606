"""fly.toml as flyctl reads it, and the machine config that it makes of it."""

from __future__ import annotations

import os
import re
import shlex
import tomllib
from typing import Any

from claw_tui.demo import world
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.world import World

Toml = dict[str, Any]
MAX_GRACE = 60  # seconds; a service check gets no more


def load_toml(path: str) -> Toml:
    """Raises FlyFailure before anything is said."""
    if not os.path.isfile(path):
        raise FlyFailure(f"config file not found at specified path: {path} (also tried: {path}/fly.toml)")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FlyFailure(f"failed loading app config from {path}: {_where(text, str(error))}") from error


def _where(text: str, error: str) -> str:
    """The place, with the line itself under it."""
    found = re.search(r"at line (\d+), column (\d+)", error)
    lines = text.splitlines() or [""]
    row, column = (int(found.group(1)), int(found.group(2))) if found else (len(lines), len(lines[-1]))
    what = "array is incomplete" if text.rstrip().endswith("[") else error.partition(" (at")[0].lower()
    return f"row {row} column {column}\n{row}| {lines[row - 1]}\n | {' ' * (column - 1)}~ {what}\n"


def validate(session: Session, path: str, config: Toml) -> None:
    session.say(f"Validating {path}")
    for check in _checks(config):
        given = str(check.get("grace_period", "0s"))
        if seconds(given) > MAX_GRACE:
            session.noise(
                "warn",
                f"Service HTTP check has a grace period greater than 1 minute ({duration(given)}); this will be lowered to 1 minute",
            )
    session.say("\x1b[32m✓\x1b[0m Configuration is valid\n")


def _checks(config: Toml) -> list[Toml]:
    http = config.get("http_service", {}).get("checks", [])
    return [
        *http,
        *(check for service in config.get("services", ()) for check in service.get("http_checks", ())),
    ]


def seconds(text: str | int) -> float:
    """A Go duration; a plain number is seconds."""
    factors = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    if str(text).isdigit():
        return float(text)
    return sum(float(number) * factors[unit] for number, unit in re.findall(r"([\d.]+)(ms|h|m|s)", str(text)))


def duration(text: str | int) -> str:
    """As Go prints it: 90 is 1m30s, and whole minutes still have their seconds."""
    total = seconds(text)
    minutes, rest = divmod(total, 60)
    hours, minutes = divmod(minutes, 60)
    shown = f"{int(hours)}h" if hours else ""
    shown += f"{int(minutes)}m" if minutes or hours else ""
    return f"{shown}{rest:g}s"


DURATIONS = ("grace_period", "interval", "timeout", "kill_timeout")


def definition(config: Toml, name: str, image: str) -> World:
    """What flyctl sends with a release, and `fly config show` tells of it later."""
    lists = {key: [config[key]] for key in ("mounts", "vm") if isinstance(config.get(key), dict)}
    told: World = _as_sent({**config, **lists, "app": name, "build": {"image": image}})
    return told


def _as_sent(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _as_sent(inside, name) for name, inside in value.items()}
    if isinstance(value, list):
        return [_as_sent(inside, key) for inside in value]
    if key in DURATIONS:
        return duration(value)
    return False if (key, value) == ("auto_stop_machines", "off") else value


def machine_config(config: Toml, image: str, release: World, mounts: list[World]) -> World:
    """What flyctl asks the Machines API for. Empty parts are left out."""
    env = {**config.get("env", {}), "FLY_PROCESS_GROUP": "app", "PRIMARY_REGION": config["primary_region"]}
    command = shlex.split(config.get("processes", {}).get("app", ""))
    made: World = {
        "env": env,
        "init": {"cmd": command} if command else {},
        "guest": _guest(config),
        "metadata": {
            "fly_flyctl_version": "0.4.87", "fly_platform_version": "v2", "fly_process_group": "app",
            "fly_release_id": release["id"], "fly_release_version": str(release["version"]),
        },
        "mounts": mounts,
        "services": _services(config),
        "image": image,
        "checks": {name: {"type": given.get("type", "http"), "port": given["port"], **_check(given)} for name, given in
                   config.get("checks", {}).items()},
    }  # fmt: skip
    if "kill_signal" in config or "kill_timeout" in config:
        stop = {"timeout": duration(config["kill_timeout"])} if "kill_timeout" in config else {}
        made["stop_config"] = {
            **stop,
            **({"signal": config["kill_signal"]} if "kill_signal" in config else {}),
        }
    return {key: value for key, value in made.items() if value or key == "init"}


def _guest(config: Toml) -> World:
    vm = config.get("vm", [{}])
    vm = vm[0] if isinstance(vm, list) else vm
    kind, cpus, least = world.SIZES.get(vm.get("size", "shared-cpu-1x"), ("shared", 1, 256))
    return {"cpu_kind": kind, "cpus": cpus, "memory_mb": _megabytes(str(vm.get("memory", least)))}


def _megabytes(text: str) -> int:
    """Of 2048, "2048mb" and "2gb"."""
    number, unit = re.fullmatch(r"(\d+)\s*(gb|mb)?", text.lower()).groups()  # type: ignore[union-attr]
    return int(number) * (1024 if unit == "gb" else 1)


def _services(config: Toml) -> list[World]:
    found = []
    http = config.get("http_service")
    if http:
        ports: list[World] = [
            {"port": 80, "handlers": ["http"], **({"force_https": True} if http.get("force_https") else {})},
            {"port": 443, "handlers": ["http", "tls"]},
        ]
        found.append(_service(http, "tcp", ports, http.get("checks", [])))
    for service in config.get("services", []):
        ports = [
            {"port": p["port"], **({"handlers": p["handlers"]} if p.get("handlers") else {})}
            for p in service.get("ports", [])
        ]
        found.append(_service(service, service["protocol"], ports, service.get("http_checks", [])))
    return found


def _service(given: Toml, protocol: str, ports: list[World], checks: list[Toml]) -> World:
    made: World = {
        "protocol": protocol, "internal_port": given["internal_port"],
        "autostop": given.get("auto_stop_machines") not in (False, "off", None),
        "autostart": given.get("auto_start_machines", True), "min_machines_running": given.get("min_machines_running", 0),
        "ports": ports,
    }  # fmt: skip
    if checks:
        made["checks"] = [_check(check) for check in checks]
    return {**made, "force_instance_key": None}


def _check(given: Toml) -> World:
    """``grace_period`` as it is in the file, although flyctl has just said that it will be lowered."""
    grace = seconds(given.get("grace_period", 0))
    return {
        "type": "http", "interval": duration(given["interval"]), "timeout": duration(given["timeout"]),
        **({"grace_period": duration(given["grace_period"])} if grace else {}), "method": given["method"], "path": given["path"],
        **({"protocol": given["protocol"]} if "protocol" in given else {}),
    }  # fmt: skip

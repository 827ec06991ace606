"""Where the simulated gateway listens, what it answers there, and what Fly's proxy and checks get of it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from itertools import pairwise

from claw_tui.demo import gateway_words as words
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.machine_log import say
from claw_tui.demo.openclaw_models import opened
from claw_tui.demo.programs import program
from claw_tui.demo.world import World

FLY_PROXY = "172.16.3.162"  # where Fly's proxy comes from, as people have reported it
HEALTH = '{"ok":true,"status":"live"}'
PAGE = "<!doctype html><title>{title}</title>"
GUIDANCE = "Configure gateway.trustedProxies narrowly and make the proxy overwrite or safely rebuild forwarded client headers."
UNATTRIBUTABLE = (
    "[gateway] observed unattributable proxy-shaped traffic from {address}; Gateway-authenticated routes reject it, while"
    f" plugin-authenticated routes ignore forwarded claims. {GUIDANCE}"
)
# Fly's proxy's own words, as people have reported them; not recorded.
REFUSED = (
    "[PC01] instance refused connection. is your app listening on 0.0.0.0:{port}? make sure it is not only listening on"
    " 127.0.0.1 (hint: look at your startup logs, servers often print the address they are listening on)"
)


def listening(machine: World) -> bool:
    gateway = machine["gateway"]
    runs = machine["state"] == "started" and 0 < gateway["listening"] <= time.time()
    return bool(runs and not gateway.get("halted"))


def bound(machine: World) -> tuple[str, int]:
    """By its command, and else by its config: (address, port). In a machine of Fly's it listens for everybody if nothing is said."""
    loaded = (machine["gateway"].get("loaded") or {}).get("gateway") or {}
    given = dict(pairwise(machine["cmd"]))
    given |= dict(word.split("=", 1) for word in machine["cmd"] if word.startswith("--") and "=" in word)
    bind = given.get("--bind") or loaded.get("bind") or "auto"
    env = machine["env"].get("OPENCLAW_GATEWAY_PORT")
    port = str(given.get("--port") or env or loaded.get("port") or 18789)
    return ("127.0.0.1" if bind == "loopback" else "0.0.0.0"), int(port) if port.isdigit() else 18789  # noqa: S104


def answers_inside(machine: World, port: int) -> bool:
    """For who asks at 127.0.0.1."""
    return listening(machine) and bound(machine)[1] == port


def answers_outside(machine: World, port: int) -> bool:
    """For Fly's proxy and its checks, which come by the machine's own IPv4 address."""
    return answers_inside(machine, port) and bound(machine)[0] != "127.0.0.1"


def page(machine: World, path: str) -> tuple[str, str]:
    """What is at a path of its web server: (type, text). January's has its page everywhere, also as its health."""
    if path in ("/health", "/healthz") and not words.january(machine):
        return "application/json", HEALTH
    return "text/html", PAGE.format(title=program(machine).page)


def asked_by(machine: World, path: str, address: str, headers: Mapping[str, str]) -> tuple[int, str, str]:
    """(status, type, text) for a request that came from ``address``. What looks like a proxy's must be from one that is trusted."""
    kind, text = page(machine, path)
    shaped = any(name.lower().startswith(("x-forwarded-", "forwarded")) for name in headers)
    if kind == "application/json" or words.january(machine) or not shaped or _trusts(machine, address):
        return 200, kind, text
    if not machine["gateway"].get("reported"):  # it says so once
        machine["gateway"]["reported"] = True
        say(machine, UNATTRIBUTABLE.format(address=address), time.time(), level="warn")
    error = {
        "message": f"Proxy client attribution is required. {GUIDANCE}",
        "type": "proxy_attribution_required",
    }
    return 403, "application/json", json.dumps({"error": error})


ORIGIN = "origin not allowed (open the Control UI from the gateway host or allow it in gateway.controlUi.allowedOrigins)"
MISMATCH = (
    "unauthorized: gateway token mismatch (open the dashboard URL and paste the token in Control UI settings)"
)
CLOSED = (
    "[ws] closed before connect conn=69da6a0e-1f74-4d51-a435-55e544b05d60 peer={address}:60224->0.0.0.0:{port} remote=198.51.100.7"
    " fwd=198.51.100.7 origin={origin} host={host} ua=Mozilla/5.0 code=1008 reason={reason} phase={phase} cause={cause} durationMs=596"
    " handshake=failed"
)


def connects(machine: World, origin: str, *, mistyped: bool = False) -> str:
    """A browser's page asks to be connected, with the token; why it is refused, if it is."""
    loaded = (machine["gateway"].get("loaded") or {}).get("gateway") or {}
    if asked_by(machine, "/", FLY_PROXY, {"x-forwarded-for": "198.51.100.7"})[0] != 200:
        return "proxy_attribution_required"
    if origin not in (loaded.get("controlUi") or {}).get("allowedOrigins", ()):
        reason, phase, cause = ORIGIN, "ws_upgrade_started", "origin-mismatch"
    elif mistyped:
        reason, phase, cause = MISMATCH, "auth_credentials_received", "unauthorized"
    else:
        return ""
    host = origin.partition("//")[2]
    about = {
        "address": FLY_PROXY,
        "port": bound(machine)[1],
        "origin": origin,
        "host": host,
        "reason": reason,
        "phase": phase,
        "cause": cause,
    }
    say(machine, CLOSED.format(**about), time.time(), level="warn")
    return reason


BAD_KEY = "HTTP 401 authentication_error: invalid x-api-key"


def answers_person(app: World, machine: World) -> None:
    """Somebody writes to its bot, and it asks its model."""
    model = words.primary_model(machine, machine["gateway"].get("loaded"))
    provider, _sep, name = model.partition("/")
    error, variable = "", opened(app, machine, SimulatedFiles(app, machine)).get(provider)
    key = app["secrets"].get(variable or "", {"traits": []})
    if variable is None:
        error = f'No API key found for provider "{provider}".'
    elif "bad" in key["traits"]:
        error = BAD_KEY
    elif words.unknown(model):
        error = f"Unknown model: {model}."
    if error and listening(machine):
        about = f"runId=5f0d3c1e isError=true model={name} provider={provider} error={error}"
        say(machine, f"[agent/embedded] embedded run agent end: {about}", time.time(), level="warn")


def _trusts(machine: World, address: str) -> bool:
    loaded = (machine["gateway"].get("loaded") or {}).get("gateway") or {}
    return any(_holds(str(entry), address) for entry in loaded.get("trustedProxies") or ())


def _holds(entry: str, address: str) -> bool:
    import ipaddress  # noqa: PLC0415

    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False


def through_proxy(machine: World, path: str, port: int) -> tuple[int, str, str]:
    """What a visitor gets by a service that leads to ``port`` of the machine. Raises nothing: Fly's proxy answers with 502."""
    if answers_outside(machine, port):
        return asked_by(machine, path, FLY_PROXY, {"x-forwarded-for": "198.51.100.7"})
    if machine["state"] == "started":
        say(machine, REFUSED.format(port=port), time.time(), level="error", provider="proxy")
    return 502, "text/plain", ""


def door(machine: World, port: int, *, handler: bool = False) -> int:
    """To which port in the machine a service leads that has ``port`` outside; 0: none has."""
    for service in machine["services"]:
        for offered in service.get("ports") or ():
            if offered.get("port") == port and (offered.get("handlers") or not handler):
                return int(service["internal_port"])
    return 0


def check(machine: World) -> World:
    """The machine's first check as Fly sees it."""
    port = bound(machine)[1]
    return (checks(machine) or [_check(f"servicecheck-00-http-{port}", machine, port)])[0]


def checks(machine: World) -> list[World]:
    """Those of its services, then those that are the machine's own."""
    found = [
        _check(f"servicecheck-{number:02}-http-{service['internal_port']}", machine, service["internal_port"])
        for service in machine["services"]
        for number, _given in enumerate(service.get("checks") or ())
    ]
    own = (machine.get("config") or {}).get("checks") or {}
    return found + [_check(name, machine, int(given["port"])) for name, given in own.items()]


def _check(name: str, machine: World, port: int) -> World:
    passing = answers_outside(machine, port)
    output = "200 OK Output: " + page(machine, "/healthz")[1] if passing else "connect: connection refused"
    return {"name": name, "status": "passing" if passing else "critical", "output": output}

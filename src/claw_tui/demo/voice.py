"""The simulated plugin for phone calls: its tunnel, its log lines, and ``openclaw voicecall setup``."""

from __future__ import annotations

from claw_tui.demo.images import programs_of
from claw_tui.demo.machine_log import say
from claw_tui.demo.world import World, lasts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LOCAL = ("http://127", "http://localhost", "https://127", "https://localhost")


def _entry(machine: World) -> dict[str, Any]:
    plugins = (machine["gateway"].get("loaded") or {}).get("plugins") or {}
    found: dict[str, Any] = (plugins.get("entries") or {}).get("voice-call") or {}
    return found


def is_on(machine: World) -> bool:
    return bool(_entry(machine).get("enabled"))


def settings(machine: World) -> dict[str, Any]:
    found: dict[str, Any] = _entry(machine).get("config") or {}
    return found


def tunnel(machine: World) -> str:
    """What it opens to let the phone company in; an address of its own counts more."""
    config = settings(machine) if is_on(machine) else {}
    found = str((config.get("tunnel") or {}).get("provider") or "none")
    return "none" if config.get("publicUrl") else found


def start(now: World, app: World, machine: World, at: float) -> None:
    """Its lines in the log; ``gateway.tunnel`` says why there is none."""
    from claw_tui.demo.added import tailnet_name, tailscale_state  # noqa: PLC0415

    gateway = machine["gateway"]
    gateway["tunnel"] = ""
    if not is_on(machine):
        return
    config, way, there = settings(machine), tunnel(machine), programs_of(now, machine)
    path = (config.get("serve") or {}).get("path", "/voice/webhook")
    address = config.get("publicUrl") or f"http://127.0.0.1:3334{path}"
    if way == "ngrok":
        token = app["secrets"].get("NGROK_AUTHTOKEN", {}).get("traits", ["missing"])
        if "ngrok" not in there:
            gateway["tunnel"] = "Failed to start ngrok: spawn ngrok ENOENT"
        elif {"bad", "missing", "blank"} & set(token):
            gateway["tunnel"] = "ngrok error: authentication failed: ERR_NGROK_105"
        address = f"https://{(config.get('tunnel') or {}).get('ngrokDomain', 'x.ngrok.app')}{path}"
    elif way.startswith("tailscale"):
        if "tailscale" not in there or tailscale_state(app, machine) != "Running":
            gateway["tunnel"] = "Could not get Tailscale DNS name. Is Tailscale running?"
        address = f"https://{tailnet_name(app)}{path}"
    if gateway["tunnel"]:
        say(machine, f"[voice-call] Tunnel setup failed: {gateway['tunnel']}", at + lasts(1), level="error")
        address = f"http://127.0.0.1:3334{path}"
    if address.startswith(LOCAL):
        why = f"[voice-call] {config.get('provider')} requires a publicly reachable webhook URL. Refusing to use local-only webhook {address}."
        say(machine, why, at + lasts(1), level="error")
        return
    say(machine, "[voice-call] Runtime initialized", at + lasts(1))
    say(machine, f"[voice-call] Webhook URL: {address}", at + lasts(1))


def setup(machine: World) -> dict[str, Any]:
    """``voicecall setup --json``: it looks at the settings, not at whether the tunnel is open."""
    config = settings(machine)
    url = config.get("publicUrl")
    exposed = tunnel(machine) != "none" or bool(url and not url.startswith(LOCAL))
    said = "Webhook exposure configured through tunnel" if exposed else (
        "Set publicUrl or configure tunnel/tailscale so the provider can reach webhooks"
    )  # fmt: skip
    checks = [
        {"id": "plugin-enabled", "ok": True, "message": "Voice Call plugin is enabled"},
        {"id": "webhook-exposure", "ok": exposed, "message": said},
    ]
    return {"ok": all(check["ok"] for check in checks), "checks": checks}

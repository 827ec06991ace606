"""The JSON that ``openclaw`` commands print, with the keys and types of the real ones (tests/recordings)."""

from __future__ import annotations

import time

from claw_tui.demo import gateway_words as words
from claw_tui.demo.gateway_net import bound
from claw_tui.demo.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LABELS = {
    "telegram": ("Telegram", "Telegram Bot", "paperplane"),
    "discord": ("Discord", "Discord Bot", "bubble.left"),
}
SECONDS_ALIVE = 8.2


def channels_status(machine: World, *, probe: bool) -> dict[str, Any]:
    """``channels status --json`` of a gateway that answers."""
    now, old = int(time.time() * 1000), words.january(machine)
    loaded = (machine["gateway"]["loaded"] or {}).get("channels") or {}
    labels = {name: LABELS.get(name, (name.capitalize(), name.capitalize(), "message")) for name in loaded}
    about = {name: _channel(machine, name, now if probe else None) for name in loaded}
    accounts = {name: [_account(dict(channel), old=old)] for name, channel in about.items()}
    answer: dict[str, Any] = {
        "ts": now, "channelOrder": list(loaded),
        "channelLabels": {name: label for name, (label, _detail, _image) in labels.items()},
        "channelDetailLabels": {name: detail for name, (_label, detail, _image) in labels.items()},
        "channelSystemImages": {name: image for name, (_label, _detail, image) in labels.items()},
        "channelMeta": [
            {"id": name, "label": label, "detailLabel": detail, "systemImage": image}
            for name, (label, detail, image) in labels.items()
        ],
        "channels": about, "channelAccounts": accounts, "channelDefaultAccountId": dict.fromkeys(loaded, "default"),
    }  # fmt: skip
    if old:
        return answer
    answer["eventLoop"] = _event_loop(newer=words.newer(machine))
    if words.newer(machine):
        answer["statusIssues"] = [_issue(name) for name, channel in about.items() if not channel["running"]]
    return answer


def _issue(name: str) -> dict[str, Any]:
    return {
        "channel": name, "accountId": "default", "kind": "runtime", "fix": "Look at the gateway's log.",
        "message": "Channel is enabled and configured, but its runtime is not running.",
    }  # fmt: skip


def _event_loop(*, newer: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "degraded": False, "degradedSinceMs": None, "reasons": [], "intervalMs": SECONDS_ALIVE * 1000, "delayP99Ms": 61.9,
        "delayMaxMs": 245.8, "utilization": 0.3, "cpuCoreRatio": 0.25,
    }  # fmt: skip
    if newer:
        found["cpuBreakdown"] = {
            "hostCpuCount": 2, "hostUtilization": 0.4, "mainThreadCoreRatio": 0.2, "workerCoreRatio": 0.1,
            "otherThreadsCoreRatio": 0.1,
        }  # fmt: skip
    return found


def _channel(machine: World, name: str, probed: int | None) -> dict[str, Any]:
    state = machine["gateway"]["channels"].get(name)
    running = state is not None and state["from"] <= time.time()
    error = state["error"] if state is not None and running else ""
    found: dict[str, Any] = {
        "configured": state is not None, "running": running and not error, "lastStartAt": None, "lastStopAt": None,
        "lastError": error or None, "tokenSource": "env", "lastProbeAt": probed, "mode": "polling",
    }  # fmt: skip
    if probed:
        found["probe"] = {
            "ok": running and not error,
            "status": None,
            "error": error or None,
            "elapsedMs": 312,
        }
    return found


def _account(channel: dict[str, Any], *, old: bool) -> dict[str, Any]:
    if channel["lastProbeAt"] is None:
        del channel["lastProbeAt"]
    new = {} if old else {
        "tokenStatus": "available", "healthState": "healthy" if channel["running"] else "not-running",
    }  # fmt: skip
    return {
        "accountId": "default", "enabled": True, "lastInboundAt": None, "lastOutboundAt": None,
        "allowUnmentionedGroups": False, **channel, **new,
    }  # fmt: skip


def config_only(path: str, channels: list[str], url: str) -> dict[str, Any]:
    """``channels status --json`` when no gateway answers: what the file says, with exit code 0."""
    return {
        "gatewayReachable": False, "configOnly": True, "gatewayAuthUnavailable": False, "configuredChannels": channels,
        "error": f"Gateway not reachable at {url} (ECONNREFUSED).", "config": {"path": path, "mode": "local"},
    }  # fmt: skip


def unreachable(url: str) -> dict[str, Any]:
    """Any other command's answer then, with exit code 1."""
    error = {
        "type": "gateway_transport_error", "kind": "connect", "reason": "ECONNREFUSED",
        "message": f"Gateway not reachable at {url} (ECONNREFUSED).",
    }  # fmt: skip
    return {
        "ok": False,
        "error": error,
        "gateway": {"url": url, "urlSource": "local loopback", "bindDetail": "lan"},
    }


def dashboard(machine: World, token: str, expires: float) -> dict[str, Any]:
    port = bound(machine)[1]
    to = (
        f"&gatewayUrl=ws%3A%2F%2F127.0.0.1%3A{port}"
        if words.version(machine) > words.ENDS_AFTER_INSTALLING
        else ""
    )
    return {
        "ok": True, "url": f"http://127.0.0.1:{port}/", "httpUrl": f"http://127.0.0.1:{port}/", "wsUrl": f"ws://127.0.0.1:{port}",
        "port": port, "tokenIncluded": False,
        "browserUrl": f"http://127.0.0.1:{port}/#bootstrapToken={token}&bootstrapProfile=owner{to}",
        "browserBootstrapExpiresAtMs": int(expires * 1000),
    }  # fmt: skip


def invalid(path: str, issues: list[dict[str, str]] | None) -> dict[str, Any]:
    """``config validate --json`` of a file that is not good, or (None) not there."""
    said = "file not found" if issues is None else f"OpenClaw config is invalid: {path}"
    found = {"ok": False, "error": {"type": "cli_error", "message": said}, "valid": False, "path": path}
    return found if issues is None else {**found, "issues": issues}

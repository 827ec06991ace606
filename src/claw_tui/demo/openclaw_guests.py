"""Who waits at the simulated gateway and who is in: ``openclaw devices``, ``openclaw pairing`` and the calls behind them.

Whoever was let in is on the volume, behind the number of the database's form.
"""

from __future__ import annotations

import hashlib
import json
import time

from claw_tui.demo import gateway_state
from claw_tui.demo import gateway_words as words
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.machine_log import stamp
from claw_tui.demo.programs import in_state
from claw_tui.demo.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCOPES = ["operator.read", "operator.write", "operator.pairing", "operator.admin"]
HOUR_MS = 3_600_000


def paired(machine: World, files: SimulatedFiles) -> dict[str, Any]:
    """``devices`` and ``people`` that were let in."""
    _schema, _sep, text = (files.read(in_state(machine, gateway_state.DATABASE)) or "").partition("\n")
    found: dict[str, Any] = json.loads(text) if text else {"devices": [], "people": []}
    return found


class Guests:
    """One machine's."""

    def __init__(self, machine: World, files: SimulatedFiles) -> None:
        self._machine, self._files = machine, files
        self.old = words.january(machine)
        self.now = paired(machine, files)

    def _keep(self) -> None:
        path = in_state(self._machine, gateway_state.DATABASE)
        schema, _sep, _rest = (self._files.read(path) or "schema 0").partition("\n")
        self._files.put(path, f"{schema}\n{json.dumps(self.now)}")

    def _somebody(self, kind: str) -> World | None:
        """Who came to the door since the last start, and was not decided about."""
        found: World | None = self._machine["gateway"].get("somebody")
        return found if found is not None and found["from"] <= time.time() and not found.get(kind) else None

    # -- devices --------------------------------------------------------------------------------------------------
    def devices(self) -> dict[str, Any]:
        found = self._somebody("device")
        return {"pending": [_device(found)] if found else [], "paired": self.now["devices"]}

    def approve_device(self, request: str) -> str:
        """The device's id, or nothing: there is no such request."""
        found = self._somebody("device")
        if found is None or found["id"] != request:
            return ""
        found["device"] = True
        now = int(time.time() * 1000)
        about = {
            key: value
            for key, value in _device(found).items()
            if key not in ("requestId", "silent", "isRepair", "ts")
        }
        token = {"role": "operator", "scopes": sorted(SCOPES), "createdAtMs": now}
        about |= {
            "approvedVia": "owner",
            "createdAtMs": now,
            "approvedAtMs": now,
            "connected": False,
            "tokens": [token],
        }
        self.now["devices"].append(about)
        self._keep()
        return str(about["deviceId"])

    def reject_device(self, request: str) -> str:
        found = self._somebody("device")
        if found is None or found["id"] != request:
            return ""
        found["device"] = True
        return str(_device(found)["deviceId"])

    def remove_device(self, device: str) -> bool:
        rest = [about for about in self.now["devices"] if about["deviceId"] != device]
        gone = len(rest) < len(self.now["devices"])
        self.now["devices"] = rest
        self._keep()
        return gone

    def revoke(self, device: str, role: str) -> int:
        """When; 0 where there is no such device."""
        now = int(time.time() * 1000)
        for about in self.now["devices"]:
            if about["deviceId"] == device:
                for token in about["tokens"]:
                    if token["role"] == role:
                        token["revokedAtMs"] = now
                self._keep()
                return now
        return 0

    # -- people ---------------------------------------------------------------------------------------------------
    def _person(self, channel: str) -> World | None:
        channels = self._machine["gateway"]["channels"]
        return self._somebody("person") if channel == next(iter(channels), "") else None

    def people(self, channel: str) -> list[World]:
        found = self._person(channel)
        if found is None:
            return []
        at = stamp(found["from"])
        meta = {"username": "ada", "firstName": "Ada", "accountId": "default"}
        return [
            {
                "id": "987654321098765432",
                "code": found["code"],
                "createdAt": at,
                "lastSeenAt": at,
                "meta": meta,
            }
        ]

    def approve_person(self, channel: str, code: str) -> str:
        found = self._person(channel)
        if found is None or found["code"] != code:
            return ""
        found["person"] = True
        (who,) = ("987654321098765432",)
        self.now["people"].append({"channel": channel, "entry": who})
        self._keep()
        return who

    def call(self, method: str, about: dict[str, Any]) -> dict[str, Any] | str:
        """What the gateway answers, or why it refuses."""
        channel = str(about.get("channel", ""))
        if self.old or method not in ("channels.pairing.list", "channels.pairing.dismiss"):
            return f"unknown method: {method}"
        waiting = [_public(channel, entry) for entry in self.people(channel)]
        if method == "channels.pairing.list":
            label = {
                "channel": channel,
                "channelLabel": channel.capitalize(),
                "accountId": "default",
                "notifySupported": True,
            }
            return {
                "accounts": [label], "requests": waiting, "commandOwnerConfigured": False,
                "limits": {"pendingPerAccount": 3, "ttlMs": HOUR_MS},
            }  # fmt: skip
        if [entry["requestId"] for entry in waiting] != [about.get("requestId")]:
            return "pending DM access request no longer exists"
        self._machine["gateway"]["somebody"]["person"] = True
        return {"requestId": about["requestId"], "senderId": waiting[0]["senderId"]}


def _device(found: World) -> dict[str, Any]:
    return {
        "requestId": found["id"], "deviceId": hashlib.sha256(found["id"].encode()).hexdigest(), "publicKey": found["id"],
        "displayName": "Chrome", "platform": "MacIntel", "clientId": "openclaw-control-ui", "clientMode": "webchat",
        "role": "operator", "roles": ["operator"], "scopes": SCOPES, "remoteIp": "198.51.100.7", "silent": False,
        "isRepair": False, "ts": int(found["from"] * 1000),
    }  # fmt: skip


def _public(channel: str, entry: World) -> dict[str, Any]:
    number = hashlib.sha256(f"{channel}{entry['id']}{entry['createdAt']}".encode()).hexdigest()[:32]
    return {
        "requestId": number, "channel": channel, "channelLabel": channel.capitalize(), "accountId": "default",
        "senderId": entry["id"], "senderLabel": f"{channel}UserId",
        "metadata": {key: value for key, value in entry["meta"].items() if key != "accountId"},
        "createdAt": entry["createdAt"], "lastSeenAt": entry["lastSeenAt"], "expiresAt": entry["createdAt"],
        "notifySupported": True,
    }  # fmt: skip

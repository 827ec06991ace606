"""Who waits at the gateway's door and who is in: ``openclaw devices`` and ``openclaw pairing``.

All of it as the gateway's user: the first person who is let in becomes the owner in openclaw.json, and a file that
root has written keeps the gateway from starting (seen with 2026.9.6).
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from claw_tui.adapters import gateway_scripts as scripts
from claw_tui.adapters.fly_json import NoJson, find_json
from claw_tui.adapters.gateway_answers import json_in, last_line, silent
from claw_tui.adapters.gateway_calls import GatewayCalls
from claw_tui.domain.answers import ExecResult, PairingRequest
from claw_tui.domain.clean import clean
from claw_tui.domain.errors import GatewayError
from claw_tui.domain.guests import DEVICE_SECONDS, PERSON_SECONDS, Device, Person
from claw_tui.i18n import _

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]*")  # what may be a word of a command
_UNKNOWN = re.compile(
    r"unknown command|does not know the command|unknown method|unknown option", re.IGNORECASE
)


BROWSER = "openclaw-control-ui"  # what the gateway's own web page calls itself


class GatewayGuests(GatewayCalls):
    """The port ``GuestBook``."""

    async def pairing_requests(
        self, app: str, machine: str, channels: Sequence[str]
    ) -> tuple[PairingRequest, ...]:
        waiting, _devices = await self.devices(app, machine)
        for channel in channels:
            waiting += await self.people_waiting(app, machine, channel)
        return waiting

    async def devices(self, app: str, machine: str) -> tuple[tuple[PairingRequest, ...], tuple[Device, ...]]:
        found = json_in(await self._openclaw(app, machine, "devices", "list", "--json"))
        if "pending" not in found and "paired" not in found:
            raise silent(_said(found))
        return tuple(map(_waiting_device, _tables(found, "pending"))), tuple(
            map(_device, _tables(found, "paired"))
        )

    async def people_waiting(self, app: str, machine: str, channel: str) -> tuple[PairingRequest, ...]:
        found = json_in(await self._openclaw(app, machine, "pairing", "list", _word(channel), "--json"))
        return tuple(_waiting_person(channel, entry) for entry in _tables(found, "requests"))

    async def people_in(self, app: str, machine: str) -> tuple[Person, ...]:
        place = await self._place(app, machine)
        result = await self._fly.exec(app, machine, scripts.people(place.state))
        try:
            rows = find_json(result.stdout)
        except NoJson:
            rows = None
        if result.code != 0 or not isinstance(rows, list):
            raise GatewayError(
                _("OpenClaw's list of people who were let in could not be read."), detail=last_line(result)
            )
        return tuple(
            Person(clean(str(row.get("channel", ""))), clean(str(row.get("entry", ""))))
            for row in rows
            if isinstance(row, dict)
        )

    async def approve(self, app: str, machine: str, request: PairingRequest) -> None:
        which = ("pairing", "approve", request.channel) if request.channel else ("devices", "approve")
        await self._decide(app, machine, (*which, _word(request.id)), _("The gateway did not approve it."))

    async def reject(self, app: str, machine: str, request: PairingRequest) -> None:
        if request.channel:
            await self._dismiss(app, machine, request)
            return
        said = _("The gateway did not turn it away.")
        await self._decide(app, machine, ("devices", "reject", _word(request.id)), said)

    async def revoke(self, app: str, machine: str, device: Device) -> None:
        said = _("The gateway did not take the device out.")
        result = await self._openclaw(app, machine, "devices", "remove", _word(device.id))
        if result.code != 0 and _UNKNOWN.search(
            result.stderr
        ):  # January's takes the right to come in, role by role
            for role in device.roles:
                words = ("devices", "revoke", "--device", device.id, "--role", _word(role))
                await self._decide(app, machine, words, said)
        elif result.code != 0:
            raise GatewayError(said, hint=_again(), detail=_reason(result))

    async def _dismiss(self, app: str, machine: str, request: PairingRequest) -> None:
        """OpenClaw has no command for it, but its gateway has, as its web page's button: by another number."""
        found = await self._call(app, machine, "channels.pairing.list", {"channel": request.channel})
        for entry in _tables(found, "requests"):
            if entry.get("senderId") == request.sender and request.account in ("", entry.get("accountId")):
                about = {
                    "channel": request.channel, "accountId": entry.get("accountId"), "requestId": entry.get("requestId"),
                }  # fmt: skip
                await self._call(app, machine, "channels.pairing.dismiss", about)
                return
        raise GatewayError(_("This request is not there any more."), hint=_("Read the list again."))

    async def _call(self, app: str, machine: str, method: str, about: dict[str, Any]) -> dict[str, Any]:
        result = await self._openclaw(
            app, machine, "gateway", "call", method, "--json", "--params", json.dumps(about)
        )
        if result.code != 0:
            said = _reason(result)
            if _UNKNOWN.search(said):
                raise GatewayError(
                    _("This version of OpenClaw can't turn a person away."),
                    hint=_("The request ends by itself within the hour; U brings a newer version."),
                    detail=said,
                )
            raise GatewayError(_("The gateway did not turn it away."), hint=_again(), detail=said)
        return json_in(result)

    async def _decide(self, app: str, machine: str, words: Sequence[str], failed: str) -> None:
        result = await self._openclaw(app, machine, *words)
        if result.code != 0:
            raise GatewayError(failed, hint=_again(), detail=_reason(result))

    async def _openclaw(self, app: str, machine: str, *words: str) -> ExecResult:
        return await self._long(app, machine, f"openclaw {shlex.join(words)}", as_node=True)


def _again() -> str:
    return _("The request may have been replaced by a newer one: read the list again.")


def _word(text: str) -> str:
    """Raises GatewayError for what is no plain word: it becomes part of a script, and others chose it."""
    if _PLAIN.fullmatch(text):
        return text
    raise GatewayError(
        _("This number has an odd form; nothing was done."),
        hint=_("Look at it with `openclaw devices list`."),
    )


def _said(found: dict[str, Any]) -> str:
    error = found.get("error")
    return clean(str(error.get("message", ""))) if isinstance(error, dict) else ""


def _reason(result: ExecResult) -> str:
    """OpenClaw's own sentence, which stands in the middle of others."""
    try:
        found = find_json(result.stdout)
    except NoJson:
        found = None
    if isinstance(found, dict) and _said(found):
        return _said(found)
    lines = [
        line.partition("Reason: ")[2] for line in clean(result.stderr).splitlines() if "Reason: " in line
    ]
    return lines[0] if lines else last_line(result)


def _tables(found: dict[str, Any], key: str) -> list[dict[str, Any]]:
    entries = found.get(key)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _text(entry: dict[str, Any], *keys: str) -> str:
    """The first of ``keys`` that says something."""
    return next((clean(str(entry[key])) for key in keys if entry.get(key)), "")


def _seconds(entry: dict[str, Any], *keys: str) -> float:
    return next((float(entry[key]) / 1000 for key in keys if isinstance(entry.get(key), int | float)), 0.0)


def _name(entry: dict[str, Any]) -> str:
    name = _text(entry, "operatorLabel", "displayName", "clientId") or _("a device")
    return _("a browser") if name == BROWSER else name


def _waiting_device(entry: dict[str, Any]) -> PairingRequest:
    words = [_name(entry), _text(entry, "platform"), _text(entry, "remoteIp")]
    begun = _seconds(entry, "ts")
    until = begun + DEVICE_SECONDS if begun else 0.0
    return PairingRequest(_text(entry, "requestId"), "", _(" · ").join(filter(None, words)), until)


def _waiting_person(channel: str, entry: dict[str, Any]) -> PairingRequest:
    about = entry.get("meta")
    about = about if isinstance(about, dict) else {}
    sender = _text(entry, "id")
    named = [_text(about, key) for key in ("username", "firstName", "senderId")]
    words = _(" · ").join(filter(None, named)) or sender
    until = _moment(_text(entry, "createdAt")) + PERSON_SECONDS
    return PairingRequest(
        _text(entry, "code"), channel, words, until if until > PERSON_SECONDS else 0.0, sender, _text(about, "accountId"),
    )  # fmt: skip


def _moment(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return 0.0


def _device(entry: dict[str, Any]) -> Device:
    tokens = [token for token in _tables(entry, "tokens") if not token.get("revokedAtMs")]
    roles = [str(role) for role in entry.get("roles") or [entry.get("role")] if role]
    used = max((_seconds(token, "lastUsedAtMs", "createdAtMs") for token in tokens), default=0.0)
    return Device(
        id=_text(entry, "deviceId"), name=_name(entry), platform=_text(entry, "platform"),
        roles=tuple(map(clean, roles)), scopes=tuple(clean(str(scope)) for scope in entry.get("scopes") or []),
        address=_text(entry, "remoteIp"), approved_at=_seconds(entry, "approvedAtMs", "createdAtMs"),
        seen_at=_seconds(entry, "lastSeenAtMs") or used, connected=bool(entry.get("connected")),
    )  # fmt: skip

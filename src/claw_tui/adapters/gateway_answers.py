"""Reading what scripts and the ``openclaw`` command in a machine have printed."""

from __future__ import annotations

import base64
from typing import Any

from claw_tui.adapters.fly_json import NoJson, find_json
from claw_tui.domain.answers import ChannelStatus, ExecResult
from claw_tui.domain.clean import clean
from claw_tui.domain.delivery import Backup, Delivery
from claw_tui.domain.errors import GatewayError
from claw_tui.i18n import _


def expect(digest: str, result: ExecResult) -> None:
    if result.stdout.split()[:1] != [digest]:
        raise GatewayError(
            _("The file arrived in the machine with another content."),
            hint=_("Trying again sends it once more."),
        )


def last_line(result: ExecResult) -> str:
    lines = clean(result.stderr or result.stdout).strip().splitlines()
    return lines[-1] if lines else ""


def json_in(result: ExecResult) -> dict[str, Any]:
    try:
        found = find_json(result.stdout)
    except NoJson:
        found = None
    if isinstance(found, dict):
        return found
    raise silent(last_line(result))


def silent(detail: str = "") -> GatewayError:
    hint = _("It may still be starting. Try again in a minute.")
    return GatewayError(_("The gateway did not answer."), hint=hint, detail=detail)


def channel_of(name: str, about: dict[str, Any]) -> ChannelStatus:
    probe = about.get("probe")
    ok = bool(probe.get("ok")) if isinstance(probe, dict) else None
    said = (probe.get("error") if isinstance(probe, dict) else None) or about.get("lastError") or ""
    return ChannelStatus(
        name, bool(about.get("configured")), bool(about.get("running")), ok, clean(str(said)).split(" | ")[0]
    )


def read_delivery(text: str) -> Delivery:
    """What ``gateway_scripts.progress`` printed."""
    head, _sep, packed = text.partition("lines=\n")
    fields = dict(line.split("=", 1) for line in head.splitlines() if "=" in line)
    lines = base64.b64decode("".join(packed.split())).decode("utf-8", "replace").splitlines()
    return Delivery(
        **{name: fields.get(name, "") for name in ("digest", "back", "before", "now", "log", "at")},
        lines=tuple(said(line) for line in lines),
    )


def said(line: str) -> str:
    """The words of a line of OpenClaw's log file (JSON), or the line as it is."""
    try:
        found = find_json(line)
    except NoJson:
        return clean(line).strip()
    if not isinstance(found, dict):
        return clean(line).strip()
    words = [found[key] for key in ("1", "2", "0") if isinstance(found.get(key), str)]
    text = found.get("message") or next((word for word in words if not word.startswith("{")), "")
    return clean(str(text)).strip()


def read_backups(text: str) -> tuple[Backup, ...]:
    """What ``gateway_scripts.backups`` printed; the newest first."""
    head, _sep, sums = text.partition("\n\n")
    now, _sep, listed = head.partition("\n")
    digests = {
        path.strip(): digest for digest, _sep, path in (line.partition(" ") for line in sums.splitlines())
    }
    found = []
    for line in listed.splitlines():
        size, at, path = line.split(" ", 2)
        name = path.rpartition("/")[2]
        if not name.endswith((".new", ".claw-tui")):
            found.append(Backup(name, int(size), int(at), digests.get(path) == now))
    return tuple(sorted(found, key=lambda backup: (-backup.at, backup.name)))

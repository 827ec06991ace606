"""What an answer from an address means: is it the gateway's, Fly's own, or nobody's that is known here?"""

from __future__ import annotations

from claw_tui.domain.exposure.facts import Heard
from claw_tui.domain.parse import json_of
from claw_tui.i18n import _

NAMES = ("openclaw", "clawdbot", "moltbot", "molty")  # what it was called over time
MOST_BODY = 2000  # characters of a page that are looked at for its name
OWN_ERRORS = (400, 404, 421)  # of Fly's proxy for a host that it does not know


def classify(answer: bytes) -> tuple[Heard, str]:
    """Of the bytes that came back for an HTTP request."""
    if not answer:
        return Heard.SILENT, _("the connection was taken and closed without a word")
    text = answer.decode("latin-1")
    head, _sep, body = text.partition("\r\n\r\n")
    first = head.partition("\r\n")[0]
    if not first.startswith("HTTP/"):
        return Heard.OTHER, _("something that is no HTTP answers")
    shown = _("answered “{line}”").format(line=first[:60])
    if _is_gateway(head, body):
        return Heard.GATEWAY, _("the gateway {shown}").format(shown=shown)
    status = first.split()[1] if len(first.split()) > 1 else ""
    by_fly = any(line.lower().startswith("server: fly") for line in head.split("\r\n"))
    if by_fly and status.isdigit() and int(status) in OWN_ERRORS and not body.strip():
        return Heard.FLY, _("Fly's proxy {shown}: it does not know the app there").format(shown=shown)
    return Heard.OTHER, shown


def _is_gateway(head: str, body: str) -> bool:
    if any(name in (head + body[:MOST_BODY]).lower() for name in NAMES):
        return True
    try:
        found = json_of(body)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("ok") is True

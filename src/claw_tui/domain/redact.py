"""Taking secrets out of text that is shown or saved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from claw_tui.domain.secret import Secret

MASK = "***"
SHORTEST = 6  # characters; a shorter value would take half of the text with it

# Tokens that nobody gave us: in addresses, in headers, in settings, and in the forms that the providers use.
_PATTERNS = re.compile(
    r"(?i:(?P<keep>[?#&;](?:[\w.-]*(?:token|secret|password|key|auth)|code|state)="
    r"|\bauthorization[\"']?\s*[:=]\s*[\"']?(?:[a-z]\w*\s+)?|\b(?:bearer|flyv1)\s+"
    r"|\b[A-Z0-9_]*(?:api_?key|(?:bot|app|access|auth|gateway|refresh|bootstrap|device|api)_?token)[\"']?\s*[:=]\s*[\"']?)"
    r"(?P<value>[^\s&\"'#<>,;)\]}]+))"
    r"|\b(?:sk-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|xapp-[\w-]{10,}|AIza[\w-]{20,}|gsk_\w{20,}|xai-\w{20,}|tskey-[\w-]{10,}"
    r"|fo1_[\w-]{10,}|fm[12][a-z]?_[\w+/=,-]{20,}|gh[opsu]_\w{20,}"
    r"|[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{25,})"  # the last one is Discord's
    r"|(?<!\d)\d{6,}:[\w-]{30,}"  # Telegram's, which stands right behind “bot” in addresses
)

# A cheap look first: a build writes a hundred thousand lines, and few of them have anything of this.
# None has an "i": some alphabets have letters that only nearly are one.
_NAMES = ("token", "secret", "password", "key", "auth")
_BEGINNINGS = re.compile(r"sk-|xox|xapp-|AIza|gsk_|xai-|tskey-|fo1_|fm[12]|gh[opsu]_")
_DISCORD = re.compile(r"[MNO][\w-]{22,27}\.[\w-]{6}\.")
_TELEGRAM = re.compile(r"\d{6}:[\w-]{30}")


def may_hold_token(text: str) -> bool:
    """Whether it is worth the long look: false only where ``_PATTERNS`` finds nothing."""
    same = text.casefold()
    if "=" in text and ("code=" in same or "state=" in same):
        return True
    if ("=" in text or ":" in text) and any(name in same for name in _NAMES):
        return True
    if "bearer" in same or "flyv1" in same or _BEGINNINGS.search(text):
        return True
    return (":" in text and _TELEGRAM.search(text) is not None) or (
        "." in text and _DISCORD.search(text) is not None
    )


def forms(secret: Secret) -> Iterator[str]:
    """As it is, line by line, and as addresses, JSON (Python's and Go's) and logs write it."""
    value = secret.reveal()
    for line in (value, *value.splitlines()):
        plain = json.dumps(line, ensure_ascii=False)[1:-1]
        yield from (line, quote(line, safe="", errors="surrogatepass"), json.dumps(line)[1:-1], plain)
        yield plain.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")
    yield value.encode("utf-8", "surrogatepass").hex()


class Redactor:
    """Replaces known values and whatever looks like a token by ``***``."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        known = {form for secret in secrets for form in forms(secret)}
        self._known = sorted((form for form in known if len(form) >= SHORTEST), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for value in self._known:
            text = text.replace(value, MASK)
        if not may_hold_token(text):
            return text
        return _PATTERNS.sub(lambda found: (found.group("keep") or "") + MASK, text)

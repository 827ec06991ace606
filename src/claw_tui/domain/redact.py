"""Taking secrets out of text that is shown or saved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from claw_tui.domain.secret import Secret

MASK = "***"
SHORTEST = 6  # characters; a shorter value would take half of the text with it

# Tokens that nobody gave us: in addresses, in headers, and in the forms that the providers use.
_PATTERNS = re.compile(
    r"(?i)(?P<keep>[?#&](?:\w*token|key|code)=|authorization:\s*(?:bearer|bot|flyv1)\s+)[^\s&\"'#]+"
    r"|\b(?:sk-[\w-]{16,}|xox[abp]-[\w-]{10,}|xapp-[\w-]{10,}|AIza[\w-]{20,}|gsk_\w{20,}|fm[12][a-z]?_[\w+/=,-]{20,}"
    r"|\d{6,}:AA[\w-]{30,})"
)


class Redactor:
    """Replaces known values and whatever looks like a token by ``***``."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        values = {secret.reveal() for secret in secrets}
        forms = {
            form for value in values for line in value.splitlines() for form in (line, quote(line, safe=""))
        }
        self._known = sorted((form for form in forms if len(form) >= SHORTEST), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for value in self._known:
            text = text.replace(value, MASK)
        return _PATTERNS.sub(lambda found: (found.group("keep") or "") + MASK, text)

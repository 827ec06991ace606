"""Secrets that stand in a file go out of it: the file names a variable, and the caller is given the value to keep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from claw_tui.domain import secret_kinds
from claw_tui.domain.openclaw.notes import Json, Migration, Path, dotted
from claw_tui.domain.openclaw.secret_input import IN_TEXT, from_env
from claw_tui.domain.redact import Redactor
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _

Given = tuple[tuple[str, Secret], ...]

# Where OpenClaw 2026.9 takes a SecretRef (its docs/reference/secretref-credential-surface.md); elsewhere "${NAME}" does.
_REFS = re.compile(
    r"gateway\.(auth|remote)\.(token|password)|models\.providers\.[^.]+\.apiKey|skills\.entries\.[^.]+\.apiKey"
    r"|channels\.discord(\.accounts\.[^.]+)?\.token|channels\.telegram(\.accounts\.[^.]+)?\.(botToken|webhookSecret)"
    r"|channels\.slack(\.accounts\.[^.]+)?\.(botToken|appToken|userToken|signingSecret)"
    r"|plugins\.entries\.voice-call\.config\.twilio\.authToken"
)
_SECRET_KEY = re.compile(
    r"(?i).*(token|secret|password|passphrase|api_?key|private_?key|credential)|authtag|authorization|x-api-key|cookie"
)
_SECRET_VARIABLE = re.compile(r"(?i).*(TOKEN|SECRET|PASSWORD|PASS|KEY|AUTH|CREDENTIALS?)(_.*)?")
_RANDOM = re.compile(
    r"(?=[^a-z]*[a-z])(?=\D*\d)[A-Za-z0-9_+/=.~-]{24,}|(?=[^0-9]*\d)[A-Z0-9_-]{16,}|[0-9a-f]{32,}"
)
_WEBHOOK = re.compile(
    r"https?://(hooks\.slack\.com/(services|workflows|triggers)/|(ptb\.|canary\.)?discord(app)?\.com/api/webhooks/|[^\s?]*\?[^\s]*"
    r"\b(token|key|secret|sig|signature|password|access_token|api_key)=)\S+",
    re.IGNORECASE,
)
_FLAG = re.compile(r"(?i)--?[a-z-]*(token|secret|password|api-?key|key|auth)[a-z-]*")
_HARMLESS = re.compile(
    r"(?i)accept.*|content-.*|user-agent|host|origin|referer|http-referer|x-title|.*-version|.*-beta"
)
_LOGIN = re.compile(
    r"[a-z][a-z0-9+.-]{0,30}://[^/\s:@]*:[^/\s@]+@"
)  # bounded: a long word is looked through once
_REDACT = Redactor()
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,127}")
_MARKER = re.compile(r"secretref-env:([A-Z][A-Z0-9_]{0,127})")
_NAMES = {
    "gateway.auth.token": secret_kinds.GATEWAY_TOKEN, "gateway.auth.password": "OPENCLAW_GATEWAY_PASSWORD",
    "channels.discord.token": secret_kinds.DISCORD, "channels.telegram.botToken": secret_kinds.TELEGRAM,
    "channels.slack.botToken": secret_kinds.SLACK_BOT, "channels.slack.appToken": secret_kinds.SLACK_APP,
    "plugins.entries.brave.config.webSearch.apiKey": "BRAVE_API_KEY",
    "plugins.entries.voice-call.config.twilio.authToken": "TWILIO_AUTH_TOKEN",
    "plugins.entries.voice-call.config.telnyx.apiKey": "TELNYX_API_KEY",
    "plugins.entries.voice-call.config.tunnel.ngrokAuthToken": "NGROK_AUTHTOKEN",
}  # fmt: skip
_NO_NAME = (
    "channels",
    "accounts",
    "plugins",
    "entries",
    "config",
    "providers",
    "models",
    "skills",
    "vars",
    "env",
)


def lift(tree: Json) -> tuple[Json, Given, list[Migration]]:
    """The file without secrets, the secrets by the names of their variables, and what was done."""
    lifter = _Lifter()
    found = lifter.walk(tree, ())
    assert isinstance(found, dict)
    return found, tuple(lifter.given.items()), lifter.notes


def with_masks(tree: Json) -> Json:
    """The file with words in the place of each secret that stands in it: to be shown, not to be used."""
    found = _Lifter(mask=_("(a secret, in clear)")).walk(tree, ())
    assert isinstance(found, dict)
    return found


@dataclass
class _Lifter:
    given: dict[str, Secret] = field(default_factory=dict)
    mask: str = ""
    notes: list[Migration] = field(default_factory=list)

    def walk(self, node: Any, path: Path) -> Any:
        if isinstance(node, dict):
            if path in (("env",), ("env", "vars")):
                return self.environment(node, path)
            return {key: self.walk(inside, (*path, key)) for key, inside in node.items()}
        if isinstance(node, list):
            return [self.row(node, index, path) for index in range(len(node))]
        return self.value(node, path) if isinstance(node, str) else node

    def row(self, rows: list[Any], index: int, path: Path) -> Any:
        """What stands behind “--token” in a list of arguments is one."""
        here, flag = rows[index], rows[index - 1] if index else None
        if (
            isinstance(here, str)
            and isinstance(flag, str)
            and _FLAG.fullmatch(flag)
            and not here.startswith("-")
        ):
            return self.value(here, (*path, flag.strip("-").replace("-", "_")), sure=True)
        return self.walk(here, (*path, str(index)))

    def environment(self, node: Json, path: Path) -> Json:
        """Variables that the file itself sets: the secret ones become the machine's."""
        kept: Json = {}
        for key, value in node.items():
            if not isinstance(value, str):
                kept[key] = self.walk(value, (*path, key))
            elif _is_secret_variable(key, value):
                name = self.keep(key, value)
                self.note((*path, key), _("The variable {name} of the machine").format(name=name))
                if self.mask:
                    kept[key] = self.mask
            else:
                kept[key] = value
        return kept

    def value(self, text: str, path: Path, *, sure: bool = False) -> Any:
        here = dotted(path)
        takes_ref = bool(_REFS.fullmatch(here))
        marker = _MARKER.fullmatch(text)
        if (
            marker or (takes_ref and _VARIABLE.fullmatch(text) and "_" in text and len(set(text)) > 4)
        ) and not self.mask:
            name = marker.group(1) if marker else text
            self.note(path, name)
            return from_env(name).write()
        if IN_TEXT.search(text) or not (sure or _is_secret(text, path)):
            return text
        name = self.keep(_name_of(path), text)
        self.note(path, name)
        if self.mask:
            return self.mask
        return from_env(name).write() if takes_ref else f"${{{name}}}"

    def keep(self, name: str, value: str) -> str:
        """The variable's name: another one when it is taken by another value."""
        base, count = name, 1
        while name in self.given and self.given[name].reveal() != value:
            count += 1
            name = f"{base}_{count}"
        self.given[name] = Secret(value)
        return name

    def note(self, path: Path, after: str) -> None:
        why = _(
            "A secret in the file can be read by whoever sees the file; Fly.io keeps it encrypted instead."
        )
        self.notes.append(Migration("secret-to-variable", why, dotted(path), _("the value itself"), after))


def holds_secret(text: str) -> bool:
    """Whether something in it looks like a key, or like an address with a password."""
    return bool(_LOGIN.search(text)) or _REDACT(text) != text


def _is_secret(text: str, path: Path) -> bool:
    if not text or IN_TEXT.search(text):
        return False
    if secret_kinds.whose(text) or (holds_secret(text) and not any(char.isspace() for char in text)):
        return True
    if _WEBHOOK.match(text):
        return True
    key = next((part for part in reversed(path) if not part.isdigit()), "")
    if "headers" in path[:-1]:
        return not _HARMLESS.fullmatch(key)
    if "env" in path[:-1] and (_SECRET_VARIABLE.fullmatch(key) or _RANDOM.fullmatch(text)):
        return True
    looks = not re.match(r"[a-z]+://|[/~.]", text)  # the place of a secret is none
    return looks and bool(_SECRET_KEY.fullmatch(key))


def _is_secret_variable(name: str, value: str) -> bool:
    if (
        not value
        or name.startswith("FLY_")
        or not secret_kinds.OWN_NAME.fullmatch(name)
        or IN_TEXT.search(value)
    ):
        return False
    return bool(secret_kinds.whose(value) or (name.isupper() and _SECRET_VARIABLE.fullmatch(name)))


def _words(path: Path) -> Iterator[str]:
    for part in path:
        if part not in _NO_NAME:
            yield (
                re.sub(r"[^A-Za-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", part)).strip("_").upper()
            )


def _name_of(path: Path) -> str:
    """The name that OpenClaw itself looks for, where it has one; else one made of the path."""
    known = _NAMES.get(dotted(path))
    if known:
        return known
    if path[:2] == ("models", "providers") and path[-1] == "apiKey":
        kind = next((k for k in secret_kinds.KINDS if k.provider == path[2]), None)
        if kind:
            return kind.env
    name = "_".join(word for word in _words(path) if word)
    return (name if name[:1].isalpha() and not name.startswith("FLY_") else f"OWN_{name}")[:120]

"""Rules for names, as plain functions that return what is wrong, or an empty string."""

from __future__ import annotations

import re
from collections.abc import Collection

from claw_tui.i18n import _

APP_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
VOLUME_NAME = re.compile(r"[a-z0-9_]{1,30}")
ENV_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
AGENT_ID = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")
IMAGE_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")

# Variables that the machine's programs, Node and OpenClaw begin with.
_TAKEN = frozenset((
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "HOSTNAME", "TMPDIR", "TZ", "LANG", "LANGUAGE", "IFS", "ENV", "PRIMARY_REGION",
    "NODE_OPTIONS", "NODE_PATH", "NODE_ENV", "NODE_EXTRA_CA_CERTS", "NODE_TLS_REJECT_UNAUTHORIZED", "OPENSSL_CONF",
))  # fmt: skip
_TAKEN_BEGINNINGS = ("LD_", "LC_", "BASH_")
_OPENCLAWS, _SECRETS = ("OPENCLAW_", "CLAWDBOT_", "MOLTBOT_"), ("_TOKEN", "_PASSWORD", "_KEY", "_SECRET")

_WORDS = ("claw", "crab", "reef", "tide", "kelp", "cove", "shell", "pearl", "coral", "lagoon")


def app_name_problem(name: str) -> str:
    """Fly's rule: 1 to 63 characters, lower-case letters, digits and hyphens, no hyphen at either end."""
    if not name:
        return _("The app needs a name.")
    if APP_NAME.fullmatch(name):
        return ""
    if len(name) > 63:
        return _("At most 63 characters; this has {count}.").format(count=len(name))
    if name != name.lower():
        better = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        return _("Small letters only, e.g. {better}").format(better=better or "my-claw")
    if name.startswith("-") or name.endswith("-"):
        return _("It can't begin or end with a hyphen.")
    wrong = sorted({char for char in name if not re.fullmatch(r"[a-z0-9-]", char)})
    shown = " ".join(_("space") if char == " " else char for char in wrong)
    return _("Only a-z, 0-9 and hyphens; not: {wrong}").format(wrong=shown)


def taken_variable(env: str) -> str:
    """Why no secret may be called so, or an empty string: Fly.io's secrets count more than what the machine has itself."""
    settings = env.startswith(_OPENCLAWS) and not env.endswith(_SECRETS)
    if not (settings or env in _TAKEN or env.startswith(_TAKEN_BEGINNINGS)):
        return ""
    words = _(
        "The machine and OpenClaw start with {name}, and a secret would take its place. Take another name."
    )
    return words.format(name=env)


def volume_name_problem(name: str) -> str:
    if VOLUME_NAME.fullmatch(name):
        return ""
    return _("1 to 30 small letters, digits or underscores.")


def agent_id_problem(agent: str, others: Collection[str] = ()) -> str:
    if not AGENT_ID.fullmatch(agent):
        return _("Small letters, digits, - and _; at most 64 characters.")
    return _("There is an agent of this name already.") if agent in others else ""


def image_tag_problem(tag: str) -> str:
    if not IMAGE_TAG.fullmatch(tag):
        return _("A version looks like 2026.9.1.")
    if tag in ("latest", "main", "slim", "extended-stable"):
        return _("This tag moves: its content changes without notice. Give an exact version, like 2026.9.1.")
    return ""


def suggest_app_names(count: int = 3) -> tuple[str, ...]:
    """Names that are probably free: app names are shared by everybody on Fly.io, so each has a random end."""
    import secrets  # noqa: PLC0415  (the first screen does without OpenSSL)

    words = secrets.SystemRandom().sample(_WORDS, count)
    return tuple(f"my-{word}-{secrets.token_hex(2)}" for word in words)

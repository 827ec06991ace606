"""Values that are written otherwise now, and what every gateway needs in its file."""

from __future__ import annotations

from typing import Any

from claw_tui.domain.model_catalogue import replacement
from claw_tui.domain.openclaw.channels import PLUGINS
from claw_tui.domain.openclaw.notes import Json, Migration, Path, dotted, inside, owners, put
from claw_tui.domain.openclaw.old_names import BINDS
from claw_tui.domain.secret_kinds import KINDS
from claw_tui.domain.spec import PORT
from claw_tui.i18n import _

Notes = list[Migration]
_MODEL_KEYS = ("model", "imageModel", "pdfModel", "voiceModel", "utilityModel", "decisionModel")
_IN_SECTIONS = ("subagents", "heartbeat", "compaction")


def environment(tree: Json, notes: Notes) -> None:
    """``env.NAME`` is ``env.vars.NAME`` now."""
    env = tree.get("env")
    if not isinstance(env, dict):
        return
    for key in [k for k, v in env.items() if isinstance(v, str)]:
        if put(tree, ("env", "vars", key), env[key]):
            env.pop(key)
            why = _("Variables that the file sets stand under “vars” now.")
            notes.append(Migration("env-to-vars", why, f"env.{key}", f"env.{key}", f"env.vars.{key}"))
    if env.get("vars") == {}:
        env.pop("vars")
    if env == {}:
        tree.pop("env")


def allow_words(tree: Json, notes: Notes) -> None:
    """``allow`` of a Discord or Slack channel is ``enabled`` now."""
    patterns = [("channels", "slack", *account, "channels", "*") for account in ((), ("accounts", "*"))]
    patterns += [
        ("channels", "discord", *account, "guilds", "*", "channels", "*")
        for account in ((), ("accounts", "*"))
    ]
    for path in [path for pattern in patterns for path in owners(tree, pattern)]:
        place = inside(tree, path)
        if isinstance(place, dict) and "allow" in place:
            value = place.pop("allow")
            place.setdefault("enabled", value)
            why = _("OpenClaw 2026.9 refuses “allow” here: it is called “enabled”.")
            notes.append(Migration("allow-to-enabled", why, dotted((*path, "allow")), "allow", "enabled"))


def peers(tree: Json, notes: Notes) -> None:
    for path in owners(tree, ("bindings", "*", "match", "peer")):
        peer = inside(tree, path)
        if isinstance(peer, dict) and peer.get("kind") == "dm":
            peer["kind"] = "direct"
            why = _("A private chat is called “direct” now.")
            notes.append(Migration("peer-kind", why, dotted((*path, "kind")), "dm", "direct"))


def binds(tree: Json, notes: Notes) -> None:
    gateway = tree.get("gateway")
    bind = gateway.get("bind") if isinstance(gateway, dict) else None
    if isinstance(gateway, dict) and isinstance(bind, str) and bind in BINDS:
        gateway["bind"] = BINDS[bind]
        why = _("Where it listens is said by a word, not by an address.")
        notes.append(Migration("bind-word", why, "gateway.bind", bind, BINDS[bind]))


def signal_transport(tree: Json, notes: Notes) -> None:
    """Signal's program stands in one place now: one's own by its address, or one that the gateway starts."""
    for path in [("channels", "signal"), *owners(tree, ("channels", "signal", "accounts", "*"))]:
        signal = inside(tree, path)
        old = (
            "httpUrl",
            "httpHost",
            "httpPort",
            "autoStart",
            "cliPath",
            "startupTimeoutMs",
            "receiveMode",
            "ignoreStories",
        )
        if not isinstance(signal, dict) or "transport" in signal or not any(key in signal for key in old):
            continue
        found = {key: signal.pop(key) for key in old if key in signal}
        url, starts = found.pop("httpUrl", None), found.pop("autoStart", None)
        if starts is True or (starts is None and not url):
            transport = {"kind": "managed-native", **({"url": url} if url else {}), **found}
        else:
            own = url or f"http://{found.get('httpHost', '127.0.0.1')}:{found.get('httpPort', 8080)}"
            transport = {"kind": "external-native", "url": own}
        signal["transport"] = transport
        why = _("How Signal is reached stands in one place now.")
        notes.append(Migration("signal-transport", why, dotted(path), "httpUrl, autoStart …", "transport"))


def profiles(tree: Json, notes: Notes) -> None:
    """The guides' profiles say nothing that a key in the environment does not say: they go. Logins of a person stay."""
    found = inside(tree, ("auth", "profiles"))
    providers = {kind.provider for kind in KINDS if kind.provider}
    for name, profile in list(found.items()) if isinstance(found, dict) else []:
        empty = isinstance(profile, dict) and set(profile) <= {"mode", "provider"}
        if (
            empty
            and profile.get("mode") == "token"
            and name == f"{profile.get('provider')}:default"
            and profile["provider"] in providers
        ):
            found.pop(name)
            why = _("It has no effect: the provider's key comes from the machine's environment.")
            notes.append(Migration("auth-profile-gone", why, f"auth.profiles.{name}", name, _("taken out")))
    if found == {}:
        tree["auth"].pop("profiles")
    if tree.get("auth") == {}:
        tree.pop("auth")


def plugin_entries(tree: Json, notes: Notes) -> None:
    """A channel that is a plugin starts only with an entry among the plugins."""
    for channel in PLUGINS:
        section = inside(tree, ("channels", channel))
        if not isinstance(section, dict) or section.get("enabled") is False:
            continue
        path = ("plugins", "entries", channel, "enabled")
        if inside(tree, path) is None and put(tree, path, True):
            why = _(
                "It is a plugin since 2026.5 and does not start without this line, though nothing says so."
            )
            notes.append(Migration("plugin-entry", why, dotted(path), "", "true"))


def models(tree: Json, notes: Notes, version: str) -> None:
    """Models that were renamed or are gone."""
    places: list[Path] = []
    for path in [*owners(tree, ("agents", "defaults")), *owners(tree, ("agents", "entries", "*"))]:
        for key in _MODEL_KEYS:
            places += [(*path, key), *((*path, inner, key) for inner in _IN_SECTIONS)]
    for path in places:
        value = inside(tree, path)
        if isinstance(value, str):
            put(tree, path, _newer(value, path, notes, version))
        elif isinstance(value, dict):
            _in_choice(value, path, notes, version)
    for path in [
        *owners(tree, ("agents", "defaults", "models")),
        *owners(tree, ("agents", "entries", "*", "models")),
    ]:
        table = inside(tree, path)
        if isinstance(table, dict):
            fresh: Json = {}
            for ref, one in table.items():
                fresh.setdefault(_newer(ref, (*path, ref), notes, version), one)
            put(tree, path, fresh)


def _in_choice(value: Json, path: Path, notes: Notes, version: str) -> None:
    if isinstance(value.get("primary"), str):
        value["primary"] = _newer(value["primary"], (*path, "primary"), notes, version)
    if isinstance(value.get("fallbacks"), list):
        fresh: list[Any] = []
        for index, ref in enumerate(value["fallbacks"]):
            now = (
                _newer(ref, (*path, "fallbacks", str(index)), notes, version) if isinstance(ref, str) else ref
            )
            if now == ref or now not in (*fresh, value.get("primary")):  # two old ones may have become one
                fresh.append(now)
        value["fallbacks"] = fresh


def _newer(ref: str, path: Path, notes: Notes, version: str) -> str:
    now = replacement(ref, version)
    if not now:
        return ref
    why = _("The provider, or OpenClaw, has replaced this model.")
    notes.append(Migration("model-replaced", why, dotted(path), ref, now))
    return now


def for_fly(tree: Json, notes: Notes) -> None:
    """Without these a gateway on Fly.io starts, but cannot be looked after, or undoes the file."""
    needed: tuple[tuple[Path, Any, str], ...] = (
        (("gateway", "mode"), "local", _("The gateway refuses to start without it.")),
        (("gateway", "port"), PORT, _("Without it no “openclaw” command in the machine finds the gateway.")),
        (("meta",), {}, _("Without it OpenClaw restores the file that it had before, at its next start.")),
    )
    for path, value, why in needed:
        if inside(tree, path) is None and put(tree, path, value):
            notes.append(Migration("needed-line", why, dotted(path), "", str(value) if value else "{}"))

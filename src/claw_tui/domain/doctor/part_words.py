"""What a fix mends, for a person: the parts of fly.toml and the settings of openclaw.json by which a choice names them."""

from __future__ import annotations

from collections.abc import Iterable

from claw_tui.i18n import _, n_

# Of a deploy. What is called by its own name in fly.toml stays so.
_DEPLOYED = {
    "all": n_("port, volume, start command, variables and size"), "service": n_("its service and health check"),
    "command": n_("start command"), "wanted": n_("start command"), "memory": n_("memory"), "heap": "NODE_OPTIONS",
    "mount": n_("volume"), "state": "OPENCLAW_STATE_DIR", "image": n_("version"), "rescue": n_("out of rescue"),
}  # fmt: skip
# Of openclaw.json, as they stand there.
_SETTINGS = {
    "port": "gateway.port", "proxies": "gateway.trustedProxies", "origins": "gateway.controlUi.allowedOrigins",
    "plugins": "plugins.entries", "auth": "gateway.auth", "token": "gateway.auth.token", "channels": "channels",
    "model": "agents.defaults.model",
}  # fmt: skip


def deployed_words(parts: Iterable[str]) -> str:
    """A port that stays as it is, is not mended."""
    names = [part.partition("=")[0] for part in parts]
    return ", ".join(dict.fromkeys(_(_DEPLOYED.get(name, name)) for name in names if name != "port")) or _(
        "out of rescue"
    )


def settings_words(parts: Iterable[str]) -> str:
    return ", ".join(map(_setting, parts))


def _setting(part: str) -> str:
    name, _sep, value = part.partition("=")
    if name == "again":
        return _("{name} comes back").format(name=value)
    return _SETTINGS.get(name, name)

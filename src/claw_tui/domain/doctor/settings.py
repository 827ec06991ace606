"""Single settings of somebody's openclaw.json, mended; all else in it stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from claw_tui.domain.channel_config import from_env, slack_section, telegram_section
from claw_tui.domain.gateway_config import FLY_PROXY_RANGE, Json, allowed_origins, public_origin
from claw_tui.domain.layout import steady_port
from claw_tui.domain.openclaw.notes import each_once, list_in, object_in
from claw_tui.domain.secret_kinds import DISCORD, GATEWAY_TOKEN, is_gateway_token
from claw_tui.domain.spec import PORT, SlackSpec, Spec, TelegramSpec
from claw_tui.domain.world import World

Mend = Callable[[Json, str, Spec, World], Json]


def mended(tree: Json, parts: Iterable[str], spec: Spec, world: World) -> Json:
    """``parts`` are the words behind «settings:» of the fixes."""
    for part in parts:
        name, _sep, about = part.partition("=")
        if name in _MENDS:
            tree = _MENDS[name](tree, about, spec, world)
    return {**tree, "meta": tree.get("meta", {})}


def bare(spec: Spec, world: World) -> Json:
    """What every gateway on Fly.io needs."""
    found: Json = {"gateway": {"mode": "local", "bind": "lan", "port": steady_port(world.machine)}}
    return mended(found, ("token", "proxies", "origins"), spec, world)


def _with(tree: Json, **changes: Any) -> Json:
    return {**tree, "gateway": {**object_in(tree, "gateway"), **changes}}


def _port(tree: Json, about: str, _spec: Spec, _world: World) -> Json:
    return _with(
        tree,
        port=int(about) if about.isdigit() else PORT,
        mode=object_in(tree, "gateway").get("mode") or "local",
    )


def _proxies(tree: Json, about: str, _spec: Spec, world: World) -> Json:
    there = list_in(object_in(tree, "gateway"), "trustedProxies")
    own = sorted(ip.address for ip in world.public_ips)
    named = [address for address in about.split(",") if address and not address.startswith("172.16.")]
    return _with(tree, trustedProxies=each_once([FLY_PROXY_RANGE, *own, *there, *named]))


def _origins(tree: Json, _about: str, spec: Spec, _world: World) -> Json:
    gateway = object_in(tree, "gateway")
    control = object_in(gateway, "controlUi")
    own = [gateway["publicOrigin"]] if gateway.get("publicOrigin") else []
    origins = each_once([*allowed_origins(spec), *own, *list_in(control, "allowedOrigins")])
    changes: dict[str, Any] = {"controlUi": {**control, "allowedOrigins": origins}}
    if not own and public_origin(spec):
        changes["publicOrigin"] = public_origin(spec)
    return _with(tree, **changes)


def _plugins(tree: Json, about: str, _spec: Spec, _world: World) -> Json:
    plugins = object_in(tree, "plugins")
    entries = object_in(plugins, "entries")
    for name in filter(None, about.split(",")):
        entries = {**entries, name: {**object_in(entries, name), "enabled": True}}
    return {**tree, "plugins": {**plugins, "entries": entries}}


def _auth(tree: Json, _about: str, _spec: Spec, world: World) -> Json:
    auth = {
        key: value
        for key, value in object_in(object_in(tree, "gateway"), "auth").items()
        if key != "trustedProxy"
    }
    return _with(tree, auth={**auth, "mode": "token", "token": from_env(_token_name(world))})


def _token(tree: Json, _about: str, _spec: Spec, world: World) -> Json:
    auth = object_in(object_in(tree, "gateway"), "auth")
    return _with(tree, auth={**auth, "mode": "token", "token": from_env(_token_name(world))})


def _token_name(world: World) -> str:
    """The secret that is set, under its name of today or an earlier one."""
    names = [info.name for info in world.secrets if is_gateway_token(info.name)]
    return GATEWAY_TOKEN if GATEWAY_TOKEN in names or not names else names[0]


def _channels(tree: Json, about: str, spec: Spec, world: World) -> Json:
    """As careful as can be: a pairing for who writes privately, nobody in groups."""
    new: dict[str, Json] = {
        "discord": {"enabled": True, "token": from_env(DISCORD), "dmPolicy": "pairing", "groupPolicy": "allowlist"},
        "telegram": telegram_section(TelegramSpec(enabled=True)), "slack": slack_section(SlackSpec(enabled=True)),
    }  # fmt: skip
    names = [name for name in about.split(",") if name in new]
    channels = {**object_in(tree, "channels"), **{name: new[name] for name in names}}
    plugins = ",".join(name for name in names if name != "telegram")
    return _plugins({**tree, "channels": channels}, plugins, spec, world)


def _model(tree: Json, about: str, _spec: Spec, _world: World) -> Json:
    agents = object_in(tree, "agents")
    defaults = object_in(agents, "defaults")
    model = {**object_in(defaults, "model"), "primary": about}
    return {**tree, "agents": {**agents, "defaults": {**defaults, "model": model}}}


_MENDS: dict[str, Mend] = {
    "port": _port, "proxies": _proxies, "origins": _origins, "plugins": _plugins, "auth": _auth, "token": _token,
    "channels": _channels, "model": _model,
}  # fmt: skip

"""What the form of the file does not show: parts that do not fit each other, and what will not work although it is taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from claw_tui.domain.model_catalogue import known, replacement
from claw_tui.domain.openclaw.agents_move import ROLES
from claw_tui.domain.openclaw.channels import PLUGINS, Channels
from claw_tui.domain.openclaw.config import Config, Model
from claw_tui.domain.openclaw.lift import holds_secret
from claw_tui.domain.openclaw.notes import dotted, object_in
from claw_tui.domain.openclaw.phone_checks import phone_problems
from claw_tui.domain.openclaw.problems import Problem, shape_problems
from claw_tui.domain.openclaw.shapes import names_at
from claw_tui.domain.secret_kinds import KINDS, providers_of
from claw_tui.domain.spec import PINNED_VERSION
from claw_tui.i18n import _

Found = Iterator[Problem]
_NO_CHANNEL = ("defaults", "modelByChannel")


def problems(
    config: Config, version: str = PINNED_VERSION, secret_names: Iterable[str] | None = None
) -> list[Problem]:
    """All that is wrong, what OpenClaw refuses first. ``secret_names``: the variables that the gateway will have."""
    tree = config.write()
    found = shape_problems(tree, version)
    parts: tuple[Callable[[Config], Found], ...] = (
        _agents,
        _roles,
        _bindings,
        _gateway,
        _needed,
        _direct,
        _plugins,
        phone_problems,
    )
    for part in parts:
        found += part(config)
    found += _channel_names(config, version)
    found += _models(config, version, secret_names)
    found += _channels(config.channels or Channels())
    found += _keys_in_texts(tree, ())
    return sorted(dict.fromkeys(found), key=lambda problem: not problem.refused)


def _keys_in_texts(node: Any, path: tuple[str, ...]) -> Found:
    """Keys that stand in the file, or in the middle of a text of it."""
    if isinstance(node, dict | list):
        for key, inside in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _keys_in_texts(inside, (*path, str(key)))
    elif isinstance(node, str) and holds_secret(node):
        words = _("It looks like a key: whoever sees the file can read it.")
        fix = _("Take it out of the file, and name a variable instead: ${NAME}.")
        yield Problem(dotted(path), words, fix, refused=False)


def _agents(config: Config) -> Found:
    agents = config.agents
    entries = (agents.entries if agents else None) or {}
    marked = [id_ for id_, agent in entries.items() if agent.default]
    if agents and agents.ownership == "explicit" and not entries:
        words = _("It is said that bindings decide who answers, but there is no agent.")
        yield Problem("agents.entries", words, _("Name one, e.g. “main”: {}."))
    if len(entries) > 1 and agents and agents.ownership != "explicit" and len(marked) != 1:
        words = _("With several agents it must be said that bindings decide who answers.")
        yield Problem(
            "agents.ownership", words, _("Add “ownership”: “explicit”, and a binding for each channel.")
        )
    if len(entries) > 1 and agents and agents.ownership == "explicit":
        bound = {b.match.channel for b in config.bindings or () if b.match}
        for name in _switched_on(config):
            if name not in bound:
                words = _(
                    "There are several agents, and none is bound to this channel: nobody answers there."
                )
                yield Problem(f"channels.{name}", words, _("Add a binding for it."), refused=False)


def _roles(config: Config) -> Found:
    """Whose the heartbeat and OpenClaw's own work are."""
    agents = config.agents
    for role in ROLES:
        section = agents.defaults.extra.get(role) if agents and agents.defaults else None
        agent = section.get("agentId") if isinstance(section, dict) else None
        if isinstance(agent, str):
            yield from _agent_there(config, f"agents.defaults.{role}.agentId", agent)


def _agent_there(config: Config, path: str, agent: str) -> Found:
    """OpenClaw takes ids in any case, and has "main" where none is named."""
    entries = tuple((config.agents.entries if config.agents else None) or ("main",))
    if agent.strip() and agent.strip().lower() not in {id_.lower() for id_ in entries}:
        words = _("There is no agent “{agent}”.").format(agent=agent)
        yield Problem(path, words, _("One of: {choices}.").format(choices=", ".join(entries)))


def _bindings(config: Config) -> Found:
    for index, binding in enumerate(config.bindings or ()):
        yield from _agent_there(config, f"bindings.{index}.agentId", binding.agent_id or "")
        channel = binding.match.channel if binding.match else None
        if channel and channel != "*" and channel not in _channel_ids(config):
            words = _("This channel is not set up here: the binding does nothing.")
            yield Problem(
                f"bindings.{index}.match.channel",
                words,
                _("Set the channel up, or take it out."),
                refused=False,
            )


def _channel_ids(config: Config) -> tuple[str, ...]:
    if config.channels is None:
        return ()
    return tuple(name for name in config.channels.write() if name not in _NO_CHANNEL)


def _switched_on(config: Config) -> tuple[str, ...]:
    channels: Any = config.channels.write() if config.channels else {}
    return tuple(
        name for name in _channel_ids(config)
        if isinstance(channels[name], dict) and channels[name].get("enabled") is not False
    )  # fmt: skip


def _channel_names(config: Config, version: str) -> Found:
    """OpenClaw refuses a channel that neither it nor an entry among the plugins has."""
    ids = names_at(("channels",), version)
    entries = (config.plugins.entries if config.plugins else None) or {}
    for name in _channel_ids(config):
        if name not in ids and name not in entries:
            words = _("OpenClaw {version} has no channel of this name.").format(version=version)
            yield Problem(f"channels.{name}", words, _("See whether it is spelled right, or take it out."))


def _gateway(config: Config) -> Found:
    gateway = config.gateway
    if gateway is None:
        return
    mode = gateway.tailscale.mode if gateway.tailscale else None
    loopback = gateway.bind in (None, "auto", "loopback") or (
        gateway.bind == "custom" and gateway.custom_bind_host in ("127.0.0.1", "localhost")
    )
    if mode in ("serve", "funnel") and not loopback:
        words = _("Tailscale's {mode} needs a gateway that listens on loopback only.").format(mode=mode)
        yield Problem(
            "gateway.bind", words, _("Write “loopback”, or switch Tailscale's {mode} off.").format(mode=mode)
        )
    auth = gateway.auth
    if mode == "funnel" and auth and auth.mode not in (None, "password"):
        words = _("Tailscale's funnel is open to everybody, so OpenClaw wants a password for it.")
        yield Problem("gateway.auth.mode", words, _("Write “password”."), refused=False)
    if auth and auth.mode == "none" and gateway.bind not in (None, "loopback"):
        words = _("Without a token or a password the gateway does not start: everybody could use it.")
        yield Problem("gateway.auth.mode", words, _("Write “token”."), refused=False)
    ui = gateway.control_ui
    if gateway.public_origin and ui and gateway.public_origin not in (ui.allowed_origins or ()):
        words = _("The web page will not open from the gateway's own address.")
        fix = _("Add {origin}.").format(origin=gateway.public_origin)
        yield Problem("gateway.controlUi.allowedOrigins", words, fix, refused=False)


def _needed(config: Config) -> Found:
    gateway = config.gateway
    if gateway is None or (gateway.mode is None and "mode" not in gateway.extra):
        words = _("The gateway refuses to start without it.")
        yield Problem("gateway.mode", words, _("Write “local”."), refused=False)
    if gateway is None or (gateway.port is None and "port" not in gateway.extra):
        words = _("Without it no “openclaw” command in the machine finds the gateway.")
        yield Problem("gateway.port", words, _("Write 3000."), refused=False)
    if config.meta is None and "meta" not in config.extra:
        words = _("Without it OpenClaw restores the file that it had before, at its next start.")
        yield Problem("meta", words, _("Write {}."), refused=False)


def _direct(config: Config) -> Found:
    """Who may write privately."""
    channels: Any = config.channels.write() if config.channels else {}
    for name in _switched_on(config):
        policy, people = channels[name].get("dmPolicy"), channels[name].get("allowFrom") or []
        path = f"channels.{name}.allowFrom"
        if policy == "open" and "*" not in people:
            words = _("“open” lets nobody in unless everybody is on the list.")
            yield Problem(path, words, _("Add “*”, or choose “pairing”."), refused=False)
        if policy == "allowlist" and not people:
            words = _("Nobody is on the list of those who may write: all private messages are dropped.")
            yield Problem(path, words, _("Add ids of people, or choose “pairing”."), refused=False)


def _plugins(config: Config) -> Found:
    entries = (config.plugins.entries if config.plugins else None) or {}
    for name in PLUGINS:
        if name in _switched_on(config) and not (name in entries and entries[name].enabled):
            words = _("The channel is a plugin, and it does not start: nothing switches it on.")
            fix = _("Add “enabled”: true here.")
            yield Problem(f"plugins.entries.{name}.enabled", words, fix, refused=False)


def _channels(channels: Channels) -> Found:
    slack, discord, signal = channels.slack, channels.discord, channels.signal
    if (
        slack
        and slack.enabled is not False
        and slack.mode == "http"
        and not slack.signing_secret
        and not slack.accounts
    ):
        words = _("By HTTP Slack's messages are signed: it needs the signing secret.")
        fix = _("Give it, or use the socket mode.")
        yield Problem("channels.slack.signingSecret", words, fix, refused=False)
    telegram = channels.telegram
    if telegram and telegram.webhook_url and not telegram.webhook_secret:
        words = _("A webhook needs a secret, so that only Telegram can use it.")
        yield Problem(
            "channels.telegram.webhookSecret", words, _("Add one, or take the webhook out."), refused=False
        )
    if signal and signal.enabled is not False and not signal.account and not signal.accounts:
        words = _("It needs the number of your Signal account.")
        yield Problem("channels.signal.account", words, _("Write it with + and country code."), refused=False)
    for guild in (discord.guilds or {}) if discord else {}:
        if not re.fullmatch(r"\d{5,25}|\*", guild):
            words = _("This is no server's number: names change, and can't be looked up.")
            fix = _("Write the server's number (Discord: developer mode, copy id).")
            yield Problem(f"channels.discord.guilds.{guild}", words, fix, refused=False)


def _choices(config: Config) -> Iterator[tuple[str, Model]]:
    agents = config.agents
    if agents and agents.defaults and agents.defaults.model:
        yield "agents.defaults.model", agents.defaults.model
    for id_, agent in ((agents.entries if agents else None) or {}).items():
        if agent.model:
            yield f"agents.entries.{id_}.model", agent.model


def _models(config: Config, version: str, secret_names: Iterable[str] | None) -> Found:
    aliases = {str(one.get("alias")) for one in _table(config).values() if isinstance(one, dict)}
    own = set(object_in(object_in(config.extra, "models"), "providers"))
    opened = None if secret_names is None else {*providers_of(secret_names), *own}
    listed = {kind.provider for kind in KINDS if kind.provider}
    any_ = False
    for path, choice in _choices(config):
        any_ = True
        for ref in (choice.primary, *(choice.fallbacks or ())):
            if ref and ref not in aliases:
                yield from _model(ref, path, version, opened, listed)
    if not any_:
        words = _("No model is chosen: OpenClaw takes its own default, for which you may have no key.")
        yield Problem("agents.defaults.model", words, _("Write “primary”: “provider/model”."), refused=False)


def _table(config: Config) -> dict[str, Any]:
    defaults = config.agents.defaults if config.agents else None
    return dict(defaults.models or {}) if defaults else {}


def _model(ref: str, path: str, version: str, opened: set[str] | None, listed: set[str]) -> Found:
    provider, sep, name = ref.partition("/")
    if not sep or not name:
        words = _("“{ref}” is neither a model nor a short name that the file gives one.").format(ref=ref)
        yield Problem(
            path, words, _("A model is written provider/name, e.g. anthropic/claude-opus-5."), refused=False
        )
        return
    better = replacement(ref, version)
    if better:
        words = _("{ref} was replaced.").format(ref=ref)
        yield Problem(path, words, _("Write {better}.").format(better=better), refused=False)
    elif not known(ref, version) and provider in ("anthropic", "openai", "google", "xai"):
        words = _("OpenClaw {version} was not shipped with {ref}; it may still work.").format(
            version=version, ref=ref
        )
        yield Problem(path, words, _("See whether it is spelled right."), refused=False)
    if opened is not None and provider in listed and provider not in opened:
        words = _("There is no key for {provider}.").format(provider=provider)
        yield Problem(
            path, words, _("Give it on the Secrets screen, or choose another model."), refused=False
        )

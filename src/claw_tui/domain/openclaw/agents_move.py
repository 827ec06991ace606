"""Agents: January's list became a table with ids, and whose the rest is must be said once there are several."""

from __future__ import annotations

import re
from typing import Any

from claw_tui.domain.openclaw.notes import Json, Migration, inside, put
from claw_tui.i18n import _

_DEFAULT = "default"
ROLES = ("heartbeat", "systemAgent")  # what one of several agents does for the whole gateway


def _agents(tree: Json) -> Json:
    agents = tree.get("agents")
    return agents if isinstance(agents, dict) else {}


def agent_list(tree: Json, notes: list[Migration]) -> None:
    """``agents.list``, Clawdbot's ``routing.agents`` and ``identity`` become ``agents.entries``."""
    _routing_agents(tree, notes)
    agents = _agents(tree)
    listed = agents.get("list")
    if isinstance(listed, list) and all(isinstance(one, dict) for one in listed):
        entries = agents.get("entries") if isinstance(agents.get("entries"), dict) else {}
        assert isinstance(entries, dict)
        for one in listed:
            id_ = (
                _free(_id(one.get("id")), entries)
                if _id(one.get("id")) not in entries or not agents.get("entries")
                else ""
            )
            if id_:
                entries[id_] = {key: value for key, value in one.items() if key != "id"}
        agents.pop("list")
        agents["entries"] = entries
        why = _("Agents stand under their ids since 2026.5; a list is refused beside them.")
        notes.append(Migration("agents-list-to-entries", why, "agents.list", "agents.list", "agents.entries"))
    _identity(tree, notes)


def _routing_agents(tree: Json, notes: list[Migration]) -> None:
    routing = tree.get("routing")
    old = routing.get("agents") if isinstance(routing, dict) else None
    if not isinstance(routing, dict) or not isinstance(old, dict) or _agents(tree).get("list"):
        return
    first = routing.pop("defaultAgentId", None)
    entries = {_id(key): dict(one) for key, one in old.items() if isinstance(one, dict)}
    if isinstance(first, str) and _id(first) in entries:
        entries[_id(first)][_DEFAULT] = True
    if put(tree, ("agents", "entries"), entries):
        routing.pop("agents")
        why = _("Agents stand under their ids now.")
        notes.append(
            Migration("agents-list-to-entries", why, "routing.agents", "routing.agents", "agents.entries")
        )
    if not routing:
        tree.pop("routing")


def _identity(tree: Json, notes: list[Migration]) -> None:
    if not isinstance(tree.get("identity"), dict):
        return
    entries = inside(tree, ("agents", "entries"))
    id_ = default_of(tree) or (next(iter(entries)) if isinstance(entries, dict) and entries else "main")
    if inside(tree, ("agents", "entries", id_, "identity")) is None and put(
        tree, ("agents", "entries", id_, "identity"), tree["identity"]
    ):
        tree.pop("identity")
        why = _("Who the agent is belongs to the agent.")
        after = f"agents.entries.{id_}.identity"
        notes.append(Migration("identity-to-agent", why, "identity", "identity", after))


def _id(value: Any) -> str:
    """As OpenClaw makes ids of what people wrote."""
    text = re.sub(r"[^a-z0-9_-]+", "-", str(value or "agent").strip().lower()).lstrip("-")[:64].rstrip("-")
    return text or "agent"


def _free(id_: str, entries: Json) -> str:
    name, count = id_, 2
    while name in entries:
        name, count = f"{id_}-{count}", count + 1
    return name


def default_of(tree: Json) -> str:
    """The agent that is marked as the default one, or the only one, or (as January took it) the first one."""
    entries = _agents(tree).get("entries")
    if not isinstance(entries, dict) or not entries:
        return ""
    marked = [id_ for id_, one in entries.items() if isinstance(one, dict) and one.get(_DEFAULT) is True]
    return str(marked[0] if marked else next(iter(entries)))


def owners_said(tree: Json, notes: list[Migration]) -> None:
    """With several agents the default one is said by bindings, not by a mark."""
    agents = _agents(tree)
    entries = agents.get("entries")
    if not isinstance(entries, dict) or not all(isinstance(one, dict) for one in entries.values()):
        return
    first = default_of(tree)
    marked = [id_ for id_, one in entries.items() if _DEFAULT in one]
    for id_ in marked:
        entries[id_].pop(_DEFAULT)
        why = _(
            "There is no mark any more: one agent is the default, and several are told apart by bindings."
        )
        path = f"agents.entries.{id_}.default"
        notes.append(Migration("default-mark-gone", why, path, "default", _("taken out")))
    if len(entries) > 1 and agents.get("ownership") != "explicit":
        agents["ownership"] = "explicit"
        why = _("OpenClaw refuses several agents unless it is said that bindings decide.")
        notes.append(Migration("ownership-said", why, "agents.ownership", "", "explicit"))
        _give_all_to(tree, first, notes)


def _give_all_to(tree: Json, agent: str, notes: list[Migration]) -> None:
    """What was the default agent's by itself is said now: the channels, the heartbeat, and OpenClaw's own work."""
    defaults = _agents(tree).setdefault("defaults", {})
    why = _("It was the default agent's by itself; now it must be said.")
    workspace = defaults.get("workspace") if isinstance(defaults, dict) else None
    if workspace and not inside(tree, ("agents", "entries", agent, "workspace")):
        put(tree, ("agents", "entries", agent, "workspace"), workspace)
        notes.append(Migration("owner-said", why, f"agents.entries.{agent}.workspace", "", str(workspace)))
    for role in ROLES:
        own = role == "heartbeat" and any("heartbeat" in one for one in _agents(tree)["entries"].values())
        if (
            not own
            and inside(defaults, (role, "agentId")) is None
            and put(defaults, (role, "agentId"), agent)
        ):
            notes.append(Migration("owner-said", why, f"agents.defaults.{role}.agentId", "", agent))
    bindings = tree.get("bindings")
    if bindings is None:
        bindings = tree["bindings"] = []
    channels = tree.get("channels")
    if not isinstance(bindings, list) or not isinstance(channels, dict):
        return
    for channel, one in channels.items():
        on = isinstance(one, dict) and one.get("enabled") is not False
        if (
            on
            and channel not in ("defaults", "modelByChannel")
            and not any(_whole(b, channel) for b in bindings)
        ):
            bindings.append(
                {"type": "route", "agentId": agent, "match": {"channel": channel, "accountId": "*"}}
            )
            notes.append(Migration("owner-said", why, "bindings", "", f"{channel} → {agent}"))


def _whole(binding: Any, channel: str) -> bool:
    """Whether it binds all of a channel."""
    match = binding.get("match") if isinstance(binding, dict) else None
    if not isinstance(match, dict) or match.get("channel") != channel:
        return False
    return match.get("accountId") == "*" and not any(
        key in match for key in ("peer", "guildId", "teamId", "roles")
    )

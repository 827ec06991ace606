"""The file as somebody typed it: what is wrong with it and in which line, and the answers that it stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from claw_tui.domain.gateway_config import build_config, config_text
from claw_tui.domain.openclaw import json5
from claw_tui.domain.openclaw.changes import Change, changes
from claw_tui.domain.openclaw.checks import problems
from claw_tui.domain.openclaw.config import Config
from claw_tui.domain.openclaw.lift import Given
from claw_tui.domain.openclaw.migrate import take_over
from claw_tui.domain.openclaw.notes import Json, Migration, dotted
from claw_tui.domain.openclaw.problems import ROOT, Problem, shape_problems
from claw_tui.domain.openclaw.spec_of import spec_of_config
from claw_tui.domain.parse import TooDeep
from claw_tui.domain.spec import ChannelSpec, GatewaySpec, GuildSpec, Named, Spec
from claw_tui.domain.wanted_config import wanted_config
from claw_tui.i18n import _

Place = TypeVar("Place", GuildSpec, ChannelSpec)


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, and the line (from 1) of the text that it is about."""

    line: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class Edit:
    """What a typed file comes to. ``back``: what the other answers (address, port, privacy) set otherwise
    (what they only add is not named: it is seen).
    """

    gateway: GatewaySpec
    notes: tuple[Migration, ...]
    secrets: Given
    back: tuple[Change, ...]
    refused: tuple[Problem, ...]


def findings(text: str, version: str, secret_names: Iterable[str] | None = None) -> list[Finding]:
    """What is wrong, from the top; a file that can't be read has one problem."""
    try:
        tree, places = json5.read(text), json5.places(text)
    except json5.Unreadable as error:
        fix = _("Mend it there: nothing else can be looked at before.")
        return [Finding(error.line, Problem(ROOT, error.why, fix))]
    except TooDeep:
        return [Finding(1, Problem(ROOT, _("There are too many brackets in brackets."), _("Take some out.")))]
    found = (
        problems(Config.read(tree), version, secret_names)
        if isinstance(tree, dict)
        else shape_problems(tree, version)
    )
    lines = {dotted(path): line for path, (line, _column) in places.items()}
    return sorted(
        (Finding(_line_of(problem.path, lines), problem) for problem in found),
        key=lambda finding: (finding.line, not finding.problem.refused),
    )


def _line_of(path: str, lines: dict[str, int]) -> int:
    """Of the place itself, or of what it is missing from."""
    while path and path not in lines:
        path = path.rpartition(".")[0]
    return lines.get(path, 1)


def edit_of(text: str, spec: Spec, addresses: tuple[str, ...] = ()) -> Edit:
    """Take over what was typed: older names become today's, secrets go out of it. Raises ValueError."""
    taken = take_over(text, spec.version)
    config = taken.config.write()
    gateway = _with_names(spec_of_config(taken.config), spec.gateway)
    gateway = replace(gateway, base=_base(config, replace(spec, gateway=gateway), addresses))
    wish = replace(spec, gateway=gateway)
    back = tuple(change for change in changes(config, wanted_config(wish, addresses)) if _is_back(change))
    names = (*spec.secret_names, *(name for name, _secret in taken.secrets))
    refused = tuple(p for p in problems(taken.config, spec.version, names) if p.refused)
    return Edit(gateway, taken.notes, taken.secrets, back, refused)


def _is_back(change: Change) -> bool:
    """Not what is only added, nor a model that is written at more length."""
    return bool(change.before) and change.after != f'{{"primary": {change.before}}}'


def _base(config: Json, spec: Spec, addresses: tuple[str, ...]) -> str:
    """Nothing, when the answers alone say it all."""
    built = build_config(spec, addresses)
    return "" if not list(changes(built, config)) else config_text(config)


def _with_names(gateway: GatewaySpec, known: GatewaySpec) -> GatewaySpec:
    """The file has numbers only: the names that are known for them stay."""
    names: dict[str, str] = {}
    for guild in known.discord.guilds:
        names[guild.id] = guild.name
        names.update({channel.id: channel.name for channel in guild.channels})
        for channel in guild.channels:
            names.update({one.id: one.name for one in (*channel.users, *channel.roles)})
        names.update({one.id: one.name for one in (*guild.users, *guild.roles)})
    guilds = tuple(_named_guild(guild, names) for guild in gateway.discord.guilds)
    return replace(gateway, discord=replace(gateway.discord, guilds=guilds))


def _named_guild(guild: GuildSpec, names: dict[str, str]) -> GuildSpec:
    channels = tuple(_named(channel, names) for channel in guild.channels)
    return replace(_named(guild, names), channels=channels)


def _named(place: Place, names: dict[str, str]) -> Place:
    def known(people: tuple[Named, ...]) -> tuple[Named, ...]:
        return tuple(replace(one, name=names.get(one.id) or one.name) for one in people)

    name = names.get(place.id) or place.name
    return replace(place, name=name, users=known(place.users), roles=known(place.roles))

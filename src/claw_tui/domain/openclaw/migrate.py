"""From what a person has (any version since Clawdbot) to the openclaw.json of the pinned version.

Text in, a typed file out, with a note for every change and the secrets that stood in it. What nobody here knows is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from claw_tui.domain.openclaw import json5
from claw_tui.domain.openclaw.agents_move import agent_list, owners_said
from claw_tui.domain.openclaw.config import Config
from claw_tui.domain.openclaw.lift import Given, lift
from claw_tui.domain.openclaw.moves import clawdbot_names, drops, moves
from claw_tui.domain.openclaw.notes import Json, Migration
from claw_tui.domain.openclaw.values import (
    allow_words,
    binds,
    environment,
    for_fly,
    models,
    peers,
    plugin_entries,
    profiles,
    signal_transport,
)
from claw_tui.domain.spec import PINNED_VERSION
from claw_tui.i18n import _

Notes = list[Migration]
Step = Callable[[Json, Notes], None]


class NotAConfig(ValueError):
    """It can be read, but is no object with settings."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A file as the pinned version wants it; ``secrets`` are to be kept and sent, they are in it no more."""

    config: Config
    notes: tuple[Migration, ...]
    secrets: Given


def take_over(text: str, version: str = PINNED_VERSION, *, fly: bool = True) -> TakenOver:
    """Read openclaw.json, clawdbot.json or moltbot.json. Raises ValueError (json5.Unreadable says where).

    ``fly``: what every gateway of this program needs is added (its port, its mode, ``meta``).
    """
    tree = json5.read(text.removeprefix("\ufeff"))
    if not isinstance(tree, dict):
        raise NotAConfig(_("It is no object: openclaw.json begins with a curly bracket."))
    notes: Notes = []
    if not json5.is_plain(text):
        why = _("OpenClaw does the same whenever it writes the file: it reads JSON5, and writes JSON.")
        notes.append(Migration("json5-to-json", why, "", _("comments, loose commas, bare names"), _("JSON")))
    sooner: tuple[Step, ...] = (clawdbot_names, moves, drops, agent_list)
    for step in sooner:
        step(tree, notes)
    tree, secrets, lifted = lift(tree)
    notes += lifted
    later: tuple[Step, ...] = (
        environment, owners_said, allow_words, peers, binds, signal_transport, profiles, plugin_entries,
    )  # fmt: skip
    for step in later:
        step(tree, notes)
    models(tree, notes, version)
    if fly:
        for_fly(tree, notes)
    return TakenOver(Config.read(tree), tuple(notes), secrets)

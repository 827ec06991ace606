"""Secrets that come with a command: each variable and each descriptor is read once."""

from __future__ import annotations

import os
from collections.abc import Mapping

from claw_tui.domain.answers_reader import Source
from claw_tui.domain.errors import BadInput, StoreError
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import kind_of, shape_problem
from claw_tui.engine.given import Given
from claw_tui.i18n import _

MOST_BYTES = 1 << 16


def read_given(sources: Mapping[str, Source]) -> Given:
    """Raises StoreError for what is not there, BadInput for what is no secret."""
    found: dict[Source, Secret] = {}
    values = {}
    for name, source in sources.items():
        if source.place not in ("env", "fd"):
            continue
        if source not in found:
            found[source] = read_source(name, source)
        if problem := shape_problem(kind_of(name), found[source], insists=True):
            raise BadInput(f"{name} ({source}): {problem}", hint=_("Give another one there."))
        values[name] = found[source]
    return Given(values, tuple(name for name, source in sources.items() if source.place == "keep"))


def read_source(name: str, source: Source) -> Secret:
    """Raises StoreError."""
    value = (
        _read_descriptor(int(source.name), name) if source.place == "fd" else os.environ.get(source.name, "")
    )
    if not value:
        words = _("{source}, where {name} should be, is empty or not there.").format(name=name, source=source)
        raise StoreError(words, hint=_("Give it there, or name another place."))
    return Secret(value)


def _read_descriptor(number: int, name: str) -> str:
    """All of it, without the line break at its end."""
    try:
        with os.fdopen(number, "rb") as file:
            return file.read(MOST_BYTES).decode().removesuffix("\n").removesuffix("\r")
    except (OSError, ValueError) as error:
        words = _("Nothing can be read from descriptor {number}, where {name} should be.").format(
            name=name, number=number
        )
        raise StoreError(
            words, hint=_("Open it for claw-tui, e.g. {number}< FILE").format(number=number)
        ) from error

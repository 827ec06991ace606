"""Reading a file of answers that a person wrote: what is wrong is named with its line, and a secret in it is refused."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from functools import cache
from types import NoneType
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from claw_tui.domain import names
from claw_tui.domain.answers_writer import SCHEMA
from claw_tui.domain.discord_ids import wrong_ids
from claw_tui.domain.errors import BadInput
from claw_tui.domain.parse import toml_of
from claw_tui.domain.secret_kinds import LOOKS_RANDOM, OWN_NAME, name_problem, whose
from claw_tui.domain.spec import GatewaySpec, Spec
from claw_tui.domain.toml_places import Path, line_of, places
from claw_tui.i18n import _, n_

VM_SIZE = re.compile(r"(?:shared-cpu|performance)-[1-9]\d?x")
WORD = re.compile(r"(?:[a-z0-9][a-z0-9-]{0,62})?")
Place = Literal["store", "keep", "env", "fd"]
_KINDS = {
    bool: n_("true or false"),
    int: n_("a whole number"),
    str: n_("a text in quotes"),
    dict: n_("a table"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a secret's value is: claw-tui's place for them, Fly.io, a variable, or a file descriptor."""

    place: Place = "store"
    name: str = ""

    def __str__(self) -> str:
        return f"{self.place}:{self.name}" if self.name else self.place


@dataclass(frozen=True, slots=True)
class Answers:
    """What a file of answers says."""

    spec: Spec
    sources: Mapping[str, Source]
    says_door: bool = True  # whether it is to be private or public stands in it


def source_of(text: str) -> Source | None:
    """None for what is none: it may be the secret itself."""
    word, sep, rest = text.partition(":")
    fits = {"env": _is_variable(rest), "fd": len(rest) < 8 and rest.isdecimal() and int(rest) > 2}.get(
        word, not sep
    )
    place = next((place for place in get_args(Place) if place == word), None)
    return Source(place, rest) if place is not None and fits else None


def read_answers(text: str, name: str) -> Answers:
    """Raises BadInput with every place that is wrong, and no text of a place that may be a secret."""
    try:
        raw = toml_of(text.removeprefix("\ufeff"))  # some editors write it
    except ValueError as error:
        raise BadInput(
            _("{name} is no TOML: {why}").format(name=name, why=error), hint=_("Mend it there.")
        ) from error
    reader = _Reader()
    found = reader.answers(raw)
    if reader.wrong:
        there = places(text)
        found_at = sorted(reader.wrong, key=lambda one: line_of(there, one[0]))
        lines = [_place(line_of(there, path), path, words) for path, words in found_at]
        hint = _("Mend that in {name}.").format(name=name)
        raise BadInput(f"{name}: {lines[0]}", hint=hint, detail="\n".join(lines[1:]))
    return found


def _place(line: int, path: Path, words: str) -> str:
    """No colon right behind a name: what follows “…_KEY:” looks like a key to whoever takes secrets out of texts."""
    shown = ".".join(_shown(part) for part in path).replace(".[", "[")
    where = _("{shown} (line {line})").format(shown=shown, line=line) if line else shown
    return f"{where} - {words}"


def _shown(part: str | int) -> str:
    """A key may be a secret that was put in the wrong place."""
    if isinstance(part, int):
        return f"[{part}]"
    return part if part.isprintable() and len(part) < 60 and not looks_secret(part) else "***"


def looks_secret(text: str) -> bool:
    """Whether it is, or holds, what nobody should write into a file."""
    from claw_tui.domain.openclaw.lift import holds_secret  # noqa: PLC0415

    return bool(whose(text)) or holds_secret(text)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


class _Reader:
    """Goes on after what is wrong: all of it is told at once."""

    def __init__(self) -> None:
        self.wrong: list[tuple[Path, str]] = []

    def answers(self, raw: dict[str, Any]) -> Answers:
        schema = raw.pop("schema", SCHEMA)
        if schema != SCHEMA:
            words = _("this claw-tui reads {schema}; a newer one wrote this.").format(schema=SCHEMA)
            self.wrong.append((("schema",), words))
        given = raw.pop("secrets", {})
        spec: Spec = self.part(Spec, raw, (), extra=("schema", "secrets"))
        if not isinstance(given, dict):
            self.wrong.append((("secrets",), _wanted(dict)))
            given = {}
        # Answers as claw-tui keeps them for itself have the names alone.
        named = dict.fromkeys(spec.secret_names, "store")
        sources = {name: self.source(name, value) for name, value in {**named, **given}.items()}
        self.other_rules(spec)
        return Answers(replace(spec, secret_names=tuple(sources)), sources, "private" in raw)

    def part(self, kind: type, raw: dict[str, Any], path: Path, extra: tuple[str, ...] = ()) -> Any:
        known = {field.name: field for field in fields(kind)}
        for key in raw:
            if key not in known:
                self.unknown(key, [*known, *extra], (*path, key))
        given = {
            name: self.value(_hints(kind)[name], raw[name], (*path, name)) for name in known if name in raw
        }
        needed = [
            n for n, field in known.items() if field.default is MISSING and field.default_factory is MISSING
        ]
        for name in needed:
            if name not in given:
                self.wrong.append(((*path, name), _("it is missing.")))
                given[name] = ""
        return kind(**given)

    def unknown(self, key: str, known: list[str], path: Path) -> None:
        near = difflib.get_close_matches(key.replace("-", "_").lower(), known, 1)
        words = _("there is no such answer.")
        if near:
            words = _("there is no such answer; did you mean {other}?").format(other=near[0])
        self.wrong.append((path, words))

    def value(self, hint: Any, raw: Any, path: Path) -> Any:
        inside = get_args(hint)
        if get_origin(hint) is Literal:
            if raw not in inside:
                self.wrong.append((path, _("one of: {choices}").format(choices=", ".join(inside))))
            return raw if raw in inside else inside[0]
        if NoneType in inside:
            return self.value(next(one for one in inside if one is not NoneType), raw, path)
        if get_origin(hint) is tuple:
            return self.row(inside[0], raw, path)
        if is_dataclass(hint):
            if isinstance(raw, dict):
                return self.part(cast("type", hint), raw, path)
            self.wrong.append((path, _wanted(dict)))
            return None
        if type(raw) is not hint:  # a truth is a number to Python
            self.wrong.append((path, _wanted(hint)))
            return hint()
        if isinstance(raw, str):
            self.text(raw, path)
        return raw

    def row(self, hint: Any, raw: Any, path: Path) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            self.wrong.append((path, _("a list belongs here, in [ ].")))
            return ()
        return tuple(self.value(hint, one, (*path, index)) for index, one in enumerate(raw))

    def text(self, raw: str, path: Path) -> None:
        if "\0" in raw:
            self.wrong.append((path, _("it holds a character that no text has.")))
        elif path != ("gateway", "base") and looks_secret(raw):
            words = _("this looks like a secret, which must not stand in a file. Name it under [secrets].")
            self.wrong.append((path, words))

    def source(self, name: str, raw: Any) -> Source:
        path = ("secrets", name)
        if problem := name_problem(name, new=raw != "keep"):
            self.wrong.append((path, problem))
            return Source()
        found = source_of(raw) if isinstance(raw, str) else None
        if found is not None:
            return found
        words = _("here belongs where the secret is, never the secret itself: store, keep, env:NAME or fd:3.")
        self.wrong.append((path, words))
        return Source()

    def other_rules(self, spec: Spec) -> None:
        """What the screens never let happen."""
        if not VM_SIZE.fullmatch(spec.vm_size):
            self.wrong.append((("vm_size",), _("a machine is called like shared-cpu-2x or performance-1x.")))
        if words := names.volume_name_problem(spec.volume_name):
            self.wrong.append((("volume_name",), words))
        for name in ("org", "region"):
            if not WORD.fullmatch(getattr(spec, name)):
                self.wrong.append(((name,), _("small letters, digits and hyphens only.")))
        if isinstance(spec.gateway, GatewaySpec):  # something else may stand there
            self.discord_ids(spec.gateway)
            if spec.gateway.base:
                self.base(spec.gateway.base)

    def discord_ids(self, gateway: GatewaySpec) -> None:
        from claw_tui.domain.openclaw.spec_of import read_known  # noqa: PLC0415

        before = GatewaySpec()
        with suppress(ValueError):  # what is wrong with it is told by itself
            before = read_known(gateway.base).gateway if gateway.base else before
        words = _(
            "Discord's ids have 17 to 20 digits: there, with Developer Mode on, a right click has Copy ID."
        )
        told = {path for path, _words in self.wrong}
        self.wrong += [(path, words) for path in wrong_ids(gateway, before) if path not in told]

    def base(self, text: str) -> None:
        from claw_tui.domain.openclaw import json5  # noqa: PLC0415
        from claw_tui.domain.openclaw.lift import lift  # noqa: PLC0415

        path = ("gateway", "base")
        try:
            tree = json5.read(text)
        except ValueError as error:
            self.wrong.append((path, _("it can't be read: {why}").format(why=error)))
            return
        if not isinstance(tree, dict):
            self.wrong.append((path, _("it is no object.")))
            return
        _clean, given, notes = lift(tree)
        there = [note.path for note in notes if any(name in note.after for name, _value in given)]
        words = _("a secret stands in it, at {place}. Name a variable there: ${{NAME}}.")
        self.wrong += [(path, words.format(place=_shown(place))) for place in there]


def _wanted(kind: type) -> str:
    return _("{kind} belongs here.").format(kind=_(_KINDS[kind]))


def _is_variable(name: str) -> bool:
    return OWN_NAME.fullmatch(name) is not None and not whose(name) and not LOOKS_RANDOM.fullmatch(name)

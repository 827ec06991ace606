"""What OpenClaw takes for a field: its own JSON Schema, the part of it that we model (see ``data``).

A plain JSON Schema reader refuses good files, for the schema calls fields required that have a default; the data leave
these out. ``misfits`` says what OpenClaw's own validator says, at the same path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

VERSIONS = ("2026.9.1", "2026.9.6")
DATA = Path(__file__).parent / "data"
Kind = Literal["unknown", "type", "choice", "missing", "number", "text", "name", "count"]
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,), "integer": (int, float), "number": (int, float),
    "null": (type(None),),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that OpenClaw would refuse. ``about``: the names, the choices or the limit that it is about."""

    path: tuple[str, ...]
    kind: Kind
    about: tuple[str, ...] = ()


@cache
def _data(version: str) -> Any:
    known = version if version in VERSIONS else VERSIONS[-1]
    return json.loads((DATA / f"shapes-{known}.json").read_text("utf-8"))


def sections(version: str) -> tuple[str, ...]:
    """The names that openclaw.json may have at its top."""
    return tuple(_data(version)["sections"])


def names_at(path: tuple[str, ...], version: str) -> tuple[str, ...]:
    """The names that may stand in the object at ``path``; nothing where any may."""
    data = _data(version)
    shapes = [{"properties": data["sections"]}]
    for key in path:
        shapes = [inside for shape in shapes for inside in _ways(_under(shape, key), data["parts"])]
    return tuple(dict.fromkeys(name for shape in shapes for name in shape.get("properties", ())))


def _under(shape: Any, key: str) -> Any:
    other = shape.get("additionalProperties")
    return (
        shape.get("properties", {}).get(key)
        or shape.get("items")
        or (other if isinstance(other, dict) else {})
    )


def _ways(shape: Any, parts: dict[str, Any]) -> list[Any]:
    """The shape itself, and what it may be instead."""
    shape = parts[shape["$ref"]] if "$ref" in shape else shape
    return [
        shape,
        *(way for one in shape.get("anyOf") or shape.get("oneOf") or () for way in _ways(one, parts)),
    ]


def misfits(config: Any, version: str) -> list[Misfit]:
    """All that is not as the schema of ``version`` wants it. Other versions are measured with the newest known."""
    data = _data(version)
    root = {
        "type": "object",
        "properties": {**data["sections"], "$include": {}},
        "additionalProperties": False,
    }
    return list(_Check(data["parts"]).look(config, root, ()))


class _Check:
    def __init__(self, parts: dict[str, Any]) -> None:
        self.parts = parts

    def look(self, value: Any, shape: Any, path: tuple[str, ...]) -> Iterator[Misfit]:
        if isinstance(shape, bool):
            if not shape:
                yield Misfit(path[:-1], "unknown", path[-1:])
            return
        shape = self.parts[shape["$ref"]] if "$ref" in shape else shape
        choices = shape.get("enum") or ([shape["const"]] if "const" in shape else None)
        if choices is not None and not any(value == c and type(value) is type(c) for c in choices):
            yield Misfit(path, "choice", tuple(str(choice) for choice in choices))
            return
        wanted = shape.get("type")
        if wanted and not _is(value, wanted):
            yield Misfit(path, "type", (wanted,) if isinstance(wanted, str) else tuple(wanted))
            return
        yield from self.either(value, shape.get("anyOf") or shape.get("oneOf") or (), path)
        if isinstance(value, dict):
            yield from self.object(value, shape, path)
        elif isinstance(value, list):
            yield from self.array(value, shape, path)
        elif isinstance(value, str):
            yield from _text(value, shape, path)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield from _number(value, shape, path)

    def either(self, value: Any, ways: Any, path: tuple[str, ...]) -> Iterator[Misfit]:
        """One of several shapes: when none fits, what is wrong with the one that fits best."""
        if not ways:
            return
        found = [list(self.look(value, way, path)) for way in ways]
        if all(found):
            inside = [
                wrong
                for wrong in found
                if not any(m.path == path and m.kind in ("type", "choice") for m in wrong)
            ]
            if inside:
                yield from min(inside, key=len)
                return
            choices = tuple(
                about for wrong in found for m in wrong if m.kind == "choice" for about in m.about
            )
            kinds = tuple(about for wrong in found for m in wrong if m.kind == "type" for about in m.about)
            yield Misfit(path, "choice" if choices else "type", tuple(dict.fromkeys(choices or kinds)))

    def object(self, value: dict[str, Any], shape: Any, path: tuple[str, ...]) -> Iterator[Misfit]:
        fields, other = shape.get("properties", {}), shape.get("additionalProperties", True)
        names = shape.get("propertyNames")
        for key in shape.get("required", ()):
            if key not in value:
                yield Misfit(path, "missing", (key,))
        for key, inside in value.items():
            if names and any(self.look(key, names, ())):
                yield Misfit((*path, key), "name")
            elif key in fields:
                yield from self.look(inside, fields[key], (*path, key))
            else:
                yield from self.look(inside, other, (*path, key))

    def array(self, value: list[Any], shape: Any, path: tuple[str, ...]) -> Iterator[Misfit]:
        if len(value) < shape.get("minItems", 0):
            yield Misfit(path, "count", (str(shape["minItems"]),))
        for index, inside in enumerate(value):
            yield from self.look(inside, shape.get("items", {}), (*path, str(index)))


def _is(value: Any, wanted: str | list[str]) -> bool:
    if not isinstance(wanted, str):
        return any(_is(value, one) for one in wanted)
    if isinstance(value, bool):
        return wanted == "boolean"
    if wanted == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES[wanted])


def _text(value: str, shape: Any, path: tuple[str, ...]) -> Iterator[Misfit]:
    if not shape.get("minLength", 0) <= len(value) <= shape.get("maxLength", len(value)) or (
        "pattern" in shape and not re.search(re.sub(r"\$$", r"\\Z", shape["pattern"]), value, re.ASCII)
    ):
        yield Misfit(path, "text")


def _number(value: float, shape: Any, path: tuple[str, ...]) -> Iterator[Misfit]:
    above = shape.get("exclusiveMinimum")
    low, high = shape.get("minimum", value), shape.get("maximum", value)
    if not low <= value <= high or (above is not None and value <= above):
        limits = (
            str(low) if above is None else f"> {above}",
            str(shape["maximum"]) if "maximum" in shape else "",
        )
        yield Misfit(path, "number", limits)

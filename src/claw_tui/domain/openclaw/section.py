"""One object of a JSON file: the fields that we know, typed, and all others untouched, in the order they came in.

What has another type than it should (a number where a list belongs) is not a field but among the others: reading never
fails, and writing gives back exactly what was read. Saying what is wrong is ``problems``' business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from claw_tui.domain.secret import Secret

Json = dict[str, Any]
Reader = Callable[[Any], Any]


class _Misfit:
    """What a reader returns for a value that is none of its kind."""


MISFIT = _Misfit()


def raw(value: Any) -> Any:
    """An object of somebody else's: taken as it is."""
    return value if isinstance(value, dict) else MISFIT


def at(key: str, reader: Reader) -> Any:
    """A field that stands in the file as ``key``; None when it does not."""
    return field(default=None, repr=reader is not raw, metadata={"key": key, "reader": reader})


def text(value: Any) -> Any:
    return value if isinstance(value, str) else MISFIT


def truth(value: Any) -> Any:
    return value if isinstance(value, bool) else MISFIT


def whole(value: Any) -> Any:
    return value if isinstance(value, int) and not isinstance(value, bool) else MISFIT


def texts(value: Any) -> Any:
    return (
        tuple(value) if isinstance(value, list) and all(isinstance(part, str) for part in value) else MISFIT
    )


def names(value: Any) -> Any:
    """Ids of people or chats, which may be written as numbers."""
    good = isinstance(value, list) and all(
        isinstance(p, str | int) and not isinstance(p, bool) for p in value
    )
    return tuple(value) if good else MISFIT


def part(kind: type[Section]) -> Reader:
    return lambda value: kind.read(value) if isinstance(value, dict) else MISFIT


def table(kind: type[Section]) -> Reader:
    """An object whose names people choose."""

    def read(value: Any) -> Any:
        if not isinstance(value, dict) or not all(isinstance(inside, dict) for inside in value.values()):
            return MISFIT
        return {key: kind.read(inside) for key, inside in value.items()}

    return read


def rows(kind: type[Section]) -> Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, list) or not all(isinstance(inside, dict) for inside in value):
            return MISFIT
        return tuple(kind.read(inside) for inside in value)

    return read


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The fields of a subclass, and ``extra``: whatever else there was."""

    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)  # it may hold secrets
    order: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @classmethod
    def _places(cls) -> dict[str, tuple[str, Reader]]:
        return {f.metadata["key"]: (f.name, f.metadata["reader"]) for f in fields(cls) if "key" in f.metadata}

    @classmethod
    def read(cls, source: Mapping[str, Any]) -> Self:
        """Take over what is known; never fails."""
        places = cls._places()
        known: Json = {}
        extra: Json = {}
        for key, value in source.items():
            name, reader = places.get(key, ("", None))
            good = reader(value) if reader else MISFIT
            if good is MISFIT:
                extra[key] = value
            else:
                known[name] = good
        return cls(**known, extra=extra, order=tuple(source))

    def write(self) -> Json:
        """The object again: what was read stays in its order, what is new comes behind it."""
        own = {key: getattr(self, name) for key, (name, _reader) in self._places().items()}
        typed = {key: plain(value) for key, value in own.items() if value is not None}
        found = {**self.extra, **typed}
        return {key: found[key] for key in dict.fromkeys((*self.order, *typed, *self.extra)) if key in found}


def plain(value: Any) -> Any:
    """A typed value as JSON has it. A secret that stands in the file itself is revealed: it belongs there, alas."""
    if isinstance(value, Section):
        return value.write()
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, tuple):
        return [plain(inside) for inside in value]
    if isinstance(value, Mapping):
        return {key: plain(inside) for key, inside in value.items()}
    return value

"""Writing answers as a file that people can read, keep and use again: each one explained once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import Field, fields, is_dataclass
from typing import Any

from claw_tui.domain.answers_words import ABOUT, HEAD, SECRETS
from claw_tui.domain.spec import Spec
from claw_tui.i18n import _

SCHEMA = 1


def answers_text(spec: Spec, sources: Mapping[str, str] | None = None) -> str:
    """``sources``: for each secret where its value is; else in claw-tui's own place for them."""
    given = sources or {}
    writer = _Writer()
    lines = [
        *_comment(HEAD),
        f"schema = {SCHEMA}",
        "",
        *writer.body(spec, ()),
        "",
        *_comment(SECRETS),
        "[secrets]",
    ]
    lines += [f"{_key(name)} = {_value(given.get(name, 'store'))}" for name in spec.secret_names]
    return "\n".join([*lines, *writer.parts(spec, ())]) + "\n"


class _Writer:
    """Values first, then tables: in TOML what follows a table's name belongs to that table."""

    def __init__(self) -> None:
        self._explained: set[str] = set()  # where there are many of a kind, the first one is enough

    def body(self, part: Any, path: tuple[str, ...]) -> Iterator[str]:
        for field in fields(part):
            value = getattr(part, field.name)
            about = f"{type(part).__name__}.{field.name}"
            if field.name == "secret_names" or is_dataclass(value) or _holds_parts(value):
                continue
            if _is_left_out(field, value):
                name = ".".join((*path, field.name))
                example = f"[[{name}]]" if value == () else f"{field.name} = …"
                yield from self._about(about, f"{example}  ")
                continue
            yield from self._about(about)
            yield f"{_key(field.name)} = {_value(value)}"

    def parts(self, part: Any, path: tuple[str, ...]) -> Iterator[str]:
        for field in fields(part):
            value, here = getattr(part, field.name), (*path, field.name)
            about = f"{type(part).__name__}.{field.name}"
            if is_dataclass(value):
                yield from self._table(value, here, about, "[{}]")
            elif _holds_parts(value):
                for one in value:
                    yield from self._table(one, here, about, "[[{}]]")

    def _table(self, part: Any, path: tuple[str, ...], about: str, form: str) -> Iterator[str]:
        yield ""
        yield from self._about(about)
        yield form.format(".".join(path))
        yield from self.body(part, path)
        yield from self.parts(part, path)

    def _about(self, about: str, before: str = "") -> Iterator[str]:
        if about not in self._explained:
            self._explained.add(about)
            yield from _comment(ABOUT.get(about, ""), before)


def _comment(words: str, before: str = "") -> Iterator[str]:
    for number, line in enumerate(_(words).splitlines()):
        yield f"# {'' if number else before}{line}"


def _holds_parts(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and is_dataclass(value[0])


def _is_left_out(field: Field[Any], value: Any) -> bool:
    """TOML has no null; and a list of parts that is there with nothing in it could not be added to."""
    return value is None or (value == () == field.default and "str" not in str(field.type))


def _key(name: str) -> str:
    import tomlkit  # noqa: PLC0415

    return tomlkit.key(name).as_string()


def _value(value: Any) -> str:
    import tomlkit  # noqa: PLC0415

    if isinstance(value, str) and "\n" in value and value.replace("\n", "").replace("\t", "").isprintable():
        literal = "'''" not in value and not value.endswith("'") and not value.startswith("\n")
        if literal or not value.startswith("\n"):
            return tomlkit.string(value, literal=literal, multiline=True).as_string()
    text: str = tomlkit.item(list(value) if isinstance(value, tuple) else value).as_string()
    return text

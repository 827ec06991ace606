"""What a paste brings along with a secret, and the secret without it. It is offered, never done by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claw_tui.domain.parse import json_of
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import BY_ENV, FLY_TOKEN, GATEWAY_TOKEN, KINDS, whose
from claw_tui.i18n import _

HEADERS = {"BEARER", "BOT", "X-API-KEY", "X-GOOG-API-KEY"}
NAMES = {FLY_TOKEN, *HEADERS, *(name for kind in KINDS for name in (kind.env, *kind.aliases))}
_NAME = r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
_SETS = r"export|declare -x|typeset -x|set|env|ENV|-e|--env|(?:fly|flyctl) secrets set"
_ASSIGNMENTS = tuple(re.compile(r"(?:[$%❯-]\s+)?" + pattern + r"(?P<value>.+)", re.DOTALL) for pattern in (
    rf"(?P<front>(?:{_SETS})\s+){_NAME}=",
    rf"(?P<front>(?:set\s+(?:-\S+\s+)+)|setenv\s+){_NAME}\s+",  # fish; csh
    rf"(?P<front>\$env:){_NAME}\s*=\s*",  # PowerShell
    rf"(?P<front>){_NAME}\s*=\s*",
    rf"(?P<front>){_NAME}:\s+",  # YAML
    r"(?P<front>(?:[Aa]uthorization:\s*)?)(?P<name>Bearer|bearer|Bot)\s+",
    r"(?P<front>)(?P<name>(?i:x-(?:goog-)?api-key)):\s*",
))  # fmt: skip
_BARE = _ASSIGNMENTS[3]
# A bare NAME= is one only with a name as variables have it: a key may hold letters and a "=" itself.
_LIKE_A_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+")
_QUOTES = ('""', "''", "``", "“”", "„“", "‘’", "‚‘", "«»", "»«", "<>")
_COMMENT = re.compile(r"(?P<value>(?P<quote>[\"'])(?:(?!(?P=quote)).)*(?P=quote)|\S+)\s*;?\s+#.*")
_COLOURS = re.compile(r"\x1b\[[0-9;:?]*[A-Za-z]")
_WIDE_ENOUGH = 3  # literal characters that a shape must begin with to be looked for in other text


@dataclass(frozen=True, slots=True)
class Offer:
    """A paste without what does not belong to the value. ``taken`` says what that is, in words."""

    value: Secret
    taken: tuple[str, ...]


def offer(text: str, *, wanted: str = "", one_line: bool = True) -> Offer | None:
    """Return what was probably meant by ``text``, or None when there is nothing to take away.

    ``wanted`` is the variable's name. ``one_line``: the value has no line breaks, so a terminal has put them there.
    """
    taken: list[str] = []
    seen = _visible(text, taken) if one_line else text
    rest = _one_of_several(seen, wanted, taken) if one_line else seen
    rest = _from_json(rest, wanted, taken)
    rest = _without_ends(rest, taken)
    rest = _without_name(rest, wanted, taken)
    rest = _without_quotes(rest, taken)
    if one_line and "\n" in rest:
        rest = "".join(line.strip() for line in rest.splitlines())
        taken.append(_("the line breaks in it"))
    elif one_line:
        rest = _without_surroundings(rest, wanted, taken)
    return Offer(Secret(rest), tuple(taken)) if taken and rest else None


def in_words(taken: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(taken) < 2:
        return "".join(taken)
    return _("{first} and {last}").format(first=", ".join(taken[:-1]), last=taken[-1])


def _visible(text: str, taken: list[str]) -> str:
    kept = "".join(char for char in _COLOURS.sub("", text) if char.isprintable() or char.isspace())
    if kept != text:
        taken.append(_("characters that can't be seen"))
    return kept


def _without_ends(text: str, taken: list[str]) -> str:
    rest = text.strip()
    front, _found, back = text.partition(rest) if rest else ("", "", "")
    if "\n" in front + back:
        taken.append(_("the line breaks around it"))
    elif front + back:
        taken.append(_("the blanks around it"))
    return rest


def _is_known(name: str, wanted: str) -> bool:
    return name.upper() in NAMES or name == wanted


def _assigned(text: str, wanted: str) -> re.Match[str] | None:
    for pattern in _ASSIGNMENTS:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        bare = pattern is _BARE and _LIKE_A_VARIABLE.fullmatch(found["name"])
        if found["front"] or _is_known(found["name"], wanted) or bare:
            return found if found["value"].strip("= \t") else None
    return None


def _one_of_several(text: str, wanted: str, taken: list[str]) -> str:
    """The line of ``wanted``, when all lines are assignments, comments or keys: several were pasted."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    whose_is = {line: _whose_line(line, wanted) for line in lines if not line.startswith("#")}
    mine = [line for line, name in whose_is.items() if name == wanted]
    if len(lines) < 2 or len(mine) != 1 or not all(whose_is.values()):
        return text
    taken.append(_("the other lines ({count})").format(count=len(lines) - 1))
    return mine[0]


def _whose_line(line: str, wanted: str) -> str:
    found = _assigned(line, wanted)
    return found["name"] if found else whose(line)


def _from_json(text: str, wanted: str, taken: list[str]) -> str:
    """The member of ``wanted``, or the only one: of an object, or of a line out of one."""
    inner = text.strip().rstrip(",")
    if not inner.startswith(("{", '"')):
        return text
    try:
        found = json_of(inner if inner.startswith("{") else "{" + inner + "}")
    except ValueError:
        return text
    if not isinstance(found, dict):
        return text
    value = found.get(wanted, next(iter(found.values())) if len(found) == 1 else None)
    if not isinstance(value, str) or not value:
        return text
    taken.append(_("the JSON around it"))
    return value


def _without_name(text: str, wanted: str, taken: list[str]) -> str:
    found = _assigned(text, wanted)
    if found is None:
        return text
    if _is_known(found["name"], wanted):
        taken.append(_("“{name}” and what belongs to it").format(name=found["name"]))
    else:  # it might be a part of the secret, so it is not shown
        taken.append(_("a name in front ({count} characters)").format(count=len(found["name"])))
    value = found["value"].strip()
    commented = _COMMENT.fullmatch(value)
    if commented is not None:
        taken.append(_("the comment behind it"))
        return commented["value"]
    quoted = value[:-1].rstrip() if value.endswith(";") else value
    return quoted if _is_quoted(quoted) or found["front"] else value


def _is_quoted(text: str) -> bool:
    return len(text) > 2 and text[0] + text[-1] in _QUOTES


def _without_quotes(text: str, taken: list[str]) -> str:
    if not _is_quoted(text):
        return text
    taken.append(_("the quotes around it"))
    return text[1:-1].strip()


def _without_surroundings(text: str, wanted: str, taken: list[str]) -> str:
    """The one piece of ``text`` that has the shape of the kind, when that shape is told from any other word."""
    kind = BY_ENV.get(wanted)
    if kind is None or wanted == GATEWAY_TOKEN:
        return text
    bare = re.sub(r"[\"'`)\]}>]?[,;.]+$", "", text)
    told = re.match(r"[\w-]*", kind.shape)
    if told is not None and len(told[0]) >= _WIDE_ENOUGH and not re.fullmatch(kind.shape, text):
        shape = kind.shape.replace(r"\S", r"[\w+/=-]")
        pieces = {found[0] for found in re.finditer(rf"(?<![\w-]){shape}", text, re.ASCII)}
        bare = pieces.pop() if len(pieces) == 1 else bare
    if not bare or bare == text or whose(bare) not in ("", wanted):
        return text
    taken.append(_("what stands around it ({count} characters)").format(count=len(text) - len(bare)))
    return bare

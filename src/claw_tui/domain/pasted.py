"""What a paste brings along with a secret, and the secret without it. It is offered, never done by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import FLY_TOKEN, KINDS
from claw_tui.i18n import _

NAMES = {FLY_TOKEN, *(name for kind in KINDS for name in (kind.env, *kind.aliases))}
_NAME = r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
_ASSIGNMENTS = tuple(re.compile(pattern + r"(?P<value>.+)", re.DOTALL) for pattern in (
    rf"(?P<front>(?:export|declare -x|typeset -x|set)\s+){_NAME}=",
    rf"(?P<front>(?:set\s+(?:-\S+\s+)+)|setenv\s+){_NAME}\s+",  # fish; csh
    rf"(?P<front>\$env:){_NAME}\s*=\s*",  # PowerShell
    rf"(?P<front>){_NAME}\s*=\s*",
    rf"(?P<front>){_NAME}:\s+",  # YAML
))  # fmt: skip
_BARE = _ASSIGNMENTS[3]
# A bare NAME= is one only with a name as variables have it: a key may hold letters and a "=" itself.
_LIKE_A_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+")
_QUOTES = ('""', "''", "``", "“”", "‘’", "«»")


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
    rest = _visible(text, taken) if one_line else text
    rest = _one_of_several(rest, wanted, taken) if one_line else rest
    rest = _without_ends(rest, taken)
    rest = _without_name(rest, wanted, taken)
    rest = _without_quotes(rest, taken)
    if one_line and "\n" in rest:
        rest = "".join(line.strip() for line in rest.splitlines())
        taken.append(_("the line breaks in it"))
    return Offer(Secret(rest), tuple(taken)) if taken and rest else None


def in_words(taken: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(taken) < 2:
        return "".join(taken)
    return _("{first} and {last}").format(first=", ".join(taken[:-1]), last=taken[-1])


def _visible(text: str, taken: list[str]) -> str:
    kept = "".join(char for char in text if char.isprintable() or char.isspace())
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


def _assigned(text: str, wanted: str) -> re.Match[str] | None:
    for pattern in _ASSIGNMENTS:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        known = found["name"] in NAMES or found["name"] == wanted
        bare = pattern is _BARE and _LIKE_A_VARIABLE.fullmatch(found["name"])
        if found["front"] or known or bare:
            return found if found["value"].strip("= \t") else None
    return None


def _one_of_several(text: str, wanted: str, taken: list[str]) -> str:
    """The line of ``wanted``, when all lines are assignments or comments: a whole file of them was pasted."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = {line: _assigned(line, wanted) for line in lines if not line.startswith("#")}
    mine = [line for line, match in found.items() if match and match["name"] == wanted]
    if len(lines) < 2 or len(mine) != 1 or not all(found.values()):
        return text
    taken.append(_("the other lines ({count})").format(count=len(lines) - 1))
    return mine[0]


def _without_name(text: str, wanted: str, taken: list[str]) -> str:
    found = _assigned(text, wanted)
    if found is None:
        return text
    if found["name"] in NAMES or found["name"] == wanted:
        taken.append(_("“{name}” and what belongs to it").format(name=found["name"]))
    else:  # it might be a part of the secret, so it is not shown
        taken.append(_("a name in front ({count} characters)").format(count=len(found["name"])))
    value = found["value"].strip()
    quoted = value[:-1].rstrip() if value.endswith(";") else value
    return quoted if _is_quoted(quoted) or found["front"] else value


def _is_quoted(text: str) -> bool:
    return len(text) > 2 and text[0] + text[-1] in _QUOTES


def _without_quotes(text: str, taken: list[str]) -> str:
    if not _is_quoted(text):
        return text
    taken.append(_("the quotes around it"))
    return text[1:-1].strip()

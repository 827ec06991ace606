"""What is wrong with an openclaw.json, before the machine is asked; OpenClaw itself has the last word there.

``refused``: OpenClaw would not take the file. Else it takes it, and something will not work.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from claw_tui.domain.openclaw import shapes
from claw_tui.domain.openclaw.notes import dotted, inside
from claw_tui.domain.openclaw.old_names import DROPS, MOVES, REWRITTEN
from claw_tui.domain.openclaw.shapes import Misfit
from claw_tui.i18n import _, n_

ROOT = "<root>"  # as OpenClaw calls the file itself
_KINDS = {
    "object": n_("an object {…}"), "array": n_("a list […]"), "string": n_("a text"), "boolean": n_("true or false"),
    "integer": n_("a whole number"), "number": n_("a number"), "null": "null",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Where, what, and what to do about it."""

    path: str
    words: str
    fix: str
    refused: bool = True

    @property
    def place(self) -> str:
        """For a person."""
        return _("the file") if self.path == ROOT else self.path

    @property
    def told(self) -> str:
        """What is wrong, as a sentence."""
        return self.words if self.words.endswith((".", "!", "?")) else f"{self.words}."


def shape_problems(tree: Any, version: str) -> list[Problem]:
    """What has another form than OpenClaw wants."""
    if not isinstance(tree, dict):
        return [Problem(ROOT, _("It is no object."), _("Begin with a curly bracket."))]
    return [_problem(tree, misfit, version) for misfit in shapes.misfits(tree, version)]


def _problem(tree: Any, misfit: Misfit, version: str) -> Problem:
    here, about = dotted(misfit.path) or ROOT, misfit.about
    if misfit.kind == "unknown":
        return _unknown(tree, misfit, version)
    if misfit.kind == "missing":
        words = _("“{key}” is missing.").format(key=about[0])
        return Problem(here, words, _("Add it, or take this part out."))
    if misfit.kind == "choice":
        words = _("This word is not among those that it may be.")
        return Problem(here, words, _("One of: {choices}.").format(choices=", ".join(about)))
    if misfit.kind == "type":
        kinds = _(" or ").join(_(_KINDS.get(kind, kind)) for kind in about) or _("something else")
        return Problem(here, _("It has another form than it should."), _("Write {kind}.").format(kind=kinds))
    if misfit.kind == "number":
        low, high = about
        words = _("The number is out of range.")
        fix = _("From {low} to {high}.") if high else _("At least {low}.")
        return Problem(here, words, fix.format(low=low, high=high))
    if misfit.kind == "name":
        words = _("This name has characters that it can't have, or too many.")
        return Problem(here, words, _("Small letters, digits, _ and -; 64 at most."))
    if misfit.kind == "count":
        return Problem(here, _("The list is too short."), _("At least {count}.").format(count=about[0]))
    return Problem(here, _("The text does not have the form that it must have."), _text_fix(misfit.path))


def _text_fix(path: tuple[str, ...]) -> str:
    if path[-1:] == ("id",):
        return _("The name of a variable: capital letters, digits and _, e.g. OPENAI_API_KEY.")
    return _("See OpenClaw's documentation of this field; an empty text is often the reason.")


def _unknown(tree: Any, misfit: Misfit, version: str) -> Problem:
    here, key = dotted(misfit.path) or ROOT, misfit.about[0] if misfit.about else ""
    words = _("OpenClaw {version} does not know “{key}” here.").format(version=version, key=key)
    place = _place_now(dotted((*misfit.path, key)))
    if place is not None:
        fix = _("It is {place} now.").format(place=place) if place else _("Take it out: it is gone.")
        return Problem(here, words, fix)
    siblings = inside(tree, misfit.path)
    names = shapes.names_at(misfit.path, version)
    near = difflib.get_close_matches(key, names, 1) if isinstance(siblings, dict) else []
    fix = _("Did you mean “{other}”?") if near else _("Take it out, or see whether it is spelled right.")
    return Problem(here, words, fix.format(other="".join(near)))


def _place_now(path: str) -> str | None:
    """What became of a path; an empty text when it is gone, None when it never was one."""
    for _name, owner, old, new, _why in (*MOVES, *DROPS):
        if _same(path, f"{owner}.{old}".strip(".")):
            above = path.split(".")[: len(owner.split(".")) if owner else 0]
            return ".".join((*above, new)) if new else ""
    return next((now for old, now in REWRITTEN if _same(path, old)), None)


def _same(path: str, pattern: str) -> bool:
    have, want = path.split("."), pattern.split(".")
    return len(have) == len(want) and all(w in ("*", h) for h, w in zip(have, want, strict=True))

"""What only stands elsewhere or is called otherwise now; the table is in ``old_names``."""

from __future__ import annotations

import re
from typing import Any

from claw_tui.domain.openclaw.notes import Json, Migration, Path, dotted, has, inside, owners, put, take
from claw_tui.domain.openclaw.old_names import DROPS, MOVES, PREFIXES, STATE_FOLDERS
from claw_tui.i18n import _

_VARIABLE = re.compile(r"\$\{(" + "|".join(PREFIXES) + r")([A-Z0-9_]+)\}")
_FOLDER = re.compile(r"(?<=/)(?:" + "|".join(re.escape(name) for name in STATE_FOLDERS) + r")(?=/|$)")


def _path(words: str) -> Path:
    return tuple(word for word in words.split(".") if word)


def moves(tree: Json, notes: list[Migration]) -> None:
    """Move what has another place now. What stands at the new place already counts; the old one goes."""
    for name, owner, old, new, why in MOVES:
        for at in owners(tree, _path(owner)):
            before, after = (*at, *_path(old)), (*at, *_path(new))
            if not has(tree, before):
                continue
            if (
                inside(tree, after) is not None
                and inside(tree, before) is not None
                and _merged(tree, before, after)
            ):
                take(tree, before, len(at))
                notes.append(Migration(name, _(why), dotted(before), dotted(before), dotted(after)))
                continue
            there = has(tree, after)
            value = take(tree, before, len(at))
            if not there and not put(tree, after, value):
                put(tree, before, value)  # something else is in the way: ``problems`` will say so
                continue
            kept = (
                _("{path} is set already and counts").format(path=dotted(after)) if there else dotted(after)
            )
            notes.append(Migration(name, _(why), dotted(before), dotted(before), kept))


def _merged(tree: Json, before: Path, after: Path) -> bool:
    """Two objects become one; the new one's fields count."""
    old, new = inside(tree, before), inside(tree, after)
    if not isinstance(old, dict) or not isinstance(new, dict):
        return False
    new.update({key: value for key, value in old.items() if key not in new})
    return True


def drops(tree: Json, notes: list[Migration]) -> None:
    """Take out what is gone."""
    for name, owner, old, _new, why in DROPS:
        for at in owners(tree, _path(owner)):
            path = (*at, *_path(old))
            if has(tree, path):
                take(tree, path, len(at))
                notes.append(Migration(name, _(why), dotted(path), dotted(path), _("taken out")))


def clawdbot_names(tree: Json, notes: list[Migration]) -> None:
    """Its folders and variables are called openclaw now."""
    why = _("OpenClaw was called Clawdbot, and for some days Moltbot, until January 2026.")

    def renamed(node: Any, path: Path) -> Any:
        if isinstance(node, dict):
            return {_key(key, path): renamed(inside_, (*path, key)) for key, inside_ in node.items()}
        if isinstance(node, list):
            return [renamed(inside_, (*path, str(index))) for index, inside_ in enumerate(node)]
        if not isinstance(node, str):
            return node
        new = _FOLDER.sub(".openclaw", _VARIABLE.sub(r"${OPENCLAW_\2}", node))
        if path[-1:] == ("id",):
            new = _key(new, ("env",))
        if new != node:
            found = " ".join(
                dict.fromkeys((*_FOLDER.findall(node), *(m.group() for m in _VARIABLE.finditer(node))))
            )
            notes.append(
                Migration("clawdbot-names", why, dotted(path), found or node, _("the same with openclaw"))
            )
        return new

    fresh = renamed(tree, ())
    tree.clear()
    tree.update(fresh)


def _key(key: str, path: Path) -> str:
    """A variable's name, where names of variables stand."""
    if path not in (("env",), ("env", "vars")):
        return key
    return re.sub(r"^(?:" + "|".join(PREFIXES) + ")(?=[A-Z])", "OPENCLAW_", key)

"""What differs between two files, place by place and line by line."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from claw_tui.domain.openclaw.notes import Json, Path, dotted

_BEGINS = re.compile(r"\d+")
SHOWN = 60  # characters of a value


@dataclass(frozen=True, slots=True)
class Change:
    """At ``path`` stands ``after`` instead of ``before``; an empty text is nothing at all."""

    path: str
    before: str
    after: str


def changes(before: Any, after: Any, path: Path = (), *, longest: int = SHOWN) -> Iterator[Change]:
    """``meta`` is OpenClaw's own and no difference. ``longest``: characters of a value."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            if (*path, key) == ("meta",):
                continue
            if key not in before:
                yield Change(dotted((*path, key)), "", _short(after[key], longest))
            elif key not in after:
                yield Change(dotted((*path, key)), _short(before[key], longest), "")
            else:
                yield from changes(before[key], after[key], (*path, key), longest=longest)
    elif before != after or type(before) is not type(after):
        yield Change(dotted(path), _short(before, longest), _short(after, longest))


def _short(value: Any, longest: int) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def in_order_of(tree: Any, model: Any) -> Any:
    """The same as ``tree``, with its names in the order that ``model`` has them in: then only real differences show."""
    if isinstance(tree, dict):
        like = model if isinstance(model, dict) else {}
        names = dict.fromkeys((*(key for key in like if key in tree), *tree))
        return {key: in_order_of(tree[key], like.get(key)) for key in names}
    if isinstance(tree, list):
        like_rows = model if isinstance(model, list) else []
        return [
            in_order_of(value, like_rows[i] if i < len(like_rows) else None) for i, value in enumerate(tree)
        ]
    return tree


def line_changes(before: Json, after: Json) -> list[str]:
    """Lines with " ", "+" or "-" in front, "@" and the line's number where a part begins; none when nothing differs."""
    plain = {key: value for key, value in before.items() if key != "meta"}
    ours = in_order_of({key: value for key, value in after.items() if key != "meta"}, plain)
    found = list(difflib.unified_diff(_lines(plain), _lines(ours), lineterm="", n=3))[2:]
    return [f"@ {_BEGINS.findall(line)[0]}" if line.startswith("@@") else line for line in found]


def _lines(tree: Json) -> list[str]:
    return json.dumps(tree, indent=2, ensure_ascii=False).splitlines()

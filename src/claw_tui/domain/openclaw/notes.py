"""What was changed in a file, and why: one note for each change, never with a secret in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Migration:
    """One change. ``before`` and ``after`` are words for people: a path, a short value, or nothing."""

    name: str
    why: str
    path: str
    before: str = ""
    after: str = ""


def object_in(tree: Mapping[str, Any], key: str) -> Json:
    """What stands there when it is an object, else an empty one."""
    value = tree.get(key)
    return value if isinstance(value, dict) else {}


def list_in(tree: Mapping[str, Any], key: str) -> list[Any]:
    """What stands there when it is a list, else an empty one."""
    value = tree.get(key)
    return value if isinstance(value, list) else []


def each_once(rows: Iterable[Any]) -> list[Any]:
    """In order, each of them only once. In a person's file a row may be anything."""
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(json.dumps(row, sort_keys=True), row)
    return [*found.values()]


def dotted(path: Path) -> str:
    """As OpenClaw writes paths."""
    return ".".join(path)


def inside(tree: Any, path: Path) -> Any:
    """What stands at ``path``, or None."""
    for key in path:
        if isinstance(tree, list) and key.isdigit() and int(key) < len(tree):
            tree = tree[int(key)]
        elif isinstance(tree, dict):
            tree = tree.get(key)
        else:
            return None
    return tree


def has(tree: Any, path: Path) -> bool:
    owner = inside(tree, path[:-1])
    return isinstance(owner, dict) and path[-1] in owner


def take(tree: Any, path: Path, keep: int) -> Any:
    """Remove it, and what is empty without it below the first ``keep`` names; ``has`` was asked before."""
    value = inside(tree, path[:-1]).pop(path[-1])
    path = path[:-1]
    while len(path) > keep and inside(tree, path) == {}:
        inside(tree, path[:-1]).pop(path[-1])
        path = path[:-1]
    return value


def put(tree: Any, path: Path, value: Any) -> bool:
    """Set it, with what it stands in; False when something else is in the way."""
    for key in path[:-1]:
        if isinstance(tree, list) and key.isdigit() and int(key) < len(tree):
            tree = tree[int(key)]
        elif isinstance(tree, dict):
            tree = tree.setdefault(key, {})
        else:
            return False
    if not isinstance(tree, dict):
        return False
    tree[path[-1]] = value
    return True


def owners(tree: Any, pattern: Path) -> list[Path]:
    """The paths that exist of a pattern, where "*" is any name or number."""
    found: list[Path] = [()]
    for key in pattern:
        wider: list[Path] = []
        for path in found:
            node = inside(tree, path)
            if key != "*":
                wider += [(*path, key)] if isinstance(node, dict) and key in node else []
            elif isinstance(node, dict):
                wider += [(*path, name) for name in node]
            elif isinstance(node, list):
                wider += [(*path, str(index)) for index in range(len(node))]
        found = wider
    return found

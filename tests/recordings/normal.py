"""What a gateway says, without what differs from run to run: times, numbers, ids, paths; and answers as shapes."""

from __future__ import annotations

import json
import re

# Said only sometimes, or only because of where we record: by what works beside the gateway, without channels and
# network, on a slow disk, at a question of ours, or of where in its own code an error was.
SOMETIMES = re.compile(
    r"^\[(?!(gateway|reload|shutdown|openclaw)\])|skipping channel start|remote model catalog|update check"
    r"|during shutdown; ignoring|draining|drain settled|Draining|\[plugins\] failed to load|update available"
    r"|suppressed ambient channel|spawn broker|ExperimentalWarning|node --trace-|^[│◇├╭╰]|^\s*$"
    r"|^    at |^  (lineNumber|columnNumber|errno|code|syscall|path): |^}$"
)
RULES = (
    (r"\x1b\[[0-9;]*m", ""),
    (r"^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d) ", ""),
    (r"\(\d+ plugins[^)]*\)", "(plugins)"),
    (r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID"),
    (r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,}\b", "ID"),
    (r"(evaluating reload|hot reload applied|requires gateway restart) \([^)]*\).*", r"\1 (…)"),
    (r"\d+(\.\d+)*", "N"),
)
WORDS = ("type", "message", "path", "status", "channel", "tokenSource", "mode", "healthState")
FLAGS = ("ok", "valid", "tokenIncluded", "configured")
Shape = object


def normal_line(line: str, places: dict[str, str]) -> str:
    """``places`` maps what stands for a place or a number of this run to its name."""
    for found, name in places.items():
        line = line.replace(found, name)
    for pattern, instead in RULES:
        line = re.sub(pattern, instead, line)
    return line.rstrip()


def normal_lines(text: str, places: dict[str, str]) -> list[str]:
    """The lines that are always said; what is said again at once counts once."""
    lines = [normal_line(line, places) for line in text.splitlines()]
    steady = [line for line in lines if not SOMETIMES.search(line)]
    return [line for line, before in zip(steady, ["", *steady], strict=False) if line != before]


def shape(value: object, places: dict[str, str], key: str = "") -> Shape:
    """Keys and types; of the values only words that are always the same. A list is like its first element."""
    match value:
        case dict():
            return {name: shape(inside, places, name) for name, inside in value.items()}
        case list():
            return [shape(inside, places, key) for inside in value[:1]]
        case bool():
            return value if key in FLAGS else "bool"
        case int() | float():
            return "number"
        case str() if key.lower().endswith("url"):
            return re.sub(r"=[^&]*", "=…", normal_line(value, places))
        case str():
            return normal_line(value, places) if key in WORDS else "text"
        case _:
            return None


BUSY = {
    "eventLoop"
}  # what the gateway measures of itself, and how much of it it tells, is another thing on a busy machine


def misfits(mine: Shape, theirs: Shape, path: str = "") -> list[str]:
    """Where they are not of the same shape. What is null or an empty list in one of them may be anything in the other."""
    if mine is None or theirs is None:
        return []
    if isinstance(mine, dict) and isinstance(theirs, dict):
        odd = [f"{path}.{key} is in one only" for key in (mine.keys() ^ theirs.keys()) - BUSY]
        return odd + [
            line
            for key in (mine.keys() & theirs.keys()) - BUSY
            for line in misfits(mine[key], theirs[key], f"{path}.{key}")
        ]
    if isinstance(mine, list) and isinstance(theirs, list):
        pairs = zip(mine, theirs, strict=False)
        return [line for number, pair in enumerate(pairs) for line in misfits(*pair, f"{path}[{number}]")]
    return [] if mine == theirs else [f"{path}: {mine!r} is not {theirs!r}"]


def json_in(text: str) -> object:
    """The JSON object in an output, or None: words may stand before it."""
    start = re.search(r"^\{", text, re.MULTILINE)
    try:
        return json.JSONDecoder().raw_decode(text[start.start() :])[0] if start else None
    except ValueError:
        return None

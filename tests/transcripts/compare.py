"""What two transcripts must have in common: exit code, streams, JSON keys and types, and every word of the rest."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.transcripts.play import Said

_NORMAL = (
    (r"(?ms)^Usage:$.*", "Usage:"),  # what follows is help: not for us
    (r"(?ms)^(.*)$\n+Usage:\Z", "Usage:"),
    (r"(?ms)^Did you mean this\?.*", ""),
    (r"(?ms)^goroutine 1 \[running\]:.*", "goroutine 1 [running]:"),
    (r"\x1b\[[0-9;]*m|\u200b", ""),
    ("\u00a0", " "),  # the differences that flyctl shows have one blank or the other, by chance
    (r"/\S*/(?:scene-[\w-]+|pytest-[\w-]+/[\w.-]+(?:/[\w.-]+)*?)(?=/config|/fly\.toml|/none\.toml|/phone\.conf|/\w+\.md|/none/|\s|$|:)", "FOLDER"),
    (r"http://127\.0\.0\.1:\d+|https://api\.(?:fly\.io|machines\.dev)", "API"),
    (r"\b127\.0\.0\.1:\d+", "HOST"),
    (r"failed to run (query|mutation).*\}: ", r"failed to run \1 {…}: "),
    (r"\s*\((?:Request|Trace) ID: [^)]*\)", ""),
    (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME"),
    (r"\d\d [A-Z][a-z]{2} \d\d \d\d:\d\d UTC", "TIME"),
    (r"localhost:\d{4,5}\b", "localhost:PORT"),
    (r"openclaw-\d{4}-\d\d-\d\d\.log", "openclaw-DAY.log"),
    (r"\b(vol|rel|ip|img)_[0-9a-z]+", r"\1_ID"),
    (r"\b[0-9a-f]{14}\b", "MACHINE"),
    (r"\bsha256:[0-9a-f]{64}", "DIGEST"),
    (r"(fdaa|2a09)(:[0-9a-f]*)+", "IPV6"),
    (r"\b137\.66\.\d+\.10", "IPV4"),
    (r"IPV[46] +│", "IP │"),
    (r" IP +│", " IP │"),
    (r"Commit: \S+ BuildDate: \S+", "BUILD"),
    (r"flyctl|\bfly\b(?= v)", "fly"),
    (r"(?m)[ \t]+$", ""),
)  # fmt: skip


def normal(text: str) -> str:
    """``text`` without what differs from run to run, and without empty lines."""
    for pattern, instead in _NORMAL:
        text = re.sub(pattern, instead, text)
    return "\n".join(line for line in text.splitlines() if line.strip())


def documents(text: str) -> tuple[str, list[Any]]:
    """(what is no JSON, the JSON documents): flyctl writes several of them, and words between."""
    rest, found, at = "", [], 0
    decoder = json.JSONDecoder()
    for match in re.finditer(r"(?m)^[\[{]", text):
        if match.start() < at:
            continue
        try:
            value, end = decoder.raw_decode(text, match.start())
        except ValueError:
            continue
        rest += text[at : match.start()]
        found.append(value)
        at = end
    return rest + text[at:], found


def shape(value: Any) -> Any:
    """Keys and types; of a list, those of all its members together. Keys that are ids become one."""
    if isinstance(value, dict):
        return {normal(key): shape(inside) for key, inside in sorted(value.items())}
    if isinstance(value, list):
        members: list[Any] = []
        for member in map(shape, value):
            if member not in members:
                members.append(member)
        return members
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "number"  # Go writes 28.0 as 28
    return type(value).__name__


def differences(real: Said, ours: Said, *, subset: bool = False) -> list[str]:
    """What is not as in ``real``, in words; empty when all is well."""
    found = []
    if real.exit != ours.exit:
        found.append(f"exit code {ours.exit}, not {real.exit}")
    for stream in ("stdout", "stderr"):
        theirs, mine = getattr(real, stream), getattr(ours, stream)
        (words, real_documents), (our_words, our_documents) = documents(theirs), documents(mine)
        if not _same_shapes(real_documents, our_documents):
            found += [f"{stream} JSON:", *_shape_lines(real_documents, our_documents)]
        found += _lines(stream, normal(words).splitlines(), normal(our_words).splitlines(), subset=subset)
    return found


def _same_shapes(real: list[Any], ours: list[Any]) -> bool:
    if len(real) > 1 and len(ours) > 1:  # a stream of documents: how many there are is not the point
        return all(shape(document) in shape(real) for document in ours)
    return bool(shape(real) == shape(ours))


def _shape_lines(real: list[Any], ours: list[Any]) -> list[str]:
    theirs, mine = (json.dumps(shape(x), indent=1, sort_keys=True).splitlines() for x in (real, ours))
    return _changes(theirs, mine)


def _lines(stream: str, real: list[str], ours: list[str], *, subset: bool) -> list[str]:
    if subset:
        rest = iter(real)
        extra = [line for line in ours if line not in rest]
        missing_error = [line for line in real if line.startswith("Error:") and line not in ours]
        changes = [f"  + {line}" for line in extra] + [f"  - {line}" for line in missing_error]
    else:
        changes = _changes(real, ours)
    return [f"{stream}:", *changes] if changes else []


def _changes(real: list[str], ours: list[str]) -> list[str]:
    import difflib

    return [
        f"  {line}"
        for line in difflib.unified_diff(real, ours, "real", "ours", n=1, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]

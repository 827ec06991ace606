"""The format that ``fly secrets import`` reads: an encoder that is exact for every value it accepts.

flyctl's parser has no escapes and quietly changes values: it cuts at ``#``, takes off quotes, drops leading
blanks, panics on a lone quote and loses everything after a line of 64 KiB. Values that no form of the format
carries exactly are refused (None): they go by ``fly secrets set NAME=-``.
"""

from __future__ import annotations

MAX_LINE = 60_000  # bytes; flyctl's scanner stops at 64 KiB


def encode(name: str, value: str) -> str | None:
    """Return the lines for one secret, or None when the format cannot carry ``value``."""
    if "\r" in value or "\0" in value or not value:
        return None
    if any(len(line.encode()) + len(name) + 10 > MAX_LINE for line in value.split("\n")):
        return None
    return _several_lines(name, value) if "\n" in value else _one_line(name, value)


def carried_alone(value: str) -> bool:
    """Whether ``fly secrets set NAME=-`` carries it: flyctl takes blanks and line breaks off both ends."""
    return bool(value) and value == value.strip() and len(value.encode()) <= MAX_LINE


def _cut_at_hash(text: str) -> bool:
    """A ``#`` survives only behind an odd number of double quotes."""
    before, found, _after = text.partition("#")
    return bool(found) and before.count('"') % 2 == 0


def _one_line(name: str, value: str) -> str | None:
    quoted = f'"{value}"'
    if _cut_at_hash(quoted) or quoted.startswith('"""'):
        return None
    return f"{name}={quoted}\n"


def _several_lines(name: str, value: str) -> str | None:
    first, *middle, last = value.split("\n")
    opening = f'"""{first}'
    if _cut_at_hash(opening) or first.startswith('"') or (opening.endswith('"""') and len(opening) >= 6):
        return None
    if any(line.endswith('"""') for line in middle) or last.endswith('"'):
        return None
    return f'{name}="""{value}"""\n'

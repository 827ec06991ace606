"""The format that ``fly secrets import`` reads: an encoder that is exact for every value it accepts.

flyctl's parser has no escapes and quietly changes values: it cuts at ``#``, takes off quotes, drops leading
blanks, panics on a lone quote and loses everything after a line of 64 KiB. Values that no form of the format
carries exactly are refused (None): they go by ``fly secrets set NAME=-``.
"""

from __future__ import annotations

from claw_tui.i18n import _

MAX_LINE = 60_000  # bytes; flyctl's scanner stops at 64 KiB
LONGEST_NAME = 200  # characters; what ``problem`` allows for


def encode(name: str, value: str) -> str | None:
    """Return the lines for one secret, or None when the format cannot carry ``value``."""
    if "\r" in value or not value or not _can_be_set(value):
        return None
    if any(len(line.encode()) + len(name) + 10 > MAX_LINE for line in value.split("\n")):
        return None
    return _several_lines(name, value) if "\n" in value else _one_line(name, value)


def carried_alone(value: str) -> bool:
    """Whether ``fly secrets set NAME=-`` carries it: flyctl takes blanks and line breaks off both ends."""
    return bool(value) and _can_be_set(value) and value == value.strip() and len(value.encode()) <= MAX_LINE


def problem(value: str) -> str:
    """Why ``value`` can't be sent as it is, in a sentence; or an empty string."""
    if "\0" in value:
        return _("It holds a zero byte, and no environment variable can hold that.")
    if not _can_be_set(value):
        return _("It holds a character that can't be sent: some of it was lost on the way here.")
    if len(value.encode()) > MAX_LINE:
        return _("It is too long: at most 60 000 bytes.")
    if encode("X" * LONGEST_NAME, value) is None and not carried_alone(value):
        return _(
            "flyctl would change it: there are blanks or line breaks at its ends, with quotes or # in it."
        )
    return ""


def _can_be_set(value: str) -> bool:
    """An environment variable holds no zero byte, and Fly's API takes UTF-8 only."""
    try:
        return b"\0" not in value.encode()
    except UnicodeEncodeError:  # half of a pair: what was not UTF-8 when it was read
        return False


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

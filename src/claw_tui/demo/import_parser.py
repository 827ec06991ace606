"""How ``fly secrets import`` reads its stdin, with everything that surprises people in it.

From flyctl's parser: no escapes; ``#`` cuts an unquoted value; outer quotes come off; ``\"\"\"`` spans lines; a lone
quote panics; a line of 64 KiB ends the reading without a word.
"""

from __future__ import annotations

SCANNER = 64 * 1024


class Panic(Exception):
    """flyctl crashes: exit code 3, the message on stdout."""


def parse_import(text: str) -> dict[str, str]:
    """Return the pairs that flyctl would send. Raises ValueError with its message, or Panic."""
    found: dict[str, str] = {}
    name, open_lines = "", None
    for scanned in text.split("\n"):
        if len(scanned.encode()) >= SCANNER:
            break
        line = scanned.removesuffix("\r")
        if open_lines is not None:
            if line.endswith('"""'):
                found[name] = "\n".join([*open_lines, line[:-3]])
                open_lines = None
            else:
                open_lines.append(line)
            continue
        if not line.strip() or line.startswith("#"):
            continue
        name, sep, value = line.partition("=")
        if not sep:
            raise ValueError(f"Secrets must be provided as NAME=VALUE pairs ({line} is invalid)")
        name, value = name.strip(), _before_comment(value.lstrip(" \t"))
        if value.startswith('"""') and not (value.endswith('"""') and len(value) >= 6):
            open_lines = [value[3:]]
            continue
        found[name] = _unquoted(value)
    return found


def _before_comment(value: str) -> str:
    """``#`` begins a comment unless an odd number of double quotes stands before it."""
    before, sep, _after = value.partition("#")
    return before.rstrip(" \t") if sep and before.count('"') % 2 == 0 else value


def _unquoted(value: str) -> str:
    if value.startswith('"""') and value.endswith('"""') and len(value) >= 6:
        return value[3:-3]
    if value in ('"', "'"):
        raise Panic("slice bounds out of range [1:0]")
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value

"""JSON5 as people write it, which OpenClaw reads: comments, loose commas, bare names, single quotes."""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*")|(?P<single>'(?:[^'\\]|\\.)*')|(?P<comment>//[^\n]*|/\*[\s\S]*?\*/)"""
    r"""|(?P<name>[A-Za-z_$][\w$]*)(?=\s*:)|(?P<comma>,)(?=(?:\s|//[^\n]*|/\*[\s\S]*?\*/)*[}\]])"""
)


def read(text: str) -> Any:
    """Raises JSONDecodeError; its place is that in ``text``, but for names without quotation marks before it."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return json.loads(TOKEN.sub(_strict, text))


def _strict(found: re.Match[str]) -> str:
    whole = found.group()
    match found.lastgroup:
        case "comment" | "comma":
            return re.sub(r"[^\n]", " ", whole)
        case "single":
            return json.dumps(whole[1:-1].replace("\\'", "'"))
        case "name":
            return f'"{whole}"'
    return whole

"""Planted secrets and how to find them again: as they are, and in every form that they could take on their way out."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

SHORTEST_HALF = 8  # characters; a shorter half is found in anything
# A piece of this length is a leak too, every fourth one is looked for; the beginning is the same in all keys of a kind.
PIECE, STEP, COMMON = 12, 4, 16
# What a terminal does with colours: a word that is half of one colour and half of another is still to be read.
_STYLE = re.compile(rb"\x1b\[[0-9;:]*m")
_ESCAPES = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-Z\\^-~]|[\x00-\x1f]"
)
_BLANKS = re.compile(rb"\s+")


def _based(value: bytes) -> Iterator[tuple[str, bytes]]:
    """At its three alignments, without the letters that depend on what stands before and behind."""
    for offset in range(3):
        whole = offset + len(value)
        first, last = (0, 2, 3)[offset], whole // 3 * 4 + (0, 1, 2)[whole % 3]
        text = base64.b64encode(b"\0" * offset + value)
        for name, coded in (("base64", text), ("base64url", text.translate(bytes.maketrans(b"+/", b"-_")))):
            yield f"{name}+{offset}", coded[first:last]


def forms(value: str) -> dict[str, bytes]:
    """Name of the form -> the bytes to look for. Forms that are the same are there once."""
    raw, middle = value.encode(), len(value) // 2
    found = {
        "raw": raw,
        "reversed": value[::-1].encode(),
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
    }
    found["url"], found["form"] = quote(value, safe="").encode(), quote_plus(value).encode()
    found["json"] = json.dumps(value)[1:-1].encode()
    found["repr"] = repr(value)[1:-1].encode()
    found |= dict(_based(raw))
    found["utf-16"], found["lower"], found["upper"] = (
        value.encode("utf-16-le"),
        value.lower().encode(),
        value.upper().encode(),
    )
    for start in range(COMMON, len(value) - PIECE + 1, STEP):
        found[f"piece {start}"] = value[start : start + PIECE].encode()
    if middle >= SHORTEST_HALF:
        found["first half"], found["second half"] = value[:middle].encode(), value[middle:].encode()
    for number, line in enumerate(value.split("\n")[:3] if "\n" in value else ()):
        if len(line) >= SHORTEST_HALF:
            found[f"line {number + 1}"] = line.encode()
    once: dict[bytes, str] = {}
    for name, needle in found.items():
        once.setdefault(needle, name)
    return {name: needle for needle, name in once.items()}


class Canaries:
    """A set of planted secrets by name. ``find`` says which of them are in some bytes, and in which form."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._forms = {name: forms(value) for name, value in values.items()}

    def find(self, data: bytes, *, but: Iterable[str] = ()) -> list[str]:
        """The secrets in ``data``, each with the first form found. ``but`` names those that may be there."""
        found, dense = [], _BLANKS.sub(b"", data)  # base64 and hex come in lines and in groups
        for name, needles in self._forms.items():
            form = next((form for form, needle in needles.items() if needle in data or needle in dense), "")
            if form and name not in but:
                found.append(f"{name} ({form})")
        return found

    def find_on_terminal(self, data: bytes) -> list[str]:
        """Also across colours, moves of the cursor and ends of lines."""
        seen = [data, _STYLE.sub(b"", data), _ESCAPES.sub(b"", data)]
        return sorted({hit for bytes_ in seen for hit in self.find(bytes_)})

    def find_in_files(self, *folders: Path, but: Iterable[str] = ()) -> list[str]:
        """In what files hold and in what they are called."""
        found = []
        for folder in folders:
            for path in folder.rglob("*"):
                hits = self.find(bytes(path.relative_to(folder)))
                if path.is_file() and not path.is_symlink():
                    hits += self.find(path.read_bytes(), but=but)
                found += [f"{path}: {hit}" for hit in hits]
        return found

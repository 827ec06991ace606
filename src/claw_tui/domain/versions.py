"""OpenClaw's versions: their order, and where it is written what they change."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBER = re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})(?![\d.])")
_OWN = re.compile(
    r"-with-[a-z-]+-[0-9a-f]{8}"
)  # what an image of our own has behind it (domain/own_image.py)


def number(version: str) -> tuple[int, ...]:
    """What to compare by; empty for a tag that is no exact version (latest, main)."""
    found = _NUMBER.match(version)
    return tuple(map(int, found.groups())) if found else ()


def version_of(image: str) -> str:
    """The tag of an image, without its digest: 2026.9.6, or whatever it is; empty when it has none.

    Of an image of our own it is the version that it was made of.
    """
    name, _at, _digest = image.partition("@")
    return _OWN.sub("", name.rpartition(":")[2]) if ":" in name.rpartition("/")[2] else ""


def is_older(version: str, other: str) -> bool:
    """Is ``version`` known to be older than ``other``?"""
    return bool(number(version) and number(other)) and number(version) < number(other)


def split(now: str, found: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(newer, older) than ``now``, newest first. When ``now`` is no number, all are newer."""
    ordered = sorted({v for v in found if number(v)} - {now}, key=number, reverse=True)
    newer = tuple(version for version in ordered if not is_older(version, now))
    return newer, tuple(version for version in ordered if version not in newer)


def release_page(version: str) -> str:
    """What it changes, for people to read."""
    return f"https://github.com/openclaw/openclaw/releases/tag/v{version}"

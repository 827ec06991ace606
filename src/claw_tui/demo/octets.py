"""The simulated files are texts: a byte that is no UTF-8 is kept in them as Python keeps one in a file's name."""

from __future__ import annotations


def octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def as_text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")

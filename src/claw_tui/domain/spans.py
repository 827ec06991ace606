"""Spans of time, in words."""

from __future__ import annotations


def span(seconds: float) -> str:
    """``4 s`` or ``2:05``."""
    whole = int(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60}:{whole % 60:02d}"

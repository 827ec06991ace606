"""The commands' names alone: every start of the program needs them, and few need more."""

from __future__ import annotations

NAMES = (
    "plan",
    "apply",
    "watch",
    "status",
    "harden",
    "expose",
    "doctor",
    "reach",
    "devices",
    "run",
    "get",
    "put",
    "change",
    "stop",
    "start",
    "restart",
    "migrate",
    "remove",
    "topics",
)

"""A scene: a state of the cloud, one command line, and how the world around it behaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

World = dict[str, Any]
Prepare = Callable[[World], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """``{machine}``, ``{volume}`` and ``{folder}`` in ``argv`` stand for what the prepared world and its folder have.

    ``env`` adds variables, None takes one away. ``typed``: lines for a terminal on stdin. ``interrupt``: the request
    during which SIGINT comes. ``subset``: the simulated one may leave lines of text out.
    ``inside``: what is at the end of flyctl's tunnel: an "agent" that opens none, or the machine's "files" or "commands".
    ``speed``: how much faster than life the cloud is; 0: nothing waits.
    """

    name: str
    argv: tuple[str, ...]
    prepare: tuple[Prepare, ...] = ()
    stdin: str | None = None
    env: Mapping[str, str | None] = field(default_factory=dict)
    typed: tuple[str, ...] = ()
    interrupt: str = ""
    files: dict[str, str] = field(default_factory=dict)
    conditions: tuple[World, ...] = ()
    subset: bool = False
    seconds: float = 120.0
    speed: float = 0.0
    inside: str = ""

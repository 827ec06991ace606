"""Every command line that domain/*_args.py can build, with arguments that make sense."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import claw_tui.domain
from claw_tui.domain.change_args import MachineChange
from claw_tui.domain.fly_args import Argv

ARGUMENTS: dict[str, object] = {
    "app": "my-app", "name": "my-name", "org": "personal", "region": "fra", "size_gb": 3, "vm_size": "shared-cpu-2x",
    "memory_mb": 2048, "names": ["A", "B"], "address": "66.241.124.1", "config": "/x/fly.toml", "folder": "/x",
    "label": "2026.9.6", "image": "ghcr.io/openclaw/openclaw:2026.9.6", "machine": "148e21ea4d9389",
    "machines": ["148e21ea4d9389"], "volume": "vol_1", "command": "sh -c true", "seconds": 25, "remote": "/data/x",
    "words": ["openclaw", "channels", "login"], "local": "/x/y", "file": "/x/phone.conf", "port": 13000,
}  # fmt: skip
SEVERAL: dict[str, tuple[object, ...]] = {
    "private": (True, False), "follow": (True, False), "stays": (True, False), "on": (True, False), "snapshot": ("", "vs_1"),
    "builder": ("", "remote", "machine", "local"),
    "change": (
        MachineChange("shared-cpu-2x", 4096, {"NODE_OPTIONS": "--max-old-space-size=3072"}, "node dist/index.js gateway"),
        MachineChange(own_command=True),
    ),
}  # fmt: skip


def modules() -> list[ModuleType]:
    """All of domain/*_args.py."""
    folder = Path(claw_tui.domain.__file__ or "").parent
    return [
        importlib.import_module(f"claw_tui.domain.{path.stem}") for path in sorted(folder.glob("*_args.py"))
    ]


def builders() -> Iterator[tuple[str, Any]]:
    """(where it is, the constant or function that makes a command line)"""
    for module in modules():
        for name, value in inspect.getmembers(module):
            is_line = name.isupper() and isinstance(value, tuple)
            hints = inspect.get_annotations(value) if inspect.isfunction(value) else {}
            is_builder = hints.get("return") == "Argv" and value.__module__ == module.__name__
            if is_line or is_builder:
                yield f"{module.__name__.rpartition('.')[2]}.{name}", value


def lines_of(builder: Any) -> list[Argv]:
    if isinstance(builder, tuple):
        return [builder]
    parameters = inspect.signature(builder).parameters
    choices = [SEVERAL[name] if name in SEVERAL else (ARGUMENTS[name],) for name in parameters]
    found = []
    for values in product(*choices):
        given = dict(zip(parameters, values, strict=True))
        positional = [given[p] for p, how in parameters.items() if how.kind is not how.KEYWORD_ONLY]
        named = {p: given[p] for p, how in parameters.items() if how.kind is how.KEYWORD_ONLY}
        found.append(builder(*positional, **named))
    return found

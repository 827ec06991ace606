"""The recordings' files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.real import VERSIONS
from tests.recordings.scenes import CLAWDBOT, JANUARY

RECORDED = (CLAWDBOT, JANUARY, *VERSIONS)
Document = dict[str, dict[str, Any]]


def path(version: str) -> Path:
    name = version if version == CLAWDBOT else f"openclaw-{version}"
    return Path(__file__).parent / f"{name}.json"


def load(version: str) -> Document:
    found: Document = json.loads(path(version).read_text())
    return found


def save(version: str, document: Document) -> None:
    path(version).write_text(json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n")

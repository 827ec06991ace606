"""Record the real OpenClaw anew: ``python -m tests.recordings [VERSION …] [scene …]``; says what has changed."""

from __future__ import annotations

import json
import sys
import tempfile
from difflib import unified_diff
from pathlib import Path

from tests.recordings import store
from tests.recordings.real_stage import DISCORD, KEYS, TOKEN, RealStage
from tests.recordings.scenes import scenes

SECRETS = (TOKEN, *KEYS.values(), *DISCORD.values())


def record(version: str, wanted: list[str]) -> None:
    before = store.load(version) if store.path(version).exists() else {}
    found = dict(before)
    for name, scene in scenes(version).items():
        if wanted and name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as home, RealStage(version, Path(home)) as stage:
            scene(stage)
        found[name] = stage.seen.document()
        text = json.dumps(found)
        assert not any(secret in text for secret in SECRETS), "a secret would be recorded"
        store.save(version, found)
        print(f"{version} {name}: {changes(before.get(name), found[name])}", flush=True)


def changes(before: dict[str, object] | None, after: dict[str, object]) -> str:
    """What is different, but for the seconds."""
    if before is None:
        return "new"
    old, new = (
        json.dumps({**one, "seconds": 0}, indent=1, sort_keys=True, ensure_ascii=False).splitlines()
        for one in (before, after)
    )
    return "\n".join(unified_diff(old, new, "before", "now", lineterm="", n=1)) or "as before"


versions = [word for word in sys.argv[1:] if word in store.RECORDED]
for each in versions or store.RECORDED:
    record(each, [word for word in sys.argv[1:] if word not in store.RECORDED])

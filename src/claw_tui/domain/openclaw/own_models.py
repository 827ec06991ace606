"""Ways to a model that an openclaw.json has without any secret of ours."""

from __future__ import annotations

from functools import lru_cache

from claw_tui.domain.openclaw import json5
from claw_tui.domain.openclaw.notes import object_in


@lru_cache(maxsize=4)
def opens_models_itself(text: str) -> bool:
    """It sets up providers of its own (an Ollama, for one), or names logins, which OpenClaw keeps in its database."""
    try:
        tree = json5.read(text)
    except ValueError:
        return False
    if not isinstance(tree, dict):
        return False
    return bool(
        object_in(object_in(tree, "models"), "providers") or object_in(object_in(tree, "auth"), "profiles")
    )

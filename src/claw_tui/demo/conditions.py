"""What Fly.io's API is made to answer for a while: entries of ``conditions`` in the world file.

    {"method": "POST", "path": "/volumes$", "status": 502, "acts": true, "times": 1, "body": {…}}

``path`` is a pattern for the end of the request's path (for GraphQL: ``/graphql#`` and the field that is asked for);
``acts``: the request was carried out before its answer was lost; ``status`` 0: nothing answers at all.
"""

from __future__ import annotations

import re

from claw_tui.demo.world import World


def take(now: World, method: str, path: str) -> World | None:
    """The condition that meets this request, counted down; or None."""
    for condition in now.get("conditions", ()):
        if (
            condition["times"] > 0
            and condition["method"] == method
            and re.search(condition["path"] + "$", path)
        ):
            condition["times"] -= 1
            found: World = condition
            return found
    return None

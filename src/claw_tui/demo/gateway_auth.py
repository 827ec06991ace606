"""How a simulated gateway lets a program of its own machine in: by its token, or by its password."""

from __future__ import annotations

import re

from claw_tui.demo.programs import program
from claw_tui.demo.world import World, digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PASSWORD = "OPENCLAW_GATEWAY_PASSWORD"  # noqa: S105  (a name)
NAMED = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


def _auth(config: dict[str, Any] | None) -> dict[str, Any]:
    return ((config or {}).get("gateway") or {}).get("auth") or {}


def _wanted(app: World, written: object, variable: str) -> str:
    """What a program has to have for it; empty when the gateway has none. One in the file counts more than the secret."""
    if isinstance(written, dict):
        variable = str(written.get("id", ""))
    elif isinstance(written, str) and written:
        named = NAMED.fullmatch(written)
        if named is None:
            return f"sim-{digest(written)}"
        variable = named.group(1)
    secret = app["secrets"].get(variable)
    usable = secret is not None and secret["status"] == "Deployed" and "blank" not in secret["traits"]
    return f"sim-{secret['digest']}" if usable else ""


def way_in(app: World, machine: World, config: dict[str, Any] | None) -> tuple[str, str]:
    """The variable in which a program gives it, and what it has to be; two empty words: there is none."""
    auth, token_name = _auth(config), program(machine).token
    token = _wanted(app, auth.get("token"), token_name)
    password = _wanted(app, auth.get("password"), PASSWORD)
    mode = auth.get("mode")
    if password and (mode == "password" or (mode is None and not token)):
        return PASSWORD, password
    return (token_name, token) if token and mode != "password" else ("", "")

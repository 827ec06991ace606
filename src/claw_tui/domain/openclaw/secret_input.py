"""A secret's place in openclaw.json: the name of a variable, or (alas) the value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from claw_tui.domain.openclaw.section import MISFIT, Section, at, text
from claw_tui.domain.secret import Secret

IN_TEXT = re.compile(r"\$\{([A-Z_][A-Z0-9_]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRef(Section):
    """Where OpenClaw reads the value from: it says so when it is not there."""

    source: str | None = at("source", text)
    provider: str | None = at("provider", text)
    id: str | None = at("id", text)


SecretInput = SecretRef | Secret


def from_env(name: str) -> SecretRef:
    """The variable ``name`` of the gateway's environment."""
    return SecretRef(source="env", provider="default", id=name)


def secret(value: Any) -> Any:
    if isinstance(value, str):
        return Secret(value)
    return SecretRef.read(value) if isinstance(value, dict) else MISFIT


def variable_of(value: SecretInput | None) -> str:
    """The variable that it names, or an empty string."""
    if isinstance(value, SecretRef):
        return value.id or "" if value.source == "env" else ""
    found = IN_TEXT.fullmatch(value.reveal()) if value is not None else None
    return found.group(1) if found else ""

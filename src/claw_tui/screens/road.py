"""The road: its steps in their order."""

from __future__ import annotations

from claw_tui.i18n import n_

STEPS: tuple[tuple[str, str], ...] = (
    ("start", n_("Start")), ("account", n_("Account")), ("app", n_("App")), ("secrets", n_("Secrets")),
    ("gateway", n_("Gateway")), ("privacy", n_("Privacy")), ("review", n_("Review")), ("deploy", n_("Deploy")),
    ("finish", n_("Finish")),
)  # fmt: skip
ORDER = tuple(step for step, _title in STEPS)


def after(step: str) -> str:
    return ORDER[min(ORDER.index(step) + 1, len(ORDER) - 1)]


def before(step: str) -> str:
    return ORDER[max(ORDER.index(step) - 1, 0)]

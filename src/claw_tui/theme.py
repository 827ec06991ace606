"""Colours: dark, light, and the terminal's own."""

from __future__ import annotations

from textual.theme import Theme

NO_COLOR_THEME = "ansi-dark"

THEMES = (
    Theme(
        name="claw-dark", primary="#3d6f8e", secondary="#5b8c85", accent="#ff8a65", warning="#e0b050", error="#e5737a",
        success="#7fb685", foreground="#dfe3e6", background="#14181b", surface="#1b2125", panel="#232b30", dark=True,
    ),
    Theme(
        name="claw-light", primary="#2f6f8f", secondary="#47766f", accent="#b3431c", warning="#8a6100", error="#b3261e",
        success="#2e7d32", foreground="#20262a", background="#f7f5f1", surface="#efece6", panel="#e3dfd7", dark=False,
    ),
)  # fmt: skip

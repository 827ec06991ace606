"""Keys as they are written on keyboards."""

from __future__ import annotations

from textual.binding import Binding

from claw_tui.widgets.marks import is_ascii

KEY_NAMES = {"escape": "Esc", "enter": "Enter", "space": "Space", "delete": "Del", "pagedown": "PgDn"}


def key_display(binding: Binding) -> str:
    if binding.key_display:
        return binding.key_display if binding.key_display.isascii() or not is_ascii() else "<->"
    return key_name(binding.key.split(",")[0])


def key_name(name: str) -> str:
    if name.startswith("ctrl+"):
        return f"^{name.removeprefix('ctrl+').upper()}"
    return KEY_NAMES.get(name, name.upper() if len(name) <= 3 else name.capitalize())

"""The few signs that the screens use, with an ASCII form for terminals without UTF-8. None means a colour alone."""

from __future__ import annotations

_SIGNS = {
    "done": ("✓", "+"), "failed": ("✗", "x"), "here": ("▸", ">"), "todo": ("·", "."), "same": ("=", "="),
    "warning": ("!", "!"), "more": ("…", "..."), "left": ("‹", "<"), "right": ("›", ">"), "dash": ("─", "-"),
    "on": ("[x]", "[x]"), "off": ("[ ]", "[ ]"), "partly": ("[-]", "[-]"), "down": ("▾", "v"), "bullet": ("•", "*"),
    "create": ("+", "+"), "change": ("~", "~"), "running": ("▸", ">"), "stopped": ("■", "#"),
}  # fmt: skip
_ascii = False


def use_ascii(*, on: bool) -> None:
    """Choose the ASCII forms, before the first screen."""
    global _ascii  # noqa: PLW0603
    _ascii = on


def is_ascii() -> bool:
    return _ascii


def sign(name: str) -> str:
    return _SIGNS[name][_ascii]

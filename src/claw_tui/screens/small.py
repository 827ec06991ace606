"""A window that is too small shows one sentence instead of everything; the cursor is where it was when it grows."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from textual.screen import Screen
from textual.widget import Widget

_cursor: WeakKeyDictionary[Screen[object], Widget] = WeakKeyDictionary()
CLASS = "-too-small"


def show_small(screen: Screen[object], *, small: bool) -> None:
    """Hidden widgets lose the focus: it is remembered, and given back."""
    if small and not screen.has_class(CLASS) and screen.focused is not None:
        _cursor[screen] = screen.focused
    screen.set_class(small, CLASS)
    before = _cursor.pop(screen, None) if not small else None
    if before is not None:
        screen.call_after_refresh(screen.set_focus, before)

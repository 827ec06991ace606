"""A window that is too small shows one sentence instead of everything; the cursor is where it was when it grows."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from textual import events
from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

_cursor: WeakKeyDictionary[Screen[Any], Widget] = WeakKeyDictionary()
CLASS, SENTENCE = "-too-small", "too-small"
MIN_COLUMNS, MIN_ROWS = 60, 20


class RoomNeeded(App[None]):
    """Nothing that is typed goes to what is not seen: while that sentence is shown only Ctrl+Q works."""

    is_small = False

    def on_resize(self, event: events.Resize) -> None:
        self.is_small = event.size.width < MIN_COLUMNS or event.size.height < MIN_ROWS
        for screen in self.screen_stack:
            show_small(screen, small=self.is_small)

    async def on_event(self, event: events.Event) -> None:
        hidden = self.is_small and bool(self.screen_stack) and self.screen.has_class(CLASS)
        if hidden and (
            isinstance(event, events.Paste) or (isinstance(event, events.Key) and event.key != "ctrl+q")
        ):
            return
        await super().on_event(event)


def show_small(screen: Screen[Any], *, small: bool) -> None:
    """Hidden widgets lose the focus: it is remembered, and given back. A screen of Textual's own has no such sentence."""
    if small == screen.has_class(CLASS) or not screen.query(f"#{SENTENCE}"):
        return
    if small and screen.focused is not None:
        _cursor[screen] = screen.focused
    screen.set_class(small, CLASS)
    if not small:
        screen.call_after_refresh(_give_back, screen, _cursor.pop(screen, None))


def _give_back(screen: Screen[Any], widget: Widget | None) -> None:
    """A screen that was opened while the window was small had no cursor yet."""
    if widget is not None:
        screen.set_focus(widget)
    elif screen.focused is None:
        screen.focus_next()

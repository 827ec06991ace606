"""The keys that work right now, on one line; on a screen with many keys on two.

Textual's Footer mounts one widget per key and does so again at every change of focus; this draws the same
information in one ``render``.
"""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.screen import Screen
from textual.widget import Widget

from claw_tui.i18n import _

ORDER = {"f1": 0, "ctrl+q": 2}  # help first, leaving last; what does not fit is on the help screen
MORE = " ..."  # further keys are on the help screen and in the palette
Shown = tuple[str, str, str, bool]


class KeyBar(Widget):
    """Drawn from the screen's active bindings; a click on one presses it."""

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: 1; background: $panel; color: $text;
        link-style: none; link-color: $text; link-background: $panel;
        link-style-hover: bold; link-color-hover: $text; link-background-hover: $boost;
    }
    KeyBar > .key-bar--key { color: $accent; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key"}

    _shown: tuple[Shown, ...] = ()

    def __init__(self, rows: int = 1) -> None:
        """``rows``: how many it may take; it takes no more than the keys need."""
        super().__init__()
        self._rows = rows

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def on_resize(self) -> None:
        self._fit()

    def _bindings_changed(self, screen: Screen[object]) -> None:
        shown: dict[str, Shown] = {}
        in_bar = getattr(screen, "in_bar", lambda _binding: True)
        for _node, binding, enabled, _tooltip in screen.active_bindings.values():
            if binding.show and binding.action not in shown and in_bar(binding):
                display = self.app.get_key_display(binding)
                shown[binding.action] = (display, _(binding.description), binding.key, enabled)
        keys = tuple(entry for entry in shown.values() if entry[3])
        if keys != self._shown:
            self._shown = keys
            self._fit()
            self.refresh()

    def _fit(self) -> None:
        if self._rows > 1:
            self.styles.height = max(1, len(self._laid_out()))

    def _laid_out(self) -> list[list[Shown]]:
        """The keys in rows of our width; what finds no room is left out."""
        rows: list[list[Shown]] = [[]]
        room = self.size.width - len(MORE)
        for entry in sorted(self._shown, key=lambda entry: ORDER.get(entry[2], 1)):
            width = _width(entry)
            if sum(map(_width, rows[-1])) + width > room:
                if len(rows) == self._rows:
                    break
                rows.append([])
            rows[-1].append(entry)
        return rows

    def render(self) -> Text:
        key_style = self.get_component_rich_style("key-bar--key", partial=True)
        text, rows = Text(no_wrap=True, overflow="ellipsis"), self._laid_out()
        for number, row in enumerate(rows):
            text.append("\n" if number else "")
            for display, description, key, _enabled in row:
                click = Style(meta={"@click": f"app.simulate_key('{key}')"})
                text.append(f" {display} ", key_style + click)
                text.append(f"{description} ", click)
        if sum(map(len, rows)) < len(self._shown):
            text.append(MORE)
        return text


def _width(entry: Shown) -> int:
    return cell_len(entry[0]) + cell_len(entry[1]) + 3

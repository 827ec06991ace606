"""The keys that work right now, on one line.

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

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        shown: dict[str, Shown] = {}
        for _node, binding, enabled, _tooltip in screen.active_bindings.values():
            if binding.show and binding.action not in shown:
                display = self.app.get_key_display(binding)
                shown[binding.action] = (display, _(binding.description), binding.key, enabled)
        keys = tuple(entry for entry in shown.values() if entry[3])
        if keys != self._shown:
            self._shown = keys
            self.refresh()

    def render(self) -> Text:
        key_style = self.get_component_rich_style("key-bar--key", partial=True)
        text = Text(no_wrap=True, overflow="ellipsis")
        for display, description, key, _enabled in sorted(
            self._shown, key=lambda entry: ORDER.get(entry[2], 1)
        ):
            if text.cell_len + cell_len(display) + cell_len(description) + 3 > self.size.width - len(MORE):
                text.append(MORE)
                break
            click = Style(meta={"@click": f"app.simulate_key('{key}')"})
            text.append(f" {display} ", key_style + click)
            text.append(f"{description} ", click)
        return text

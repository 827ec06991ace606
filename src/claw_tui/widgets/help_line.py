"""The lines that say what the field with the cursor is about."""

from __future__ import annotations

from textual.widgets import Static


class HelpLine(Static):
    """Painted together with the cursor's move: the screen is laid out anew only when the height changes."""

    def say(self, text: str) -> None:
        self.update(text, layout=False)
        if self.is_mounted and self.size:
            box = self.content_size
            if self.get_content_height(self.container_size, self.screen.size, box.width) != box.height:
                self.refresh(layout=True)

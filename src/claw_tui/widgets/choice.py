"""Choosing one of several on one row: left and right step through, Enter opens the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from claw_tui.i18n import n_
from claw_tui.widgets.marks import sign


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: what it is called for us, and for people."""

    id: str
    text: str
    detail: str = ""


class Choice(Widget, can_focus=True):
    """Shows the chosen option between arrows."""

    DEFAULT_CSS = """
    Choice { height: 1; width: 1fr; max-width: 60; background: $surface; padding: 0 1; }
    Choice:focus { background: $boost; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", n_("Other"), show=False),
        Binding("right", "step(1)", n_("Other"), key_display="←→"),
        Binding("enter,space", "open", n_("List")),
    ]

    value: reactive[str] = reactive("")

    class Changed(Message):
        """Another option was chosen; ``value`` is what it was at that moment."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice, self.value = choice, choice.value

        @property
        def control(self) -> Choice:
            return self.choice

    class Opened(Message):
        """The list is wanted: the screen shows it."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

        @property
        def control(self) -> Choice:
            return self.choice

    def __init__(
        self, options: Sequence[Option] = (), value: str = "", *, title: str = "", id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.options, self.title = tuple(options), title
        self.set_reactive(Choice.value, value)

    def set_options(self, options: Sequence[Option], value: str | None = None) -> None:
        self.options = tuple(options)
        if value is not None:
            self.value = value
        self.refresh()

    def choose(self, value: str) -> None:
        """What a person chose: the screen is told."""
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(self))

    def action_step(self, by: int) -> None:
        ids = [option.id for option in self.options]
        if ids:
            at = ids.index(self.value) if self.value in ids else -by if by < 0 else -1
            self.choose(ids[(at + by) % len(ids)])

    def action_open(self) -> None:
        self.post_message(self.Opened(self))

    def render(self) -> Text:
        chosen = next((option for option in self.options if option.id == self.value), None)
        shown = chosen.text if chosen else self.value or sign("more")
        text = Text(f"{sign('left')} {shown} {sign('right')}", no_wrap=True, overflow="ellipsis")
        if chosen and chosen.detail:
            text.append(f"  {chosen.detail}", "dim")
        return text


class Toggle(Widget, can_focus=True):
    """Yes or no on one row."""

    DEFAULT_CSS = """
    Toggle { height: 1; width: 1fr; max-width: 60; padding: 0 1; background: $surface; }
    Toggle:focus { background: $boost; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "flip", n_("Switch"))]

    value: reactive[bool] = reactive(False)

    class Changed(Message):
        """It was switched; ``value`` is what it was at that moment."""

        def __init__(self, toggle: Toggle) -> None:
            super().__init__()
            self.toggle, self.value = toggle, toggle.value

        @property
        def control(self) -> Toggle:
            return self.toggle

    def __init__(self, text: str, *, value: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = text
        self.set_reactive(Toggle.value, value)

    def action_flip(self) -> None:
        self.value = not self.value
        self.post_message(self.Changed(self))

    def render(self) -> Text:
        return Text(
            f"{sign('on') if self.value else sign('off')} {self._text}", no_wrap=True, overflow="ellipsis"
        )


class Opener(Widget, can_focus=True):
    """A summary on one row that opens a screen of its own."""

    DEFAULT_CSS = """
    Opener { height: 1; width: 1fr; max-width: 60; padding: 0 1; background: $surface; text-wrap: nowrap; text-overflow: ellipsis; }
    Opener:focus { background: $boost; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "open", n_("Open"))]

    class Opened(Message):
        """Its screen is wanted."""

        def __init__(self, opener: Opener) -> None:
            super().__init__()
            self.opener = opener

        @property
        def control(self) -> Opener:
            return self.opener

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = text

    def show(self, text: str) -> None:
        self._text = text
        self.refresh()

    def action_open(self) -> None:
        self.post_message(self.Opened(self))

    def render(self) -> Text:
        return Text(f"{self._text} {sign('right')}", no_wrap=True, overflow="ellipsis")

"""A label, a control, and a line for what is wrong or worth knowing."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Label, Static

from claw_tui.widgets.marks import sign


class Field(Container):
    """One question. ``help`` is what it is, why it is asked, and its default; the screen shows it on focus."""

    DEFAULT_CSS = """
    Field { layout: grid; grid-size: 2; grid-columns: 21 1fr; grid-rows: auto; height: auto; width: 1fr; }
    Field > Label { color: $text-muted; padding: 0 1 0 1; width: 21; }
    Field:focus-within > Label { color: $accent; }
    Field > .note { column-span: 2; height: auto; padding: 0 1 0 21; color: $text-muted; display: none; }
    Field > .note.-shown { display: block; }
    Field > .note.-problem { color: $error; }
    Field > .note.-good { color: $success; }
    """

    def __init__(self, label: str, control: Widget, *, help_text: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self._label, self.control, self.help_text = label, control, help_text

    def compose(self) -> ComposeResult:
        yield Label(self._label, markup=False)
        yield self.control
        yield Static("", classes="note", markup=False)

    def note(self, text: str, *, problem: bool = False, good: bool = False) -> None:
        """Show a line below the control; an empty text removes it."""
        line = self.query_one(".note", Static)
        mark = f"{sign('failed')} " if problem else f"{sign('done')} " if good else ""
        line.update(f"{mark}{text}" if text else "")
        line.set_class(bool(text), "-shown")
        line.set_class(problem, "-problem")
        line.set_class(good, "-good")


def field_around(widget: Widget | None) -> Field | None:
    """The field that a widget is in, or is."""
    nodes = widget.ancestors_with_self if widget is not None else ()
    return next((node for node in nodes if isinstance(node, Field)), None)

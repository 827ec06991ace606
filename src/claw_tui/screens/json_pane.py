"""openclaw.json itself, beside the form or in its place: to read, to edit, with what is wrong at its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static, TextArea

from claw_tui.i18n import _, many, n_
from claw_tui.screens.base import Page
from claw_tui.widgets.json_area import JsonArea
from claw_tui.widgets.marks import sign

if TYPE_CHECKING:
    from claw_tui.domain.openclaw.edited import Finding
    from claw_tui.engine.config_desk import ConfigDesk

QUIET_SECONDS = 0.25  # nothing typed for so long: then it is looked at


class JsonPane(Vertical):
    """The text and what is wrong with it. What is typed counts when the pane is left."""

    DEFAULT_CSS = """
    JsonPane { width: 1fr; height: 1fr; border-left: solid $panel; padding: 0 0 0 1; display: none; }
    JsonPane.-shown { display: block; }
    JsonPane > #json-title { height: 1; color: $text-muted; }
    JsonPane.-editing > #json-title { color: $accent; text-style: bold; }
    JsonPane > #json-status { height: 3; color: $text-muted; padding: 0 1 0 0; }
    JsonPane > #json-status.-problem { color: $text-error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "done", n_("To the form")),
        Binding("f8", "next_problem", n_("Next problem")),
    ]

    class Done(Message):
        """The person wants to go back to the form, or on."""

    def __init__(self, desk: ConfigDesk) -> None:
        super().__init__(id="json-pane")
        self._desk = desk
        self._shown = ""
        self._found: list[Finding] = []
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static("openclaw.json", id="json-title", markup=False)
        yield JsonArea(id="json")
        yield Static("", id="json-status", markup=False)

    @property
    def area(self) -> JsonArea:
        return self.query_one(JsonArea)

    @property
    def text(self) -> str:
        return self.area.text

    @property
    def is_changed(self) -> bool:
        """Something was typed that is not in the answers yet."""
        return self.is_mounted and self.text != self._shown

    def show(self) -> None:
        """The file as the answers have it now; what was typed and not taken stays."""
        text = self._desk.text()
        if self.is_changed or text == self._shown:
            return
        self._shown = text
        where = self.area.cursor_location
        self.area.load_text(text)
        self.area.move_cursor(where)
        self.look()

    def drop(self) -> None:
        """What was typed is in the answers now, or is not wanted any more."""
        self._shown = self.text
        self.show()

    def load(self, text: str) -> None:
        """Another file's text, as if it were typed: it can be taken back."""
        self.area.replace(text, (0, 0), self.area.document.end)
        self.area.move_cursor((0, 0))

    @on(TextArea.Changed)
    def _changed(self) -> None:
        if self.area.has_focus and isinstance(self.screen, Page):
            self.screen.untell()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(QUIET_SECONDS, self.look)

    def look(self) -> None:
        """Mark the lines that have a problem, and say the one that is next."""
        self._found = self._desk.findings(self.text)
        self.area.mark(finding.line for finding in self._found)
        self._say()

    @on(TextArea.SelectionChanged)
    def _say(self) -> None:
        status = self.query_one("#json-status", Static)
        status.set_class(bool(self._found), "-problem")
        here = self.area.cursor_location[0] + 1
        if not self._found:
            status.update(_("Nothing is wrong with it that can be seen from here."))
            return
        finding = next((f for f in self._found if f.line >= here), self._found[0])
        problem = finding.problem
        count = many("{count} problem", "{count} problems", len(self._found))
        line = _("line {line}").format(line=finding.line)
        words = (
            f"{sign('failed')} {count} {sign('bullet')} {line}, {problem.place}: {problem.told} {problem.fix}"
        )
        status.update(words)

    def action_next_problem(self) -> None:
        here = self.area.cursor_location[0] + 1
        following = [f for f in self._found if f.line > here] or self._found
        if following:
            self.area.go_to(following[0].line)
            self._say()

    def action_done(self) -> None:
        self.post_message(self.Done())

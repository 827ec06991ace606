"""What every screen shares: the top lines, the body, the notice, the help for the focused field, the keys."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import nullcontext
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.messages import Prune
from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from claw_tui.domain.errors import ClawError
from claw_tui.i18n import _, n_
from claw_tui.screens import road
from claw_tui.screens.small import SENTENCE, show_small
from claw_tui.widgets.field import Field, field_around
from claw_tui.widgets.help_line import HelpLine
from claw_tui.widgets.key_bar import KeyBar
from claw_tui.widgets.line_input import LineInput
from claw_tui.widgets.marks import sign
from claw_tui.widgets.rail import Rail

if TYPE_CHECKING:
    from claw_tui.app import ClawApp
    from claw_tui.engine.session import Session

T = TypeVar("T")
DIALOG_KEY_ROWS = 2


def too_small() -> Static:
    """What is shown instead of everything below 60 x 20."""
    return Static(
        _("Please make this window larger: 60 columns and 20 rows at least. Ctrl+Q leaves."),
        id=SENTENCE,
        markup=False,
    )


class Ours(Screen[T]):
    """What pages and dialogs have in common."""

    HELP: ClassVar[str] = ""  # what F1 shows besides the keys
    # Screen.focused repaints the whole screen at every Tab; the two widgets concerned repaint themselves.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    @property
    def claw(self) -> ClawApp:
        return cast("ClawApp", self.app)

    @property
    def session(self) -> Session:
        return self.claw.session

    async def on_prune(self, event: Prune) -> None:  # noqa: ARG002
        """Its widgets go first, and what still runs for it would look for them."""
        self.workers.cancel_node(self)

    def on_key(self, event: events.Key) -> None:
        """The key bar writes keys as keyboards do: K is k, with Shift or without."""
        if len(event.key) == 1 and event.key.isupper():
            event.stop()
            small = events.Key(event.key.lower(), event.key.lower())
            # Sent by this screen it would not get as far as the app, which knows what it means.
            small.set_sender(self.app)
            self.app.post_message(small)


class Page(Ours[None]):
    """A full screen with a rail or without."""

    STEP: ClassVar[str] = ""
    HAS_FIELDS: ClassVar[bool] = False  # it has a line of help for the field with the cursor
    INTRO: ClassVar[str] = ""  # one sentence under the rail
    BESIDE: ClassVar[bool] = False  # something else may stand beside its body
    KEY_ROWS: ClassVar[int] = 1  # of keys at the bottom, at most

    def __init__(self) -> None:
        super().__init__()
        self._mode = ""  # the one of the app that this page is in
        self._covered = False  # by a dialog

    def compose(self) -> ComposeResult:
        yield Static(id="top", markup=False)
        if self.STEP in road.ORDER:
            yield Rail(road.STEPS, self.STEP)
        if self.INTRO:
            yield Static(_(self.INTRO), id="intro", markup=False)
        beside = Horizontal(id="beside") if self.BESIDE else nullcontext()
        with beside, VerticalScroll(id="body", can_focus=False):
            yield from self.compose_body()
        yield Static(id="notice", markup=False)
        help_line = HelpLine(id="help", markup=False)
        help_line.display = self.HAS_FIELDS
        yield help_line
        yield KeyBar(self.KEY_ROWS)
        yield too_small()

    def compose_body(self) -> ComposeResult:
        yield from ()

    def on_mount(self) -> None:
        show_small(self, small=self.claw.is_small)
        self.set_class(self.HAS_FIELDS, "-form")
        self.show_top()

    def renew(self) -> None:
        """Called before anything is shown to somebody who comes here."""

    def resumed(self) -> None:
        """Called each time that this page is in front again. (A handler of Textual's would be called beside Page's own.)"""

    def arrived(self) -> None:
        """Called each time that one comes here from another page, and not when a dialog over this one closes."""

    def on_resize(self) -> None:
        self.show_top()

    def on_screen_suspend(self) -> None:
        self._covered = self.app.current_mode == self._mode

    def on_screen_resume(self) -> None:
        show_small(self, small=self.claw.is_small)  # the window may have changed meanwhile
        self.show_top()
        self._mode = self.app.current_mode
        self.renew()
        if not self._covered:
            self.arrived()
        self._covered = False
        if self.STEP in road.ORDER:
            self.query_one(Rail).show(self.claw.done_steps())
        self.resumed()

    def show_top(self) -> None:
        """The first line: the program, the app, and whether all of this is a simulation."""
        app = (self.session.home_app or self.session.spec.app) if self.claw.is_loaded else ""
        left = f" claw-tui{'  ' + sign('bullet') + '  ' + app if app else ''}"
        width = self.app.size.width
        words = (_("DEMO: a simulated cloud, nothing is real"), _("DEMO: nothing is real"), _("DEMO"))
        fitting = (text for text in words if len(left) + len(text) + 2 <= width)
        right = f"{next(fitting, words[-1])} " if self.claw.demo else ""
        space = max(1, width - len(left) - len(right))
        self.query_one("#top", Static).update(left + " " * space + right)

    def focus_field(self, field_id: str) -> None:
        self.query_one(f"#{field_id}", Field).control.focus()

    # -- what is said ---------------------------------------------------------------------------------------------
    def tell(self, text: str, hint: str = "", *, problem: bool = False) -> None:
        """A line above the keys that stays until something else is said."""
        notice = self.query_one("#notice", Static)
        mark = f"{sign('failed')} " if problem else ""
        notice.update("\n".join(filter(None, (f"{mark}{text}" if text else "", hint))))
        notice.set_class(bool(text), "-shown")
        notice.set_class(problem, "-problem")

    def untell(self) -> None:
        """What was wrong is not there any more."""
        if self.query_one("#notice", Static).has_class("-problem"):
            self.tell("")

    def tell_error(self, error: ClawError) -> None:
        """What another program said may be in it."""
        self.tell(self.session.redact(error.message), error.hint, problem=True)

    async def start_and_watch(self, start: Awaitable[object]) -> None:
        """Hand a run over, and go where it is watched. Raises what ``start`` raises; then one stays here."""
        self.tell(_("Starting …"))
        await start
        self.tell("")
        self.claw.go("deploy")

    @property
    def told(self) -> str:
        return str(self.query_one("#notice", Static).content)

    def watch_focused(self, focused: Widget | None) -> None:
        """At once, and not by the message that Textual sends: that would paint the screen twice at every Tab."""
        field = field_around(focused)
        if field is not None and self.HAS_FIELDS:
            self.query_one("#help", HelpLine).say(field.help_text)


class WizardScreen(Page):
    """A step of the road: back and on, and nothing that was typed is ever lost."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "next", n_("Next")),
        Binding("escape", "back", n_("Back")),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._filled: dict[str, str] = {}
        self._begun = 0  # whose answers they are

    def renew(self) -> None:
        """What was typed for another gateway does not stay."""
        if self.claw.is_loaded and self._begun != self.session.begun:
            self._begun = self.session.begun
            self._filled.clear()
            self.focus_first()

    def focus_first(self) -> None:
        """Where the cursor belongs for somebody who begins with another gateway."""

    def fill(self, input_id: str, value: str) -> None:
        """Put an answer into a typed field, unless it is the one that was put there before: what was typed stays."""
        if self._filled.get(input_id) != value:
            self._filled[input_id] = value
            self.query_one(f"#{input_id}", LineInput).value = value

    async def leave(self) -> bool:
        """Take over what was typed. False, with a word about what is wrong, when it can't be used."""
        return True

    async def keep(self) -> None:
        """Take over what was typed as far as it can be used; nothing is said."""
        await self.leave()

    async def action_next(self) -> None:
        if await self.leave():
            self.tell("")
            self.claw.go(road.after(self.STEP))

    def back_to(self) -> str:
        return road.before(self.STEP)

    async def action_back(self) -> None:
        await self.keep()
        self.tell("")
        self.claw.go(self.back_to())

    @on(LineInput.Submitted)
    def _enter(self) -> None:
        """Enter in a field goes to the next one."""
        self.focus_next()

    def problem_at(self, field_id: str, words: str) -> None:
        """Mark a field and put the cursor there."""
        self.query_one(f"#{field_id}", Field).note(words, problem=True)
        self.focus_field(field_id)


class Dialog(ModalScreen[T], Ours[T]):
    """A screen over another one, which answers with a ``T`` or nothing."""

    # The app's own keys stop at a dialog.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", n_("Help")),
        Binding("escape", "close", n_("Close")),
    ]
    _late: tuple[T | None] | None = None  # what it ended with while another step of the road was shown

    def on_mount(self) -> None:
        show_small(self, small=self.claw.is_small)

    def on_screen_resume(self) -> None:
        show_small(self, small=self.claw.is_small)
        if self._late is not None:
            self.dismiss(*self._late)

    def compose(self) -> ComposeResult:
        yield from self.compose_body()
        yield KeyBar(DIALOG_KEY_ROWS)
        yield too_small()

    def compose_body(self) -> ComposeResult:
        yield from ()

    def action_close(self) -> None:
        self.dismiss(None)

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Once, and with what lies over it (help, the palette): Textual would take away whatever is on top."""
        stack = self.app.screen_stack
        if self not in stack:
            self._late = (result,)
            return AwaitComplete()
        for over in reversed(stack[stack.index(self) + 1 :]):
            over.dismiss()
        return super().dismiss(result)

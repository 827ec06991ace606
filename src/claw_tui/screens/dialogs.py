"""Small screens that several others use: a list, a question, a text, a file name, help."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog
from claw_tui.widgets.line_input import LineInput
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item, PickList, TickList


class PickDialog(Dialog[str]):
    """Choose one of a list; typing narrows it. Answers with its id."""

    HELP: ClassVar[str] = n_(
        "Choose one with the arrow keys and Enter. Typing narrows the list. Escape changes nothing."
    )

    def __init__(
        self, title: str, items: Sequence[Item], current: str = "", *, note: str = "", text_width: int = 0
    ) -> None:
        super().__init__()
        self._heading, self._items, self._current, self._note = title, items, current, note
        self._text_width = text_width

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -tall"):
            yield Static(self._heading, classes="title", markup=False)
            yield PickList(self._items, filters=True, text_width=self._text_width)
            yield Static(self._note or _("Type to search."), id="filter", classes="muted", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(PickList).set_items(self._items, self._current)
        self.query_one(PickList).focus()

    @on(PickList.Narrowed)
    def _narrowed(self, event: PickList.Narrowed) -> None:
        text = _("Search: {words}").format(words=event.query) if event.query else ""
        if self.query_one(PickList).finds_nothing:
            text = _("Nothing has “{words}”. Backspace takes it back.").format(words=event.query)
        self.query_one("#filter", Static).update(text or self._note or _("Type to search."))

    @on(PickList.Chosen)
    def _chosen(self, event: PickList.Chosen) -> None:
        if event.item:
            self.dismiss(event.item)

    def action_close(self) -> None:
        if not self.query_one(PickList).clear_filter():
            self.dismiss(None)


class PickSeveralDialog(Dialog[tuple[str, ...]]):
    """Tick several of a list; answers with their ids in the list's order."""

    HELP: ClassVar[str] = n_(
        "Space ticks what is under the cursor, Enter takes what is ticked. Escape asks before it drops a change."
    )

    ASKS: ClassVar[bool] = True  # before a change is dropped

    def __init__(self, title: str, items: Sequence[Item], ticked: Collection[str], *, note: str = "") -> None:
        super().__init__()
        self._heading, self._items, self._ticked, self._note = title, items, ticked, note

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -tall"):
            yield Static(self._heading, classes="title", markup=False)
            yield TickList(self._items, ticked=self._ticked)
            yield Static(self._note, classes="muted", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(PickList).focus()

    @on(PickList.Chosen)
    def _done(self) -> None:
        ticked = self.query_one(TickList).ticked
        self.dismiss(tuple(item.id for item in self._items if item.id in ticked))

    def action_close(self) -> None:
        self.leave()

    @work(exclusive=True, group="leave")
    async def leave(self) -> None:
        ticks = self.query_one(TickList)
        if ticks.clear_filter():
            return
        same = ticks.ticked == set(self._ticked)
        if same or not self.ASKS or await may_drop(self.app):
            self.dismiss(None)


class AskDialog(Dialog[bool]):
    """A question with two answers; the careful one has the focus."""

    HELP: ClassVar[str] = n_("Choose an answer with the arrow keys and Enter. Escape is the careful one.")

    def __init__(self, question: str, yes: str, no: str) -> None:
        super().__init__()
        self._question, self._yes, self._no = question, yes, no

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel"):
            yield Static(self._question, markup=False)
            answers = PickList((Item("no", self._no), Item("yes", self._yes)), id="answers")
            answers.styles.height, answers.styles.margin = 2, (1, 0, 0, 0)
            yield answers

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#answers").focus()

    @on(PickList.Chosen)
    def _answered(self, event: PickList.Chosen) -> None:
        self.dismiss(event.item == "yes")


async def may_drop(app: App[Any], words: str = "") -> bool:
    """Whether what was chosen and not yet taken over is to go. Escape does not drop it."""
    question = words or _("You changed something here, and Enter would take it over. Drop it?")
    answer: bool | None = await app.push_screen_wait(AskDialog(question, _("Drop it"), _("Go on choosing")))
    return bool(answer)


class TextDialog(Dialog[None]):
    """A text to read, with a key to save it where there is a name for the file."""

    HELP: ClassVar[str] = n_("A text to read: the arrow keys and Page Down move it. Escape closes it.")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f6", "save", n_("Save to a file"))]

    def __init__(self, title: str, text: str, *, file_name: str = "") -> None:
        super().__init__()
        self._heading, self._text, self._file_name = title, text, file_name

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -wide"):
            yield Static(self._heading, classes="title", markup=False)
            with VerticalScroll(id="text"):
                yield Static(self._text, markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#text").focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._file_name) if action == "save" else super().check_action(action, parameters)

    def action_save(self) -> None:
        self.claw.save_text(self._file_name, self._text)


class ReadDialog(Dialog[str]):
    """A text to read, and what to do about it; the first answer is the careful one and has the cursor."""

    HELP: ClassVar[str] = n_(
        "What would be done, before anything is done. Page Down reads on; choose an answer with the arrow keys and Enter."
        " Escape is the careful one: nothing is changed."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "scroll(1)", n_("Read on"), priority=True),
        Binding("pageup", "scroll(-1)", show=False, priority=True),
    ]

    def __init__(self, title: str, text: str, answers: Sequence[Item]) -> None:
        super().__init__()
        self._heading, self._text, self._answers = title, text, tuple(answers)

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -wide"):
            yield Static(self._heading, classes="title", markup=False)
            with VerticalScroll(id="text"):
                yield Static(self._text, markup=False)
            answers = PickList(self._answers, id="answers")
            answers.styles.height, answers.styles.margin = len(self._answers), (1, 0, 0, 0)
            yield answers

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#answers").focus()

    def action_scroll(self, pages: int) -> None:
        text = self.query_one("#text", VerticalScroll)
        text.scroll_relative(y=pages * max(1, text.size.height - 1), animate=False)

    @on(PickList.Chosen)
    def _answered(self, event: PickList.Chosen) -> None:
        self.dismiss(event.item)


class _OneLine(LineInput):
    """Alone in its window: Enter is said."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", n_("Done"))]


class LineDialog(Dialog[str]):
    """One line of text. Answers with it."""

    HELP: ClassVar[str] = n_("Type, then Enter. Escape changes nothing.")

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        note: str = "",
        placeholder: str = "",
        may_be_empty: bool = False,
    ) -> None:
        super().__init__()
        self._may_be_empty = may_be_empty
        self._heading, self._value, self._note, self._placeholder = title, value, note, placeholder

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel"):
            yield Static(self._heading, classes="title", markup=False)
            yield _OneLine(self._value, placeholder=self._placeholder)
            yield Static(self._note, classes="muted", markup=False)

    @on(LineInput.Submitted)
    def _submitted(self, event: LineInput.Submitted) -> None:
        if event.value.strip() or self._may_be_empty:
            self.dismiss(event.value.strip())


class HelpDialog(Dialog[None]):
    """What this screen is for, and every key that works on it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "close", n_("Close"), show=False),
        Binding("f2", "topics", n_("Costs, settings, notes ...")),
    ]

    def __init__(self, about: str, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._about, self._keys = about, keys

    def compose_body(self) -> ComposeResult:
        width = max((len(key) for key, _words in self._keys), default=0)
        lines = [f"  {key.ljust(width)}  {words}" for key, words in self._keys]
        with Vertical(classes="panel -tall"):
            yield Static(_("Help"), classes="title", markup=False)
            with VerticalScroll(id="text"):
                yield Static(self._about, markup=False)
                yield Static(f"\n{_('Keys here')} {sign('down')}\n" + "\n".join(lines), markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#text").focus()

    @work(group="topics", exclusive=True)
    async def action_topics(self) -> None:
        from claw_tui.screens.topics import read_topics  # noqa: PLC0415

        await read_topics(self.claw)

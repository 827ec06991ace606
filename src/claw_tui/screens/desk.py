"""A form with its file beside it: openclaw.json can be looked at, edited, loaded, saved and compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from claw_tui.domain.errors import ClawError
from claw_tui.i18n import _, n_
from claw_tui.screens.base import WizardScreen
from claw_tui.screens.file_secrets import agreed_secrets
from claw_tui.screens.json_pane import JsonPane
from claw_tui.widgets.help_line import HelpLine

if TYPE_CHECKING:
    from claw_tui.domain.openclaw.edited import Edit
    from claw_tui.engine.config_desk import Loaded

WIDE = 120  # columns, from which on both have room beside each other
MANY_LINES = 3  # more than that is no notice but a text to read


class DeskScreen(WizardScreen):
    """Both always say the same: the file follows each answer, the form follows the file when that is left."""

    BESIDE = True
    HAS_FIELDS = True
    KEY_ROWS = 2
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "file", n_("openclaw.json")),
        Binding("f6", "save_file", n_("Save it")),
        Binding("f7", "load_file", n_("Load one")),
        Binding("f9", "compare", n_("Compare")),
        Binding("ctrl+z", "undo", n_("Undo")),
        Binding("ctrl+y", "redo", n_("Redo"), show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._pane: JsonPane | None = None
        self._came_from: Widget | None = None  # where the cursor was in the form
        self._loaded: Loaded | None = None  # a file that is in the editor, and not in the answers yet

    def on_mount(self) -> None:
        super().on_mount()
        from claw_tui.engine.config_desk import ConfigDesk  # noqa: PLC0415

        self.desk = ConfigDesk(self.session)
        self.call_after_refresh(self._fit)

    def on_resize(self) -> None:
        super().on_resize()
        self.call_after_refresh(self._fit)

    # -- for the form ---------------------------------------------------------------------------------------------
    def refresh_form(self) -> None:
        """Show the answers in the form again."""
        raise NotImplementedError

    def take_typed(self) -> tuple[str, str]:
        """Take over what was typed in the form: the field that can't be used and why, or two empty texts."""
        raise NotImplementedError

    def change(self, **changes: Any) -> None:
        self.desk.change(**changes)
        self.refresh_form()
        self.refresh_file()

    # -- the file -------------------------------------------------------------------------------------------------
    @property
    def is_wide(self) -> bool:
        return self.app.size.width >= WIDE

    @property
    def is_editing(self) -> bool:
        """The cursor is in the file."""
        return self._pane is not None and self._pane.has_focus_within

    def refresh_file(self) -> None:
        if self._pane is not None and self._pane.is_mounted:
            self._pane.show()

    async def _open_pane(self) -> JsonPane:
        if self._pane is None:
            self._pane = JsonPane(self.desk)
            await self.query_one("#beside", Horizontal).mount(self._pane)
        self._pane.show()
        return self._pane

    async def _fit(self) -> None:
        """A wide window shows both; a narrow one the form, or the file while it is edited."""
        if self.is_wide:
            await self._open_pane()
        self.set_class(self.is_wide, "-both")
        self._show_pane(editing=self.is_editing)

    def _show_pane(self, *, editing: bool) -> None:
        alone = editing and not self.is_wide
        self.set_class(alone, "-file-only")
        self.query_one("#help").display = not alone
        if self._pane is not None:
            self._pane.set_class(self.is_wide or editing, "-shown")
            self._pane.set_class(editing, "-editing")
        if editing:
            words = _("What you type in the file counts when you leave it: F4 or Escape. Ctrl+Z takes back.")
            self.query_one("#help", HelpLine).say(words)

    async def action_file(self) -> None:
        """To the file, and back to the form."""
        if self.is_editing:
            self.to_form()
        elif self._typed_well():
            await self._edit()

    def _typed_well(self) -> bool:
        """What was typed in the form is in the answers; else the cursor goes to what is wrong."""
        field, words = self.take_typed()
        if field:
            self.problem_at(field, words)
        return not field

    async def _edit(self) -> None:
        pane = await self._open_pane()
        if not self.is_editing:
            self._came_from = self.focused
        self._show_pane(editing=True)
        pane.area.focus()
        pane.look()

    def _close(self) -> None:
        self._show_pane(editing=False)
        if self._came_from is not None and self._came_from.is_mounted and self._came_from.focusable:
            self._came_from.focus()
        else:
            self.focus_first()

    def focus_first(self) -> None:
        """The cursor into the form."""
        raise NotImplementedError

    @on(JsonPane.Done)
    def _done(self) -> None:
        self.to_form()

    @work(exclusive=True, group="file")
    async def to_form(self) -> None:
        from claw_tui.screens.dialogs import AskDialog  # noqa: PLC0415

        if not await self.take_file():
            question = _("This openclaw.json can't be used as it is. Drop what was changed in it?")
            if not await self.app.push_screen_wait(AskDialog(question, _("Drop it"), _("Go on editing it"))):
                return
            assert self._pane is not None
            self._pane.drop()
            self._loaded = None
            self.tell("")
        self._close()

    @on(events.DescendantFocus)
    def _left(self, event: events.DescendantFocus) -> None:
        """By a click, or by Shift+Tab."""
        pane = self._pane
        if pane is not None and pane.is_changed and pane not in event.widget.ancestors_with_self:
            self.take_or_return()

    @work(exclusive=True, group="file")
    async def take_or_return(self) -> None:
        if not await self.take_file() and self._pane is not None:
            self._pane.area.focus()

    async def take_file(self, *, asks: bool = True) -> bool:
        """Make what was typed in the file the answers. False when it can't be used; that was said."""
        pane = self._pane
        if pane is None or not pane.is_changed:
            return True
        try:
            edit = self.desk.read(pane.text)
            if edit.refused:
                first = edit.refused[0]
                self.tell(f"{first.place}: {first.told}", first.fix, problem=True)
                pane.look()
                return False
            found = (*self.desk.still_used(self._loaded, edit), *edit.secrets)
            secrets = await agreed_secrets(self, found, self.desk.known_among(found), asks=asks)
            if secrets is None:
                return False
            await self.desk.take(edit, secrets)
        except ClawError as error:
            self.tell_error(error)
            pane.look()
            return False
        pane.drop()
        self._loaded = None
        self.refresh_form()
        self._say_taken(edit)
        return True

    def _say_taken(self, taken: Edit | Loaded) -> None:
        from claw_tui.screens.config_words import taken_lines  # noqa: PLC0415
        from claw_tui.screens.dialogs import TextDialog  # noqa: PLC0415

        lines = taken_lines(taken, self.session.vault.where)
        if len(lines) > MANY_LINES:
            self.app.push_screen(TextDialog(_("What was changed in it"), "\n".join(lines)))
        else:
            self.tell(" ".join(line.strip() for line in lines))

    # -- files ----------------------------------------------------------------------------------------------------
    @work(exclusive=True, group="file")
    async def action_save_file(self) -> None:
        if self._typed_well() and await self.take_file():
            self.claw.save_text("openclaw.json", self.desk.text())

    @work(exclusive=True, group="file")
    async def action_load_file(self) -> None:
        from claw_tui.screens.dialogs import LineDialog  # noqa: PLC0415

        if not self._typed_well():
            return
        note = _("openclaw.json, moltbot.json or clawdbot.json; older shapes are brought up to date.")
        name = await self.app.push_screen_wait(
            LineDialog(_("Load a file"), str(Path.cwd() / "openclaw.json"), note=note)
        )
        if not name:
            return
        try:
            await self.load_text(self.session.services.state.read_file(Path(name).expanduser()))
        except ClawError as error:
            self.tell_error(error)

    async def load_text(self, text: str) -> None:
        """Put a file from elsewhere into the editor; what was there can be had back with Ctrl+Z. Raises ClawError."""
        loaded = self.desk.read_older(text)
        self.tell("")
        await self._edit()
        self._loaded = loaded
        assert self._pane is not None
        self._pane.load(loaded.text)
        self._say_taken(loaded)

    @work(exclusive=True, group="file")
    async def action_compare(self) -> None:
        from claw_tui.screens.differences import THEIRS, WRITE, DifferencesDialog  # noqa: PLC0415
        from claw_tui.screens.writing import write_into_gateway  # noqa: PLC0415

        if not self._typed_well() or not await self.take_file():
            return
        self.tell(_("Reading the gateway's openclaw.json …"))
        try:
            found = await self.desk.compare()
            self.tell("")
            if found is None:
                words = _("There is no running gateway {app} to compare with.")
                self.tell(words.format(app=self.session.spec.app))
                return
            title = _("From the gateway's openclaw.json to the one here")
            nothing = _("Nothing differs: the gateway has what is here.")
            dialog = DifferencesDialog(title, found.lines, nothing, may=(THEIRS, WRITE))
            answer = await self.app.push_screen_wait(dialog)
            if answer == THEIRS:
                await self.load_text(found.text)
            elif answer == WRITE and await self.leave():
                await write_into_gateway(self)
        except ClawError as error:
            self.tell_error(error)

    # -- back and again -------------------------------------------------------------------------------------------
    def action_undo(self) -> None:
        self._move(_("Taken back.") if self.desk.undo() else _("There is nothing to take back."))

    def action_redo(self) -> None:
        self._move(_("Done again.") if self.desk.redo() else _("There is nothing to do again."))

    def _move(self, words: str) -> None:
        self.tell(words)
        self.refresh_form()
        self.refresh_file()

    # -- leaving --------------------------------------------------------------------------------------------------
    async def leave(self) -> bool:
        if self._pane is not None and self._pane.is_changed:
            self.take_and_go_on()
            return False
        if self.is_editing:
            self._close()
        return True

    @work(exclusive=True, group="file")
    async def take_and_go_on(self) -> None:
        before = self.app.screen
        if await self.take_file():
            self._close()
            if self.app.screen is before:  # else there is something to be read first
                await self.action_next()

"""Home's key N: one command of OpenClaw in the machine, typed or picked."""

from __future__ import annotations

import shlex
import time
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain.errors import ClawError
from claw_tui.domain.openclaw_commands import USEFUL, needs_terminal, takes_away, words_of
from claw_tui.engine.command_desk import CommandDesk
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Page
from claw_tui.screens.dialogs import AskDialog
from claw_tui.screens.onboarding import guide, on_terminal
from claw_tui.screens.output import OutputDialog
from claw_tui.widgets.line_input import LineInput
from claw_tui.widgets.pick_list import Item, PickList

GUIDES = {"guide whatsapp": "whatsapp", "guide telegram": "telegram"}
KEPT = 8  # lines that were typed lately


class RunningScreen(Page):
    """A line to type, and below it commands that are worth knowing."""

    HELP = n_(
        "A command of OpenClaw is run in the machine as the gateway's own user, and knows what the gateway knows: its"
        " folder, its secrets. What it says is shown here, without secrets, and can be saved.\n\n"
        "Enter runs the line, or the command under the cursor. One that asks something or shows a QR code gets the whole"
        " terminal instead (F3 gives it to any command); when it ends, or is interrupted with Ctrl+C, you come back here.\n\n"
        "A command that does not end within four minutes is stopped; in the terminal it may go on for as long as you look."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "terminal", n_("In the terminal")),
        Binding("down", "list", show=False),
        Binding("escape", "home", n_("Home")),
    ]

    def __init__(self, app: str) -> None:
        super().__init__()
        self._desk_of = app
        self._begun = 0.0

    def compose_body(self) -> ComposeResult:
        yield Static(
            _("A command of OpenClaw, run in the machine as the gateway's user:"),
            classes="words",
            markup=False,
        )
        yield LineInput(placeholder="openclaw …", id="command-line")
        yield PickList(_items(self.session.typed_commands), id="commands", text_width=34)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#commands").focus()
        self.set_interval(1.0, self._count)

    def on_key(self, event: events.Key) -> None:
        """What is typed is meant for the line, wherever the cursor is."""
        line = self.query_one(LineInput)
        if event.character and event.is_printable and self.focused is not line:
            event.stop()
            event.prevent_default()  # Textual calls the page's own handler by itself
            line.focus()
            line.insert_text_at_cursor(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """The same; a field with the cursor has taken it already."""
        line = self.query_one(LineInput)
        line.focus()
        line.insert_text_at_cursor(next(iter(event.text.splitlines()), ""))

    @on(PickList.AtTop)
    def _above_the_list(self) -> None:
        self.query_one(LineInput).focus()

    def action_list(self) -> None:
        self.query_one("#commands").focus()

    @property
    def desk(self) -> CommandDesk:
        return CommandDesk(self.session, self._desk_of)

    @on(PickList.Chosen, "#commands")
    def _chosen(self, event: PickList.Chosen) -> None:
        if event.item in GUIDES:
            self.guide_to(GUIDES[event.item])
        else:
            self.run_line(event.item)

    @work(exclusive=True, group="run")
    async def guide_to(self, channel: str) -> None:
        await guide(self, self._desk_of, channel)

    @on(LineInput.Submitted)
    def _submitted(self, event: LineInput.Submitted) -> None:
        self.run_line(event.value)

    def action_terminal(self) -> None:
        line = self.query_one(LineInput).value.strip()
        line = line or self.query_one("#commands", PickList).current
        if line not in GUIDES:
            self.run_line(line, terminal=True)

    @work(exclusive=True, group="run")
    async def run_line(self, line: str, *, terminal: bool = False) -> None:
        try:
            words = words_of(line)
            if takes_away(words) and not await self._sure(line):
                return
            self._remember(words)
            if terminal or needs_terminal(words):
                await on_terminal(self, self._desk_of, words)
            else:
                await self._here(words)
        except ClawError as error:
            self.tell_error(error)
        finally:
            self._begun = 0.0

    async def _sure(self, line: str) -> bool:
        question = _("`{command}` takes away what does not come back. Run it?").format(command=line)
        answer: bool | None = await self.app.push_screen_wait(AskDialog(question, _("Run it"), _("Leave it")))
        return bool(answer)

    async def _here(self, words: tuple[str, ...]) -> None:
        self._begun = time.monotonic()
        self._count()
        done = await self.desk.run(words)
        self.tell("")
        said = self.session.redact("\n".join(filter(None, (done.stdout.rstrip(), done.stderr.rstrip()))))
        title = f"{shlex.join(words)}" + (
            f"  ({_('ended with {code}').format(code=done.code)})" if done.code else ""
        )
        self.app.push_screen(OutputDialog(title, said or _("It said nothing."), file_name="openclaw.txt"))

    def _count(self) -> None:
        if self._begun:
            seconds = round(time.monotonic() - self._begun)
            self.tell(_("Running for {seconds} s. Escape leaves it.").format(seconds=seconds))

    def _remember(self, words: tuple[str, ...]) -> None:
        line = shlex.join(words[1:])
        if all(line != useful.line for useful in USEFUL):
            self.session.typed_commands[:] = [
                line,
                *(old for old in self.session.typed_commands if old != line),
            ][:KEPT]
            self.query_one("#commands", PickList).set_items(_items(self.session.typed_commands))

    def action_home(self) -> None:
        self.dismiss()


def _items(typed: list[str]) -> list[Item]:
    """What was typed lately first."""
    mine = [Item(line, line, _("typed before")) for line in typed]
    guides = [
        Item("guide whatsapp", _("Link WhatsApp"), _("step by step: a QR code to scan")),
        Item("guide telegram", _("Telegram's first message"), _("step by step: the code it asks for")),
    ]
    return [*guides, *mine, *(Item(useful.line, useful.line, _(useful.words)) for useful in USEFUL)]

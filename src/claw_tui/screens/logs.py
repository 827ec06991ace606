"""Logs: what the machine and the gateway say, live; filtered, searched, paused, saved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain.log_book import LogFilter
from claw_tui.domain.log_lines import From, Level, LogLine
from claw_tui.engine.log_stream import LogStream
from claw_tui.i18n import _, many, n_
from claw_tui.screens.base import Page
from claw_tui.widgets.clock import log_clock
from claw_tui.widgets.log_view import LogView
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.app import ClawApp

SOURCES = {
    From.GATEWAY: n_("the gateway"), From.MACHINE: n_("the machine"), From.PROXY: n_("Fly's proxy"),
    From.RUNNER: n_("Fly.io itself"),
}  # fmt: skip
LEVELS = {
    Level.ERROR: n_("errors"), Level.WARNING: n_("warnings and errors"), Level.INFO: n_("no debug lines"), Level.DEBUG: "",
}  # fmt: skip
LOOK_SECONDS = 10.0  # that a line which a diagnosis used is waited for


class LogsScreen(Page):
    """The log of the gateway that Home is about."""

    KEY_ROWS = 2
    HELP = n_(
        "What the machine, the gateway, Fly.io's proxy and Fly.io itself say, as they say it. It begins with the last lines"
        " that Fly.io still has. The level is Fly.io's, or what the line itself says of it. Secrets are taken out.\n\n"
        "Scroll up or press Space to read in peace: lines go on being collected, and End shows them. Left and right move"
        " along long lines. 1 shows errors only, 2 warnings too, 3 all but debug lines, 4 everything."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", n_("Pause")),
        Binding("end", "follow", n_("Follow")),
        Binding("f,slash", "find", n_("Search")),
        Binding("n,f3", "again(True)", n_("Next")),
        Binding("N,shift+f3", "again(False)", n_("Previous"), key_display="Shift+N"),
        Binding("1", f"level({Level.ERROR.value})", n_("Errors")),
        Binding("2", f"level({Level.WARNING.value})", n_("Warnings")),
        Binding("3", f"level({Level.INFO.value})", n_("Info")),
        Binding("4", f"level({Level.DEBUG.value})", n_("All")),
        Binding("w", "source", n_("Who")),
        Binding("t", "text", n_("Only with")),
        Binding("s", "save", n_("Save")),
        Binding("escape", "back", n_("Back")),
    ]

    def compose_body(self) -> ComposeResult:
        yield Static("", id="log-state", classes="words", markup=False)
        yield LogView(id="log")

    def __init__(self) -> None:
        super().__init__()
        self._stream: LogStream | None = None
        self._filter = LogFilter()
        self._said = ""
        self.origin = "home"  # where Escape leads to
        self._more = asyncio.Event()  # something was added or chosen

    @property
    def view(self) -> LogView:
        return self.query_one(LogView)

    def on_mount(self) -> None:
        super().on_mount()
        self.view.focus()

    def arrived(self) -> None:
        app = self.session.home_app
        self.tell("")
        if self._stream is None or self._stream.app != app:
            self._stream = LogStream(self.session, app, self._take)
            self._filter = LogFilter()
            self.view.start_over()
        self.show_state()
        self._follow()

    @work(exclusive=True, group="follow")
    async def _follow(self) -> None:
        if self._stream is not None:
            await self._stream.follow(self.show_state)

    def _take(self, lines: Sequence[LogLine]) -> None:
        self.view.add(lines)

    # -- what is said about it ------------------------------------------------------------------------------------
    @on(LogView.Changed)
    def show_state(self) -> None:
        self._more.set()
        words = self._state_words()
        if words != self._said:
            self._said = words
            self.query_one("#log-state", Static).update(words)

    def _state_words(self) -> str:
        view, stream = self.view, self._stream
        if stream is not None and stream.state:
            live = _("Not live: {why}").format(why=stream.state)
        elif view.follows:
            live = _("Live")
        else:
            live = _("Paused") if view.paused else _("Scrolled up")
            waits = many("{count} new line waits", "{count} new lines wait", view.waiting)
            live += f": {waits}" if view.waiting else ""
        book, wanted = view.book, self._filter
        shown, kept = len(book.shown), book.count - book.first
        parts = [live, many("{count} line", "{count} lines", kept) if shown == kept else
                 _("{shown} of {count} lines").format(shown=shown, count=kept)]  # fmt: skip
        parts += [_(LEVELS[wanted.level])] if LEVELS[wanted.level] else []
        parts += (
            [_(SOURCES[wanted.source]) + (f" [{wanted.part}]" if wanted.part else "")]
            if wanted.source is not None
            else []
        )
        parts += [_("with “{text}”").format(text=wanted.text)] if wanted.text else []
        parts += filter(None, [log_clock()])
        return f" {sign('bullet')} ".join(parts)

    # -- moving ---------------------------------------------------------------------------------------------------
    def action_pause(self) -> None:
        if self.view.paused:
            self.view.action_follow()
        else:
            self.view.pause()

    def action_follow(self) -> None:
        self.view.action_follow()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What goes on with a search is there once there is one."""
        if action == "again":
            return self.is_mounted and bool(self.view.words)
        return super().check_action(action, parameters)

    def on_key(self, event: events.Key) -> None:
        """N is another key than n here."""
        if event.key == "N":
            event.prevent_default()

    async def _ask(self, title: str, value: str, note: str) -> str | None:
        """None: it is to stay as it is."""
        from claw_tui.screens.dialogs import LineDialog  # noqa: PLC0415

        return await self.app.push_screen_wait(LineDialog(title, value, note=note, may_be_empty=True))

    @work(exclusive=True, group="find")
    async def action_find(self) -> None:
        note = _("Upwards from here; Shift+N goes on up, N down. Nothing: no search any more.")
        words = await self._ask(_("Search for"), self.view.words, note)
        if words is None:
            return
        self.view.words = words
        self.view.refresh()
        self.refresh_bindings()
        self.tell("")
        if words:
            await self._search(forwards=False)

    @work(exclusive=True, group="find")
    async def action_again(self, forwards: bool) -> None:  # noqa: FBT001  (a key's parameter)
        await self._search(forwards=forwards)

    async def _search(self, *, forwards: bool) -> None:
        found = await self.view.search(forwards=forwards)
        none = _("No line that is shown has “{words}”.").format(words=self.view.words)
        self.tell("" if found else none)

    # -- which lines ----------------------------------------------------------------------------------------------
    @work(exclusive=True, group="choose")
    async def _choose(self, wanted: LogFilter) -> None:
        self._filter = wanted
        await self.view.choose(wanted)
        self.show_state()

    def action_level(self, level: int) -> None:
        self._choose(replace(self._filter, level=Level(level)))

    @work(exclusive=True, group="pick")
    async def action_source(self) -> None:
        from claw_tui.screens.dialogs import PickDialog  # noqa: PLC0415

        items = [Item("all", _("everybody"))]
        items += [Item(str(source.value), _(words)) for source, words in SOURCES.items()]
        parts = sorted(self.view.book.parts.items(), key=lambda part: (-part[1], part[0]))
        items += [
            Item(f"part {name}", f"[{name}]", many("{count} line", "{count} lines", count))
            for name, count in parts
        ]
        chosen = await self.app.push_screen_wait(PickDialog(_("Lines of whom?"), items))
        if not chosen:
            return
        part = chosen.removeprefix("part ") if chosen.startswith("part ") else ""
        source = From.GATEWAY if part else None if chosen == "all" else From(int(chosen))
        self._choose(replace(self._filter, source=source, part=part))

    @work(exclusive=True, group="pick")
    async def action_text(self) -> None:
        note = _("Only lines with this text are shown. Nothing: all of them.")
        words = await self._ask(_("Only lines with"), self._filter.text, note)
        if words is not None:
            self._choose(replace(self._filter, text=words))

    def action_back(self) -> None:
        """A search goes first, then a filter."""
        if self.view.words:
            self.view.end_search()
            self.refresh_bindings()
            self.tell(_("The search is ended. Escape again goes on."))
            return
        self.tell("")
        if not self._filter.is_open:
            self._choose(LogFilter())
            return
        self.workers.cancel_group(self, "follow")
        self.claw.go(self.origin)
        self.origin = "home"

    # -- files, and the line of a diagnosis -----------------------------------------------------------------------
    def action_save(self) -> None:
        if not self.view.book.shown:
            self.tell(_("There is no line to save."))
            return
        self.claw.save_text(f"{self.session.home_app}.log", self.view.book.all_text())

    @work(exclusive=True, group="find")
    async def open_at(self, line: str) -> None:
        """Go to ``line``, which a diagnosis used, as soon as it has come; every filter goes."""
        words = self.session.redact(line)
        if not self._filter.is_open:
            self._filter = LogFilter()
            await self.view.choose(self._filter)
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                while not await self.view.go_to(words):
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            self.tell(_("This is not among the lines that Fly.io still has:"), words, problem=True)
            return
        self.tell(_("This is the line. End follows the log again."))


def open_logs(claw: ClawApp, app: str, line: str = "", *, back: str = "home") -> None:
    """Show the log of ``app``; with ``line`` go to the line that a diagnosis used. Escape goes ``back``."""

    def jump() -> None:
        if isinstance(claw.screen, LogsScreen):
            claw.screen.origin = back
            if line:
                claw.screen.open_at(line)

    claw.session.home_app = app
    claw.go("logs")
    claw.call_later(jump)

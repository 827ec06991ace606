"""The Textual application: its screens, the session, and what went wrong."""

from __future__ import annotations

import gc
import os
import signal
import termios
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import WorkerError, WorkerFailed

from claw_tui.domain.clean import clean
from claw_tui.domain.errors import ClawError
from claw_tui.i18n import _, n_
from claw_tui.screens import road
from claw_tui.screens.small import RoomNeeded
from claw_tui.theme import NO_COLOR_THEME, THEMES
from claw_tui.widgets.harmless import HARMLESS
from claw_tui.widgets.key_names import key_display
from claw_tui.widgets.terminal_input import take_anything

if TYPE_CHECKING:
    from claw_tui.domain.answers import LogEntry
    from claw_tui.engine.session import Session
    from claw_tui.ports import Services

LOOK_SECONDS, LEAVING_SECONDS = 2.0, 2.0  # between looks for our terminal; for what goes on when we leave


def _terminal_is_gone() -> bool:
    """Whether the window was closed. Its hangup goes to who started us, and that one may wait for us (`make`)."""
    try:
        termios.tcgetattr(0)
    except termios.error:
        return True
    return False


def _lazily(module: str, name: str) -> Callable[[], Screen[Any]]:
    """A mode whose screen is imported when it is first wanted."""

    def make() -> Screen[Any]:
        import importlib  # noqa: PLC0415

        made = getattr(importlib.import_module(f"claw_tui.screens.{module}"), name)()
        assert isinstance(made, Screen)
        return made

    return make


class ClawApp(RoomNeeded):
    """Knows which screen is where; what is answered and done is the session's.

    The session is made when it is first wanted, in a thread, after the first frame: what it imports takes as long
    as a third of Textual.
    """

    TITLE = "claw-tui"
    CSS_PATH = "assets/claw.tcss"
    ENABLE_COMMAND_PALETTE = True
    MODES: ClassVar[dict[str, Any]] = {
        "start": _lazily("start", "StartScreen"),
        "account": _lazily("account", "AccountScreen"),
        "app": _lazily("app", "AppScreen"),
        "secrets": _lazily("secrets", "SecretsScreen"),
        "gateway": _lazily("gateway", "GatewayScreen"),
        "privacy": _lazily("privacy", "PrivacyScreen"),
        "review": _lazily("review", "ReviewScreen"),
        "deploy": _lazily("deploy", "DeployScreen"),
        "finish": _lazily("finish", "FinishScreen"),
        "home": _lazily("home", "HomeScreen"),
        "logs": _lazily("logs", "LogsScreen"),
        "gateways": _lazily("gateways", "GatewaysScreen"),
        "rotation": _lazily("rotation", "RotationScreen"),
        "backups": _lazily("backups", "BackupsScreen"),
        "doctor": _lazily("doctor", "DoctorScreen"),
    }
    DEFAULT_MODE = "start"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-roomy")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", n_("Help")),
        Binding("ctrl+q", "leave", n_("Quit"), priority=True),
        Binding("ctrl+c", "copy_hint", show=False, system=True),
    ]

    def __init__(
        self, make_services: Callable[[], Services], *, demo: bool, terminal_mode: list[Any] | None = None,
        goal: tuple[str, str] = ("", ""),
    ) -> None:  # fmt: skip
        super().__init__()
        take_anything()
        self.demo, self.goal = demo, goal  # the goal: a task and an app that the command line named
        self._make_services = make_services
        self._session: Session | None = None
        self._making = Lock()
        self.terminal_mode = terminal_mode
        self.visited: set[str] = set()
        self.came_from = ""  # the step before this one
        self._begun = 0  # for whose answers
        self._leaving = False
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        # As if it were the default: a change of theme would parse all CSS again before the first frame.
        self.set_reactive(App.theme, NO_COLOR_THEME if os.environ.get("NO_COLOR") else THEMES[0].name)
        self.stylesheet.set_variables(self.get_css_variables())

    @property
    def session(self) -> Session:
        with self._making:
            if self._session is None:
                from claw_tui.engine.session import Session  # noqa: PLC0415

                self._session = Session(self._make_services())
            return self._session

    @property
    def is_loaded(self) -> bool:
        return self._session is not None

    async def load(self) -> None:
        """Make the session without holding up the screen."""
        import asyncio  # noqa: PLC0415

        await asyncio.to_thread(lambda: self.session)
        if not gc.isenabled():  # all modules are here
            gc.collect()  # what they left over goes, and the rest is not looked at again
            gc.freeze()
            gc.enable()

    def on_load(self) -> None:
        import asyncio  # noqa: PLC0415

        loop = asyncio.get_running_loop()
        for signum in (signal.SIGHUP, signal.SIGTERM):  # else the terminal would keep our modes
            loop.add_signal_handler(signum, self.leave_now)
        if self.terminal_mode is not None:
            self.set_interval(LOOK_SECONDS, self._look_for_terminal)

    def _look_for_terminal(self) -> None:
        if _terminal_is_gone():
            self.leave_now()

    async def on_unmount(self) -> None:
        import asyncio  # noqa: PLC0415

        with suppress(TimeoutError):  # what was being asked ends its programs itself
            async with asyncio.timeout(LEAVING_SECONDS):
                for worker in list(self.workers):
                    with suppress(WorkerError):
                        await worker.wait()
        if self._session is not None:
            await self._session.close()

    # -- the road -------------------------------------------------------------------------------------------------
    def go(self, step: str) -> None:
        self.came_from = self.current_mode or ""
        self.visited.add(self.came_from)
        self.switch_mode(step)

    def tell_next(self, words: str, field: str = "") -> None:
        """Say on the screen that is shown now what brought the person there, and go to the field it is about."""
        from claw_tui.screens.base import Page  # noqa: PLC0415

        if isinstance(self.screen, Page):
            self.screen.tell(words, problem=True)
            if field:
                self.screen.focus_field(field)

    def log_line(self, entry: LogEntry) -> str:
        """A gateway's log line for the screen: tokens taken out, whoever printed them."""
        stamp = entry.at[11:19]
        return self.session.redact(f"{stamp} {entry.level[:4]:<4} {entry.message}")

    def done_steps(self) -> tuple[str, ...]:
        """Steps that were visited and have nothing left to mend."""
        if not self.is_loaded:
            return ()
        from claw_tui.domain.completeness import problems  # noqa: PLC0415
        from claw_tui.domain.jobs import JobState  # noqa: PLC0415

        if self._begun != self.session.begun:  # another gateway's steps were visited
            self._begun = self.session.begun
            self.visited -= {*road.ORDER} - {"start", "account"}
        wrong = {problem.step for problem in problems(self.session.spec)}
        if self.session.login is None:
            wrong.add("account")
        run = self.session.run
        if run is None or run.state() is not JobState.DONE:
            wrong.add("deploy")
        return tuple(step for step in road.ORDER if step in self.visited and step not in wrong)

    def get_line_filters(self) -> Sequence[LineFilter]:
        return (*super().get_line_filters(), HARMLESS)

    def get_key_display(self, binding: Binding) -> str:
        return key_display(binding)

    # -- help and palette -----------------------------------------------------------------------------------------
    def action_help(self) -> None:
        from claw_tui.screens.dialogs import HelpDialog  # noqa: PLC0415

        screen = self.screen
        if isinstance(screen, HelpDialog):
            return
        keys: dict[str, str] = {}
        for _node, binding, enabled, _tooltip in screen.active_bindings.values():
            if enabled and binding.show and binding.description:
                keys.setdefault(_(binding.description), self.get_key_display(binding))
        self.push_screen(
            HelpDialog(_(getattr(screen, "HELP", "") or ""), [(key, words) for words, key in keys.items()])
        )

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        from claw_tui.screens.palette import commands  # noqa: PLC0415

        return commands(self, screen)

    def action_copy_hint(self) -> None:
        self.notify(_("Ctrl+Q leaves."), markup=False)

    @work(group="leave", exclusive=True)
    async def action_leave(self) -> None:
        """Leave; what was typed on this screen is kept first."""
        from claw_tui.screens.base import WizardScreen  # noqa: PLC0415

        for screen in self.screen_stack:
            if isinstance(screen, WizardScreen):
                try:
                    await screen.keep()
                except ClawError:
                    continue  # leaving is not the moment to argue
        self.leave_now()

    def leave_now(self) -> None:
        """End at once. Workers first: one that still ran would look for widgets that are gone."""
        self._leaving = True
        self.workers.cancel_all()
        self.exit()

    # -- files, and what went wrong --------------------------------------------------------------------------------
    @work(group="save", exclusive=True)
    async def save_text(self, file_name: str, text: str) -> None:
        """Ask for a place and write a text file there; an existing one is asked about."""
        from claw_tui.screens.saving import ask_place  # noqa: PLC0415

        path = await ask_place(self, _("Save as"), str(Path.cwd() / file_name))
        if path is None:
            return
        try:
            self.session.services.state.write_file(path, text)
        except ClawError as error:
            self.notify(error.hint or " ", title=error.message, severity="error", markup=False)
            return
        self.notify(str(path), title=_("Saved"), markup=False)

    def _handle_exception(self, error: Exception) -> None:
        """A failure of the outside world that no screen expected is one sentence, not a traceback.

        Out of a worker the screen lives on. Out of a handler Textual has stopped it: then we leave; answers are kept.
        """
        from claw_tui.screens.base import Page  # noqa: PLC0415

        cause = error.error if isinstance(error, WorkerFailed) else error
        if self._leaving and isinstance(cause, NoMatches):
            return  # an answer that came while the screens were being taken down
        if not isinstance(cause, ClawError):
            super()._handle_exception(error)
            return
        page = self.screen_stack[0] if self.screen_stack else None
        if isinstance(error, WorkerFailed) and isinstance(page, Page):
            page.tell_error(cause)
            return
        said = self.session.redact(cause.message) if self.is_loaded else cause.message
        words = Text(clean(f"{said} {cause.hint}".strip()), overflow="fold")
        self.exit(return_code=1, message=words)

    def _fatal_error(self) -> None:
        """Textual's own shows the values of local variables in the traceback, and they may be secrets."""
        from claw_tui.screens.crash import crash_words  # noqa: PLC0415

        self.bell()
        self._exit_renderables.append(crash_words(self))
        self._close_messages_no_wait()

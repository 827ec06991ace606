"""Home: one gateway that exists, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from math import inf
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain.drift import Drift
from claw_tui.domain.errors import ClawError
from claw_tui.domain.spec import Spec
from claw_tui.domain.vital_verdict import Verdict, verdict
from claw_tui.domain.vitals import Standing, Vitals
from claw_tui.domain.world import World
from claw_tui.engine.drift_desk import DriftDesk
from claw_tui.engine.extras import Piece
from claw_tui.engine.undoing import Removal, spec_for
from claw_tui.engine.vitals import LONG, VitalsDesk
from claw_tui.engine.world import PARTS, SHOWN, YOUNG_SECONDS
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Page
from claw_tui.screens.drift import drift_words
from claw_tui.screens.home_actions import ACTIONS, BY_ID
from claw_tui.screens.home_words import home_rows, state_words
from claw_tui.screens.machine import left_words
from claw_tui.screens.reach import tunnel_words
from claw_tui.widgets.clock import log_clock
from claw_tui.widgets.figures import Figures
from claw_tui.widgets.transcript import Transcript

QUIET_SECONDS = 30.0  # between two looks at the machines while Home is shown


class HomeScreen(Page):
    """How it is in one sentence, the figures, and the last lines of the log."""

    KEY_ROWS = 2
    HELP = n_(
        "All about one gateway. M lists everything that can be done about it; each line there says what it does, and its key"
        " works here at once. Escape goes back.\n\n"
        "Nothing is changed before you have seen what would be done, and a run that was cut off goes on from where it was."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "menu", n_("More")),
        *(Binding(action.key, f"do('{action.id}')", action.title) for action in ACTIONS),
        Binding("f5", "look", show=False),
        Binding("escape", "back", n_("Back")),
    ]

    def compose_body(self) -> ComposeResult:
        yield Static("", id="state", classes="words", markup=False)
        yield Figures(id="status")
        log = "; ".join(part for part in (_("L shows all"), log_clock()) if part)
        title = _("Log: the last lines ({more})").format(more=log)
        yield Static(title, id="log-title", classes="section", markup=False)
        yield Transcript(id="home-log")

    def __init__(self) -> None:
        super().__init__()
        self.world: World = World()
        self.spec: Spec = Spec()
        self.extras: tuple[Piece, ...] = ()
        self._doing = self.looks = False
        self._shown_app = self._news = self._said = ""
        self._desks: dict[str, VitalsDesk] = {}
        self.drift: tuple[Drift, ...] = ()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#home-log").focus()
        self.set_interval(QUIET_SECONDS, self._look_quietly)

    def resumed(self) -> None:
        if self.app_name != self._shown_app:
            self._shown_app, self._news = self.app_name, ""
            self.world, self.spec, self.extras, self.drift = World(), Spec(), (), ()
            self.query_one(Transcript).clear()
            self.query_one(Figures).show(())
            self._say(Verdict(Standing.PLAIN, _("Looking …")))
        self.look(YOUNG_SECONDS)

    @property
    def app_name(self) -> str:
        return self.session.home_app

    @property
    def desk(self) -> VitalsDesk:
        return self._desks.setdefault(self.app_name, VitalsDesk(self.session, self.app_name))

    # -- looking --------------------------------------------------------------------------------------------------
    def action_look(self) -> None:
        self.tell("")
        self.look()

    @work(exclusive=True, group="home")
    async def look(self, max_age: float = 0.0) -> None:
        """What is known is shown at once, with its age; then what is too old is asked for, each part by itself."""
        self.looks = True  # when this is cancelled, another look is going on
        self.show_now()
        failed = await self._ask(SHOWN, max_age)
        self.looks = False
        self.show_now()
        for error in [*failed.values()][:1]:
            self.tell_error(error)
        if "app" in failed:
            return
        if (command := self.claw.goal[0]) and self.world.app is not None:
            self.claw.goal = ("", "")
            self.action_do(command)
        if self.world.app is not None and "machines" not in failed:
            self._look_inside(LONG if max_age else 0.0)
            self._ask_for_news()
        await self._recent()

    async def _ask(self, parts: Sequence[str], max_age: float) -> dict[str, ClawError]:
        """Returns what could not be read."""
        try:
            if self.session.login is None:
                await self.session.find_login()
        except ClawError as error:
            return dict.fromkeys(parts, error)
        return await self.desk.look(self.show_now, parts, max_age=max_age)

    def has_read(self, parts: Sequence[str]) -> bool:
        return self.session.reader.age(self.app_name, parts) is not None if parts else True

    async def read_first(self, parts: Sequence[str], besides: Sequence[str] = ()) -> bool:
        """Read what was never read. Whether ``parts`` are known then, and somebody still looks; says why they are not."""
        if self.has_read((*parts, *besides)):
            return True
        self.tell(_("Looking …"))
        failed = await self._ask((*parts, *besides), inf)
        self.tell("")
        self.show_now()
        for error in [failed[part] for part in parts if part in failed][:1]:
            self.tell_error(error)
            return False
        return self.is_current

    @work(exclusive=True, group="inside")
    async def _look_inside(self, max_age: float, *, channels: bool = True) -> None:
        await self.desk.look_inside(self.show_now, max_age=max_age, channels=channels)
        self.show_now()

    @work(exclusive=True, group="quiet")
    async def _look_quietly(self) -> None:
        """Nobody asked for it: what goes wrong is seen by the ages of what is shown."""
        busy = self._doing or self.session.login is None or self.world.app is None
        if self.app.screen is not self or not self.app.app_focus or busy:
            return
        with suppress(ClawError):
            await self.session.look(self.app_name, ("machines",))
            await self.session.look(self.app_name, SHOWN, max_age=LONG)
        await self.desk.look_inside(self.show_now, max_age=LONG, channels=False)
        self.show_now()

    @work(exclusive=True, group="news")
    async def _ask_for_news(self) -> None:
        from claw_tui.engine.update_desk import UpdateDesk  # noqa: PLC0415
        from claw_tui.screens.update import news  # noqa: PLC0415

        with suppress(ClawError):  # what is damaged is told by U
            self._news = news(await UpdateDesk(self.session, self.app_name).offer())
            self.show_now()

    def show_now(self) -> None:
        """What is known by now. What was not read yet is not "none": see ``HomeAction.by``."""
        vitals = self.desk.vitals()
        self.world = world = vitals.world
        self.spec = spec_for(self.session, self.app_name, world)
        self.extras = Removal(self.session, self.spec).extras_of(world) if self.has_read(PARTS) else ()
        self.drift = ()
        # Answers or a fly.toml that can't be read: Edit and the deploy say so.
        with suppress(ClawError, ValueError):
            self.drift = DriftDesk(self.session, self.app_name).rows()
        self.refresh_bindings()
        self._show(vitals)

    def _show(self, vitals: Vitals) -> None:
        if vitals.ages.get("app") is not None and vitals.world.app is None:
            words = _("There is no app {name} in this account (any more).").format(name=self.app_name)
            self._say(Verdict(Standing.BAD, words))
            self.query_one(Figures).show(())
            return
        found = verdict(vitals)
        if vitals.age_of("machines") is None and not self.looks:
            found = Verdict(Standing.PLAIN, _("Not known: its machine could not be read."))
        self._say(found)
        tunnel = tunnel_words(self.session.reach.tunnel(self.app_name))
        left = ""
        with suppress(ClawError):
            left = left_words(self.session, self.app_name)
        news = (
            (_("Machine change"), left),
            (_("Tunnel"), tunnel),
            (_("Update"), self._news),
            (_("Changed"), drift_words(self.drift)),
        )
        self.query_one(Figures).show(home_rows(self, vitals, news, self.extras))

    def _say(self, found: Verdict) -> None:
        words = self.session.redact(state_words(self, found))
        if words != self._said:
            self._said = words
            state = self.query_one("#state", Static)
            state.update(words)
            state.set_classes(["words", f"-{found.standing.value or 'plain'}"])

    async def _recent(self) -> None:
        app = self.app_name
        if not app:  # one went on to another screen meanwhile
            return
        try:
            entries = await self.session.services.fly.recent_logs(app)
        except ClawError as error:
            if app == self.app_name:
                self.tell_error(error)
            return
        if app != self.app_name:
            return
        log = self.query_one(Transcript)
        log.clear()
        log.add([self.claw.log_line(entry) for entry in entries])

    # -- doing ----------------------------------------------------------------------------------------------------
    async def take_answers(self) -> str | None:
        """Without its openclaw.json. Returns what is wrong with answers that were kept here; None when there are none."""
        from claw_tui.screens.adopt import find_answers  # noqa: PLC0415

        return await find_answers(self, self.app_name)

    def turn_to(self, step: str) -> None:
        self.claw.go(step)

    def action_back(self) -> None:
        """To the list, for somebody who came from there."""
        self.turn_to("gateways" if "gateways" in self.claw.visited else "start")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "do":
            return BY_ID[str(parameters[0])].is_offered(self)
        return super().check_action(action, parameters)

    def in_bar(self, binding: Binding) -> bool:
        """The others are in the menu and in the palette."""
        return not binding.action.startswith("do(") or BY_ID[binding.action[4:-2]].in_bar

    @work(exclusive=True, group="menu")
    async def action_menu(self) -> None:
        from claw_tui.screens.home_menu import HomeMenu  # noqa: PLC0415

        offered = [action.id for action in ACTIONS if action.is_offered(self)]
        chosen = await self.app.push_screen_wait(HomeMenu(offered, whole=self.has_read(PARTS)))
        if chosen:
            self.action_do(chosen)

    @work(group="do")
    async def action_do(self, action_id: str) -> None:
        """One thing at a time: a second key while the first one's question is still being prepared is not heard."""
        if self._doing:
            return
        self._doing = True
        try:
            action = BY_ID[action_id]
            if await self.read_first(action.first, action.besides):
                await action.do(self)
        finally:
            self._doing = False

"""Review: the plan, its commands, its price and its files. Nothing was created up to here."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain.completeness import Problem, problems
from claw_tui.domain.errors import Busy, ClawError
from claw_tui.domain.fly_toml import build_fly_toml, toml_problems
from claw_tui.domain.gateway_config import config_text
from claw_tui.domain.own_image import DOCKERFILE, dockerfile
from claw_tui.domain.plan import Action, Plan, PlanItem
from claw_tui.domain.wanted_config import wanted_config
from claw_tui.engine.deploying import PrepareImage
from claw_tui.engine.extras import Piece
from claw_tui.engine.turn import others_words
from claw_tui.engine.undoing import Removal
from claw_tui.engine.version_check import missing_version
from claw_tui.engine.world import YOUNG_SECONDS
from claw_tui.i18n import _, n_
from claw_tui.screens import road
from claw_tui.screens.base import WizardScreen
from claw_tui.screens.dialogs import LineDialog, TextDialog
from claw_tui.screens.review_words import plan_words
from claw_tui.screens.taking_up import taken_over
from claw_tui.screens.tidying import tidy
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item, PickList

ACTIONS = {
    Action.CREATE: ("create", n_("create")),
    Action.CHANGE: ("change", n_("change")),
    Action.KEEP: ("same", n_("keep")),
    Action.CHECK: ("todo", n_("check")),
}


class ReviewScreen(WizardScreen):
    """What would be done, line by line; the last moment at which nothing costs anything."""

    STEP = "review"
    KEY_ROWS = 2
    HELP = n_(
        "Each line is a step. “create” makes something new, “change” changes what is there, “keep” leaves it alone.\n\n"
        "Below the list are the exact commands of the line under the cursor. Secrets go in on standard input and are"
        " never part of a command.\n\n"
        "Ctrl+N starts. From then on the work goes on by itself, even if you leave or the line drops; start claw-tui"
        " again to watch it. If something fails, it goes on from there after the cause is gone; nothing is made twice.\n\n"
        "F9 saves your answers as a file. `claw-tui apply FILE` does the same with it, in plain lines and without a screen."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "next", n_("Start")),
        Binding("f4", "fly_toml", n_("See fly.toml")),
        Binding("f6", "openclaw_json", n_("See openclaw.json")),
        Binding("f9", "save_answers", n_("Save the answers")),
        Binding("f7", "own", n_("Use my fly.toml")),
        Binding("f8", "tidy", n_("Clean up")),
        Binding("f5", "look", n_("Look again")),
    ]

    def compose_body(self) -> ComposeResult:
        yield Static("", id="plan-words", classes="words", markup=False)
        yield PickList(id="plan-list")
        yield Static("", id="commands", classes="mono", markup=False)

    def __init__(self) -> None:
        super().__init__()
        self._plan: Plan | None = None  # that is shown
        self._looking = False
        self._early = False  # a plan that was not shown yet was to be started
        self._shown_app = ""
        self._items: dict[str, PlanItem] = {}
        self._missing: list[Problem] = []
        self._extras: tuple[Piece, ...] = ()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#plan-list").focus()

    def resumed(self) -> None:
        self.look(YOUNG_SECONDS)

    def action_look(self) -> None:
        self.look()

    @work(exclusive=True, group="plan")
    async def look(self, max_age: float = 0.0) -> None:
        self._plan, self._looking, self._early = None, True, False
        if self._shown_app != self.session.spec.app:  # nothing of another one's plan
            self._shown_app, self._items = self.session.spec.app, {}
            self._fill([])
            self._show_commands("")
        await self._look(max_age)
        self._looking = False  # if it was cancelled, another look is going on

    async def _look(self, max_age: float) -> None:
        self._missing = problems(self.session.spec)
        if not self._missing and (lost := await self.session.lost_secrets()):
            words_ = self.session.vault.lost_words
            self._missing = [Problem("secrets", "", words_.format(names=", ".join(lost)))]
        if self._missing:
            self._show_missing()
            return
        words = self.query_one("#plan-words", Static)
        words.update(_("Looking at what exists on Fly.io …"))
        try:
            plan = await self.session.make_plan(max_age=max_age)
        except ClawError as error:
            words.update("")
            self.tell_error(error)
            return
        assert self.session.view is not None
        if plan.changes and (wrong := await missing_version(self.session.services, self.session.view)):
            self._missing = [Problem("app", "version", wrong)]
            self._show_missing()
            return
        self._items = {item.id: item for item in plan.items}
        self._extras = Removal(self.session, self.session.spec).extras_of(self.session.view.world)
        text = await plan_words(self.session.services, plan, self.session.view, self._extras)
        words.update(text)
        if self._early:
            self.tell("")
        self.untell()
        self.refresh_bindings()
        self._show_plan(plan)
        if others := await others_words(
            self.session.services, self.session.reader, plan, self.session.spec.app
        ):
            wait = _("Ctrl+N waits for that and then looks again; F5 looks now.")
            words.update(f"{text}\n{sign('warning')} {others} {wait}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "tidy":
            return not self._missing and bool(self._extras)
        return super().check_action(action, parameters)

    @work(exclusive=True, group="remove")
    async def action_tidy(self) -> None:
        await tidy(self, self.session.spec)

    def _show_plan(self, plan: Plan) -> None:
        self._plan = plan
        width = max(len(_(word)) for _mark, word in ACTIONS.values())
        items = []
        for item in self._items.values():
            mark, word = ACTIONS[item.action]
            items.append(Item(item.id, f"{_(word).ljust(width)}  {item.title}", item.detail, mark=sign(mark)))
        self._fill(items)
        self._show_commands(self.query_one("#plan-list", PickList).current)

    def _fill(self, items: list[Item]) -> None:
        plan = self.query_one("#plan-list", PickList)
        plan.styles.height = len(items)
        plan.set_items(items)

    def _show_missing(self) -> None:
        self.query_one("#plan-words", Static).update(_("Still missing; Enter goes there:"))
        titles = dict(road.STEPS)
        self._fill(
            [Item(f"step {p.step}", _(titles[p.step]), p.words, mark=sign("failed")) for p in self._missing]
        )
        self.query_one("#commands", Static).update("")

    def _show_commands(self, item_id: str) -> None:
        item = self._items.get(item_id)
        lines: list[str] = []
        if item is not None:
            lines = [item.detail, "", *(f"$ {command}" for command in item.commands)]
            if item_id == PrepareImage.id:
                lines.append(_("Enter shows it."))
            if item.undo:
                lines.append(_("Undone by: {command}").format(command=item.undo))
        self.query_one("#commands", Static).update("\n".join(["", *lines]) if lines else "")

    @on(PickList.Moved, "#plan-list")
    def _moved(self, event: PickList.Moved) -> None:
        self._show_commands(event.item)

    @on(PickList.Chosen, "#plan-list")
    def _chosen(self, event: PickList.Chosen) -> None:
        kind, _sep, step = event.item.partition(" ")
        if kind == "step":
            self.claw.go(step)
        elif kind == PrepareImage.id:
            text = dockerfile(self.session.spec)
            self.app.push_screen(TextDialog(DOCKERFILE, text, file_name=DOCKERFILE))

    # -- the files ------------------------------------------------------------------------------------------------
    def action_fly_toml(self) -> None:
        try:
            base = self._own_text(self.session.spec.own_fly_toml)
            text = build_fly_toml(self.session.spec, base)
        except ClawError as error:
            self.tell_error(error)
            return
        self.app.push_screen(TextDialog("fly.toml", text, file_name="fly.toml"))

    def action_openclaw_json(self) -> None:
        text = config_text(wanted_config(self.session.spec))
        self.app.push_screen(TextDialog("openclaw.json", text, file_name="openclaw.json"))

    @work(exclusive=True, group="answers")
    async def action_save_answers(self) -> None:
        """As a file for `claw-tui apply`, which does the same again without a question."""
        from claw_tui.domain.answers_writer import answers_text  # noqa: PLC0415
        from claw_tui.engine.sources import lasting_sources  # noqa: PLC0415

        spec, sources = self.session.spec, await lasting_sources(self.session)
        if any(source.startswith("env:") for source in sources.values()):
            self.tell(
                _("Secrets in memory are gone when claw-tui ends; for them the file says env:NAME."),
                _("Give each in a variable of that name when you use the file."),
            )
        self.claw.save_text(f"{spec.app or 'answers'}.toml", answers_text(spec, sources))

    def _own_text(self, name: str) -> str:
        return self.session.services.state.read_file(Path(name).expanduser()) if name else ""

    @work(exclusive=True, group="own")
    async def action_own(self) -> None:
        """Start from a fly.toml of the person's own: its comments, its order and what we do not know stay."""
        note = ours = _("The path of your fly.toml; empty: claw-tui's own.")
        name = self.session.spec.own_fly_toml
        while True:
            title = _("Use my own fly.toml")
            found: str | None = await self.app.push_screen_wait(
                LineDialog(title, name, note=note, may_be_empty=True)
            )
            if found is None:
                return
            name = found
            try:
                wrong = next(iter(toml_problems(self._own_text(name))), "")
            except ClawError as error:
                wrong = error.message
            if not wrong:
                break
            note = f"{sign('failed')} {wrong}\n{ours}"
        self.session.update(own_fly_toml=name)
        self.tell(_("Using {name}.").format(name=name) if name else _("Using claw-tui's own fly.toml."))
        if name:
            from claw_tui.domain.toml_changes import change_lines  # noqa: PLC0415

            lines = change_lines(self._own_text(name), self.session.spec) or [
                _("Nothing: it is used as it is.")
            ]
            title = _("What is changed in your fly.toml, and why (comments and the rest stay)")
            await self.app.push_screen_wait(TextDialog(title, "\n".join(lines)))
        self.look()

    # -- starting -------------------------------------------------------------------------------------------------
    async def leave(self) -> bool:
        return True

    async def action_next(self) -> None:
        self.start()

    @work(exclusive=True, group="start-run")
    async def start(self) -> None:
        if (
            self._plan is None or self.session.plan is not self._plan
        ):  # it may be one of Home's, for something else
            if self._looking:
                hint = _("It is being looked at what exists; Ctrl+N starts once the plan is shown.")
            else:
                hint = _("Mend what is missing, or press F5 to look again.")
            self._early = self._looking
            self.tell(_("There is no plan yet."), hint, problem=not self._looking)
            return
        self.tell("")
        if self.session.view is not None and not await taken_over(self, self.session.view.world):
            if not self.told:  # "Another name"
                self.claw.go("app")
            return
        try:
            lost = await self.session.missing_secrets()
            if lost:
                self.tell(
                    _("Not at hand any more: {names}.").format(names=", ".join(lost)),
                    _("Give them again on the Secrets screen, or open there the place where they are (F6)."),
                    problem=True,
                )
                return
            self.tell(_("Starting …"))
            await self.session.start_run()
        except Busy:
            self.session.run = self.session.find_run(self.session.spec.app)
        except ClawError as error:
            self.tell_error(error)
            return
        self.tell("")
        self.claw.go("deploy")

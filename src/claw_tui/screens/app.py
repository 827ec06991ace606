"""App: the name, the place, the disk, the machine, and what they cost."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain import names
from claw_tui.domain.completeness import app_problems
from claw_tui.domain.errors import ClawError
from claw_tui.domain.prices import AS_OF, machine_price, monthly_price
from claw_tui.domain.sizes import SIZES, VOLUMES, fitting_memories, nearest_memory
from claw_tui.engine.world import YOUNG_SECONDS
from claw_tui.i18n import _, n_
from claw_tui.screens import road
from claw_tui.screens.app_build import ask_programs, build_fields, show_build
from claw_tui.screens.app_name import note_dns
from claw_tui.screens.app_version import VersionCheck
from claw_tui.screens.base import WizardScreen
from claw_tui.screens.dialogs import PickDialog
from claw_tui.screens.taking_up import agreed, is_as_kept, mine, taken_words, use_its_org
from claw_tui.widgets.choice import Choice, Option
from claw_tui.widgets.field import Field, field_around
from claw_tui.widgets.line_input import LineInput
from claw_tui.widgets.pick_list import Item


class AppScreen(WizardScreen):
    """Every default is good as it is; only the name wants a thought."""

    STEP = "app"
    HAS_FIELDS = True
    HELP = n_(
        "An app is a name on Fly.io with a machine and a volume (a disk) behind it. The name is shared by everybody"
        " on Fly.io and becomes the address: NAME.fly.dev.\n\n"
        "OpenClaw takes more than 1 GB of memory by itself, so 2 GB is the least; 4 GB is comfortable. The volume"
        " holds its settings, its memory and its plugins; 3 GB is comfortable.\n\n"
        "The prebuilt image starts in a minute; F8 adds programs to it. Building from source takes ten and more, and 6 GB"
        " of memory there.\n\n"
        "If an app of this name is already yours, it is taken up as it is, and so is its volume."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "suggest", n_("Another name")), Binding("f8", "programs", n_("More programs"))
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._docker = False  # does it answer here?
        self._taken_up = ""  # an app whose place and size are the answers
        self._version = VersionCheck(self)

    def compose_body(self) -> ComposeResult:
        yield Field(
            _("App name"), LineInput(max_length=80, id="name-input"), id="name",
            help_text=_("Becomes the address NAME.fly.dev. Small letters, digits and hyphens. F4 suggests one."),
        )  # fmt: skip
        yield Field(
            _("Region"), Choice(id="region-choice"), id="region",
            help_text=_("Where the machine stands. The nearest to your time zone comes first. Enter shows all."),
        )  # fmt: skip
        yield Field(
            _("Volume"), Choice(id="volume-choice"), id="volume", help_text=_("The disk for settings, memory and plugins. 1 GB works, 3 GB is comfortable."),
        )  # fmt: skip
        yield Field(
            _("Machine"), Choice(id="size-choice"), id="size", help_text=_("Two shared CPUs are enough for one person. It can be changed later."),
        )  # fmt: skip
        yield Field(
            _("Memory"), Choice(id="memory-choice"), id="memory",
            help_text=_("OpenClaw alone takes more than 1 GB: 2 GB is the least, 4 GB is comfortable."),
        )  # fmt: skip
        yield from build_fields()
        yield Static("", id="price", classes="section", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.focus_first()

    def focus_first(self) -> None:
        self.query_one("#name-input").focus()

    def resumed(self) -> None:
        self._taken_up = ""
        self.fill("name-input", self.session.spec.app)
        self.fill("version-input", self.session.spec.version)
        if not self.query_one("#name-input", LineInput).value:
            self.action_suggest()
        self._show()
        self.load()

    def _show(self) -> None:
        self._show_volumes()
        show_build(self, self.session.spec, docker=self._docker)
        self._show_machines()
        self._show_regions()
        self._price()

    def _show_volumes(self) -> None:
        sizes = sorted({*VOLUMES, self.session.spec.volume_gb})
        options = [Option(str(size), _("{size} GB").format(size=size)) for size in sizes]
        self.query_one("#volume-choice", Choice).set_options(options, str(self.session.spec.volume_gb))

    def _show_machines(self) -> None:
        spec = self.session.spec
        sizes = [Option(size, size) for size in SIZES]
        self.query_one("#size-choice", Choice).set_options(sizes, spec.vm_size)
        memory = nearest_memory(spec.vm_size, spec.memory_mb)
        if memory != spec.memory_mb:
            self.session.update(memory_mb=memory)
        options = [
            Option(str(m), f"{m // 1024} GB", f"${machine_price(spec.vm_size, m, spec.region):.2f}")
            for m in fitting_memories(spec.vm_size)
        ]
        self.query_one("#memory-choice", Choice).set_options(options, str(memory))

    def _show_regions(self) -> None:
        options = [Option(region.code, region.code, region.name) for region in self.session.regions]
        if options and not self.session.spec.region:
            self.session.update(region=options[0].id)
            self.query_one("#region", Field).note("")
        self.query_one("#region-choice", Choice).set_options(options, self.session.spec.region)

    def _price(self) -> None:
        price = monthly_price(self.session.spec)
        machine, volume = price.lines
        total = _("About {price}: machine ${machine:.2f} + volume ${volume:.2f}").format(
            price=price.short(), machine=machine.dollars, volume=volume.dollars
        )
        apart = _("Traffic and the models' own bills come on top. Prices of {date}.").format(date=AS_OF)
        self.query_one("#price", Static).update(f"{total}\n{apart}")

    @work(exclusive=True, group="regions")
    async def load(self) -> None:
        await self._regions()
        self._about_version()
        self._about_name()
        self._docker = await self.session.services.git.has_docker()
        show_build(self, self.session.spec, docker=self._docker)

    async def _regions(self) -> None:
        try:
            await self.session.load_regions()
        except ClawError as error:
            self.tell_error(error)
            return
        self._show_regions()
        self._show_machines()  # memory has its price by region
        self._price()

    # -- while answering ------------------------------------------------------------------------------------------
    @on(LineInput.Changed, "#name-input")
    def _name_typed(self, event: LineInput.Changed) -> None:
        field = self.query_one("#name", Field)
        problem = names.app_name_problem(event.value)
        field.note(problem, problem=bool(problem))
        if not problem:
            self._about_name()

    @work(exclusive=True, group="name")
    async def _about_name(self) -> None:
        """Fly cannot be asked whether a name is free; an address in DNS says that it is not."""
        name = self.query_one("#name-input", LineInput).value
        field = self.query_one("#name", Field)
        if names.app_name_problem(name):
            return
        if name in self.session.taken:
            field.note(_("Fly.io has refused this name: somebody has it."), problem=True)
            return
        if await mine(self.session, name):
            await self._take_up(name, field)
            return
        known = await self.session.services.web.name_in_dns(f"{name}.fly.dev")
        if self.query_one("#name-input", LineInput).value != name:
            return
        if known and await mine(self.session, name, ask=True):
            await self._take_up(name, field)
        elif known is not None:
            note_dns(field, name, taken=known, edited=self.session.home_app)

    async def _take_up(self, name: str, field: Field) -> None:
        """An app of the person's own: its place, disk and machine are the answers."""
        field.note(_("This app is yours already: looking at it …"), good=True)
        try:
            world = await self.session.look(name, ("volumes", "machines"), max_age=YOUNG_SECONDS)
        except ClawError as error:
            field.note(error.message, problem=True)
            return
        self.session.take_over(name, world)
        self._taken_up = name
        use_its_org(self.session, name)
        self._show()
        field.note(taken_words(world), good=True)

    @work(exclusive=True, group="version")
    async def _about_version(self) -> None:
        await self._version.look()

    @on(LineInput.Changed, "#version-input")
    def _version_typed(self) -> None:
        self._version.typed()

    @on(LineInput.Blurred, "#version-input")
    def _version_left(self, event: LineInput.Blurred) -> None:
        self.session.update(version=event.value.strip())
        self._about_version()

    @on(Choice.Changed)
    def _changed(self, event: Choice.Changed) -> None:
        value = event.value
        match event.choice.id:
            case "region-choice":
                self.session.update(region=value)
            case "volume-choice":
                self.session.update(volume_gb=int(value))
            case "size-choice":
                self.session.update(vm_size=value)
            case "memory-choice":
                self.session.update(memory_mb=int(value))
            case "source-choice":
                self.session.update(source=value)
            case "builder-choice":
                self.session.update(builder=value)
        self._show()

    @on(Choice.Opened)
    @work(exclusive=True, group="pick")
    async def _open(self, event: Choice.Opened) -> None:
        choice = event.choice
        field = field_around(choice)
        wide = max((len(option.text) for option in choice.options), default=0)
        items = [Item(option.id, option.text, option.detail) for option in choice.options]
        title = str(field.query_one("Label").render()) if field is not None else ""
        found = await self.app.push_screen_wait(PickDialog(title, items, choice.value, text_width=wide))
        if found:
            choice.choose(found)

    def action_suggest(self) -> None:
        self.query_one("#name-input", LineInput).value = names.suggest_app_names(1)[0]

    @work(exclusive=True, group="programs")
    async def action_programs(self) -> None:
        await ask_programs(self)
        self._show()

    # -- leaving --------------------------------------------------------------------------------------------------
    async def keep(self) -> None:
        name = self.query_one("#name-input", LineInput).value.strip()
        if not names.app_name_problem(name):
            await self.session.rename_app(name)
        self.session.update(version=self.query_one("#version-input", LineInput).value.strip())

    def back_to(self) -> str:
        """To the gateway that is edited, for somebody who came from there."""
        return "home" if self.session.home_app else super().back_to()

    async def action_next(self) -> None:
        self._next()

    @work(exclusive=True, group="next")
    async def _next(self) -> None:
        if await self.leave():
            if await self._has_taken_up() and await agreed(self):
                self.claw.go(road.after(self.STEP))
            else:
                self.focus_field("name")

    async def _has_taken_up(self) -> bool:
        """One goes on with an app that is there only when its place and size are the answers; its field says why not."""
        name = self.session.spec.app
        if self._taken_up == name:
            return True
        self.tell(_("Looking at {app} …").format(app=name))
        is_mine = await mine(self.session, name)
        if is_mine:
            await self._take_up(name, self.query_one("#name", Field))
        self.tell("")
        return not is_mine or self._taken_up == name or is_as_kept(self.session)

    async def leave(self) -> bool:
        name = self.query_one("#name-input", LineInput).value.strip()
        problem = names.app_name_problem(name)
        if problem:
            self.problem_at("name", problem)
            return False
        await self.keep()
        if not self.session.regions:
            await self._regions()
        for found in app_problems(self.session.spec):
            self.problem_at(found.field, found.words)
            return False
        return True

"""What a step is given to look at and to act with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claw_tui.domain.jobs import JobEvent, Task
from claw_tui.domain.made import Book
from claw_tui.domain.plan import Action
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import World
from claw_tui.engine.world import WorldReader

if TYPE_CHECKING:
    from claw_tui.ports import Services


@dataclass(frozen=True, slots=True)
class View:
    """What a step may look at: the wish, the world, and which secrets Fly does not have as we hold them."""

    spec: Spec
    world: World
    unsent: tuple[str, ...] = ()
    base_toml: str = ""  # the person's own fly.toml, when there is one
    written_config: str = ""  # the openclaw.json that we wrote last
    removed: tuple[str, ...] = ()  # secrets that are to be taken away, until a restart has brought that in
    task: Task = Task.DEPLOY
    choice: str = ""  # see Job
    book: Book = field(default_factory=Book)  # where things come from, for what takes them away
    image: str = ""  # of an update's way back: what is deployed, whatever fly.toml says
    lent: bool = False  # its private address was only for the time that it was private
    paid: tuple[str, ...] = ()  # dedicated addresses of a private one that were to stay


@dataclass(frozen=True, slots=True)
class Look:
    """What a step would do."""

    action: Action
    detail: str = ""
    commands: tuple[str, ...] = ()
    undo: str = ""


@dataclass(slots=True)
class Context:
    """What a step may act with. ``say`` writes a line to the run's log, ``note`` an event of the run."""

    services: Services
    view: View
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    say: Callable[[str], None] = lambda _line: None
    note: Callable[[JobEvent], None] = lambda _event: None
    redact: Callable[[str], str] = lambda text: text
    revisions: Mapping[str, str] = field(default_factory=dict)
    reader: WorldReader = field(init=False)

    def __post_init__(self) -> None:
        self.reader = WorldReader(self.services.fly)

    @property
    def spec(self) -> Spec:
        return self.view.spec

    @property
    def world(self) -> World:
        return self.view.world

"""What can be taken away of an app, and starting the run that does it: extras, or all that this program made."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claw_tui.domain.errors import StalePlan
from claw_tui.domain.jobs import Task
from claw_tui.domain.made import Book, Kind, Thing, choice_of, things
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import World
from claw_tui.engine.answers_kept import kept_answers
from claw_tui.engine.context import Context
from claw_tui.engine.extras import Piece, about, extras, pieces
from claw_tui.engine.provenance import book_of, known_of, used_volumes
from claw_tui.engine.removing import REMOVES
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.engine.session import Session
    from claw_tui.ports import RunHandle


@dataclass(frozen=True, slots=True)
class Undo:
    """What an undo takes away. ``along`` goes with the app, whoever made it; ``stays``: what others made."""

    goes: tuple[Piece, ...]
    along: tuple[Piece, ...]
    stays: tuple[Piece, ...]

    @property
    def takes_app(self) -> bool:
        return any(piece.thing.kind is Kind.APP for piece in self.goes)

    @property
    def data(self) -> bool:
        return any(piece.data and piece.thing.kind is Kind.VOLUME for piece in self.goes)


def undo_of(world: World, book: Book, *, keep_app: bool = False, settled: bool = False) -> Undo:
    """An app that was there before stays, and so does one in which others have made a machine or a volume.

    ``settled``: what belongs to a gateway that was finished once, too.
    """
    there = things(world)
    mine = (book.made if settled else book.unfinished) & there
    others = there - mine
    foreign = {thing for thing in others if thing.kind in (Kind.MACHINE, Kind.VOLUME)}
    mine -= _held(world, foreign)
    app = {thing for thing in mine if thing.kind is Kind.APP}
    if not app or foreign or keep_app:
        goes = mine - app
        return Undo(pieces(world, goes, book), (), pieces(world, there - goes, book))
    secrets = {
        thing for thing in mine if thing.kind is Kind.SECRET
    }  # no step of their own: the app takes them along
    goes = mine - secrets
    return Undo(pieces(world, goes, book), pieces(world, there - goes, book), ())


def _held(world: World, foreign: Collection[Thing]) -> set[Thing]:
    """Volumes of ours that somebody else's machine uses."""
    machines = {thing.id for thing in foreign if thing.kind is Kind.MACHINE}
    return {
        Thing(Kind.VOLUME, mount.volume_id)
        for machine in world.machines
        if machine.id in machines
        for mount in machine.mounts
    }


def tell_extras(ctx: Context, book: Book) -> None:
    """At the end of a run that made things: what is there twice is said, not taken away."""
    if ctx.view.task is not Task.DEPLOY:
        return
    for piece in extras(ctx.world, ctx.spec, book):
        words = _("Not needed, and there all the same: {what}: {about}. Home offers to remove it.")
        ctx.say(words.format(what=piece.words, about=about(piece)))


def spec_for(session: Session, app: str, world: World) -> Spec:
    """The answers for an app; of one that others set up as much as its things tell."""
    found = kept_answers(session.services.state, app)
    if found is not None:
        return found
    used = used_volumes(world)
    names = [volume.name for volume in world.volumes if volume.id in used]
    spec = Spec(app=app, private=bool(world.ips) and not world.public_ips)
    return replace(spec, volume_name=names[0]) if names else spec


class Removal:
    """For the screens and the text twin: what there is, and the run that takes it away."""

    def __init__(self, session: Session, spec: Spec) -> None:
        self._session, self.spec = session, spec
        self.world, self.book = World(), Book()

    async def look(self, *, max_age: float = 0.0) -> None:
        """Raises FlyError, StateError."""
        self.world = await self._session.look(self.spec.app, max_age=max_age)
        self.book = book_of(self._session.services.journal(self.spec.app), self.world)

    def extras_of(self, world: World) -> tuple[Piece, ...]:
        """Of a world that was read already."""
        return extras(world, self.spec, known_of(self._session.services.journal(self.spec.app), world))

    def extras(self) -> tuple[Piece, ...]:
        return extras(self.world, self.spec, self.book)

    def undo(self, *, keep_app: bool = False, settled: bool = False) -> Undo:
        return undo_of(self.world, self.book, keep_app=keep_app, settled=settled)

    async def same(self, wanted: Undo, *, keep_app: bool, settled: bool) -> None:
        """Another terminal may have made a gateway of it while one read. Raises StalePlan, FlyError, StateError."""
        await self.look()
        now = self.undo(keep_app=keep_app, settled=settled)
        if {piece.thing for piece in now.goes} != {piece.thing for piece in wanted.goes}:
            raise StalePlan(
                _("What was to be undone has changed meanwhile: nothing was removed."),
                hint=_("Another run went on with {app}.").format(app=self.spec.app),
            )

    async def start(self, task: Task, goes: Iterable[Piece]) -> RunHandle:
        """Raises Busy, FlyError, StateError."""
        assert task in REMOVES
        choice = choice_of([piece.thing for piece in goes])
        await self._session.plan_for(self.spec, task, choice=choice)
        return await self._session.start_run()

"""Another machine, a larger volume, another region: what is there, what would be, and the run that changes it."""

from __future__ import annotations

import shlex
from dataclasses import replace

from claw_tui.domain.errors import BadInput, ClawError
from claw_tui.domain.fly_toml import own_command, start_command
from claw_tui.domain.jobs import JobState, Task
from claw_tui.domain.layout import steady_port, with_port
from claw_tui.domain.machine_rules import obstacles, wrong
from claw_tui.domain.machine_wish import (
    MachineWish,
    before_of,
    choice_of_wish,
    is_partly_there,
    old_machine,
    target,
    wish_of,
)
from claw_tui.domain.machine_words import story
from claw_tui.domain.no_such_app import no_such_app
from claw_tui.domain.plan import Plan
from claw_tui.domain.power import what_helps
from claw_tui.domain.spec import PORT, Spec
from claw_tui.domain.world import World
from claw_tui.engine.adoption import spec_of
from claw_tui.engine.answers_kept import kept_answers
from claw_tui.engine.plan_words import plan_lines
from claw_tui.engine.session import Session
from claw_tui.engine.undoing import spec_for
from claw_tui.engine.world import PARTS
from claw_tui.i18n import _
from claw_tui.ports import RunHandle


class MachineDesk:
    """One gateway's machine and volume, whoever made it."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self.app = session, app
        self.left: MachineWish | None = None  # a change that was cut off, or failed, and is not undone

    @property
    def world(self) -> World:
        return self._session.reader.known(self.app)

    async def look(self) -> None:
        """Raises FlyError, StateError; BadInput when nothing of it can be changed."""
        world = await self._session.look(self.app, PARTS)
        if world.app is None:
            raise no_such_app(self.app)
        self.left = self.cut_off()
        if self.left is not None:
            return
        why = next(obstacles(world), "")
        if why:
            raise BadInput(_("It can't be changed now. {why}").format(why=why), hint=what_helps(world))

    def cut_off(self) -> MachineWish | None:
        """By what was last read of the app. Raises StateError."""
        last = self._session.services.runs.latest(self.app)
        if (
            last is None
            or last.job.task is not Task.CHANGE
            or last.state() in (JobState.DONE, JobState.GOING_ON)
        ):
            return None
        try:
            wish = wish_of(last.job.choice)
        except (ValueError, TypeError):
            return None
        wish = replace(wish, back=False)
        return wish if is_half_way(self.world, wish) or self._is_not_written_down(wish) else None

    def _is_not_written_down(self, wish: MachineWish) -> bool:
        """The next deploy would take it back. Of a gateway that others set up nothing is written down here."""
        if self.app not in self._session.services.state.known_apps() or not is_partly_there(self.world, wish):
            return False
        now, then = self._answers(), self.spec(wish)
        return any(
            getattr(now, name) != getattr(then, name)
            for name in ("vm_size", "memory_mb", "region", "volume_gb", "command")
        )

    def begin(self) -> MachineWish:
        """All as it is."""
        machine = self.world.machine
        assert machine is not None
        return MachineWish(before=before_of(machine, self.world))

    async def regions(self) -> tuple[str, ...]:
        """Codes, the nearest first. Raises FlyError."""
        await self._session.load_regions()
        return tuple(region.code for region in self._session.regions)

    @property
    def usual_command(self) -> str:
        """claw-tui's own, for these answers."""
        usual = start_command(replace(self._answers(), command=""))
        port = steady_port(self.world.machine)
        return usual if port == PORT else shlex.join(with_port(shlex.split(usual), port))

    def _answers(self) -> Spec:
        """Those that are kept here; of a gateway that others set up what Fly.io tells."""
        known = kept_answers(self._session.services.state, self.app)
        return known or replace(spec_of(self.app, self.world), secret_names=())

    def spec(self, wish: MachineWish) -> Spec:
        """The answers with it."""
        found = self._answers()
        if wish.back:
            return found
        found = replace(found, volume_name=spec_for(self._session, self.app, self.world).volume_name)
        wanted = with_port(shlex.split(wish.command), PORT)  # a deploy from here leads Fly.io's proxy there
        command = own_command(wanted) if wish.command else found.command
        return replace(
            found, vm_size=wish.size, memory_mb=wish.memory, region=wish.place, volume_gb=wish.disk or found.volume_gb,
            command=command,
        )  # fmt: skip

    async def plan(self, wish: MachineWish) -> Plan:
        """What it would do. Raises FlyError, StateError, BadInput."""
        if not wish.back and not wish.differs:
            raise BadInput(_("It is as you want it already."), hint=_("Nothing was done."))
        if not wish.back and (why := wrong(wish)):
            raise BadInput(why, hint=_("Nothing was done."))
        try:
            return await self._session.plan_for(self.spec(wish), Task.CHANGE, choice=choice_of_wish(wish))
        except ClawError:
            raise
        except ValueError as error:
            raise BadInput(_("It can't be planned: {why}").format(why=error)) from error

    def told(self, wish: MachineWish, plan: Plan) -> list[str]:
        """What it means, and what is done: lines for a person."""
        lines = story(wish, self.world)
        if not wish.back and self.app not in self._session.services.state.known_apps():
            lines += [
                "",
                _("It was not set up from here: put the same into the fly.toml that you deploy it with."),
            ]
        return [*lines, "", *plan_lines(plan)]

    async def start(self) -> RunHandle:
        """Hand it to a run that outlives this program. Raises Busy, StateError, ClawError."""
        return await self._session.start_run()


def is_half_way(world: World, wish: MachineWish) -> bool:
    """The old machine is there, and is not as it was: it rests, or something new is there besides."""
    old = old_machine(world, wish)
    if old is None:
        return False
    if wish.moves:
        volumes = {volume.id for volume in world.volumes} - set(wish.before.volumes)
        return target(world, wish) is not None or bool(volumes) or old.state != "started" or old.cordoned
    return old.state != "started"

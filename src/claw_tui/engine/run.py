"""Carrying out a plan, step by step: look, act, look again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from claw_tui.domain.errors import (
    Cancelled,
    ClawError,
    FlyError,
    FlyKilled,
    FlyNetworkDown,
    FlyTimeout,
    StalePlan,
    StateError,
)
from claw_tui.domain.jobs import ENDED_WELL, StepState, Task
from claw_tui.domain.made import Thing
from claw_tui.engine.context import Context
from claw_tui.engine.evidence import Witness
from claw_tui.engine.plan import steps_for, view_of
from claw_tui.engine.provenance import Provenance
from claw_tui.engine.steps import CreatingStep, Step
from claw_tui.engine.turn import Turn, clear_left
from claw_tui.engine.undoing import tell_extras
from claw_tui.engine.world import PARTS
from claw_tui.i18n import _
from claw_tui.ports import Journal

IN_FLIGHT_SECONDS = 300.0
FRESH_SECONDS = 10.0
MAKES_WHOLE = (Task.DEPLOY, Task.UPDATE, Task.CHANGE, Task.MIGRATE)
MAY_STILL_COME = (Cancelled, FlyKilled, FlyNetworkDown, FlyTimeout)

# step id, state, and the error when it failed
OnStep = Callable[[str, StepState, ClawError | None], None]
OnMade = Callable[[Thing], None]


class Run:
    """One attempt to bring the world in line with the wish. Repeating it is safe: done steps are left alone."""

    def __init__(
        self, ctx: Context, journal: Journal, on_step: OnStep, on_made: OnMade = lambda _thing: None
    ) -> None:
        self._ctx, self._journal, self._on_step = ctx, journal, on_step
        self._witness = Witness(ctx)
        self._turn = Turn(ctx)
        self._made = Provenance(journal, on_made)

    async def carry_out(self, fingerprint: str) -> StepState:
        """Returns DONE, FAILED or STOPPED. Raises StalePlan before anything is changed, Busy, FlyError."""
        fly = self._ctx.services.fly
        left = self._journal.unfinished()
        if left:
            self._ctx.say(_("An earlier run was cut off at: {command}").format(command=left[-1].command))
        await self._journal.settle(IN_FLIGHT_SECONDS, self._waiting)
        fly.use_guard(self._journal)
        await self._look(PARTS)
        self._made.settle(self._ctx.world)
        self._made.forget_gone(self._ctx.world)
        self._ctx.view = replace(self._ctx.view, book=self._made.book)
        if not left and fingerprint and self._ctx.world.fingerprint() != fingerprint:
            raise StalePlan(_("Something changed on Fly.io since this plan was made. Nothing was done."))
        await clear_left(self._ctx)
        for step in steps_for(self._ctx.spec, self._ctx.view.task, self._ctx.view.choice):
            state = await self._step(step)
            if state not in ENDED_WELL:
                return state
        if self._ctx.view.task in MAKES_WHOLE:
            with suppress(StateError):  # it works; an undo would only offer too much, after a look at it
                self._made.finished()
        tell_extras(self._ctx, self._made.book)
        return StepState.DONE

    def _waiting(self) -> None:
        words = _("That call still goes on: its end is waited for, {minutes:.0f} minutes at most.")
        self._ctx.say(words.format(minutes=IN_FLIGHT_SECONDS / 60))

    async def _step(self, step: Step) -> StepState:
        self._journal.step = step.id
        self._on_step(step.id, StepState.RUNNING, None)
        self._witness.begin()
        parts = self._made.parts(step.id, step.parts)
        try:
            await self._look(parts)
            if await step.is_done(self._ctx):
                state = StepState.UNCHANGED
            else:
                await self._turn.take(step)
                self._made.before(step.id, self._ctx.world, self._ctx.spec.volume_name)
                await self._apply(step)
                await self._look(parts)
                self._made.settle(self._ctx.world)
                state = StepState.DONE
        except ClawError as error:
            return await self._failed(step, error, parts)
        except asyncio.CancelledError:
            await clear_left(self._ctx)
            self._on_step(step.id, StepState.STOPPED, None)
            return StepState.STOPPED
        self._on_step(step.id, state, None)
        return state

    async def _failed(self, step: Step, error: ClawError, parts: tuple[str, ...]) -> StepState:
        with suppress(asyncio.CancelledError):  # it failed all the same; what was said so far is enough
            await self._witness.testify(error)
        await clear_left(self._ctx)
        if self._made.waits and not isinstance(error, MAY_STILL_COME):
            await self._settle(parts)
        self._on_step(step.id, StepState.FAILED, error)
        return StepState.FAILED

    async def _apply(self, step: Step) -> None:
        """Whatever it does, what was read before may not be so any more; nor what it read itself on its way."""
        self._ctx.reader.changed(self._ctx.spec.app)
        try:
            await step.apply(self._ctx)
        except FlyError as error:
            self._ctx.reader.changed(self._ctx.spec.app)
            if not await self._is_there(step):
                raise
            self._ctx.say(_("{what} But it is there: only the answer was lost.").format(what=error.message))
        finally:
            self._ctx.reader.changed(self._ctx.spec.app)

    async def _settle(self, parts: tuple[str, ...]) -> None:
        """A step that failed may have made something all the same. What can't be seen now is seen by the next run.

        Nothing is settled after a call that was cut off: what it asked for may appear only after a look.
        """
        with suppress(ClawError):
            await self._look(parts)
            self._made.settle(self._ctx.world)

    async def _is_there(self, step: Step) -> bool:
        """Flyctl repeats a request whose answer was lost, also one that made something: its "no" may mean "done"."""
        if not isinstance(step, CreatingStep):
            return False
        try:
            await self._look(step.parts)
        except FlyError:
            return False
        return await step.is_done(self._ctx)

    async def _look(self, parts: tuple[str, ...]) -> None:
        """Read what the step is about, as far as it was not read a moment ago with nothing done since.

        A list right after a create is how a create that ran twice is seen.
        """
        ctx, spec = self._ctx, self._ctx.spec
        world = await ctx.reader.read(spec.app, parts, max_age=FRESH_SECONDS)
        ctx.view = replace(
            view_of(spec, world, ctx.services.state, ctx.view.task, ctx.view.choice),
            base_toml=ctx.view.base_toml,
            book=ctx.view.book,
        )

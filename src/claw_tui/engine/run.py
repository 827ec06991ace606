"""Carrying out a plan, step by step: look, act, look again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from claw_tui.domain.errors import ClawError, StalePlan
from claw_tui.domain.jobs import ENDED_WELL, StepState
from claw_tui.domain.world import World
from claw_tui.engine.context import Context
from claw_tui.engine.plan import steps_for, view_of
from claw_tui.engine.steps import Step
from claw_tui.engine.world import PARTS, read_world
from claw_tui.i18n import _
from claw_tui.ports import Journal

IN_FLIGHT_SECONDS = 300.0
FRESH_SECONDS = 10.0

# step id, state, and the error when it failed
OnStep = Callable[[str, StepState, ClawError | None], None]


class Run:
    """One attempt to bring the world in line with the wish. Repeating it is safe: done steps are left alone."""

    def __init__(self, ctx: Context, journal: Journal, on_step: OnStep) -> None:
        self._ctx, self._journal, self._on_step = ctx, journal, on_step
        self._read_at: dict[str, float] = {}  # what of the world is known, and since when

    async def carry_out(self, fingerprint: str) -> StepState:
        """Returns DONE, FAILED or STOPPED. Raises StalePlan before anything is changed, Busy, FlyError."""
        fly = self._ctx.services.fly
        left = self._journal.unfinished()
        await self._journal.settle(IN_FLIGHT_SECONDS)
        fly.use_guard(self._journal)
        await self._look(PARTS)
        if left:
            self._ctx.say(_("An earlier run was cut off at: {command}").format(command=left[-1].command))
        elif fingerprint and self._ctx.world.fingerprint() != fingerprint:
            raise StalePlan(_("Something changed on Fly.io since this plan was made. Nothing was done."))
        for step in steps_for(self._ctx.spec):
            state = await self._step(step)
            if state not in ENDED_WELL:
                return state
        return StepState.DONE

    async def _step(self, step: Step) -> StepState:
        self._journal.step = step.id
        self._on_step(step.id, StepState.RUNNING, None)
        try:
            await self._look(step.parts)
            if await step.is_done(self._ctx):
                state = StepState.UNCHANGED
            else:
                self._read_at.clear()  # whatever it does, what was read before may not be so any more
                await step.apply(self._ctx)
                await self._look(step.parts)
                state = StepState.DONE
        except ClawError as error:
            self._on_step(step.id, StepState.FAILED, error)
            return StepState.FAILED
        except asyncio.CancelledError:
            self._on_step(step.id, StepState.STOPPED, None)
            return StepState.STOPPED
        self._on_step(step.id, state, None)
        return state

    async def _look(self, parts: tuple[str, ...]) -> None:
        """Read what the step is about, as far as it was not read a moment ago with nothing done since.

        A list right after a create is how a create that ran twice is seen.
        """
        now = time.monotonic()
        old = [part for part in parts if now - self._read_at.get(part, 0.0) > FRESH_SECONDS]
        if old:
            spec, known = self._ctx.spec, self._ctx.world
            world: World = await read_world(self._ctx.services.fly, spec.app, old, known)
            self._read_at.update(dict.fromkeys(old, now))
            self._ctx.view = replace(
                view_of(spec, world, self._ctx.services.state), base_toml=self._ctx.view.base_toml
            )

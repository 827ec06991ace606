"""Waiting for one's turn: another computer's run is not overtaken, and what a run of ours left is cleared away."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable

from claw_tui.domain.errors import FlyError, LeaseHeld, StalePlan
from claw_tui.domain.jobs import Intent
from claw_tui.domain.plan import Action, Plan, PlanItem
from claw_tui.domain.turns import (
    AtWork,
    ends,
    is_going_on,
    is_left_lease,
    is_our_release,
    is_over,
    left_behind,
    takes_turn,
)
from claw_tui.domain.world import Lease
from claw_tui.engine.context import Context, Look
from claw_tui.engine.steps import Step
from claw_tui.engine.world import PARTS, WorldReader
from claw_tui.i18n import _
from claw_tui.ports import Services

RENEWAL_SECONDS = 6.0  # flyctl renews a lease that it works under every 4 seconds
TURN_SECONDS = 900.0  # a lease that nobody renews ends within ten minutes
POLLS = (5.0, 5.0, 10.0, 20.0, 30.0, 60.0)  # seconds between two looks; the last one from then on


async def others_at_work(
    reader: WorldReader,
    app: str,
    calls: Iterable[Intent],
    who: Callable[[], Awaitable[str]],
    *,
    cleared: bool = False,
) -> tuple[AtWork, ...]:
    """Who else changes ``app`` just now, as far as Fly.io tells. Raises FlyError.

    ``calls``: our own, by the journal. ``who``: whose login this is; only asked when it matters.
    ``cleared``: what ours left is taken away already, so a lease that is there is somebody's.
    """
    world, now, calls = reader.known(app), time.time(), tuple(calls)
    if not world.machines:
        world = await reader.read(app, ("machines",))
    if world.machines:
        leases = [one for one in (await reader.read(app, ("leases",))).leases if one.until > now]
        if not leases:
            return ()
        me, left = await who(), None if cleared else left_behind(calls)
        return tuple(
            AtWork(one.owner, one.until, one.machine) for one in leases if not is_left_lease(one, left, me)
        )
    # No machine yet, so no lease: only the release tells that one is being made.
    newest = next(iter((await reader.read(app, ("releases",))).releases), None)
    if newest is None or not is_going_on(newest, now) or is_our_release(newest, calls, await who()):
        return ()
    return (AtWork(newest.user, ends(newest)),)


def at_work_lines(one: AtWork) -> tuple[str, str]:
    """What they do and until when, for a person. The time is this computer's."""
    who, clock = one.who or _("Somebody"), time.strftime("%H:%M:%S", time.localtime(one.until))
    if one.machine:
        words = _("{who} is changing machine {machine}.").format(who=who, machine=one.machine)
        return words, _("That ends at {clock} at the latest, if nobody goes on.").format(clock=clock)
    words = _("{who} is deploying this app for the first time.").format(who=who)
    return words, _("That counts until {clock} at the latest.").format(clock=clock)


async def others_words(services: Services, reader: WorldReader, plan: Plan, app: str) -> str:
    """What to tell before ``plan`` is begun, or "". Not being able to tell is no reason to say anything."""
    if reader.known(app).app is None or not any(map(needs_turn, plan.items)):
        return ""
    reader.changed(app, ("leases", "releases"))
    try:
        found = await others_at_work(reader, app, services.journal(app).calls(), services.fly.whoami)
    except FlyError:
        return ""
    return " ".join(line for one in found for line in at_work_lines(one))


def needs_turn(look: Look | PlanItem) -> bool:
    """Whether a step does what two must not do at once."""
    if look.action is Action.CREATE:
        return True
    return look.action is Action.CHANGE and any(map(takes_turn, look.commands))


async def clear_left(ctx: Context) -> None:
    """Take away the leases of a call of ours that was cut off: they would hold up the next one for minutes."""
    app = ctx.spec.app
    left = left_behind(ctx.services.journal(app).calls())
    if left is None or is_over(left, time.time()):
        return
    try:
        me = await ctx.services.fly.whoami()
        found = (await ctx.reader.read(app, ("leases",))).leases
        ours = await _not_renewed(ctx, [one for one in found if is_left_lease(one, left, me)])
        for machine in _machines(ours):
            ctx.say(
                _("A call that was cut off still holds machine {id}: its lease is cleared.").format(
                    id=machine
                )
            )
            await ctx.services.fly.clear_leases(app, machine)
    except FlyError as error:
        ctx.say(_("Leases could not be cleared: {why}").format(why=error.message))
    finally:
        ctx.reader.changed(app, ("leases",))


async def _not_renewed(ctx: Context, ours: list[Lease]) -> list[Lease]:
    """Those that nobody works under: the same login may be deploying from another computer."""
    if not ours:
        return []
    await ctx.services.pause(RENEWAL_SECONDS)
    ctx.reader.changed(ctx.spec.app, ("leases",))
    return [one for one in ours if one in (await ctx.reader.read(ctx.spec.app, ("leases",))).leases]


def _machines(leases: Iterable[Lease]) -> list[str]:
    return sorted({one.machine for one in leases})


class Turn:
    """Asked for once in a run, before the first thing that two must not do at once."""

    def __init__(self, ctx: Context) -> None:
        self._ctx, self._taken, self._me = ctx, False, ""

    async def _who(self) -> str:
        self._me = self._me or await self._ctx.services.fly.whoami()
        return self._me

    async def take(self, step: Step) -> None:
        """Wait until nobody else is at it. Raises LeaseHeld, and StalePlan when the others changed something."""
        ctx = self._ctx
        if self._taken or not needs_turn(step.look(ctx.view)):
            return
        self._taken = True
        if ctx.world.app is None:
            return
        before, waited = ctx.world.fingerprint(), await self._wait()
        if waited:
            ctx.reader.changed(ctx.spec.app)
            now = await ctx.reader.read(ctx.spec.app, PARTS)
            if now.fingerprint() != before:
                raise StalePlan(_("Somebody else changed this app meanwhile. Nothing was done."))

    async def _wait(self) -> float:
        """Seconds that it took, 0 when nobody was there."""
        ctx, waited, told = self._ctx, 0.0, ""
        polls = iter(POLLS)
        while others := await self._others():
            lines = at_work_lines(others[0])
            if waited >= TURN_SECONDS:
                raise LeaseHeld(" ".join(lines), hint=_("Ask them, or try again later. Nothing was done."))
            if others[0].who != told:
                told = others[0].who
                for line in (*lines, _("This run waits for that.")):
                    ctx.say(line)
            pause = min(next(polls, POLLS[-1]), max(others[0].until - time.time(), 0.0) + 1.0)
            await ctx.services.pause(pause)
            waited += pause
        return waited

    async def _others(self) -> tuple[AtWork, ...]:
        ctx = self._ctx
        ctx.reader.changed(ctx.spec.app, ("leases", "releases"))
        calls = ctx.services.journal(ctx.spec.app).calls()
        try:
            return await others_at_work(ctx.reader, ctx.spec.app, calls, self._who, cleared=True)
        except FlyError as error:
            ctx.say(_("Whether somebody else is at work could not be seen: {why}").format(why=error.message))
            return ()

"""A gateway that was stopped on purpose is not started, and paid for, because something else of it is mended."""

from __future__ import annotations

from claw_tui.domain.power import is_resting
from claw_tui.engine.context import Context
from claw_tui.engine.reaching import AwaitDoor, WriteReach
from claw_tui.i18n import _


async def rests(ctx: Context) -> bool:
    """Now: a step before may have started it."""
    return is_resting(await ctx.reader.read(ctx.spec.app, ("machines",), max_age=5.0))


class TellAddresses(WriteReach):
    """What can only be told to a gateway that runs waits; the doctor notes it once it does."""

    async def is_done(self, ctx: Context) -> bool:
        return await rests(ctx) or await super().is_done(ctx)


class AwaitMended(AwaitDoor):
    """Nobody waits for one that is to be silent."""

    async def apply(self, ctx: Context) -> None:
        if not await rests(ctx):
            await super().apply(ctx)
            return
        words = _(
            "Its machine is stopped, and stays so. Once it runs, `claw-tui doctor {app}` looks at the rest."
        )
        ctx.say(words.format(app=ctx.spec.app))

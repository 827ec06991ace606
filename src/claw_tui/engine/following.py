"""Following what a gateway does about an openclaw.json that was put in its place."""

from __future__ import annotations

from dataclasses import replace

from claw_tui.domain.delivery import BAD, GOOD, Delivery, Reload, meaning, outcome, telling
from claw_tui.domain.errors import FlyError, FlyNetworkDown, GatewayError, MachineStopped
from claw_tui.domain.generations import runs_old
from claw_tui.domain.world import Machine
from claw_tui.engine.context import Context
from claw_tui.i18n import _

QUIET_SECONDS = 8.0  # the real one says its first word after 0.5 to 1.2 seconds
BACK_SECONDS = 180.0  # a restart in its process takes 4 to 30 seconds
POLL_SECONDS = 2.0
BACK_TRIES = 20


class NotTaken(GatewayError):
    """The gateway does not take the file."""


async def read_delivery(ctx: Context, machine: Machine) -> Delivery:
    """Also while its machine does not take commands for a moment."""
    refused: FlyError | None = None
    for count in range(BACK_TRIES):
        try:
            found = await ctx.services.gateway.delivery(ctx.spec.app, machine.id)
        except FlyError as error:
            if isinstance(error, FlyNetworkDown):
                raise
            refused = error
            if (
                isinstance(error, MachineStopped) and count % 5 == 4
            ):  # it gave up: its file can be read while it tries
                await ctx.services.fly.start_machine(ctx.spec.app, machine.id)
            await ctx.services.pause(POLL_SECONDS)
            continue
        return found if found.log or not found.digest else await _from_console(ctx, found)
    assert refused is not None
    raise refused


async def _from_console(ctx: Context, found: Delivery) -> Delivery:
    """It has no log file where it is expected: the console's log says the same, a little later."""
    entries = await ctx.services.fly.recent_logs(ctx.spec.app)
    lines = [entry.message for entry in entries if entry.at[:19] >= found.at]
    return replace(found, lines=tuple(line for line in lines if meaning(line) is not None))


async def follow(
    ctx: Context, machine: Machine, delivery: Delivery, *, asked: int = 0, known: int = 0
) -> Delivery:
    """Until it is known what the gateway did. Raises NotTaken.

    ``asked``: how often it was told of the file already. ``known``: so many of the lines are from before that.
    """
    quiet, since = 0.0, 0.0
    while delivery.digest:
        now = outcome(delivery.lines[known:])
        if now is Reload.REVERTED and delivery.now == delivery.digest:
            now = Reload.RESTARTED  # with its own copy of the same file
        if now in BAD:
            raise not_taken(delivery)
        if now in GOOD or (now is Reload.SAME and asked):
            _tell(ctx, now)
            break
        if now is Reload.RESTARTING:  # it may first end what it is at
            quiet, since = 0.0, since + POLL_SECONDS
            if since > BACK_SECONDS:
                raise NotTaken(_("The gateway does not come back from its restart."))
        elif quiet >= QUIET_SECONDS or now is Reload.OFF:
            asked, quiet = asked + 1, 0.0
            if asked > 1 or now is Reload.OFF:
                await _restart(ctx, machine)
                return await read_delivery(ctx, machine)
            ctx.say(_("The gateway has not noticed the file: it is told once more."))
            await ctx.services.gateway.touch_config(ctx.spec.app, machine.id)
        await ctx.services.pause(POLL_SECONDS)
        quiet += POLL_SECONDS
        delivery = await read_delivery(ctx, machine)
    return delivery


async def see_through(ctx: Context, machine: Machine) -> bool:
    """A file that was written around a start: has the gateway that answers read it? Raises NotTaken.

    Says whether it had to be waited for.
    That it began to listen says nothing: it may have read the file before. So it is told once more, unless it said more.
    """
    if runs_old(machine):
        return False
    delivery = await read_delivery(ctx, machine)
    if not delivery.digest:
        return False  # nothing was written, or it was seen through
    now = outcome(delivery.lines)
    if now in BAD and delivery.now == delivery.digest and now is not Reload.REVERTED:
        raise not_taken(delivery)
    if now is Reload.APPLIED or (now is Reload.RESTARTED and _reloads(delivery)):
        _tell(ctx, now)
    else:
        await ctx.services.gateway.touch_config(ctx.spec.app, machine.id)
        await ctx.services.pause(POLL_SECONDS)
        known = len(delivery.lines)
        await follow(ctx, machine, await read_delivery(ctx, machine), asked=1, known=known)
    await ctx.services.gateway.settle(ctx.spec.app, machine.id)
    return True


def _reloads(delivery: Delivery) -> bool:
    """Whether it said that it restarts for the file."""
    return any(meaning(line) is Reload.RESTARTING for line in delivery.lines)


def _tell(ctx: Context, now: Reload) -> None:
    if now is Reload.SAME:
        ctx.say(_("The gateway found nothing new in the file."))
    elif now is Reload.APPLIED:
        ctx.say(_("The gateway took the new openclaw.json over while it runs."))
    else:
        ctx.say(_("The gateway has restarted with the new openclaw.json."))


async def _restart(ctx: Context, machine: Machine) -> None:
    ctx.say(_("The gateway does not look at its file: it is restarted."))
    await ctx.services.fly.restart_machine(ctx.spec.app, machine.id)


def not_taken(delivery: Delivery) -> NotTaken:
    lines = telling(delivery.lines)
    reverted = outcome(delivery.lines) is Reload.REVERTED
    words = (
        _("OpenClaw put another openclaw.json back in the place of the new one.")
        if reverted
        else _("The gateway does not take the new openclaw.json.")
    )
    return NotTaken(words, detail="\n".join(lines[-5:]))

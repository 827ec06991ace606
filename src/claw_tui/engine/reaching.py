"""Telling a gateway how it is reached: three settings of its openclaw.json, and seeing that it took them."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from claw_tui.domain.delivery import is_old
from claw_tui.domain.errors import ConfigRejected, GatewayError
from claw_tui.domain.exec_words import in_machine
from claw_tui.domain.gateway_config import Json, config_text
from claw_tui.domain.generations import runs_old
from claw_tui.domain.openclaw import json5
from claw_tui.domain.openclaw.reached import reached
from claw_tui.domain.plan import Action
from claw_tui.domain.spec import Spec
from claw_tui.domain.versions import number, version_of
from claw_tui.domain.world import Machine, World
from claw_tui.engine.answering import AwaitAnswer
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.doors_kept import read_kept, write_kept
from claw_tui.engine.following import see_through
from claw_tui.engine.former import former
from claw_tui.engine.own_config import own_addresses
from claw_tui.engine.secret_steps import refuse_literals
from claw_tui.engine.steps import LookingStep
from claw_tui.i18n import _
from claw_tui.ports import StateStore


class WriteReach(LookingStep):
    """Three settings of openclaw.json; the file is checked by OpenClaw and the old one kept, as always."""

    id: ClassVar[str] = "write-config"
    parts: ClassVar[tuple[str, ...]] = ("ips", "machines")

    def title(self) -> str:
        return _("Tell the gateway how it is reached")

    def look(self, view: View) -> Look:
        machine = view.world.machine
        if machine is not None and runs_old(machine):
            return Look(Action.KEEP, _("a version as old as this does not ask where a browser comes from"))
        words = _("allowedOrigins, publicOrigin and trustedProxies in openclaw.json; all else stays")
        return Look(Action.CHANGE, words, in_machine(view.spec.app, view.world).moves())

    async def _read(self, ctx: Context) -> tuple[str, Json] | None:
        """None when there is nothing to be written."""
        machine = await running(ctx)
        if runs_old(machine):
            return None
        text = await ctx.services.gateway.read_config(ctx.spec.app, machine.id)
        tree = json5.read(text) if text else None
        if text is None or not isinstance(tree, dict) or written_by_old(tree):
            return None
        return text, tree

    async def is_done(self, ctx: Context) -> bool:
        try:
            found = await self._read(ctx)
        except ValueError as error:
            raise GatewayError(
                _("The gateway's openclaw.json can't be read: {why}").format(why=error),
                hint=_("B on Home puts an earlier one back."),
            ) from error
        return found is None or told(ctx.services.state, ctx.spec, ctx.world, found[1]) == found[1]

    async def apply(self, ctx: Context) -> None:
        found = await self._read(ctx)
        assert found is not None
        before, tree = found
        app, state, machine = ctx.spec.app, ctx.services.state, await running(ctx)
        wanted = told(state, ctx.spec, ctx.world, tree)
        refuse_literals(wanted)
        if ctx.spec.private:
            self._keep_origin(ctx, tree)
        try:
            await ctx.services.gateway.write_config(
                app, machine.id, config_text(wanted), watched=True, expected=before
            )
        except ConfigRejected:
            if number(version_of(machine.image)):
                raise
            ctx.say(_("This version does not check a file: its openclaw.json stays as it is."))
            return
        last = json5.read(ctx.view.written_config) if ctx.view.written_config else None
        if isinstance(last, dict):  # what we wrote last: a later deploy compares with it
            state.write_file(
                state.file(app, "openclaw.json"), config_text(told(state, ctx.spec, ctx.world, last))
            )
        ctx.say(_("openclaw.json is in place; the gateway loads it by itself."))

    @staticmethod
    def _keep_origin(ctx: Context, tree: Json) -> None:
        """A host name of the person's own comes back with the public address."""
        gateway = tree.get("gateway")
        origin = gateway.get("publicOrigin") if isinstance(gateway, dict) else None
        if isinstance(origin, str) and origin:
            state, app = ctx.services.state, ctx.spec.app
            write_kept(state, app, replace(read_kept(state, app), origin=origin))


def told(state: StateStore, spec: Spec, world: World, tree: Json) -> Json:
    """``tree`` of a gateway that knows how it is reached by its answers and its addresses."""
    app = spec.app
    own = [] if spec.private else own_addresses(world)
    gone = {ip.address for ip in (*former(state, app), *world.ips)} - set(own)
    return reached(tree, spec, own, gone, "" if spec.private else read_kept(state, app).origin)


def written_by_old(tree: Json) -> bool:
    """By what it says of itself: an image that somebody built does not tell its version."""
    meta = tree.get("meta")
    touched = meta.get("lastTouchedVersion") if isinstance(meta, dict) else None
    return isinstance(touched, str) and is_old(touched)


async def running(ctx: Context) -> Machine:
    """The machine to talk to. A deploy leaves one that it was cut off at stopped."""
    world = await ctx.reader.read(ctx.spec.app, ("machines",), max_age=5.0)
    machine = world.machine
    if machine is None:
        raise GatewayError(_("There is no machine any more."), hint=_("D on Home deploys one."))
    for _try in range(20):
        if machine.state == "started":
            break
        await ctx.services.fly.start_machine(ctx.spec.app, machine.id)
        await ctx.services.pause(2.0)
        world = await ctx.reader.read(ctx.spec.app, ("machines",))
        machine = next(m for m in world.machines if m.id == machine.id)
    return machine


class AwaitDoor(AwaitAnswer):
    """It answers, and has read what it was told."""

    async def apply(self, ctx: Context) -> None:
        await super().apply(ctx)
        machine = await running(ctx)
        if await see_through(ctx, machine):
            await super().apply(ctx)

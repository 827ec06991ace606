"""The fixing run's steps inside the machine: locks, openclaw.json's owner, the file itself, single settings of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.choice import Wanted, read_choice
from claw_tui.domain.doctor.part_words import settings_words
from claw_tui.domain.doctor.repairs import repaired
from claw_tui.domain.doctor.settings import bare, mended
from claw_tui.domain.errors import ConfigRejected, GatewayError
from claw_tui.domain.exec_words import InMachine, in_machine
from claw_tui.domain.gateway_config import Json, config_text
from claw_tui.domain.generations import runs_old
from claw_tui.domain.layout import layout_in
from claw_tui.domain.openclaw import json5
from claw_tui.domain.plan import Action
from claw_tui.domain.world import Machine
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.own_config import own_config
from claw_tui.engine.reaching import running
from claw_tui.engine.secret_steps import refuse_literals
from claw_tui.engine.steps import CheckingStep, LookingStep
from claw_tui.i18n import _

Try = Callable[[], Awaitable[object]]
SPOILT = (".clobbered", ".refused-")


def wanted_of(view: View) -> Wanted:
    return read_choice(view.choice)


def _inside(view: View) -> InMachine:
    return in_machine(view.spec.app, view.world)


class DropLocks(CheckingStep):
    """Only those whose owner is gone, looked at in the same moment."""

    id: ClassVar[str] = "drop-locks"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("Remove the lock that was left")

    def look(self, view: View) -> Look:
        return Look(Action.CHECK, _("only if its owner is gone"), (_inside(view).run("rm -f LOCK"),))

    async def apply(self, ctx: Context) -> None:
        machine = await running(ctx)
        found = (await ctx.services.gateway.inside(ctx.spec.app, machine.id)).locks
        gone = tuple(lock for lock in found if lock.alive is False)
        for lock in found:
            if lock not in gone:
                ctx.say(_("Its owner may run, so it stays: {path}").format(path=lock.path))
        if gone and await ctx.services.gateway.drop_locks(ctx.spec.app, machine.id, gone):
            ctx.say(_("Removed: {paths}").format(paths=", ".join(lock.path for lock in gone)))


class MendOwner(CheckingStep):
    """openclaw.json is the gateway's user's."""

    id: ClassVar[str] = "mend-owner"
    parts: ClassVar[tuple[str, ...]] = ("machines",)

    def title(self) -> str:
        return _("See to the owner and the mode of openclaw.json")

    def look(self, view: View) -> Look:
        return Look(Action.CHECK, _("the gateway's own, and nobody else reads it"), _inside(view).owns())

    async def apply(self, ctx: Context) -> None:
        machine = await running(ctx)
        if await ctx.services.gateway.mend_owner(ctx.spec.app, machine.id):
            ctx.say(_("It was another user's, or others could read it. Now it is the gateway's."))


class PutFile(LookingStep):
    """Another openclaw.json: the answers', an earlier one, one from elsewhere, a bare one; the first that is accepted."""

    id: ClassVar[str] = "put-file"
    parts: ClassVar[tuple[str, ...]] = ("machines", "ips", "secrets")

    def title(self) -> str:
        return _("Put another openclaw.json in place")

    def look(self, view: View) -> Look:
        words = wanted_of(view).file
        what = {fixes.ANSWERS: _("written anew from the answers"), fixes.BASIC: _("a bare one")}
        detail = what.get(words, words.partition(":")[2] or _("the newest that OpenClaw accepts"))
        return Look(Action.CHANGE, detail, self._commands(view, words))

    @staticmethod
    def _commands(view: View, words: str) -> tuple[str, ...]:
        name = "NAME" if words == fixes.FIND else words.partition(":")[2]
        if not name:
            return _inside(view).sends()
        path = name if words.startswith(fixes.FETCH) else layout_in(view.world).beside(name)
        check = view.world.machine is None or not runs_old(view.world.machine)
        return _inside(view).takes(path, check=check)

    async def is_done(self, ctx: Context) -> bool:
        name, machine = wanted_of(ctx.view).file, ctx.world.machine
        if not name.startswith(fixes.PUT) or machine is None or machine.state != "started":
            return False
        return await ctx.services.gateway.has_backup(ctx.spec.app, machine.id, name.removeprefix(fixes.PUT))

    async def apply(self, ctx: Context) -> None:
        machine = await running(ctx)
        refused: ConfigRejected | None = None
        for words, attempt in await self._tries(ctx, machine):
            try:
                await attempt()
            except ConfigRejected as error:
                refused = error
                ctx.say(_("OpenClaw does not accept it: {what}").format(what=words))
                continue
            ctx.say(_("In place: {what}").format(what=words))
            return
        raise refused or GatewayError(_("There is no other openclaw.json."), hint=_("E on Home writes one."))

    async def _tries(self, ctx: Context, machine: Machine) -> list[tuple[str, Try]]:
        app, gateway, wanted = ctx.spec.app, ctx.services.gateway, wanted_of(ctx.view).file
        old = runs_old(machine)
        tries: list[tuple[str, Try]] = []
        if wanted == fixes.ANSWERS:
            tries.append((_("the answers' file"), lambda: _answers(ctx, machine)))
        if wanted.startswith(fixes.FETCH):
            tries.append(
                (
                    wanted,
                    lambda: gateway.take_file(
                        app, machine.id, wanted.removeprefix(fixes.FETCH), check=not old
                    ),
                )
            )
        if wanted == fixes.FIND:
            inside = await gateway.inside(app, machine.id)
            tries += [(p.path, _take(ctx, machine, p.path)) for p in inside.elsewhere]
        if wanted.startswith(fixes.PUT) or wanted == fixes.FIND:
            named = wanted.removeprefix(fixes.PUT)
            found = [
                b.name for b in await gateway.backups(app, machine.id) if not any(s in b.name for s in SPOILT)
            ]
            names = sorted(found, key=lambda name: (name != named, not name.endswith(".last-good")))
            tries += [(name, _restore(ctx, machine, name, check=not old)) for name in names]
        if not old and (wanted in (fixes.BASIC, fixes.FIND) or wanted.startswith(fixes.PUT)):
            tries.append(
                (
                    _("a bare one"),
                    lambda: _write(
                        ctx, machine, bare(ctx.spec, repaired(ctx.world, wanted_of(ctx.view), ctx.spec))
                    ),
                )
            )
        return tries


def _take(ctx: Context, machine: Machine, path: str) -> Try:
    return lambda: ctx.services.gateway.take_file(ctx.spec.app, machine.id, path, check=not runs_old(machine))


def _restore(ctx: Context, machine: Machine, name: str, *, check: bool) -> Try:
    return lambda: ctx.services.gateway.restore(ctx.spec.app, machine.id, name, check=check)


async def _answers(ctx: Context, machine: Machine) -> None:
    wanted = own_config(ctx.view, repaired(ctx.world, wanted_of(ctx.view), ctx.spec).machine)
    await _write(ctx, machine, wanted)
    ctx.services.state.write_file(ctx.services.state.file(ctx.spec.app, "openclaw.json"), config_text(wanted))


async def _write(ctx: Context, machine: Machine, tree: Json, before: str | None = None) -> None:
    refuse_literals(tree)
    watched = not wanted_of(ctx.view).rescue
    await ctx.services.gateway.write_config(
        ctx.spec.app, machine.id, config_text(tree), watched=watched, expected=before
    )  # fmt: skip


class MendSettings(LookingStep):
    """Some settings of openclaw.json; OpenClaw checks the file before it counts."""

    id: ClassVar[str] = "mend-settings"
    parts: ClassVar[tuple[str, ...]] = ("machines", "ips", "secrets")

    def title(self) -> str:
        return _("Mend settings in openclaw.json")

    def look(self, view: View) -> Look:
        return Look(Action.CHANGE, settings_words(wanted_of(view).settings), _inside(view).sends())

    async def _read(self, ctx: Context, machine: Machine) -> tuple[str | None, Json]:
        gateway, app = ctx.services.gateway, ctx.spec.app
        again = next(
            (part.partition("=")[2] for part in wanted_of(ctx.view).settings if part.startswith("again=")), ""
        )
        before = await gateway.read_config(app, machine.id)
        text = await gateway.read_backup(app, machine.id, again) if again else before
        try:
            tree: Any = json5.read(text) if text else {}
        except ValueError as error:
            raise GatewayError(
                _("The gateway's openclaw.json can't be read: {why}").format(why=error),
                hint=_("B on Home puts an earlier one back."),
            ) from error
        return before, tree if isinstance(tree, dict) else {}

    def _wanted(self, ctx: Context, tree: Json) -> Json:
        return mended(tree, wanted_of(ctx.view).settings, ctx.spec, ctx.world)

    async def is_done(self, ctx: Context) -> bool:
        machine = await running(ctx)
        before, tree = await self._read(ctx, machine)
        return before is not None and self._wanted(ctx, tree) == json5.read(before)

    async def apply(self, ctx: Context) -> None:
        machine = await running(ctx)
        before, tree = await self._read(ctx, machine)
        await _write(ctx, machine, self._wanted(ctx, tree), before)
        ctx.say(_("openclaw.json is in place; the gateway loads it by itself."))
        state, app = ctx.services.state, ctx.spec.app
        last = json5.read(ctx.view.written_config) if ctx.view.written_config else None
        if isinstance(last, dict):  # what we wrote last: a later deploy compares with it
            state.write_file(state.file(app, "openclaw.json"), config_text(self._wanted(ctx, last)))

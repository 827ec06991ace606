"""The steps about secrets: sent and taken away without a restart, then brought in with one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import ClassVar

from claw_tui.domain import fly_args
from claw_tui.domain.errors import FlyError, GatewayError, LeaseHeld
from claw_tui.domain.gateway_config import config_text, token_reference, written_token
from claw_tui.domain.generations import old_file, program_of, runs_old
from claw_tui.domain.openclaw.lift import lift
from claw_tui.domain.parse import json_of
from claw_tui.domain.plan import Action
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import is_gateway_token
from claw_tui.domain.world import Machine
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.steps import LookingStep
from claw_tui.i18n import _

LEFT_LEASE_SECONDS = 15.0  # a flyctl that was killed leaves a lease for 13 seconds


def waits_for_restart(view: View) -> bool:
    return bool(view.unsent or view.removed or any(info.staged for info in view.world.secrets))


def drop_removals(ctx: Context) -> None:
    """A restart has brought them in; one that Fly.io still has was set again by somebody."""
    for name in ctx.view.removed:
        ctx.services.state.set_removal(ctx.spec.app, name, wanted=False)


async def start_stopped(ctx: Context) -> None:
    """Neither a deploy nor new secrets start a machine that was stopped."""
    for machine in (await ctx.reader.read(ctx.spec.app, ("machines",))).machines:
        if machine.state in ("stopped", "suspended"):
            ctx.say(_("The machine was stopped; it is started."))
            await ctx.services.fly.start_machine(ctx.spec.app, machine.id)
        if machine.cordoned:
            ctx.say(_("It was taken off Fly's proxy; it is put back."))
            await ctx.services.fly.cordon_machine(ctx.spec.app, machine.id, on=False)


class StageSecrets(LookingStep):
    """The secrets, staged: the next restart brings them in, nothing restarts for them."""

    id: ClassVar[str] = "stage-secrets"
    parts: ClassVar[tuple[str, ...]] = ("secrets",)

    def title(self) -> str:
        return _("Send the secrets")

    def look(self, view: View) -> Look:
        gone = self._gone(view)
        there = {info.name for info in view.world.secrets}
        if not view.unsent and not gone:
            return Look(Action.KEEP, ", ".join(sorted(there)) or _("none"))
        commands, undo = [], ""
        if view.unsent:
            words = _("(names and values, on standard input)")
            commands.append(fly_args.shown(fly_args.secrets_import(view.spec.app), stdin=words))
            undo = fly_args.shown(fly_args.secrets_unset(view.spec.app, view.unsent))
        if gone:
            commands.append(fly_args.shown(fly_args.secrets_unset(view.spec.app, gone)))
        action = Action.CHANGE if gone or there.intersection(view.unsent) else Action.CREATE
        names = [*view.unsent, *(_("without {name}").format(name=name) for name in gone)]
        return Look(action, ", ".join(names), tuple(commands), undo)

    @staticmethod
    def _gone(view: View) -> tuple[str, ...]:
        return tuple(name for name in view.removed if view.world.digest_of(name))

    async def apply(self, ctx: Context) -> None:
        if ctx.view.unsent:
            await self._send(ctx)
        gone = self._gone(ctx.view)
        if gone:
            await ctx.services.fly.unset_secrets(ctx.spec.app, gone)

    async def _send(self, ctx: Context) -> None:
        """Send them, then remember the digests that Fly tells: they are how a change from elsewhere is noticed."""
        values = {name: ctx.secrets[name] for name in ctx.view.unsent if name in ctx.secrets}
        # What Fly.io has may stay as it is: a newer value was given since this run began, and is sent by the next one.
        missing = [
            name for name in ctx.view.unsent if name not in ctx.secrets and not ctx.world.digest_of(name)
        ]
        if missing:
            raise FlyError(
                _("These secrets are not at hand any more: {names}").format(names=", ".join(missing)),
                hint=_("Give them again on the Secrets screen."),
            )
        if not values:
            return
        before = {info.name: info.digest for info in ctx.world.secrets}
        await ctx.services.fly.import_secrets(ctx.spec.app, values)
        found = await ctx.reader.read(ctx.spec.app, ("secrets",))
        there = {info.name: info.digest for info in found.secrets}
        compare_digests(values, there)
        same = [name for name in values if before.get(name) == there[name]]
        if same:
            words = _("Fly.io had these values already, or did not change them: {names}")
            ctx.say(words.format(names=", ".join(same)))
        sent = {name: (ctx.revisions.get(name, ""), there[name]) for name in values}
        ctx.services.state.set_sent_digests(ctx.spec.app, sent)


def compare_digests(values: Mapping[str, Secret], there: Mapping[str, str]) -> None:
    """Whether all arrived, as far as Fly tells: names, and digests that are the same only for the same value.

    Raises FlyError.
    """
    lost = [name for name in values if name not in there]
    if lost:
        raise FlyError(
            _("Fly.io did not take these secrets: {names}").format(names=", ".join(lost)),
            hint=_("Trying again sends them once more."),
        )
    blank = [name for name in values if not there[name]]
    if blank:
        raise FlyError(
            _("Fly.io tells no digest for these secrets: {names}").format(names=", ".join(blank)),
            hint=_("So nobody can see whether they arrived. Trying again sends them once more."),
        )
    for one, other in combinations(values, 2):
        if there[one] == there[other] and values[one] != values[other]:
            raise FlyError(
                _("{one} and {other} have the same digest on Fly.io, but not the same value here.").format(
                    one=one, other=other
                ),
                hint=_("One of them did not arrive as it is. Trying again sends them once more."),
            )


class ApplySecrets(LookingStep):
    """``fly secrets deploy``: one restart brings in all that was staged, whoever staged it."""

    id: ClassVar[str] = "apply-secrets"
    parts: ClassVar[tuple[str, ...]] = ("secrets", "machines")

    def title(self) -> str:
        return _("Restart with the new secrets")

    def look(self, view: View) -> Look:
        if not view.world.machines:
            return Look(Action.KEEP, _("there is no machine yet; a deploy brings them in"))
        if not waits_for_restart(view):
            return Look(Action.KEEP, _("nothing waits for one"))
        command = fly_args.shown(fly_args.secrets_deploy(view.spec.app))
        return Look(Action.CHANGE, _("one restart, away for about half a minute"), (command,))

    async def apply(self, ctx: Context) -> None:
        try:
            await ctx.services.fly.deploy_secrets(ctx.spec.app, ctx.say)
        except LeaseHeld as held:
            ctx.say(_("{what} It is tried once more.").format(what=held.message))
            await ctx.services.pause(LEFT_LEASE_SECONDS)
            await ctx.services.fly.deploy_secrets(ctx.spec.app, ctx.say)
        drop_removals(ctx)
        found = await ctx.reader.read(ctx.spec.app, ("secrets",))
        left = [info.name for info in found.secrets if info.staged]
        if left:
            raise FlyError(
                _("Fly.io still keeps these secrets from the machine: {names}").format(names=", ".join(left)),
                hint=_("Trying again restarts it once more."),
            )
        await start_stopped(ctx)


class FollowToken(LookingStep):
    """A token that is written in openclaw.json counts more than the secret (seen with 2026.1.29 and 2026.9.1).

    Then a new secret alone would change nothing: the file is made to name the secret, before that is sent.
    """

    id: ClassVar[str] = "follow-token"
    parts: ClassVar[tuple[str, ...]] = ("secrets", "machines")

    def title(self) -> str:
        return _("openclaw.json takes the token from the secret")

    def look(self, view: View) -> Look:
        if not self._concerned(view):
            return Look(Action.KEEP, _("the gateway token stays as it is"))
        return Look(Action.CHECK, _("a token written in the file would count more than the secret"))

    @staticmethod
    def _concerned(view: View) -> bool:
        return any(is_gateway_token(name) for name in view.unsent)

    async def is_done(self, ctx: Context) -> bool:
        if not self._concerned(ctx.view):
            return True
        config = await self._config(ctx)
        return config is not None and not written_token(config)

    async def _config(self, ctx: Context) -> dict[str, object] | None:
        """The file as it is now; None when nobody can tell. A file that is not there has no token in it."""
        machine = ctx.world.machine
        if machine is None or machine.state != "started":
            return None
        text = await self._file(ctx, machine)
        try:
            found = json_of(text) if text else {}
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    @staticmethod
    async def _file(ctx: Context, machine: Machine) -> str | None:
        """An old gateway's settings have another name."""
        gateway, app = ctx.services.gateway, ctx.spec.app
        if not runs_old(machine):
            return await gateway.read_config(app, machine.id)
        told = await gateway.told(app, machine.id)
        return await gateway.read_old(app, machine.id, old_file(program_of(ctx.world, told), told.files))

    async def apply(self, ctx: Context) -> None:
        config, machine = await self._config(ctx), ctx.world.machine
        if config is None or machine is None:
            ctx.say(
                _("openclaw.json could not be read. If the token is written in it, that one still counts.")
            )
            return
        name = next(name for name in ctx.view.unsent if is_gateway_token(name))
        answer = await ctx.services.gateway.health(ctx.spec.app, machine.id)
        if not answer.json_ok:
            raise GatewayError(
                _(
                    "This gateway has its token written in openclaw.json, and that one counts: a new secret would change nothing."
                ),
                hint=_("Take gateway.auth.token out of the file (SSH console on Home), then try again."),
            )
        changed = token_reference(config, name)
        refuse_literals(changed)
        await ctx.services.gateway.write_config(ctx.spec.app, machine.id, config_text(changed))
        ctx.say(_("openclaw.json had the token written in it; it names the secret now."))


def refuse_literals(config: dict[str, object]) -> None:
    """What we write goes through arguments of commands: no secret may be in it. Raises GatewayError."""
    names = [name for name, _secret in lift(config)[1]]
    if names:
        raise GatewayError(
            _("Secrets stand in the gateway's openclaw.json itself: {names}").format(names=", ".join(names)),
            hint=_("E on Home takes them out of it and keeps them; then try again."),
        )

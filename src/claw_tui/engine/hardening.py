"""The steps that make a gateway private, whoever set it up. At no moment it is worse off than before.

Only who can reach it changes: the deploy takes everything else from the machine as it is. What is public goes once
another way in is there, and right then: the private service speaks no HTTPS, at a public address neither.
"""

from __future__ import annotations

from typing import ClassVar

from claw_tui.domain import fly_args
from claw_tui.domain.doors import dedicated, is_private, is_public
from claw_tui.domain.errors import DeployUnhealthy, FlyError, GatewayError, ImageNotFound
from claw_tui.domain.fly_toml import expected_service
from claw_tui.domain.kept_toml import kept_toml
from claw_tui.domain.plan import Action
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import Ip, IpKind, Machine
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.deploying import Deploy
from claw_tui.engine.doors_kept import Kept, read_kept, services_text, write_kept
from claw_tui.engine.former import remember
from claw_tui.engine.proving_private import ProvePrivate
from claw_tui.engine.reaching import AwaitDoor, WriteReach
from claw_tui.engine.steps import AllocatePrivateAddress, LookingStep, Step
from claw_tui.i18n import _

RELEASE, KEEP = "release", "keep"  # the first word of a choice; the dedicated IPv4 addresses follow
DOOR_FILE = "fly.door.toml"  # becomes the app's fly.toml once it is deployed
PUBLIC = expected_service(Spec())


def hardening_steps() -> tuple[Step, ...]:
    return (
        RememberDoors(), AllocatePrivateAddress(), DeployDoor(), ReleasePublic(), WriteReach(), AwaitDoor(), ProvePrivate(),
    )  # fmt: skip


def released(choice: str) -> frozenset[str]:
    """Dedicated addresses that the person gives up."""
    word, *addresses = choice.split() or [""]
    return frozenset(addresses if word == RELEASE else ())


def kept_on(view: View) -> tuple[str, ...]:
    """Dedicated addresses that stay: the gateway is not private then."""
    return tuple(address for address in dedicated(view.world) if address not in released(view.choice))


class RememberDoors(LookingStep):
    """What is public now: to be asked afterwards whether it is gone, and for the way back."""

    id: ClassVar[str] = "remember-doors"
    parts: ClassVar[tuple[str, ...]] = ("ips", "machines")

    def title(self) -> str:
        return _("Write down how it is reached now")

    def look(self, view: View) -> Look:
        addresses = ", ".join(ip.address for ip in view.world.public_ips)
        if not addresses and not any(map(is_public, view.world.machines)):
            return Look(Action.KEEP, _("nothing of it is public"))
        return Look(Action.CHECK, addresses or _("its service"))

    async def apply(self, ctx: Context) -> None:
        app, state = ctx.spec.app, ctx.services.state
        remember(state, app, ctx.world.public_ips)
        kept = read_kept(state, app)
        lent = kept.lent or not any(ip.kind is IpKind.PRIVATE_V6 for ip in ctx.world.ips)
        services, machine = kept.services, next(filter(is_public, ctx.world.machines), None)
        if machine is not None:
            ours = machine.services == (PUBLIC,)
            services = "" if ours else services_text(await ctx.reader.deployed_config(app))
        write_kept(state, app, Kept(services, kept.origin, lent, kept_on(ctx.view)))


class DeployDoor(LookingStep):
    """``fly deploy`` of what runs, with another service. If it fails, what is there stays as it is."""

    id: ClassVar[str] = "deploy"
    parts: ClassVar[tuple[str, ...]] = Deploy.parts

    def title(self) -> str:
        return _("Deploy the same gateway with a private service only")

    def fits(self, machine: Machine) -> bool:
        return is_private(machine)

    def look(self, view: View) -> Look:
        machines = view.world.machines
        if machines and all(map(self.fits, machines)):
            return Look(Action.KEEP, _("its machine has it already"))
        argv = fly_args.deploy(view.spec.app, "fly.toml", ".", private=view.spec.private, image=view.image)
        return Look(
            Action.CHANGE, _("image, size, command, variables and volume stay"), (fly_args.shown(argv),)
        )

    async def apply(self, ctx: Context) -> None:
        app, state = ctx.spec.app, ctx.services.state
        if ctx.world.machine is None:
            raise GatewayError(_("There is no machine any more."), hint=_("D on Home deploys one."))
        try:
            await self._deploy(ctx, ctx.view.image)
        except ImageNotFound:
            name, at, _digest = ctx.view.image.partition("@")
            if not at:
                raise
            ctx.say(_("{image} could not be had by its digest; trying by its name.").format(image=name))
            await self._deploy(ctx, name)
        except DeployUnhealthy as error:
            raise DeployUnhealthy(
                error.message, hint=f"{error.hint} {self.way_back()}".strip(), detail=error.detail
            ) from error
        state.write_file(state.file(app, "fly.toml"), state.read_file(state.file(app, DOOR_FILE)))
        await self._see(ctx)

    async def _deploy(self, ctx: Context, image: str) -> None:
        app, state = ctx.spec.app, ctx.services.state
        path = state.file(app, DOOR_FILE)
        services = read_kept(state, app).services
        text = kept_toml(
            app, ctx.world, image, ctx.view.base_toml, private=ctx.spec.private, services=services
        )
        state.write_file(path, text)
        await ctx.services.fly.deploy(
            app, path, path.parent, private=ctx.spec.private, on_line=ctx.say, image=image
        )

    async def _see(self, ctx: Context) -> None:
        """A deploy does not change a machine that somebody made by hand."""
        world = await ctx.reader.read(ctx.spec.app, ("machines",))
        others = [machine.id for machine in world.machines if not self.fits(machine)]
        if others:
            raise FlyError(
                _("The deploy went well, but did not change who reaches machine {ids}.").format(
                    ids=", ".join(others)
                ),
                hint=_("If nobody needs it: `fly machine destroy {id} --force`, then try again.").format(
                    id=others[0]
                ),
            )

    def way_back(self) -> str:
        return _("`claw-tui expose` makes it public again.")


class ReleasePublic(LookingStep):
    """Shared ones, and IPv6: they cost nothing and can be had anew, though others. A paid one only with the person's word."""

    id: ClassVar[str] = "no-public-addresses"
    parts: ClassVar[tuple[str, ...]] = ("ips", "machines")

    def title(self) -> str:
        return _("Give the public addresses back")

    @staticmethod
    def _going(view: View) -> list[Ip]:
        kept = kept_on(view)
        return [ip for ip in view.world.public_ips if ip.address not in kept]

    def look(self, view: View) -> Look:
        kept = _("{addresses} stays: it is not private with it").format(addresses=", ".join(kept_on(view)))
        going = self._going(view)
        if not going:
            return Look(Action.KEEP, kept if kept_on(view) else _("there is none"))
        words = _("for good: {addresses}").format(addresses=", ".join(ip.address for ip in going))
        if kept_on(view):
            words = f"{words}; {kept}"
        commands = tuple(fly_args.shown(fly_args.ips_release(view.spec.app, ip.address)) for ip in going)
        return Look(Action.CHANGE, words, commands)

    async def apply(self, ctx: Context) -> None:
        remember(ctx.services.state, ctx.spec.app, ctx.world.public_ips)
        try:
            for ip in self._going(ctx.view):
                await release(ctx, ip)
        except FlyError as error:
            raise type(error)(
                error.message, hint=f"{error.hint} {_still_open(ctx)}".strip(), detail=error.detail
            ) from error


def _still_open(ctx: Context) -> str:
    """What the private service means at addresses that are left. Fly's proxy leads nobody to it at a shared IPv4."""
    world = ctx.reader.known(ctx.spec.app)
    left = [ip.address for ip in world.public_ips if ip.kind is not IpKind.SHARED_V4]
    if not left or not any(map(is_private, world.machines)):
        return ""
    words = _("Until that is done, port 3000 answers everybody at {addresses}, without encryption.")
    return words.format(addresses=", ".join(left))


async def release(ctx: Context, ip: Ip) -> None:
    """An answer that was lost is no failure. Raises FlyError."""
    try:
        await ctx.services.fly.release_ip(ctx.spec.app, ip.address)
    except FlyError as error:
        ctx.reader.changed(ctx.spec.app, ("ips",))
        world = await ctx.reader.read(ctx.spec.app, ("ips",))
        if ip.address in [there.address for there in world.ips]:
            raise
        ctx.say(_("{what} But it is gone: only the answer was lost.").format(what=error.message))

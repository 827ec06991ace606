"""The steps that create and change things on Fly.io. Each looks first and acts only on what differs.

``look`` is a plain function of the view; the plan shows it, the run asks it again with a fresh world just before
the step. ``parts`` says what of the world the step looks at and changes.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

from claw_tui.domain import fly_args
from claw_tui.domain.doors import missing_public, public_commands
from claw_tui.domain.errors import FlyError
from claw_tui.domain.plan import Action
from claw_tui.domain.world import Ip, IpKind, Volume
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.former import remember
from claw_tui.i18n import _


class Step(Protocol):
    """One step of a run."""

    id: ClassVar[str]
    parts: ClassVar[tuple[str, ...]]

    def title(self) -> str: ...
    def look(self, view: View) -> Look: ...
    async def is_done(self, ctx: Context) -> bool:
        """Whether there is nothing to do, asked with a fresh view."""
        ...

    async def apply(self, ctx: Context) -> None: ...


class LookingStep:
    """A step whose ``look`` says all there is to know."""

    id: ClassVar[str] = ""
    parts: ClassVar[tuple[str, ...]] = ()

    def look(self, view: View) -> Look:
        raise NotImplementedError

    async def is_done(self, ctx: Context) -> bool:
        return self.look(ctx.view).action is Action.KEEP


class CheckingStep(LookingStep):
    """A step that only looks whether all is well: it is always made."""

    async def is_done(self, ctx: Context) -> bool:  # noqa: ARG002
        return False


class CreatingStep(LookingStep):
    """A step that makes one thing, of which it can be seen whether it is there."""


class CreateApp(CreatingStep):
    """The app: a name, and who pays for it."""

    id: ClassVar[str] = "create-app"
    parts: ClassVar[tuple[str, ...]] = ("app",)

    def title(self) -> str:
        return _("Create the app")

    def look(self, view: View) -> Look:
        app = view.world.app
        if app is not None:
            return Look(
                Action.KEEP, _("{name} exists in {org}").format(name=app.name, org=app.org or view.spec.org)
            )
        return Look(
            Action.CREATE,
            _("{name} in {org}").format(name=view.spec.app, org=view.spec.org),
            (fly_args.shown(fly_args.apps_create(view.spec.app, view.spec.org)),),
            fly_args.shown(fly_args.apps_destroy(view.spec.app)),
        )

    async def apply(self, ctx: Context) -> None:
        await ctx.services.fly.create_app(ctx.spec.app, ctx.spec.org)


class AllocatePrivateAddress(CreatingStep):
    """A private gateway's only address: the organization's own network reaches it, nobody else."""

    id: ClassVar[str] = "private-address"
    parts: ClassVar[tuple[str, ...]] = ("ips",)

    def title(self) -> str:
        return _("Give it a private address")

    def look(self, view: View) -> Look:
        found = [ip for ip in view.world.ips if ip.kind is IpKind.PRIVATE_V6]
        if found:
            return Look(Action.KEEP, found[0].address)
        return Look(
            Action.CREATE,
            _("reachable inside your organization only"),
            (fly_args.shown(fly_args.ips_allocate_v6(view.spec.app, private=True)),),
            "fly ips release ADDRESS",
        )

    async def apply(self, ctx: Context) -> None:
        await ctx.services.fly.allocate_v6(ctx.spec.app, private=True)


def fitting_volumes(view: View) -> tuple[Volume, ...]:
    """What the gateway could use: the volume that its machine has, wherever that is, for a deploy does not move a
    machine; else those of the right name in the right region. None that is being destroyed.
    """
    machines = view.world.machines
    in_use = {mount.volume_id for machine in machines for mount in machine.mounts}
    in_use |= {v.id for v in view.world.volumes if v.attached_to in [machine.id for machine in machines]}
    same = [v for v in _same_name(view) if v.id in in_use]
    return tuple(same or (v for v in _same_name(view) if v.region == view.spec.region))


def _same_name(view: View) -> list[Volume]:
    return [v for v in view.world.volumes if v.name == view.spec.volume_name and "destroy" not in v.state]


class CreateVolume(CreatingStep):
    """The disk that the gateway's memory lives on."""

    id: ClassVar[str] = "create-volume"
    parts: ClassVar[tuple[str, ...]] = ("volumes",)

    def title(self) -> str:
        return _("Create the volume")

    def look(self, view: View) -> Look:
        spec = view.spec
        found = fitting_volumes(view)
        if found:
            return Look(
                Action.KEEP,
                _("{name}, {size} GB in {region} ({id})").format(
                    name=found[0].name, size=found[0].size_gb, region=found[0].region, id=found[0].id
                ),
            )
        argv = fly_args.volumes_create(
            spec.app, spec.volume_name, region=spec.region, size_gb=spec.volume_gb, vm_size=spec.vm_size,
            memory_mb=spec.memory_mb,
        )  # fmt: skip
        detail = _("{name}, {size} GB in {region}").format(
            name=spec.volume_name, size=spec.volume_gb, region=spec.region
        )
        elsewhere = [f"{volume.id} ({volume.region})" for volume in _same_name(view)]
        if elsewhere:
            words = _("{detail}; what is on {volumes} stays there and is not taken along")
            detail = words.format(detail=detail, volumes=", ".join(elsewhere))
        return Look(Action.CREATE, detail, (fly_args.shown(argv),), "fly volumes destroy VOLUME")

    async def apply(self, ctx: Context) -> None:
        spec = ctx.spec
        await ctx.services.fly.create_volume(
            spec.app, spec.volume_name, region=spec.region, size_gb=spec.volume_gb, vm_size=spec.vm_size,
            memory_mb=spec.memory_mb,
        )  # fmt: skip


class AssurePublicAddresses(CreatingStep):
    """The addresses of a public gateway; Fly gives them out at a first deploy only, and not always then."""

    id: ClassVar[str] = "public-addresses"
    parts: ClassVar[tuple[str, ...]] = ("ips",)

    def title(self) -> str:
        return _("Make sure it has public addresses")

    def look(self, view: View) -> Look:
        commands = public_commands(view.spec.app, view.world)
        if not commands:
            return Look(Action.KEEP, ", ".join(ip.address for ip in view.world.public_ips))
        words = _("the first deploy gives them out; what is missing then is added, free of charge")
        return Look(Action.CREATE, words, commands, "fly ips release ADDRESS")

    async def apply(self, ctx: Context) -> None:
        for kind in missing_public(ctx.world):
            if kind is IpKind.SHARED_V4:
                await ctx.services.fly.allocate_shared_v4(ctx.spec.app)
            else:
                await ctx.services.fly.allocate_v6(ctx.spec.app)


class ReleasePublicAddresses(LookingStep):
    """A private gateway has no public address, whoever gave it one."""

    id: ClassVar[str] = "no-public-addresses"
    parts: ClassVar[tuple[str, ...]] = ("ips",)

    def title(self) -> str:
        return _("Make sure it has no public address")

    @staticmethod
    def _going(view: View) -> list[Ip]:
        return [ip for ip in view.world.public_ips if ip.address not in view.paid]

    def look(self, view: View) -> Look:
        found = self._going(view)
        if not found:
            stays = ", ".join(ip.address for ip in view.world.public_ips)
            kept = _("{address} stays, as you wanted; it is not private with it").format(address=stays)
            return Look(Action.KEEP, kept if stays else _("none"))
        return Look(
            Action.CHANGE,
            _("taken away for good: {addresses}").format(addresses=", ".join(ip.address for ip in found)),
            tuple(fly_args.shown(fly_args.ips_release(view.spec.app, ip.address)) for ip in found),
        )

    async def apply(self, ctx: Context) -> None:
        going = self._going(ctx.view)
        paid = [ip.address for ip in going if ip.kind is IpKind.V4]
        if paid:
            raise FlyError(
                _("This app has a dedicated IPv4 address that you pay for: {address}").format(
                    address=paid[0]
                ),
                hint=_("It can't be had again. H on Home asks whether it stays: Harden, then deploy again."),
            )
        remember(ctx.services.state, ctx.spec.app, going)  # to be tried when they are gone
        for ip in going:
            await ctx.services.fly.release_ip(ctx.spec.app, ip.address)

"""The steps around ``fly deploy``: fetching the source, deploying, writing the config, waiting for the answer."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from claw_tui.domain import fly_args, own_image
from claw_tui.domain.builds import build_words, is_built
from claw_tui.domain.doors import Door, door_of, is_private, is_public
from claw_tui.domain.errors import GatewayError
from claw_tui.domain.exec_words import in_machine
from claw_tui.domain.fly_toml import build_fly_toml, command_words, environment, expected_service
from claw_tui.domain.gateway_config import config_text, same_config
from claw_tui.domain.jobs import Task
from claw_tui.domain.openclaw.carry import carried
from claw_tui.domain.parse import json_of
from claw_tui.domain.plan import Action
from claw_tui.domain.spec import REPOSITORY, STATE_DIR, Spec
from claw_tui.domain.update import OlderVersion, snapshot_in
from claw_tui.domain.versions import is_older, version_of
from claw_tui.domain.world import Machine
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.own_config import own_config
from claw_tui.engine.secret_steps import drop_removals, refuse_literals, start_stopped, waits_for_restart
from claw_tui.engine.steps import LookingStep, fitting_volumes
from claw_tui.i18n import _


def source_folder(ctx: Context) -> Path:
    return ctx.services.state.file(ctx.spec.app, "source")


class FetchSource(LookingStep):
    """The official repository at the chosen version, for a build from source."""

    id: ClassVar[str] = "fetch-source"
    parts: ClassVar[tuple[str, ...]] = ("secrets", "machines")

    def title(self) -> str:
        return _("Fetch the source")

    def look(self, view: View) -> Look:
        if Deploy().look(view).action is Action.KEEP:
            return Look(Action.KEEP, _("not needed"))
        return Look(
            Action.CREATE,
            _("OpenClaw {version} with its own Dockerfile").format(version=view.spec.version),
            (f"git clone --depth 1 --branch v{view.spec.version} {REPOSITORY}",),
        )

    async def apply(self, ctx: Context) -> None:
        await ctx.services.git.fetch(REPOSITORY, f"v{ctx.spec.version}", source_folder(ctx), ctx.say)


def image_folder(ctx: Context) -> Path:
    """What a builder is given of an image of our own, and nothing else."""
    return ctx.services.state.file(ctx.spec.app, own_image.FOLDER)


def write_image_files(ctx: Context) -> None:
    state = ctx.services.state
    for name, text in own_image.files(ctx.spec).items():
        state.write_file(image_folder(ctx) / name, text)


class PrepareImage(LookingStep):
    """The Dockerfile of an image with what OpenClaw's own one lacks; the deploy has it built."""

    id: ClassVar[str] = "prepare-image"
    parts: ClassVar[tuple[str, ...]] = ("secrets", "machines")

    def title(self) -> str:
        return _("Write the image's Dockerfile")

    def look(self, view: View) -> Look:
        spec = view.spec
        if Deploy().look(view).action is Action.KEEP:
            return Look(Action.KEEP, _("not needed"))
        detail = _("OpenClaw {version} and {added}").format(
            version=spec.version, added=own_image.words(own_image.programs(spec))
        )
        lines = (f"FROM {spec.base_image}", f"# {build_words(spec)}")
        return Look(
            Action.CREATE,
            detail,
            tuple(f"{own_image.FOLDER}/{own_image.DOCKERFILE}: {line}" for line in lines),
        )

    async def apply(self, ctx: Context) -> None:
        write_image_files(ctx)
        ctx.say(_("The Dockerfile is in {folder}.").format(folder=image_folder(ctx)))


def differences(spec: Spec, machine: Machine, *, image: str = "", volume: str = "") -> list[str]:
    """What a running machine has that ``spec`` does not want, in words.

    ``image`` and ``volume`` (its id) are of an update's way back.
    """
    found = []
    if machine.image.partition("@")[0] != (image or spec.image).partition("@")[0]:
        found.append(_what_of_the_image(spec, machine))
    if (machine.vm_size, machine.memory_mb) != (spec.vm_size, spec.memory_mb):
        was, then = _size(machine.vm_size, machine.memory_mb), _size(spec.vm_size, spec.memory_mb)
        found.append(_("machine size: {was} → {then}").format(was=was, then=then))
    if machine.services != (expected_service(spec),):
        found.append(_door_words(spec, machine))
    if {name: machine.env.get(name) for name in environment(spec)} != environment(spec):
        found.append(_("environment"))
    if machine.command != command_words(spec) or machine.entrypoint:
        found.append(_("start command"))
    mounted = {mount.path: mount.volume_id for mount in machine.mounts}
    if STATE_DIR not in mounted or volume not in ("", mounted[STATE_DIR]):
        found.append(_("volume"))
    return found


def _size(vm_size: str, memory_mb: int) -> str:
    return _("{size} with {memory:g} GB").format(size=vm_size, memory=memory_mb / 1024)


def _door_words(spec: Spec, machine: Machine) -> str:
    if is_private(machine) and not spec.private:
        return _("who can reach it: private → everybody, with the token")
    if is_public(machine) and spec.private:
        return _("who can reach it: everybody → your own network only")
    return _("who can reach it")


def opens(view: View) -> bool:
    """Nobody can reach it from outside now, and everybody could then."""
    return not view.spec.private and door_of(view.world) in (Door.PRIVATE, Door.SHUT)


def opening_words(view: View) -> str:
    """To be known before that is begun."""
    if not opens(view):
        return ""
    words = _(
        "It is private now. After this everybody can open https://{app}.fly.dev; the token keeps strangers out."
    )
    return words.format(app=view.spec.app)


def _what_of_the_image(spec: Spec, machine: Machine) -> str:
    if version_of(machine.image) == spec.version and (added := own_image.programs(spec)):
        return _("programs in the image: {added}").format(added=own_image.words(added))
    return _("version {version}").format(version=spec.version)


def building(view: View) -> dict[str, str]:
    """How flyctl is to come by the image."""
    if view.image:
        return {"image": view.image}
    if not is_built(view.spec):
        return {}
    return {"builder": view.spec.builder, "label": view.spec.image.rpartition(":")[2]}


class Deploy(LookingStep):
    """``fly deploy``: the image, the machine, its volume and its secrets come together."""

    id: ClassVar[str] = "deploy"
    parts: ClassVar[tuple[str, ...]] = ("app", "volumes", "secrets", "machines")

    def title(self) -> str:
        return _("Deploy")

    def look(self, view: View) -> Look:
        spec = view.spec
        argv = fly_args.deploy(spec.app, "fly.toml", ".", private=spec.private, **building(view))
        machines = view.world.machines
        if not machines:
            detail = _("one machine {size} with {memory:g} GB in {region}").format(
                size=spec.vm_size, memory=spec.memory_mb / 1024, region=spec.region
            )
            return Look(
                Action.CREATE,
                detail,
                (fly_args.shown(argv),),
                fly_args.shown(fly_args.apps_destroy(spec.app)),
            )
        restored = next((v.id for v in fitting_volumes(view) if snapshot_in(view.choice)), "")
        why = differences(spec, machines[0], image=view.image, volume=restored)
        if waits_for_restart(view):
            why.append(_("new secrets"))
        if machines[0].state != "started":
            why.append(_("it is {state}").format(state=machines[0].state))
        if not why:
            words = _("machine {id} runs as wanted")
            if any(check.status != "passing" for check in machines[0].checks):
                words = _("machine {id} is as wanted, but its health check does not pass")
            return Look(Action.KEEP, words.format(id=machines[0].id))
        return Look(Action.CHANGE, ", ".join(why), (fly_args.shown(argv),))

    def _refuse_older(self, ctx: Context) -> None:
        """OpenClaw has no way back by itself: whoever wants one takes the way that keeps the volume."""
        machine = ctx.world.machine
        now = version_of(machine.image) if machine else ""
        if ctx.view.task is Task.DEPLOY and is_older(ctx.spec.version, now):
            raise OlderVersion(
                _(
                    "{now} runs, and the answers say {older}: an older version may not read what is on the volume."
                ).format(now=now, older=ctx.spec.version)
            )

    async def apply(self, ctx: Context) -> None:
        self._refuse_older(ctx)
        spec, state = ctx.spec, ctx.services.state
        from_git = spec.source == "git" and not ctx.view.image
        folder = source_folder(ctx) if from_git else state.file(spec.app, "fly.toml").parent
        config = folder / ("fly.claw-tui.toml" if from_git else "fly.toml")
        text = build_fly_toml(spec, ctx.view.base_toml)
        if own_image.is_own(spec):
            write_image_files(ctx)
            folder = image_folder(ctx)
        state.write_file(config, text)
        if from_git:
            state.write_file(state.file(spec.app, "fly.toml"), text)
        await ctx.services.fly.deploy(
            spec.app, config, folder, private=spec.private, on_line=ctx.say, **building(ctx.view)
        )
        drop_removals(ctx)
        await start_stopped(ctx)


class WriteConfig(LookingStep):
    """openclaw.json: validated in the machine by OpenClaw itself, put in place in one step, read back."""

    id: ClassVar[str] = "write-config"
    parts: ClassVar[tuple[str, ...]] = ("ips", "machines")

    def title(self) -> str:
        return _("Write openclaw.json")

    def look(self, view: View) -> Look:
        detail = _("validated by OpenClaw in the machine, the old one kept beside it")
        machine = view.world.machine
        if machine and same_config(own_config(view), loads(view.written_config)):
            return Look(Action.KEEP, _("as it was written last"))
        there = in_machine(view.spec.app, view.world)
        return Look(Action.CHANGE if machine else Action.CREATE, detail, there.moves())

    def wanted(self, ctx: Context) -> dict[str, object]:
        return own_config(ctx.view)

    async def is_done(self, ctx: Context) -> bool:
        machine = ctx.world.machine
        if machine is None:
            return False
        text = await ctx.services.gateway.read_config(ctx.spec.app, machine.id)
        return text is not None and same_config(self.wanted(ctx), loads(text))

    async def apply(self, ctx: Context) -> None:
        machine = ctx.world.machine
        if machine is None:
            raise GatewayError(_("There is no machine to write to."), hint=_("Trying again deploys it."))
        wanted = self.wanted(ctx)
        gateway, app = ctx.services.gateway, ctx.spec.app
        watched = ctx.view.task in (Task.CONFIG, Task.DEPLOY, Task.UPDATE, Task.MIGRATE)
        before = await gateway.read_config(app, machine.id)
        text = config_text(self._with_theirs(ctx, wanted, before))
        ctx.services.state.write_file(ctx.services.state.file(app, "openclaw.json"), config_text(wanted))
        kept = await gateway.write_config(app, machine.id, text, watched=watched, expected=before)
        if kept:
            ctx.say(
                _("Somebody changed openclaw.json meanwhile. What they wrote is in {name}.").format(name=kept)
            )
        ctx.say(_("openclaw.json is in place; the gateway loads it by itself."))

    @staticmethod
    def _with_theirs(ctx: Context, wanted: dict[str, object], before: str | None) -> dict[str, object]:
        """What OpenClaw and others added to the file since we wrote it last stays in it."""
        last, theirs = loads(ctx.view.written_config), loads(before or "")
        if not isinstance(last, dict) or not isinstance(theirs, dict):
            return wanted
        found = carried(wanted, last, theirs)
        refuse_literals(found)
        return found


def loads(text: str) -> object:
    try:
        return json_of(text)
    except ValueError:
        return None

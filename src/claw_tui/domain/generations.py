"""Which program an app's machine runs: it was called Clawdbot, for some days Moltbot, and is OpenClaw since the end of January 2026.

The names that somebody once gave tell it, and each is told: what the machine runs counts more than names that may be left
over from before (secrets, the volume).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from claw_tui.domain.errors import ClawError
from claw_tui.domain.jobs import Task
from claw_tui.domain.openclaw.old_names import PREFIXES
from claw_tui.domain.spec import STATE_DIR
from claw_tui.domain.versions import number, version_of
from claw_tui.domain.world import Machine, World
from claw_tui.i18n import _


class Generation(StrEnum):
    """``UNKNOWN``: nothing says that it is one of them."""

    OPENCLAW = "openclaw"
    JANUARY = "january"  # the first ones that were called OpenClaw: 2026.1.x
    MOLTBOT = "moltbot"
    CLAWDBOT = "clawdbot"
    UNKNOWN = "unknown"


OLD = (Generation.JANUARY, Generation.MOLTBOT, Generation.CLAWDBOT)
NAMES = {"openclaw": Generation.OPENCLAW, "moltbot": Generation.MOLTBOT, "clawdbot": Generation.CLAWDBOT}
ENV_PREFIXES = {"OPENCLAW_": "openclaw", "MOLTBOT_": "moltbot", "CLAWDBOT_": "clawdbot"}
FIRST_OF_TODAY = (2026, 2, 0)
_OWN_REGISTRY = "registry.fly.io/"  # the image is called as the app is
_NAME = re.compile(r"openclaw|moltbot|clawdbot")


@dataclass(frozen=True, slots=True)
class Told:
    """What the machine itself told: its package's name and version, and the names of files in its state folder."""

    package: str = ""
    version: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """What runs, its version where that is told, and what shows it, in words."""

    generation: Generation
    version: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def old(self) -> bool:
        return self.generation in OLD

    @property
    def before_openclaw(self) -> bool:
        """Under an earlier name, whose image has no command of its own."""
        return self.generation in (Generation.MOLTBOT, Generation.CLAWDBOT)

    @property
    def name(self) -> str:
        """As people call it."""
        names = {
            Generation.CLAWDBOT: "Clawdbot", Generation.MOLTBOT: "Moltbot", Generation.UNKNOWN: _("an unknown program"),
        }  # fmt: skip
        found = names.get(self.generation, "OpenClaw")
        version = self.version if number(self.version) else ""
        if self.generation is Generation.JANUARY and not version:
            return _("OpenClaw of January 2026")
        return f"{found} {version}".strip()


@dataclass(frozen=True, slots=True)
class _Sign:
    """``name``: which program it speaks for. ``sure``: it is what runs, and no name that may be left over."""

    name: str
    words: str
    sure: bool = True
    version: str = ""


def program_of(world: World, inside: Told | None = None) -> Program:
    """What an app runs, by its first machine; without one by the names that it left."""
    machine = world.machine
    signs = [*_inside(inside or Told())]
    if machine is not None:
        signs += [*_machine(machine), *_labelled(machine)]
    signs += _left_over(world, machine)
    counts = next((sign for sign in signs if sign.sure), next(iter(signs), None))
    if counts is None:
        return Program(Generation.UNKNOWN)
    version = next((sign.version for sign in signs if sign.version and sign.name in ("", counts.name)), "")
    generation = NAMES[counts.name]
    if generation is Generation.OPENCLAW and () < number(version) < FIRST_OF_TODAY:
        generation = Generation.JANUARY
    words = dict.fromkeys(sign.words for sign in signs if sign.name == counts.name and sign.words)
    return Program(generation, version, tuple(words))


def runs_old(machine: Machine) -> bool:
    """Whether it can't check a file for us and knows nothing of today's openclaw.json, by what Fly.io tells of it."""
    return program_of(World(machines=(machine,))).old


def looks_like_gateway(machine: Machine) -> bool:
    """By its environment, its image, or its command."""
    words = " ".join(machine.command)
    known = any(name in machine.image for name in NAMES) or any(_machine(machine))
    return known or ("gateway" in words and "dist/index.js" in words)


def _inside(inside: Told) -> Iterator[_Sign]:
    if inside.package in NAMES:
        words = _("its package is {name} {version}").format(name=inside.package, version=inside.version)
        yield _Sign(inside.package, words, version=inside.version)


def _machine(machine: Machine) -> Iterator[_Sign]:
    """What it runs: its image, its start command, its variables."""
    image, command = machine.image.partition("@")[0], " ".join(machine.command)
    tag = version_of(machine.image)
    version = tag if number(tag) else ""
    where = image.rpartition(":")[0] if tag else image
    if not image.startswith(_OWN_REGISTRY) and (name := _named(where.rpartition("/")[2])):
        yield _Sign(name, _("image {image}").format(image=image), version=version)
    if name := _named(command):
        yield _Sign(name, _("start command {command}").format(command=command))
    for variable in sorted(machine.env, key=lambda key: not key.endswith("_STATE_DIR")):
        name = next((name for prefix, name in ENV_PREFIXES.items() if variable.startswith(prefix)), "")
        if name:
            yield _Sign(name, _("variable {name}").format(name=variable), version=version)


def _labelled(machine: Machine) -> Iterator[_Sign]:
    """One that somebody built, and named by its version."""
    if number(version := version_of(machine.image)):
        yield _Sign("openclaw", _("image {image}").format(image=machine.image), version=version)


def _named(text: str) -> str:
    found = _NAME.search(text)
    return found.group() if found else ""


def _left_over(world: World, machine: Machine | None) -> Iterator[_Sign]:
    """Names that a gateway keeps when another program is put in its place."""
    for info in world.secrets:
        name = next((name for prefix, name in ENV_PREFIXES.items() if info.name.startswith(prefix)), "")
        if name:
            yield _Sign(name, _("secret {name}").format(name=info.name), sure=False)
    mounted = [mount.volume_id for mount in machine.mounts] if machine else []
    for volume in world.volumes:
        name = _named(volume.name)
        if name and (volume.id in mounted or not mounted):
            yield _Sign(name, _("volume {name}").format(name=volume.name), sure=False)
    if machine and (name := _named(machine.image)):
        yield _Sign(name, _("image {image}").format(image=machine.image), sure=False)


def old_file(program: Program, files: Sequence[str] = ()) -> str:
    """The name of its settings in the state folder. A file that is there counts more than what it should be called."""
    wanted = {
        Generation.CLAWDBOT: ("clawdbot.json",),
        Generation.MOLTBOT: ("moltbot.json", "moldbot.json", "clawdbot.json"),
        Generation.JANUARY: ("openclaw.json", "clawdbot.json", "moltbot.json"),
    }.get(program.generation, ("openclaw.json",))
    return next((name for name in wanted if name in files), wanted[0])


def renamed(name: str) -> str:
    """A variable's or a secret's name as OpenClaw reads it; the same when it is none of the old ones."""
    prefix = next((prefix for prefix in PREFIXES if name.startswith(prefix)), "")
    return f"OPENCLAW_{name.removeprefix(prefix)}" if prefix else name


def old_secrets(world: World) -> dict[str, str]:
    """Secrets that OpenClaw would not look for: their names, and what they are called for it."""
    return {info.name: renamed(info.name) for info in world.secrets if renamed(info.name) != info.name}


def state_folder(machine: Machine) -> str:
    """Where its program keeps everything."""
    prefixes = (*ENV_PREFIXES,)
    return next((machine.env[f"{p}STATE_DIR"] for p in prefixes if f"{p}STATE_DIR" in machine.env), STATE_DIR)


def what_it_is(program: Program) -> str:
    """For a row: the program, and one sign of it; the others are told where it is about that."""
    return f"{program.name} ({program.evidence[0]})" if program.evidence else program.name


class OldGateway(ClawError):
    """What was asked for needs a gateway that checks its own settings, and this one can't."""

    code = "old-gateway"


def refuse_old(world: World, task: Task, choice: str = "") -> None:
    """Of an old gateway only what does not touch its settings can be done. Raises OldGateway."""
    program = program_of(world)
    if not program.old:
        return
    first = program.generation is Generation.JANUARY
    if task not in (Task.DEPLOY, Task.CONFIG, *(() if first else (Task.UPDATE, Task.RESCUE))):
        return
    if first and task is Task.CONFIG and choice:
        return  # an earlier file, put back byte for byte
    words = _(
        "This gateway runs {name}. Its settings are changed only by migrating it to OpenClaw: it can't check a new file."
    )
    raise OldGateway(words.format(name=program.name), hint=old_hint(world))


def old_hint(world: World) -> str:
    app = world.app.name if world.app else ""
    return _(
        "Y on Home migrates it, and shows first what that changes; so does `claw-tui migrate {app}`."
    ).format(app=app)

"""From an old gateway to today's OpenClaw: what stays, what is called otherwise, and how that is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from claw_tui.domain.doors import variables
from claw_tui.domain.fly_toml import environment, heap_mb
from claw_tui.domain.generations import OldGateway, Program, old_secrets, program_of, renamed
from claw_tui.domain.openclaw.lift import Given
from claw_tui.domain.openclaw.notes import Migration
from claw_tui.domain.sizes import memory_fits
from claw_tui.domain.spec import MIN_MEMORY_MB, STATE_DIR, Spec
from claw_tui.domain.world import Machine, World
from claw_tui.i18n import _, many, n_

FILE = "migration.json"  # an UpdateRecord: of the snapshot, and of what ran before
OLD_TOML = "fly.before-migration.toml"
CONFIRM = "confirm"  # Job.choice: all is well, the old names go
WORKING_FOLDERS = ("/home/node/clawd", "/root/clawd")  # Clawdbot's own choice, beside the volume
HELPS_OLD = n_("S opens a shell in its machine; Y brings it to OpenClaw, which has one.")
_GROWN = ("shared-cpu-2x", MIN_MEMORY_MB)  # where the size that it has can't have enough memory


def own_toml(machine: Machine, spec: Spec) -> str:
    """A file to start from with the variables that somebody set; empty when there is none besides what OpenClaw needs."""
    import tomlkit  # noqa: PLC0415

    ours = environment(spec)
    more = {renamed(name): value for name, value in variables(machine).items() if renamed(name) not in ours}
    document = tomlkit.document()
    if more:
        document["env"] = dict(sorted(more.items()))
    return tomlkit.dumps(document)


def on_volume(text: str, volume: str) -> str:
    """The same file with another volume."""
    import tomlkit  # noqa: PLC0415

    document = tomlkit.parse(text)
    if "mounts" in document:
        document["mounts"]["source"] = volume
    return tomlkit.dumps(document)


def grown(spec: Spec) -> Spec:
    """OpenClaw needs twice and more of the memory that Clawdbot did with."""
    if spec.memory_mb >= MIN_MEMORY_MB:
        return spec
    if memory_fits(spec.vm_size, MIN_MEMORY_MB):
        return replace(spec, memory_mb=MIN_MEMORY_MB)
    return replace(spec, vm_size=_GROWN[0], memory_mb=_GROWN[1])


def secret_names(world: World, lifted: Iterable[str]) -> tuple[str, ...]:
    """Those that the gateway has afterwards, by the names that OpenClaw looks for."""
    return tuple(dict.fromkeys((*(renamed(info.name) for info in world.secrets), *lifted)))


def working_folders(config: Mapping[str, object]) -> tuple[tuple[str, ...], bool]:
    """Where its notes are, the likeliest first, when that is not on the volume; and whether its file says so."""
    said = config
    for key in ("agents", "defaults"):
        inside = said.get(key)
        said = inside if isinstance(inside, dict) else {}
    path = said.get("workspace")
    if not isinstance(path, str) or not path:
        return WORKING_FOLDERS, False
    if path == STATE_DIR or path.startswith(f"{STATE_DIR}/"):
        return (), False
    homes = ("/home/node", "/root")
    return tuple(home + path[1:] for home in homes) if path.startswith("~") else (path,), True


@dataclass(frozen=True, slots=True)
class Story:
    """What is told before it is done."""

    program: Program
    spec: Spec
    world: World
    machine: Machine
    file: str
    found: bool  # the file was there
    notes: tuple[Migration, ...]
    secrets: Given
    folders: tuple[str, ...]


def story(about: Story) -> list[str]:
    """Lines for a person who knows neither of the programs."""
    app, name, version = about.spec.app, about.program.name, about.spec.version
    first = _(
        "{app} runs {name}. That program is called OpenClaw now, and under its old name it gets no repairs any more."
    )
    then = _(
        "Migrating puts OpenClaw {version} in its place. The app, its address, its region and its volume stay."
    )
    lines = [first.format(app=app, name=name), then.format(version=version)]
    if about.program.evidence:
        lines.append(_("What shows it: {signs}.").format(signs=", ".join(about.program.evidence)))
    lines += ["", _("What changes:"), *_secret_lines(about), *_settings_lines(about), *_machine_lines(about)]
    lines += ["", _("What you will notice:"), *_after(about), "", _("The way back:"), *_back(about)]
    return [*lines, *_places(about)]


def _secret_lines(about: Story) -> list[str]:
    old = {
        before: after
        for before, after in old_secrets(about.world).items()
        if not about.world.digest_of(after)
    }
    lines = []
    for before, after in old.items():
        lines.append(
            _("- The secret {before} is called {after}, with the same value.").format(
                before=before, after=after
            )
        )
    if old:
        lines.append(
            _(
                "  Fly.io shows a value to nobody: the run reads it in the machine and hands it back to Fly.io under its new"
                " name. It is written nowhere on the way."
            )
        )
    if about.secrets:
        names = ", ".join(name for name, _value in about.secrets)
        words = _(
            "- Secrets that stand in {file} itself become secrets of Fly.io: {names}. The new file only names them."
        )
        lines.append(words.format(file=about.file, names=names))
    return lines


def _settings_lines(about: Story) -> list[str]:
    if not about.found:
        return [_("- It has no file of settings; OpenClaw gets a small one.")]
    same = about.file == "openclaw.json"
    words = _("- openclaw.json is brought up to date, and the old one is kept beside it.") if same else _(
        "- openclaw.json is made of {file}, which stays beside it."
    )  # fmt: skip
    if not about.notes:
        return [words.format(file=about.file)]
    counted = many(
        "{count} place is written otherwise (at the end of this text).",
        "{count} places are written otherwise (at the end of this text).",
        len(about.notes),
    )
    return [f"{words.format(file=about.file)} {counted}"]


def _places(about: Story) -> list[str]:
    """Each change of the settings, with its reason."""
    if not about.found or not about.notes:
        return []
    lines = ["", _("openclaw.json, place by place:")]
    for note in about.notes:
        change = f"{note.before or _('nothing')} → {note.after or _('nothing')}"
        lines.append(f"- {note.path or 'openclaw.json'}: {change}. {note.why}")
    return lines


def _machine_lines(about: Story) -> list[str]:
    spec, machine = about.spec, about.machine
    lines = [_("- The image is OpenClaw's own: {image}").format(image=spec.image)]
    if (machine.vm_size, machine.memory_mb) != (spec.vm_size, spec.memory_mb):
        words = _(
            "- The machine gets {size} with {memory:g} GB (it has {before:g} GB): OpenClaw needs 2 GB at least."
        )
        lines.append(
            words.format(size=spec.vm_size, memory=spec.memory_mb / 1024, before=machine.memory_mb / 1024)
        )
    lines.append(
        _("- Variables: CLAWDBOT_… and MOLTBOT_… become OPENCLAW_…; node may use {heap} MB.").format(
            heap=heap_mb(spec.memory_mb)
        )
    )
    if about.folders:
        words = _(
            "- Its working folder (notes, memory) is {folder}, which is not on the volume and is lost whenever the machine starts anew. It is"
            " copied to /data/workspace first, where OpenClaw looks for it."
        )
        lines.append(words.format(folder=about.folders[0]))
    return lines


def _after(about: Story) -> list[str]:
    lines = [
        _(
            "- It is away for two to five minutes: at its first start OpenClaw changes what is on the volume, and installs channels."
        ),
        _(
            "- The token stays, but it is not enough any more: each browser is let in once (O on Home, or a one-time link there)."
        ),
    ]
    small = [volume for volume in about.world.volumes if volume.size_gb < 2]
    if small:
        lines.append(
            _(
                "- The volume has {size} GB. That is enough to begin with; 3 GB are better, and V on Home makes it larger."
            ).format(size=small[0].size_gb)
        )
    return lines


def _back(about: Story) -> list[str]:
    return [
        _("- Before anything is changed, Fly.io makes a snapshot of the volume; it is kept for 5 days."),
        _("- The old secrets and the old file stay where they are until you say that all is well (Y again)."),
        _("- Until then Y goes back: the image of now, its fly.toml, and a volume made of the snapshot."),
        _("- What was said to {name} in between stays on the volume of OpenClaw.").format(
            name=about.spec.app
        ),
    ]


def after_story(name: str, volume: str, choice: str) -> list[str]:
    """What confirming means, or going back to ``name``; without a choice going on."""
    if not choice:
        return [
            _(
                "OpenClaw is in place of {name}, and the migration did not end well. It goes on from where it was."
            ).format(name=name)
        ]
    if choice == CONFIRM:
        return [
            _("The secrets with the old names are taken away; OpenClaw does not look for them. Nothing is restarted."),
            _("After that Y does not go back to {name} any more. Fly.io keeps the snapshot for 5 days all the same.").format(name=name),
        ]  # fmt: skip
    lines = [_("{name} comes back with its own image, its fly.toml and its secrets.").format(name=name)]
    if volume:
        lines += [
            _("OpenClaw has changed what is on the volume, so {name} gets a new one, made of the snapshot.").format(name=name),
            _(
                "What was said and changed since then stays on the volume of now ({id}), which costs on until you remove it:"
                " C on Home, or `fly volumes destroy {id}`."
            ).format(id=volume),
        ]  # fmt: skip
    return lines


def _no_command_words(world: World) -> str:
    program = program_of(world)
    words = _("{name} has no command that could be asked for that.")
    return words.format(name=program.name) if program.before_openclaw else ""


def old_command_words(world: World) -> str:
    """Its image has no command of its own; empty for others."""
    words = _no_command_words(world)
    return f"{words} {_(HELPS_OLD)}" if words else ""


def refuse_old_commands(world: World) -> None:
    """Raises OldGateway."""
    if words := _no_command_words(world):
        raise OldGateway(words, hint=_(HELPS_OLD))


def old_page_words(world: World) -> str:
    """Clawdbot has neither one-time links nor a list of who waits; empty for others."""
    if not program_of(world).before_openclaw or world.app is None:
        return ""
    address = f"https://{world.app.name}.fly.dev" if world.public_ips else _("by a tunnel (W)")
    words = _(
        "Its web page is reached at {address}, and asks for the gateway token. {name} has no one-time link."
    )
    return words.format(address=address, name=program_of(world).name)

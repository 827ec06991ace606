"""A machine that is not as its fly.toml says: somebody changed it since, as the guides tell (`fly machine update`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from claw_tui.domain.fly_toml import (
    HEALTH_PATH,
    command_words,
    environment,
    expected_service,
    own_command,
    start_command,
)
from claw_tui.domain.layout import steady_port
from claw_tui.domain.openclaw.lift import holds_secret
from claw_tui.domain.parse import toml_of
from claw_tui.domain.redact import MASK
from claw_tui.domain.rescue import in_rescue
from claw_tui.domain.sizes import memory_fits
from claw_tui.domain.spec import MIN_MEMORY_MB, PORT, STATE_DIR, Spec
from claw_tui.domain.versions import number, version_of
from claw_tui.domain.world import Machine, Service
from claw_tui.i18n import _

HEAP = "NODE_OPTIONS"
_OUR_HEAP = re.compile(r"--max-old-space-size=\d+")
FLYS = ("FLY_", "PRIMARY_REGION")  # variables that Fly.io adds


@dataclass(frozen=True, slots=True)
class Drift:
    """One place. ``keeps``: whether the answers can take it over, so that the next deploy leaves it; else ``why`` not."""

    what: str
    has: str
    wants: str
    keeps: bool = False
    why: str = ""


_SECRET_NAME = re.compile(r"(?i)(token|secret|passw|pass(_|$)|key|auth|credential)")
_SECRET_FLAG = re.compile(r"(?i)--?[a-z-]*(token|secret|password|key|auth)")


def is_secret(name: str, value: str) -> bool:
    """Never into a file of ours: a variable that somebody set on the machine in the place of a Fly secret."""
    return _SECRET_NAME.search(name) is not None or holds_secret(value)


def _holds_secret(command: str) -> bool:
    return _SECRET_FLAG.search(command) is not None or holds_secret(command)


def masked(command: str) -> str:
    """A start command, unless a secret stands in it."""
    return MASK if _holds_secret(command) else command


def command_problem(command: str, port: int = PORT) -> str:
    """Why a start command is no use for the gateway, which is to listen at ``port``; empty when it is good."""
    words = command.split()
    if _holds_secret(command):
        return _("a secret stands in it: set it with `fly secrets set` (K), and take it out there")
    if "gateway" not in words:
        return _("it does not start the gateway")
    pairs = set(pairwise(words))
    if ("--port", str(port)) not in pairs and f"--port={port}" not in words:
        return _("without `--port {port}` Fly.io's proxy does not reach it").format(port=port)
    if ("--bind", "lan") not in pairs and "--bind=lan" not in words:
        return _("without `--bind lan` it listens for itself only")
    return ""


def drift(spec: Spec, machine: Machine, wanted_toml: str) -> tuple[Drift, ...]:
    """What ``machine`` has otherwise than the file that a deploy would write. Values of a person's variables are not shown."""
    if in_rescue(machine) or not machine.readable:
        return ()
    return (
        *_image(spec, machine),
        *_size(spec, machine),
        *_command(spec, machine),
        *_env(spec, machine, wanted_toml),
        *_door(spec, machine),
    )


def _image(spec: Spec, machine: Machine) -> Iterator[Drift]:
    has = machine.image.partition("@")[0]
    if has == spec.image:
        return
    same_place = has.rpartition(":")[0] == spec.image.rpartition(":")[0]
    tag = version_of(has)
    if same_place and tag == spec.version:
        yield Drift(_("programs in the image"), _tag(has), _tag(spec.image), why=_("the answers need others"))
        return
    known = same_place and bool(number(tag))
    yield Drift(
        _("version"), tag if same_place else has, spec.version if same_place else spec.image, known,
        "" if known else _("it is another image than the one that was chosen"),
    )  # fmt: skip


def _tag(image: str) -> str:
    return image.rpartition(":")[2]


def _size(spec: Spec, machine: Machine) -> Iterator[Drift]:
    if machine.vm_size != spec.vm_size:
        yield Drift(_("machine size"), machine.vm_size, spec.vm_size, keeps=True)
    if machine.memory_mb != spec.memory_mb:
        fits = machine.memory_mb >= MIN_MEMORY_MB and memory_fits(machine.vm_size, machine.memory_mb)
        why = "" if fits else _("OpenClaw needs 2 GB at least")
        yield Drift(_("memory"), f"{machine.memory_mb} MB", f"{spec.memory_mb} MB", fits, why)


def _command(spec: Spec, machine: Machine) -> Iterator[Drift]:
    has, wants = " ".join(machine.command), start_command(spec)
    if machine.command != command_words(spec):
        why = command_problem(has)
        if why and not command_problem(has, port := steady_port(machine)):
            why = _elsewhere(port)
        has = masked(has)
        yield Drift(_("start command"), has or _("the image's own"), wants, not why, why)
    if machine.entrypoint:
        yield Drift(
            _("entrypoint"),
            masked(" ".join(machine.entrypoint)),
            _("the image's own"),
            why=_("fly.toml has none"),
        )


def _elsewhere(port: int) -> str:
    return _("it listens on {port}, and a deploy from here makes that 3000 everywhere").format(port=port)


def _env(spec: Spec, machine: Machine, wanted_toml: str) -> Iterator[Drift]:
    wants = {name: str(value) for name, value in (toml_of(wanted_toml).get("env") or {}).items()}
    has = {name: value for name, value in machine.env.items() if not name.startswith(FLYS)}
    ours = environment(spec)
    for name in sorted({*wants, *has}):
        if has.get(name) == wants.get(name) or (name == HEAP and _is_our_heap(has.get(name, ""))):
            continue
        secret = is_secret(name, has.get(name, ""))
        shown = [_value(side, name, known=name in ours and not secret) for side in (has, wants)]
        why = _("the gateway needs it so") if name in ours else "" if name in has else _("fly.toml sets it")
        if secret and name in has and name not in ours:
            why = _("it may be a secret: set it with `fly secrets set` (K), fly.toml is no place for it")
        yield Drift(_("variable {name}").format(name=name), shown[0], shown[1], not why, why)


def _is_our_heap(value: str) -> bool:
    """It follows the memory that a deploy gave it; nobody set it."""
    return _OUR_HEAP.fullmatch(value) is not None


def _value(side: Mapping[str, str], name: str, *, known: bool) -> str:
    """Somebody may have put a key there."""
    if name not in side:
        return _("not set")
    return side[name] if known else _("set")


def _door(spec: Spec, machine: Machine) -> Iterator[Drift]:
    wants, why = expected_service(spec), _("the gateway is not reached otherwise")
    if machine.services != (wants,):
        has = ", ".join(map(_service, machine.services)) or _("nothing")
        if any(service.internal_port == 8080 for service in machine.services):
            why = _("8080 is what `fly launch` writes; the gateway listens on 3000")
        if (port := steady_port(machine)) != PORT:
            why = _elsewhere(port)
        yield Drift(_("who can reach it"), has, _service(wants), why=why)
    elif HEALTH_PATH not in machine.check_paths:
        has = ", ".join(machine.check_paths) or _("none")
        yield Drift(
            _("health check"), has, HEALTH_PATH, why=_("a deploy needs it to see that the gateway answers")
        )
    if machine.stops_by_itself:
        yield Drift(_("stops by itself"), _("yes"), _("no"), why=_("a machine that stops hears nobody"))
    if STATE_DIR not in [mount.path for mount in machine.mounts]:
        has = ", ".join(mount.path for mount in machine.mounts) or _("nothing")
        yield Drift(_("volume at"), has, STATE_DIR, why=_("its state is lost at each deploy"))


def _service(service: Service) -> str:
    ports = ", ".join(str(port.port) for port in service.ports) or "-"
    return _("{ports} to {inside}").format(ports=ports, inside=service.internal_port)


def with_machine(spec: Spec, machine: Machine) -> Spec:
    """The answers with what they can take over from the machine."""
    rows = drift(spec, machine, "")
    keeps = {row.what for row in rows if row.keeps}
    if _("version") in keeps:
        spec = replace(spec, version=version_of(machine.image))
    if _("machine size") in keeps and memory_fits(machine.vm_size, machine.memory_mb):
        spec = replace(spec, vm_size=machine.vm_size)
    if _("memory") in keeps:
        spec = replace(spec, memory_mb=machine.memory_mb)
    if _("start command") in keeps:
        spec = replace(spec, command=own_command(machine.command))
    return spec


def taken_variables(spec: Spec, machine: Machine, wanted_toml: str) -> dict[str, str]:
    """Variables that somebody set on the machine, for the file that a deploy starts from."""
    wants = toml_of(wanted_toml).get("env") or {}
    return {
        name: value for name, value in sorted(machine.env.items())
        if not name.startswith(FLYS) and name not in environment(spec) and str(wants.get(name)) != value
        and not is_secret(name, value)
    }  # fmt: skip

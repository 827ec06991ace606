"""The fly.toml of a deploy that changes who can reach a gateway, and nothing else of its machine."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

from claw_tui.domain.doors import variables
from claw_tui.domain.errors import BadInput
from claw_tui.domain.fly_toml import KILL_TIMEOUT, private_service, public_service, toml_problems
from claw_tui.domain.parse import json_of
from claw_tui.domain.spec import PORT
from claw_tui.domain.world import OUR_PROCESS_GROUP, Machine, World
from claw_tui.i18n import _

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

MADE_BY = "Made by claw-tui. It keeps what you add, your comments too."


def kept_toml(
    app: str, world: World, image: str, base: str, *, private: bool, services: str = "", port: int = PORT
) -> str:
    """The file's text. ``base``: a file to start from, whose comments stay; what the machine has counts more.

    ``services``: the public ones as they were, as JSON; empty for ours, which lead to ``port``. Raises BadInput.
    """
    import tomlkit  # noqa: PLC0415

    machine = world.machine
    assert machine is not None
    if wrong := next(iter(toml_problems(base)), ""):
        raise BadInput(wrong, hint=_("Mend the file, or start without it."))
    document = tomlkit.parse(base)
    if not base:
        document.add(tomlkit.comment(_(MADE_BY)))
    document["app"] = app
    document["primary_region"] = machine.region
    document.setdefault("kill_signal", "SIGTERM")
    document.setdefault("kill_timeout", KILL_TIMEOUT)
    document["build"] = {"image": image}
    _machine(document, machine, world)
    if private:
        private_service(document, port)
    else:
        _public(document, services, port)
    return re.sub(r"\n{3,}", "\n\n", tomlkit.dumps(document))


def _machine(document: TOMLDocument, machine: Machine, world: World) -> None:
    from tomlkit import aot, table  # noqa: PLC0415

    has, env = variables(machine), document.setdefault("env", table())
    for name in [name for name in env if name not in has]:
        del env[name]
    for name, value in has.items():
        if str(env.get(name)) != value:
            env[name] = value
    if machine.command:
        document.setdefault("processes", table())[OUR_PROCESS_GROUP] = shlex.join(machine.command)
    else:
        document.pop("processes", None)
    if not document.get("vm"):
        sizes = aot()
        sizes.append(table())
        document["vm"] = sizes
    sizes = document["vm"]
    first = sizes if hasattr(sizes, "update") else sizes[0]
    for name in (
        "cpu_kind",
        "cpus",
        "memory_mb",
    ):  # as `fly launch` writes it; they would count more than the size
        first.pop(name, None)
    first.update({"size": machine.vm_size, "memory": f"{machine.memory_mb}mb"})
    _mount(document, machine, world)


def _mount(document: TOMLDocument, machine: Machine, world: World) -> None:
    from tomlkit import table  # noqa: PLC0415

    if not machine.mounts:
        document.pop("mounts", None)
        return
    mounts = document.get("mounts")
    if isinstance(mounts, list):
        mounts = mounts[0]
    if mounts is None:
        document["mounts"] = table()
        mounts = document["mounts"]
    mount = machine.mounts[0]
    names = [volume.name for volume in world.volumes if volume.id == mount.volume_id]
    if not names:
        raise BadInput(_("The volume {id} of its machine is not listed.").format(id=mount.volume_id))
    mounts.update({"source": names[0], "destination": mount.path})


def _public(document: TOMLDocument, services: str, port: int) -> None:
    """As it was before it was made private, where that is known; else as ours are."""
    from tomlkit import item  # noqa: PLC0415

    found = json_of(services) if services else None
    if not isinstance(found, list) or not all(isinstance(service, dict) for service in found):
        public_service(document, port)
        return
    document.pop("http_service", None)
    document["services"] = item([_without_nothing(service) for service in found])


def _without_nothing(value: Any) -> Any:
    """TOML has no null."""
    if isinstance(value, dict):
        return {key: _without_nothing(inside) for key, inside in value.items() if inside is not None}
    return [_without_nothing(inside) for inside in value] if isinstance(value, list) else value

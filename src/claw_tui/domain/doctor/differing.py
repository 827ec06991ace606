"""What a fix makes different in openclaw.json and in fly.toml, line by line; no secret is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from claw_tui.domain.doctor.choice import Wanted
from claw_tui.domain.doctor.model import FileChange
from claw_tui.domain.doctor.repairs import repaired, serves
from claw_tui.domain.drift import is_secret, masked
from claw_tui.domain.fly_toml import HEALTH_PATH, expected_service
from claw_tui.domain.gateway_config import Json
from claw_tui.domain.kept_toml import kept_toml
from claw_tui.domain.layout import at_port
from claw_tui.domain.parse import json_of, toml_of
from claw_tui.domain.redact import MASK
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import Machine, World
from claw_tui.i18n import _

CONFIG, TOML = "openclaw.json", "fly.toml"
LONGEST = 2000  # characters of a value
SHOWN = 200  # for people
REF = {"source", "id"}  # where a secret comes from
OF_SERVICE = "servicecheck-"  # Fly.io's name for the check of a service; others stand in [checks]
MOST = 10  # lines that are shown to people


def config_changes(before: Json, after: Json) -> Iterator[FileChange]:
    """Secrets that stand in either of them are hidden before they are compared."""
    from claw_tui.domain.openclaw.changes import changes  # noqa: PLC0415  (no start needs it)
    from claw_tui.domain.openclaw.lift import with_masks  # noqa: PLC0415

    was, then = with_masks(before), with_masks(after)
    for row in changes(_with_sections(was, then), _with_sections(then, was), longest=LONGEST):
        yield FileChange(CONFIG, row.path, row.before, row.after)


def toml_changes(
    world: World, wanted: Wanted, spec: Spec, base: str, *, image: str, said: str = ""
) -> Iterator[FileChange]:
    """Of the file that would be deployed of the machine as it is, and of the one that is. Raises BadInput."""
    from claw_tui.domain.openclaw.changes import changes  # noqa: PLC0415

    now, then = world.machine, repaired(world, wanted, spec, said)
    if now is None:
        return
    texts = (
        kept_toml(spec.app, world, image, base, private=spec.private),
        kept_toml(spec.app, then, wanted.image or image, base, private=spec.private),
    )
    before, after = (_plain(toml_of(text)) for text in texts)
    for row in changes(_with_sections(before, after), _with_sections(after, before), longest=LONGEST):
        yield FileChange(TOML, row.path, row.before, row.after)
    if serves(wanted):
        yield from _service(now, spec, wanted.port)


def _plain(tree: dict[str, Any]) -> dict[str, Any]:
    """The one row of a list of tables in its place, and no secret in it."""
    found: dict[str, Any] = {key: value[0] if _is_one(value) else value for key, value in tree.items()}
    env = found.get("env") or {}
    found["env"] = {name: MASK if is_secret(name, str(value)) else value for name, value in env.items()}
    if "processes" in found:
        found["processes"] = {name: masked(str(command)) for name, command in found["processes"].items()}
    return found


def _with_sections(tree: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """A section that comes or goes is told line by line; one that names a secret is one line."""
    found = dict(tree)
    for name, value in other.items():
        if isinstance(value, dict) and not REF.issubset(value) and isinstance(tree.get(name, {}), dict):
            found[name] = _with_sections(tree.get(name, {}), value)
    return found


def _is_one(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict)


def _service(machine: Machine, spec: Spec, port: int) -> Iterator[FileChange]:
    section, wants = ("services" if spec.private else "http_service"), at_port(expected_service(spec), port)
    ports = ", ".join(str(service.internal_port) for service in machine.services)
    rows = (
        ("internal_port", ports, str(wants.internal_port)),
        ("auto_stop_machines", "on" if machine.stops_by_itself else "off", "off"),
        ("checks", ", ".join(machine.check_paths), HEALTH_PATH),
    )
    for name, before, after in rows:
        if before != after:
            yield FileChange(TOML, f"{section}.{name}", before, after)
    for check in machine.checks:
        if not check.name.startswith(OF_SERVICE):
            yield FileChange(TOML, f"checks.{check.name}", check.status, "")


def change_lines(some: Iterable[FileChange]) -> list[str]:
    """For people: a line each."""
    rows = list(some)
    lines = [
        _("{file}: {path}: {what}").format(file=row.file, path=row.path, what=_what(row))
        for row in rows[:MOST]
    ]
    return [*lines, _("and {count} more").format(count=len(rows) - MOST)] if len(rows) > MOST else lines


def _what(row: FileChange) -> str:
    """Of a list only what comes and what goes."""
    before, after = _list(row.before), _list(row.after)
    if before is None or after is None:
        return f"{_cut(row.before) or _('nothing')} → {_cut(row.after) or _('nothing')}"
    come, go = [word for word in after if word not in before], [word for word in before if word not in after]
    parts = ([f"+ {', '.join(come)}"] if come else []) + ([f"- {', '.join(go)}"] if go else [])
    return _cut(" ".join(parts) or row.after)


def _list(text: str) -> list[str] | None:
    try:
        found = json_of(text) if text.startswith("[") else None
    except ValueError:
        return None
    return [str(row) for row in found] if isinstance(found, list) else None


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"

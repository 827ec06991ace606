"""fly.toml: ours from nothing, or a person's own file with our settings in it (comments and order stay)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from claw_tui.domain import own_image
from claw_tui.domain.errors import BadInput
from claw_tui.domain.parse import toml_of
from claw_tui.domain.spec import PORT, STATE_DIR, Spec
from claw_tui.domain.world import OUR_PROCESS_GROUP, Port, Service
from claw_tui.i18n import _

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import AoT, Table

HEALTH_PATH = "/healthz"  # the only path that the gateway answers whoever asks, through whatever proxy
COMMAND = f"node dist/index.js gateway --allow-unconfigured --port {PORT} --bind lan"
KILL_TIMEOUT = 60  # seconds; Fly's own 5 would cut off the gateway's clean end


def heap_mb(memory_mb: int) -> int:
    """Node's heap must stay below the machine's memory: three quarters, as the guides have it for 2 GB."""
    return memory_mb * 3 // 4


def start_command(spec: Spec) -> str:
    """What the machine is to start: the person's own command or ours, behind what starts Tailscale where that is wanted."""
    command = spec.command or COMMAND
    starts = own_image.is_own(spec) and own_image.TAILSCALE in own_image.programs(spec)
    return f"{own_image.WITH_TAILSCALE} {command}" if starts else command


def own_command(words: tuple[str, ...]) -> str:
    """The answer that stands for a machine's command; empty for ours."""
    found = shlex.join(words[words[:1] == (own_image.WITH_TAILSCALE,) :])
    return "" if found == COMMAND else found


def command_words(spec: Spec) -> tuple[str, ...]:
    """Answers are a file that people may write in."""
    command = start_command(spec)
    try:
        return tuple(shlex.split(command))
    except ValueError:  # an open quote
        return tuple(command.split())


def environment(spec: Spec) -> dict[str, str]:
    return {
        "NODE_ENV": "production",
        "OPENCLAW_PREFER_PNPM": "1",
        "OPENCLAW_STATE_DIR": STATE_DIR,
        "NODE_OPTIONS": f"--max-old-space-size={heap_mb(spec.memory_mb)}",
    }


def expected_service(spec: Spec) -> Service:
    """The one service that a machine of ours has."""
    if spec.private:
        return Service("tcp", PORT, (Port(PORT),))
    return Service("tcp", PORT, (Port(80, ("http",), force_https=True), Port(443, ("http", "tls"))))


def _check() -> Table:
    from tomlkit import table  # noqa: PLC0415

    check = table()
    check.update(
        {"grace_period": "1m", "interval": "15s", "timeout": "5s", "method": "GET", "path": HEALTH_PATH}
    )
    return check


def public_service(document: TOMLDocument, port: int = PORT) -> None:
    from tomlkit import aot, table  # noqa: PLC0415

    document.pop("services", None)
    service = document.setdefault("http_service", table())
    service.update(
        {
            "internal_port": port, "force_https": True, "auto_stop_machines": "off", "auto_start_machines": True,
            "min_machines_running": 1, "processes": [OUR_PROCESS_GROUP],
        }
    )  # fmt: skip
    if not any(str(check.get("path", "")) == HEALTH_PATH for check in service.get("checks", ())):
        if "checks" not in service:
            checks: AoT = aot()
            service["checks"] = checks
        service["checks"].append(_check())  # beside a person's own


def private_service(document: TOMLDocument, inside: int = PORT) -> None:
    """A raw TCP service: only a private address reaches it, and no proxy header comes with it.

    ``inside``: where the gateway listens. Who comes by the private address always comes at ours.
    """
    from tomlkit import aot, table  # noqa: PLC0415

    document.pop("http_service", None)
    service = table()
    service.update(
        {
            "protocol": "tcp", "internal_port": inside, "auto_stop_machines": "off", "auto_start_machines": True,
            "min_machines_running": 1, "processes": [OUR_PROCESS_GROUP],
        }
    )  # fmt: skip
    ports, checks, services = aot(), aot(), aot()
    port = table()
    port["port"] = PORT
    ports.append(port)
    check = _check()
    check["protocol"] = "http"
    checks.append(check)
    service["ports"], service["http_checks"] = ports, checks
    services.append(service)
    if document.get("services") != services:
        document["services"] = services


def _build(document: TOMLDocument, spec: Spec) -> None:
    from tomlkit import table  # noqa: PLC0415

    section = document.setdefault("build", table())
    built = {"dockerfile": "Dockerfile"} if spec.source == "git" else {"image": spec.image}
    if own_image.is_own(spec):
        built = {"dockerfile": f"{own_image.FOLDER}/{own_image.DOCKERFILE}"}
    for name in {"image", "dockerfile"} - set(built):
        section.pop(name, None)
    section.update(built)


def _machine(document: TOMLDocument, spec: Spec) -> None:
    from tomlkit import aot, table  # noqa: PLC0415

    machines = document.get("vm")
    if not machines:
        machines = aot()
        machines.append(table())
        document["vm"] = machines
        machines = document["vm"]
    first = machines if hasattr(machines, "update") else machines[0]
    first.update({"size": spec.vm_size, "memory": f"{spec.memory_mb}mb"})
    mounts = document.get("mounts")
    if isinstance(mounts, list):
        mounts = mounts[0]
    if mounts is None:
        document["mounts"] = table()
        mounts = document["mounts"]
    mounts.update({"source": spec.volume_name, "destination": STATE_DIR})


def build_fly_toml(spec: Spec, base: str = "") -> str:
    """Return the file's text. ``base`` is a file to start from; what we do not need to change in it stays.

    Raises BadInput when ``base`` is not TOML.
    """
    import tomlkit  # noqa: PLC0415  (6 ms that no screen but Review and the run need)
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    try:
        document = tomlkit.parse(base)
    except TOMLKitError as error:
        raise BadInput(
            _("This fly.toml can't be read: {error}").format(error=error),
            hint=_("Mend the file, or start without it."),
        ) from error
    if wrong := next(_misshapen(document.unwrap()), ""):
        raise BadInput(wrong, hint=_("Mend the file, or start without it."))
    if not base:
        document.add(tomlkit.comment(_("Made by claw-tui. It keeps what you add, your comments too.")))
    document["app"] = spec.app
    document["primary_region"] = spec.region
    document["kill_signal"] = "SIGTERM"
    document["kill_timeout"] = KILL_TIMEOUT
    _build(document, spec)
    document.setdefault("env", tomlkit.table()).update(environment(spec))
    document.setdefault("processes", tomlkit.table())[OUR_PROCESS_GROUP] = start_command(spec)
    (private_service if spec.private else public_service)(document)
    _machine(document, spec)
    return re.sub(r"\n{3,}", "\n\n", tomlkit.dumps(document))


_SECTIONS = ("build", "env", "processes", "http_service")
_LISTS = ("vm", "mounts", "services")


def _misshapen(document: Mapping[str, object]) -> Iterator[str]:
    """Sections that are none, as far as we write into them."""
    for name in _SECTIONS:
        if not isinstance(document.get(name, {}), Mapping):
            yield _("“{name}” has to be a section: [{name}].").format(name=name)
    for name in _LISTS:
        found = document.get(name, {})
        tables = [found] if isinstance(found, Mapping) else found
        if (
            not isinstance(tables, list)
            or not tables
            or not all(isinstance(table, Mapping) for table in tables)
        ):
            yield _("“{name}” has to be a section: [{name}] or [[{name}]].").format(name=name)
    http = document.get("http_service")
    checks = http.get("checks", [{}]) if isinstance(http, Mapping) else []
    if not isinstance(checks, list) or not all(isinstance(check, Mapping) for check in checks):
        yield _("“{name}” has to be a section: [[{name}]].").format(name="http_service.checks")


def toml_problems(text: str) -> Iterable[str]:
    """What in a person's own file can't be worked with; what is only changed is told by ``toml_changes``."""
    try:
        document = toml_of(text)
    except ValueError as error:
        yield _("It is not TOML: {error}").format(error=error)
        return
    misshapen = list(_misshapen(document))
    yield from misshapen
    if not misshapen and len(document.get("processes", {})) > 1:
        yield _("It has several process groups; claw-tui looks after the group “app” only.")

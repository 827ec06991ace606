"""What flyctl's JSON documents mean to us."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any, TypeVar

from msgspec import ValidationError, convert

from claw_tui.adapters.fly_raw import (
    RawApp,
    RawCheck,
    RawEvent,
    RawExec,
    RawGuest,
    RawImage,
    RawIp,
    RawLease,
    RawLog,
    RawMachine,
    RawMachineConfig,
    RawPort,
    RawRegion,
    RawRelease,
    RawSecret,
    RawService,
    RawSize,
    RawSnapshot,
    RawVolume,
)
from claw_tui.domain import world
from claw_tui.domain.answers import ExecResult, LogEntry
from claw_tui.domain.clean import clean
from claw_tui.domain.errors import FlyError
from claw_tui.i18n import _

T = TypeVar("T")
PRIVATE = ipaddress.ip_network("fdaa::/16")  # Fly's private networks


def read(raw: Any, shape: type[T]) -> T:
    """Convert a decoded document. Raises FlyError when it is not of the form that we know."""
    try:
        return convert(raw, shape, strict=False)
    except ValidationError as error:
        raise unknown_form(str(error)) from error


def read_list(raw: Any, shape: type[T]) -> list[T]:
    """A list; of one that is empty some versions print nothing. An empty object is none."""
    return read([] if raw is None else raw, list[shape])  # type: ignore[valid-type]


def unknown_form(detail: str = "") -> FlyError:
    return FlyError(
        _("flyctl answered in a form that claw-tui does not know."),
        hint=_("This flyctl may be newer than claw-tui: look for a newer claw-tui."),
        detail=detail,
    )


def apps(raw: Any) -> tuple[world.App, ...]:
    return tuple(app(item) for item in read_list(raw, RawApp))


def app(found: RawApp) -> world.App:
    return world.App(found.name, found.organization.slug, found.status, found.hostname, found.deployed)


def orgs(raw: Any) -> tuple[world.Org, ...]:
    """``orgs list`` prints one object: slug to name."""
    return tuple(world.Org(slug, name) for slug, name in read(raw, dict[str, str]).items())


def regions(raw: Any) -> tuple[world.Region, ...]:
    return tuple(
        world.Region(r.code, r.name, r.latitude, r.longitude, r.requires_paid_plan)
        for r in read(raw, list[RawRegion])
        if not r.deprecated
    )


def vm_sizes(raw: Any) -> tuple[world.VmSize, ...]:
    found = read(raw, dict[str, RawSize])
    return tuple(world.VmSize(name, size.cpu_kind, size.cpus, size.memory_mb) for name, size in found.items())


def volumes(raw: Any) -> tuple[world.Volume, ...]:
    return tuple(
        world.Volume(v.id, v.name, v.region, v.size_gb, v.state, v.attached_machine_id or "")
        for v in read_list(raw, RawVolume)
    )


def snapshots(raw: Any) -> tuple[world.Snapshot, ...]:
    return tuple(
        world.Snapshot(s.id, s.created_at, s.size / 2**30, s.status) for s in read_list(raw, RawSnapshot)
    )


def secrets(raw: Any) -> tuple[world.SecretInfo, ...]:
    return tuple(world.SecretInfo(s.name, s.digest, s.status) for s in read_list(raw, RawSecret))


def ips(raw: Any) -> tuple[world.Ip, ...]:
    return tuple(world.Ip(ip.address, _kind(ip), ip.region, _org(ip)) for ip in read_list(raw, RawIp))


def _kind(found: RawIp) -> world.IpKind:
    """What is called private, and is of no private network, is not taken for that."""
    known = {kind.value: kind for kind in world.IpKind}
    kind = known.get(found.type, world.IpKind.UNKNOWN)
    if kind is world.IpKind.PRIVATE_V6 and not _is_private(found.address):
        return world.IpKind.UNKNOWN
    return kind


def _is_private(address: str) -> bool:
    try:
        return ipaddress.ip_address(address) in PRIVATE
    except ValueError:
        return False


def _org(found: RawIp) -> str:
    owner = found.network.organization if found.network else None
    return owner.slug if owner else ""


def _port(found: RawPort) -> int:
    """0 for a range: that is no port of ours."""
    return found.port if found.port and not (found.start_port or found.end_port) else 0


def _services(found: Iterable[RawService]) -> tuple[world.Service, ...]:
    return tuple(
        world.Service(
            s.protocol,
            s.internal_port,
            tuple(
                world.Port(_port(p), tuple(sorted(p.handlers or ())), p.force_https) for p in s.ports or ()
            ),
        )
        for s in found
    )


def _event(found: RawEvent) -> world.MachineEvent:
    ended = found.request.exit_event if found.request else None
    return world.MachineEvent(
        found.type,
        found.status,
        found.timestamp,
        ended.exit_code if ended else None,
        ended.oom_killed if ended else False,
        found.source,
    )


def _machine(found: RawMachine) -> world.Machine:
    config = found.config or RawMachineConfig()
    guest = config.guest or RawGuest()
    return world.Machine(
        id=found.id, name=found.name, state=found.state, region=found.region, image=config.image,
        cpu_kind=guest.cpu_kind, cpus=guest.cpus, memory_mb=guest.memory_mb, env=config.env or {},
        command=tuple(config.init.cmd or ()), entrypoint=tuple(config.init.entrypoint or ()),
        mounts=tuple(world.Mount(m.volume, m.path) for m in config.mounts or ()),
        services=_services(config.services or ()), checks=tuple(map(check, found.checks or ())),
        events=tuple(map(_event, found.events or ())), digest=found.image_ref.digest if found.image_ref else "",
        check_paths=tuple(c.path for s in config.services or () for c in s.checks or () if c.path),
        stops_by_itself=any(s.autostop not in (None, False, "off") for s in config.services or ()),
        group=(config.metadata or {}).get("fly_process_group", ""), statics=tuple(s.url_prefix for s in config.statics or ()),
        readable=bool(config.image), cordoned=found.cordoned,
        starts_by_itself=any(s.autostart is not False for s in config.services or ()),
    )  # fmt: skip


def machines(raw: Any) -> tuple[world.Machine, ...]:
    return tuple(map(_machine, read_list(raw, RawMachine)))


def deployed(raw: Any) -> dict[str, object]:
    """The config of an app: at least the app's name stands in it."""
    found = read(raw, dict[str, object])
    if not found:
        raise unknown_form()
    return found


def check(found: RawCheck) -> world.Check:
    return world.Check(found.name, found.status, found.output.strip())


def checks(raw: Any) -> dict[str, tuple[world.Check, ...]]:
    return {
        machine: tuple(map(check, found))
        for machine, found in read({} if raw is None else raw, dict[str, list[RawCheck]]).items()
    }


def releases(raw: Any) -> tuple[world.Release, ...]:
    return tuple(
        world.Release(r.version, r.status, r.image_ref, r.created_at, r.user.email if r.user else "")
        for r in read_list(raw, RawRelease)
    )


def leases(raw: Any) -> tuple[world.Lease, ...]:
    found = read({} if raw is None else raw, dict[str, RawLease])
    return tuple(
        world.Lease(machine, clean(lease.data.owner), lease.data.expires_at)
        for machine, lease in found.items()
        if lease.data is not None
    )


def images(raw: Any) -> tuple[world.ImageInfo, ...]:
    return tuple(
        world.ImageInfo(i.machine, f"{i.registry}/{i.repository}:{i.tag}", i.digest)
        for i in read_list(raw, RawImage)
    )


def exec_result(raw: Any) -> ExecResult:
    """Zero and empty keys are left out of the document: ``{}`` is success without output."""
    found = read(raw, RawExec)
    return ExecResult(found.exit_code, found.stdout, found.stderr)


def log_entry(raw: Any) -> LogEntry | None:
    found = read(raw, RawLog)
    if not found.message and not found.timestamp:
        return None
    provider = found.meta.event.provider if found.meta and found.meta.event else ""
    source = found.instance if provider in ("app", "") and found.instance else provider or "fly"
    return LogEntry(found.timestamp, found.level or "info", source, clean(found.message), found.instance)

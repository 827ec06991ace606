"""What exists on Fly.io, as flyctl tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

NO_MACHINE = "MACHINE"
OUR_PROCESS_GROUP = "app"


@dataclass(frozen=True, slots=True)
class Org:
    """An organization: who pays, and who sees the private network."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Region:
    """A place where Fly.io runs machines. Degrees north and east."""

    code: str
    name: str
    latitude: float
    longitude: float
    requires_paid_plan: bool = False


@dataclass(frozen=True, slots=True)
class VmSize:
    """A machine preset with its smallest memory in MB."""

    name: str
    kind: str
    cpus: int
    memory_mb: int


class IpKind(StrEnum):
    """Fly's address types. Whatever we do not know counts as public."""

    V4 = "v4"
    V6 = "v6"
    SHARED_V4 = "shared_v4"
    PRIVATE_V6 = "private_v6"
    EGRESS_V4 = "egress_v4"
    EGRESS_V6 = "egress_v6"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Ip:
    """An address of an app."""

    address: str
    kind: IpKind
    region: str = ""
    org: str = ""  # whose private network it is in, where that is told

    @property
    def public(self) -> bool:
        return self.kind not in (IpKind.PRIVATE_V6, IpKind.EGRESS_V4, IpKind.EGRESS_V6)


@dataclass(frozen=True, slots=True)
class Volume:
    """A disk. ``attached_to`` is the machine's id, or empty."""

    id: str
    name: str
    region: str
    size_gb: int
    state: str = "created"
    attached_to: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A volume as it was at ``created`` (ISO, UTC). One that is being made has no id yet; ``size_gb`` is what is stored."""

    id: str
    created: str
    size_gb: float = 0.0
    status: str = ""

    @property
    def ready(self) -> bool:
        return bool(self.id) and self.status == "created"


@dataclass(frozen=True, slots=True)
class Port:
    """A public port of a service and what Fly's proxy does there (http, tls; none: raw TCP)."""

    port: int
    handlers: tuple[str, ...] = ()
    force_https: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """What Fly's proxy sends to the machine."""

    protocol: str
    internal_port: int
    ports: tuple[Port, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A health check and what it said last."""

    name: str
    status: str
    output: str = ""


@dataclass(frozen=True, slots=True)
class MachineEvent:
    """Something that happened to a machine. ``at`` in milliseconds since 1970."""

    type: str
    status: str
    at: int
    exit_code: int | None = None
    oom_killed: bool = False
    source: str = ""  # who: "user", "proxy" or Fly's own "flyd"

    @property
    def is_start(self) -> bool:
        """It runs from here on. Before that there may be one of somebody who asked for it, which is still starting."""
        return self.type == "start" and self.status != "starting"


@dataclass(frozen=True, slots=True)
class Mount:
    """A volume at a path."""

    volume_id: str
    path: str


@dataclass(frozen=True, slots=True)
class Machine:
    """A virtual machine."""

    id: str
    name: str
    state: str
    region: str
    image: str = ""
    cpu_kind: str = ""
    cpus: int = 0
    memory_mb: int = 0
    env: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    mounts: tuple[Mount, ...] = ()
    services: tuple[Service, ...] = ()
    checks: tuple[Check, ...] = ()
    events: tuple[MachineEvent, ...] = ()
    digest: str = ""  # of its image
    check_paths: tuple[str, ...] = ()  # that Fly.io asks for its health
    stops_by_itself: bool = False  # when nobody asks it for a while
    starts_by_itself: bool = False  # when somebody asks it: Fly's proxy does that
    cordoned: bool = False  # Fly's proxy leads nobody to it
    group: str = ""  # its process group
    statics: tuple[str, ...] = ()  # paths of files that Fly's proxy serves by itself
    readable: bool = True  # its config is told; not when its host does not answer

    @property
    def vm_size(self) -> str:
        return f"{'shared-cpu' if self.cpu_kind == 'shared' else self.cpu_kind}-{self.cpus}x"


@dataclass(frozen=True, slots=True)
class SecretInfo:
    """A secret as Fly tells it: never its value. ``status`` is Deployed, Staged, Partial or Unknown."""

    name: str
    digest: str
    status: str = ""

    @property
    def staged(self) -> bool:
        """Fly.io has it, and a machine does not have it yet."""
        return self.status in ("Staged", "Partial")


@dataclass(frozen=True, slots=True)
class Release:
    """One deployment."""

    version: int
    status: str
    image: str
    created_at: str
    user: str = ""


@dataclass(frozen=True, slots=True)
class Lease:
    """Somebody is changing a machine, or was cut off while doing so. ``until`` in seconds since 1970."""

    machine: str
    owner: str
    until: float


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """The image that a machine runs."""

    machine_id: str
    reference: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class App:
    """An app: a name, an organization, and whether anything was ever deployed."""

    name: str
    org: str = ""
    status: str = ""
    hostname: str = ""
    deployed: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """Everything that Fly.io tells about one app. ``app`` is None when the account has no such app."""

    app: App | None = None
    volumes: tuple[Volume, ...] = ()
    secrets: tuple[SecretInfo, ...] = ()
    ips: tuple[Ip, ...] = ()
    machines: tuple[Machine, ...] = ()
    releases: tuple[Release, ...] = ()
    leases: tuple[Lease, ...] = ()

    @property
    def machine(self) -> Machine | None:
        """The machine to talk to: a started one first."""
        return min(self.machines, key=lambda m: (m.state != "started", m.id), default=None)

    @property
    def disk(self) -> Volume | None:
        """The volume to talk about: one that is in a machine first. A move leaves the old one behind."""
        mounted = {mount.volume_id for machine in self.machines for mount in machine.mounts}
        return min(self.volumes, key=lambda volume: volume.id not in mounted, default=None)

    @property
    def public_ips(self) -> tuple[Ip, ...]:
        return tuple(ip for ip in self.ips if ip.public)

    def digest_of(self, secret: str) -> str:
        return next((info.digest for info in self.secrets if info.name == secret), "")

    def fingerprint(self) -> str:
        """A short text that is equal for worlds with the same things in them; states that pass are left out."""
        from hashlib import sha256  # noqa: PLC0415  (the first screen does without OpenSSL)

        parts: list[object] = [
            self.app and (self.app.name, self.app.org),
            sorted((v.id, v.name, v.region, v.size_gb) for v in self.volumes),
            sorted((s.name, s.digest) for s in self.secrets),
            sorted((ip.address, ip.kind.value) for ip in self.ips),
            sorted(
                (m.id, m.image, m.vm_size, m.memory_mb, m.command, m.entrypoint, m.region)
                for m in self.machines
            ),
        ]
        return sha256(repr(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Versions:
    """What a program says of itself."""

    name: str
    version: str
    path: str = ""
    passed_over: tuple[str, ...] = ()  # sentences about those that came first and did not fit


def typed_name(machine: Machine | None) -> str:
    """What stands for a machine in a command that is shown: its id, or a word as long as there is none."""
    return machine.id if machine else NO_MACHINE

"""flyctl's JSON documents as types. Unknown keys are left alone.

Source: the Go structs of flyctl 0.4.87 and fly-go 0.9.6. Some documents are snake_case, some PascalCase.
"""

from __future__ import annotations

from msgspec import Struct, field


class RawVersion(Struct, rename="pascal"):
    """`fly version`."""

    name: str
    version: str


class RawOrg(Struct, rename="pascal"):
    """The organization in an app."""

    slug: str = ""


class RawApp(Struct, rename="pascal"):
    """`fly apps list`, `fly status`."""

    name: str
    status: str = ""
    hostname: str = ""
    deployed: bool = False
    organization: RawOrg = field(default_factory=RawOrg)


class RawRegion(Struct):
    """`fly platform regions`."""

    code: str
    name: str
    latitude: float = 0.0
    longitude: float = 0.0
    requires_paid_plan: bool = False
    deprecated: bool = False


class RawSize(Struct):
    """`fly platform vm-sizes`."""

    cpu_kind: str
    cpus: int
    memory_mb: int


class RawVolume(Struct):
    """`fly volumes list`."""

    id: str
    name: str
    region: str = ""
    size_gb: int = 0
    state: str = ""
    attached_machine_id: str | None = None


class RawSnapshot(Struct):
    """`fly volumes snapshots list`. Sizes in bytes."""

    id: str = ""
    size: int = 0
    created_at: str = ""
    status: str = ""


class RawSecret(Struct):
    """`fly secrets list`."""

    name: str
    digest: str = ""
    status: str = ""


class RawNetwork(Struct, rename="pascal"):
    """The private network that an address is in."""

    organization: RawOrg | None = None


class RawIp(Struct):
    """`fly ips list`."""

    address: str = field(name="Address")
    type: str = field(name="Type")
    region: str = field(name="Region", default="")
    network: RawNetwork | None = field(name="Network", default=None)


class RawPort(Struct):
    """A port of a service."""

    port: int | None = None
    start_port: int | None = None  # of a range
    end_port: int | None = None
    handlers: list[str] | None = None
    force_https: bool = False


class RawServiceCheck(Struct):
    """What a service is asked for its health."""

    path: str | None = None


class RawService(Struct):
    """A service of a machine."""

    protocol: str = "tcp"
    internal_port: int = 0
    ports: list[RawPort] | None = None
    checks: list[RawServiceCheck] | None = None
    autostop: bool | str | None = None
    autostart: bool | None = None


class RawMount(Struct):
    """A mount of a machine."""

    volume: str = ""
    path: str = ""


class RawInit(Struct):
    """What a machine runs."""

    cmd: list[str] | None = None
    entrypoint: list[str] | None = None


class RawGuest(Struct):
    """A machine's size."""

    cpu_kind: str = ""
    cpus: int = 0
    memory_mb: int = 0


class RawStatic(Struct):
    """Files that Fly's proxy serves by itself."""

    url_prefix: str = ""


class RawMachineConfig(Struct):
    """A machine's config."""

    env: dict[str, str] | None = None
    init: RawInit = field(default_factory=RawInit)
    guest: RawGuest | None = None
    mounts: list[RawMount] | None = None
    services: list[RawService] | None = None
    statics: list[RawStatic] | None = None
    metadata: dict[str, str] | None = None
    image: str = ""


class RawExit(Struct):
    """How a machine ended."""

    exit_code: int | None = None
    oom_killed: bool = False


class RawEventRequest(Struct):
    """What an event was about."""

    exit_event: RawExit | None = None


class RawEvent(Struct):
    """An event of a machine."""

    type: str = ""
    status: str = ""
    source: str = ""
    timestamp: int = 0
    request: RawEventRequest | None = None


class RawCheck(Struct):
    """`fly checks list`."""

    name: str
    status: str = ""
    output: str = ""


class RawImageRef(Struct):
    """What a machine's image is exactly."""

    digest: str = ""


class RawMachine(Struct):
    """`fly machine list`."""

    id: str
    name: str = ""
    state: str = ""
    region: str = ""
    config: RawMachineConfig | None = None
    events: list[RawEvent] | None = None
    checks: list[RawCheck] | None = None
    image_ref: RawImageRef | None = None
    cordoned: bool = False


class RawUser(Struct, rename="pascal"):
    """Who made a release."""

    email: str = ""


class RawRelease(Struct, rename="pascal"):
    """`fly releases`."""

    version: int
    status: str = ""
    image_ref: str = ""
    created_at: str = ""
    user: RawUser | None = None


class RawLeaseData(Struct):
    """The lease itself; its nonce is not read."""

    owner: str = ""
    expires_at: float = 0.0


class RawLease(Struct):
    """`fly machine leases view`: one for each machine that has one."""

    data: RawLeaseData | None = None


class RawImage(Struct):
    """`fly image show`."""

    machine: str = field(name="MachineID", default="")
    registry: str = field(name="Registry", default="")
    repository: str = field(name="Repository", default="")
    tag: str = field(name="Tag", default="")
    digest: str = field(name="Digest", default="")


class RawExec(Struct):
    """`fly machine exec`."""

    exit_code: int = 0
    stdout: str = ""
    stderr: str = ""


class RawEventMeta(Struct):
    """Where a log line came from."""

    provider: str = field(name="Provider", default="")


class RawLogMeta(Struct):
    """A log line's origin."""

    event: RawEventMeta | None = field(name="Event", default=None)


class RawLog(Struct):
    """`fly logs`."""

    level: str = ""
    instance: str = ""
    message: str = ""
    timestamp: str = ""
    meta: RawLogMeta | None = None

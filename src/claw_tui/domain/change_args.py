"""flyctl's command lines that change a machine and its volume, without the program's own name. See ``fly_args``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from claw_tui.domain.fly_args import Argv

STOP_WAIT = (
    "60s"  # a gateway that ends cleanly takes some seconds; flyctl waits no longer, whatever it is told
)


@dataclass(frozen=True, slots=True)
class MachineChange:
    """What is to be another way; what is empty stays. ``env``: variables that are no secrets."""

    vm_size: str = ""
    memory_mb: int = 0
    env: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    own_command: bool = False  # the image's own command is to count again

    def __bool__(self) -> bool:
        return bool(self.vm_size or self.memory_mb or self.env or self.command or self.own_command)


def machine_stop(app: str, machine: str) -> Argv:
    """It waits until the machine has stopped."""
    return ("machine", "stop", machine, "--app", app, "--wait-timeout", STOP_WAIT)


def machine_wait_stopped(app: str, machine: str) -> Argv:
    """For one that takes as long as its kill_timeout, which is as long as ``machine stop`` waits."""
    return ("machine", "wait", machine, "--app", app, "--state", "stopped", "--wait-timeout", STOP_WAIT)


def machine_cordon(app: str, machine: str, *, on: bool) -> Argv:
    """Fly's proxy leads nobody to a cordoned machine, and so does not start it either."""
    return ("machine", "cordon" if on else "uncordon", machine, "--app", app)


def machine_update(app: str, machine: str, change: MachineChange) -> Argv:
    """It restarts the machine, and waits for its health check; all that is not named stays."""
    size = ("--vm-size", change.vm_size) if change.vm_size else ()
    memory = ("--vm-memory", str(change.memory_mb)) if change.memory_mb else ()
    env = [word for name, value in change.env.items() for word in ("--env", f"{name}={value}")]
    command = (
        ("--command", change.command) if change.command else ("--command=",) if change.own_command else ()
    )
    return ("machine", "update", machine, "--app", app, *size, *memory, *env, *command, "--yes")


def machine_clone(app: str, machine: str, *, region: str, volume: str, vm_size: str, memory_mb: int) -> Argv:
    """The same machine once more, with a volume that is there and free; the first one stays as it is."""
    return (
        "machine", "clone", machine, "--app", app, "--region", region, "--attach-volume", volume, "--vm-size", vm_size,
        "--vm-memory", str(memory_mb),
    )  # fmt: skip


def volumes_extend(app: str, volume: str, size_gb: int) -> Argv:
    """To ``size_gb``; no volume can be made smaller."""
    return ("volumes", "extend", volume, "--app", app, "--size", str(size_gb), "--yes", "--json")


def volumes_fork(app: str, volume: str, *, region: str, vm_size: str, memory_mb: int) -> Argv:
    """A copy in ``region``, of the same name. The machine's size makes Fly choose a host where it fits."""
    return (
        "volumes", "fork", volume, "--app", app, "--region", region, "--vm-size", vm_size, "--vm-memory", str(memory_mb),
        "--json",
    )  # fmt: skip

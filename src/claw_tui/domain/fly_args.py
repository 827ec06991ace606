"""The exact command lines for flyctl, without the program's own name. No secret is ever in one.

The plan shows them, the adapter runs them, and a test holds them against flyctl's own table of flags.
Source: flyctl 0.4.87.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from claw_tui.domain.rescue import ENTRYPOINT

Argv = tuple[str, ...]

EXEC_LIMIT = 25  # seconds; Fly ends a `machine exec` after about 30 with an error

VERSION: Argv = ("version", "--json")
WHOAMI: Argv = ("auth", "whoami", "--json")
OWN_TOKEN: Argv = ("auth", "token", "--json")
LOGIN: Argv = ("auth", "login")
SIGNUP: Argv = ("auth", "signup")
ORGS: Argv = ("orgs", "list", "--json")
REGIONS: Argv = ("platform", "regions", "--json")
VM_SIZES: Argv = ("platform", "vm-sizes", "--json")
APPS: Argv = ("apps", "list", "--json")
AGENT_STOP: Argv = ("agent", "stop")


def apps_create(name: str, org: str) -> Argv:
    return ("apps", "create", name, "--org", org, "--json")


def apps_destroy(name: str) -> Argv:
    return ("apps", "destroy", name, "--yes")


def status(app: str) -> Argv:
    return ("status", "--app", app, "--json")


def volumes_list(app: str) -> Argv:
    return ("volumes", "list", "--app", app, "--json")


def volumes_create(
    app: str, name: str, *, region: str, size_gb: int, vm_size: str, memory_mb: int, snapshot: str = ""
) -> Argv:
    """``--yes`` is needed off a terminal; the machine's size makes Fly choose a host where it fits."""
    return (
        "volumes", "create", name, "--app", app, "--region", region, "--size", str(size_gb),
        "--vm-size", vm_size, "--vm-memory", str(memory_mb), *(("--snapshot-id", snapshot) if snapshot else ()),
        "--yes", "--json",
    )  # fmt: skip


def volumes_destroy(app: str, volume: str) -> Argv:
    return ("volumes", "destroy", volume, "--app", app, "--yes")


def volumes_snapshots_create(app: str, volume: str) -> Argv:
    """Only asks for one: it is there when it is listed with an id."""
    return ("volumes", "snapshots", "create", volume, "--app", app)


def volumes_snapshots_list(app: str, volume: str) -> Argv:
    return ("volumes", "snapshots", "list", volume, "--app", app, "--json")


def secrets_list(app: str) -> Argv:
    return ("secrets", "list", "--app", app, "--json")


def secrets_import(app: str) -> Argv:
    """Reads NAME=value lines from stdin; staged, so that nothing restarts yet."""
    return ("secrets", "import", "--app", app, "--stage")


def secrets_set_stdin(app: str, name: str) -> Argv:
    """``NAME=-`` takes the value from stdin: for what the import format cannot carry."""
    return ("secrets", "set", f"{name}=-", "--app", app, "--stage")


def secrets_unset(app: str, names: Sequence[str]) -> Argv:
    return ("secrets", "unset", *names, "--app", app, "--stage")


def secrets_deploy(app: str) -> Argv:
    """Brings staged changes in: the machines are restarted as they are, one release is made."""
    return ("secrets", "deploy", "--app", app, "--dns-checks=false")


def ips_list(app: str) -> Argv:
    return ("ips", "list", "--app", app, "--json")


def ips_allocate_shared_v4(app: str) -> Argv:
    return ("ips", "allocate-v4", "--shared", "--app", app)


def ips_allocate_v6(app: str, *, private: bool = False) -> Argv:
    return ("ips", "allocate-v6", *(("--private",) if private else ()), "--app", app)


def ips_release(app: str, address: str) -> Argv:
    return ("ips", "release", address, "--app", app)


def certs_list(app: str) -> Argv:
    return ("certs", "list", "--app", app, "--json")


def orgs_show(org: str) -> Argv:
    """With its members."""
    return ("orgs", "show", org, "--json")


def wireguard_list(org: str) -> Argv:
    return ("wireguard", "list", org, "--json")


BUILDERS = {
    "remote": ("--remote-only",), "machine": ("--remote-only", "--depot=false"), "local": ("--local-only",),
}  # fmt: skip


def deploy(
    app: str, config: str, folder: str, *, private: bool, builder: str = "", label: str = "", image: str = ""
) -> Argv:
    """``config`` and ``folder`` are absolute: flyctl changes into the folder before it looks for the file.

    ``builder``: of a build from source, one of BUILDERS; ``label`` is then the tag of what is built, so that a machine
    tells its version. ``image`` counts more than the file.
    """
    return (
        "deploy", folder, "--app", app, "--config", config, "--ha=false", "--https-failover=false",
        "--deploy-retries", "1", "--dns-checks=false", "--wait-timeout", "10m",
        *BUILDERS.get(builder, ()), *(("--image-label", label) if builder and label else ()),
        *(("--image", image) if image else ()), *(("--no-public-ips",) if private else ()),
    )  # fmt: skip


def machine_list(app: str) -> Argv:
    return ("machine", "list", "--app", app, "--json")


def machine_exec(app: str, machine: str, command: str, seconds: int = EXEC_LIMIT) -> Argv:
    """``command`` is split without a shell in the machine; see ``shell``."""
    return ("machine", "exec", machine, command, "--app", app, "--json", "--timeout", str(seconds))


def machine_restart(app: str, machine: str) -> Argv:
    return ("machine", "restart", machine, "--app", app)


def machine_start(app: str, machine: str) -> Argv:
    return ("machine", "start", machine, "--app", app)


def machine_rescue(app: str, machine: str) -> Argv:
    """The machine is up, the gateway is not. The next deploy takes the entrypoint out again; an empty one would not."""
    return (
        "machine", "update", machine, "--app", app, "--entrypoint", ENTRYPOINT, "--skip-health-checks", "--yes",
    )  # fmt: skip


def machine_leases_view(app: str, machines: Sequence[str]) -> Argv:
    return ("machine", "leases", "view", *machines, "--app", app, "--json")


def machine_destroy(app: str, machine: str) -> Argv:
    """``--force``: also one that runs."""
    return ("machine", "destroy", machine, "--app", app, "--force")


def machine_leases_clear(app: str, machine: str) -> Argv:
    return ("machine", "leases", "clear", machine, "--app", app)


def logs(app: str, *, follow: bool) -> Argv:
    return ("logs", "--app", app, "--json", *(() if follow else ("--no-tail",)))


def checks(app: str) -> Argv:
    return ("checks", "list", "--app", app, "--json")


def config_show(app: str) -> Argv:
    return ("config", "show", "--app", app)


def config_validate(app: str, config: str) -> Argv:
    return ("config", "validate", "--app", app, "--config", config)


def releases(app: str) -> Argv:
    return ("releases", "--app", app, "--image", "--json")


def image_show(app: str) -> Argv:
    return ("image", "show", "--app", app, "--json")


def console(app: str) -> Argv:
    return ("ssh", "console", "--app", app)


def shell(script: str) -> str:
    """One command string that runs ``script`` in the machine's shell."""
    return f"sh -c {shlex.quote(script)}"


def shown(argv: Sequence[str], stdin: str = "") -> str:
    """The command as a person would type it; ``stdin`` says in words what is sent on standard input."""
    return shlex.join(["fly", *argv]) + (f" < {stdin}" if stdin else "")

"""Scenes of a machine that is stopped, cordoned, changed or cloned, and of a volume that grows or is copied."""

from __future__ import annotations

from claw_tui.demo import world
from tests.transcripts.prepare import World, app, copied, deployed, leased, refusing, stopped, volume
from tests.transcripts.scene import Scene

A, J = ("-a", "my-app"), "--json"
LOOPBACK = "node dist/index.js gateway --allow-unconfigured --port 3000 --bind loopback"
MACHINE, NONE = "{machine}", "148e21ea000000"
EXPIRED: dict[str, str | None] = {"FLY_API_TOKEN": "fo1_expired"}


def lost(path: str, status: int = 500, times: int = 9, *, acts: bool = False, method: str = "POST") -> World:
    body = {"error": "upstream error" if status >= 500 else "invalid request"}
    return {"method": method, "path": path, "status": status, "times": times, "acts": acts, "body": body}


def cordoned(now: World) -> None:
    now["apps"]["my-app"]["machines"][0]["cordoned"] = True


def full(now: World) -> None:
    """The copy of the volume is where there is no room."""
    now["apps"]["my-app"]["volumes"][0]["region"] = world.FULL_REGION


def unchecked(now: World) -> None:
    """The machine's service has no check."""
    machine = now["apps"]["my-app"]["machines"][0]
    for services in (machine["services"], machine["config"]["services"]):
        for service in services:
            service["checks"] = []


def stop(machine: str = MACHINE) -> tuple[str, ...]:
    return ("machine", "stop", machine, *A, "--wait-timeout", "2m")


def update(*flags: str, machine: str = MACHINE) -> tuple[str, ...]:
    return ("machine", "update", machine, *A, *flags, "--yes")


def clone(*, machine: str = MACHINE, region: str = "ams", volume: str = "{volume}", size: str = "shared-cpu-2x", memory: str = "2048") -> tuple[str, ...]:  # fmt: skip
    return (
        "machine", "clone", machine, *A, "--region", region, "--attach-volume", volume, "--vm-size", size, "--vm-memory", memory,
    )  # fmt: skip


def extend(size: str, volume: str = "{volume}") -> tuple[str, ...]:
    return ("volumes", "extend", volume, *A, "--size", size, "--yes", J)


def fork(*, volume: str = "{volume}", region: str = "ams") -> tuple[str, ...]:
    return (
        "volumes",
        "fork",
        volume,
        *A,
        "--region",
        region,
        "--vm-size",
        "shared-cpu-2x",
        "--vm-memory",
        "2048",
        J,
    )


STOPS = (
    Scene("stop", stop(), (deployed,)),
    Scene("stop-stopped", stop(), (deployed, stopped)),
    Scene("stop-leased", stop(), (deployed, leased)),
    Scene("stop-500", stop(), (deployed,), conditions=(lost("/stop"),)),
    Scene("stop-too-slow", stop(), (deployed,), conditions=({**lost("/wait", 408, method="GET"), "body": {"error": "deadline_exceeded: timed out waiting"}},)),
    Scene("stop-unknown", stop(NONE), (deployed,)),
    Scene("stop-unknown-app", stop()),
    Scene("cordon", ("machine", "cordon", MACHINE, *A), (deployed,)),
    Scene("cordon-again", ("machine", "cordon", MACHINE, *A), (deployed, cordoned)),
    Scene("cordon-leased", ("machine", "cordon", MACHINE, *A), (deployed, leased)),
    Scene("cordon-500", ("machine", "cordon", MACHINE, *A), (deployed,), conditions=(lost("/cordon"),)),
    Scene("cordon-unknown", ("machine", "cordon", NONE, *A), (deployed,)),
    Scene("cordon-unknown-app", ("machine", "cordon", MACHINE, *A)),
    Scene("uncordon", ("machine", "uncordon", MACHINE, *A), (deployed, cordoned)),
    Scene("uncordon-500", ("machine", "uncordon", MACHINE, *A), (deployed, cordoned), conditions=(lost("/uncordon"),)),
    Scene("uncordon-leased", ("machine", "uncordon", MACHINE, *A), (deployed, cordoned, leased)),
    Scene("uncordon-unknown", ("machine", "uncordon", NONE, *A), (deployed,)),
    Scene("machines-cordoned", ("machine", "list", *A, J), (deployed, cordoned)),
)  # fmt: skip

UPDATES = (
    Scene("restart-refusing", ("machine", "restart", MACHINE, *A), (refusing,), seconds=400),
    Scene("restart-no-check", ("machine", "restart", MACHINE, *A), (deployed, unchecked)),
    Scene("update-all", update("--vm-size", "shared-cpu-4x", "--vm-memory", "4096", "--env", "A=b c", "--command", "node x --y"), (deployed,)),
    Scene("update-own-command", update("--command="), (deployed,)),
    Scene("update-unhealthy", update("--command", LOOPBACK), (deployed,), subset=True, seconds=400),
    Scene("update-no-check", update("--env", "A=b"), (deployed, unchecked)),
    Scene("update-bad-size", update("--vm-size", "shared-cpu-3x"), (deployed,)),
    Scene("update-size-alone", update("--vm-size", "shared-cpu-4x"), (deployed,)),
    Scene("update-no-such-size", update("--vm-size", "large"), (deployed,)),
    Scene("update-stopped", update("--vm-memory", "4096"), (deployed, stopped)),
    Scene("update-leased", update("--vm-memory", "4096"), (deployed, leased)),
    Scene("update-unknown", update("--vm-memory", "4096", machine=NONE), (deployed,)),
    Scene("update-unknown-app", update("--vm-memory", "4096")),
)  # fmt: skip

CLONES = (
    Scene("clone", clone(), (deployed, copied)),
    Scene("clone-larger", clone(size="shared-cpu-4x", memory="4096"), (deployed, copied)),
    Scene("clone-no-region", ("machine", "clone", MACHINE, *A, "--attach-volume", "{volume}"), (deployed, copied)),
    Scene("clone-other-path", clone(volume="{volume}:/elsewhere"), (deployed, copied)),
    Scene("clone-no-such-volume", clone(volume="vol_none"), (deployed,)),
    Scene("clone-attached", clone(region="fra"), (deployed,)),
    Scene("clone-volume-elsewhere", clone(region="fra"), (deployed, copied)),
    Scene("clone-too-large", clone(memory="8192"), (deployed, copied)),
    Scene("clone-bad-size", clone(size="shared-cpu-3x"), (deployed, copied)),
    Scene("clone-no-capacity", clone(region=world.FULL_REGION), (deployed, copied, full)),
    Scene("clone-stopped", clone(), (deployed, copied, stopped)),
    Scene("clone-leased", clone(), (deployed, copied, leased)),
    Scene("clone-refusing", clone(), (refusing, copied), seconds=400),
    Scene("clone-500", clone(), (deployed, copied), conditions=(lost("/machines"),)),
    Scene("clone-done-but-answer-lost", clone(), (deployed, copied), conditions=(lost("/machines", 502, 1, acts=True),)),
    Scene("clone-unknown", clone(machine=NONE), (deployed, copied)),
    Scene("clone-unknown-app", clone()),
)  # fmt: skip

VOLUMES = (
    Scene("extend", extend("10"), (deployed,)),
    Scene("extend-free", extend("10"), (app, volume)),
    Scene("extend-text", extend("10")[:-1], (deployed,)),
    Scene("extend-more", extend("+2"), (deployed,)),
    Scene("extend-in-gb", extend("10gb"), (deployed,)),
    Scene("extend-smaller", extend("2"), (deployed,)),
    Scene("extend-same", extend("3"), (deployed,)),
    Scene("extend-too-large", extend("501"), (deployed,)),
    Scene("extend-nothing", extend("0"), (deployed,)),
    Scene("extend-no-size", ("volumes", "extend", "{volume}", *A, "--yes", J), (deployed,)),
    Scene("extend-bad-size", extend("big"), (deployed,)),
    Scene("extend-unknown", extend("10", "vol_none"), (deployed,)),
    Scene("extend-unknown-app", extend("10")),
    Scene("extend-500", extend("10"), (deployed,), conditions=(lost("/extend", method="PUT"),)),
    Scene("extend-401", extend("10"), (deployed,), env=EXPIRED),
    Scene("extend-done-but-answer-lost", extend("10"), (deployed,), conditions=(lost("/extend", 502, 1, acts=True, method="PUT"),)),
    Scene("fork", fork(), (deployed,)),
    Scene("fork-here", ("volumes", "fork", "{volume}", *A, J), (deployed,)),
    Scene("fork-free", fork(), (app, volume)),
    Scene("fork-text", fork()[:-1], (deployed,)),
    Scene("fork-named", (*fork(), "--name", "other"), (deployed,)),
    Scene("fork-unknown", fork(volume="vol_none"), (deployed,)),
    Scene("fork-unknown-app", fork()),
    Scene("fork-no-capacity", fork(region=world.FULL_REGION), (deployed,)),
    Scene("fork-bad-size", (*fork()[:7], "--vm-size", "shared-cpu-3x", J), (deployed,)),
    Scene("fork-too-large", (*fork()[:7], "--vm-size", "shared-cpu-2x", "--vm-memory", "8192", J), (deployed,)),
    Scene("fork-500", fork(), (deployed,), conditions=(lost("/volumes"),)),
    Scene("fork-done-but-answer-lost", fork(), (deployed,), conditions=(lost("/volumes", 502, 1, acts=True),)),
)  # fmt: skip

CHANGING = (*STOPS, *UPDATES, *CLONES, *VOLUMES)

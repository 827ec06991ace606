"""The state database on the volume: a newer version changes it, and an older one refuses to start on it then."""

from __future__ import annotations

from claw_tui.demo import gateway_words as words
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.programs import in_state
from claw_tui.demo.world import World

DATABASE = "/data/state/openclaw.sqlite"

# What a version makes of the volume's data, and can at most read (measured: 2026.9.1 and 2026.9.6).
SCHEMAS = (((2026, 9, 6), 18), ((2026, 2, 0), 15))


def schema(machine: World) -> int:
    """0: it has none (January's)."""
    found = [int(part) for part in words.version(machine).split(".")]
    return next((number for least, number in SCHEMAS if found >= list(least)), 0)


def _too_new(machine: World, found: int) -> tuple[str, ...]:
    """On a volume that a newer version has started on."""
    can_not = "Start the Gateway with a build that supports these database schemas. This install cannot repair a newer database."
    return (
        f"[gateway] requires a newer OpenClaw build. {can_not}",
        "Gateway failed to start: This OpenClaw build cannot open your existing data.",
        f"OpenClaw state database /data/state/openclaw.sqlite uses newer schema version {found}; this build supports {schema(machine)}.",
        f"Refused by OpenClaw {words.version(machine)} installed at /app.",
        f"Use a build that supports schema {found} or newer with this state directory."
        " To start fresh with this build, point OPENCLAW_STATE_DIR at a separate directory.",
        f"See https://docs.openclaw.ai/reference/database-schemas.. {can_not}",
    )


def _found(machine: World, files: SimulatedFiles) -> int:
    """The first line; below it is what is in the database."""
    return int((files.read(in_state(machine, DATABASE)) or "schema 0").partition("\n")[0].split()[-1])


def refusal(machine: World, files: SimulatedFiles) -> tuple[str, ...]:
    found = _found(machine, files)
    return _too_new(machine, found) if found > schema(machine) > 0 else ()


def migrate(machine: World, files: SimulatedFiles) -> None:
    if schema(machine):
        _schema, sep, rest = (files.read(in_state(machine, DATABASE)) or "").partition("\n")
        files.put(in_state(machine, DATABASE), f"schema {schema(machine)}{sep}{rest}")

"""What an update wrote down, and where the state is."""

from __future__ import annotations

from claw_tui.domain.spec import STATE_DIR
from claw_tui.domain.update import FILE, UpdateRecord, record_of, record_text
from claw_tui.domain.world import Machine
from claw_tui.ports import StateStore


def read_record(state: StateStore, app: str, file: str = FILE) -> UpdateRecord:
    path = state.file(app, file)
    return record_of(state.read_file(path)) if path.exists() else UpdateRecord()


def write_record(state: StateStore, app: str, record: UpdateRecord, file: str = FILE) -> None:
    state.write_file(state.file(app, file), record_text(record))


def data_volume(machine: Machine | None) -> str:
    """The id of the volume that the gateway's state is on; empty without one."""
    mounts = machine.mounts if machine else ()
    return next((mount.volume_id for mount in mounts if mount.path == STATE_DIR), "")

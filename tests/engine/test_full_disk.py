"""The disk under a run's own files fills up in the middle of it: what was done stays known, and the next run goes on."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from claw_tui.domain.jobs import JobState
from claw_tui.domain.troubles.causes import kind_of
from claw_tui.engine.troubleshooting import failure_of
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.disks import Mount, fill, mount
from tests.engine.rig import assert_whole, carry_out, ended, start
from tests.engine.test_run import again

pytestmark = pytest.mark.anyio
__all__ = ["mount"]  # a fixture


@pytest.mark.parametrize("part", ["jobs", "gateways"])
async def test_a_disk_that_fills_up_during_a_run(
    part: str,
    mount: Mount,
    services: Services,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    disk = mount("size=256k", tmp_path / "state" / "demo" / part)
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": "volumes create", "hold": str(gate)})
    services = await again(services)
    run = await start(services)
    end = time.monotonic() + 30
    while not Path(f"{gate}.reached").exists():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)
    fill(disk)
    Path(f"{gate}.go").touch()
    state = await ended(run)
    assert state is JobState.FAILED, "it was not killed, nor did the computer go down"
    failed = next(event for event in run.new_events() if event.state == "failed")
    assert "No space left" in failed.message
    assert "Make room" in failed.hint
    assert kind_of(failure_of(failed)) == "disk"
    (disk / "fill").unlink()
    state, events = await carry_out(services)
    assert state is JobState.DONE, events[-2:]
    assert_whole(cloud)

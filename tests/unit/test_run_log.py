"""The run's log: whole at once where nothing runs, together where lines come fast."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from claw_tui.runner.log import RunLog


def test_before_anything_runs_each_line_is_there_at_once(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "log")
    log.add("one")
    assert (tmp_path / "log").read_text() == "one\n"
    log.close()


@pytest.mark.anyio
async def test_lines_are_there_as_soon_as_others_have_their_turn(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "log")
    for number in range(1000):
        log.add(str(number))
    await asyncio.sleep(0)
    assert (tmp_path / "log").read_text().splitlines() == [str(number) for number in range(1000)]
    log.add("last")
    log.flush()
    assert (tmp_path / "log").read_text().endswith("last\n")
    log.close()

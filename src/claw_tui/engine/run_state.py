"""How a run stands, also one whose files are damaged."""

from __future__ import annotations

from claw_tui.domain.errors import StateError
from claw_tui.domain.jobs import JobState
from claw_tui.ports import RunHandle


def state_of(run: RunHandle) -> JobState:
    """One whose files are damaged says nothing any more."""
    try:
        return run.state()
    except (StateError, ValueError, KeyError, TypeError):
        return JobState.INTERRUPTED

"""Checks against programs of others; ``run.sh`` installs them."""

from __future__ import annotations

from claw_tui.domain.openclaw.shapes import (
    VERSIONS as VERSIONS,  # those that we write configs for; the newest one last
)

"""Checks against programs of others; ``run.sh`` installs them."""

from __future__ import annotations

from claw_tui.domain.spec import PINNED_VERSION

VERSIONS = (PINNED_VERSION, "2026.9.6")  # the one that we deploy, and the newest one that we have checked

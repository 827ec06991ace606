"""claw-tui: a terminal wizard that puts an OpenClaw Gateway on Fly.io."""

from __future__ import annotations

__version__ = "0.1.0"

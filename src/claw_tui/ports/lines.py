"""What a port tells while it works."""

from __future__ import annotations

from collections.abc import Callable

OnLine = Callable[[str], None]

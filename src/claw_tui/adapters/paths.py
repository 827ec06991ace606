"""Where our files are, by the system's own rules. ``CLAW_TUI_HOME`` puts everything below one folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PACKAGE_ROOT = Path(__file__).parents[2]  # for children: they find us in a checkout as well as when installed


def state_folder(environ: Mapping[str, str], *, demo: bool) -> Path:
    """The folder of everything we write. The demo has its own, so that it never meets real answers."""
    home = environ.get("CLAW_TUI_HOME")
    if home:
        base = Path(home).expanduser().absolute()
    else:
        import platformdirs  # noqa: PLC0415

        base = Path(platformdirs.user_state_dir("claw-tui", appauthor=False))
    return base / "demo" if demo else base

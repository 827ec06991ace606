"""The simulated cloud with the real places for secrets: ``python -m tests.real.with_stores --demo``."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace

from claw_tui.adapters.file_store import FileStore
from claw_tui.adapters.paths import state_folder
from claw_tui.adapters.stores import KeyringStore
from claw_tui.demo import services
from claw_tui.ports import Services

simulated = services.demo_services


def with_real_stores(environ: Mapping[str, str]) -> Services:
    box = FileStore(state_folder(environ, demo=True) / "secrets.box")
    return replace(simulated(environ), keyring=KeyringStore(os.environ), secret_file=box)


if __name__ == "__main__":
    from claw_tui.__main__ import main

    services.demo_services = with_real_stores
    sys.exit(main(sys.argv[1:]))

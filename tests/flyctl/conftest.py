"""The real program, an API for it on loopback, and the adapter between."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from claw_tui.adapters.fly_home import FlyHome
from claw_tui.adapters.flyctl import Flyctl
from claw_tui.domain.secret import Secret
from tests.fly_api.server import FlyApi

TOKEN = Secret("fo1_token-of-a-test")
PROGRAM = os.environ.get("FLYCTL", "")


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FlyApi]:
    with FlyApi().running() as api:
        for name, value in api.environment.items():
            monkeypatch.setenv(name, value)
        yield api


@pytest.fixture
def home(tmp_path: Path) -> FlyHome:
    return FlyHome(tmp_path / "state")


@pytest.fixture
def fly(api: FlyApi, home: FlyHome) -> Flyctl:
    assert PROGRAM, "FLYCTL names the program"
    found = Flyctl((PROGRAM,), home, os.environ)
    found.use_token(TOKEN)
    return found

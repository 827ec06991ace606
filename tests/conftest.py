"""What all tests share: a home of their own, the simulated cloud at full speed, and no environment of ours."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from claw_tui.demo import world
from claw_tui.domain.secret import Secret
from claw_tui.i18n import use_language
from claw_tui.ports import Services
from claw_tui.wiring import services_for
from tests.by_time import long_ones

TOKEN = Secret("fo1_token-of-a-test")

# Started in the background, or by nohup, we are told to ignore these, and so would be all that the tests start.
for ignored, usual in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGQUIT, signal.SIG_DFL),
    (signal.SIGHUP, signal.SIG_DFL),
):
    if signal.getsignal(ignored) is signal.SIG_IGN:
        signal.signal(ignored, usual)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    long = long_ones()
    for item in items:
        if item.nodeid.partition("[")[0] in long:
            item.add_marker("long")
        if any(item.get_closest_marker(name) for name in ("real", "soak", "flyctl")):
            item.add_marker(pytest.mark.timeout(1800))


@pytest.fixture
def anyio_backend() -> str:
    """anyio comes with httpx and brings a pytest plugin, so no further package is needed."""
    return "asyncio"


def use_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home below ``folder``, no login and no keyring of the machine's."""
    for name in list(os.environ):
        if name.startswith(("FLY_", "CLAW_", "OPENCLAW_")) or name in (
            "NO_COLOR", "DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND", "COLORTERM",
        ):  # fmt: skip
            monkeypatch.delenv(name)
    home = folder / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))  # the machine's own has a bus in it
    monkeypatch.setenv(
        "DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent"
    )  # the machine's own has logind on it
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setenv("CLAW_TUI_HOME", str(folder / "state"))
    monkeypatch.setenv(world.WORLD, str(folder / "state" / "demo" / "world.json"))
    monkeypatch.setenv(world.SPEED, "0")


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home of its own for each test."""
    use_home(tmp_path, monkeypatch)
    old = os.umask(0o077)
    yield
    os.umask(old)
    use_language("")


@dataclass(frozen=True)
class Gate:
    """A command of flyctl's that does not come to its end before it is let go on."""

    path: Path

    def is_reached(self) -> bool:
        return Path(f"{self.path}.reached").exists()

    def open(self) -> None:
        Path(f"{self.path}.go").touch()


class Cloud:
    """The simulated cloud's memory, for a test to prepare and to look at."""

    @property
    def path(self) -> Path:
        return Path(os.environ[world.WORLD])

    def read(self) -> dict[str, Any]:
        with world.opened(change=False) as now:
            return now

    def app(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.read()["apps"][name]
        return found

    def log_in(self) -> None:
        with world.opened() as now:
            now["login"] = TOKEN.reveal()

    def faults(self, monkeypatch: pytest.MonkeyPatch, *faults: dict[str, Any]) -> None:
        path = self.path.with_name("faults.json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(faults))
        monkeypatch.setenv(world.FAULTS, str(path))

    def hold(self, monkeypatch: pytest.MonkeyPatch, command: str, times: int = 1) -> Gate:
        """The first ``times`` of ``command`` wait before they do anything."""
        path = self.path.with_name("gate")
        self.faults(monkeypatch, {"command": command, "when": "before", "times": times, "hold": str(path)})
        return Gate(path)

    def refuse(self, monkeypatch: pytest.MonkeyPatch, *commands: str, times: int = 99) -> None:
        """They can't be asked."""
        self.faults(
            monkeypatch,
            *(
                {"command": command, "times": times, "exit": 1, "stderr": "Error: the sky fell\n"}
                for command in commands
            ),
        )

    def record(self) -> None:
        calls = self.path.with_name("calls.jsonl")
        calls.parent.mkdir(parents=True, exist_ok=True)
        calls.touch()

    def calls(self) -> list[dict[str, Any]]:
        calls = self.path.with_name("calls.jsonl")
        return [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


@pytest.fixture
async def services(cloud: Cloud) -> AsyncIterator[Services]:
    """The simulated cloud's services, logged in by a token."""
    made = services_for(os.environ, demo=True)
    made.fly.use_token(TOKEN)
    yield made
    await made.close()

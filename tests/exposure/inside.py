"""The simulated flyctl without a process of its own: the adapter reads what it prints, a hundred times as fast."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.adapters import fly_errors, fly_json
from claw_tui.adapters.fly_home import FlyHome
from claw_tui.adapters.flyctl import Flyctl
from claw_tui.adapters.gateway import MachineGateway
from claw_tui.adapters.process import Completed
from claw_tui.demo import fly, world
from claw_tui.ports import Services
from tests.conftest import TOKEN

REFUSED = "Error: server returned a non-200 status code: 500\n"


@pytest.fixture
def in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The world is no file: nothing else asks for it but this process."""
    now = world.new_world()

    @contextmanager
    def opened(*, change: bool = True) -> Iterator[world.World]:
        yield now

    monkeypatch.setattr(world, "opened", opened)


class FlyInside(Flyctl):
    """``failing``: commands that Fly.io gives no answer to."""

    failing: tuple[str, ...] = ()

    async def _json(self, argv: Sequence[str]) -> Any:
        out, err = io.StringIO(), io.StringIO()
        if any(" ".join(argv).startswith(command) for command in self.failing):
            code = 1
            err.write(REFUSED)
        else:
            with redirect_stdout(out), redirect_stderr(err):
                code = fly.main(list(argv))
        if code:
            raise fly_errors.explain(tuple(argv), Completed(code, out.getvalue(), err.getvalue()))
        return fly_json.find_json(out.getvalue())


def with_fly_inside(services: Services, failing: tuple[str, ...] = ()) -> Services:
    """The same services with this flyctl."""
    os.environ["FLY_API_TOKEN"] = TOKEN.reveal()
    found = FlyInside(("fly",), FlyHome(services.state.file("my-app", "fly-home")), os.environ)
    found.failing = failing

    async def at_once(_seconds: float) -> None:
        """Nothing waits."""

    return replace(services, fly=found, gateway=MachineGateway(found, at_once))

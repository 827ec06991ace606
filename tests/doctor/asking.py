"""The doctor asked in a world: inside the process, with the runner, as a program."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from typing import Any

from claw_tui.adapters.fly_home import FlyHome
from claw_tui.adapters.flyctl import Flyctl
from claw_tui.adapters.gateway import MachineGateway
from claw_tui.adapters.process import Completed
from claw_tui.demo import fly as simulated_fly
from claw_tui.demo import world
from claw_tui.domain.doctor.model import Diagnosis
from claw_tui.domain.jobs import JobState
from claw_tui.domain.secret import Secret
from claw_tui.engine.doctor import diagnose
from claw_tui.engine.fix_desk import FixDesk
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.conftest import TOKEN
from tests.doctor.making import APP, an_hour_passes, have
from tests.doctor.world import Broken
from tests.engine.rig import ended
from tests.plain.program import SRC

ROUNDS = 3  # what was hidden by one cause may be seen once that is gone


def told(found: Diagnosis) -> str:
    return f"first={found.first} causes={found.causes}\n" + "\n".join(
        f"  {f.standing} {f.id} {f.cause} {f.words} {f.evidence}"
        for f in found.findings
        if f.standing not in ("well", "skipped")
    )


async def sick(case: Broken, services: Services) -> None:
    """The world as the case has it."""
    await have(services, case.spec)
    case.break_it()
    an_hour_passes()


class FlyInside(Flyctl):
    """The simulated flyctl without a process of its own; only its log is followed in one."""

    async def _run(
        self, argv: Sequence[str], env: Mapping[str, str], deadline: float, *, stdin: str | None = None, command: Sequence[str] = (), **how: Any,
    ) -> Completed:  # fmt: skip
        del deadline, command, how
        assert stdin is None, "the doctor only looks"
        out, err, before = io.StringIO(), io.StringIO(), dict(os.environ)
        os.environ.update({name: env[name] for name in ("FLY_API_TOKEN", "FLY_CONFIG_DIR") if name in env})
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = simulated_fly.main(list(argv))
        finally:
            os.environ.clear()
            os.environ.update(before)
        done = Completed(code, out.getvalue(), err.getvalue())
        if code:
            raise self._explained(argv, env, done)
        return done


def inside(services: Services, token: str = "") -> Services:
    """The same services, ten times as fast; with another login."""
    found = FlyInside(
        (sys.executable, "-S", "-m", "claw_tui.demo.fly"), FlyHome(services.state.file(APP, "fly-home")), os.environ,
        {"PYTHONPATH": SRC, world.WORLD: os.environ[world.WORLD], world.SPEED: "0"},
    )  # fmt: skip
    found.use_token(Secret(token) if token else TOKEN)
    return replace(services, fly=found, gateway=MachineGateway(found, services.pause))


async def mended(services: Services, commands: list[str] | None = None) -> tuple[Diagnosis, list[str]]:
    """As `claw-tui doctor APP --fix --yes` does it, by the real runner; the diagnosis afterwards, and what was done.

    ``commands`` are added to: those that were shown before.
    """
    session, done = Session(services), []
    found = await diagnose(session, APP)
    for _round in range(ROUNDS):
        desk = FixDesk(session, APP, found.fixes)
        if not desk.choice or desk.choice in done:
            break
        done.append(desk.choice)
        plan = await desk.plan()
        if commands is not None:
            commands += [command for item in plan.items for command in item.commands]
        run = await desk.start()
        state = await ended(run, 200)
        log = "\n".join(run.new_log())
        assert state is JobState.DONE, (told(found), list(run.new_events())[-3:], log)
        found = await diagnose(session, APP)
    return found, done

"""A sitting without a screen: ``python -m tests.soak.sitting NOTED``. What Review and Deploy do, with the real places for secrets.

NOTED is a file of names: what was kept for good, so that a later sitting must find it. Exit 0: the run ended well;
1: it did not; 2: secrets that were kept are gone.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

from claw_tui.domain.errors import Busy
from claw_tui.domain.jobs import JobState
from claw_tui.domain.secret import Secret
from claw_tui.engine.session import Session
from claw_tui.ports import RunHandle
from claw_tui.wiring import given_store
from tests.conftest import TOKEN
from tests.engine.rig import SECRETS, WISH
from tests.real.with_stores import with_real_stores

PASSPHRASE = Secret("correct horse battery")
POLL = 0.02
LOST = 2


async def watched(run: RunHandle) -> int:
    while run.state() is JobState.GOING_ON:
        run.new_events()
        run.new_log()
        await asyncio.sleep(POLL)
    return 0 if run.state() is JobState.DONE else 1


async def open_place(session: Session) -> None:
    await session.vault.look()
    if session.vault.kind == "file":
        await session.vault.unlock("file", PASSPHRASE)
    assert session.vault.ready, session.vault.where


async def give(session: Session, noted: Path) -> bool:
    """Give what is not at hand; False when something was kept and is gone."""
    there = await session.vault.values(WISH.app, list(SECRETS))
    kept = noted.read_text().split() if noted.exists() else []
    if any(name in kept and there.get(name) != SECRETS[name] for name in SECRETS):
        return False
    for name, value in SECRETS.items():
        if name not in there:
            await session.keep_secret(name, value)
            if session.vault.kind != "memory":
                with noted.open("a") as file:
                    file.write(f"{name}\n")
    return True


async def sit(noted: Path) -> int:
    services = replace(with_real_stores(os.environ), given_store=given_store(os.environ))
    services.fly.use_token(TOKEN)
    session = Session(services)
    try:
        run = session.find_run(WISH.app)
        if run is not None and run.state() is JobState.GOING_ON:
            return await watched(run)
        session.resume_draft()
        session.update(**{name: getattr(WISH, name) for name in WISH.__dataclass_fields__})
        await open_place(session)
        if not await give(session, noted):
            return LOST
        await session.make_plan()
        try:
            run = await session.start_run()
        except Busy:
            run = session.find_run(WISH.app)
        return await watched(run) if run is not None else 1
    finally:
        await session.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(sit(Path(sys.argv[1]))))

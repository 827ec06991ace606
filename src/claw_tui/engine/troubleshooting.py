"""From a failed run to what helps: the facts, the changed answers, the wait. Going on is the caller's."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import suppress

from claw_tui.domain import names
from claw_tui.domain.errors import ClawError
from claw_tui.domain.jobs import Job, JobEvent, Task
from claw_tui.domain.spec import IMAGE, Spec
from claw_tui.domain.troubles.causes import kind_of
from claw_tui.domain.troubles.fixes import trouble_of
from claw_tui.domain.troubles.model import Changes, Facts, Failure, Fix, FixKind, Probe, Trouble
from claw_tui.domain.troubles.words import trouble_words
from claw_tui.domain.world import World
from claw_tui.engine.readiness import BILLING_FINE
from claw_tui.engine.rescuing import ANSWERS
from claw_tui.engine.session import Session

FACTS_SECONDS = 15.0  # what is not known by then is left out
POLL_SECONDS = 5.0
NAMES = 4
# Kinds for which something outside is asked.
ABOUT_WORLD = ("no-capacity", "bad-config", "no-config", "unreadable-config", "out-of-memory")
ABOUT_REGIONS = ("no-capacity", "region-unknown")
ABOUT_VERSIONS = ("image-not-found", "tag-not-found", "newer-state")


def failure_of(event: JobEvent) -> Failure:
    return Failure(event.code, event.step, event.message, event.hint, event.lines)


def words_about(event: JobEvent, job: Job) -> list[str]:
    """The same for those who have no screen: plain lines, with nothing asked anywhere."""
    return trouble_words(trouble_of(failure_of(event), Facts(job.spec, job.task, now=time.time())))


class Troubleshooter:
    """Helps one sitting with the run that it watches."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def _task(self) -> Task:
        return self._session.run.job.task if self._session.run is not None else Task.DEPLOY

    @property
    def _spec(self) -> Spec:
        """What the run is for: the answers, or what Home had it do."""
        run = self._session.run
        return run.job.spec if run is not None else self._session.spec

    async def look(self, event: JobEvent) -> Trouble:
        """What it is and what helps. Nothing is raised: what can't be asked is not offered."""
        failure = failure_of(event)
        return trouble_of(failure, await self._facts(kind_of(failure)))

    async def _facts(self, kind: str) -> Facts:
        session, spec = self._session, self._spec
        if kind in ("name-taken", "name-refused"):
            session.taken.add(spec.app)
        with suppress(ClawError, TimeoutError):
            async with asyncio.timeout(FACTS_SECONDS):
                if kind in ABOUT_REGIONS:
                    await session.load_regions()
                if kind in ABOUT_WORLD:
                    await session.look(spec.app, ("volumes", "machines"))
        versions: tuple[str, ...] = ()
        with suppress(ClawError, TimeoutError):
            async with asyncio.timeout(FACTS_SECONDS):
                if kind in ABOUT_VERSIONS:
                    versions = await session.services.web.newest_versions(IMAGE)
        world = session.reader.known(spec.app) if kind in ABOUT_WORLD else World()
        return Facts(
            spec,
            self._task,
            world,
            session.regions,
            other_names(spec.app, session.taken),
            versions,
            time.time(),
        )

    async def change(self, changes: Changes) -> None:
        """Take over other answers. Raises StateError, StoreError."""
        for name, value in changes:
            if name == "app":
                await self._session.rename_app(str(value))
                if self._session.run is not None:  # nothing was made under a name that is somebody else's
                    self._session.run.dismiss()
            else:
                self._session.update(**{name: value})

    async def wait(self, fix: Fix, tell: Callable[[float], None]) -> bool:
        """Until it is over, or until the fix's time is: then False when that says nothing. ``tell``: seconds left."""
        end = time.monotonic() + fix.seconds
        while (left := end - time.monotonic()) > 0:
            tell(left)
            if await self._over(fix.probe):
                return True
            await asyncio.sleep(min(left, 1.0 if fix.probe is Probe.TIME else POLL_SECONDS))
        return fix.probe is Probe.TIME

    async def _over(self, probe: Probe) -> bool:
        session = self._session
        if probe is Probe.NETWORK:
            with suppress(ClawError):
                await session.services.fly.whoami()
                return True
        if probe is Probe.BILLING:
            session.billing.pop(session.spec.org, None)
            with suppress(ClawError):
                return await session.billing_state(session.spec.org) in BILLING_FINE
        return False

    async def plan(self, fix: Fix) -> None:
        """Plan what the next run is to do. Raises FlyError, StateError, BadInput."""
        if fix.kind is FixKind.RESCUE:
            await self._session.plan_for(self._spec, Task.RESCUE, choice=ANSWERS)
        else:
            await self._session.plan_again()


def other_names(name: str, taken: set[str]) -> tuple[str, ...]:
    """Names like the wanted one, and some that are like none."""
    end = secrets.token_hex(2)
    like = [f"{name}-{end}", f"{name}-claw", f"my-{name}"]
    fitting = [found for found in (*like, *names.suggest_app_names()) if not names.app_name_problem(found)]
    return tuple(found for found in fitting if found not in taken)[: NAMES + 1]

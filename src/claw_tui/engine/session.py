"""One sitting with the wizard: who is logged in, the answers so far, the secrets at hand, the run.

Screens read it and call it; it knows nothing of them. Every failure is a ClawError.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from claw_tui.domain.errors import Busy, NetworkDown, ServiceError, StateError
from claw_tui.domain.generations import refuse_old
from claw_tui.domain.geo import nearest_first
from claw_tui.domain.jobs import JobState, Task
from claw_tui.domain.plan import Plan
from claw_tui.domain.redact import Redactor
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import Region, World
from claw_tui.engine import drafts
from claw_tui.engine.context import View
from claw_tui.engine.key_notes import note_said
from claw_tui.engine.logins import Logins
from claw_tui.engine.reach import Reach
from claw_tui.engine.world import PARTS
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.ports import RunHandle, Services


class Session(Logins):
    """The state of one sitting."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.reach = Reach(services, self.reader)
        self.spec = Spec()
        self.begun = 0  # how often the answers became another gateway's
        self.placed = (
            ""  # the app whose place and size the answers have: what is changed in them since then stays
        )
        self.regions: tuple[Region, ...] = ()
        self.checked: dict[str, str] = {}  # secret name -> what its provider said
        self.listed: dict[str, tuple[str, ...]] = {}  # provider -> the models that it has for the key
        self._known: tuple[Secret, ...] = ()
        self._redactor = Redactor()
        self.taken: set[str] = set()  # app names that Fly.io has refused
        self.home_app = ""
        self.typed_commands: list[str] = []  # of OpenClaw; in memory only: there may be a secret in one
        self.run: RunHandle | None = None
        self.plan: Plan | None = None
        self.view: View | None = None

    def redact(self, text: str) -> str:
        """What others print, without the values that we know and without what looks like a token."""
        token = self.services.fly.token
        known = (*self.vault.held(), *([token] if token else []))
        if known != self._known:
            self._known, self._redactor = known, Redactor(known)
        return self._redactor(text)

    # -- answers --------------------------------------------------------------------------------------------------
    def update(self, **changes: Any) -> None:
        """Change answers and keep them on disk, so that leaving at any moment loses nothing."""
        new = replace(self.spec, **changes)
        if new != self.spec:
            self.spec = new
            self.plan = None
            self.services.state.save_draft(new)

    def begin(self, spec: Spec) -> None:
        """The answers at hand are those of another gateway. What was being given is put aside. Raises StateError."""
        drafts.put_aside(self.services.state, spec.app)
        self.spec = spec
        self.plan = None
        self.placed = spec.app if spec.region else ""
        self.begun += 1

    def resume_draft(self, app: str | None = None) -> bool:
        """Take up the answers that were being given for ``app``, or the last. Raises StateError."""
        draft = drafts.go_on(self.services.state, app)
        if draft is not None:
            self.spec = draft
            self.placed = draft.app if draft.app in self.services.state.known_apps() else ""
            self.begun += 1
        return draft is not None

    def start_over(self) -> None:
        """Raises StateError."""
        self.begin(Spec(org=self.spec.org))

    def take_up(self, app: str) -> str:
        """Go on with the answers that made a gateway; returns what is wrong with them, or "". Raises StateError."""
        found, wrong = None, ""
        try:
            found = self.services.state.load_answers(app)
        except StateError as error:
            wrong = error.message
        self.begin(found or Spec(app=app))
        return wrong

    # -- the account -----------------------------------------------------------------------------------------------
    async def load_account(self) -> None:
        """Organizations and apps, side by side. Raises FlyError."""
        fly = self.services.fly
        self.orgs, self.apps = await asyncio.gather(fly.orgs(), fly.apps())
        self.has_apps = True
        if self.orgs and self.spec.org not in [org.slug for org in self.orgs]:
            personal = [org.slug for org in self.orgs if org.slug == "personal"]
            self.spec = replace(self.spec, org=(personal or [self.orgs[0].slug])[0])

    async def is_mine(self, app: str, *, ask: bool = False) -> bool:
        """Whether the account has an app of this name. Fly.io is asked when it was not yet; with ``ask`` once more.

        Raises FlyError.
        """
        if ask or not self.has_apps:
            self.apps = await self.services.fly.apps()
            self.has_apps = True
        return app in [known.name for known in self.apps]

    async def billing_state(self, org: str) -> str:
        """Fly's word for who pays, remembered for this sitting; "" when it is not told, or can't be asked now."""
        token = self.services.fly.token
        if org not in self.billing and token is not None:
            try:
                self.billing[org] = await self.services.web.billing_state(token, org)
            except (NetworkDown, ServiceError):
                return ""
        return self.billing.get(org, "")

    async def load_regions(self) -> None:
        if not self.regions:
            self.regions = nearest_first(await self.services.fly.regions(), self.services.here())

    # -- the app's name -------------------------------------------------------------------------------------------
    async def rename_app(self, name: str) -> None:
        """Another name was chosen; the secrets that were given move with it."""
        old = self.spec.app
        if old and old != name and self.spec.secret_names:
            await self.vault.rename(old, name, self.spec.secret_names)
        self.update(app=name)

    def take_over(self, app: str, world: World) -> None:
        """The place, disk and machine of an app that is there become the answers, once."""
        if self.placed == app:
            return
        self.placed = app
        machine, volume = world.machine, world.disk
        if machine is not None:
            self.update(region=machine.region, vm_size=machine.vm_size, memory_mb=machine.memory_mb)
        if volume is not None:
            self.update(region=volume.region, volume_name=volume.name, volume_gb=volume.size_gb)

    # -- secrets --------------------------------------------------------------------------------------------------
    async def keep_secret(self, name: str, value: Secret, said: str = "") -> str:
        """Keep a secret and note that it is to be sent. Returns words for where it is kept."""
        where = await self.vault.put(self.spec.app, name, value)
        self.checked[name] = said
        note_said(self.services, self.spec.app, name, said)
        if name not in self.spec.secret_names:
            self.update(secret_names=(*self.spec.secret_names, name))
        return where

    async def forget_secret(self, name: str) -> None:
        await self.vault.forget(self.spec.app, name)
        self.checked.pop(name, None)
        self.update(secret_names=tuple(n for n in self.spec.secret_names if n != name))

    # -- plan and run ---------------------------------------------------------------------------------------------
    async def look(self, app: str, parts: Sequence[str] = PARTS, *, max_age: float = 0.0) -> World:
        """What an app has; as for its age, see ``WorldReader``. While a run changes it, nothing stays true for long."""
        run = self.run
        if run is not None and run.job.app == app and run.state() is JobState.GOING_ON:
            max_age = 0.0
        return await self.reader.read(app, parts, max_age=max_age)

    async def restart_machine(self, app: str, machine: str) -> None:
        """Raises FlyError, Busy."""
        run = self.services.runs.latest(app)
        if run is not None and run.state() is JobState.GOING_ON:
            raise Busy(_("A run for {app} is going on already.").format(app=app))
        try:
            await self.services.fly.restart_machine(app, machine)
        finally:
            self.reader.changed(app, ("app", "machines"))

    async def make_plan(self, *, max_age: float = 0.0) -> Plan:
        """Look at the world and plan for it. Raises FlyError, StateError, BadInput."""
        return await self.plan_for(self.spec, max_age=max_age)

    async def plan_for(
        self, spec: Spec, task: Task = Task.DEPLOY, *, max_age: float = 0.0, choice: str = ""
    ) -> Plan:
        world = await self.look(spec.app, max_age=max_age)
        refuse_old(world, task, choice)
        from claw_tui.domain.elsewhere import refuse_elsewhere  # noqa: PLC0415  (with the plan)
        from claw_tui.domain.untold import refuse_untold  # noqa: PLC0415
        from claw_tui.engine.plan import make_plan, view_of  # noqa: PLC0415  (every step of every run)

        refuse_elsewhere(world, task, choice)
        refuse_untold(world, task)
        self.view = view_of(spec, world, self.services.state, task, choice)
        self.plan = make_plan(self.view)
        return self.plan

    async def plan_again(self) -> Plan:
        """Plan anew for what the last run was for."""
        if self.run is not None and self.run.job.task is not Task.DEPLOY:
            job = self.run.job
            return await self.plan_for(job.spec, job.task, choice=job.choice)
        return await self.make_plan()

    async def lost_secrets(self) -> tuple[str, ...]:
        """Secrets that were given, were never sent, and are gone with the memory that they were kept in."""
        sent = self.services.state.sent_digests(self.spec.app)
        return await self._not_at_hand([name for name in self.spec.secret_names if name not in sent])

    async def missing_secrets(self) -> tuple[str, ...]:
        """Secrets that have to be sent and are not at hand (a keyring that is locked, a memory that is gone)."""
        assert self.view is not None
        return await self._not_at_hand(self.view.unsent, self.view.spec.app)

    async def _not_at_hand(self, names: Sequence[str], app: str = "") -> tuple[str, ...]:
        at_hand = await self.vault.values(app or self.spec.app, names)
        return tuple(name for name in names if name not in at_hand)

    async def start_run(self) -> RunHandle:
        """Hand the plan to a run that outlives this program. Raises Busy, StateError, ClawError."""
        from claw_tui.engine.plan import job_for  # noqa: PLC0415

        if self.plan is None:
            await self.make_plan()
        assert self.plan is not None
        assert self.view is not None
        app = self.view.spec.app
        # Before the values: one that is given meanwhile is sent next time.
        known = self.services.state.revisions(app)
        values = await self.vault.values(app, self.view.unsent)
        revisions = {name: known.get(name, "") for name in values}
        job = job_for(self.view, self.plan, revisions, demo=self.services.demo)
        self.run = await self.services.runs.start(job, values, self.services.fly.token)
        self.reader.changed(app)
        return self.run

    def find_run(self, app: str = "") -> RunHandle | None:
        """The newest run, of ``app`` or of any, that goes on or left something to do; None when there is none."""
        found = self.services.runs.unfinished()
        return next((run for run in found if app in ("", run.job.app)), None)

    async def close(self) -> None:
        await self.reach.end()
        await self.vault.close()
        await self.services.fly.stop_agent()
        await self.services.close()

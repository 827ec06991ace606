"""Runs that Start offers: those that go on, and those that left something to do."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from claw_tui.domain.errors import FlyError
from claw_tui.domain.generations import program_of
from claw_tui.domain.jobs import JobState, Task
from claw_tui.domain.rescue import in_rescue
from claw_tui.domain.world import World
from claw_tui.engine.provenance import half_made
from claw_tui.i18n import _
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.engine.session import Session
    from claw_tui.ports import Journal, RunHandle
    from claw_tui.screens.start import StartScreen

RUN, UNDO = "run", "undo"  # the first words of their items' ids; the app follows


def run_items(runs: tuple[RunHandle, ...], journal: Callable[[str], Journal]) -> list[Item]:
    items = []
    for run in runs:
        items.append(_item(run))
        if _half_made(run, journal):
            words = _("Undo what was made for {app}, or keep it …").format(app=run.job.app)
            items.append(Item(f"{UNDO} {run.job.app}", words))
    return items


def _half_made(run: RunHandle, journal: Callable[[str], Journal]) -> bool:
    if run.job.task is not Task.DEPLOY or run.state() is JobState.GOING_ON:
        return False
    return half_made(run, journal(run.job.app))


def take_up(page: StartScreen, app: str) -> None:
    """What is chosen was true when it was listed: a run may have ended meanwhile, and well; that is shown then."""
    run = page.session.find_run(app) or page.last_run(app)
    if run is not None and leads_home(run):
        page.session.home_app = app
        page.claw.go("home")
    elif run is not None:
        show_run(page, run)


def show_run(page: StartScreen, run: RunHandle) -> None:
    page.session.run = run
    if run.job.task is Task.DEPLOY and page.session.spec != run.job.spec:
        page.session.begin(run.job.spec)
    page.claw.go("deploy")


def leads_home(run: RunHandle) -> bool:
    """It ended, and what is left to do is done from Home."""
    return run.job.task is Task.RESCUE and run.state() is JobState.DONE


async def look_at_rescues(session: Session, unread: dict[str, FlyError]) -> None:
    """One that was ended from elsewhere is left by nobody. What can't be looked at is put into ``unread``."""
    for run in filter(leads_home, session.services.runs.unfinished()):
        try:
            world = await session.look(run.job.app, ("machines",))
        except FlyError as error:
            unread[run.job.app] = error
            continue
        if not in_rescue(world.machine):
            run.dismiss()


def all_gateways(count: int) -> list[Item]:
    """The list, where there is more than one."""
    return [Item("gateways", _("All {count} gateways in a list").format(count=count))] if count > 1 else []


def home_detail(world: World) -> str:
    """What is to be known of a gateway before one goes to its Home."""
    if world.machine is None:  # names that are left over say nothing
        return ""
    program = program_of(world)
    if in_rescue(world.machine):
        return _("it is in rescue: X there goes on")
    return _("{name}: Y there migrates it").format(name=program.name) if program.old else ""


def _item(run: RunHandle) -> Item:
    state = run.state()
    going_on = state is JobState.GOING_ON
    words = _going_on(run.job.task) if going_on else _left(run)
    return Item(f"{RUN} {run.job.app}", words.format(app=run.job.app), _when(run, state))


def _going_on(task: Task) -> str:
    return {
        Task.DEPLOY: _("Watch {app} being set up"),
        Task.SECRETS: _("Watch {app} being given its secrets"),
        Task.CONFIG: _("Watch {app} being given its openclaw.json"),
        Task.RESCUE: _("Watch {app} being rescued"),
        Task.UPDATE: _("Watch {app} getting another version"),
        Task.TIDY: _("Watch {app} being tidied up"),
        Task.UNDO: _("Watch {app} being taken away"),
        Task.REMOVE: _("Watch {app} being removed"),
        Task.CHANGE: _("Watch {app} getting another machine"),
        Task.POWER: _("Watch {app} being stopped or started"),
        Task.UPDATE: _("Watch {app} being updated"),
        Task.HARDEN: _("Watch {app} being made private"),
        Task.EXPOSE: _("Watch {app} being made public"),
        Task.FIX: _("Watch {app} being mended"),
        Task.MIGRATE: _("Watch {app} being migrated to OpenClaw"),
    }.get(task, _("Watch what is being done to {app}"))


def _left(run: RunHandle) -> str:
    if leads_home(run):
        return _("{app} is in rescue: its gateway does not run; X on Home goes on")
    return {
        Task.DEPLOY: _("Go on with {app}: its setup was not finished"),
        Task.SECRETS: _("Go on giving {app} its secrets"),
        Task.CONFIG: _("Go on giving {app} its openclaw.json"),
        Task.RESCUE: _("Go on with the rescue of {app}"),
        Task.UPDATE: _("Go on giving {app} another version"),
        Task.TIDY: _("Go on tidying {app} up"),
        Task.UNDO: _("Go on taking {app} away"),
        Task.REMOVE: _("Go on removing {app}"),
        Task.CHANGE: _("Go on changing the machine of {app}"),
        Task.POWER: _("Go on stopping or starting {app}"),
        Task.UPDATE: _("Go on with the update of {app}"),
        Task.HARDEN: _("Go on making {app} private"),
        Task.EXPOSE: _("Go on making {app} public"),
        Task.FIX: _("Go on mending {app}"),
        Task.MIGRATE: _("Go on migrating {app} to OpenClaw"),
    }.get(run.job.task, _("Go on with {app}: its last run did not end well"))


def _when(run: RunHandle, state: JobState) -> str:
    began = time.strftime("%d %b %H:%M", time.localtime(run.job.started))
    words = {
        JobState.GOING_ON: _("since {time}"),
        JobState.FAILED: _("failed, {time}"),
        JobState.STOPPED: _("cancelled, {time}"),
        JobState.INTERRUPTED: _("cut off, {time}"),
    }.get(state, "{time}")
    return words.format(time=began)


def ended_words(run: RunHandle | None) -> str:
    """How the newest run of a gateway ended, when it ended well: somebody may have been away meanwhile."""
    if run is None or run.state() is not JobState.DONE:
        return ""
    began = time.strftime("%d %b %H:%M", time.localtime(run.job.started))
    words = {
        Task.DEPLOY: _("set up: done, {time}"),
        Task.SECRETS: _("its secrets: done, {time}"),
        Task.CONFIG: _("its openclaw.json: done, {time}"),
        Task.UPDATE: _("updated: done, {time}"),
        Task.HARDEN: _("made private: done, {time}"),
        Task.EXPOSE: _("made public: done, {time}"),
    }.get(run.job.task, _("last run: done, {time}"))
    return words.format(time=began)

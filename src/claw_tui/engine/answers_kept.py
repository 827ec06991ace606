"""The answers of a gateway, once a run has carried them out; and those that somebody is still giving for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace

from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.choice import read_choice
from claw_tui.domain.errors import StateError
from claw_tui.domain.jobs import DOORS, Job, Task
from claw_tui.domain.spec import Spec
from claw_tui.ports import StateStore


def keep_answers_of(state: StateStore, job: Job) -> None:
    """Of a run that is done, if it has carried out somebody's answers. Raises StateError."""
    if job.task in (*DOORS, Task.FIX, Task.CHANGE):
        before = kept_answers(state, job.app)
        if before is None:  # a gateway that others set up has none here; damaged ones are not written over
            return
        stays = job.task is Task.FIX and not read_choice(job.choice).has(fixes.PRIVATE)
        keep_answers(state, replace(job.spec, private=before.private) if stays else job.spec)
    elif job.task in (Task.DEPLOY, Task.UPDATE) or (
        job.task in (Task.CONFIG, Task.MIGRATE) and not job.choice
    ):
        keep_answers(state, job.spec)


def keep_answers(state: StateStore, done: Spec) -> None:
    """Raises StateError. Answers that were being given follow: else going on with them would take the run back."""
    old = kept_answers(state, done.app)
    state.save_answers(done)
    with suppress(StateError):  # one that can't be read is told of where it is taken up
        draft = state.load_draft()
        if draft is not None and draft.app == done.app:
            _follow(draft, old, done, state.save_draft, state.drop_draft)
    for draft in state.aside():
        if draft.app == done.app:
            _follow(draft, old, done, state.set_aside, lambda: state.drop_aside(done.app))


def _follow(
    draft: Spec, old: Spec | None, done: Spec, save: Callable[[Spec], None], drop: Callable[[], None]
) -> None:
    now = _followed(draft, old, done)
    if now == done:
        drop()
    elif now != draft:
        save(now)


def kept_answers(state: StateStore, app: str) -> Spec | None:
    """Those that made a gateway; None when there are none, or they are damaged: Edit says so."""
    with suppress(StateError):
        return state.load_answers(app)
    return None


def _followed(draft: Spec, old: Spec | None, done: Spec) -> Spec:
    """What nobody has changed since becomes what the run made of it."""
    if old is None:
        return draft
    same = [one.name for one in fields(Spec) if getattr(draft, one.name) == getattr(old, one.name)]
    return replace(draft, **{name: getattr(done, name) for name in same})

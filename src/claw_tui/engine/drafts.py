"""Answers that somebody is still giving: one set at hand, and others that were put aside for it. None is lost unasked."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from claw_tui.domain.errors import StateError
from claw_tui.domain.spec import GatewaySpec, Spec

if TYPE_CHECKING:
    from claw_tui.ports import StateStore


def unfinished(state: StateStore) -> tuple[Spec, ...]:
    """What can be gone on with, the one at hand first. Raises StateError when that one is damaged."""
    draft = state.load_draft()
    found = [draft] if draft is not None else []
    found += [one for one in state.aside() if draft is None or one.app != draft.app]
    return tuple(one for one in found if _is_worth_it(state, one))


def put_aside(state: StateStore, begun: str = "") -> None:
    """Answers for ``begun`` are at hand from here on; without a name: new ones. Raises StateError."""
    try:
        draft = state.load_draft()
    except StateError:  # damaged: Start has said so
        draft = None
    if draft is not None and begun and draft.app == begun:
        return
    if draft is not None and _is_worth_it(state, draft):
        state.set_aside(draft)
    state.drop_draft()


def go_on(state: StateStore, app: str | None = None) -> Spec | None:
    """What somebody was giving for ``app`` is at hand again; without a name: the last. None when there is nothing.

    Raises StateError.
    """
    draft = state.load_draft()
    if app is None or (draft is not None and draft.app == app):
        return draft
    found = next((one for one in state.aside() if one.app == app), None)
    if found is not None:
        put_aside(state)
        state.save_draft(found)
        state.drop_aside(app)
    return found


def forget(state: StateStore, app: str) -> None:
    """Raises StateError."""
    state.drop_aside(app)
    draft = state.load_draft()
    if draft is not None and draft.app == app:
        state.drop_draft()


def _is_worth_it(state: StateStore, draft: Spec) -> bool:
    """It has something that is kept nowhere else."""
    if not draft.app:
        return draft.gateway != GatewaySpec() or bool(draft.secret_names)
    with suppress(StateError):  # damaged answers: Edit says so
        return draft != state.load_answers(draft.app)
    return True

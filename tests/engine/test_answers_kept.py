"""Answers that somebody was still giving, after a run has carried some out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claw_tui.engine.answers_kept import keep_answers
from claw_tui.ports import Services
from tests.engine.rig import WISH

pytestmark = pytest.mark.anyio


async def test_what_was_carried_out_is_not_offered_again(services: Services) -> None:
    state = services.state
    state.save_draft(WISH)
    keep_answers(state, WISH)
    assert state.load_draft() is None
    assert state.load_answers(WISH.app) == WISH


async def test_what_was_begun_before_it_was_made_private_does_not_make_it_public(services: Services) -> None:
    state = services.state
    keep_answers(state, WISH)
    state.save_draft(replace(WISH, memory_mb=4096))
    private = replace(WISH, private=True)
    keep_answers(state, private)
    assert state.load_draft() == replace(private, memory_mb=4096), "the change that was begun is kept"
    state.save_draft(WISH)
    keep_answers(state, WISH)
    assert state.load_draft() is None


async def test_answers_for_another_app_and_changed_ones_stay(services: Services) -> None:
    state = services.state
    for draft in (replace(WISH, app="another-one"), replace(WISH, region="fra", vm_size="shared-cpu-4x")):
        state.save_draft(draft)
        keep_answers(state, WISH)
        assert state.load_draft() == draft

"""Answers that somebody was still giving, after a run has carried some out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claw_tui.domain.jobs import Job, Task
from claw_tui.engine.answers_kept import keep_answers, keep_answers_of
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


def mending(state_of: Services, choice: str) -> None:
    """A run of the doctor's for a gateway that is private now is done."""
    spec = replace(WISH, private=True, memory_mb=4096)
    keep_answers_of(state_of.state, Job("1", WISH.app, spec, (), "", 0.0, task=Task.FIX, choice=choice))


async def test_a_mending_says_who_may_reach_it_only_when_it_was_about_that(services: Services) -> None:
    keep_answers(services.state, WISH)
    mending(services, "deploy:memory=4096")
    assert services.state.load_answers(WISH.app) == replace(WISH, memory_mb=4096)
    mending(services, "private")
    assert services.state.load_answers(WISH.app) == replace(WISH, memory_mb=4096, private=True)


@pytest.mark.parametrize("text", ["", "this is no TOML ["], ids=["none", "damaged"])
async def test_a_mending_writes_no_answers_where_there_are_none_and_over_no_damaged_ones(
    services: Services, text: str
) -> None:
    path = services.state.file(WISH.app, "answers.toml")
    if text:
        path.write_text(text)
    mending(services, "owner")
    assert (path.read_text() if path.exists() else "") == text

"""Answers that somebody is still giving: none is lost because another gateway is begun or edited."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.domain.spec import Spec
from claw_tui.engine import drafts
from claw_tui.engine.answers_kept import keep_answers
from claw_tui.engine.session import Session
from claw_tui.ports import StateStore
from claw_tui.wiring import services_for
from tests.conftest import Cloud
from tests.engine.rig import WISH


@pytest.fixture
def session(cloud: Cloud) -> Session:
    return Session(services_for(os.environ, demo=True))


@pytest.fixture
def state(session: Session) -> StateStore:
    return session.services.state


def names(state: StateStore) -> list[str]:
    return [one.app for one in drafts.unfinished(state)]


def test_another_one_is_begun_and_the_first_gone_on_with(session: Session, state: StateStore) -> None:
    session.update(app="half-one", memory_mb=4096)
    session.start_over()
    assert session.spec == Spec()
    assert names(state) == ["half-one"]
    session.update(app="half-two")
    assert names(state) == ["half-two", "half-one"]
    assert session.resume_draft("half-one")
    assert (session.spec.app, session.spec.memory_mb) == ("half-one", 4096)
    assert names(state) == ["half-one", "half-two"]
    drafts.forget(state, "half-two")
    drafts.forget(state, "half-one")
    assert names(state) == []


def test_a_gateway_that_is_edited_takes_nobodys_place(session: Session, state: StateStore) -> None:
    state.save_answers(WISH)
    session.update(app="half-one")
    session.take_up(WISH.app)
    assert session.spec == WISH
    assert names(state) == ["half-one"], "Edit alone is nothing to go on with"
    session.update(memory_mb=4096)
    assert names(state) == [WISH.app, "half-one"]
    session.start_over()
    session.take_up(WISH.app)
    assert session.spec == WISH, "an update does not bring in what nobody has deployed"
    assert session.resume_draft(WISH.app)
    assert session.spec == replace(WISH, memory_mb=4096), "Edit goes on with it"
    session.update(memory_mb=WISH.memory_mb)
    assert names(state) == ["half-one"], "changed back: it is as it is kept"


def test_what_a_run_has_carried_out_is_not_offered(session: Session, state: StateStore) -> None:
    session.spec = WISH
    state.save_draft(WISH)
    session.start_over()
    assert names(state) == [WISH.app]
    keep_answers(state, WISH)
    assert names(state) == []
    assert state.aside() == ()


def test_one_without_a_name_and_one_with_an_impossible_one(
    session: Session, state: StateStore, tmp_path: Path
) -> None:
    session.start_over()
    assert names(state) == []
    session.update(secret_names=("ANTHROPIC_API_KEY",))
    session.start_over()
    session.update(app="../../x")
    session.start_over()
    assert sorted(names(state)) == ["", "../../x"]
    assert not [*tmp_path.glob("x*"), *tmp_path.parent.glob("x.toml")]
    for path in tmp_path.rglob("drafts/*.toml"):
        path.write_text("{ damaged")
    assert names(state) == []

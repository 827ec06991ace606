from __future__ import annotations

import pytest

from claw_tui.domain import names


@pytest.mark.parametrize("name", ["a", "my-openclaw", "a1", "1a", "x" * 63])
def test_good_app_names(name: str) -> None:
    assert names.app_name_problem(name) == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "needs a name"), ("My-App", "my-app"), ("-a", "hyphen"), ("a-", "hyphen"), ("a_b", "_"), ("a b", "space"),
        ("x" * 64, "64"), ("ä", "ä"), ("a.b", "."),
    ],
)  # fmt: skip
def test_bad_app_names_say_what_is_wrong(name: str, said: str) -> None:
    assert said in names.app_name_problem(name)


def test_suggestions_are_good_names_and_differ() -> None:
    found = [name for _ in range(50) for name in names.suggest_app_names()]
    assert not [name for name in found if names.app_name_problem(name)]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("tag", ["latest", "main", "", "a b", "-x"])
def test_moving_and_odd_tags_are_refused(tag: str) -> None:
    assert names.image_tag_problem(tag)


def test_agent_ids() -> None:
    assert names.agent_id_problem("main") == ""
    assert names.agent_id_problem("Main")
    assert names.agent_id_problem("main", ["main"])
    assert names.volume_name_problem("openclaw_data") == ""
    assert names.volume_name_problem("open-claw")

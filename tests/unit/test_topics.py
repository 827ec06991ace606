"""What F1, F2 and `claw-tui topics` tell."""

from __future__ import annotations

import re

import pytest

from claw_tui.domain.fly_toml import command_words
from claw_tui.domain.spec import Spec
from claw_tui.domain.topics import BY_ID, TOPICS, Topic
from claw_tui.plain.commands import COMMANDS
from claw_tui.plain.names import NAMES
from claw_tui.screens.home_actions import ACTIONS, HomeAction
from claw_tui.screens.home_menu import TEXT_WIDTH
from tests.plain.program import claw_tui, inside


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_every_topic_has_its_values(topic: Topic) -> None:
    assert not re.search(r"[{}]", topic.words())


def test_the_settings_are_the_ones_that_a_deploy_writes() -> None:
    assert " ".join(command_words(Spec())) in BY_ID["settings"].words()
    assert " $13.39  shared-cpu-2x" in BY_ID["cost"].words()


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_keys_that_are_named_are_home_keys(topic: Topic) -> None:
    """“Home, K” sends nobody to a key that is not there."""
    keys = {action.key.upper() for action in ACTIONS}
    assert set(re.findall(r"Home, ([A-Z])\b", topic.words())) <= keys


def test_without_a_screen() -> None:
    assert [one["id"] for one in claw_tui("topics", "--json").objects] == [topic.id for topic in TOPICS]
    assert "There is no free tier" in claw_tui("topics", "need").out
    assert inside("topics", "nothing") == 3


def test_the_program_knows_its_commands_without_loading_them() -> None:
    assert tuple(command.name for command in COMMANDS) == NAMES


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_the_menus_lines_fit_eighty_columns(action: HomeAction) -> None:
    """A panel of 72 columns less indent, key, title, scroll bar and what is between them."""
    assert len(action.words) <= 45
    assert len(action.title) <= TEXT_WIDTH - 5

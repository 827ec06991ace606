"""How a typed command of OpenClaw is read."""

from __future__ import annotations

import pytest

from claw_tui.domain.access_args import ssh_terminal
from claw_tui.domain.errors import BadInput
from claw_tui.domain.openclaw_commands import USEFUL, needs_terminal, takes_away, words_of


@pytest.mark.parametrize("useful", USEFUL, ids=lambda useful: useful.line)
def test_what_is_offered_can_be_run(useful: object) -> None:
    words = words_of(useful.line)  # type: ignore[attr-defined]
    assert needs_terminal(words) is useful.terminal  # type: ignore[attr-defined]
    assert not takes_away(words)


def test_with_and_without_the_programs_name() -> None:
    assert (
        words_of("openclaw doctor --lint") == words_of(" doctor  --lint ") == ("openclaw", "doctor", "--lint")
    )
    assert words_of("message send 'a b'")[-1] == "a b"


@pytest.mark.parametrize("line", ["", "openclaw", "bash -c true", "doctor 'x", "doctor 'a\nb'"])
def test_what_is_none(line: str) -> None:
    with pytest.raises(BadInput) as caught:
        words_of(line)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("line", "asks", "ends"),
    [
        ("--profile x channels login", False, False), ("logs --follow", True, False), ("logs", False, False),
        ("channels login", True, False), ("reset --scope full", False, True), ("devices clear --yes", False, True),
        ("models auth login", True, False), ("devices list", False, False),
    ],
)  # fmt: skip
def test_which_want_a_terminal_and_which_take_away(line: str, asks: bool, ends: bool) -> None:
    assert (needs_terminal(words_of(line)), takes_away(words_of(line))) == (asks, ends)


def test_quoted_once_and_no_more() -> None:
    """Each further level of quotation marks is one that somebody on the way could read otherwise."""
    assert ssh_terminal("a", "m", ["openclaw", "channels", "login"])[-1].count("'") == 2

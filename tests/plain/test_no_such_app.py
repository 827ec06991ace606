"""A name that there is no app of is one mistake: one sentence, one hint, one code, whichever command met it."""

from __future__ import annotations

import pytest

from tests.conftest import Cloud
from tests.plain.program import claw_tui, inside

WORDS = "There is no app nope in this account.\n`claw-tui --demo status` lists the gateways that there are.\n"
COMMANDS = (
    "status nope", "run nope -- openclaw health", "get nope openclaw.json", "put nope {file} /data/", "devices nope", "reach nope",
    "reach nope --leave-on", "stop nope", "start nope", "restart nope", "harden nope --yes", "expose nope --yes", "change nope --memory 4096",
    "migrate nope", "remove nope", "doctor nope", "doctor nope --fix --yes", "doctor --private nope",
)  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS)
def test_it_is_said_and_counted_alike(
    words: str, cloud: Cloud, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    cloud.log_in()
    file = tmp_path_factory.mktemp("here") / "note.txt"
    file.write_text("a note")
    number = inside(*words.format(file=file).split())
    said = capsys.readouterr()
    assert (number, said.out, said.err) == (3, "", WORDS)


def test_for_scripts_it_has_a_code_of_its_own(cloud: Cloud) -> None:
    cloud.log_in()
    (error,) = claw_tui("doctor", "nope", "--json").objects
    assert (error["event"], error["code"], error["exit"]) == ("error", "no-such-app", 3)

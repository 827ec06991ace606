"""`remove` as a script meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Cloud
from tests.plain.program import claw_tui, inside
from tests.plain.test_doors import have


def test_it_wants_the_name_and_leaves_nothing(cloud: Cloud, tmp_path: Path) -> None:
    have(cloud)
    copy = tmp_path / "copy.json"
    said = claw_tui("remove", "my-app", "--yes-remove", "my-app", "--copy", str(copy), "--forget")
    assert said.code == 0, said
    for words in (
        "These are removed:",
        "What is lost with it:",
        "    $ fly apps destroy my-app --yes".strip(),
    ):
        assert words in said.out
    assert "This computer has forgotten my-app." in said.out
    assert '"gateway"' in copy.read_text()
    assert cloud.read()["apps"] == {}
    assert inside("remove", "my-app", "--yes-remove", "my-app") == 3


def test_the_empty_app_stays_when_it_is_said(cloud: Cloud) -> None:
    have(cloud)
    said = claw_tui("remove", "my-app", "--yes-remove", "my-app", "--keep-app", "--json")
    assert said.code == 0, said
    about = said.of("about")[0]
    assert about["ours"] is True
    assert {piece["kind"] for piece in about["goes"]} == {"machine", "ip", "volume"}
    assert cloud.app("my-app")["volumes"] == []


def test_a_copy_goes_into_a_folder_that_is_there(cloud: Cloud, tmp_path: Path) -> None:
    have(cloud)
    copy = tmp_path / "nothing" / "copy.json"
    said = claw_tui("remove", "my-app", "--yes-remove", "my-app", "--copy", str(copy))
    assert said.code == 3
    assert f"There is no folder {copy.parent} here. Nothing was done." in said.err
    assert not copy.parent.exists()
    assert cloud.app("my-app")["machines"]


@pytest.mark.parametrize(
    "words", ["my-app --yes", "my-app --yes my-app", "--yes my-app", "-y my-app", "my-app --yes --json"]
)
def test_a_yes_alone_removes_nothing(words: str, cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.log_in()
    with pytest.raises(SystemExit) as ended:
        inside("remove", *words.split())
    said = capsys.readouterr().err
    assert ended.value.code == 3
    assert (
        "is not enough to remove an app: --yes-remove and its name once more do it unasked. Nothing was done."
        in said
    )


@pytest.mark.parametrize(
    "words",
    [
        "remove my-app --yes-rem my-app",
        "stop my-app --ye",
        "status --js",
        "--dem status",
        "harden --dedicated release",
    ],
)
def test_half_an_option_is_none(words: str, cloud: Cloud) -> None:
    cloud.log_in()
    with pytest.raises(SystemExit) as ended:
        inside(*words.split())
    assert ended.value.code == 3


def test_what_it_refuses(cloud: Cloud) -> None:
    cloud.log_in()
    assert inside("remove", "my-app", "--yes-remove", "your-app") == 3
    assert inside("remove", "my-app") == 3, "there is none"
    assert inside("remove", "my-app", "--yes-remove", "my-app", "--keep-app", "--forget") == 3

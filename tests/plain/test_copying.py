"""`get` and `put` as a script meets them."""

from __future__ import annotations

import stat
from pathlib import Path

from tests.conftest import Cloud
from tests.plain.program import claw_tui
from tests.plain.test_doors import have

REPLACE = "Give another name; with --replace that file is replaced."


def test_there_and_back(cloud: Cloud, tmp_path: Path) -> None:
    have(cloud)
    mine, back = tmp_path / "mine.txt", tmp_path / "back.txt"
    mine.write_text("a note\n")
    said = claw_tui("put", "my-app", str(mine), "notes/")
    assert said.code == 3
    assert "There is no folder /data/notes in the machine; nothing was sent." in said.err
    said = claw_tui("put", "my-app", str(mine), "/data/")
    assert (said.code, said.out) == (0, f"Put {mine} to /data/mine.txt (7 bytes); it is node's, mode 600.\n")
    said = claw_tui("get", "my-app", "mine.txt", str(back), "--json")
    assert said.code == 0, said
    assert said.of("got")[0]["local"] == str(back)
    assert back.read_text() == "a note\n"
    assert stat.S_IMODE(back.stat().st_mode) == 0o600
    said = claw_tui("get", "my-app", "mine.txt", str(back))
    assert said.code == 3
    assert said.err == f"{back} is there already; it was left alone.\n{REPLACE}\n"
    said = claw_tui("put", "my-app", str(mine), "/data/")
    assert (said.code, said.err) == (
        3,
        f"/data/mine.txt is in the machine already; it was left alone.\n{REPLACE}\n",
    )
    assert claw_tui("get", "my-app", "mine.txt", str(back), "--replace").code == 0
    said = claw_tui("put", "my-app", str(mine), "/data/openclaw.json", "--replace")
    assert said.code == 3
    assert "not put like other files" in said.err

"""Paths and files of a machine."""

from __future__ import annotations

import pytest

from claw_tui.domain.errors import BadInput
from claw_tui.domain.machine_files import (
    FileEntry,
    is_config,
    may_hold_secrets,
    mode_words,
    remote_path,
    size_words,
)


def test_paths() -> None:
    assert remote_path("notes.txt") == "/data/notes.txt"
    assert remote_path("../tmp//x") == "/tmp/x"
    assert remote_path("//etc/x") == "/etc/x"
    assert is_config("/data/./openclaw.json")
    assert not is_config("/data/openclaw.json.bak")
    for odd in ("", "a\nb"):
        with pytest.raises(BadInput):
            remote_path(odd)


@pytest.mark.parametrize(
    ("path", "secret"),
    [
        ("/data/openclaw.json.bak", True), ("/data/credentials/whatsapp/default/creds.json", True),
        ("/data/agents/main/agent/auth-profiles.json", True), ("/data/state/openclaw.sqlite-wal", True), ("/data/.env", True),
        ("/data/agents/main/sessions/x.jsonl", True), ("/data/workspace/notes.md", False), ("/tmp/openclaw/openclaw-2026.log", False),
    ],
)  # fmt: skip
def test_what_may_hold_secrets(path: str, secret: bool) -> None:
    assert may_hold_secrets(path) is secret


def test_words() -> None:
    assert [size_words(size) for size in (1, 2048, 3 << 20, 5 << 30)] == [
        "1 byte",
        "2.0 KB",
        "3.0 MB",
        "5.0 GB",
    ]
    assert mode_words(FileEntry("x", "d", 0, "", "755", 0)) == "drwxr-xr-x"
    assert mode_words(FileEntry("x", "f", 0, "", "600", 0)) == "-rw-------"

"""The real git, on repositories of ours: one clone that goes from tag to tag, and never over somebody's changes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from claw_tui.adapters.git import MOVING, GitCli
from claw_tui.domain.build_errors import SourceRefused, SourceUnreachable, TagNotFound
from claw_tui.domain.errors import ClawError

pytestmark = pytest.mark.anyio
OLD, NEW = "v2026.9.1", "v2026.9.6"


def git(folder: Path, *argv: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, "-C", str(folder), *argv], check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture
def url(tmp_path: Path) -> str:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    git(theirs, "init", "-q")
    (theirs / ".gitignore").write_text("dist/\n")
    for tag in (OLD, NEW):
        (theirs / "Dockerfile").write_text(f"# {tag}\n")
        git(theirs, "add", "-A")
        git(theirs, "commit", "-qm", tag)
        git(theirs, "tag", tag)
    return f"file://{theirs}"


async def fetch(url: str, ref: str, folder: Path) -> list[str]:
    lines: list[str] = []
    await GitCli(os.environ).fetch(url, ref, folder, lines.append)
    return lines


async def test_from_one_version_to_another_and_back(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "gateways" / "my app" / "source"
    for ref in (OLD, NEW, OLD):
        await fetch(url, ref, folder)
        assert (folder / "Dockerfile").read_text() == f"# {ref}\n"
        (folder / "fly.claw-tui.toml").write_text("app = 'x'\n")
        (folder / "dist").mkdir(exist_ok=True)
    assert await fetch(url, OLD, folder) == [], "it is there already: nothing is fetched"
    assert git(folder, "rev-list", "--count", "HEAD").strip() == "1", "no history"
    assert [path.name for path in folder.parent.iterdir()] == ["source"]


@pytest.mark.parametrize("name", ["Dockerfile", "new.txt"])
async def test_changed_files_are_named_and_left_alone(url: str, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "source"
    await fetch(url, OLD, folder)
    (folder / name).write_text("mine\n")
    for ref in (OLD, NEW):
        with pytest.raises(ClawError, match=name) as caught:
            await fetch(url, ref, folder)
        assert "stash" in caught.value.hint
        assert (folder / name).read_text() == "mine\n"
    git(folder, "stash", "--include-untracked")
    await fetch(url, NEW, folder)
    assert (folder / "Dockerfile").read_text() == f"# {NEW}\n"


async def test_many_changed_files_are_counted(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "source"
    await fetch(url, OLD, folder)
    for number in range(9):
        (folder / f"file{number}").touch()
    with pytest.raises(ClawError, match="and 4 more"):
        await fetch(url, NEW, folder)


async def test_one_that_was_killed_half_way_goes_on(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "source"
    await fetch(url, OLD, folder)
    (folder / ".git" / MOVING).touch()
    (folder / ".git" / "index.lock").touch()
    (folder / "Dockerfile").write_text("half")
    await fetch(url, NEW, folder)
    assert (folder / "Dockerfile").read_text() == f"# {NEW}\n"
    assert not (folder / ".git" / MOVING).exists()
    (folder / "Dockerfile").write_text("mine")
    with pytest.raises(ClawError, match="Dockerfile"):
        await fetch(url, NEW, folder)


async def test_a_version_that_does_not_exist(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "source"
    with pytest.raises(TagNotFound, match="no version v0"):
        await fetch(url, "v0", folder)
    assert not folder.exists()
    await fetch(url, OLD, folder)
    with pytest.raises(TagNotFound, match="no version v0"):
        await fetch(url, "v0", folder)
    assert (folder / "Dockerfile").read_text() == f"# {OLD}\n"


async def test_a_repository_that_cannot_be_reached(url: str, tmp_path: Path) -> None:
    """It is another computer's trouble than Fly.io's, and says so."""
    folder, nobody = tmp_path / "source", "http://127.0.0.1:9/openclaw"
    with pytest.raises(SourceUnreachable) as caught:
        await fetch(nobody, OLD, folder)
    assert "127.0.0.1" in caught.value.detail
    await fetch(url, OLD, folder)
    with pytest.raises(SourceUnreachable):
        await fetch(nobody, NEW, folder)


async def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceRefused, match="git was not found"):
        await fetch("file:///nowhere", OLD, tmp_path / "source")


async def test_a_clone_that_is_damaged(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "source"
    (folder / ".git").mkdir(parents=True)
    with pytest.raises(ClawError, match="can't be used") as caught:
        await fetch(url, OLD, folder)
    assert "Remove that folder" in caught.value.hint


@pytest.mark.parametrize(("code", "there"), [(0, True), (1, False)])
async def test_docker_counts_when_its_daemon_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, there: bool
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not await GitCli(os.environ).has_docker()
    (tmp_path / "docker").write_text(f"#!/bin/sh\nexit {code}\n")
    (tmp_path / "docker").chmod(0o755)
    assert await GitCli(os.environ).has_docker() is there

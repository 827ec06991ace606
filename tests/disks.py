"""Small disks of a test's own: real ones, for what a full disk does is not to be guessed. They take root."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Mount = Callable[..., Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """Makes a disk with the options of tmpfs (``size=64k``), at a place of its own or at the one that is named."""
    made: list[Path] = []

    def new(options: str, at: Path | None = None) -> Path:
        folder = at or tmp_path / f"disk{len(made)}"
        folder.mkdir(mode=0o700, parents=True)
        argv = ["mount", "-t", "tmpfs", "-o", f"{options},mode=0700", "tmpfs", str(folder)]
        if subprocess.run(argv, capture_output=True, check=False).returncode:
            pytest.skip("mounting a disk takes root")
        made.append(folder)
        return folder

    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("mounting a disk takes root")
    yield new
    for folder in made:
        subprocess.run(["umount", "--lazy", folder], check=True)  # a runner may be just leaving it


def read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)


def fill(disk: Path, *, leave: int = 0) -> None:
    """Fill a disk but for ``leave`` bytes."""
    with (disk / "fill").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            file.truncate(max(0, file.tell() - leave))


def fill_names(disk: Path) -> None:
    """So that not even an empty file can be made."""
    try:
        for number in range(10_000):
            (disk / f"fill{number}").touch()
    except OSError:
        return

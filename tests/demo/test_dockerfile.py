"""The simulated builder takes the Dockerfile that we write, and refuses what Docker refuses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.demo.dockerfile import Recipe, read_dockerfile
from claw_tui.demo.session import FlyFailure
from claw_tui.domain.own_image import PROGRAMS, dockerfile, files
from claw_tui.domain.spec import Spec

ALL = Spec(app="my-app", programs=("signal-cli", "ngrok", "tailscale"))
GOOD = dockerfile(ALL)


def build(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch, **more: str) -> tuple[Recipe, list[str]]:
    """The recipe after all of its layers, and what they said."""
    for name, content in {**files(ALL), "Dockerfile": text, **more}.items():
        (folder / name).write_text(content)
    monkeypatch.chdir(folder)
    recipe = read_dockerfile(str(folder / "Dockerfile"))
    said: list[str] = []
    recipe.check_images()
    layers = recipe.layers()
    for number, (step, _length, _lines) in enumerate(layers, 2):
        recipe.carry_out(f"[{number}/{len(layers) + 1}] {step}", said.append)
    return recipe, said


def test_what_we_write_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe, said = build(tmp_path, GOOD, monkeypatch)
    assert {*PROGRAMS, "java", "with-tailscale"} <= set(recipe.programs)
    assert "signal-cli 1.0" in "\n".join(said)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("FROM ghcr.io/openclaw/openclaw:2026.9.6", "FROM ghcr.io/openclaw/openclaw:2099.1.1", "2099.1.1: not found"),
        ("FROM ghcr.io/openclaw/openclaw:2026.9.6\n", "", "no build stage in current context"),
        ("USER root", "USRE root", "unknown instruction: USRE"),
        ("USER root\n", "", "exit code: 1"),
        ("ghcr.io/asamk/signal-cli:", "ghcr.io/nobody/signal-cli:", "failed to resolve source metadata"),
        ("COPY with-tailscale", "COPY with-nothing", '"/with-nothing": not found'),
        ("RUN ln -s /opt/java/openjdk/bin/java /usr/local/bin/java \\\n &&", "RUN", "exit code: 1"),
        ("> /etc/apt/sources.list.d/ngrok.list", "> /etc/apt/other", "exit code: 100"),
        ("install -y --no-install-recommends ngrok tailscale", "install -y tailscale", "exit code: 127"),
    ],
    ids=["version", "from", "instruction", "user", "image", "copy", "java", "repository", "program"],
)  # fmt: skip
def test_what_docker_refuses_is_refused(
    old: str, new: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert old in GOOD
    with pytest.raises(FlyFailure) as refused:
        build(tmp_path, GOOD.replace(old, new), monkeypatch)
    assert why in str(refused.value)


def test_a_dockerfile_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FlyFailure, match="Dockerfile' not found"):
        read_dockerfile(str(tmp_path / "Dockerfile"))


def test_openclaws_own_source_is_built_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe, _said = build(tmp_path, "FROM node:24-bookworm\nRUN corepack enable\n", monkeypatch)
    assert (recipe.layers(), recipe.programs) == ((), [])
    assert dockerfile(replace(ALL, programs=())).count("RUN") == 0

"""What is changed in a person's fly.toml is said, with its reason; and nothing else is changed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from claw_tui.domain.fly_toml import build_fly_toml
from claw_tui.domain.spec import Spec
from claw_tui.domain.toml_changes import change_lines, toml_changes

FILES = {
    path.stem: path.read_text() for path in sorted((Path(__file__).parents[1] / "fly_tomls").glob("*.toml"))
}
SPEC = Spec(app="my-openclaw", region="iad", memory_mb=2048)


def changed(base: str, **answers: object) -> dict[str, tuple[str, str]]:
    from dataclasses import replace

    spec = replace(SPEC, **answers)  # type: ignore[arg-type]
    found = toml_changes(base, spec)
    assert all(change.why for change in found)
    return {change.path: (change.before, change.after) for change in found}


@pytest.mark.parametrize("name", ["openclaw-en", "openclaw-fr"])
def test_the_guides_file_needs_little(name: str) -> None:
    assert changed(FILES[name], source="git") == {
        "kill_signal": ("", "SIGTERM"), "kill_timeout": ("", "60"), "http_service.checks": ("", "…"),
    }  # fmt: skip
    image = changed(FILES[name])
    assert image["build.dockerfile"] == ("Dockerfile", "")
    assert "build.image" in image


def test_the_private_one() -> None:
    assert changed(FILES["openclaw-private"], source="git", private=True) == {
        "kill_signal": ("", "SIGTERM"), "kill_timeout": ("", "60"), "services": ("", "…"),
    }  # fmt: skip
    assert changed(FILES["openclaw-private"])["http_service"] == ("", "…")
    assert changed(FILES["openclaw-en"], private=True)["http_service"] == ("…", "")


def test_clawdbots_names_stay_and_are_told() -> None:
    lines = "\n".join(change_lines(FILES["clawdbot-en"], SPEC))
    assert "mounts.source: clawdbot_data → openclaw_data" in lines
    assert "does not read these any more; they stay: CLAWDBOT_PREFER_PNPM" in lines


def test_what_fly_launch_writes_is_recognised() -> None:
    found = changed(FILES["after-fly-launch"], source="git")
    assert found["http_service.internal_port"] == ("8080", "3000")
    assert found["http_service.auto_stop_machines"] == ("stop", "off")
    assert found["http_service.min_machines_running"] == ("0", "1")
    assert found["mounts.destination"] == ("/root/.openclaw", "/data")
    assert found["vm.memory"] == ("1gb", "2048mb")
    assert "`fly launch` writes 8080" in "\n".join(change_lines(FILES["after-fly-launch"], SPEC))


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("name", FILES)
def test_what_is_made_needs_no_change_and_keeps_the_comments(name: str, private: bool) -> None:
    from dataclasses import replace

    spec = replace(SPEC, private=private)
    made = build_fly_toml(spec, FILES[name])
    assert toml_changes(made, spec) == []
    assert [line.partition("#")[2] for line in FILES[name].splitlines() if "#" in line] == [
        line.partition("#")[2] for line in made.splitlines() if "#" in line
    ]
    ours = tomllib.loads(build_fly_toml(spec))
    theirs = tomllib.loads(made)
    for section in ("build", "processes", "mounts", "vm", "kill_timeout"):
        assert theirs[section] == ours[section], section


def test_a_check_of_ones_own_stays_and_is_told() -> None:
    base = '[http_service]\ninternal_port = 3000\n[[http_service.checks]]\npath = "/startupz"\ninterval = "15s"\ntimeout = "5s"\nmethod = "GET"\n'
    lines = "\n".join(change_lines(base, SPEC))
    assert "Your own check on /startupz stays" in lines
    assert [c["path"] for c in tomllib.loads(build_fly_toml(SPEC, base))["http_service"]["checks"]] == [
        "/startupz",
        "/healthz",
    ]

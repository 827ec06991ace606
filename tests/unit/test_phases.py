"""What fly deploy is doing, read from its lines: recorded ones of the real one, and texts of builders."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest

from claw_tui.domain.jobs import StepState
from claw_tui.domain.phases.parts import TITLES, title_of
from claw_tui.domain.phases.reader import PhaseReader
from claw_tui.domain.phases.rules import _TABLE
from tests.unit import deploy_texts as texts

RECORDED = Path(__file__).parents[1] / "transcripts" / "0.4.87"
DONE, RUNNING, FAILED = StepState.DONE, StepState.RUNNING, StepState.FAILED


def read(*pieces: str) -> PhaseReader:
    """A line a second."""
    reader = PhaseReader()
    for second, line in enumerate("".join(pieces).splitlines(), 1):
        reader.take(line, float(second))
    return reader


def states(reader: PhaseReader) -> dict[str, StepState]:
    return {part.id: part.state for part in reader.parts.values()}


def recorded(scene: str, first: str = "stdout") -> str:
    """Both streams, one after the other: nobody knows the order between them."""
    found = json.loads((RECORDED / f"{scene}.json").read_text())
    streams = ("stdout", "stderr") if first == "stdout" else ("stderr", "stdout")
    return "".join(str(found[stream]) + "\n" for stream in streams)


FIRST = {"config", "image", "release", "addresses", "volume", "create", "first-start"}
AGAIN = {"config", "image", "release", "update", "start", "smoke", "health"}


@pytest.mark.parametrize("first", ["stdout", "stderr"])
@pytest.mark.parametrize(
    ("scene", "parts"),
    [
        ("deploy-first", FIRST), ("deploy-first-with-volume", FIRST - {"volume"}), ("deploy-again", AGAIN),
        ("deploy-first-private", FIRST - {"addresses", "volume"}), ("deploy-again-plainly", AGAIN),
        ("deploy-again-stopped", AGAIN - {"smoke", "health"}),
    ],
)  # fmt: skip
def test_a_deploy_that_went_well_has_gone_through_its_parts(scene: str, parts: set[str], first: str) -> None:
    reader = read(recorded(scene, first))
    assert set(reader.parts) == parts
    assert set(states(reader).values()) == {DONE}, "it said so itself, before it ended"


def test_secrets_deploy_has_the_parts_of_its_restart() -> None:
    assert set(read(recorded("secrets-deploy")).parts) == AGAIN - {"config", "image", "release"}


@pytest.mark.parametrize(
    ("scene", "running"),
    [("deploy-launch-422", "create"), ("deploy-leased", "update"), ("deploy-no-capacity", "volume")],
)
def test_what_was_going_on_when_it_failed(scene: str, running: str) -> None:
    reader = read(recorded(scene, "stderr"))
    assert reader.parts[running].state is RUNNING
    assert reader.finish(FAILED, 100.0) == (running,)
    assert reader.parts[running].state is FAILED
    assert reader.parts[running].ended == 100.0


def test_layers_of_two_stages_are_told_with_their_stage() -> None:
    reader = PhaseReader()
    said: list[str] = []
    for line in texts.DEPOT.splitlines():
        reader.take(line, 1.0)
        if "build-depot" in reader.parts and (not said or said[-1] != reader.parts["build-depot"].words):
            said.append(reader.parts["build-depot"].words)
    assert "base, layer 1 of 2: FROM docker.io/library/node:24-bookworm@sha256:4d4d, 12 of 100 MB" in said
    assert "sending the source: 62.14MB" in said
    assert "stage-1, layer 3 of 4: RUN pnpm install --frozen-lockfile" in said
    assert said[-1] == "5 layers, 1 of them from the cache"


def test_what_a_program_says_inside_a_build_is_no_phase() -> None:
    reader = read(texts.REMOTE)
    assert reader.parts["build-remote"].words == "stage-1, layer 3 of 4: RUN pnpm install --frozen-lockfile"
    assert "push" not in reader.parts


def test_depot_pushes_while_it_builds() -> None:
    reader = read(texts.DEPOT)
    assert states(reader) == {"config": DONE, "builder-depot": DONE, "build-depot": DONE, "push": RUNNING}
    assert reader.parts["push"].words == "1 of 2 layers"
    reader = read(texts.DEPOT, texts.DEPOT_DONE)
    assert reader.parts["push"].state is DONE
    assert reader.parts["push"].words == "317 MB"


def test_fly_s_own_builder_builds_and_then_pushes() -> None:
    reader = read(texts.REMOTE)
    assert states(reader) == {"config": DONE, "builder-remote": DONE, "build-remote": RUNNING}
    reader = read(texts.REMOTE, texts.PUSHING)
    assert states(reader)["build-remote"] is DONE
    assert reader.parts["push"].words == "1 of 2 layers"
    assert read(texts.REMOTE, texts.PUSHING, texts.PUSHED).parts["push"].state is DONE


def test_docker_here_without_buildkit() -> None:
    reader = read(texts.LOCAL_OLD)
    assert states(reader) == {"config": DONE, "context": DONE, "build-local": RUNNING}
    assert reader.parts["build-local"].words == "layer 5 of 20: RUN make build"


@pytest.mark.parametrize(
    "why", ['ERROR: process "/bin/sh -c pnpm build" did not complete: exit code: 1', "CANCELED"]
)
def test_the_layer_that_failed_is_named(why: str) -> None:
    reader = read(texts.REMOTE, "#8 [stage-1 4/4] RUN pnpm build\n", f"#8 {why}\n")
    words = reader.parts["build-remote"].words
    assert words.endswith("stage-1, layer 4 of 4: RUN pnpm build")
    assert words.startswith("failed in") == why.startswith("ERROR")


def test_a_release_command_is_not_the_machine_s_start() -> None:
    reader = read(texts.RELEASE_COMMAND)
    assert states(reader) == {"release": DONE, "command": RUNNING}
    assert reader.parts["command"].words == "/app/bin/migrate"
    assert read(texts.RELEASE_COMMAND, texts.RELEASED).parts["command"].state is DONE


def test_two_machines_and_dns() -> None:
    reader = read(texts.TWO_MACHINES)
    assert states(reader) == {"update": DONE, "start": DONE, "smoke": DONE, "health": DONE, "dns": RUNNING}
    assert read(texts.TWO_MACHINES, "✓ DNS configuration verified\n").parts["dns"].state is DONE
    late = read(texts.TWO_MACHINES, "WARNING: DNS verification failed: no such host\n").parts["dns"]
    assert (late.state, late.words) == (DONE, "not known everywhere yet")


def test_checks_are_counted() -> None:
    reader = read(
        "Updating existing machines in 'a' with rolling strategy\n",
        "> Waiting for 1d [app] to become healthy: 0/1\n",
    )
    assert reader.parts["health"].words == "0 of 1 checks pass"


def test_an_update_that_is_tried_again() -> None:
    reader = read(texts.AGAIN)
    assert reader.parts["update"].state is RUNNING
    assert reader.parts["update"].words == "once more"
    began = reader.parts["start"].began
    reader.take("> Updating machine config for 1854737c27e1d8", 20.0)
    reader.take("> Waiting for machine 1854737c27e1d8 to reach a good state", 21.0)
    assert states(reader) == {"update": DONE, "start": RUNNING}
    assert reader.parts["start"].began == began


def test_no_addresses_is_said_and_the_deploy_goes_on() -> None:
    reader = read(texts.NO_ADDRESSES)
    assert states(reader) == {"release": DONE, "addresses": FAILED, "create": RUNNING}
    assert reader.parts["create"].words == "the app does not listen yet"


def test_how_long_nothing_was_said() -> None:
    reader = PhaseReader()
    for at, line in (
        (10.0, "==> Building image with Depot"),
        (12.0, "#1 [1/2] FROM x"),
        (55.0, "#1 DONE 43s"),
        (56.0, "#2 [2/2] RUN y"),
    ):
        reader.take(line, at)
    assert reader.parts["build-depot"].silence == 43.0
    reader.finish(DONE, 126.0)
    assert reader.parts["build-depot"].silence == 70.0


def test_garbage_and_cut_lines_change_nothing() -> None:
    whole = (texts.DEPOT + texts.DEPOT_DONE).splitlines()
    expected = states(read(texts.DEPOT, texts.DEPOT_DONE))
    dice = random.Random(4)
    for _ in range(30):
        reader = PhaseReader()
        for second, line in enumerate(whole, 1):
            junk = dice.choice(
                (
                    "",
                    "\x1b[31m",
                    "#",
                    "# ",
                    "#x y",
                    "#12",
                    "#99 DONE 1.0s",
                    "#1 " + "9" * 99,
                    "✔",
                    "> ",
                    "\x00",
                    "{}",
                    "%s {0}",
                    line[: dice.randrange(len(line) + 1)][:5],
                    "é" * 5000,
                )
            )
            reader.take(junk, float(second))
            reader.take(f"\x1b[1m{line}\x1b[0m", float(second))
        assert states(reader) == expected


def test_every_part_has_a_title_and_every_rule_a_part() -> None:
    known = {*TITLES, "build-docker"}
    assert {part for _word, _rest, rule in _TABLE for part in rule.parts} <= known
    assert all(title_of(part) for part in TITLES)
    assert title_of("of-a-newer-version") == "of-a-newer-version"


def test_a_hundred_thousand_lines_are_read_at_once() -> None:
    reader = read(texts.REMOTE)
    lines = [f"#7 {number / 100:.3f} some output of a program {number}" for number in range(100_000)]
    begun = time.perf_counter()
    changed = sum(bool(reader.take(line, 100.0)) for line in lines)
    assert time.perf_counter() - begun < 5
    assert not changed


@pytest.mark.parametrize(
    "line",
    [
        "#1 [1/" + "9" * 500_000,
        "#7 sha256:" + "1" * 500_000 + " 1MB / 2MB",
        "Updating " + "a " * 300_000,
        "> Waiting for " + "[" * 300_000,
    ],
    ids=["layer", "blob", "words", "brackets"],
)
def test_long_lines_are_no_work(line: str) -> None:
    reader = read(texts.REMOTE)
    begun = time.perf_counter()
    reader.take(line, 100.0)
    assert time.perf_counter() - begun < 1


def test_whatever_is_said_it_never_raises() -> None:
    """A deploy must not end because its words were odd: lines made of what the rules look for, and of anything."""
    dice = random.Random(11)
    words = [word for first, _rest, _rule in _TABLE for word in first.split("|")]
    whole = (
        texts.DEPOT + texts.DEPOT_DONE + texts.REMOTE + texts.PUSHED + texts.LOCAL_OLD + texts.TWO_MACHINES
    )
    pieces = [
        *words,
        *whole.split(),
        *whole.splitlines(),
        "{}",
        "{what}",
        "%d",
        "\x00",
        "²",
        "#",
        "[",
        "]",
        "9" * 400 + "MB",
        "/",
        "",
    ]
    for _ in range(20):
        reader = PhaseReader()
        for second in range(2000):
            reader.take(" ".join(dice.choices(pieces, k=dice.randrange(1, 5))), float(second))
        reader.finish(FAILED, 5000.0)
        assert all(part.ended and part.began <= part.ended for part in reader.parts.values())

"""plan, apply, watch and status as a script meets them: the program, its lines, and what it ends with.

``claw_tui`` sees to it that none of them loads Textual.
"""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from claw_tui.domain.spec import Spec
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud
from tests.engine.rig import CANARIES, SECRETS, WISH, assert_no_canary, assert_whole, have_gateway, spec_with
from tests.plain.program import (
    Said,
    assert_each_once,
    claw_tui,
    environment,
    inside,
    pipe_with,
    write_answers,
)

KEY = SECRETS["ANTHROPIC_API_KEY"].reveal()


def test_a_gateway_from_a_file(cloud: Cloud, tmp_path: Path) -> None:
    """Planned, set up, watched once more, looked at, and left alone the second time; with no secret anywhere."""
    cloud.log_in()
    cloud.record()
    said: list[Said] = []

    def call(*argv: str) -> None:
        reading = pipe_with(KEY + "\n")
        answers = write_answers(tmp_path, key=f"fd:{reading}")
        found = claw_tui(*(answers if word == "FILE" else word for word in argv), fds=(reading,))
        os.close(reading)
        said.append(found)

    call("plan", "FILE")
    plan = said[-1]
    assert plan.code == 2, plan
    assert "create: Deploy" in plan.out
    assert "    $ fly secrets import --app my-app --stage < (names and values, on standard input)" in plan.out
    assert "a month, by Fly.io's prices of " in plan.out
    assert not [*(tmp_path / "state/demo").rglob("secrets.json")]  # nothing was written down for it

    call("apply", "FILE", "--yes", "--json", "--log")
    applied = said[-1]
    assert (applied.code, applied.err) == (0, ""), applied
    assert_whole(cloud)
    states = [(event["step"], event["state"]) for event in applied.of("step")]
    assert {("create-app", "done"), ("deploy", "running"), ("deploy", "done"), ("await-gateway", "done")} < {
        *states
    }
    assert any("Visit your newly deployed app" in event["line"] for event in applied.of("log"))
    assert applied.objects[-1] == {**applied.objects[-1], "event": "end", "state": "done", "exit": 0}
    assert all(event["at"].endswith("Z") for event in applied.objects)

    call("apply", "FILE", "--yes")
    assert (said[-1].code, said[-1].out.splitlines()[-1]) == (0, "Nothing to change.")
    call("plan", "--app", "my-app")
    assert said[-1].code == 0, said[-1]
    call("watch", "--json")
    seen = [event for event in said[-1].objects if event["event"] in ("run", "step", "end")]
    assert seen[:-1] == [event for event in applied.objects if event["event"] in ("run", "step")]
    assert (said[-1].code, seen[-1]["state"]) == (0, "done")

    call("status", "my-app")
    assert said[-1].code == 0, said[-1]
    for words in ("started; health check: passing", "Secret: DISCORD_BOT_TOKEN, in use", "Last run: ", "$1"):
        assert words in said[-1].out
    assert_each_once(said[-1].out)
    call("status", "my-app", "--json")
    (status,) = said[-1].objects
    assert (status["healthy"], status["pending"], status["run"]["state"]) == (True, [], "done")
    call("status")
    assert "my-app: deployed, last run: done" in said[-1].out

    fly = services_for(os.environ, demo=True).fly
    fly.use_token(TOKEN)
    size: dict[str, Any] = {"region": "fra", "size_gb": 1, "vm_size": "shared-cpu-2x", "memory_mb": 2048}
    asyncio.run(fly.create_volume("my-app", "openclaw_data", **size))
    call("plan", "--app", "my-app")
    assert (said[-1].code, "Note: not needed, and there all the same: " in said[-1].out) == (0, True), said[
        -1
    ]

    assert len(cloud.app("my-app")["releases"]) == 1
    assert_no_canary(tmp_path / "state")
    for one in said:
        assert "CANARY" not in one.out + one.err
    for asked in cloud.calls():
        assert "CANARY" not in repr(asked)
    assert CANARIES.find_on_terminal("".join(one.out + one.err for one in said).encode()) == []


def fail_with(stderr: str, command: str = "apps create") -> dict[str, object]:
    return {"command": command, "exit": 1, "stderr": f"Error: {stderr}\n"}


FAILING = [
    (3, spec_with(app="Not A Name"), "app - Small letters only", None),
    (3, spec_with(memory_mb=65536), "memory_mb - This machine", None),
    (4, spec_with(app="demo-card-1"), "payment method", None),
    (5, spec_with(app="demo-taken-1"), "another name: app", None),
    (5, spec_with(region="bom"), "region, vm_size", None),
    (6, spec_with(), "network", fail_with('Post "https://api.fly.io/graphql": dial tcp: lookup api.fly.io: no such host')),
    (7, spec_with(), "lease", fail_with("failed to acquire lease: machine ID x lease currently held by y, expires at z", "deploy")),
    (8, spec_with(app="my-unhealthy-app"), "Its log shows", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "spec", "words", "fault"), FAILING, ids=[f"{row[0]}-{row[2]}" for row in FAILING]
)
def test_failures_by_class(
    code: int,
    spec: Spec,
    words: str,
    fault: object,
    cloud: Cloud,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cloud.log_in()
    if isinstance(fault, dict):
        cloud.faults(monkeypatch, fault)
    said = claw_tui("apply", "--yes", write_answers(tmp_path, spec), THE_KEY=KEY)
    assert said.code == code, said
    assert words in said.out + said.err


def test_what_keeps_it_from_beginning(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(THE_KEY=KEY).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    answers = write_answers(tmp_path)
    assert inside("plan", answers) == 4
    said = capsys.readouterr()
    assert (said.out, "fly auth login" in said.err) == ("", True)
    cloud.log_in()
    stored = tmp_path / "stored.toml"
    stored.write_text(Path(answers).read_text().replace("env:THE_KEY", "store"))
    assert inside("plan", str(stored)) == 9
    assert "secrets.ANTHROPIC_API_KEY" in capsys.readouterr().err
    assert inside("apply", answers) == 2
    assert "nobody can be asked here. --yes does it" in capsys.readouterr().out
    services_for(os.environ, demo=True).state.save_draft(WISH)
    assert inside("plan") == 9
    assert "from the answers of last time" in capsys.readouterr().out
    monkeypatch.delenv("THE_KEY")
    assert inside("plan", answers) == 9
    assert "env:THE_KEY, where ANTHROPIC_API_KEY should be, is empty" in capsys.readouterr().err
    for argv in (
        ["plan", "/nowhere.toml"], ["plan", "--app", "other"], ["watch"], ["watch", "x"], ["watch", "/etc"],
        ["plan", "--app", ".."], ["plan", "--app", "my-app", answers], ["status", "*"],
    ):  # fmt: skip
        assert inside(*argv) == 3, argv
    with pytest.raises(SystemExit) as ended:
        inside("plan", "--bogus")
    assert ended.value.code == 3
    assert cloud.read()["apps"] == {}
    said_by_it = claw_tui("apply", "--json", "--yes", "-", text="app = 3")
    (error,) = said_by_it.of("error")
    assert (said_by_it.code, error["exit"], error["code"]) == (3, 3, "bad-input")


NOT_THERE = [
    (spec_with(region="xyz"), "region - Fly.io has no such region"),
    (spec_with(org="nosuchorg"), "org - Your account has no such organization"),
    (spec_with(version="1.2.3"), "version - The image registry has no OpenClaw 1.2.3"),
    (spec_with(memory_mb=2049), "memory_mb - This machine"),
    (spec_with(gateway=replace(WISH.gateway, primary_model="nope")), "gateway.primary_model - A model is PROVIDER/NAME"),
    (spec_with(gateway=replace(WISH.gateway, primary_model="openai/gpt-6-sol")), "needs the key OPENAI_API_KEY"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "words"), NOT_THERE, ids=[words[:20] for _spec, words in NOT_THERE])
def test_what_can_be_known_before_is_not_found_out_by_making_half_of_it(
    spec: Spec, words: str, cloud: Cloud, tmp_path: Path
) -> None:
    cloud.log_in()
    for command in (("plan",), ("apply", "--yes")):
        said = claw_tui(*command, write_answers(tmp_path, spec), THE_KEY=KEY)
        assert (said.code, words in said.out + said.err) == (3, True), said
    assert cloud.read()["apps"] == {}


def test_status_tells_what_could_be_read_and_what_could_not(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = services_for(os.environ, demo=True)
    made.fly.use_token(TOKEN)
    asyncio.run(have_gateway(made))
    cloud.log_in()
    cloud.refuse(monkeypatch, "ips list", "releases")
    said = claw_tui("status", "my-app", "--quick")
    assert said.code == 5, said
    for words in (
        "started; health check: passing",
        "Secret: DISCORD_BOT_TOKEN",
        "Not read: addresses. ",
        "Not read: deploys. ",
    ):
        assert words in said.out
    assert "Price" not in said.out, "an address may cost something"
    (status,) = claw_tui("status", "my-app", "--quick", "--json").objects
    assert (status["healthy"], status["unread"], status["exit"]) == (True, ["ips", "releases"], 5)
    assert not {"addresses", "url", "release", "pending", "price"} & {*status}
    cloud.refuse(monkeypatch, "machine list")
    said = claw_tui("status", "my-app", "--quick")
    assert (said.code, "the sky fell" in said.err) == (5, True), said


def test_a_key_that_its_company_refuses_is_not_sent(cloud: Cloud, tmp_path: Path) -> None:
    cloud.log_in()
    said = claw_tui(
        "apply", "--yes", write_answers(tmp_path), THE_KEY="sk-ant-api03-bad-bad-bad-bad-bad-bad-bad"
    )
    assert (said.code, "secrets.ANTHROPIC_API_KEY - " in said.err) == (3, True), said
    assert cloud.read()["apps"] == {}


def test_what_is_kept_is_not_sent_again(cloud: Cloud, tmp_path: Path) -> None:
    """Also when the place for secrets was opened for it; and the last answers need no name."""
    cloud.log_in()
    answers = write_answers(tmp_path)
    kept = claw_tui("apply", answers, "--yes", "--keep", THE_KEY=KEY)
    assert (kept.code, "ANTHROPIC_API_KEY in " in kept.out) == (0, True), kept
    for argv in (("plan", answers), ("plan",)):
        said = claw_tui(*argv, THE_KEY=KEY)
        assert (said.code, said.out.splitlines()[-1]) == (0, "Nothing to change."), said


def test_half_made_gateways_are_on_the_list(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log_in()
    cloud.faults(monkeypatch, {"command": "deploy", "exit": 1, "stderr": "Error: something odd\n"})
    assert claw_tui("apply", write_answers(tmp_path), "--yes", THE_KEY=KEY).code == 5
    assert "my-app: pending, last run: failed" in claw_tui("status").out


def test_a_file_without_a_door_is_not_opened_unsaid(cloud: Cloud, tmp_path: Path) -> None:
    cloud.log_in()
    (tmp_path / "own.toml").write_text('app = "my-app"\nprimary_region = "fra"\n')
    said = claw_tui("plan", write_answers(tmp_path, spec_with(own_fly_toml="own.toml")), THE_KEY=KEY)
    assert said.code == 2, said
    assert "+ [http_service]" in said.out or "+ http_service" in said.out, said.out
    assert "Note: that file opens no door to the internet; the answers do" in said.out


def test_a_run_is_left_alone_and_watched_from_elsewhere(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that goes on: another apply is refused, a second process sees all of it, and both say the same end."""
    cloud.log_in()
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": "deploy", "when": "before", "hold": str(gate)})
    answers = write_answers(tmp_path)
    started = claw_tui("apply", answers, "--yes", "--detach", THE_KEY=KEY)
    assert (started.code, "claw-tui --demo watch my-app" in started.out) == (0, True), started
    again = claw_tui("apply", answers, "--yes", "--json", THE_KEY=KEY)
    assert (again.code, again.of("error")[0]["code"]) == (7, "busy"), again
    with subprocess.Popen(
        [sys.executable, "-m", "claw_tui", "watch", "--demo", "my-app", "--json"], env=environment(), stdout=subprocess.PIPE, text=True,
    ) as watching:  # fmt: skip
        assert watching.stdout is not None
        first = watching.stdout.readline()
        assert '"event": "run"' in first
        Path(f"{gate}.go").touch()
        rest = watching.stdout.read()
    assert watching.returncode == 0, rest
    assert claw_tui("watch", "--json").out == first + rest
    assert_whole(cloud)


def test_the_example_of_the_readme_makes_a_plan(cloud: Cloud, tmp_path: Path) -> None:
    """The file of answers that people copy."""
    cloud.log_in()
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    answers = tmp_path / "my-app.toml"
    answers.write_text(readme.partition("```toml\n")[2].partition("```")[0])
    said = claw_tui(
        "plan", str(answers), GATEWAY_TOKEN=SECRETS["OPENCLAW_GATEWAY_TOKEN"].reveal(),
        ANTHROPIC_API_KEY=KEY, DISCORD_BOT_TOKEN=SECRETS["DISCORD_BOT_TOKEN"].reveal(),
    )  # fmt: skip
    assert (said.code, said.err) == (2, ""), said
    assert "Plan for my-claw-4711" in said.out
    assert "create: Create the app (my-claw-4711 in personal)" in said.out
    assert "There is something to do: claw-tui --demo apply does it." in said.out


@pytest.mark.parametrize(
    ("app", "said"),
    [
        ("demo-taken", '    app = "my-demo-taken"  my-demo-taken.fly.dev'),
        ("my-app", '    region = "sin"  Singapore'),
    ],
)
def test_other_names_and_places_are_offered_as_on_the_screen(
    cloud: Cloud, tmp_path: Path, app: str, said: str
) -> None:
    """What is offered there by a key is here a line for the answers: with it the next run goes on."""
    cloud.log_in()
    answers = write_answers(tmp_path, replace(WISH, app=app, region="bom"))
    failed = claw_tui("apply", answers, "--yes", THE_KEY=KEY)
    assert failed.code == 5
    assert said in failed.out, failed.out

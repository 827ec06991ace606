"""Parts of the text twin that are quicker to look at from inside."""

from __future__ import annotations

import io
import json
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.adapters import file_store, secret_file
from claw_tui.adapters.file_store import FileStore
from claw_tui.domain.answers_reader import Source, read_answers
from claw_tui.domain.answers_writer import answers_text
from claw_tui.domain.errors import StateError
from claw_tui.domain.jobs import Job, JobEvent, JobState, StepInfo
from claw_tui.domain.secret import Secret
from claw_tui.engine.given import Given, GivenSecrets, revision_of
from claw_tui.engine.plan import make_plan, view_of
from claw_tui.engine.session import Session
from claw_tui.engine.world import WorldReader
from claw_tui.plain.desk import wrong_own_file
from claw_tui.plain.door import Door
from claw_tui.plain.follow import Follower
from claw_tui.plain.out import Out
from claw_tui.plain.signals import Signals
from claw_tui.ports import Services
from tests.answers import specs
from tests.engine.rig import SECRETS, WISH, have_gateway, spec_with
from tests.unit.test_answers_file import whole

pytestmark = pytest.mark.anyio


class FakeRun:
    """A run that says one thing at each look."""

    def __init__(self, *events: JobEvent, end: JobState = JobState.FAILED) -> None:
        self._end = end
        self.job = Job("1", "my-app", WISH, (StepInfo("deploy", "Deploy"),), "", 0.0)
        self.waiting, self.cancelled = list(events), 0

    def state(self) -> JobState:
        return JobState.GOING_ON if self.waiting else self._end

    def new_events(self) -> Sequence[JobEvent]:
        return [self.waiting.pop(0)] if self.waiting else []

    def new_log(self) -> Sequence[str]:
        return ()

    @property
    def log_path(self) -> Path:
        return Path("/dev/null")

    def heard(self) -> float:
        return 0.0

    def cancel(self) -> None:
        self.cancelled += 1

    def dismiss(self) -> None:
        """It is not offered any more."""


async def test_the_second_ctrl_c_leaves_it_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    run = FakeRun(*[JobEvent("part", 1.0, "deploy", "running", part=str(n)) for n in range(1000)])
    follower = Follower(Out(), run, Signals(), log=False, may_cancel=True)
    follower._asked(signal.SIGINT)
    follower._asked(signal.SIGINT)
    assert await follower.to_the_end() == 130
    assert run.cancelled == 1
    said = capsys.readouterr().err
    assert "claw-tui watch my-app" in said
    assert "goes on" not in said, "it was asked to stop"


async def test_all_that_an_event_has_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    failed = JobEvent(
        "step", 3.0, "deploy", "failed", "No room.", "Choose another region or a smaller machine on the App screen, or try"
        " again later.", "no-capacity", lines=("as flyctl said",),
    )  # fmt: skip
    run = FakeRun(
        JobEvent("accepted", 1.0), JobEvent("step", 1.0, "deploy", "running"), JobEvent("part", 2.0, "deploy", "running", part="image", words="3 of 9"),
        JobEvent("part", 2.0, "deploy", "done", part="image"),
        JobEvent("made", 2.0, part="machine", words="\x1b[31mabc"), failed,
    )  # fmt: skip
    assert await Follower(Out(), run, Signals(), log=False, may_cancel=True).to_the_end() == 5
    said = capsys.readouterr().out.splitlines()
    assert [line[9:] for line in said[1:6]] == [
        "Deploy …", "Deploy: Find the image: 3 of 9", "Deploy: Find the image: done", "Made: machine abc", "Deploy: failed. No room.",
    ]  # fmt: skip
    assert said[6:8] == [
        "    as flyctl said",
        "    Choose another region or a smaller machine (region, vm_size, memory_mb), or try again later.",
    ]


async def test_what_helps_and_what_it_costs_is_said_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    failed = JobEvent("step", 3.0, "deploy", "failed", "No room.", "", "no-capacity")
    await Follower(Out(as_json=True), FakeRun(failed), Signals(), log=False, may_cancel=True).to_the_end()
    _run, _step, help_, end = map(json.loads, capsys.readouterr().out.splitlines())
    assert (help_["event"], help_["kind"], end["exit"]) == ("help", "no-capacity", 5)
    assert "a month" in help_["choices"][0]["words"]


async def test_a_choice_is_told_as_the_line_of_the_answers_that_makes_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    failed = JobEvent("step", 3.0, "deploy", "failed", "No memory.", "", "build-memory")
    run = FakeRun(failed)
    run.job = replace(run.job, spec=replace(run.job.spec, source="git"))
    await Follower(Out(), run, Signals(), log=False, may_cancel=True).to_the_end()
    said = capsys.readouterr().out
    assert '\n    builder = "machine"  a builder of your organization\n' in said


async def test_an_answer_that_would_help_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """What is a key on the screen is a line of the answers here."""
    lines = ("[    9.417] Out of memory: Killed process 642 (node)",)
    failed = JobEvent("step", 3.0, "deploy", "failed", "Not healthy.", "", "unhealthy", lines=lines)
    await Follower(Out(), FakeRun(failed), Signals(), log=False, may_cancel=True).to_the_end()
    said = capsys.readouterr().out
    assert "Give it 4 GB of memory ($" in said
    assert '\n    vm_size = "shared-cpu-2x"\n    memory_mb = 4096\n' in said


async def test_what_does_not_work_yet_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    proof = JobEvent(
        "missing",
        2.0,
        "prove",
        "missing",
        hint="Look there.",
        part="discord",
        words="Discord is not connected",
    )
    run = FakeRun(proof, end=JobState.DONE)
    assert await Follower(Out(), run, Signals(), log=False, may_cancel=True).to_the_end() == 0
    said = capsys.readouterr().out
    assert "Discord is not connected: it does not work yet\n    Look there.\n" in said
    assert "What does not work yet is named above." in said


async def test_random_answers_make_the_same_plan_from_their_file(services: Services) -> None:
    await have_gateway(services)
    there = await WorldReader(services.fly).read("my-app")
    for spec in map(whole, specs(5, 12, "2026.9.6")):
        wish = replace(spec, app="my-app")
        found = read_answers(answers_text(wish), "it").spec
        plans = [make_plan(view_of(one, there, services.state)) for one in (wish, found)]
        assert plans[0] == plans[1]
        assert plans[0].changes


async def test_a_given_secret_is_sent_once(services: Services) -> None:
    """The same value again is nothing to send; another one is; what is to stay as Fly.io has it is not, but if it is gone."""
    await have_gateway(services)
    session, name = Session(services), "ANTHROPIC_API_KEY"
    value = SECRETS[name]

    async def unsent(given: Given, spec: object = WISH) -> tuple[str, ...]:
        await session.plan_for(spec)  # type: ignore[arg-type]
        secrets = GivenSecrets(session, given)
        await secrets.adjust()
        assert session.view is not None
        return session.view.unsent

    services.state.set_revision("my-app", name, "newer")  # given in the wizard, and not sent
    assert await unsent(Given()) == (name,)
    assert await unsent(Given(left=(name,))) == ()
    assert await unsent(Given(left=("NEW_KEY",)), spec_with(secret_names=("NEW_KEY",))) == ("NEW_KEY",)
    assert await unsent(Given({name: value})) == (name,)
    word = revision_of("my-app", name, value)
    services.state.set_sent_digests("my-app", {name: (word, "the digest of then")})
    assert await unsent(Given({name: value})) == ()
    assert await unsent(Given({name: Secret("sk-ant-another-CANARY-value-of-it")})) == (name,)


@pytest.fixture
async def locked(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A secret in a file that is locked again."""
    monkeypatch.setattr(file_store, "N", secret_file.N_LEAST)
    box = tmp_path / "secrets.box"
    for _round in range(2):
        made = replace(services, secret_file=FileStore(box), given_store="file")
        session = Session(made)
        await session.vault.look()
        if _round == 0:
            await session.vault.unlock("file", Secret("four words of pass"))
            await session.vault.put("my-app", "A_KEY", Secret("CANARY-value"))
    return session


async def test_a_passphrase_from_a_descriptor_opens_the_place(
    locked: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASS", "four words of pass")
    assert await locked.vault.get("my-app", "A_KEY") is None
    door = Door(locked, Signals(), Source("env", "PASS"), asks=False)
    assert await door.open()
    assert await locked.vault.get("my-app", "A_KEY") == Secret("CANARY-value")
    assert not await door.open()  # it is open


async def test_nobody_is_asked_without_a_terminal(locked: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("four words of pass\n"))
    assert not await Door(locked, Signals(), None, asks=True).open()


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


async def test_a_wrong_passphrase_is_asked_for_again(
    locked: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Tty())
    monkeypatch.setattr("sys.stderr", Tty())
    typed = ["wrong", "four words of pass"]
    monkeypatch.setattr("getpass.getpass", lambda _prompt: typed.pop(0))
    assert await Door(locked, Signals(), None, asks=True).open()
    assert typed == []
    assert await locked.vault.get("my-app", "A_KEY") == Secret("CANARY-value")


async def test_a_place_that_is_not_there_yet_is_made_only_when_meant(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_store, "N", secret_file.N_LEAST)
    box = tmp_path / "secrets.box"
    session = Session(replace(services, secret_file=FileStore(box), given_store="file"))
    await session.vault.look()
    monkeypatch.setenv("PASS", "four words of pass")
    door = Door(session, Signals(), Source("env", "PASS"), asks=False)
    assert not await door.open()
    assert not box.exists()
    assert await door.open(make=True)
    assert box.exists()


@pytest.mark.parametrize("name", ["status.json", "events.jsonl"])
async def test_a_damaged_run_ends_the_watching_with_a_sentence(
    services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    await have_gateway(services)
    found = next((tmp_path / "state").rglob(name))
    found.write_text("[]\n")
    run = services.runs.latest("my-app")
    assert run is not None
    follower = Follower(Out(), run, Signals(), log=False, may_cancel=False)
    if name == "status.json":
        assert await follower.to_the_end() == 1
        assert "It was cut off" in capsys.readouterr().out
        return
    with pytest.raises(StateError, match="can't be read"):
        await follower.to_the_end()


async def test_a_fly_toml_of_ones_own_is_looked_at_first(services: Services, tmp_path: Path) -> None:
    own = tmp_path / "fly.toml"
    assert [one.name for one in wrong_own_file(services.state, spec_with(own_fly_toml=str(own)))] == [
        "own_fly_toml"
    ]
    own.write_text("app = [")
    assert [one.name for one in wrong_own_file(services.state, spec_with(own_fly_toml=str(own)))] == [
        "own_fly_toml"
    ]
    own.write_text('app = "my-app"\n')
    assert wrong_own_file(services.state, spec_with(own_fly_toml=str(own))) == []

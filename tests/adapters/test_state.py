"""Answers on disk, the journal, and the stores."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.adapters import files
from claw_tui.adapters.journal import JournalFile
from claw_tui.adapters.state_files import StateFiles, spec_from_toml, spec_to_toml
from claw_tui.adapters.stores import KeyringStore, MemoryStore
from claw_tui.domain.answers import StoreState
from claw_tui.domain.discord import BotIdentity, BotMember, Channel, Guild, GuildView, Overwrite, Role, Sight
from claw_tui.domain.errors import Busy, StateError, StoreError
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import ChannelSpec, DiscordSpec, GatewaySpec, GuildSpec, Named, Spec
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.engine.rig import ended, start
from tests.unit.test_gateway_config import FULL

pytestmark = pytest.mark.anyio


def test_answers_come_back_as_they_were(tmp_path: Path) -> None:
    state = StateFiles(tmp_path / "s")
    assert state.load_draft() is None
    state.save_draft(FULL)
    assert state.load_draft() == FULL
    state.save_answers(FULL)
    assert state.known_apps() == ("my-app",)
    assert state.load_answers("my-app") == FULL
    assert state.load_answers("other") is None
    state.drop_draft()
    state.drop_draft()
    assert state.load_draft() is None
    assert spec_from_toml(spec_to_toml(Spec()), "x") == Spec()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("volume_gb = 'big'", "volume_gb"),
        ("x = ", "Invalid"),
        ("schema = 99", "newer"),
        ("source = 'tape'", "source"),
    ],
)
def test_answers_that_cannot_be_read_say_where(text: str, said: str) -> None:
    with pytest.raises(StateError, match=said):
        spec_from_toml(text, "draft.toml")


def test_everything_is_for_our_eyes_only(tmp_path: Path) -> None:
    state = StateFiles(tmp_path / "s")
    state.save_answers(FULL)
    state.set_revision("my-app", "A", "r1")
    state.set_sent_digests("my-app", {"A": ("r1", "d1")})
    state.set_setting("x", "y")
    assert state.revisions("my-app") == {"A": "r1"}
    assert state.sent_digests("my-app") == {"A": ("r1", "d1")}
    assert state.setting("x") == "y"
    for path in (tmp_path / "s").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f"
    files.write_atomic(path, "old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StateError, match="No space left"):
        files.write_atomic(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["f", "home"] or [p.name for p in tmp_path.iterdir()] == [
        "home",
        "f",
    ]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError):
        StateFiles(tmp_path / "file").save_draft(Spec())


# -- the journal --------------------------------------------------------------------------------------------------
async def test_a_call_that_ended_leaves_nothing_open(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path / "j")
    journal.step = "create-app"
    opened = journal.open("fly apps create x")
    (intent,) = journal.unfinished()
    assert (intent.step, intent.command, intent.pid) == ("create-app", "fly apps create x", 0)
    opened.started(123)
    assert journal.unfinished()[0].pid == 123
    opened.ended("done")
    assert journal.unfinished() == ()
    await journal.settle(0.1)


def orphan(folder: Path, seconds: float) -> subprocess.Popen[bytes]:
    """A run that is killed while its flyctl goes on."""
    code = (
        "import os, subprocess, sys\n"
        "from pathlib import Path\n"
        "from claw_tui.adapters.journal import JournalFile\n"
        f"opened = JournalFile(Path({str(folder)!r})).open('fly volumes create')\n"
        f"child = subprocess.Popen(['sleep', '{seconds}'], pass_fds=opened.fds)\n"
        "opened.started(child.pid)\n"
        "os.kill(os.getpid(), 9)"
    )
    return subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": "src"})


async def test_after_a_kill_the_call_in_flight_is_waited_for(tmp_path: Path) -> None:
    orphan(tmp_path / "j", 1.5).wait()
    journal = JournalFile(tmp_path / "j")
    assert [intent.command for intent in journal.unfinished()] == ["fly volumes create"]
    with pytest.raises(Busy, match="fly volumes create") as caught:
        await journal.settle(0.2)
    assert f"`kill {journal.unfinished()[0].pid}`" in caught.value.hint
    start = time.monotonic()
    await journal.settle(20)
    assert time.monotonic() - start > 0.3
    assert journal.unfinished() == ()


async def test_a_daemon_that_kept_the_lock_does_not_hold_us_up(tmp_path: Path) -> None:
    """flyctl's agent inherits the descriptor and lives on; the recorded process is gone."""
    journal = JournalFile(tmp_path / "j")
    opened = journal.open("fly deploy")
    daemon = subprocess.Popen(["sleep", "30"], pass_fds=opened.fds)
    ended = subprocess.Popen(["true"])
    ended.wait()
    opened.started(ended.pid)
    os.close(opened.fds[0])
    start = time.monotonic()
    await JournalFile(tmp_path / "j").settle(10)
    assert time.monotonic() - start < 5
    daemon.kill()
    daemon.wait()


async def test_a_line_that_a_crash_cut_short_is_passed_over(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path / "j")
    journal.open("fly x").ended("done")
    with (tmp_path / "j" / "journal.jsonl").open("a") as file:
        file.write('{"call": "abc", "comm')
    assert journal.unfinished() == ()


# -- stores -------------------------------------------------------------------------------------------------------
async def test_memory() -> None:
    store = MemoryStore()
    await store.put("a", Secret("x"))
    assert await store.get("a") == Secret("x")
    await store.delete("a")
    await store.delete("a")
    assert await store.get("a") is None


async def test_no_keyring_is_told_and_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    store = KeyringStore(os.environ)
    start = time.monotonic()
    probe = await store.probe()
    assert time.monotonic() - start < 2.6
    assert probe.state is StoreState.ABSENT
    assert "no session bus" in probe.why
    with pytest.raises(StoreError):
        await store.put("a", Secret("canary"))
    await store.close()


@pytest.mark.parametrize(
    ("backend", "state"),
    [
        ("keyring.backends.null.Keyring", StoreState.DISABLED),
        ("keyring.backends.fail.Keyring", StoreState.DISABLED),
        ("keyrings.alt.file.PlaintextKeyring", StoreState.UNSAFE),
        ("nosuch.mod.X", StoreState.UNSAFE),
    ],
)
@pytest.mark.parametrize("by", ["environment", "file"])
async def test_a_backend_that_keeps_nothing_safe_is_refused(
    backend: str, state: StoreState, by: str, tmp_path: Path
) -> None:
    env = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
    if by == "environment":
        env["PYTHON_KEYRING_BACKEND"] = backend
    else:
        (tmp_path / "python_keyring").mkdir()
        text = f"[backend]\n# chosen by hand\ndefault-keyring: {backend}\n"
        (tmp_path / "python_keyring" / "keyringrc.cfg").write_text(text)
    store = KeyringStore(env)
    probe = await store.probe()
    assert probe.state is state
    assert backend in probe.why
    with pytest.raises(StoreError):
        await store.put("a", Secret("x"))
    await store.close()


async def test_a_bus_that_never_answers_ends_in_time(tmp_path: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()
        store = KeyringStore({**os.environ, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/bus"})
        start = time.monotonic()
        probe = await store.probe()
        assert time.monotonic() - start < 3.0
        assert probe.state in (StoreState.ABSENT, StoreState.HANGS)
        await store.close()


async def test_a_hung_keyring_is_left_after_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    from claw_tui.adapters import stores

    monkeypatch.setattr(stores, "CALL_SECONDS", 0.5)
    store = KeyringStore(os.environ)
    await store.probe()
    child = store._child
    assert child is not None
    os.kill(child.pid, 19)  # SIGSTOP
    with pytest.raises(StoreError, match="did not answer"):
        await store.put("a", Secret("canary"))
    assert child.returncode is not None
    await store.close()


async def test_two_questions_at_once_take_turns() -> None:
    store = KeyringStore(os.environ)
    first, second = await asyncio.gather(store.probe(), store.probe())
    assert first == second
    await store.close()


def test_specs_differ_by_what_was_changed() -> None:
    assert replace(FULL, app="x") != FULL


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = [", "\x00", "a = 1\na = 2"])
def test_answers_that_are_damaged_give_one_sentence(tmp_path: Path, text: str) -> None:
    state = StateFiles(tmp_path)
    state.file("my-app", "answers.toml").write_text(text)
    with pytest.raises(StateError, match="can't be used"):
        state.load_answers("my-app")


def test_a_journal_of_brackets_has_no_open_calls(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text("[" * 100_000 + "\n")
    assert JournalFile(tmp_path).unfinished() == ()


async def test_one_damaged_run_does_not_stop_the_start(services: Services, tmp_path: Path) -> None:
    run = await start(services)
    await ended(run)
    folder = next((tmp_path / "state").rglob("status.json")).parent
    for text in ("[" * 100_000, "[]", "null", "7", '{"state": "bogus"}'):
        (folder / "status.json").write_text(text)
        assert Session(services).find_run() is None
    (folder / "status.json").unlink()
    os.mkfifo(folder / "status.json")
    assert Session(services).find_run() is None
    (folder / "job.json").write_text("[" * 100_000)
    assert Session(services).find_run() is None


def test_every_secret_that_was_ever_given_is_known_by_name(tmp_path: Path) -> None:
    state = StateFiles(tmp_path / "s")
    assert state.revised() == ()
    for app, name in (("b", "K"), ("", "N"), ("a", "L"), ("a", "K")):
        state.set_revision(app, name, "r")
    assert state.revised() == (("", "N"), ("a", "K"), ("a", "L"), ("b", "K"))


# -- the keyring's child ------------------------------------------------------------------------------------------
def answering(code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> KeyringStore:
    """A store whose child is ``code``: it has ``question`` and ``say``."""
    program = tmp_path / "child.py"
    program.write_text(
        "import json, sys, time\n"
        "def say(**words):\n    sys.stdout.write(json.dumps(words) + '\\n')\n    sys.stdout.flush()\n"
        f"for line in sys.stdin:\n    question = json.loads(line)\n    {code}\n"
    )
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\nexec {sys.executable} {program}\n")
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    return KeyringStore(os.environ)


async def test_an_answer_that_nobody_waited_for_is_not_given_to_the_next_question(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A screen that is left cancels what it asked; the next secret must not be the one before it."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    store = answering(
        f"open({str(gate)!r}).read() if question['name'] == 'slow' else 0;"
        " say(state='ready', value=question['name'])",
        monkeypatch, tmp_path,
    )  # fmt: skip
    asking = asyncio.ensure_future(store.get("slow"))
    writer = await asyncio.to_thread(open, gate, "w")  # the child has read the question
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    writer.close()
    assert await store.get("quick") == Secret("quick")
    await store.close()


@pytest.mark.parametrize(
    "code", ["sys.exit(3)", "print('no json', flush=True)", "print('[1]' * 0, flush=True)"]
)
async def test_a_child_that_breaks_is_told(
    code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = answering(code, monkeypatch, tmp_path)
    with pytest.raises(StoreError, match="ended unexpectedly"):
        await store.get("a")
    assert (await store.probe()).state is StoreState.ERROR
    await store.close()


async def test_a_child_whose_parent_was_killed_does_not_stay(tmp_path: Path) -> None:
    """It hangs in a call that never ends, and nobody is left to kill it: its own alarm does."""
    code = (
        "import signal, sys, time\n"
        "from claw_tui.adapters import keyring_child\n"
        "keyring_child.ALARM_SECONDS = 1\n"
        "keyring_child.answer = lambda _question: time.sleep(600)\n"
        "keyring_child.main()"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    child = subprocess.Popen([sys.executable, "-c", code], env=env, stdin=subprocess.PIPE)
    assert child.stdin is not None
    child.stdin.write(b'{"op": "probe"}\n')
    child.stdin.close()
    assert child.wait(20) == -14


@pytest.mark.parametrize(
    ("members", "taken"),
    [
        (["keyring.backends.SecretService.Keyring"], "keyring.backends.SecretService.Keyring"),
        (["keyrings.alt.file.PlaintextKeyring", "keyring.backends.libsecret.Keyring"],
         "keyring.backends.libsecret.Keyring"),
        (["keyrings.alt.file.PlaintextKeyring", "keyring.backends.null.Keyring"],
         "keyring.backends.chainer.ChainerBackend"),
        ([], "keyring.backends.chainer.ChainerBackend"),
    ],
)  # fmt: skip
def test_a_chain_is_its_first_safe_member(
    members: list[str], taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keyring.backends.chainer import ChainerBackend

    from claw_tui.adapters import keyring_child

    def made(name: str) -> object:
        module, _dot, kind = name.rpartition(".")
        return type(kind, (), {"__module__": module})()

    monkeypatch.setattr(ChainerBackend, "backends", [made(name) for name in members])
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.chainer.ChainerBackend")
    assert keyring_child.chosen_backend() == taken
    if taken not in keyring_child.SAFE:
        assert keyring_child.probe().state == "unsafe"


async def test_a_plaintext_keyring_that_is_merely_installed_is_not_taken(tmp_path: Path) -> None:
    """keyring itself would take it where nothing better is: there it is simply no keyring."""
    package = tmp_path / "keyrings" / "alt"
    package.mkdir(parents=True)
    (package / "file.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class PlaintextKeyring(KeyringBackend):\n    priority = 9\n"
        f"    def set_password(self, *a):\n        open({str(tmp_path / 'leak')!r}, 'w').write(str(a))\n"
        "    def get_password(self, *a):\n        return None\n"
    )
    store = KeyringStore(os.environ)
    store._env["PYTHONPATH"] += f"{os.pathsep}{tmp_path}"
    assert (await store.probe()).state is StoreState.ABSENT
    with pytest.raises(StoreError):
        await store.put("a", Secret("CANARY"))
    assert not (tmp_path / "leak").exists()
    await store.close()


async def test_a_bus_that_this_shell_was_not_told_of(tmp_path: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        store = KeyringStore({**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)})
        probe = await store.probe()
        await store.close()
    assert probe.state is StoreState.ABSENT
    assert "was not told of it" in probe.why
    assert f"DBUS_SESSION_BUS_ADDRESS=unix:path={tmp_path}/bus" in probe.hint


@pytest.mark.parametrize(
    "address", ["unix:path=/nonexistent/bus", "tcp:host=localhost,port=1", "nonsense", "unix:"]
)
async def test_a_bus_that_is_not_there(address: str) -> None:
    store = KeyringStore({**os.environ, "DBUS_SESSION_BUS_ADDRESS": address})
    probe = await store.probe()
    await store.close()
    assert (probe.state, "session bus does not answer" in probe.why) == (StoreState.ABSENT, True)


def test_every_answer_of_the_child_has_words() -> None:
    from claw_tui.adapters.keyring_words import told

    for state in StoreState:
        probe = told({"state": state.value, "code": "something new", "detail": "because"})
        assert probe.state is state
        assert bool(probe.why) == bool(probe.hint) == (state is not StoreState.READY)
        assert "{" not in probe.why + probe.hint


def test_a_disk_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network disks have none."""

    def none(_handle: int) -> bool:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(files, "try_lock", none)
    with pytest.raises(StateError, match="No locks available") as caught:
        StateFiles(tmp_path / "state").set_revision("my-app", "A", "r1")
    assert "CLAW_TUI_HOME" in caught.value.hint


# -- Discord ----------------------------------------------------------------------------------------------------------
OLD_ANSWERS = """\
schema = 1
app = "my-app"
[gateway]
primary_model = "a/b"
[gateway.discord]
enabled = true
[[gateway.discord.guilds]]
id = "1"
name = "One"
require_mention = false
channels = [{id = "11", name = "general"}]
"""


def test_answers_from_before_people_and_roles_could_be_chosen_are_read() -> None:
    spec = spec_from_toml(OLD_ANSWERS, "answers.toml")
    (guild,) = spec.gateway.discord.guilds
    assert guild == GuildSpec("1", "One", require_mention=False, channels=(ChannelSpec("11", "general"),))
    assert guild.channels[0].require_mention is None


def test_who_and_when_come_back_from_the_answers() -> None:
    channels = (
        ChannelSpec("11"), ChannelSpec("12", require_mention=False, users=(Named("*"),)),
        ChannelSpec("13", require_mention=True, roles=(Named("175", "Mods"),)),
    )  # fmt: skip
    guild = GuildSpec("1", "One", users=(Named("116", "Ada"),), channels=channels)
    spec = Spec(app="a", gateway=GatewaySpec(discord=DiscordSpec(enabled=True, guilds=(guild,))))
    assert spec_from_toml(spec_to_toml(spec), "answers.toml") == spec


def test_what_a_bot_saw_comes_back(tmp_path: Path) -> None:
    channel = Channel("11", "general", 0, 1, "9", (Overwrite("1", member=False, allow=0, deny=1 << 38),))
    view = GuildView(
        Guild("1", "One"), (channel,), (Role("1", "@everyone", 1 << 10),), BotMember("7", ("5",), 12.5), 3.5
    )
    sight = Sight(
        BotIdentity("42", "claw", reads_messages=True, user_id="7"), (Guild("1", "One"),), (view,), 99.5
    )
    state = StateFiles(tmp_path)
    assert state.sight("7") is None
    state.set_sight("7", sight)
    assert state.sight("7") == sight
    (tmp_path / "discord" / "7.json").write_text("[")
    assert state.sight("7") is None


@pytest.mark.parametrize(
    "text",
    ['{\n  "a": 1\n}\n', '{\n"a": "it\'\'\'s"}', "x\r\ny\x7f\n", '{\n"a": "\u2028 \\u0001\t"}', "\n\n{}\n"],
)
def test_a_file_to_start_from_comes_back_from_the_answers_as_it_was(text: str) -> None:
    spec = Spec(app="a", gateway=GatewaySpec(base=text))
    assert spec_from_toml(spec_to_toml(spec), "answers.toml") == spec

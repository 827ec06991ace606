"""The store against a real GNOME Keyring, on session buses of its own, in every state that it can be in."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from claw_tui.adapters.stores import CALL_SECONDS, KeyringStore
from claw_tui.domain.answers import StoreProbe, StoreState
from claw_tui.domain.errors import StoreError
from claw_tui.domain.secret import Secret
from tests.real.keyring_rig import PASSWORD, Desk, desk, unseen_display, until
from tests.terminal import Terminal

pytestmark = [pytest.mark.real, pytest.mark.anyio]
MOST_SECONDS = 2.5
KEY = Secret("CANARYvalue")
Env = dict[str, str]
Record = Callable[[str, object], None]


# -- situations ----------------------------------------------------------------------------------------------------
@contextmanager
def keyring(*, unlocked: bool = True, made: bool = True, display: str = "") -> Iterator[tuple[Desk, Env]]:
    """A login whose keyring was made (in an earlier one), and is open or not."""
    with desk(display) as mine:
        if made:
            with mine.login() as env:
                mine.unlock(env)
        with mine.login() as env:
            if unlocked and made:
                mine.unlock(env)
            yield mine, env


@contextmanager
def ready() -> Iterator[Env]:
    with keyring() as (_desk, env):
        yield env


@contextmanager
def locked() -> Iterator[Env]:
    with keyring(unlocked=False) as (_desk, env):
        yield env


@contextmanager
def locked_beside_a_screen_nobody_looks_at() -> Iterator[Env]:
    with unseen_display() as display, keyring(unlocked=False, display=display) as (_desk, env):
        yield env


@contextmanager
def uncreated() -> Iterator[Env]:
    with keyring(made=False) as (_desk, env):
        yield env


@contextmanager
def uncreated_beside_a_screen_nobody_looks_at() -> Iterator[Env]:
    with unseen_display() as display, keyring(made=False, display=display) as (_desk, env):
        yield env


@contextmanager
def hung() -> Iterator[Env]:
    with keyring() as (mine, env):
        mine.stop()
        yield env


@contextmanager
def switched_off() -> Iterator[Env]:
    with ready() as env:
        yield {**env, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}


@contextmanager
def no_bus() -> Iterator[Env]:
    with desk() as mine:
        yield mine.env


@contextmanager
def bus_not_told_of() -> Iterator[Env]:
    with desk() as mine, socket.socket(socket.AF_UNIX) as bus:
        bus.bind(f"{mine.env['XDG_RUNTIME_DIR']}/bus")
        yield mine.env


@contextmanager
def dead_bus() -> Iterator[Env]:
    with desk() as mine:
        yield {**mine.env, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={mine.folder}/gone"}


@contextmanager
def bus_that_says_nothing() -> Iterator[Env]:
    with desk() as mine, socket.socket(socket.AF_UNIX) as bus:
        bus.bind(f"{mine.folder}/bus")
        bus.listen()
        yield {**mine.env, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={mine.folder}/bus"}


@contextmanager
def bus_that_stopped() -> Iterator[Env]:
    with ready() as env, ExitStack() as stack:
        home = f"HOME={env['HOME']}\0".encode()
        for proc in Path("/proc").glob("[0-9]*"):
            if b"dbus-daemon" in _read(proc / "cmdline") and home in _read(proc / "environ"):
                os.kill(int(proc.name), signal.SIGSTOP)
                stack.callback(os.kill, int(proc.name), signal.SIGCONT)
        yield env


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@contextmanager
def nobody_who_keeps_secrets() -> Iterator[Env]:
    """A bus that knows of no service to start."""
    with desk() as mine:
        config = mine.folder / "bus.conf"
        config.write_text(
            "<busconfig><type>session</type>"
            f"<listen>unix:path={mine.folder}/bus</listen><auth>EXTERNAL</auth>"
            '<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>'
        )
        bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert bus.stdout is not None
        try:
            yield {**mine.env, "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}
        finally:
            bus.terminate()
            bus.wait()
            bus.stdout.close()


# -- the probe -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("situation", "state"),
    [
        (ready, StoreState.READY),
        (locked, StoreState.LOCKED),
        (locked_beside_a_screen_nobody_looks_at, StoreState.LOCKED),
        (uncreated, StoreState.UNCREATED),
        (uncreated_beside_a_screen_nobody_looks_at, StoreState.UNCREATED),
        (hung, StoreState.HANGS),
        (switched_off, StoreState.DISABLED),
        (no_bus, StoreState.ABSENT),
        (bus_not_told_of, StoreState.ABSENT),
        (dead_bus, StoreState.ABSENT),
        (bus_that_says_nothing, StoreState.HANGS),
        (bus_that_stopped, StoreState.HANGS),
        (nobody_who_keeps_secrets, StoreState.ABSENT),
    ],
    ids=lambda case: getattr(case, "__name__", ""),
)
async def test_the_probe_ends_in_time_and_asks_nobody(
    situation: Callable[[], AbstractContextManager[Env]], state: StoreState, record_property: Record
) -> None:
    with situation() as env:
        store = KeyringStore(env)
        probes, times = [], []
        for _ in range(2):
            start = time.perf_counter()
            probes.append(await store.probe())
            times.append(time.perf_counter() - start)
        await store.close()
        assert not prompters(env)
    name = situation.__name__.replace("_", " ")
    record_property("probe", (name, probes[0].state.value, *(f"{seconds * 1000:.0f}" for seconds in times)))
    assert [probe.state for probe in probes] == [state, state]
    assert max(times) < MOST_SECONDS
    assert all(bool(probe.why) == bool(probe.hint) == (state is not StoreState.READY) for probe in probes)


def prompters(env: Env) -> list[str]:
    """Programs that ask for a password on a screen."""
    home = f"HOME={env['HOME']}\0".encode()
    return [
        proc.name for proc in Path("/proc").glob("[0-9]*")
        if b"prompter" in _read(proc / "cmdline") and home in _read(proc / "environ")
    ]  # fmt: skip


async def test_a_call_does_not_prompt_either() -> None:
    """keyring's own call opens a window here and hangs; that is checked, else this would show nothing."""
    with locked_beside_a_screen_nobody_looks_at() as env:
        store = KeyringStore(env)
        for call in (store.put("a", KEY), store.get("a"), store.delete("a")):
            start = time.monotonic()
            with pytest.raises(StoreError, match="locked"):
                await call
            assert time.monotonic() - start < MOST_SECONDS
        await store.close()
        assert not prompters(env)
        code = "import keyring; keyring.get_password('claw-tui', 'a')"
        own = subprocess.Popen([sys.executable, "-c", code], env=env)
        try:
            until(lambda: prompters(env), "keyring's own prompt")
            assert own.poll() is None
        finally:
            own.kill()
            own.wait()


# -- keeping -------------------------------------------------------------------------------------------------------
VALUES = ("CANARYvalue", "", " ", "ü 😀 \"' \n two lines", "\0", "x" * 100_000)


async def test_what_is_kept_comes_back_in_another_program() -> None:
    with ready() as env:
        for number, text in enumerate(VALUES):
            store = KeyringStore(env)
            await store.put(f"T{number}", Secret(text))
            await store.close()  # a new helper, as in the next sitting
            assert await store.get(f"T{number}") == Secret(text)
            await store.delete(f"T{number}")
            await store.delete(f"T{number}")
            assert await store.get(f"T{number}") is None
            await store.close()


async def test_a_locked_keyring_keeps_what_it_has() -> None:
    with desk() as mine:
        with mine.login() as env:
            mine.unlock(env)
            store = KeyringStore(env)
            await store.put("T", KEY)
            await store.close()
        with mine.login() as env:
            store = KeyringStore(env)
            assert (await store.probe()).state is StoreState.LOCKED
            with pytest.raises(StoreError, match="locked"):
                await store.get("T")
            with pytest.raises(StoreError, match="does not open with this password"):
                await store.unlock(Secret("wrong"))
            assert (await store.probe()).state is StoreState.LOCKED
            await store.unlock(Secret(PASSWORD))
            assert (await store.probe()).state is StoreState.READY
            assert await store.get("T") == KEY
            await store.close()
        kept = [path for path in Path(mine.env["HOME"]).rglob("*") if path.is_file()]
        assert kept
        assert not [path for path in kept if b"CANARYvalue" in path.read_bytes()]


async def test_a_keyring_is_made_here_and_opens_with_its_password_in_the_next_login() -> None:
    with desk() as mine:
        with mine.login() as env:
            store = KeyringStore(env)
            assert (await store.probe()).state is StoreState.UNCREATED
            await store.unlock(Secret("nü pass"))
            await store.put("T", KEY)
            await store.close()
        with mine.login() as env:
            store = KeyringStore(env)
            assert (await store.probe()).state is StoreState.LOCKED
            await store.unlock(Secret("nü pass"))
            assert await store.get("T") == KEY
            await store.close()


NAMES = (
    "my-app/A", "my-app/a", "account/FLY_API_TOKEN", "/", "", " ", "a b", "\u00fc\u0308 \U0001f600", "'; \"\\", "*", "%s", "a\nb", "x" * 4000,
)  # fmt: skip


async def test_names_with_odd_characters_are_names_of_their_own() -> None:
    with ready() as env:
        store = KeyringStore(env)
        for number, name in enumerate(NAMES):
            await store.put(name, Secret(f"{number}"))
        for number, name in enumerate(NAMES):
            assert await store.get(name) == Secret(f"{number}")
        for number, name in enumerate(NAMES):
            await store.delete(name)
            assert await store.get(name) is None
            for later, other in enumerate(NAMES[number + 1 :], number + 1):
                assert await store.get(other) == Secret(f"{later}")
        for what in ("\ud800", "a\0b"):  # D-Bus has no such text
            with pytest.raises(StoreError, match="The keyring refused"):
                await store.put(what, KEY)
        await store.put("T", KEY)
        await store.close()


# -- while we run --------------------------------------------------------------------------------------------------
LOCK = """
import secretstorage
bus = secretstorage.dbus_init()
secretstorage.get_default_collection(bus).lock()
"""


async def test_it_is_locked_while_we_run() -> None:
    with ready() as env:
        store = KeyringStore(env)
        await store.put("T", KEY)
        subprocess.run([sys.executable, "-c", LOCK], env=env, check=True)
        for call in (store.put("T", Secret("other")), store.get("T"), store.delete("T")):
            with pytest.raises(StoreError, match="The keyring is locked"):
                await call
        await store.unlock(Secret(PASSWORD))
        assert await store.get("T") == KEY
        await store.close()


async def test_its_daemon_or_the_whole_bus_goes_away_while_we_run() -> None:
    with desk() as mine:
        with mine.login() as env:
            mine.unlock(env)
            store = KeyringStore(env)
            await store.put("T", KEY)
            mine.end_all()
            assert (await store.probe()).state is StoreState.LOCKED  # the bus starts another one
            await store.unlock(Secret(PASSWORD))
            assert await store.get("T") == KEY
        for call in (store.put("T", Secret("other")), store.get("T"), store.delete("T")):
            start = time.monotonic()
            with pytest.raises(StoreError, match="There is no keyring here"):
                await call
            assert time.monotonic() - start < MOST_SECONDS
        assert (await store.probe()).state is StoreState.ABSENT
        await store.close()


# -- hanging -------------------------------------------------------------------------------------------------------
async def test_a_keyring_that_hangs_holds_nobody_up() -> None:
    with keyring() as (mine, env):
        store = KeyringStore(env)
        await store.put("T", KEY)
        mine.stop()
        start = time.monotonic()
        with pytest.raises(StoreError, match="not answer"):
            await store.put("T", Secret("other"))
        assert time.monotonic() - start < CALL_SECONDS + 1
        probes: Sequence[StoreProbe] = await asyncio.gather(store.probe(), store.probe())
        assert {probe.state for probe in probes} == {StoreState.HANGS}
        await store.close()
        assert not helpers(env)


def helpers(env: Env) -> list[str]:
    home = f"HOME={env['HOME']}\0".encode()
    return [
        proc.name for proc in Path("/proc").glob("[0-9]*")
        if b"keyring_child" in _read(proc / "cmdline") and home in _read(proc / "environ")
    ]  # fmt: skip


PROGRAM = """
import os, sys
from dataclasses import replace
import claw_tui.wiring as wiring
from claw_tui.__main__ import main
from claw_tui.adapters.stores import KeyringStore
demo = wiring.services_for
keyring = KeyringStore(os.environ)
keyring._env["PYTHONPATH"] = os.environ.get("HOOK", "") + os.pathsep + keyring._env["PYTHONPATH"]
wiring.services_for = lambda environ, demo_=True, **_: replace(demo(environ, demo=True), keyring=keyring)
sys.exit(main(["--demo"]))
"""


@pytest.fixture
def program(tmp_path: Path) -> tuple[str, ...]:
    """The whole program on the simulated cloud, with the real keyring behind it."""
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return (sys.executable, str(path))


def leaves_within_two_seconds(t: Terminal, env: Env) -> None:
    start = time.monotonic()
    t.press("ctrl+q")
    assert t.wait_end(20) == 0
    assert time.monotonic() - start < 2.0
    assert not helpers(env)


def test_the_program_leaves_while_the_keyring_hangs_at_the_start(program: tuple[str, ...]) -> None:
    with hung() as env, Terminal([], env=env, program=program) as t:
        t.wait_for("asking")
        until(lambda: helpers(env), "the helper")
        leaves_within_two_seconds(t, env)


STOPS = """
import os, signal, sys
from pathlib import Path
from keyring.backends.SecretService import Keyring

folder, kept = Path({folder!r}), Keyring.set_password

def set_password(*args):
    for pid in {pids}:
        os.kill(pid, signal.SIGSTOP)
    (folder / "begun").write_text(str(os.getpid()))
    kept(*args)
    (folder / "ended").touch()

Keyring.set_password = set_password
"""


def state_of(pid: int) -> str:
    """The kernel's letter for a process: S it waits, T it was stopped; "" it is gone."""
    return _read(Path(f"/proc/{pid}/stat")).rpartition(b") ")[2][:1].decode()


def test_the_program_leaves_while_a_secret_is_being_kept_by_a_keyring_that_hangs(
    program: tuple[str, ...], tmp_path: Path
) -> None:
    """The keyring stops in the helper's very call that writes; the program leaves while the helper is in there."""
    with keyring() as (mine, env), Terminal([], env={**env, "HOOK": str(tmp_path)}, program=program) as t:
        t.wait_for("Secrets are kept in this computer's keyring")
        daemons = mine.programs("gnome-keyring-d")
        (tmp_path / "sitecustomize.py").write_text(STOPS.format(folder=str(tmp_path), pids=daemons))
        for old in helpers(env):  # the next one has the hook
            os.kill(int(old), signal.SIGKILL)
        t.wait_for("Nobody is logged in")
        t.press("enter")
        t.wait_for("You are not logged in.")
        t.press("down", "enter")
        t.wait_for("It will be kept in this computer's keyring")
        t.press("f3", "enter")
        begun = tmp_path / "begun"
        until(lambda: begun.exists() and begun.read_text(), "the write")
        helper = int(begun.read_text())
        until(lambda: state_of(helper) == "S", "the helper's waiting")
        assert str(helper) in helpers(env)
        assert {state_of(pid) for pid in daemons} == {"T"}
        leaves_within_two_seconds(t, env)
        assert state_of(helper) == ""
        for pid in daemons:
            os.kill(pid, signal.SIGCONT)
        assert not (tmp_path / "ended").exists()


def test_a_keyring_is_unlocked_from_the_first_screen(program: tuple[str, ...]) -> None:
    """From the first screen, keyboard only; neither password is ever on the terminal or on the disk."""
    with keyring(unlocked=False) as (mine, env), Terminal([], env=env, program=program) as t:
        t.wait_for("The keyring is locked.")
        t.press("f6")
        t.wait_for("Where are secrets kept?")
        t.press("enter")
        t.wait_for("Unlock this computer's keyring")
        t.type("wrong")
        t.press("enter")
        t.wait_for("does not open with this password")
        t.press("end", "ctrl+u")
        t.type(PASSWORD)
        t.press("enter")
        t.wait_for("Secrets are kept in this computer's keyring")
        leaves_within_two_seconds(t, env)
        assert PASSWORD.encode() not in t.bytes
        files = [path for path in mine.folder.rglob("*") if path.is_file()]
        assert not [path for path in files if PASSWORD.encode() in path.read_bytes()]

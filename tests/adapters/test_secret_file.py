"""The encrypted file of secrets: what goes in comes out, and nothing else opens, breaks or loses it."""

from __future__ import annotations

import asyncio
import base64
import errno
import hashlib
import json
import os
import random
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from claw_tui.adapters import file_store, files, secret_file
from claw_tui.adapters.file_store import FileStore
from claw_tui.adapters.secret_file import Header, Key, SecretFile, make_header, make_key, seal
from claw_tui.domain.answers import StoreState
from claw_tui.domain.errors import StoreError
from claw_tui.domain.secret import Secret
from tests.disks import Mount, fill, mount

pytestmark = pytest.mark.anyio
KILLS = int(os.environ.get("KILLS", "2"))  # of each kind of write, besides the decisive ones
__all__ = ["mount"]  # a fixture

PASS = Secret("four words and a blank ")
CANARY = "CANARYvalue-CANARYvalue"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least work that is accepted; what the real one costs is measured by itself."""
    monkeypatch.setattr(file_store, "N", secret_file.N_LEAST)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "secrets.box"


async def opened(path: Path, passphrase: Secret = PASS) -> FileStore:
    store = FileStore(path)
    await store.unlock(passphrase)
    return store


async def error_of(path: Path, passphrase: Secret = PASS) -> StoreError:
    """The one error that opening gives; the file is left as it is."""
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        await FileStore(path).unlock(passphrase)
    assert path.read_bytes() == before
    assert caught.value.hint
    return caught.value


def random_text(dice: random.Random) -> str:
    kinds = (
        lambda: chr(dice.randrange(32, 127)), lambda: dice.choice("\"'\\#\n\r\t \0"),
        lambda: chr(dice.randrange(0xA0, 0xD7FF)), lambda: chr(dice.randrange(0x1F300, 0x1FAFF)),
    )  # fmt: skip
    return "".join(dice.choice(kinds)() for _ in range(dice.choice((0, 1, 2, 20, 64, 400, 9000))))


async def test_what_is_kept_comes_back_in_another_sitting(path: Path) -> None:
    """Random values under random names, put and taken away in any order: the file is what a dictionary would be."""
    dice = random.Random(4)
    store, wanted = await opened(path), dict[str, str]()
    for _ in range(150):
        name = dice.choice([*wanted, random_text(dice)])
        if name in wanted and dice.random() < 0.4:
            await store.delete(name)
            del wanted[name]
        else:
            wanted[name] = random_text(dice)
            await store.put(name, Secret(wanted[name]))
    assert wanted
    again = await opened(path)
    for name, value in wanted.items():
        assert await again.get(name) == Secret(value)
    assert again._key is not None
    assert SecretFile(path).open(again._key) == wanted


async def test_neither_names_nor_values_are_in_the_file(path: Path) -> None:
    store = await opened(path)
    await store.put("my-app/ANTHROPIC_API_KEY", Secret(CANARY))
    whole = path.read_bytes()
    box = base64.b64decode(whole.splitlines()[1])
    for text in (CANARY, "my-app", "ANTHROPIC", PASS.reveal()):
        assert text.encode() not in whole
        assert text.encode() not in box
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "***" in repr(store._key)


async def test_every_write_has_its_own_nonce_and_the_size_tells_little(path: Path) -> None:
    store = await opened(path)
    seen, sizes = set(), set()
    for number in range(20):
        await store.put("a", Secret("x" * number))
        found = SecretFile(path).read()
        assert found is not None
        seen.add(found[0].nonce)
        sizes.add(path.stat().st_size)
    assert len(seen) == 20
    assert len(sizes) == 1


async def test_states(path: Path) -> None:
    store = FileStore(path)
    assert (await store.probe()).state is StoreState.UNCREATED
    with pytest.raises(StoreError, match="not open"):
        await store.put("a", Secret("x"))
    with pytest.raises(StoreError, match="Nothing was typed"):
        await store.unlock(Secret(""))
    await store.unlock(PASS)
    assert (await store.probe()).state is StoreState.READY
    assert await store.get("a") is None
    await store.put("a", Secret("x"))
    await store.close()
    assert (await store.probe()).state is StoreState.LOCKED
    with pytest.raises(StoreError, match="not open"):
        await store.get("a")


async def test_the_file_goes_with_its_last_secret_and_comes_back_with_the_next(path: Path) -> None:
    store = await opened(path)
    await store.put("a", Secret("x"))
    await store.delete("a")
    await store.delete("a")
    assert not path.exists()
    assert (await store.probe()).state is StoreState.READY
    await store.put("b", Secret("y"))
    assert await (await opened(path)).get("b") == Secret("y")


async def test_a_passphrase_is_taken_as_it_is(path: Path) -> None:
    """Blanks count; which blank it is, and how a keyboard composes a letter, does not."""
    await (await opened(path, Secret("  gr\u00fcn ' "))).put("a", Secret("x"))
    for same in ("  gru\u0308n ' ", " \u00a0gr\u00fcn\u2003' "):  # AltGr and the space bar is another blank
        assert await (await opened(path, Secret(same))).get("a") == Secret("x")
    for wrong in ("gr\u00fcn '", "  Gr\u00fcn ' ", "x"):
        error = await error_of(path, Secret(wrong))
        assert "does not open" in error.message
        assert str(path) in error.hint


# -- another passphrase ---------------------------------------------------------------------------------------------
OTHER = Secret("another four words")


async def test_another_passphrase(path: Path) -> None:
    """What is in the file stays, only the new one opens it, and it is told to whoever has it open with the old one."""
    store = await opened(path)
    await store.put("a", Secret(CANARY))
    beside = await opened(path)
    before = SecretFile(path).read()
    await store.change_password(OTHER)
    after = SecretFile(path).read()
    assert before is not None
    assert after is not None
    assert before[0].salt != after[0].salt
    assert (await store.probe()).state is StoreState.READY
    assert await store.get("a") == Secret(CANARY)
    await store.put("b", Secret("y"))
    assert "does not open" in (await error_of(path)).message
    again = await opened(path, OTHER)
    assert (await again.get("a"), await again.get("b")) == (Secret(CANARY), Secret("y"))
    probe = await beside.probe()
    assert (probe.state, "has another passphrase now" in probe.why) == (StoreState.LOCKED, True)
    for call in (beside.get("a"), beside.put("a", Secret("z")), beside.change_password(PASS)):
        with pytest.raises(StoreError, match="has another passphrase now"):
            await call
    await beside.unlock(OTHER)
    assert await beside.get("b") == Secret("y")


async def test_a_passphrase_that_is_none_changes_nothing(path: Path) -> None:
    with pytest.raises(StoreError, match="not open"):
        await FileStore(path).change_password(OTHER)
    store = await opened(path)
    await store.put("a", Secret("x"))
    before = path.read_bytes()
    with pytest.raises(StoreError, match="Nothing was typed"):
        await store.change_password(Secret(""))
    assert path.read_bytes() == before


async def test_nobody_waits_for_the_new_passphrase_any_more(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialog was left while it was written: what is in the file is what we go on with."""
    store = await opened(path)
    await store.put("a", Secret("x"))
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def slow(passphrase: Secret, header: Header) -> Key:
        begun.set()
        may_end.wait(10)
        return make_key(passphrase, header)

    def written(*args: object) -> None:
        write(*args)  # type: ignore[arg-type]
        ended.set()

    write = store._file.write
    monkeypatch.setattr(file_store, "make_key", slow)
    monkeypatch.setattr(store._file, "write", written)
    task = asyncio.ensure_future(store.change_password(OTHER))
    assert await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    may_end.set()
    assert await asyncio.to_thread(ended.wait, 10)
    await store.put("b", Secret("y"))
    monkeypatch.undo()
    assert await (await opened(path, OTHER)).get("a") == Secret("x")


KILLED = """
import asyncio, os, signal, sys, threading
from pathlib import Path
from claw_tui.adapters import file_store, secret_file
from claw_tui.adapters.file_store import FileStore
from claw_tui.domain.secret import Secret
import cryptography.hazmat.primitives.ciphers.aead
file_store.N = secret_file.N_LEAST
path, what, at = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store, seen, calls = FileStore(path), 0, []
async def change():
    if what == "put":
        await store.put("b", Secret("y"))
    elif what == "delete":
        await store.delete("b")
    else:
        await store.change_password(Secret(what))
def before_each_call(frame, event, function):
    global seen
    if event == "c_call" and frame.f_code.co_filename.endswith(("adapters/files.py", "adapters/secret_file.py", "pathlib.py")):
        seen += 1
        calls.append(function.__name__)
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
async def main():
    await store.unlock(Secret(sys.argv[4]))
    print("open", flush=True)
    threading.setprofile(before_each_call)
    # a thread of its own: the loop's first one was started before
    from concurrent.futures import ThreadPoolExecutor
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    await change()
    print(*calls)
asyncio.run(main())
"""


def killed(path: Path, what: str, at: int, passphrase: Secret) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    argv = [sys.executable, "-c", KILLED, str(path), what, str(at), passphrase.reveal()]
    return subprocess.run(argv, env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("what", [
    "put", pytest.param("delete", marks=pytest.mark.soak), pytest.param(OTHER.reveal(), marks=pytest.mark.soak),
])  # fmt: skip
async def test_a_kill_at_every_step_of_a_write_leaves_the_old_file_or_the_new_one(
    path: Path, what: str
) -> None:
    """Before each call into the system: what is there opens, nothing of it is lost, and the next write clears up."""
    start = {"a": CANARY} if what == "put" else {"a": CANARY, "b": "y"}
    end = {"a": CANARY} if what == "delete" else {"a": CANARY, "b": "y"}
    store = await opened(path)
    for name, value in start.items():
        await store.put(name, Secret(value))
    whole = path.read_bytes()
    calls = killed(path, what, 0, PASS).stdout.split()[1:]
    steps = range(1, len(calls) + 1)
    decisive = {at for at in steps if calls[at - 1] in ("write", "fsync", "replace", "unlink")}
    assert len(decisive) > 1
    dice, found = random.Random(what), set[bool]()
    for at in sorted(decisive | {*dice.sample(steps, min(len(steps), KILLS)), len(steps)}):
        path.write_bytes(whole)
        ended = killed(path, what, at, PASS)
        assert (ended.stdout, ended.returncode) == ("open\n", -9), ended.stderr
        new = path.read_bytes() != whole
        found.add(new)
        passphrase = OTHER if new and what not in ("put", "delete") else PASS
        after = await opened(path, passphrase)
        assert after._key is not None
        assert SecretFile(path).open(after._key) == (end if new else start)
        await after.put("c", Secret("z"))
        assert sorted(entry.name for entry in path.parent.iterdir()) == ["secrets.box", "secrets.box.lock"]
    assert found == {True, False}


# -- files that are not as they should be --------------------------------------------------------------------------
async def test_a_bit_that_fell_over_anywhere_is_noticed(path: Path) -> None:
    await (await opened(path)).put("a", Secret(CANARY))
    whole, dice = path.read_bytes(), random.Random(2)
    for at in [*range(40), *(dice.randrange(len(whole)) for _ in range(150)), len(whole) - 1]:
        changed = bytearray(whole)
        changed[at] ^= 1 << dice.randrange(8)
        path.write_bytes(changed)
        assert CANARY not in (await error_of(path)).message
        assert (await FileStore(path).probe()).state is StoreState.ERROR


async def test_a_file_that_was_cut_off_anywhere_is_noticed(path: Path) -> None:
    await (await opened(path)).put("a", Secret(CANARY))
    whole = path.read_bytes()
    for size in [*range(0, len(whole), 37), len(whole) - 1]:
        path.write_bytes(whole[:size])
        await error_of(path)
    path.write_bytes(whole + b"more")
    assert "damaged" in (await error_of(path)).message


@pytest.mark.parametrize(
    "text",
    ["", "\n", "{}", "[]", "null", "7", "[" * 100_000, '{"file": 1}', "-----BEGIN AGE ENCRYPTED FILE-----\n",
     '{"file": "claw-tui secrets", "version": true, "n": 65536}\n', "\x00\x01"],
)  # fmt: skip
async def test_a_file_of_somebody_else(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    assert "no file of secrets of claw-tui" in (await error_of(path)).message


async def test_what_is_no_file_at_all(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreError, match="no file that can be used") as caught:
        await FileStore(path).unlock(PASS)
    assert "Put a copy of it back" in caught.value.hint
    path.rmdir()
    os.mkfifo(path)
    with pytest.raises(StoreError, match="no file that can be used"):
        await FileStore(path).unlock(PASS)


def tampered(path: Path, **changes: object) -> None:
    """Change the header, and mend the checksum as a careful attacker would."""
    first, box, _checksum, _end = path.read_text().split("\n")
    lines = json.dumps({**json.loads(first), **changes}) + f"\n{box}\n"
    path.write_text(lines + hashlib.sha256(lines.encode()).hexdigest() + "\n")


@pytest.mark.parametrize(
    "changes",
    [{"n": 1 << 30}, {"n": 1 << 19}, {"n": 1 << 13}, {"n": 2}, {"n": 0}, {"n": -65536}, {"n": 65537},
     {"r": 1 << 20}, {"p": 1 << 20}, {"r": 1}, {"kdf": "none"}, {"cipher": "none"}, {"salt": ""}, {"nonce": "AAAA"},
     {"version": 0}, {"version": -1}],
)  # fmt: skip
async def test_a_header_that_asks_for_too_much_or_too_little_work_is_refused_before_it(
    path: Path, changes: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await opened(path)).put("a", Secret(CANARY))
    tampered(path, **changes)
    monkeypatch.setattr(hashlib, "scrypt", None)
    assert "damaged" in (await error_of(path)).message


@pytest.mark.parametrize(
    "changes", [{"version": 2}, {"version": 2, "n": "x", "salt": None, "kdf": "argon2id"}]
)
async def test_a_newer_file_is_left_alone(path: Path, changes: dict[str, object]) -> None:
    await (await opened(path)).put("a", Secret(CANARY))
    tampered(path, **changes)
    error = await error_of(path)
    assert ("newer" in error.message, error.hint) == (True, "Update claw-tui.")


@pytest.mark.parametrize(
    "changes",
    [{"salt": base64.b64encode(bytes(16)).decode()}, {"nonce": base64.b64encode(bytes(12)).decode()},
     {"n": secret_file.N_LEAST * 2}, {"extra": 1}],
)  # fmt: skip
async def test_the_header_is_authenticated(path: Path, changes: dict[str, object]) -> None:
    await (await opened(path)).put("a", Secret(CANARY))
    tampered(path, **changes)
    assert "does not open" in (await error_of(path)).message


# -- disks, and others ---------------------------------------------------------------------------------------------
async def test_a_full_disk_loses_nothing(mount: Mount) -> None:
    disk = mount("size=256k")
    store = await opened(disk / "s" / "secrets.box")
    await store.put("a", Secret(CANARY))
    before = (disk / "s" / "secrets.box").read_bytes()
    fill(disk)
    with pytest.raises(StoreError, match="No space left") as caught:
        await store.put("b", Secret("x" * 60_000))
    assert "Make room" in caught.value.hint
    assert (disk / "s" / "secrets.box").read_bytes() == before
    assert await store.get("a") == Secret(CANARY)
    assert sorted(entry.name for entry in (disk / "s").iterdir()) == ["secrets.box", "secrets.box.lock"]
    (disk / "fill").unlink()
    await store.put("b", Secret("x"))
    assert await store.get("b") == Secret("x")


async def test_a_full_disk_keeps_the_old_passphrase(mount: Mount) -> None:
    disk = mount("size=256k")
    path = disk / "s" / "secrets.box"
    store = await opened(path)
    await store.put("a", Secret("x" * 20_000))
    before = path.read_bytes()
    fill(disk)
    with pytest.raises(StoreError, match="No space left"):
        await store.change_password(OTHER)
    assert path.read_bytes() == before
    assert await store.get("a") == Secret("x" * 20_000)
    assert await (await opened(path)).get("a") == Secret("x" * 20_000)
    assert sorted(entry.name for entry in (disk / "s").iterdir()) == ["secrets.box", "secrets.box.lock"]


async def test_what_could_not_be_read_again_is_not_written(path: Path) -> None:
    store = await opened(path)
    await store.put("a", Secret(CANARY))
    with pytest.raises(StoreError, match="no room for so much"):
        await store.put("b", Secret("x" * files.MOST_BYTES))
    assert await (await opened(path)).get("a") == Secret(CANARY)


async def test_a_file_that_is_somebody_elses_is_not_called_damaged(path: Path) -> None:
    """As after ``sudo claw-tui``: to remove it would be bad advice."""
    if os.geteuid() != 0:
        pytest.skip("giving a file away takes root")
    await (await opened(path)).put("a", Secret("x"))
    os.seteuid(65534)
    try:
        probe = await FileStore(path).probe()
    finally:
        os.seteuid(0)
    assert probe.state is StoreState.ERROR
    assert "Permission denied" in probe.why
    assert "Make it readable for you" in probe.hint


async def test_a_write_that_was_lost_is_noticed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = await opened(path)
    await store.put("a", Secret("old"))
    monkeypatch.setattr(secret_file, "write_atomic", lambda _path, _text: None)
    with pytest.raises(StoreError, match="could not be read back"):
        await store.put("a", Secret("new"))
    assert await store.get("a") == Secret("old")


WRITER = """
import asyncio, sys
from pathlib import Path
from claw_tui.adapters.file_store import FileStore
from claw_tui.domain.secret import Secret
async def main(path, who):
    store = FileStore(Path(path))
    await store.unlock(Secret("both"))
    print("open", flush=True)
    sys.stdin.readline()
    for number in range(25):
        await store.put(f"{who}{number}", Secret(str(number)))
asyncio.run(main(*sys.argv[1:]))
"""


async def test_two_programs_at_once_do_not_undo_each_other(path: Path) -> None:
    await opened(path, Secret("both"))
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), who], env=env, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, text=True)
        for who in "abc"
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
    for writer in writers:
        writer.communicate("go\n", timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    store = await opened(path, Secret("both"))
    for who in "abc":
        for number in range(25):
            assert await store.get(f"{who}{number}") == Secret(str(number))


async def test_two_that_make_it_at_once_have_one_file(path: Path) -> None:
    """The one that comes second has to know the passphrase of the first."""
    first, second = FileStore(path), FileStore(path)
    ended = await asyncio.gather(first.unlock(PASS), second.unlock(Secret("another")), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ended) == ["NoneType", "StoreError"]
    both = await opened(path, PASS if ended[0] is None else Secret("another"))
    await both.put("a", Secret("x"))


async def test_a_file_that_was_made_anew_meanwhile_is_not_overwritten(path: Path) -> None:
    store = await opened(path)
    await store.put("a", Secret("x"))
    path.unlink()
    await (await opened(path, Secret("another"))).put("b", Secret("y"))
    with pytest.raises(StoreError, match="has another passphrase now"):
        await store.put("a", Secret("z"))
    assert (await store.probe()).state is StoreState.LOCKED
    assert await (await opened(path, Secret("another"))).get("b") == Secret("y")


async def test_a_disk_without_locks_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network disks have none."""
    store = await opened(path)

    def none(_handle: int) -> bool:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(files, "try_lock", none)
    with pytest.raises(StoreError, match="No locks available") as caught:
        await store.put("a", Secret("x"))
    assert "CLAW_TUI_HOME" in caught.value.hint


LITTLE = """
import asyncio, resource, sys
from pathlib import Path
from claw_tui.adapters.file_store import FileStore
from claw_tui.domain.errors import StoreError
from claw_tui.domain.secret import Secret
import cryptography.hazmat.primitives.ciphers.aead
async def main():
    await asyncio.to_thread(int)
    used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + (30 << 20),) * 2)
    try:
        await FileStore(Path(sys.argv[1])).unlock(Secret("x"))
    except StoreError as error:
        print(error.message)
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="what is used is asked of /proc")
def test_too_little_memory_is_told(path: Path) -> None:
    """The key takes 64 MiB; here are 30."""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    argv = [sys.executable, "-c", LITTLE, str(path)]
    ended = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert "too little memory" in ended.stdout, ended.stderr
    assert not path.exists()


async def test_a_lock_that_is_held_for_ever_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = await opened(path)
    monkeypatch.setattr(secret_file, "LOCK_SECONDS", 0.1)
    handle = files.open_lock(path.with_name("secrets.box.lock"))
    assert files.try_lock(handle)
    with pytest.raises(StoreError, match="Another claw-tui"):
        await store.put("a", Secret("x"))
    os.close(handle)
    await store.put("a", Secret("x"))


async def test_the_loop_goes_on_while_the_key_is_made(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening with the real work factor, twice; a timer that should come every 5 ms is never late by much."""
    monkeypatch.setattr(file_store, "N", secret_file.N)
    worst, stop = 0.0, asyncio.Event()

    async def tick() -> None:
        nonlocal worst
        last = time.thread_time()
        while not stop.is_set():
            await asyncio.sleep(0.005)
            now = time.thread_time()
            worst, last = max(worst, now - last), now

    ticking = asyncio.ensure_future(tick())
    await (await opened(path)).put("a", Secret("x"))
    assert await (await opened(path)).get("a") == Secret("x")
    stop.set()
    await ticking
    assert worst < 0.05, "this thread was busy by itself: something was done on the loop"


RECORDED_HEADER = (
    '{"file": "claw-tui secrets", "version": 1, "kdf": "scrypt", "n": 16384, "r": 8, "p": 1, '
    '"cipher": "ChaCha20-Poly1305", "salt": "c2FsdC1zYWx0LXNhbHQtMQ==", "nonce": "bm9uY2Utbm9uY2Ux"}'
)
RECORDED_BOX = (
    "/W9OncyYfahkBEYzmO3yKyz61rfLXFYM/nnSMx3uJoqpgaOzP7CubiFpfiwCKrxDb8uRx62dB4RGSnvXWkBIpbND86R7/10Dc9K4"
    "2c/8QVz1qFKu2raufe0teyIaiDjBpDXa/+nXfRui7C1cF481A+NpwtHevAkWF+92WMA5BLXMaToZJHJ79SCYmUuSOGyfCr5nO6Hy"
    "+g1QqF9ZG4Wf9UTpNISTDHuuGcttmgfjfUi7nkjjgqPKqVuKLJ7JPCe2wIK4XzylZJLmFvlIz/5xqD7qSDJI5Q9CogwvorZcWzkK"
    "Kzu3AT1Na0oNcgAR8apzVDE+UaaQDIkTNJikcquVWwrP4xf7nEyF/51w9WRy6NrGhQMzoqHd//beax+v3G4mnjOFO4dFvu0uHWEa"
    "ZP9ZJk2eHEv7p7saqQwUS8QMPGkNFG1116L+PU+E6N5Qml1Cv3rGUicO3x2NaaPAYggtC3l3EzxL4o1O+Ds/utUp6+bA2Bje32B7"
    "mfmA4wGe1d3VJUIIggs4pNJLht6UNfx2BsKtWBvPeUz28iKnkolnSnH4XlsI1RGofeGqAAbuhGelmiaO74UNVBYPtEX41ZxyyqkO"
    "xbJcjQYATwxs657WBnN7P014uDPdrtKQlbsWW6ybsjTcq5ZTUpghqQMQJWZ4/dqWV8Y4Zk+IlQ3nDrA/0YBm9T+EvpF+myuEyUmF"
    "Ai7LWXisCwvSAlCcuuTNzi/PhhTISB9YI6xIF9QN5EHCVByvXq/PbGgskAMSUH+ZbktjHNnG+JVppe4oFhbqmWWwdyqyVNfI3Cfn"
    "uGPjuGf7jwUqJYOCT5SivB9F0xPXThn0diQoPCD/NeBGP0Y0MLG2Rc2kHMP+v+4MvUEBxS4XcpUmS8ScZik+bhIWfY8LOTWr/bti"
    "P/P84r3NbE/X1qckAQ86SSZdqQIcyLLsYsjc16ARn2jZ+UgCUpoNZntQYkn83Xi8i8kPYGbYBs6kQ8S8/k+p+vQZdMWa745y+PLW"
    "JAo2Qzpzvy54YVLogACroBVf0Aaa3HKUx9dkWnmQWICCY9DMapRuNIFvURKCZCZ0iOdqWVgeu+TMUe2AF/uKKhyOmVSASbIr3Bp/"
    "LuFv76QFttdw2yl3OZ/ubv0NLIMkVR5/Ug8S+MjERJtwcVs9ZKohjhqMoT9Iio4tPVgeHBJX2x9czgU0o50NCzQ0kwZ0FQX/poqS"
    "MjhSqVhOmnt9d/NRP+JD5WlddoVosTW/oTOVJiwTBobw4VyQ6QVXsiYMHu6dxCxGdWy24rNPxIc8NcG0dRXDqbmfRa8inF8ZJUpS"
    "dnA8XLe4Ds2FtEqubDbMtVoMDj5oGsgcIrhRjV8n845w+UkO3mPSO5xzYTnpwExlZVgZ4+Raj8vLmWlwk+jEkrc="
)
RECORDED_SUM = "03052b1bf4525641d95f33ad2977f5c26b4f044757b4ac01dfea4e40b1136f23"
RECORDED = f"{RECORDED_HEADER}\n{RECORDED_BOX}\n{RECORDED_SUM}\n"


def test_the_recorded_file_still_opens(tmp_path: Path) -> None:
    """What an earlier version wrote. If this fails, people's files would not open any more."""
    path = tmp_path / "secrets.box"
    header = Header(RECORDED_HEADER, 1 << 14, b"salt-salt-salt-1", b"nonce-nonce1")
    key = Key(header, make_key(Secret("gr\u00fcn"), header).key)
    path.write_text(RECORDED)
    assert SecretFile(path).open(key) == {"my-app/A": "\u00fc\n", "account/FLY_API_TOKEN": "x"}


def test_a_sealed_file_has_three_lines() -> None:
    key = make_key(Secret("x"), make_header(1 << 14, bytes(16)))
    assert seal({}, key).count("\n") == 3

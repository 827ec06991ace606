"""Running programs: deadlines, floods, half characters, stubborn children; and nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from claw_tui.adapters import process
from claw_tui.adapters.process import Call
from claw_tui.domain.clean import clean

pytestmark = pytest.mark.anyio
ENV = {"PATH": os.environ["PATH"]}


def python(code: str, **how: object) -> Call:
    return Call([sys.executable, "-c", code], ENV, **{"deadline": 20.0, "grace": 0.3, **how})  # type: ignore[arg-type]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


async def gone(pid: int) -> None:
    """A killed process takes a moment to leave."""
    end = time.monotonic() + 5
    while alive(pid):
        assert time.monotonic() < end, f"{pid} is still there"
        await asyncio.sleep(0.01)


async def test_streams_code_and_environment_are_its_own() -> None:
    code = "import os,sys; print(sorted(os.environ)); print('e', file=sys.stderr); sys.exit(7)"
    done = await process.run(python(code))
    assert (done.code, done.stderr) == (7, "e\n")
    assert "HOME" not in done.stdout


async def test_stdin_arrives_and_none_means_nothing_to_read() -> None:
    code = "import sys; print(len(sys.stdin.read()))"
    assert (await process.run(python(code, stdin=b"x" * 200_000))).stdout == "200000\n"
    assert (await process.run(python(code))).stdout == "0\n"


async def test_stdin_can_be_held_open_until_the_end() -> None:
    code = "import select,sys; print(select.select([sys.stdin],[],[],0.2)[0] == [])"
    assert (await process.run(python(code, hold_stdin=True))).stdout == "True\n"
    assert (await process.run(python(code, stdin=b""))).stdout == "False\n"


async def test_a_program_that_does_not_read_its_stdin() -> None:
    assert (await process.run(python("print(1)", stdin=b"x" * 5_000_000))).stdout == "1\n"


async def test_a_deadline_ends_it_and_its_children() -> None:
    code = (
        "import signal,subprocess,sys,time\n"
        "for s in (signal.SIGINT, signal.SIGTERM): signal.signal(s, signal.SIG_IGN)\n"
        "child = subprocess.Popen(['sleep', '60']); print(child.pid, flush=True); time.sleep(60)"
    )
    seen: list[str] = []
    start = time.monotonic()
    with pytest.raises(process.TimedOut):
        await process.run(python(code, deadline=1.0, on_line=seen.append))
    assert time.monotonic() - start < 5
    await gone(int(seen[0]))


async def test_cancelling_ends_it_and_its_children() -> None:
    seen: list[str] = []
    started = asyncio.Event()

    def saw(line: str) -> None:
        seen.append(line)
        started.set()

    call = Call(["sh", "-c", "sleep 60 & echo $!; wait"], ENV, 60.0, grace=0.3, on_line=saw)
    task = asyncio.create_task(process.run(call))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await gone(int(seen[0]))


async def test_a_grandchild_that_holds_the_pipes_does_not_hold_us() -> None:
    start = time.monotonic()
    done = await process.run(Call(["sh", "-c", "sleep 60 & echo done"], ENV, 30.0, grace=0.3))
    assert done.stdout == "done\n"
    assert time.monotonic() - start < 5


async def test_a_flood_is_stopped() -> None:
    code = "import sys\nwhile True: sys.stdout.write('x' * 65536)"
    with pytest.raises(process.TooMuchOutput):
        await process.run(python(code))


async def test_a_flood_that_is_followed_goes_on() -> None:
    count = 0

    def saw(line: str) -> None:
        nonlocal count
        count += len(line)

    await process.run(python("for _ in range(700): print('x' * 65535)", on_line=saw))
    assert count == 700 * 65535


async def test_half_characters_and_long_lines_and_progress_bars() -> None:
    code = (
        "import os,time\n"
        "for part in (b'caf\\xc3', b'\\xa9\\r', b'\\nlong ' + b'y' * 300000 + b'\\n', b'10%\\r20%\\r', b'end \\xff'):\n"
        "    os.write(1, part); time.sleep(0.05)"
    )
    lines: list[str] = []
    await process.run(python(code, on_line=lines.append))
    assert lines[0] == "café"
    assert len(lines[1]) == 300_005
    assert lines[2:] == ["10%", "20%", "end \ufffd"]


async def test_closing_stdout_early_is_not_the_end() -> None:
    code = "import os,sys,time; os.close(1); os.close(2); time.sleep(0.3); sys.exit(5)"
    assert (await process.run(python(code))).code == 5


async def test_streaming_and_leaving_early(tmp_path: Path) -> None:
    code = (
        "import os,time\nprint(os.getpid(), flush=True)\nwhile True: print('x', flush=True); time.sleep(0.01)"
    )
    lines = process.stream(python(code))
    pid = int(await anext(lines))
    assert await anext(lines) == "x"
    await lines.aclose()  # type: ignore[attr-defined]
    await gone(pid)


async def test_what_cannot_be_started() -> None:
    with pytest.raises(FileNotFoundError):
        await process.run(Call(["no-such-program"], ENV, 5.0))


async def test_lock_descriptors_are_passed_on(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        code = f"import os; os.fstat({lock.fileno()}); print('ok')"
        assert (await process.run(python(code, fds=(lock.fileno(),)))).stdout == "ok\n"
        assert (await process.run(python(code))).code == 1


@pytest.mark.parametrize(
    "text",
    ["\x1b[31mred\x1b[0m", "\x1b]0;title\x07red", "\x1b]52;c;aGk=\x1b\\red", "\x1b]red", "r\x1bPed", "re\x1b[2Kd", "r\x08ed", "red\x1b", "\u200bred",
     "r\u202eed", "\x9bred", "\x9b31mred", "\u2067r\u2069ed", "r\u061ced", "r\u2028ed"],
)  # fmt: skip
def test_nothing_a_terminal_would_act_on_remains(text: str) -> None:
    assert clean(text) == "red"


def test_half_a_character_is_shown_as_one_that_can_be_written() -> None:
    assert clean("re\udc9bd") == "re\ufffdd"


STUBBORN = """
import os, signal, sys, time
for signum in (signal.SIGINT, signal.SIGTERM):
    signal.signal(signum, signal.SIG_IGN)
open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(60)
"""
LEAVER = """
import asyncio, os, sys
from claw_tui.adapters.process import Call, run
async def main():
    task = asyncio.ensure_future(run(Call([sys.executable, *sys.argv[1:]], dict(os.environ), 60.0)))
    while not os.path.exists(sys.argv[2]) or not open(sys.argv[2]).read():
        await asyncio.sleep(0.01)
asyncio.run(main())
"""


def test_nothing_is_left_when_the_program_ends_in_the_middle_of_a_call(tmp_path: Path) -> None:
    """The loop is closed while a stubborn child runs, as it is when somebody quits."""
    (tmp_path / "stubborn.py").write_text(STUBBORN)
    (tmp_path / "leaver.py").write_text(LEAVER)
    argv = [sys.executable, "leaver.py", "stubborn.py", "pid"]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert not alive(int((tmp_path / "pid").read_text()))

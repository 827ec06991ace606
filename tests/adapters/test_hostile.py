"""The adapter against programs that behave badly: a sentence for the person each time, and nothing is left of them."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from claw_tui.adapters import fly_calls, fly_login, flyctl, process
from claw_tui.adapters.fly_json import MAX_DOCUMENT, Documents
from claw_tui.adapters.journal import JournalFile
from claw_tui.domain import errors
from claw_tui.domain.secret import Secret
from claw_tui.ports import Services
from tests.adapters.rig import Traces, python, raised, until
from tests.conftest import Cloud

pytestmark = pytest.mark.anyio
STUBBORN = """
import os, signal, subprocess, sys, time
for signum in (signal.SIGINT, signal.SIGTERM): signal.signal(signum, signal.SIG_IGN)
subprocess.Popen(["sleep", "300"])
print("started", flush=True)
time.sleep(300)
"""


@pytest.fixture
async def traces(tmp_path: Path) -> AsyncIterator[Traces]:
    await process.run(
        process.Call(["true"], {"PATH": os.environ["PATH"]}, 5.0)
    )  # asyncio opens what it keeps
    found = Traces(tmp_path / "state")
    yield found
    await found.none_left()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not stop when asked is not given long."""
    for module, name in ((fly_calls, "READ_GRACE"), (fly_calls, "CHANGE_GRACE"), (flyctl, "DEPLOY_GRACE")):
        monkeypatch.setattr(module, name, 0.2)


@pytest.fixture
def soon(hasty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """And deadlines that a test can wait for."""
    monkeypatch.setattr(fly_calls, "READ_SECONDS", 0.4)
    monkeypatch.setattr(fly_calls, "CHANGE_SECONDS", 0.4)


# -- too much ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
async def test_100_mb_in_answer_to_a_look(traces: Traces, stream: str) -> None:
    fly = traces.flyctl(python(f"import sys\nfor _ in range(1600): sys.{stream}.write('x' * 65536)"))
    assert "32 MiB" in (await raised(fly.whoami())).message


async def test_100_mb_without_a_line_break_while_we_follow(traces: Traces) -> None:
    """Nothing is lost, nothing is kept, and the loop goes on."""
    fly = traces.flyctl(python("import sys\nfor _ in range(1600): sys.stderr.write('x' * 65536)"))
    size = longest = 0

    def saw(line: str) -> None:
        nonlocal size, longest
        size, longest = size + len(line), max(longest, len(line))

    begun = time.monotonic()
    await fly.deploy("a", Path("/x"), Path("/x"), private=False, on_line=saw)
    assert (size, longest) == (1600 * 65536, process.MAX_LINE)
    assert time.monotonic() - begun < 120  # not the hour that joining them at each piece would take


@pytest.mark.parametrize("depth", [400, 900, 9_000])
async def test_a_log_line_of_brackets_is_none_and_the_next_is_read(depth: int) -> None:
    documents = Documents()
    documents.feed('{"a": ' + "[" * depth + "]" * depth + "}")
    assert documents.feed('{"message": "next"}') == {"message": "next"}


async def test_a_log_that_never_ends_a_document() -> None:
    documents = Documents()
    documents.feed("{")
    for _ in range(100):
        assert documents.feed('"x": "' + "y" * 65536 + '",') is None
        assert sum(map(len, documents._lines)) <= MAX_DOCUMENT
    assert documents.feed("}") is None
    assert documents.feed('{"a": 1}') == {"a": 1}


async def test_100_mb_during_a_login(traces: Traces) -> None:
    fly = traces.flyctl(
        python(
            "import sys\nfor _ in range(1600): sys.stdout.write('x' * 65535 + '\\n')\n"
            "print('Opening https://fly.io/app/auth/cli/abc ...', flush=True); sys.stdin.readline()"
        )
    )
    login = fly.login()
    assert await login.url() == "https://fly.io/app/auth/cli/abc"
    assert len(login._lines) <= fly_login.MOST_LINES
    await login.cancel()


# -- never ------------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("soon")
async def test_a_look_that_never_ends(traces: Traces) -> None:
    fly = traces.flyctl("echo '{'; sleep 300")
    assert isinstance(await raised(fly.whoami()), errors.FlyTimeout)


@pytest.mark.usefixtures("soon")
async def test_a_change_that_never_ends_and_ignores_every_signal(traces: Traces, tmp_path: Path) -> None:
    fly, journal = traces.flyctl(python(STUBBORN)), JournalFile(tmp_path / "journal")
    fly.use_guard(journal)
    assert isinstance(await raised(fly.create_app("a", "b")), errors.FlyTimeout)
    assert journal.unfinished() == ()  # its end is written down
    await asyncio.wait_for(journal.settle(5.0), 5.0)


@pytest.mark.usefixtures("hasty")
async def test_cancelling_a_change_that_ignores_every_signal(traces: Traces, tmp_path: Path) -> None:
    fly, journal = traces.flyctl(python(STUBBORN)), JournalFile(tmp_path / "journal")
    fly.use_guard(journal)
    said: list[str] = []
    call = fly.deploy("a", Path("/x"), Path("/x"), private=False, on_line=said.append)
    task = asyncio.create_task(call)
    await until(lambda: said, "it did not start")
    assert len(traces.processes()) == 2
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await traces.no_processes()
    assert journal.unfinished() == ()


@pytest.mark.parametrize("turns", range(12))
@pytest.mark.usefixtures("hasty")
async def test_cancelling_while_it_is_being_started(traces: Traces, turns: int) -> None:
    """At each turn of the loop between the call and its first output."""
    fly = traces.flyctl("sleep 300 & sleep 300")
    task = asyncio.create_task(fly.whoami())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await traces.no_processes()


@pytest.mark.usefixtures("hasty")
async def test_cancelled_twice(traces: Traces) -> None:
    fly = traces.flyctl(python(STUBBORN))
    task = asyncio.create_task(fly.whoami())
    await until(lambda: len(traces.processes()) == 2, "it did not start")
    for _ in range(2):
        task.cancel()
        await asyncio.sleep(0.05)
    with pytest.raises(asyncio.CancelledError):
        await task
    await traces.no_processes()


# -- half -------------------------------------------------------------------------------------------------------------
async def test_half_a_character_at_the_end(traces: Traces) -> None:
    whole = traces.flyctl('printf \'{"email": "caf\\303\\251@b"}\\n\\303\'')
    assert await whole.whoami() == "café@b"
    half = traces.flyctl("printf 'Error: caf\\303' >&2; exit 1")
    assert (await raised(half.whoami())).message == "caf\ufffd"
    cut = traces.flyctl('printf \'{"email": "caf\\303\'')
    assert "does not know" in (await raised(cut.whoami())).message


async def test_half_a_character_and_half_an_escape_in_a_login(traces: Traces) -> None:
    fly = traces.flyctl(
        python(
            "import os, sys, time\n"
            "for part in (b'caf\\xc3', b'\\xa9 \\x1b', b'[31mhttps://fly.io/a', b'bc \\x1b', b'[0m\\nsaid\\n'):\n"
            "    os.write(2, part); time.sleep(0.05)\n"
            "sys.stdin.readline()"
        )
    )
    login = fly.login()
    assert await login.url() == "https://fly.io/abc"
    await until(login.said, "it said nothing")
    assert "\x1b" not in "".join(login._lines)
    assert login._lines[0].startswith("café https")
    await login.cancel()


async def test_closing_stdout_early(traces: Traces) -> None:
    """What it said before counts, and its exit code is waited for."""
    fly = traces.flyctl('echo \'{"email": "a@b"}\'; exec >&- 2>&-; sleep 0.2; exit 0')
    assert await fly.whoami() == "a@b"
    fly = traces.flyctl("exec >&- 2>&-; sleep 0.2; exit 3")
    assert isinstance(await raised(fly.whoami()), errors.FlyPanic)


ENTRY = """echo '{"timestamp": "2026-01-01T00:00:00Z", "message": "hello", "level": "info", "instance": "i", "region": "fra"}'"""


async def test_closing_stdout_early_while_its_log_is_followed(
    traces: Traces, monkeypatch: pytest.MonkeyPatch
) -> None:
    fly = traces.flyctl(f"{ENTRY}; exec >&- 2>&-; sleep 300")
    assert [entry.message async for entry in fly.follow_logs("a")] == ["hello"]


# -- followed, and failed ---------------------------------------------------------------------------------------------
REFUSED = "echo \"Error: no access token available. Please login with 'flyctl auth login'\" >&2; exit 1"


async def test_a_log_that_cannot_be_followed_says_why(traces: Traces) -> None:
    fly = traces.flyctl(f"{ENTRY}; {REFUSED}")
    seen: list[str] = []

    async def follow() -> None:
        async for entry in fly.follow_logs("a"):
            seen.append(entry.message)  # noqa: PERF401  (what came before the end is what is looked at)

    assert isinstance(await raised(follow()), errors.NotLoggedIn)
    assert seen == ["hello"]


async def test_recent_lines_are_kept_when_the_end_fails(traces: Traces) -> None:
    assert len(await traces.flyctl(f"{ENTRY}; {REFUSED}").recent_logs("a")) == 1
    assert isinstance(await raised(traces.flyctl(REFUSED).recent_logs("a")), errors.NotLoggedIn)


# -- logins -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("exit 0", errors.FlyError),
        ("echo nothing to see; exit 0", errors.FlyError),
        ("echo 'Error: dial tcp: no such host' >&2; exit 1", errors.FlyNetworkDown),
        (
            """echo 'Error: Post "https://api.fly.io/api/v1/cli_sessions": no such host' >&2; exit 1""",
            errors.FlyNetworkDown,
        ),
        ("echo 'WARN see https://status.flyio.net'; exit 1", errors.FlyError),
    ],
)
async def test_a_login_without_an_address(traces: Traces, text: str, kind: type[errors.ClawError]) -> None:
    assert isinstance(await raised(traces.flyctl(text).login().url()), kind)


async def test_a_login_that_says_nothing(traces: Traces, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fly_login, "URL_SECONDS", 0.3)
    assert isinstance(await raised(traces.flyctl("sleep 300").login().url()), errors.FlyTimeout)


async def test_leaving_a_login_that_ignores_every_signal(traces: Traces) -> None:
    login = traces.flyctl(python(STUBBORN)).login()
    asking = asyncio.create_task(login.url())
    await until(lambda: len(traces.processes()) == 2, "it did not start")
    asking.cancel()
    await login.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await traces.no_processes()


async def test_a_login_whose_browser_lives_on(traces: Traces) -> None:
    """A browser that flyctl opened holds its output; the login has ended all the same."""
    fly = traces.flyctl("echo 'Opening https://fly.io/abc'; sleep 300 & echo 'successfully logged in as a@b'")
    assert await asyncio.wait_for(fly.login().result(), 10) == "successfully logged in as a@b"


# -- two at once ------------------------------------------------------------------------------------------------------
async def test_two_runs_at_once(services: Services, cloud: Cloud, tmp_path: Path) -> None:
    """Two processes' worth of adapters on one state folder change two apps side by side."""
    from claw_tui.wiring import services_for
    from tests.conftest import TOKEN

    second = services_for(os.environ, demo=True)
    second.fly.use_token(TOKEN)

    async def change(mine: Services, app: str) -> None:
        mine.fly.use_guard(mine.journal(app))
        await mine.fly.create_app(app, "personal")
        for number in range(3):
            await mine.fly.import_secrets(app, {f"NAME_{number}": Secret(f"canary-{app}-{number}")})
            assert len(await mine.fly.secrets(app)) == number + 1

    await asyncio.gather(change(services, "one"), change(second, "two"))
    await second.close()
    for app in ("one", "two"):
        assert len(cloud.app(app)["secrets"]) == 3
        assert services.journal(app).unfinished() == ()
    assert not list((tmp_path / "state" / "demo" / "tmp").glob("*"))


async def test_changes_of_one_run_wait_for_each_other(traces: Traces, tmp_path: Path) -> None:
    fly = traces.flyctl(
        f"[ -e {tmp_path}/busy ] && exit 3; : >{tmp_path}/busy; sleep 0.1; rm {tmp_path}/busy"
    )
    await asyncio.gather(*(fly.create_app(f"a{n}", "b") for n in range(4)))

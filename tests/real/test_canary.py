"""The whole road of the real program under strace, with a planted secret of each kind; and leaks that must be found.

Allowed is exactly this: the Fly token in the environment of flyctl's processes and in flyctl's own login file (which
is the simulated cloud's memory here, as are the lines of the gateway's log that the test itself puts there).
"""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path

import pytest

from claw_tui.demo import machine_log, world
from tests.canary import Canaries
from tests.conftest import TOKEN, Cloud
from tests.pty.test_road import DEMO, finish, log_in, name_app, quit_, review, to_secrets
from tests.real.keyring_rig import PASSWORD
from tests.real.planted import CRASHES, LEAKS, SAFE
from tests.real.test_keyring import keyring
from tests.real.traced import Record, Titles, traced
from tests.terminal import CLAW_TUI, Terminal

pytestmark = pytest.mark.real


def noise(length: int) -> str:
    """Without vowels: no word that the simulated providers listen to comes about by chance."""
    return "".join(secrets.choice("bcdfghjkmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ23456789") for _ in range(length))


def planted() -> dict[str, str]:
    return {
        "OPENCLAW_GATEWAY_TOKEN": f'{noise(20)}"/+%{noise(20)}',  # written otherwise in JSON and in addresses
        "ANTHROPIC_API_KEY": f"sk-ant-api03-{noise(40)}/+={noise(5)}",
        "OPENAI_API_KEY": f"sk-proj-{noise(48)}",
        "GEMINI_API_KEY": f"AIza{noise(35)}",
        "DISCORD_BOT_TOKEN": f"MTE4{noise(20)}.{noise(6)}.{noise(38)}",
        "TELEGRAM_BOT_TOKEN": f"{secrets.randbelow(10**9) + 10**9}:AA{noise(33)}",
        "SLACK_BOT_TOKEN": f"xoxb-{noise(40)}",
        "SLACK_APP_TOKEN": f"xapp-1-{noise(40)}",
    }  # fmt: skip


def is_flyctl(argv: list[bytes]) -> bool:
    return any(word.startswith(b"claw_tui.demo.") for word in argv)


def the_cloud_may(*names: str) -> Callable[[str], Iterable[str]]:
    """The simulated cloud's memory may hold these, whatever its file is called while it is written."""
    return lambda where: names if "/demo/world.json" in where else ()


def give(t: Terminal, value: str, *keys: str) -> None:
    t.press(*keys, "enter")
    t.wait_for("paste it here")
    t.paste(f"{value}\n")
    t.wait_for("F8 takes off")
    t.press("f8")
    t.wait_for("looks right")
    t.press("f2")
    t.wait_for("the end is")
    t.press("enter")
    t.wait_gone("Get it at")
    t.wait_for("; kept in")


def give_all(t: Terminal, values: dict[str, str]) -> None:
    t.wait_for("new, random")
    for name, value in values.items():
        moves = {"OPENCLAW_GATEWAY_TOKEN": 0, "DISCORD_BOT_TOKEN": 2}.get(name, 1)
        give(t, value, *["down"] * moves)
    t.press("ctrl+n")


def plant_in_the_log(*lines: str) -> None:
    with world.opened() as now:
        machine = now["apps"]["my-road"]["machines"][0]
        for line in lines:
            machine_log.say(machine, line, time.time())


def walk(t: Terminal, values: dict[str, str], stray: str) -> None:
    log_in(t)
    name_app(t, "my-road")
    give_all(t, values)
    t.wait_for("anthropic/claude-opus-5")
    t.press("ctrl+n")
    review(t)
    t.press("ctrl+n")
    finish(t, "my-road")
    plant_in_the_log(
        f"control ui: http://127.0.0.1:3000/#token={values['OPENCLAW_GATEWAY_TOKEN']}", f"other ui: http://x/?token={stray}",
        f"auth is {values['OPENCLAW_GATEWAY_TOKEN']} now", f"sent Bearer {stray} to it",
    )  # fmt: skip
    t.press("ctrl+n")
    t.wait_for("started, passing")
    t.wait_for("#token=***")
    t.wait_for("Bearer ***")
    t.press("s")
    t.wait_for("This machine is simulated")
    t.send("exit\r")
    t.wait_for("started, passing")
    quit_(t)


def test_the_whole_road_leaks_nothing(cloud: Cloud, tmp_path: Path) -> None:
    values, stray, record = planted(), noise(40), tmp_path / "strace"
    with Titles() as titles, Terminal(DEMO, rows=40, columns=120, program=traced(record, CLAW_TUI)) as t:
        walk(t, values, stray)
        shown = t.bytes
    others = {"STRAY": stray, "FLY_API_TOKEN": cloud.read()["login"]}
    seen = assert_nothing_leaked(cloud, values, others, record, shown, tmp_path, titles)
    assert seen.count(b"console") == seen.count(b"claw_tui.runner") == 1, "they were looked at too"


def assert_nothing_leaked(
    cloud: Cloud, values: dict[str, str], others: dict[str, str], record: Path, shown: bytes, tmp_path: Path, titles: Titles,
) -> Record:  # fmt: skip
    assert_arrived(cloud, values)
    canaries, token = Canaries({**values, **others}), others["FLY_API_TOKEN"]
    seen = Record.read(record)
    record.unlink()
    print(
        f"{len(seen.started)} programs, {len(titles.seen)} titles, {seen.size >> 10} KiB in {len(seen.written)} places, "
        f"{len(seen.named.splitlines())} file names, {len(shown) >> 10} KiB on the terminal, {sum(p.is_file() for p in tmp_path.rglob('*'))} files left"
    )
    assert sum(f"FLY_API_TOKEN={token}".encode() in env for _argv, env in seen.started) > 20, (
        "the login was needed"
    )
    may = the_cloud_may("FLY_API_TOKEN", "OPENCLAW_GATEWAY_TOKEN", "STRAY")
    assert seen.leaks(canaries, may, is_flyctl, titles.seen) == []
    assert_sealed(seen)
    assert canaries.find_on_terminal(shown) == []
    cloud.path.unlink()
    assert canaries.find_in_files(tmp_path) == []
    return seen


def assert_sealed(seen: Record) -> None:
    """The screen and each runner: no core dumps, nor looks from other programs."""
    ours = sum(
        seen.count(name)
        for name in (
            b"claw_tui",
            b"tests.real.with_stores",
            b"claw_tui.runner",
            b"claw_tui.adapters.keyring_child",
        )
    )
    assert ours > 0
    assert seen.sealed == seen.core_limits.count(b"0") == ours


def test_when_much_goes_wrong_nothing_leaks_either(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token instead of a login, a key that is refused, a flyctl that repeats what it was sent, a killed program."""
    values, stray, record, token = planted(), noise(40), tmp_path / "strace", f"fo1_{noise(40)}"
    wrong, gateway = f"sk-ant-api03-bad{noise(40)}", values["OPENCLAW_GATEWAY_TOKEN"]
    said = f"Error: Secrets must be provided as NAME=VALUE pairs ({gateway} and {values['GEMINI_API_KEY']} is invalid)\n"
    cloud.faults(monkeypatch, {"command": "secrets import", "exit": 1, "stderr": said})
    with Titles() as titles, Terminal(DEMO, rows=40, columns=120, program=traced(record, CLAW_TUI)) as t:
        paste_token(t, token)
        name_app(t, "my-road")
        t.wait_for("new, random")
        refused(t, wrong)
        t.press("up")
        give_all(t, values)
        t.wait_for("anthropic/claude-opus-5")
        t.press("ctrl+n")
        review(t)
        t.press("ctrl+n")
        t.wait_for("(*** and *** is invalid)", 60)
        t.press("r")
        t.wait_for("Done. Ctrl+N shows the proof", 60)
        plant_in_the_log(f"control ui: http://127.0.0.1:3000/#token={gateway}", f"Bearer {stray}")
        t.press("ctrl+n")
        t.wait_for("Looked at")
        quit_(t)
        shown = t.bytes
    cloud.path.with_name("faults.json").unlink()
    others = {"STRAY": stray, "FLY_API_TOKEN": token, "WRONG": wrong}
    assert_nothing_leaked(cloud, values, others, record, shown, tmp_path, titles)


def paste_token(t: Terminal, token: str) -> None:
    t.wait_for("Nobody is logged in")
    t.press("enter")
    t.wait_for("You are not logged in.")
    t.press("down", "enter")
    t.wait_for("Paste a Fly.io token")
    t.paste(f"export FLY_API_TOKEN='{token}'")
    t.wait_for("F8 takes off")
    t.press("f8", "enter")
    t.wait_for("payment method")
    t.press("ctrl+n")


def refused(t: Terminal, wrong: str) -> None:
    t.press("down", "enter")
    t.wait_for("paste it here")
    t.paste(wrong)
    t.wait_for("looks right")
    t.press("enter")
    t.wait_for("does not accept it")
    t.press("escape")
    t.wait_gone("Get it at")


def assert_arrived(cloud: Cloud, values: dict[str, str]) -> None:
    """Without this all that was looked for might never have been there."""
    there = cloud.app("my-road")["secrets"]
    assert {name: there[name]["digest"] for name in there} == {
        name: world.digest(value) for name, value in values.items()
    }
    assert {secret["status"] for secret in there.values()} == {"Deployed"}


# -- where they are kept ------------------------------------------------------------------------------------------
def open_place(t: Terminal, place: str, passphrase: str, *, new: bool) -> None:
    if place == "file" and new:
        t.wait_for("Where are secrets kept?")
        t.press("enter")
    if place == "keyring":
        return
    if place == "locked" and new:
        t.wait_for("Where are secrets kept?")
        t.press("enter")
    if new or place == "file":
        t.wait_for("type it here")
        t.type(passphrase)
        t.press("enter")
    if new and place == "file":
        t.type(passphrase)
        t.press("enter")


@pytest.mark.parametrize("place", ["file", "keyring", "locked"])
def test_no_place_for_secrets_leaks_any(place: str, cloud: Cloud, tmp_path: Path) -> None:
    """The encrypted file; GNOME Keyring, open and unlocked from here. Given in one sitting, known in the next."""
    cloud.log_in()
    record, value = tmp_path / "strace", planted()["ANTHROPIC_API_KEY"]
    passphrase = noise(24) if place == "file" else PASSWORD
    program = traced(record, (sys.executable, "-m", "tests.real.with_stores"))
    with ExitStack() as stack:
        bus = ""
        if place != "file":
            _desk, env = stack.enter_context(keyring(unlocked=place == "keyring"))
            bus = env["DBUS_SESSION_BUS_ADDRESS"]
        titles, shown = stack.enter_context(Titles()), b""
        for new in (True, False):
            with Terminal(
                DEMO, rows=40, columns=120, program=program, env={"DBUS_SESSION_BUS_ADDRESS": bus}
            ) as t:
                to_secrets(t)
                open_place(t, place, passphrase, new=new)
                t.wait_for("Kept in")
                if new:
                    t.wait_for("new, random")
                    t.press("down", "enter")
                    t.wait_for("paste it here")
                    t.paste(value)
                    t.wait_for("looks right")
                    t.press("enter")
                    t.wait_for("; kept in")
                else:
                    t.wait_for("Anthropic           given")
                quit_(t)
                shown += t.bytes
            canaries = Canaries({"KEY": value, "FLY_API_TOKEN": TOKEN.reveal(), "PASSPHRASE": passphrase})
            seen = Record.read(record)
            record.unlink()
            print(
                f"{place}: {len(seen.started)} programs, {seen.size >> 10} KiB in {len(seen.written)} places"
            )
            assert seen.leaks(canaries, the_cloud_may("FLY_API_TOKEN"), is_flyctl, titles.seen) == []
            assert_sealed(seen)
            assert seen.count(b"claw_tui.adapters.keyring_child") >= (place != "file"), (
                "the helper was looked at too"
            )
    assert canaries.find_on_terminal(shown) == []
    cloud.path.unlink()
    assert canaries.find_in_files(tmp_path) == []


# -- it finds what there is to find -------------------------------------------------------------------------------
def give_one(t: Terminal, value: str, *, crashes: bool) -> None:
    to_secrets(t)
    t.wait_for("new, random")
    t.press("down", "enter")
    t.wait_for("paste it here")
    t.paste(value)
    t.wait_for("looks right")
    t.press("enter")
    if not crashes:
        t.wait_for("; kept in")
        t.press("ctrl+q")
    assert t.wait_end(30) == (1 if crashes else 0)


def leaks_of(leak: str, cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("CLAW_TUI_HOME", str(tmp_path / "state"))
    cloud.log_in()
    record, values = tmp_path / "strace", planted()
    program = (sys.executable, "-m", "tests.real.planted", leak)
    with Titles() as titles, Terminal(DEMO, program=traced(record, program)) as t:
        give_one(t, values["ANTHROPIC_API_KEY"], crashes=leak in CRASHES)
    canaries = Canaries({**values, "FLY_API_TOKEN": TOKEN.reveal()})
    seen = Record.read(record)
    record.unlink()
    cloud.path.unlink()
    in_files = canaries.find_in_files(tmp_path)
    if not seen.sealed:
        in_files.append("core dumps of claw-tui")
    return [*seen.leaks(canaries, the_cloud_may("FLY_API_TOKEN"), is_flyctl, titles.seen), *in_files]


@pytest.mark.parametrize("leak", ["nothing", *SAFE])
def test_where_nothing_leaks_nothing_is_found(
    leak: str, cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``SAFE`` would leak if we did nothing against it."""
    assert leaks_of(leak, cloud, tmp_path, monkeypatch) == []


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_found(
    leak: str, cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = leaks_of(leak, cloud, tmp_path, monkeypatch)
    assert any(hit.startswith(LEAKS[leak][0]) for hit in found), found

"""The whole road in a real terminal, keyboard only: from an empty account to a running gateway."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from claw_tui.i18n import pseudo
from tests.conftest import Cloud
from tests.engine.rig import CANARIES, assert_no_canary
from tests.terminal import Terminal, keys

pytestmark = pytest.mark.pty
DEMO = ["--demo"]
SOAK = pytest.mark.soak  # what another test says nearly as well


def log_in(t: Terminal) -> None:
    t.wait_for("Set up a new gateway")
    t.wait_for("Nobody is logged in")
    t.press("enter")
    t.wait_for("You are not logged in.")
    t.press("enter")
    t.wait_for("https://fly.io/app/auth/cli/")
    t.type("wrong")
    t.press("enter")
    t.wait_for("That code did not work")
    t.type("demo")
    t.press("enter")
    t.wait_for("Logged in as you@example.com")
    t.wait_for("payment method")
    t.press("ctrl+n")


def clear(t: Terminal, before: str) -> None:
    """Empty the field behind ``before``. Textual lets letters overtake a key like Ctrl+U while it is busy: wait for it."""
    t.press("end", "ctrl+u")
    t.wait_until(lambda: any(row.rstrip().endswith(before) for row in t.display), what="an empty field")


def name_app(t: Terminal, name: str) -> None:
    t.wait_for("About $")
    t.wait_for("Probably free")
    clear(t, "App name")
    t.type(name)
    t.wait_for(f"Probably free: {name}.fly.dev")
    t.press("ctrl+n")


def give_keys(t: Terminal) -> None:
    """A wrong key, corrected; a key wrapped over two lines; a bot."""
    t.wait_for("new, random")
    t.press("down", "enter")
    t.wait_for("console.anthropic.com")
    t.paste("sk-ant-api03-bad-bad-bad-bad-bad-bad")
    t.press("enter")
    t.wait_for("does not accept it")
    t.press("end", "ctrl+u")
    t.wait_for("paste it here")
    t.paste("export ANTHROPIC_API_KEY=sk-ant-api03-CANARYanthropic\nCANARYanthropic\n")
    t.wait_for("F8 takes off")
    t.wait_for("43 characters stay")
    t.press("f8")
    t.wait_for("43 characters, looks right")
    t.press("enter")
    t.wait_for("accepted · 3 models")
    t.press("down", "down", "down", "down", "enter")
    t.wait_for("discord.com/developers")
    t.press("f3", "enter")
    t.wait_for("accepted · claw")
    t.press("ctrl+n")


def pick_channels(t: Terminal) -> None:
    t.wait_for("anthropic/claude-opus-5")
    t.press("tab", "tab", "tab", "tab", "enter")
    t.wait_for("#general")
    t.type("/ask")
    t.wait_for("Search: ask")
    t.wait_for("#ask-the-claw  Claw Club")
    t.press("space")
    t.wait_for("[x] #ask-the-claw")
    t.press("escape")
    t.wait_for("▾ [-] Claw Club")
    t.type("m")
    t.wait_for("every message")
    t.press("enter")
    t.wait_for("1 channel in Claw Club")
    t.press("ctrl+n")


def review(t: Terminal) -> None:
    t.wait_for("Who may knock")
    t.press("ctrl+n")
    t.wait_for("Ctrl+N starts")


def start_run(t: Terminal) -> None:
    review(t)
    t.press("ctrl+n")


def finish(t: Terminal, name: str) -> None:
    t.wait_for("Done. Ctrl+N shows the proof", 60)
    t.press("ctrl+n")
    t.wait_for(f"https://{name}.fly.dev")
    t.wait_for("Discord is connected")
    t.wait_for("Looked at")
    t.wait_for("Waiting to be let in", 60)


def quit_(t: Terminal) -> None:
    t.press("ctrl+q")
    assert t.wait_end() == 0


def test_the_whole_road(cloud: Cloud, tmp_path: Path) -> None:
    cloud.record()
    with Terminal(DEMO) as t:
        log_in(t)
        name_app(t, "my-road")
        give_keys(t)
        pick_channels(t)
        # back to the first question and forth again: everything is still there
        t.wait_for("Who may knock")
        for shown in ("1 channel in Claw Club", "accepted · claw", "my-road", "Logged in as"):
            t.press("escape")
            t.wait_for(shown)
        for shown in ("my-road", "accepted · claw", "1 channel in Claw Club"):
            t.press("ctrl+n")
            t.wait_for(shown)
        t.press("ctrl+n")
        start_run(t)
        finish(t, "my-road")
        t.press("ctrl+n")
        t.wait_for("started, passing")
        quit_(t)
        assert t.bytes.endswith(b"\x1b[?2004l") or b"\x1b[?1049l" in t.bytes[-400:]
        assert b"CANARY" not in t.bytes
        assert CANARIES.find_on_terminal(t.bytes) == []
        assert b"Traceback" not in t.bytes
    app = cloud.app("my-road")
    assert (len(app["volumes"]), len(app["machines"]), len(app["releases"])) == (1, 1, 1)
    started = str([(call["argv"], call["env"]) for call in cloud.calls()])
    assert "CANARY" not in started
    assert CANARIES.find(started.encode()) == []
    assert_no_canary(tmp_path)


def to_the_run(t: Terminal, name: str, *, start: bool = True) -> None:
    """Somebody who is logged in answers everything and starts."""
    t.wait_for("Logged in as")
    t.press("enter")
    t.wait_for("payment method")
    t.press("ctrl+n")
    name_app(t, name)
    give_keys(t)
    pick_channels(t)
    review(t)
    if start:
        t.press("ctrl+n")


@pytest.mark.soak
def test_a_taken_name_is_corrected_and_a_killed_program_shows_the_same_run_again(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": "deploy", "hold": str(gate)})
    cloud.log_in()
    with Terminal(DEMO) as t:
        to_the_run(t, "demo-taken-9")
        t.wait_for("already has this app name")
        t.wait_for("Back to the answer")
        t.press("b")
        t.wait_for("App name")
        clear(t, "App name")
        t.type("free-name")
        t.wait_for("Probably free: free-name.fly.dev")
        t.press("ctrl+n")
        t.wait_for("accepted · claw")
        t.press("ctrl+n")
        t.wait_for("1 channel in Claw Club")
        t.press("ctrl+n")
        start_run(t)
        t.wait_for("Send the secrets")
        t.wait_until(lambda: Path(f"{gate}.reached").exists(), what="the deploy")
        t.kill(signal.SIGKILL)
    with Terminal(DEMO) as t:
        t.wait_for("Watch free-name being set up")
        t.press("enter")
        t.wait_for("You may leave")
        t.wait_for("Send the secrets")
        Path(f"{gate}.go").touch()
        finish(t, "free-name")
        quit_(t)
    assert list(cloud.read()["apps"]) == ["free-name"]
    app = cloud.app("free-name")
    assert (len(app["volumes"]), len(app["machines"]), len(app["releases"])) == (1, 1, 1)


@pytest.mark.parametrize("signum", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_gives_the_terminal_back(signum: signal.Signals) -> None:
    with Terminal(DEMO) as t:
        t.wait_for("Set up a new gateway")
        assert t.modes_left(), "it uses the mouse and a screen of its own"
        t.kill(signum)
        assert t.wait_end() == 0
        assert b"\x1b[?1049l" in t.bytes
        assert t.modes_left() == []


def test_what_a_killed_one_left_of_the_mouse_is_switched_off_before_the_first_screen() -> None:
    with Terminal(DEMO) as t:
        t.wait_until(lambda: b"\x1b[?1049h" in t.bytes, what="the first screen")
        before = t.bytes[: t.bytes.index(b"\x1b[?1049h")]
        assert re.search(rb"\x1b\[\?[0-9;]*1003[0-9;]*l", before)
        t.wait_for("What would you like to do?")  # a key that comes before it listens is nobody's
        quit_(t)


def test_the_console_gets_the_terminal_and_gives_it_back(cloud: Cloud) -> None:
    """Also when the other program is interrupted."""
    from tests.demo.test_fly import deploy, fly

    fly("apps", "create", "my-app", "--org", "personal")
    fly("secrets", "import", "-a", "my-app", "--stage", stdin="OPENCLAW_GATEWAY_TOKEN=" + "ab" * 32 + "\n")
    from claw_tui.domain.fly_toml import build_fly_toml
    from claw_tui.domain.spec import Spec

    folder = cloud.path.parent
    (folder / "fly.toml").write_text(build_fly_toml(Spec(app="my-app", region="fra")))
    deploy(folder)
    cloud.log_in()
    with Terminal(DEMO) as t:
        t.wait_for("Look after my-app")
        t.press("down", "enter")
        t.wait_for("started, passing")
        t.press("s")
        t.wait_for("This machine is simulated")
        t.send("ls /data\r")
        t.wait_for("root@")
        t.send("exit\r")
        t.wait_for("started, passing")
        t.press("s")
        t.wait_for("This machine is simulated")
        t.send("\x03")
        t.wait_for("Press Enter to go back")
        assert not t.echoes
        t.send("CANARYtyped-ahead\r")
        t.wait_for("started, passing")
        quit_(t)
        assert b"CANARYtyped" not in t.bytes


def test_what_is_typed_before_the_first_screen_is_not_echoed() -> None:
    with Terminal(DEMO) as t:
        assert t.echoes
        t.wait_until(lambda: not t.echoes, what="silence")
        assert b"\x1b[?1049h" not in t.bytes, "this is before the first screen"
        t.send("CANARYtyped-ahead\x1b[200~CANARYpasted-ahead\x1b[201~")
        t.wait_for("Set up a new gateway")
        t.send(f"{keys('ctrl+q')}CANARYtyped-behind\r")
        assert t.wait_end() == 0
        assert b"CANARY" not in t.bytes
        assert t.echoes, "the terminal is as it was"


def test_variables_that_make_textual_write_everything_down_do_nothing(tmp_path: Path) -> None:
    log, pictures = tmp_path / "textual.log", tmp_path / "pictures"
    pictures.mkdir()
    env = {
        "TEXTUAL_LOG": str(log), "TEXTUAL": "devtools,debug", "TEXTUAL_DEBUG": "1", "TEXTUAL_SCREENSHOT": "0.1",
        "TEXTUAL_SCREENSHOT_LOCATION": str(pictures), "TEXTUAL_PRESS": "enter,x",
    }  # fmt: skip
    with Terminal(DEMO, env=env) as t:
        t.wait_for("Set up a new gateway")
        t.paste("CANARYpasted")
        t.press("ctrl+p")
        t.wait_for("Theme")
        t.type("screen")
        t.wait_until(lambda: "Theme" not in t.text, what="the palette's answer")
        assert "shot" not in t.text.lower()
        t.press("escape")
        quit_(t)
    assert not log.exists()
    assert not list(pictures.iterdir())
    assert not list(Path.cwd().glob("textual*.log"))
    assert not list(Path.cwd().glob("*.svg"))


# -- what it refuses ----------------------------------------------------------------------------------------------
def run(*argv: str, **env: str) -> subprocess.CompletedProcess[str]:
    argv = (sys.executable, "-m", "claw_tui", *argv)
    return subprocess.run(
        argv,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=20,
        check=False,
    )


def test_without_a_terminal_it_refuses_at_once_in_one_sentence() -> None:
    start = time.monotonic()
    done = run()
    assert time.monotonic() - start < 5
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "needs a terminal" in done.stderr
    assert "claw-tui status, plan, apply, doctor: claw-tui --help" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("elsewhere", ["2>said", ">said"])
def test_what_it_says_is_seen_although_one_of_both_goes_into_a_file(elsewhere: str, tmp_path: Path) -> None:
    """`claw-tui 2>file` ended without a word on the screen."""
    command = f"cd {tmp_path}; {sys.executable} -m claw_tui --demo {elsewhere}; echo ended with $?"
    with Terminal(["-c", command], program=["/bin/sh"]) as t:
        t.wait_for("ended with 3")
        assert "needs a terminal" in t.text.replace("\n", " ")


@pytest.mark.parametrize(("size", "env", "said"), [
    ((59, 24), {}, "too small (59x24)"), ((80, 19), {}, "too small (80x19)"), ((80, 24), {"TERM": "dumb"}, "TERM is"),
])  # fmt: skip
def test_a_terminal_that_cannot_be_used(size: tuple[int, int], env: dict[str, str], said: str) -> None:
    with Terminal(DEMO, columns=size[0], rows=size[1], env=env) as t:
        assert t.wait_end() == 3
        assert said in t.text.replace("\n", " ")
        assert b"\x1b[?1049h" not in t.bytes


def test_version_and_help_need_no_terminal() -> None:
    assert run("--version").stdout.startswith("claw-tui ")
    assert "--demo" in run("--help").stdout


# -- how it looks elsewhere ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "env",
    [
        {"TERM": "xterm"},
        {"NO_COLOR": "1"},
        pytest.param({"TERM": "linux"}, marks=SOAK),
        pytest.param({"COLORTERM": "truecolor"}, marks=SOAK),
    ],
    ids=["16", "none", "linux", "true"],
)
def test_few_colours_and_none(cloud: Cloud, env: dict[str, str]) -> None:
    cloud.log_in()
    with Terminal(DEMO, env=env) as t:
        t.wait_for("Logged in as")
        t.press("enter")
        t.wait_for("payment method")
        t.press("ctrl+n")
        t.wait_for("About $")
        if env.get("TERM") == "xterm":
            assert b"38;2;" not in t.bytes
            assert b"38;5;" not in t.bytes
        if "NO_COLOR" in env:
            assert not re.search(rb"\x1b\[[0-9;]*(?:38|48);2;", t.bytes)
        quit_(t)


def test_ascii_only(cloud: Cloud) -> None:
    with Terminal([*DEMO, "--ascii"]) as t:
        log_in_ascii(t)
        quit_(t)
        drawn = t.bytes.decode()
    assert not [char for char in drawn if ord(char) > 127 and char not in "…“”é▁▂▃▄▅▆▇█"], sorted(
        {c for c in drawn if ord(c) > 127}
    )


def log_in_ascii(t: Terminal) -> None:
    t.wait_for("Nobody is logged in")
    t.press("enter")
    t.wait_for("You are not logged in.")
    t.press("enter")
    t.wait_for("https://fly.io/app/auth/cli/")
    t.type("demo")
    t.press("enter")
    t.wait_for("payment method")
    t.press("ctrl+n")
    t.wait_for("About $")


# -- the pseudo-language ------------------------------------------------------------------------------------------
# What is not ours to translate: names, addresses, commands, keys, what other programs say.
FOREIGN = re.compile(
    r"[0-9a-f]*:[0-9a-f:]+|https?://\S+|\S*\.(?:fly\.dev|json|toml|io)\S*|[A-Z]{2,}(?:_[A-Z0-9]+)+|\bF\d\b|\^[A-Z]|fly [a-z-]+.*|claw-tui|"
    r"[a-z]+/[a-z0-9.-]+|\b\w+@\w+\.\w+|\b[a-z]+-[a-z0-9-]+\b|\b(?:Fly|OpenClaw|Discord|Telegram|Slack|OpenAI|Anthropic|Google|"
    r"Gemini|OpenRouter|xAI|Groq|Mistral|Enter|Esc|Space|Tab|Del|GB|MB|flyctl|fra|ams|personal|main|demo|Frankfurt|Germany|"
    r"You|DEMO|Chrome|MacIntel|Claude|Opus|Claw|Club|claw|OPENCLAW|UTF|shared|cpu|openclaw_data|started|sk|ant|api\d+|x\d+|\d+x\d*|s)\b|\[x\]"
)


def untranslated(text: str) -> list[str]:
    """Words in plain ASCII letters that no pseudo text and no foreign name accounts for."""
    left = FOREIGN.sub(" ", text)
    return re.findall(r"(?<![^\W_])[A-Za-z]{3,}(?![^\W_])", left)


@pytest.mark.soak
def test_every_text_goes_through_translation_and_still_fits(cloud: Cloud) -> None:
    """Forty per cent longer and accented: what stays plain was forgotten, what is cut off does not fit."""
    seen: dict[str, list[str]] = {}

    def look(t: Terminal, name: str) -> None:
        t.settle(0.2)
        seen[name] = untranslated(t.text)

    with Terminal(DEMO, env={"CLAW_TUI_LANGUAGE": "pseudo"}) as t:
        t.wait_for(pseudo("Set up a new gateway")[:12])
        t.wait_for(pseudo("Nobody is logged in")[:12])
        look(t, "start")
        t.press("enter")
        t.wait_for(pseudo("You are not logged in.")[:12])
        look(t, "account")
        t.press("enter")
        t.wait_for("https://fly.io/app/auth/cli/")
        look(t, "login")
        t.type("demo")
        t.press("enter")
        t.wait_for("you@example.com")
        t.settle(0.5)
        look(t, "logged in")
        t.press("ctrl+n")
        t.wait_for(pseudo("Probably free")[:12])
        look(t, "app")
        t.press("ctrl+n")
        t.wait_for(pseudo("Gateway token")[:12])
        t.press("down", "enter")
        t.wait_for("console.anthropic")
        look(t, "secret")
        t.press("f3", "enter")
        t.wait_for(pseudo("accepted")[:8])
        look(t, "secrets")
        t.press("ctrl+n")
        t.wait_for("anthropic/claude-opus-5")
        look(t, "gateway")
        t.press("ctrl+n")
        t.wait_for(pseudo("Who may knock")[:12])
        look(t, "privacy")
        t.press("ctrl+n")
        t.wait_for(pseudo("Create the app")[:10])
        look(t, "review")
        t.press("f1")
        t.settle(0.3)
        look(t, "help")
        t.press("escape")
        t.press("ctrl+n")
        t.wait_for(pseudo("Done. Ctrl+N")[:10], 60)
        t.press("ctrl+n")
        t.wait_for(pseudo("Looked at")[:8], 60)
        look(t, "finish")
        t.press("ctrl+n")
        t.wait_for(pseudo("Machine")[:6])
        quit_(t)
    wrong = {name: words for name, words in seen.items() if words}
    assert not wrong, wrong


def test_leaving_while_the_keyring_hangs(tmp_path: Path) -> None:
    """The real program, not the demo: a bus that takes every connection and never says anything."""
    import socket

    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()
        env = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/bus", "PATH": str(tmp_path)}
        with Terminal([], env=env) as t:
            bus.accept()[0].close()  # the probe has come: the first answer is an end, the next one is none
            t.wait_for("There is no keyring here")
            t.press("f5")
            hanging = bus.accept()[0]
            start = time.monotonic()
            t.press("ctrl+q")
            assert t.wait_end() == 0
            assert time.monotonic() - start < 2.0
            hanging.settimeout(10)
            while hanging.recv(1024):  # until the helper has ended as well
                pass
            hanging.close()


@pytest.mark.parametrize("place", ["plain", "KEYRING", " file"])
def test_a_place_for_secrets_that_there_is_not(place: str) -> None:
    with Terminal([], env={"CLAW_TUI_SECRETS": place}) as t:
        assert t.wait_end() == 3
        assert "it can be keyring, file or memory" in " ".join(t.text.split())


def to_secrets(t: Terminal) -> None:
    """With the name that is suggested."""
    t.wait_for("Logged in as")
    t.press("enter")
    t.wait_for("payment method")
    t.press("ctrl+n")
    t.wait_for("Probably free")
    t.press("ctrl+n")


def to_a_field(t: Terminal) -> None:
    to_secrets(t)
    t.wait_for("new, random")
    t.press("down", "enter")
    t.wait_for("paste it here")


@pytest.mark.parametrize("length", [4_000, pytest.param(40, marks=SOAK), pytest.param(50_000, marks=SOAK)])
def test_a_paste_without_brackets_is_a_paste_whatever_its_length(length: int, cloud: Cloud) -> None:
    """As keys, 2 000 of them took nine seconds; and its line break is not Enter."""
    cloud.log_in()
    with Terminal(DEMO) as t:
        to_a_field(t)
        start = time.monotonic()
        t.send("x" * length + "\r")
        t.wait_for(f"the line breaks around it. {length} characters stay.")
        assert time.monotonic() - start < 10
        t.press("escape")
        t.wait_gone("Get it at")
        t.send("s" * 40)  # no field: it is not taken for forty shortcuts
        t.press("down")
        t.wait_for("OPENAI_API_KEY")
        quit_(t)


def test_a_paste_that_is_no_text_ends_nothing(cloud: Cloud) -> None:
    cloud.log_in()
    with Terminal(DEMO) as t:
        to_a_field(t)
        os.write(t._fd, b"\x1b[200~caf\xe9 \xff\xed\xa0\x80\x1b[201~")
        t.wait_for("a character that such a key never has")
        quit_(t)

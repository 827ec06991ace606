"""Another program has the terminal: whatever it does to it, it comes back as it was."""

from __future__ import annotations

import sys
import termios
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.domain.openclaw_commands import USEFUL
from tests.conftest import Cloud
from tests.plain.test_doors import have
from tests.terminal import Terminal, keys, untouched

pytestmark = pytest.mark.pty

# Stands in for flyctl: on a console it is as bad as the file says, all else is the simulated one's.
FLY = """#!{python}
import fcntl, os, signal, sys, termios, time, tty
if sys.argv[1] != "ssh":
    os.execv({python!r}, [{python!r}, "-S", "-m", "claw_tui.demo.fly", *sys.argv[1:]])
how = open({how!r}).read()
sys.stdout.write("\\x1b[?1049h\\x1b[?1000;1003;1006h\\x1b[?2004h\\x1b[?25l\\x1b[31mTHE OTHER PROGRAM")
sys.stdout.flush()
tty.setraw(0)
fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_NONBLOCK)
if how == "killed":
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    os.kill(os.getpid(), signal.SIGKILL)
if how == "raw":
    sys.exit(3)
mode = termios.tcgetattr(0)
mode[3] |= termios.ISIG
termios.tcsetattr(0, termios.TCSANOW, mode)
signal.signal(signal.SIGINT, signal.SIG_DFL)
time.sleep(60)
"""
ENDS = {
    "killed": "It was ended by SIGKILL",
    "raw": "It ended with 3",
    "interrupted": "It was ended by SIGINT",
}


def test_it_comes_back_as_it_was(cloud: Cloud, tmp_path: Path) -> None:
    have(cloud)
    how, fly = tmp_path / "how", tmp_path / "fly"
    fly.write_text(FLY.format(python=sys.executable, how=str(how)))
    fly.chmod(0o755)
    with Terminal(["--demo"], env={"CLAW_DEMO_FLYCTL": str(fly)}) as t:
        before = untouched()
        t.wait_for("Look after my-app")
        t.press("down", "enter")
        t.wait_for("started, passing")
        ours = termios.tcgetattr(t._fd)
        for way, words in ENDS.items():
            how.write_text(way)
            t.press("s")
            t.wait_for("THE OTHER PROGRAM")
            if way == "interrupted":
                t.send("\x03")
            t.wait_for(words)
            assert not t.echoes
            assert t.modes_left() in ([], [1049]), "the mouse and pasting are as usual"
            t.send("CANARYtyped-ahead\r")
            t.wait_for("started, passing")
            t.press("m")
            t.wait_for("Type to search")
            t.press("escape")
            t.wait_gone("Type to search")
            assert termios.tcgetattr(t._fd) == ours
        t.send(keys("ctrl+q"))
        assert t.wait_end() == 0
        assert t.modes_left() == []
        assert termios.tcgetattr(t._fd) == before
        assert b"CANARYtyped" not in t.bytes


def test_a_command_on_the_terminal_and_whatsapp(cloud: Cloud) -> None:
    """One that is interrupted has changed nothing; then the phone scans, and the gateway is asked."""
    from claw_tui.demo import gateway_channels, world

    have(cloud)
    with world.opened() as now:
        app = now["apps"]["my-app"]
        app["machines"][0]["gateway"]["loaded"]["channels"]["whatsapp"] = {"enabled": True}
        app["volumes"][0]["files"][gateway_channels.PLUGIN_FILE.format("whatsapp")] = {
            "owner": "1000:1000", "mode": "600", "text": "{}", "from": 0, "at": 0,
        }  # fmt: skip
    with Terminal(["--demo"], rows=40, env={"CLAW_DEMO_SPEED": "4"}) as t:
        t.wait_for("Look after my-app")
        t.press("down", "enter")
        t.wait_for("Looked at")
        t.press("n")
        t.wait_for("A command of OpenClaw")
        for _time in range(2 + [useful.terminal for useful in USEFUL].index(True)):
            t.press("down")
        t.press("enter")
        t.wait_for("go to Linked Devices")
        t.send("\x03")
        t.wait_for("It ended with 127")
        t.press("enter")
        t.wait_for("WhatsApp is not linked")
        t.press("enter")
        t.wait_for("Linked! Credentials saved")
        t.wait_for("It has ended. Press Enter")
        t.press("enter")
        t.wait_for("WhatsApp is linked and runs")
        t.send(keys("ctrl+q"))
        assert t.wait_end() == 0
        assert t.modes_left() == []


def have_signal(cloud: Cloud) -> None:
    """A gateway with signal-cli in its image and WhatsApp's plugin; no phone is linked with either."""
    import asyncio
    import os

    from claw_tui.demo import gateway_channels, world
    from claw_tui.wiring import services_for
    from tests.conftest import TOKEN
    from tests.engine.rig import carry_out
    from tests.screens.test_own_image import SPEC

    async def make() -> None:
        services = services_for(os.environ, demo=True)
        services.fly.use_token(TOKEN)
        spec = replace(
            SPEC, gateway=replace(SPEC.gateway, whatsapp=replace(SPEC.gateway.whatsapp, enabled=True))
        )
        await carry_out(services, spec)
        await services.close()

    cloud.log_in()
    asyncio.run(make())
    with world.opened() as now:
        app = now["apps"]["my-app"]
        app["volumes"][0]["files"][gateway_channels.PLUGIN_FILE.format("whatsapp")] = {
            "owner": "1000:1000", "mode": "600", "text": "{}", "from": 0, "at": 0,
        }  # fmt: skip


def test_signal_is_linked_from_home(cloud: Cloud) -> None:
    """One that is interrupted has linked nobody; then the phone scans."""
    have_signal(cloud)
    with Terminal(["--demo"], rows=40, env={"CLAW_DEMO_SPEED": "4"}) as t:
        t.wait_for("Look after my-app")
        t.press("down", "enter")
        t.wait_for("Looked at")
        before = termios.tcgetattr(t._fd)
        for interrupted in (True, False):
            t.press("q")
            t.wait_for("Link +15551234567 with Signal?")
            t.press("down", "enter")
            t.wait_for("sgnl://linkdevice")
            if interrupted:
                t.send("\x03")
                t.wait_for("It ended with")
            else:
                t.wait_for("It has ended. Press Enter")
            assert not t.echoes
            t.press("enter")
            t.wait_for("No phone was linked." if interrupted else "Linked with +15551234567")
            assert termios.tcgetattr(t._fd) == before
        t.send(keys("ctrl+q"))
        assert t.wait_end() == 0
        assert t.modes_left() == []


def test_phones_are_linked_from_finish(cloud: Cloud) -> None:
    """F7 is Signal's, F8 WhatsApp's."""
    have_signal(cloud)
    with Terminal(["--demo"], rows=40, env={"CLAW_DEMO_SPEED": "4"}) as t:
        t.wait_for("Look after my-app")
        t.press("down", "f7")
        t.wait_for("Ctrl+N shows the proof")
        t.press("ctrl+n")
        t.wait_for("Signal is not linked yet")
        t.wait_for("Looked at")
        before = termios.tcgetattr(t._fd)
        t.press("f7")
        t.wait_for("Link +15551234567 with Signal?")
        t.press("down", "enter")
        t.wait_for("sgnl://linkdevice")
        t.wait_for("It has ended. Press Enter")
        t.press("enter")
        t.wait_for("Linked with +15551234567; the gateway connects within a minute.")
        t.press("f8")
        t.wait_for("Show the QR code")
        t.press("down", "enter")
        t.wait_for("Linked! Credentials saved")
        t.wait_for("It has ended. Press Enter")
        t.press("enter")
        t.wait_for("WhatsApp is linked and runs")
        assert termios.tcgetattr(t._fd) == before
        t.send(keys("ctrl+q"))
        assert t.wait_end() == 0
        assert t.modes_left() == []


@pytest.mark.parametrize(("way", "code"), [("killed", 137), ("raw", 3)])
def test_a_command_that_asks_gets_the_terminal_without_the_screens_too(
    way: str, code: int, cloud: Cloud, tmp_path: Path
) -> None:
    have(cloud)
    how, fly = tmp_path / "how", tmp_path / "fly"
    how.write_text(way)
    fly.write_text(FLY.format(python=sys.executable, how=str(how)))
    fly.chmod(0o755)
    login = ["run", "--demo", "my-app", "--", "openclaw", "channels", "login", "--channel", "whatsapp"]
    with Terminal(login, env={"CLAW_DEMO_FLYCTL": str(fly)}) as t:
        before = termios.tcgetattr(t._fd)
        t.wait_for("THE OTHER PROGRAM")
        assert t.wait_end() == code
        assert t.modes_left() in ([], [1049])  # the other screen was left by 1047, which moves no cursor
        assert termios.tcgetattr(t._fd) == before

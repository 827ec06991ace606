"""Day two in a real terminal of 80x24, keyboard only: what is wrong is found and mended, the log read, all of it removed."""

from __future__ import annotations

import pytest

from claw_tui.demo import world as simulated
from tests.conftest import Cloud
from tests.doctor import ways
from tests.plain.test_doors import have
from tests.terminal import Terminal, keys

pytestmark = pytest.mark.pty


def test_broken_mended_read_and_removed(cloud: Cloud) -> None:
    have(cloud)
    ways.addresses_released()
    with Terminal(["--demo"]) as t:
        t.wait_for("Look after my-app")
        t.press("down", "enter")
        t.wait_for("started, passing")
        t.wait_for("Nobody can open its page")
        t.press("g")
        t.wait_for("It has no public address.")
        t.wait_for("fly ips allocate-v6 --app my-app")
        t.press("f")
        t.wait_for("Leave it as it is")
        t.press("down", "enter")
        t.wait_for("Ctrl+N goes Home")
        t.press("ctrl+n")
        t.wait_for("Well: it answers")
        assert cloud.app("my-app")["ips"]

        t.press("l")
        t.wait_for("times in UTC")
        t.wait_for("config hot reload applied")
        t.press("f")
        t.wait_for("Search")
        t.type("shutdown")
        t.press("enter")
        t.wait_for("completed cleanly")
        t.press("escape")
        t.press("escape")
        t.wait_for("Well: it answers")

        t.press("delete")
        t.wait_for("Remove everything")
        t.press("down", "down", "down")
        t.press("enter")
        t.wait_for("Type my-app and press Enter")
        t.type("my-app")
        t.press("enter")
        t.wait_for("nothing of my-app is left there")
        t.press("ctrl+n")
        t.wait_for("Shall this computer forget it")
        t.press("down", "enter")
        t.wait_for("What would you like to do?")
        t.send(keys("ctrl+q"))
        assert t.wait_end() == 0
        assert t.modes_left() == []
    with simulated.opened() as now:
        assert now["apps"] == {}

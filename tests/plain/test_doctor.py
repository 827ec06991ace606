"""`doctor --private` as a script meets it: its lines, its report, and what it ends with."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from claw_tui.demo import world
from claw_tui.plain.exits import EXITS
from tests.canary import Canaries
from tests.conftest import TOKEN, Cloud
from tests.exposure import worlds
from tests.exposure.worlds import FORMER_V4, FORMER_V6, Change
from tests.plain.program import Said, claw_tui
from tests.plain.test_doors import have


def make(*changes: Change) -> None:
    with world.opened() as now:
        now["login"] = TOKEN.reveal()
        worlds.private(now)
        for change in changes:
            change(now)


def doctor(*more: str) -> Said:
    return claw_tui("doctor", "--private", "my-app", *more)


def remembered(*addresses: str) -> None:
    """As a conversion left it."""
    folder = Path(os.environ["CLAW_TUI_HOME"]) / "demo" / "gateways" / "my-app"
    folder.mkdir(parents=True)
    (folder / "former.json").write_text(json.dumps([{"address": one, "kind": "v6"} for one in addresses]))


def test_a_private_app_that_others_made(cloud: Cloud, tmp_path: Path) -> None:
    """No answers are here; it is told in lines, and kept in a file that only its owner reads and that has no secret."""
    planted = Canaries({"login": TOKEN.reveal(), "variable": "CANARYvariableCANARYvariable"})
    make(lambda now: worlds.machine_of(now)["config"]["env"].update(KEY="CANARYvariableCANARYvariable"))
    found = doctor()
    assert (found.code, found.err) == (0, ""), found
    assert "PASS     It has no public address." in found.out
    assert "PASS     The gateway answers by the private way in." in found.out
    assert "my-app is private: nothing of it was found on the internet." in found.out
    path = Path(found.out.rpartition("Kept in ")[2].strip())
    assert "my-app is private" in path.read_text()
    assert "TOLD     People in the organization personal who can reach it: 1" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.with_suffix(".json").read_text())["verdict"] == "private"
    assert planted.find_in_files(path.parent) == []
    assert not [word for word in ("hidden", "secure") if word in found.out.lower()]


@pytest.mark.parametrize(
    ("changes", "former", "code", "verdict"),
    [
        ((), (), 0, "private"),
        ((worlds.here(v6=False),), (FORMER_V4, FORMER_V6), 10, "not-probed-v6"),
        ((worlds.add("shared_v4"),), (), 11, "exposed"),
        ((worlds.outside(dns_down="A"),), (), 12, "unknown"),
    ],
    ids=["private", "not-probed-v6", "exposed", "unknown"],
)
def test_what_it_ends_with(
    changes: tuple[Change, ...], former: tuple[str, ...], code: int, verdict: str, cloud: Cloud
) -> None:
    make(*changes)
    remembered(*former)
    found = doctor("--json")
    assert (found.code, found.err) == (code, ""), found
    end = found.objects[-1]
    assert (end["event"], end["verdict"], end["exit"]) == ("privacy", verdict, code)
    lines = {one["id"]: one for one in found.of("line")}
    assert {"addresses", "services", "config", "certificates", "dns", "probes", "tunnel", "members"} < {
        *lines
    }
    assert Path(end["report"]).exists()
    assert code in {one.number for one in EXITS}


def test_by_the_guides_it_is_not_exposed_and_not_reachable(cloud: Cloud) -> None:
    make(worlds.offers())
    found = doctor()
    assert found.code == 0
    assert "The gateway does not answer by the private way in." in found.out
    assert "The gateway listens on IPv4, and fly proxy and WireGuard come by IPv6" in found.out


def test_an_app_that_is_not_there(cloud: Cloud) -> None:
    cloud.log_in()
    found = doctor()
    assert (found.code, found.out) == (3, ""), found
    assert "There is no app my-app in this account." in found.err


def test_without_a_login_nothing_is_said_about_it(cloud: Cloud) -> None:
    make()
    with world.opened() as now:
        now["login"] = None
    assert doctor().code == 4


@pytest.mark.parametrize("argv", [["doctor", "--private"], ["doctor", "--private", "../x"]])
def test_what_is_no_question(argv: list[str], cloud: Cloud) -> None:
    found = claw_tui(*argv)
    assert (found.code, found.out) == (3, ""), found


def test_a_report_that_cannot_be_kept_changes_no_verdict(cloud: Cloud) -> None:
    make(worlds.add("v6"))
    folder = Path(os.environ["CLAW_TUI_HOME"]) / "demo" / "gateways"
    folder.mkdir(parents=True)
    (folder / "my-app").write_text("a file in the folder's place")
    found = doctor("--json")
    assert found.code == 11, found
    assert "report" not in found.objects[-1]


def test_a_public_one_has_no_private_way_in_for_it_has_no_private_address(cloud: Cloud) -> None:
    have(cloud)
    found = doctor()
    assert found.code == 11, found
    assert "There is no private way in: it has no private address." in found.out
    assert "flycast" not in found.out, "where there is no address nobody does not answer"
    assert "`claw-tui --demo harden my-app`" in found.out

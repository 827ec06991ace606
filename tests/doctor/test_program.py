"""A few of the worlds through the real program."""

from __future__ import annotations

import pytest

from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.doctor.asking import sick
from tests.doctor.healthy import friends_knock, own_domain
from tests.doctor.making import APP, an_hour_passes, change, have, look
from tests.doctor.world import Broken
from tests.doctor.worlds import BROKEN
from tests.plain.program import claw_tui

pytestmark = pytest.mark.anyio
SOME = (
    "512 MB",
    "half a file",
    "403: no trustedProxies",
    "no key for its model",
    "destroyed from another computer",
)
NOT_KNOWN, NEEDS_YOU, FIXED = 12, 14, 13


@pytest.mark.parametrize("case", [case for case in BROKEN if case.name in SOME], ids=lambda case: case.name)
async def test_it_says_so_and_ends_with_14(case: Broken, services: Services) -> None:
    await sick(case, services)
    found = claw_tui("doctor", APP, "--json")
    end = found.objects[-1]
    assert (found.code, end["event"], end["first"], end["exit"]) == (
        NEEDS_YOU,
        "diagnosis",
        case.first,
        14,
    ), found
    if case.name == "403: no trustedProxies":
        (proxy,) = [one for one in found.of("check") if one["cause"] == case.first]
        (change,) = proxy["fix"]["changes"]
        assert (change["file"], change["path"], change["before"]) == (
            "openclaw.json",
            "gateway.trustedProxies",
            "",
        )
        assert '"172.16.0.0/16"' in change["after"]
    causes = {one["cause"] for one in found.of("check") if one["standing"] == "wrong"}
    assert causes == set(end["causes"])


async def test_it_mends_and_ends_with_13(services: Services) -> None:
    case = next(case for case in BROKEN if case.name == "a misspelt key")
    await sick(case, services)
    found = claw_tui("doctor", APP, "--fix", "--yes", "--json")
    diagnoses = found.of("diagnosis")
    assert (found.code, diagnoses[0]["first"], diagnoses[-1]["first"]) == (FIXED, case.first, ""), found


async def test_whoever_knocks_is_no_trouble_of_the_gateway(services: Services) -> None:
    """Where others are in already, cron is told so and does not cry; what is mended ends with 13."""
    await have(services)
    friends_knock()
    found = claw_tui("doctor", APP)
    assert found.code == 0, found
    assert "NOTE     Somebody waits to be let in: 1" in found.out
    assert f"claw-tui --demo devices {APP} --approve" in found.out
    change(lambda _now, app, _machine: app.update(ips=[]))
    found = claw_tui("doctor", APP, "--fix", "--yes", "--json")
    (knock,) = [one for one in found.of("check")[-40:] if one["cause"] == "pairing-waiting"]
    assert (found.code, knock["standing"]) == (FIXED, "note"), found


async def test_a_public_gateway_stays_public_when_its_addresses_could_not_be_asked(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once only, and `--fix` is there: what was not read is no reason to take an address away."""
    await have(services)
    own_domain()
    an_hour_passes()
    before = look(lambda app, _machine: (app["ips"], app["machines"][0]["config"], len(app["releases"])))
    cloud.faults(monkeypatch, {"command": "ips list", "times": 1, "exit": 1, "stderr": "Error: trouble\n"})
    found = claw_tui("doctor", APP, "--fix", "--yes", "--json")
    assert (found.code, found.objects[-1]["exit"]) == (NOT_KNOWN, NOT_KNOWN), found
    unknown = {one["id"]: one["evidence"] for one in found.of("check") if one["standing"] == "unknown"}
    assert set(unknown) == {"addresses", "origin"}
    assert all("trouble" in " ".join(words) for words in unknown.values())
    assert (
        look(lambda app, _machine: (app["ips"], app["machines"][0]["config"], len(app["releases"]))) == before
    )
    kept = services.state.load_answers(APP)
    assert kept is not None
    assert not kept.private


ASKED = ("secrets list", "machine leases view", "volumes list", "config show", "releases", "logs")


async def test_what_can_not_be_asked_is_not_well_and_is_named(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret that waits for a restart is not seen then: that is told, and ends with 12."""
    await have(services)
    change(lambda _now, app, _machine: app["secrets"]["DISCORD_BOT_TOKEN"].update(status="Staged"))
    failing = {"times": 99, "exit": 1, "stderr": "Error: trouble\n"}
    cloud.faults(monkeypatch, *({"command": command, **failing} for command in ASKED))
    found = claw_tui("doctor", APP, "--fix", "--yes", "--json")
    assert (found.code, found.objects[-1]["causes"]) == (NOT_KNOWN, []), found
    unknown = {one["id"] for one in found.of("check") if one["standing"] == "unknown"}
    assert unknown == {
        "staged", "lease", "unasked-volumes", "unasked-deployed", "unasked-releases", "unasked-logs",
    }, found  # fmt: skip

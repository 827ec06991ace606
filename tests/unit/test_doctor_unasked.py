"""What could not be asked is never taken for "none": nothing is wrong by it, nothing is mended by it, and it is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from claw_tui.domain.doctor.facts import AWAY, Facts, Inside, Unasked
from claw_tui.domain.doctor.judge import judge
from claw_tui.domain.doctor.model import Finding, Standing, Verdict
from claw_tui.domain.doctor.unasked import ASKED
from claw_tui.domain.fly_toml import COMMAND
from claw_tui.domain.world import Check, Ip, IpKind, Machine, MachineEvent, Mount, Service
from tests.unit.test_doctor_rules import (
    KNOCKS,
    MACHINE,
    NOW,
    SICK,
    WELL,
    Change,
    command,
    config,
    down,
    inside,
    machine,
    says,
    then,
    told,
)

TROUBLE = Unasked("the sky fell", "trouble", "look up")
NAMES = [name for name, _what, _ids in ASKED]


def unread(*names: str) -> Change:
    changes: dict[str, Any] = dict.fromkeys(names, TROUBLE)
    return lambda facts: replace(facts, **changes)


def finding(facts: Facts, id_: str) -> Finding:
    (found,) = [one for one in judge(facts).findings if one.id == id_]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_of_a_healthy_one_it_is_said_and_nothing_else(name: str) -> None:
    found = judge(unread(name)(WELL))
    assert (found.verdict, found.causes, found.fixes) == (Verdict.UNKNOWN, (), ()), told(found)
    said = [one for one in found.findings if one.standing is Standing.UNKNOWN]
    assert said, told(found)
    assert all(one.evidence == ("the sky fell",) for one in said)


def test_each_fact_that_can_fail_is_in_the_table() -> None:
    here = {
        "free_mb",
        "store",
        "flyctl",
        "login",
        "found",
    }  # they have checks of their own, before all others
    facts = {name for name in Facts.__dataclass_fields__ if isinstance(getattr(Facts("x"), name), Unasked)}
    assert facts - here - {"bad_keys"} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("world", SICK)
def test_of_a_sick_one_no_other_cause_is_made_up(world: str, name: str) -> None:
    """What is found stands first; what ended without a word that could be read is only "stopped", and is not started."""
    facts = SICK[world][1](WELL)
    if not facts.found or isinstance(facts.found, Unasked) or isinstance(getattr(facts, name), Unasked):
        return
    before, found = judge(facts), judge(unread(name)(facts))
    assert found.verdict is not Verdict.HEALTHY, told(found)
    assert set(found.causes) - {"machine-stopped", "config-missing"} <= set(before.causes), told(found)
    mends = {fix.id for fix in before.fixes}
    more = {fix.id for fix in found.fixes} - mends
    explained = {f.fix.id for f in before.findings if f.fix and f.cause in before.explained}
    assert more <= explained, (more, told(found))


def test_a_private_one_is_not_asked_from_outside() -> None:
    private = replace(WELL, ips=(Ip("fdaa::1", IpKind.PRIVATE_V6),), outside=TROUBLE, page=TROUBLE)
    assert not [one for one in judge(private).findings if one.id in ("unasked-page", "unasked-outside")]


def test_where_its_machine_is_stopped_nothing_was_tried() -> None:
    found = judge(down(0)(WELL))
    assert found.first == "machine-stopped"
    assert [one.id for one in found.findings if one.standing is Standing.UNKNOWN] == [], told(found)
    assert Unasked("", AWAY).code == AWAY


OTHERS: dict[str, Any] = {"spec": None, "written": ""}  # set it up
BARE = ("node", "dist/index.js", "gateway")


def asks_file(**changes: Any) -> Change:
    """Where it listens stands in openclaw.json alone, which nobody could read."""
    return lambda facts: replace(unread("config")(machine(command=BARE, **changes)(facts)), **OTHERS)


# What would be a cause, or well, if what was not read counted as none: the check, and the facts.
SILENT: dict[str, tuple[str, Change]] = {
    "the port stands in the file only": ("port", asks_file()),
    "so does where it listens": ("bind", asks_file()),
    "its check fails, and nobody could ask the gateway": ("check", then(
        machine(checks=(Check("alive", "critical"),), check_paths=("/",)), unread("health"))),
    "others set it up, and its fly.toml is not told": ("command", lambda f: replace(unread("deployed")(f), spec=None)),
    "killed before it was last deployed, or after": ("memory", then(
        machine(events=(MachineEvent("exit", "", int((NOW - 4000) * 1000), 137, oom_killed=True), *MACHINE.events)), unread("releases"))),
    "an old one without a file": ("config", lambda f: replace(
        unread("health")(f), config=None, spec=None, machines=(replace(MACHINE, image="x/clawdbot:2026.1.24"),))),
    "two ways to log in, perhaps": ("auth", then(
        config(lambda c: c["gateway"]["auth"].update(mode="trusted-proxy", token="")), unread("secrets"))),
    "its lines tell of a refusal of long ago": ("start", then(
        says("Refusing to bind gateway to lan without auth."), unread("health"),
        machine(events=(MachineEvent("exit", "", int((NOW - 4000) * 1000), 1), *MACHINE.events)))),
    "a browser had another token": ("token", then(
        config(lambda c: c["gateway"]["auth"].update(token="t" * 40)), says("AUTH_TOKEN_MISMATCH"), unread("same_token"))),
    "somebody knocks": ("pairing", lambda f: replace(unread("somebody_in")(f), pairing=KNOCKS)),
    "a plugin may be elsewhere": ("plugins", then(inside(plugins=()), unread("channels"))),
}  # fmt: skip


@pytest.mark.parametrize("name", SILENT)
def test_a_check_that_rests_on_it_does_not_guess(name: str) -> None:
    id_, change = SILENT[name]
    facts = change(WELL)
    assert finding(facts, id_).standing is Standing.UNKNOWN, told(judge(facts))
    assert judge(facts).causes == (), told(judge(facts))


def test_what_fly_launch_writes_may_be_meant_where_the_port_stands_in_the_file() -> None:
    facts = asks_file(services=(Service("tcp", 8080),), memory_mb=1024)(WELL)
    assert finding(facts, "fly-toml").standing is Standing.UNKNOWN
    assert judge(facts).causes == ("memory-small",), told(judge(facts))


# What is wrong all the same, and is not mended before more is known.
NOT_MENDED: dict[str, Change] = {
    "it refuses to start, and its log is not told": then(SICK["bad file"][1], unread("logs")),
    "no file there, and perhaps elsewhere": then(lambda f: replace(f, config=None), unread("inside")),
    "no volume there, and perhaps one of its own": then(machine(mounts=()), unread("volumes")),
    "no token, or one that waits": then(SICK["no token"][1], unread("secrets")),
    "no secret, or one that waits": then(SICK["no secret"][1], unread("secrets")),
    "of a version that nobody tells": lambda f: replace(
        config(lambda c: c["gateway"].pop("port"))(unread("health")(f)), spec=None, machines=(replace(MACHINE, image="registry.fly.io/mine:x"),)),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_MENDED)
def test_what_is_found_is_not_mended_before_more_is_known(name: str) -> None:
    found = judge(NOT_MENDED[name](replace(WELL, at_hand=frozenset({"OPENCLAW_GATEWAY_TOKEN"}))))
    assert found.verdict is Verdict.SICK, told(found)
    assert found.fixes == (), found.fixes


def test_a_machine_that_tells_nothing_is_no_bare_one() -> None:
    """Its host does not answer: it has a volume, a command and services all the same, and is never what is removed."""
    dark = Machine("m0", "m", "started", "fra", readable=False)
    found = judge(replace(WELL, machines=(dark,)))
    assert (found.verdict, found.causes, found.fixes) == (Verdict.UNKNOWN, (), ()), told(found)
    assert "m0" in " ".join(finding(replace(WELL, machines=(dark,)), "machine").evidence)
    two = judge(replace(WELL, machines=(MACHINE, dark)))
    assert (two.first, two.fixes) == ("two-machines", ()), told(two)


def test_what_the_facts_are_read_off_is_asked_too() -> None:
    facts = replace(WELL, machines=TROUBLE, inside=Inside(), health=Unasked(""))
    found = judge(facts)
    assert (found.verdict, found.causes) == (Verdict.UNKNOWN, ()), told(found)
    assert finding(facts, "machines").standing is Standing.SKIPPED


def test_the_port_in_the_command_needs_no_file() -> None:
    facts = unread("config")(command(COMMAND)(WELL))
    assert finding(facts, "port").standing is Standing.WELL
    assert Mount("vol_1", "/data") in MACHINE.mounts

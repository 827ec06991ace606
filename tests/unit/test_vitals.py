"""How a gateway is: what the machine prints, why it was started, the one sentence, and the figures."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import replace

import pytest

from claw_tui.adapters.machine_resources import read, script
from claw_tui.domain.answers import ChannelStatus, HealthAnswer
from claw_tui.domain.rescue import ENTRYPOINT
from claw_tui.domain.vital_figure import Figure
from claw_tui.domain.vital_rows import figures
from claw_tui.domain.vital_units import span
from claw_tui.domain.vital_verdict import verdict
from claw_tui.domain.vitals import Cause, KeyNote, Known, Resources, Standing, Vitals, last_start
from claw_tui.domain.world import App, Check, Ip, IpKind, Machine, MachineEvent, Mount, Release, Volume, World
from claw_tui.engine.vitals import price_of

GIB = 1024**3
NOW = 1_800_000_000.0
PRINTED = """MemTotal:        2014208 kB
MemFree:          201420 kB
MemAvailable:    1007104 kB
3600.50 6800.10
Filesystem     1024-blocks    Used Available Capacity Mounted on
/dev/vdc           3000000  600000   2400000      20% /data
1 (init) S 0 1 1 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 11 0 5 0 0
640 (node) S 1 640 640 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 11 0 60050 0 0
700 (node (worker)) S 640 640 640 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 11 0 300000 0 0
"""


def machine(*events: MachineEvent, **changes: object) -> Machine:
    made = Machine(
        "m1", "", "started", "fra", "ghcr.io/openclaw/openclaw:2026.9.1", "shared", 2, 2048,
        mounts=(Mount("vol1", "/data"),), checks=(Check("c", "passing"),),
        events=events or (MachineEvent("start", "started", int((NOW - 7200) * 1000)),),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def vitals(one: Machine | None = None, **changes: object) -> Vitals:
    world = World(
        App("a", "personal", "deployed"), (Volume("vol1", "openclaw_data", "fra", 3, attached_to="m1"),),
        ips=(Ip("66.241.1.1", IpKind.SHARED_V4),), machines=(one or machine(),),
    )  # fmt: skip
    ages = dict.fromkeys(("app", "volumes", "secrets", "ips", "machines", "releases"), 1.0)
    made = Vitals(
        "a", world, ages, Known(Resources(2 * GIB, GIB, 3 * GIB, GIB, 7200, 7000), 200.0),
        Known(HealthAnswer(reached=True, json_ok=True, words="alive", status=200), 5.0),
        Known((ChannelStatus("discord", configured=True, running=True, probe_ok=True, words=""),), 5.0), now=NOW,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def row(found: Vitals, name: str) -> Figure:
    return next(figure for figure in figures(found) if figure.id == name)


# -- what the machine prints --------------------------------------------------------------------------------------
def test_memory_disk_and_uptime_are_read_from_proc_and_df() -> None:
    assert read(PRINTED) == Resources(
        2014208 * 1024, 1007104 * 1024, 3000000 * 1024, 600000 * 1024, 3600.5, 3000.0
    )


@pytest.mark.parametrize("text", ["", "sh: 1: df: not found\n", "MemTotal: 12 kB\n", PRINTED[:200]])
def test_what_it_does_not_print_is_not_known(text: str) -> None:
    found = read(text)
    assert found.disk is None
    assert found.gateway_up is None


# -- why it was started -------------------------------------------------------------------------------------------
def event(kind: str, seconds_ago: float, code: int | None = None, *, oom: bool = False) -> MachineEvent:
    return MachineEvent(kind, "", int((NOW - seconds_ago) * 1000), code, oom)


def wanted(seconds_ago: float, source: str) -> MachineEvent:
    """Somebody has asked for a start; the start itself follows."""
    return MachineEvent("start", "starting", int((NOW - seconds_ago) * 1000), source=source)


@pytest.mark.parametrize(
    ("events", "cause", "number"),
    [
        ((event("start", 10), event("exit", 12, 137, oom=True), event("start", 999)), Cause.MEMORY, 0),
        ((event("start", 10), event("exit", 12, 78), event("start", 999)), Cause.FAILED, 78),
        (
            (event("start", 10), event("exit", 12, 0), event("restart", 13), event("start", 999)),
            Cause.ASKED,
            0,
        ),
        ((event("start", 10), event("exit", 12, 0), event("start", 999)), Cause.ENDED, 0),
        ((event("start", 10), event("launch", 11)), Cause.MADE, 0),
        (
            (
                event("start", 10),
                wanted(11, "user"),
                event("exit", 99, 0),
                event("stop", 99),
                event("start", 999),
            ),
            Cause.ASKED,
            0,
        ),
        ((event("start", 10), wanted(11, "user"), event("exit", 99, 0), event("start", 999)), Cause.ASKED, 0),
        (
            (
                event("start", 10),
                wanted(11, "proxy"),
                event("exit", 99, 0),
                event("stop", 99),
                event("start", 999),
            ),
            Cause.REQUEST,
            0,
        ),
        ((wanted(5, "user"), event("start", 10), event("launch", 11)), Cause.MADE, 0),
        (
            (event("start", 10), event("start", 30), event("exit", 40, 1), event("start", 99)),
            Cause.UNKNOWN,
            0,
        ),
    ],
)
def test_the_last_start_has_a_reason(events: tuple[MachineEvent, ...], cause: Cause, number: int) -> None:
    found = last_start(machine(*events))
    assert found is not None
    assert (found.cause, found.number, round(NOW - found.at)) == (cause, number, 10)


def test_a_release_just_before_is_the_reason_and_an_end_by_itself_counts_more() -> None:
    releases = (Release(4, "complete", "", "2027-01-15T07:58:00Z"), Release(3, "complete", "", "no time"))
    found = last_start(machine(event("start", 10), event("exit", 12, 0)), releases)
    assert found is not None
    assert (found.cause, found.number) == (Cause.DEPLOY, 4)
    failed = last_start(machine(event("start", 10), event("exit", 12, 1)), releases)
    assert failed is not None
    assert failed.cause is Cause.FAILED
    assert last_start(machine(events=())) is None


@pytest.mark.parametrize(
    ("events", "cause"),
    [
        # The deploy's own: its machine is made anew, or another config put in.
        ((event("start", 10), event("launch", 12)), Cause.DEPLOY),
        ((event("start", 10), event("exit", 12, 0), event("update", 13), event("start", 9999)), Cause.DEPLOY),
        # One that was stopped before the deploy, and started by it.
        (
            (
                event("start", 10),
                event("update", 13),
                event("exit", 300, 0),
                event("stop", 301),
                event("start", 9999),
            ),
            Cause.DEPLOY,
        ),
        # Minutes after it somebody restarted it, changed it, stopped it.
        ((event("start", 10), event("exit", 12, 0), event("restart", 13), event("start", 100)), Cause.ASKED),
        ((event("start", 10), event("exit", 12, 0), event("update", 13), event("start", 100)), Cause.ASKED),
        ((event("start", 10), event("exit", 50, 0), event("stop", 51), event("start", 100)), Cause.ASKED),
        ((event("start", 10), event("exit", 12, 0), event("start", 100)), Cause.ENDED),
        # Of the deploy's own start Fly.io tells no more.
        ((event("start", 10), event("exit", 12, 0), event("restart", 13)), Cause.ASKED),
    ],
)
def test_what_was_done_after_a_deploy_counts_more_than_that_it_was_near(
    events: tuple[MachineEvent, ...], cause: Cause
) -> None:
    releases = (Release(4, "complete", "", "2027-01-15T07:58:00Z"),)  # two minutes ago
    found = last_start(machine(*events), releases)
    assert found is not None
    assert found.cause is cause


# -- one sentence -------------------------------------------------------------------------------------------------
def test_well_says_what_is_known_to_be_well() -> None:
    assert verdict(vitals()).words == "Well: it answers, Discord is connected."
    assert (
        verdict(vitals(health=Known(), channels=Known())).words == "Well: it runs, its health check passes."
    )


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (vitals(machine(state="stopped")), "its machine is stopped"),
        (vitals(machine(checks=(Check("c", "critical"),))), "its health check says “critical”"),
        (vitals(health=Known(HealthAnswer(reached=False, json_ok=False, words="silent"), 1.0)), "silent."),
        (vitals(channels=Known((ChannelStatus("discord", configured=True, running=False, probe_ok=None, words="4014"),), 1.0)), "Discord is not connected (4014)"),
        (vitals(resources=Known(Resources(disk=100, disk_used=97), 1.0)), "volume is nearly full"),
        (vitals(resources=Known(Resources(100, 97), 1.0)), "memory is nearly used up"),
        (vitals(keys={"OPENAI_API_KEY": KeyNote(NOW, "refused", good=False)}), "the key for OpenAI was refused"),
    ],
)  # fmt: skip
def test_not_well_says_the_first_reason_and_that_more_can_be_found_out(found: Vitals, words: str) -> None:
    said = verdict(found)
    assert said.standing is Standing.BAD
    assert said.finds_out
    assert said.words.startswith("Not well: ")
    assert words in said.words


def test_one_that_nobody_can_open_is_not_well() -> None:
    """Addresses that were not read are not "none"."""
    lost = vitals(world=replace(vitals().world, ips=()))
    said = verdict(lost)
    assert (said.standing, said.finds_out) == (Standing.WARNING, True)
    assert said.words == "Nobody can open its page; else it answers, Discord is connected."
    assert row(lost, "reach").words == "nobody: nothing leads to it"
    unread = replace(lost, ages={part: age for part, age in lost.ages.items() if part != "ips"})
    assert verdict(unread).standing is Standing.GOOD


def test_what_is_neither_well_nor_ill_is_named() -> None:
    assert "machine" in verdict(replace(vitals(), world=World(App("a")))).words
    assert "rescue" in verdict(vitals(machine(entrypoint=tuple(shlex.split(ENTRYPOINT))))).words
    young = machine(event("start", 5), checks=(Check("c", "critical"),))
    assert verdict(vitals(young)).words.startswith("Starting")
    assert verdict(vitals(ages={"machines": 3600.0})).standing is Standing.PLAIN
    assert verdict(vitals(ages={})).words == "Looking …"


def test_an_old_generation_answers_with_its_web_page() -> None:
    page = HealthAnswer(reached=True, json_ok=False, words="something answered", status=200)
    old = machine(image="ghcr.io/openclaw/openclaw:2026.1.29")
    assert verdict(vitals(old, health=Known(page, 1.0))).standing is Standing.GOOD
    assert verdict(vitals(health=Known(page, 1.0))).standing is Standing.BAD


# -- the figures --------------------------------------------------------------------------------------------------
def test_each_figure_has_its_source_and_age() -> None:
    found = vitals(newer=Known(("2026.9.6", "2026.9.2"), 3.0))
    assert (row(found, "version").words, row(found, "version").aside) == (
        "2026.9.1; 2026.9.6 is out",
        "registry, now",
    )
    memory = row(found, "memory")
    assert (memory.words, memory.aside) == ("2.0 GB; 1.0 GB in use (50%)", "machine, 3 min ago")
    assert memory.is_old
    assert row(found, "volume").words == "openclaw_data, 3 GB, fra; 1.0 GB in use (33%)"
    assert not row(found, "gateway").is_old
    assert row(found, "reach").words == "everybody, with the token: https://a.fly.dev"


def test_what_is_not_known_says_why() -> None:
    found = vitals(
        resources=Known(None, None, "no answer"), channels=Known(None, None, "it did not answer"),
        newer=Known(None, None, "the registry can't be asked"), keys={"OPENAI_API_KEY": None},
    )  # fmt: skip
    assert row(found, "memory").words == "2.0 GB; its use is not known: no answer"
    assert row(found, "channels").words == "not known: it did not answer"
    assert row(found, "version").words == "2026.9.1; newer ones not known: the registry can't be asked"
    assert row(found, "keys").words == "OpenAI: not checked from here"


def test_a_volume_that_no_machine_has_is_told_apart() -> None:
    one = Volume("vol2", "openclaw_data", "fra", 3)
    world = vitals().world
    found = replace(vitals(), world=replace(world, volumes=(*world.volumes, one)))
    words = [figure.words for figure in figures(found) if figure.id == "volume"]
    assert words[1] == "openclaw_data, 3 GB, fra; no machine has it"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(20, "1 min"), (200, "3 min"), (7200, "2 h"), (86400, "24 h"), (3 * 86400, "3 days")],
)
def test_spans_are_short(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_the_script_means_the_same_to_a_real_shell() -> None:
    said = subprocess.run(["sh", "-c", script("/tmp")], capture_output=True, text=True, check=True).stdout
    found = read(said)
    assert None not in (found.memory, found.memory_used, found.disk, found.disk_used, found.up)
    assert 0 < (found.memory_used or 0) < (found.memory or 0)


def test_the_price_is_of_all_that_is_there() -> None:
    """A move leaves the old disk behind, and Fly.io goes on charging for it."""
    one = vitals().world
    alone = price_of("a", one)
    assert alone is not None
    old = Volume("vol2", "openclaw_data", "fra", 3)
    another = replace(machine(), id="m2", mounts=(Mount("vol2", "/data"),))
    with_disk = price_of("a", replace(one, volumes=(old, *one.volumes)))
    with_both = price_of("a", replace(one, volumes=(old, *one.volumes), machines=(*one.machines, another)))
    assert with_disk is not None
    assert with_both is not None
    assert with_disk.total == pytest.approx(alone.total + 0.45)
    assert with_both.total == pytest.approx(2 * alone.total)

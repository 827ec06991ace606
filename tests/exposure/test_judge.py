"""The rule fails closed: each fact that it needs, missing or bad, changes the verdict by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claw_tui.domain.exposure.facts import Certificate, Facts, Heard, Knock, Probe, Records, Unasked
from claw_tui.domain.exposure.judge import judge
from claw_tui.domain.exposure.judgement import Privacy, Standing
from claw_tui.domain.exposure.records import EXPECTED
from claw_tui.domain.exposure.tunnels import tunnels
from claw_tui.domain.world import Ip, IpKind, Machine, Port, Service

WHY = Unasked("no answer in time")
V6 = "2a09:8280:1::9:9:0"
GOOD = Facts(
    "my-app", "personal", (Ip("fdaa:0:1::2", IpKind.PRIVATE_V6),), (Machine("m1", "m", "started", "fra", services=(EXPECTED,)),),
    {}, (), Records(), Records(), (V6,), (Probe(V6, 443, Heard.SILENT),), Knock(answered=True), (), (), (), (),
)  # fmt: skip
NEEDED = ("addresses", "machines", "config", "certificates", "dns_v4", "dns_v6", "probes")
BAD = {
    "addresses": (Ip(V6, IpKind.UNKNOWN),),
    "machines": (Machine("m2", "m", "stopped", "fra", services=(Service("tcp", 3000),)),),
    "config": {"http_service": {"internal_port": 3000}},
    "certificates": (Certificate("claw.example.com"),),
    "dns_v4": Records(("66.241.124.9",)),
    "dns_v6": Records((V6,)),
    "probes": (Probe(V6, 443, Heard.GATEWAY),),
}


def test_what_is_all_good_is_private() -> None:
    assert judge(GOOD).privacy is Privacy.PRIVATE


def test_nothing_is_known_about_an_app_that_nobody_looked_at() -> None:
    found = judge(Facts("my-app"))
    assert found.privacy is Privacy.UNKNOWN
    assert {line.standing for line in found.lines} == {Standing.UNKNOWN, Standing.TOLD}


@pytest.mark.parametrize("name", NEEDED)
def test_a_fact_that_is_missing(name: str) -> None:
    assert judge(replace(GOOD, **{name: WHY})).privacy is Privacy.UNKNOWN  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NEEDED)
def test_a_fact_that_is_bad_counts_more_than_one_that_is_missing(name: str) -> None:
    bad = replace(GOOD, **{name: BAD[name]})  # type: ignore[arg-type]
    assert judge(bad).privacy is Privacy.EXPOSED
    for other in NEEDED:
        if other != name:
            assert judge(replace(bad, **{other: WHY})).privacy is Privacy.EXPOSED, other  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NEEDED[:-1])
def test_without_ipv6_the_rest_has_to_be_known(name: str) -> None:
    here = replace(GOOD, probes=(Probe(V6, 443, Heard.NO_ROUTE),))
    assert judge(here).privacy is Privacy.NOT_PROBED_V6
    assert judge(replace(here, **{name: WHY})).privacy is Privacy.UNKNOWN  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["knock", "members", "peers", "open_apps", "inside"])
def test_what_remains_is_told_and_not_judged(name: str) -> None:
    assert judge(replace(GOOD, **{name: WHY})).privacy is Privacy.PRIVATE  # type: ignore[arg-type]


def test_nobody_is_told_to_destroy_the_machine_of_his_gateway() -> None:
    public = Service("tcp", 3000, (Port(443, ("http", "tls")),))
    ours = Machine("m1", "m", "started", "fra", services=(public,), group="app")
    other = Machine("m2", "m", "started", "fra", services=(public,), group="web")
    todo = next(line for line in judge(replace(GOOD, machines=(ours,))).lines if line.id == "services").todo
    assert "claw-tui harden my-app" in todo
    assert "destroy" not in todo
    todo = next(
        line for line in judge(replace(GOOD, machines=(ours, other))).lines if line.id == "services"
    ).todo
    assert "claw-tui harden my-app" in todo
    assert "`fly machine destroy m2`" in todo


def test_a_knock_at_a_door_that_is_not_there_says_so() -> None:
    """The gateway may well answer: at another port of the private network."""
    other = replace(EXPECTED, ports=(Port(80, ("http",)),))
    machines = (Machine("m1", "m", "started", "fra", services=(other,)),)
    found = judge(replace(GOOD, machines=machines, knock=Knock(answered=False, words="refused")))
    line = next(line for line in found.lines if line.id == "tunnel")
    assert line.evidence == ("No machine has a service at port 3000, where it was tried.",)
    assert "claw-tui harden my-app" in line.todo
    silent = judge(replace(GOOD, knock=Knock(answered=False, words="refused")))
    assert next(line for line in silent.lines if line.id == "tunnel").evidence == ("refused",)


@pytest.mark.parametrize(
    ("processes", "config", "count"),
    [
        ((), None, 0),
        (("node", "init"), "{}", 0),
        (("node", "ngrok"), None, 1),
        ((), '{gateway: {tailscale: {mode: "funnel"}}}', 1),
        ((), '{"gateway": {"tailscale": {"mode": "off"}}}', 0),
        ((), '{"plugins": {"entries": {"voice-call": {"config": {"tunnel": {"provider": "ngrok"}}}}}}', 1),
        ((), '{"plugins": {"entries": {"voice-call": {"config": {"tailscale": {"mode": "funnel"}}}}}}', 1),
        (("tailscaled",), "{", 2),
        ((), "[]", 0),
    ],
)
def test_tunnels_in_the_machine(processes: tuple[str, ...], config: str | None, count: int) -> None:
    assert len(tunnels(processes, config)) == count

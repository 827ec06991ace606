"""What a failure really is, the lines that say so, and what is offered: over texts of the real programs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claw_tui.domain.jobs import Task
from claw_tui.domain.spec import GatewaySpec, Spec
from claw_tui.domain.troubles.causes import evidence, kind_of, lease_of
from claw_tui.domain.troubles.fixes import trouble_of
from claw_tui.domain.troubles.model import MOST_LINES, Facts, Failure, FixKind, Probe
from claw_tui.domain.troubles.words import trouble_words
from claw_tui.domain.world import Machine, Region, Volume, World

SPEC = Spec(
    org="personal", app="my-app", region="bom", gateway=GatewaySpec(primary_model="anthropic/claude-opus-5")
)
PLACES = (
    Region("fra", "Frankfurt", 50.1, 8.7), Region("sin", "Singapore", 1.3, 103.9), Region("iad", "Ashburn", 39.0, -77.5),
    Region("bom", "Mumbai", 19.1, 72.9),
)  # fmt: skip
MACHINE = World(machines=(Machine("148e", "m", "stopped", "bom"),))
FACTS = Facts(
    SPEC, regions=PLACES, names=("my-app-1",), versions=("2026.9.7", "2026.9.6", "2026.8.4"), now=1778755200.0
)
CRASHING = "smoke checks for 148e failed: the app appears to be crashing"
INIT = (
    " INFO Preparing to run: `node dist/index.js gateway --allow-unconfigured --port 3000 --bind lan` as node"
)

# What the gateway says before it ends with 78: kind, its own words, what of them is to be shown, what is offered.
REFUSALS = (
    ("no-auth", ("[gateway] resolving authentication…", "Refusing to bind gateway to lan without auth."), "Refusing to bind", "answer"),
    ("no-auth", ("Gateway auth is set to token, but no token is configured.",), "no token is configured", "answer"),
    ("no-config", ("Missing config. Run `openclaw setup` or set gateway.mode=local (or pass --allow-unconfigured).",),
     "Missing config", "rescue"),
    ("bad-config", ("Gateway failed to start: Invalid config at /data/openclaw.json:",
                    'openclaw.json:9 — gateway.auth: Unrecognized key "tokn"',
                    'Run "openclaw doctor --fix" to repair, then retry.'), "openclaw.json:9 — gateway.auth", "rescue"),
    ("bad-config", ("Config invalid", "File: /data/openclaw.json", "Problem:", "  - agents.defaults: Expected object"),
     "- agents.defaults", "rescue"),
    ("unreadable-config", ("read failed: Error: EACCES: permission denied, open '/data/openclaw.json'",
                           "Config file is not readable by the current process. If running in a container",
                           "Gateway failed to start: Invalid config at /data/openclaw.json:"), "EACCES", "rescue"),
    ("unresolved-secret", ("[secrets] [SECRETS_DEGRADED] cold gateway:ingress-auth: secret reference was not found.",
                           'SecretRefResolutionError: Environment variable "MY_TOKEN" is missing or empty.'), "MY_TOKEN", "answer"),
    ("lock-held", ("Doctor could not enter maintenance. StateDatabaseCoordinatorContentionError: another OpenClaw process owns"
                   " gateway-lifecycle",), "another OpenClaw process owns", "wait"),
    ("lock-held", ("gateway already running (pid 4321); lock timeout after 5000ms",), "pid 4321", "wait"),
    ("unreadable-state", ("Gateway failed to start: EACCES: permission denied, mkdir '/data/tmp/node-workspace-transfer'.",), "EACCES", "retry"),
    ("unreadable-state", ("EPERM: operation not permitted, chmod '/data/state/openclaw.sqlite'",), "EPERM", "retry"),
    ("newer-state", ("OpenClaw state database /data/state.sqlite uses newer schema version 19; this OpenClaw build supports 18.",),
     "supports 18", "version"),
    ("out-of-memory", ("[    9.4] Out of memory: Killed process 642 (node) total-vm:22815472kB", " INFO Process appears to have been OOM killed!"),
     "Killed process 642", "memory"),
    ("out-of-memory", ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",), "heap limit", "memory"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "said", "shown", "offered"), REFUSALS)
@pytest.mark.parametrize("code", ["unhealthy", "gateway"])
def test_why_a_gateway_does_not_start(
    kind: str, said: tuple[str, ...], shown: str, offered: str, code: str
) -> None:
    lines = (
        CRASHING,
        INIT,
        "[gateway] loading configuration…",
        *said,
        "Main child exited normally with code: 78",
    )
    failure = Failure(code, "deploy", "The machine started, but …", lines=lines)
    trouble = trouble_of(failure, replace(FACTS, world=MACHINE))
    assert trouble.kind == kind
    assert any(shown in line for line in trouble.evidence), trouble.evidence
    assert not any("Preparing to run" in line for line in trouble.evidence)
    assert len(trouble.evidence) <= MOST_LINES
    assert trouble.title != failure.message
    assert trouble.fix(offered).id == offered
    assert trouble.fix("retry").key == "r"


OTHERS = (
    ("name-taken", "name", FixKind.CHOOSE), ("no-capacity", "region", FixKind.CHOOSE), ("no-capacity", "size", FixKind.CHOOSE),
    ("billing", "wait", FixKind.WAIT), ("build-memory", "retry", FixKind.RETRY), ("image-not-found", "version", FixKind.CHOOSE),
    ("push-denied", "login", FixKind.GO), ("lease-held", "wait", FixKind.WAIT), ("network", "wait", FixKind.WAIT),
    ("panic", "retry", FixKind.RETRY), ("state", "retry", FixKind.RETRY), ("token-rejected", "login", FixKind.GO),
    ("org-unknown", "answer", FixKind.GO), ("region-unknown", "region", FixKind.CHOOSE), ("size-refused", "size", FixKind.CHOOSE),
    ("volume-needed", "answer", FixKind.GO), ("file-refused", "answer", FixKind.GO), ("timeout", "wait", FixKind.WAIT),
    ("trouble", "wait", FixKind.WAIT), ("unhealthy", "retry", FixKind.RETRY), ("config-rejected", "answer", FixKind.GO),
    ("busy", "retry", FixKind.RETRY), ("a code of tomorrow", "retry", FixKind.RETRY),
)  # fmt: skip


@pytest.mark.parametrize(("code", "offered", "how"), OTHERS)
def test_every_failure_has_a_way_out(code: str, offered: str, how: FixKind) -> None:
    trouble = trouble_of(Failure(code, "deploy", "What happened.", "What to do.", ("a line",)), FACTS)
    assert trouble.fix(offered).kind is how
    assert trouble.title
    assert trouble.cause
    assert trouble.evidence == ("a line",)
    keys = [fix.key for fix in trouble.fixes]
    assert len(set(keys)) == len(keys)
    assert not {"f1", "up", "down", "enter", "escape"} & set(keys)
    words = trouble_words(trouble)
    assert words[0] == trouble.title
    assert all(any(fix.label in line for line in words) for fix in trouble.fixes)


def test_other_places_come_nearest_first_with_what_they_cost_more() -> None:
    left = World(volumes=(Volume("vol_1", "openclaw_data", "bom", 3),))
    failure = Failure("no-capacity", "deploy", "No room.")
    spec = replace(SPEC, region="iad")
    trouble = trouble_of(failure, replace(FACTS, spec=spec, world=left))
    places = trouble.fix("region").choices
    assert [place.id for place in places] == ["fra", "bom", "sin"]
    assert places[0].detail == "$15.45 a month, +$2.06"
    assert places[1].detail.endswith("a month")  # what Mumbai costs is not known
    assert places[0].changes == (("region", "fra"),)
    assert "vol_1" in trouble.cause
    assert "$0.45" in trouble.cause


def test_a_gateway_that_is_there_stays_where_its_volume_is() -> None:
    trouble = trouble_of(Failure("no-capacity", "deploy", "No room."), replace(FACTS, world=MACHINE))
    assert [fix.id for fix in trouble.fixes] == ["size", "retry", "answer"]


@pytest.mark.parametrize(
    ("size", "memory", "changes"),
    [
        ("shared-cpu-2x", 2048, (("vm_size", "shared-cpu-2x"), ("memory_mb", 4096))),
        ("shared-cpu-2x", 4096, (("vm_size", "shared-cpu-4x"), ("memory_mb", 8192))),
        ("performance-2x", 4096, (("vm_size", "performance-2x"), ("memory_mb", 8192))),
        ("shared-cpu-4x", 8192, None),
    ],
)  # fmt: skip
def test_memory_goes_up_one_size(size: str, memory: int, changes: object) -> None:
    facts = replace(FACTS, spec=replace(SPEC, vm_size=size, memory_mb=memory))
    trouble = trouble_of(
        Failure("unhealthy", "deploy", "x", lines=("Process appears to have been OOM killed!",)), facts
    )
    found = [fix.changes for fix in trouble.fixes if fix.id == "memory"]
    assert found == ([changes] if changes else [])


def test_who_holds_a_lease_and_until_when() -> None:
    said = "machine ID 2879 lease currently held by 9af60c27@tokens.fly.io, expires at 2026-05-14T10:41:08Z"
    assert lease_of([said]) == ("9af60c27@tokens.fly.io", 1778755268.0)
    assert lease_of(["machine lease currently held by me@example.com"]) == ("me@example.com", 0.0)
    assert lease_of(["expires at tomorrow"]) == ("", 0.0)
    trouble = trouble_of(Failure("lease-held", "deploy", "x", lines=(said,)), FACTS)
    assert trouble.fix("wait").seconds == 68.0
    assert "9af60c27@tokens.fly.io" in trouble.cause
    assert "in 68 seconds" in trouble.cause
    past = trouble_of(Failure("lease-held", "deploy", "x", lines=(said,)), replace(FACTS, now=1778760000.0))
    assert "ten minutes at the latest" in past.cause


def test_answers_are_changed_only_where_a_run_carries_them_out() -> None:
    failure = Failure("unhealthy", "apply-secrets", "x", lines=("Out of memory: Killed process 1 (node)",))
    for task in (Task.SECRETS, Task.CONFIG, Task.RESCUE):
        trouble = trouble_of(failure, replace(FACTS, task=task))
        assert [fix.id for fix in trouble.fixes] == ["retry"]
    stale = Failure("stale-plan", "", "x")
    assert trouble_of(stale, replace(FACTS, task=Task.CONFIG)).fix("answer").step == "home"
    for kind in ("image-not-found", "tag-not-found", "newer-state"):
        gone = trouble_of(Failure(kind, "deploy", "x"), replace(FACTS, task=Task.UPDATE))
        assert [fix.id for fix in gone.fixes] == ["retry", "answer"]
        assert gone.fix("answer").step == "home", "U chooses another one there"
    token = Failure("bad-input", "", "x")
    assert trouble_of(token, replace(FACTS, task=Task.SECRETS)).fix("answer").step == "rotation"


def test_the_words_of_a_builder_are_not_those_of_the_machine() -> None:
    lines = ("#4 131.2 Out of memory", "did not complete successfully: exit code: 1")
    assert kind_of(Failure("build-failed", "deploy", "x", lines=lines)) == "build-memory"
    assert kind_of(Failure("unhealthy", "deploy", "x", lines=lines)) == "out-of-memory"
    full = ("write /data/x: No space left on device",)
    assert kind_of(Failure("state", "write-config", "x", lines=full)) == "disk"
    assert kind_of(Failure("unhealthy", "deploy", "x", lines=full)) == "unhealthy"
    # OpenClaw has refused a file before it was put in place: the gateway goes on with the one that it has.
    refused = ("Invalid config at /data/openclaw.json.new:", "gateway.port: must be a number")
    assert kind_of(Failure("config-rejected", "write-config", "x", lines=refused)) == "config-rejected"
    # A channel that is down for want of its secret is no reason for the gateway to be.
    channel = ("[secrets] [SECRETS_DEGRADED] account:discord:default: secret reference was not found.",)
    assert kind_of(Failure("unhealthy", "deploy", "x", lines=channel)) == "unhealthy"
    # A word that only looks like one in a list of plugins or in an address.
    assert (
        kind_of(Failure("unhealthy", "deploy", "x", lines=("[gateway] plugins: zoom, room",))) == "unhealthy"
    )


def test_evidence_is_short_whatever_was_said() -> None:
    flood = [f"line {n} " + "x" * 1000 for n in range(500)]
    found = evidence("unhealthy", flood)
    assert len(found) == MOST_LINES
    assert max(map(len, found)) <= 300
    found = evidence(
        "bad-config", [*flood, "Invalid config at /data/openclaw.json:", "a.b: must be a string", *flood]
    )
    assert found[:2] == ("Invalid config at /data/openclaw.json:", "a.b: must be a string")
    assert evidence("no-auth", []) == ()


@pytest.mark.parametrize(
    ("code", "keys"), [("source", "irb"), ("source-unreachable", "wirb"), ("tag-not-found", "vrb")]
)
def test_what_git_refuses_leads_to_the_ready_image_or_to_another_version(code: str, keys: str) -> None:
    """And never waits for Fly.io, which has nothing to do with it."""
    facts = replace(FACTS, spec=replace(SPEC, source="git"))
    trouble = trouble_of(Failure(code, "fetch-source", "x"), facts)
    assert "".join(fix.key for fix in trouble.fixes) == keys
    assert "Fly.io" not in trouble.cause
    assert not [fix for fix in trouble.fixes if fix.probe is Probe.NETWORK and fix.kind is FixKind.WAIT]


def test_what_nobody_knows_is_one_sentence_and_the_lines() -> None:
    """A title of two lines at 80 columns; what it was cut off from is among the lines."""
    words = "something nobody has ever seen: " + "long words " * 30 + "and the end"
    trouble = trouble_of(Failure("fly", "deploy", words, lines=(words,)), FACTS)
    assert len(trouble.title) <= 160
    assert trouble.title.endswith(" …")
    assert trouble.evidence[0].endswith("and the end")


def test_the_same_words_with_and_without_an_id_are_shown_once() -> None:
    said = "failed to launch VM: please add a payment method."
    assert evidence("billing", [said, f"Error: {said} (Request ID: 01H-fra)"]) == (said,)


def test_a_build_may_go_to_another_builder_or_away() -> None:
    facts = replace(FACTS, spec=replace(SPEC, source="git", builder="machine"))
    trouble = trouble_of(Failure("build-memory", "deploy", "x"), facts)
    assert [fix.key for fix in trouble.fixes] == ["i", "a", "r", "b"]
    assert trouble.fix("image").changes == (("source", "image"),)
    assert [choice.changes for choice in trouble.fix("builder").choices] == [
        (("builder", "remote"),),
        (("builder", "local"),),
    ]
    ready = trouble_of(Failure("build-failed", "deploy", "x"), FACTS)
    assert [fix.key for fix in ready.fixes] == ["r", "b"]

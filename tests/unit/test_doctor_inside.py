"""The doctor's rules about what lies in a machine: locks, and what is another user's."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from claw_tui.domain.doctor import owning
from claw_tui.domain.doctor.choice import read_choice
from claw_tui.domain.doctor.drifting import shown_command
from claw_tui.domain.doctor.facts import Lock, Stranger, Unasked
from claw_tui.domain.doctor.judge import judge
from claw_tui.domain.doctor.model import Finding, Standing
from claw_tui.domain.redact import MASK
from claw_tui.domain.world import MachineEvent
from tests.unit.test_doctor_rules import (
    MACHINE,
    NOW,
    SILENT,
    WELL,
    Change,
    config,
    down,
    inside,
    machine,
    says,
    then,
    told,
)

RUNNING = "Gateway failed to start: gateway already running (pid 640); lock timeout after 5000ms"
OWNS = "StateDatabaseCoordinatorContentionError: another OpenClaw process owns gateway-lifecycle"
LOCK = Lock("/data/tmp/openclaw-1000/gateway.27a7.lock", 640, alive=False, at=int(NOW - 100))
ENDS = MachineEvent("exit", "stopped", int((NOW - 5) * 1000), 78)


def looping(*lines: str, locks: tuple[Lock, ...]) -> Change:
    """It ends each time with 78, and Fly starts it again; meanwhile one can look into its machine."""
    ended = machine(events=(ENDS, *MACHINE.events))
    return then(ended, says(*lines), inside(locks=locks), lambda facts: replace(facts, health=SILENT))


def first(change: Change) -> Finding:
    found = judge(change(WELL))
    assert found.wrong, told(found)
    return found.wrong[0]


@pytest.mark.parametrize(
    "change",
    [
        looping(RUNNING, locks=(LOCK,)),  # its owner was looked for, and is gone
        looping(RUNNING, locks=(LOCK, replace(LOCK, alive=None, path="/data/tmp/openclaw-1000/gateway.state.lock"))),
        # a program has its number that was started after the lock was written
        looping(RUNNING, locks=(replace(LOCK, alive=True, at=int(NOW - 9000)),)),
        down(1, RUNNING),  # nothing lives in a machine that is stopped
    ],
    ids=["dead", "another one is not known", "its number is reused", "stopped"],
)  # fmt: skip
def test_a_lock_in_todays_place_is_left(change: Change) -> None:
    found = first(change)
    assert (found.cause, found.fix and found.fix.id) == ("lock-left", "rescue drop-locks")
    assert found.fix is not None
    assert "rm -f /data/tmp/openclaw-1000/gateway." in " ".join(found.fix.commands)


@pytest.mark.parametrize(
    "change",
    [
        looping(RUNNING, locks=(replace(LOCK, alive=True),)),  # somebody has it
        looping(RUNNING, locks=(LOCK, replace(LOCK, pid=655, alive=True))),
        looping(RUNNING, locks=()),  # nothing was seen
        looping(OWNS, locks=(LOCK,)),  # the kernel's own lock: it is gone with its owner
        down(78, OWNS),
    ],
    ids=["alive", "one of two is alive", "none seen", "the state is owned", "the state is owned, stopped"],
)
def test_a_lock_that_somebody_may_hold_stays(change: Change) -> None:
    found = first(change)
    assert (found.cause, found.fix and found.fix.id) == ("lock-held", "restart")


# -- another user's ---------------------------------------------------------------------------------------------------
def stranger(name: str, mode: str = "755", *, folder: bool = True, owner: str = "0:0") -> Stranger:
    return Stranger(f"/data/{name}".rstrip("/"), name, owner, mode, folder)


HARM = (  # seen with OpenClaw 2026.9.6: it does not start, or can't keep what it has to keep
    stranger(""), stranger("state", "700"), stranger("state"), stranger("state/openclaw.sqlite", "644", folder=False),
    stranger("state/openclaw.sqlite-wal", "600", folder=False), stranger("tmp"), stranger("tmp/openclaw-1000", "700"),
    stranger("agents", "700"), stranger("agents/work2"), stranger("agents/main/agent/openclaw-agent.sqlite", "600", folder=False),
    stranger("tmp/openclaw-1000/gateway.state.lock", "600", folder=False), stranger("workspace"), stranger("workspace/AGENTS.md", "600", folder=False), stranger("npm"), stranger("media"),
    stranger("credentials/discord-pairing.json", "600", folder=False), stranger("agents", "755", owner="1001:0"),
)  # fmt: skip
NO_HARM = (  # it starts with them, and nobody misses anything
    stranger("lost+found", "700"), stranger("cache"), stranger("plugin-skills"), stranger("tmp", "1777"),
    stranger("tmp/openclaw-0", "700"), stranger("npm/projects/openclaw-discord"),
    stranger("config-journal-fingerprint.key", "600", folder=False), stranger("backup.tgz", "600", folder=False),
    stranger("tailscale", "700"), stranger("workspace/SOUL.md", "644", folder=False), stranger("agents", "775", owner="0:1000"),
    stranger("logs"),
)  # fmt: skip


@pytest.mark.parametrize("one", HARM, ids=lambda one: f"{one.path} {one.mode} {one.owner}")
def test_what_the_gateway_has_to_write_and_is_roots(one: Stranger) -> None:
    found = first(inside(strangers=(one,)))
    assert (found.cause, found.evidence) == ("state-owner", (f"{one.owner} {one.mode} {one.path}",))
    assert found.fix is not None
    assert found.fix.id == f"own:{one.path}"
    deep = "-R " if one.name else ""
    assert found.fix.commands == (f"fly machine exec m1 'chown {deep}1000:1000 {one.path}' --app my-app",)


@pytest.mark.parametrize("one", NO_HARM, ids=lambda one: f"{one.path} {one.mode} {one.owner}")
def test_what_root_may_own_without_harm(one: Stranger) -> None:
    found = judge(inside(strangers=(one,))(WELL))
    assert found.causes == (), told(found)


def test_all_of_it_is_told_and_mended_at_once() -> None:
    found = first(
        inside(strangers=(stranger("agents/work2"), stranger("cache"), stranger("workspace-work2")))
    )
    assert found.evidence == ("0:0 755 /data/agents/work2", "0:0 755 /data/workspace-work2")
    assert found.fix is not None
    assert "'chown -R 1000:1000 /data/agents/work2 /data/workspace-work2'" in found.fix.commands[0]


def test_a_workspace_may_be_anywhere_and_have_any_name() -> None:
    odd = Stranger("/data/my work, really", "my work, really", "0:0", "755", folder=True)
    assert judge(inside(strangers=(odd,))(WELL)).causes == ()
    named = config(lambda tree: tree["agents"]["defaults"].update(workspace=odd.path))
    found = first(then(named, inside(strangers=(odd,))))
    assert found.fix is not None
    assert " " not in found.fix.id
    assert owning.named_in(read_choice(found.fix.id).after(owning.OWN)) == (odd.path,)
    (command,) = found.fix.commands
    assert shlex.split(shlex.split(command)[4]) == ["chown", "-R", "1000:1000", odd.path]


def test_a_gateway_that_runs_as_root_has_nothing_of_others() -> None:
    assert judge(inside(strangers=HARM, user="0")(WELL)).causes == ()


def test_a_search_that_took_too_long_is_not_known() -> None:
    found = judge(inside(strangers=None)(WELL))
    (owners,) = [f for f in found.findings if f.id == "owners"]
    assert owners.standing is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("code", "line", "path"),
    [
        (78, "Error: EACCES: permission denied, mkdir '/data/tmp/openclaw-1000'", "/data/tmp"),
        (1, "Error: EACCES: permission denied, open '/data/state/openclaw.sqlite'", "/data/state"),
        (78, "Gateway failed to start: EPERM: operation not permitted, chmod '/data/state'", "/data/state"),
        (1, "Gateway failed to start: failed to acquire gateway lock at /data/tmp/openclaw-1000/gateway.state.lock"
            " | unable to open database file | ERR_SQLITE_ERROR", "/data/tmp"),
        (1, "Gateway failed to start: failed to acquire gateway lock at /data/tmp/openclaw-1000/gateway.state.lock"
            " | openat2 beneath root: Permission denied (os error 13) | EACCES", "/data/tmp"),
        (1, "Error: attempt to write a readonly database", "/data/state"),
    ],
)  # fmt: skip
def test_one_that_does_not_start_tells_of_it(code: int, line: str, path: str) -> None:
    found = first(down(code, line))
    assert (found.cause, found.evidence[:1]) == ("state-owner", (line.removeprefix("Error: "),))
    assert found.fix is not None
    assert found.fix.id.startswith("rescue own:")
    assert path in found.fix.commands[1]
    assert "fly machine update" in found.fix.commands[0]
    assert "fly deploy" in found.fix.commands[-1]


def test_one_that_hangs_is_started_anew_with_it() -> None:
    """2026.9.6 does not end when it can't make its folders in tmp: it stays there, and listens to nobody."""
    line = "Gateway failed to start: EACCES: permission denied, mkdir '/data/tmp/node-workspace-transfer'"
    silent = then(says(line), lambda facts: replace(facts, health=SILENT))
    for change in (silent, then(silent, inside(strangers=(stranger("tmp"),)))):
        found = judge(change(WELL))
        assert found.first == "state-owner", told(found)
        assert found.wrong[0].fix is not None
        assert found.wrong[0].fix.id == "rescue own:/data/tmp"
        assert line in found.wrong[0].evidence


def test_one_that_hangs_for_another_reason_is_not_told_so() -> None:
    line = "[gateway] Control UI asset retention failed: EACCES: permission denied, mkdir '/data/cache/control-ui-assets'"
    found = judge(then(says(line), lambda facts: replace(facts, health=SILENT))(WELL))
    assert found.first == "gateway-silent", told(found)


def test_without_an_answer_whether_it_runs_it_is_not_stopped() -> None:
    unasked = then(
        inside(strangers=(stranger("agents"),)), lambda facts: replace(facts, health=Unasked("no", "fly"))
    )
    found = judge(unasked(WELL))
    assert [f.id for f in found.fixes] == ["own:/data/agents"], told(found)


def test_what_was_complained_of_before_and_is_mended_is_not_told() -> None:
    line = "[gateway] EACCES: permission denied, mkdir '/data/agents/main'"
    assert judge(says(line)(WELL)).causes == ()


def test_a_token_in_a_start_command_is_not_shown() -> None:
    """Also one that looks like any word: what stands behind --token is a secret."""
    assert shown_command(("node", "dist/index.js", "gateway", "--token", "hush-hush")) == MASK
    assert shown_command(("node", "dist/index.js", "gateway")) == "node dist/index.js gateway"

"""The doctor names the right cause first in every broken world, leads to its line of the log, and raises no false alarm."""

from __future__ import annotations

import re

import pytest

from claw_tui.demo import gateway
from claw_tui.domain.doctor.differing import change_lines
from claw_tui.domain.doctor.model import Diagnosis, Fix, Verdict
from claw_tui.domain.errors import ClawError
from claw_tui.domain.log_book import LogBook
from claw_tui.domain.log_lines import parse
from claw_tui.engine.doctor import diagnose
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.doctor.asking import inside, sick, told
from tests.doctor.healthy import HEALTHY, Well
from tests.doctor.making import an_hour_passes, have, log, look
from tests.doctor.world import Broken
from tests.doctor.worlds import BROKEN

pytestmark = pytest.mark.anyio
# The line that the key "In the log" goes to from the first cause.
LINES = {
    "512 MB": "Out of memory: Killed",
    "768 MB: killed once it listens": "Out of memory: Killed",
    "a small heap": "heap out of memory",
    "no token at all": "Refusing to bind gateway to lan",
    "the secret of the token was taken away": "secret reference was not found",
    "a misspelt key": "Invalid config at",
    "half a file": "Invalid config at",
    "set as root, then started anew": "EACCES: permission denied",
    "back to an older version": "requires a newer OpenClaw build",
    "another gateway has the state": "another OpenClaw process owns",
    "Clawdbot's lock was left": "gateway already running",
    "a lock was left whose number is another program's now": "gateway already running",
    "root restored its database": "EPERM: operation not permitted, chmod",
    "root restored its database, for itself alone": "EACCES: permission denied, open",
    "root made the locks' folder anew": "failed to acquire gateway lock",
    "root made tmp anew": "EACCES: permission denied, mkdir",
    "the volume is full, and it was started anew": "database or disk is full",
    "OpenClaw put its backup back": "auto-restored from backup",
    "two modes of auth, token in the file": "mutually exclusive",
    "it hangs": ".",
    "403: no trustedProxies": "unattributable proxy-shaped traffic",
    "403: other trustedProxies": "unattributable proxy-shaped traffic",
    "the origins of openclaw doctor": "origin not allowed",
    "no Message Content Intent": r"^\[discord\].*4014",
    "the bot's token was reset": r"^\[discord\].*401",
    "the plugin has no entry": "without explicit trust",
    "the plugin could not be installed": "Failed to install missing configured plugin",
    "a bot's token, and no channel": "suppressed ambient channel",
    "the model's key was withdrawn": "invalid x-api-key",
    "a model that there is not": "Unknown model",
}


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
async def test_the_cause_comes_first(case: Broken, services: Services) -> None:
    await sick(case, services)
    there = inside(services, case.token)
    found = await diagnose(Session(there), case.app)
    assert found.first == case.first, told(found)
    await leads_to_its_line(case, there, found)
    assert not any("…" in command for f in found.findings if f.fix for command in f.fix.commands), told(found)
    for fix in found.fixes:
        shows_what_it_does(fix)


def shows_what_it_does(fix: Fix) -> None:
    """Commands without gaps, and each line of a file that becomes another one; never a secret."""
    text = " ".join((fix.words, *fix.commands, *change_lines(fix.changes)))
    assert "CANARY" not in text, fix
    assert "typed-into-the-file" not in text, fix
    words = {word.partition(":")[0] for word in fix.id.split()}
    unread = {"rescue", "put", "fetch", "find-file"}.intersection(words) or "again=" in fix.id
    tells = words & {"deploy", "settings", "answers", "basic"} and not fix.id.startswith("deploy:rescue")
    assert bool(fix.changes) >= bool(tells and not unread), fix
    assert all(change.before != change.after for change in fix.changes), fix


async def leads_to_its_line(case: Broken, services: Services, found: Diagnosis) -> None:
    """What the log tells is marked as a line of the log, which the Log screen finds as it has it; nothing else is."""
    try:
        entries = await services.fly.recent_logs(case.app)
    except ClawError:
        entries = ()
    book = LogBook()
    book.add(parse(entry) for entry in entries)
    rows = range(len(book.shown) - 1, -1, -1)
    messages = {entry.message.strip() for entry in entries}
    for finding in found.findings:
        assert bool(finding.log_line) >= bool(messages.intersection(finding.evidence)), finding
        assert not finding.log_line or finding.log_line in messages, finding
        assert not finding.log_line or book.place(finding.log_line, rows) is not None, finding
        assert len({_said(line) for line in finding.evidence}) == len(finding.evidence), finding
    first = found.wrong[0]
    assert re.search(LINES.get(case.name, ""), first.log_line), (case.name, first)


def _said(line: str) -> str:
    return re.sub(r"^\[[a-z/]+\] ", "", line)


@pytest.mark.parametrize("case", HEALTHY, ids=lambda case: case.name)
async def test_no_false_alarm(case: Well, services: Services) -> None:
    await have(services, case.spec, values=case.values)
    case.made()
    an_hour_passes()
    assert look(lambda _app, machine: gateway.listening(machine), case.app), log(case.app)
    found = await diagnose(Session(inside(services)), case.app)
    assert found.causes == (), told(found)
    assert found.verdict is Verdict.HEALTHY, told(found)

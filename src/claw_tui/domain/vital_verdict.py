"""One plain sentence about how a gateway is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claw_tui.domain.answers import HealthAnswer
from claw_tui.domain.channel_needs import NAMES
from claw_tui.domain.delivery import is_old
from claw_tui.domain.doors import nothing_leads_to
from claw_tui.domain.power import is_resting
from claw_tui.domain.rescue import in_rescue, refuses_to_start
from claw_tui.domain.secret_kinds import kind_of
from claw_tui.domain.vitals import NEARLY_FULL, Standing, Vitals, connected, last_start, share
from claw_tui.domain.world import Machine
from claw_tui.i18n import _

HTTP_OK = 200
STARTING_SECONDS = 90.0
OLD_SECONDS = 10 * 60.0  # a look at Fly.io that is older says nothing about now


@dataclass(frozen=True, slots=True)
class Verdict:
    """``standing``: good, bad, or (plain) not known. ``finds_out``: the doctor would know more."""

    standing: Standing
    words: str
    finds_out: bool = False


def verdict(vitals: Vitals) -> Verdict:
    """The first thing that is wrong, from the machine inwards; else what is known to be well."""
    age, machine = vitals.age_of("machines"), vitals.world.machine
    if age is None:
        return Verdict(Standing.PLAIN, _("Looking …"))
    if machine is None:
        return Verdict(Standing.WARNING, _("Not finished: it has no machine."))
    if in_rescue(machine):
        return Verdict(Standing.WARNING, _("In rescue: its machine runs without the gateway."))
    if is_resting(vitals.world) and machine.cordoned:
        return Verdict(Standing.WARNING, _("Stopped, as it was wanted: nobody gets an answer."))
    if _is_starting(vitals, machine):
        return Verdict(Standing.WARNING, _("Starting: a gateway takes up to a minute until it answers."))
    wrong = next(_wrongs(vitals, machine), "")
    if wrong:
        return Verdict(Standing.BAD, _("Not well: {why}").format(why=wrong), finds_out=True)
    if age > OLD_SECONDS:
        return Verdict(Standing.PLAIN, _("Not known: Fly.io was last asked too long ago."))
    return _running(vitals, ", ".join(_facts(vitals, machine)))


def _running(vitals: Vitals, facts: str) -> Verdict:
    if vitals.age_of("ips") is not None and nothing_leads_to(vitals.world):
        words = _("Nobody can open its page; else {facts}.")
        return Verdict(Standing.WARNING, words.format(facts=facts), finds_out=True)
    return Verdict(Standing.GOOD, _("Well: {facts}.").format(facts=facts))


def answers(health: HealthAnswer, machine: Machine) -> bool:
    """January's gateway has its web page where today's says how it is."""
    return health.json_ok or (health.status == HTTP_OK and is_old(machine.image))


def _is_starting(vitals: Vitals, machine: Machine) -> bool:
    started = last_start(machine)
    if machine.state != "started" or started is None or refuses_to_start(machine):
        return False
    health = vitals.health.value
    silent = any(check.status != "passing" for check in machine.checks) or (
        health is not None and not health.reached
    )
    return silent and 0 <= vitals.now - started.at < STARTING_SECONDS


def _wrongs(vitals: Vitals, machine: Machine) -> Iterator[str]:
    if refuses_to_start(machine):
        yield _("the gateway refuses to start (exit code 78): its config, or a secret.")
    if machine.state != "started":
        yield _("its machine is {state}; nobody gets an answer.").format(state=machine.state)
    health = vitals.health.value
    if health is not None and not answers(health, machine):
        yield _("{words}.").format(words=health.words.rstrip("."))
    if any(check.status != "passing" for check in machine.checks):
        check = next(check for check in machine.checks if check.status != "passing")
        yield _("its health check says “{status}”.").format(status=check.status)
    for channel in vitals.channels.value or ():
        if channel.configured and not connected(channel):
            name = channel_name(channel.name)
            said = (
                _("{channel} is not connected ({why}).")
                if channel.words
                else _("{channel} is not connected.")
            )
            yield said.format(channel=name, why=channel.words)
    yield from _shortages(vitals)


def _shortages(vitals: Vitals) -> Iterator[str]:
    found = vitals.resources.value
    if found is not None and (share(found.disk_used, found.disk) or 0) >= NEARLY_FULL:
        yield _("its volume is nearly full.")
    if found is not None and (share(found.memory_used, found.memory) or 0) >= NEARLY_FULL:
        yield _("its memory is nearly used up.")
    for name, note in vitals.keys.items():
        if note is not None and not note.good:
            yield _("the key for {provider} was refused when it was last checked.").format(
                provider=key_title(name)
            )


def _facts(vitals: Vitals, machine: Machine) -> Iterator[str]:
    if vitals.health.value is not None:
        yield _("it answers")
    elif machine.checks:
        yield _("it runs, its health check passes")
    else:
        yield _("its machine runs")
    there = [channel_name(channel.name) for channel in vitals.channels.value or () if connected(channel)]
    if len(there) == 1:
        yield _("{channel} is connected").format(channel=there[0])
    elif there:
        yield _("{channels} are connected").format(channels=", ".join(there))


def channel_name(name: str) -> str:
    return _(NAMES.get(name, name.capitalize()))


def key_title(name: str) -> str:
    """The provider's name, or the secret's."""
    return _(kind_of(name).title)

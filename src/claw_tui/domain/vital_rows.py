"""The figures of a gateway in words, each with who said it and how old it is: for Home, and for `status`."""

from __future__ import annotations

from collections.abc import Iterator

from claw_tui.domain import versions
from claw_tui.domain.doors import Door, door_of, nothing_leads_to
from claw_tui.domain.rescue import in_rescue, refuses_to_start
from claw_tui.domain.secret_kinds import kind_of
from claw_tui.domain.untold import untold, why_untold
from claw_tui.domain.vital_figure import Figure, not_known
from claw_tui.domain.vital_inside import inside_rows
from claw_tui.domain.vital_units import minute, span
from claw_tui.domain.vital_verdict import answers, channel_name, key_title
from claw_tui.domain.vitals import (
    Cause,
    Resources,
    Source,
    Standing,
    Start,
    Vitals,
    connected,
    last_start,
    seconds_of,
)
from claw_tui.domain.world import Machine
from claw_tui.i18n import _, n_

CAUSES = {
    Cause.DEPLOY: n_("with deploy v{number}"), Cause.MADE: n_("it was made then"), Cause.ASKED: n_("somebody asked for it"),
    Cause.REQUEST: n_("a request came for it"),
    Cause.MEMORY: n_("it had run out of memory"), Cause.FAILED: n_("it had ended with code {number}"),
    Cause.ENDED: n_("it had ended as asked"), Cause.UNKNOWN: n_("nobody says why"),
}  # fmt: skip


def figures(vitals: Vitals) -> tuple[Figure, ...]:
    """What there is: how it runs, what it has, who gets to it, what it costs."""
    groups = (_app, _machines, _talking, inside_rows, _last_start, _reach, _keys, _around)
    return tuple(row for rows in groups for row in rows(vitals))


def _app(vitals: Vitals) -> Iterator[Figure]:
    age, app = vitals.age_of("app"), vitals.world.app
    if age is not None and app is not None:
        yield Figure("app", _("App"), f"{app.name} ({app.org}), {app.status}", Source.FLY, age)


def _reach(vitals: Vitals) -> Iterator[Figure]:
    world = vitals.world
    age, door = vitals.age_of("ips", "machines"), door_of(world)
    if age is None or world.app is None or door is Door.NONE:
        return

    def row(words: str, hint: str = "", standing: Standing = Standing.PLAIN) -> Figure:
        return Figure("reach", _("Open to"), words, Source.FLY, age, standing, hint=hint)

    if untold(world) and not world.public_ips:
        yield row(not_known(why_untold()))
    elif door is Door.SHUT:
        yield row(_("nobody: nothing leads to it"), _("H gives it a private way in"), Standing.BAD)
    elif door is Door.HALF:
        words = _("your own network, by a service that claw-tui does not know")
        if nothing_leads_to(world):
            words = _("nobody: it has no public address, and no private way in")
        yield row(words, _("H makes it private"), Standing.BAD)
    elif world.public_ips:
        url = f"https://{world.app.name}.fly.dev"
        yield row(_("everybody, with the token: {url}").format(url=url))
    else:
        yield row(_("your own network only"), _("W is the way in"))


def _machines(vitals: Vitals) -> Iterator[Figure]:
    age = vitals.age_of("machines")
    if age is None:
        return
    if not vitals.world.machines:
        yield Figure("machine", _("Machine"), _("none"), Source.FLY, age, Standing.WARNING, "again")
    for one in vitals.world.machines:
        yield Figure("machine", _("Machine"), _machine_words(one), Source.FLY, age, _machine_standing(one))
        for check in one.checks:
            if check.status != "passing" and check.output:
                output = check.output.strip().splitlines()[0]
                yield Figure("check", _("Check"), f"{check.status}: {output}", Source.FLY, age, Standing.BAD)
    machine = vitals.world.machine
    if machine is None:
        return
    if in_rescue(machine):
        words, hint = _("it runs without the gateway"), _("X goes on from here")
        yield Figure("rescue", _("Rescue"), words, Source.FLY, age, Standing.WARNING, hint=hint)
    elif refuses_to_start(machine):
        words, hint = _("it refuses to start (exit code 78): its config or a secret"), _("X rescues it")
        yield Figure("refusal", _("Gateway"), words, Source.FLY, age, Standing.BAD, hint=hint)
    yield _version(vitals, machine)


def _last_start(vitals: Vitals) -> Iterator[Figure]:
    age, machine = vitals.age_of("machines"), vitals.world.machine
    started = last_start(machine, vitals.world.releases) if machine is not None else None
    if started is not None:
        bad = started.cause in (Cause.MEMORY, Cause.FAILED)
        standing = Standing.WARNING if bad else Standing.PLAIN
        sure = bad or vitals.age_of("releases") is not None  # it may be a deploy's
        words = _start_words(started) if sure else minute(started.at)
        yield Figure("start", _("Last start"), words, Source.FLY, age, standing)
    if machine is not None and machine.state != "started":
        yield from _last_end(machine, age)


def _last_end(machine: Machine, age: float | None) -> Iterator[Figure]:
    """Of one that does not run: why."""
    ends = [event for event in machine.events if event.type == "exit"]
    last = max(ends, key=lambda event: event.at, default=None)
    if last is None:
        return
    words = _("as it was asked to")
    if last.oom_killed:
        words = _("its memory ran out")
    elif last.exit_code:
        words = _("with code {number}").format(number=last.exit_code)
    standing = Standing.WARNING if last.oom_killed or last.exit_code else Standing.PLAIN
    yield Figure("end", _("Last end"), f"{minute(last.at / 1000)}: {words}", Source.FLY, age, standing)


def _machine_words(machine: Machine) -> str:
    checks = ", ".join(dict.fromkeys(check.status for check in machine.checks)) or _("no check")
    if not machine.readable:
        words = _(
            "{state}, {checks}; {region}; {id}; how it is set up is not known: its host does not answer"
        )
        return words.format(state=machine.state, checks=checks, region=machine.region, id=machine.id)
    return f"{machine.state}, {checks}; {machine.vm_size}, {machine.region}; {machine.id}"


def _machine_standing(machine: Machine) -> Standing:
    if not machine.readable and machine.state == "started":
        return Standing.WARNING
    if machine.state != "started" or any(check.status == "critical" for check in machine.checks):
        return Standing.BAD
    passing = bool(machine.checks) and all(check.status == "passing" for check in machine.checks)
    return Standing.GOOD if passing else Standing.PLAIN


def _start_words(start: Start) -> str:
    return f"{minute(start.at)}: " + _(CAUSES[start.cause]).format(number=start.number)


def _version(vitals: Vitals, machine: Machine) -> Figure:
    if not machine.readable:
        words, age = not_known(why_untold()), vitals.age_of("machines")
        return Figure("version", _("Version"), words, Source.FLY, age)
    now, newer = versions.version_of(machine.image), vitals.newer
    words = now if versions.number(now) else machine.image
    if newer.value and versions.number(now):
        words = _("{now}; {newest} is out").format(now=now, newest=newer.value[0])
        return Figure("version", _("Version"), words, Source.REGISTRY, newer.age, Standing.WARNING, "update")
    if newer.value is not None and versions.number(now):
        return Figure(
            "version", _("Version"), _("{now}, the newest").format(now=now), Source.REGISTRY, newer.age
        )
    if newer.problem:
        words = _("{now}; newer ones not known: {why}").format(now=words, why=newer.problem)
    return Figure("version", _("Version"), words, Source.FLY, vitals.age_of("machines"), action="update")


def _talking(vitals: Vitals) -> Iterator[Figure]:
    machine = vitals.world.machine
    if machine is not None and not in_rescue(machine):
        if not refuses_to_start(machine):
            yield _gateway(vitals, machine)
        yield _channels(vitals)


def _gateway(vitals: Vitals, machine: Machine) -> Figure:
    health, up = vitals.health, (vitals.resources.value or Resources()).gateway_up
    if health.value is None:
        return Figure("gateway", _("Gateway"), not_known(health.problem), Source.GATEWAY, health.age)
    if not answers(health.value, machine):
        return Figure(
            "gateway", _("Gateway"), health.value.words, Source.GATEWAY, health.age, Standing.BAD, "doctor"
        )
    words = _("answers; runs for {span}").format(span=span(up)) if up is not None else _("answers")
    return Figure("gateway", _("Gateway"), words, Source.GATEWAY, health.age, Standing.GOOD)


def _channels(vitals: Vitals) -> Figure:
    found = vitals.channels
    if found.value is None:
        return Figure("channels", _("Channels"), not_known(found.problem), Source.GATEWAY, found.age)
    parts, standing = [], Standing.GOOD
    for channel in found.value:
        name = channel_name(channel.name)
        if connected(channel):
            parts.append(_("{channel} connected").format(channel=name))
        else:
            standing = Standing.BAD
            why = channel.words or (_("not connected") if channel.configured else _("not set up"))
            parts.append(_("{channel}: {why}").format(channel=name, why=why))
    words = ", ".join(parts) or _("none set up")
    return Figure(
        "channels", _("Channels"), words, Source.GATEWAY, found.age, standing if parts else Standing.PLAIN
    )


def _keys(vitals: Vitals) -> Iterator[Figure]:
    """Several in one row: its age is the oldest check's."""
    parts, ages, unasked, standing = [], [], [], Standing.GOOD
    for name, note in vitals.keys.items():
        if kind_of(name).group != "model":
            continue  # a channel's own row tells more
        if note is None:
            unasked.append(key_title(name))
            standing = standing if standing is Standing.BAD else Standing.PLAIN
            continue
        parts.append(_("{key}: {words}").format(key=key_title(name), words=note.words))
        ages.append(vitals.now - note.at)
        standing = standing if note.good else Standing.BAD
    if unasked:
        parts.append(_("{keys}: not checked from here").format(keys=", ".join(unasked)))
    if parts:
        yield Figure(
            "keys", _("Model keys"), "; ".join(parts), Source.CHECK, max(ages, default=None), standing, "keys"
        )


def _around(vitals: Vitals) -> Iterator[Figure]:
    releases = vitals.world.releases
    if releases:
        newest, at = releases[0], seconds_of(releases[0].created_at)
        when = f", {minute(at)}" if at is not None else ""
        words = f"v{newest.version}, {newest.status}{when}"
        yield Figure(
            "release", _("Last deploy"), words, Source.FLY, vitals.age_of("releases"), action="again"
        )
    if vitals.price is not None:
        machine = vitals.world.machine
        runs = machine is None or machine.state not in ("stopped", "suspended")
        words = "{price}" if runs else _("{price} while it runs")
        yield Figure("price", _("Price"), words.format(price=vitals.price.short()), Source.PRICES)

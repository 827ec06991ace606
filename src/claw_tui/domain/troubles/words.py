"""What happened, in a sentence, and why: for a person, and as plain lines for the text twin."""

from __future__ import annotations

import time
from textwrap import shorten

from claw_tui.domain.own_image import is_own, programs
from claw_tui.domain.own_image import words as own_words
from claw_tui.domain.prices import machine_price
from claw_tui.domain.troubles.causes import lease_of, missing_variable
from claw_tui.domain.troubles.model import Facts, Failure, FixKind, Trouble
from claw_tui.i18n import _, n_

TITLE = 160  # characters: two lines; the whole of it is below
STATUS = "https://status.flyio.net"
TITLES = {
    "disk": n_("The disk of this computer is full."),
    "out-of-memory": n_("The machine ran out of memory."),
    "newer-state": n_("A newer OpenClaw has worked on this volume: an older one does not start with it."),
    "lock-held": n_("The gateway does not start: another one still holds its files."),
    "no-auth": n_("The gateway does not start: it has no token."),
    "unresolved-secret": n_("The gateway does not start: a secret that openclaw.json takes is not set."),
    "unreadable-config": n_("The gateway does not start: it may not read its openclaw.json."),
    "unreadable-state": n_("The gateway does not start: it may not use its own files on the volume."),
    "no-config": n_("The gateway does not start: there is no openclaw.json."),
    "bad-config": n_("The gateway does not start: it refuses its openclaw.json."),
    "not-listening": n_("The gateway runs, but Fly.io can't reach it where it listens."),
    "unhealthy": n_("The machine runs, but the gateway in it does not get healthy."),
    "lease-held": n_("Somebody else is changing this machine just now."),
}
CAUSES = {
    "name-taken": n_("App names are shared by everybody on Fly.io, and {app} is somebody else's. Nothing was made."),
    "no-capacity": n_("Fly.io has no free machine of this size there now. That may change in an hour."),
    "billing": n_("Fly.io makes no machine without a payment method. Add a card there, then come back here."),
    "build-memory": n_("Building OpenClaw needs about 8 GB. The ready image has the same bytes for everybody, and needs no build."),
    "build-context": n_("The ready image needs no build and no files of yours."),
    "build-failed": n_("A command of the build ended badly. The ready image needs no build."),
    "image-not-found": n_("The image registry has no such version, or does not answer."),
    "tag-not-found": n_("It is fetched from there by its number. Nothing was built."),
    "source-unreachable": n_("GitHub does not answer, or this computer has no way to it. The ready image needs nothing from there."),
    "push-denied": n_("The login may not write into this app's registry: an older token, or one for something else."),
    "disk": n_("Make some room, then go on: nothing that was done is lost."),
    "no-auth": n_("Whoever reaches it could use it, so OpenClaw refuses. A token is a secret of this app."),
    "unresolved-secret": n_("It is not among the app's secrets, or it is empty."),
    "unreadable-config": n_("The file belongs to another user in the machine."),
    "unreadable-state": n_("They belong to another user in the machine. G on Home, the doctor, gives them back."),
    "no-config": n_("It was removed, or its volume is a new one."),
    "bad-config": n_("The lines below say where. The machine is down until the file is mended."),
    "lock-held": n_("A lock ends with the process that holds it; a new start takes it over."),
    "newer-state": n_("OpenClaw does not go back to an older version by itself. Choose the newer one."),
    "not-listening": n_("It must listen at 0.0.0.0:3000. claw-tui's own start command does (--bind lan --port 3000)."),
    "unhealthy": n_("The first start installs the channels' plugins: that can take some minutes. Going on goes on waiting."),
    "network": n_("This computer has no way to Fly.io now. What was done is done."),
    "panic": n_("`fly version upgrade` in a shell brings a newer flyctl."),
    "trouble": n_("It is not your gateway. What was done is done."),
    "timeout": n_("What was begun may still come to its end on Fly.io: going on looks first."),
    "not-logged-in": n_("The run goes on where it stopped, once somebody is logged in."),
    "token-rejected": n_("The run goes on where it stopped, once somebody is logged in again."),
    "stale-plan": n_("Going on makes a new plan and carries it out."),
    "volume-needed": n_("It was removed, or another machine has it. Going on looks again, and makes what is missing."),
}  # fmt: skip


def title_of(kind: str, failure: Failure) -> str:
    return _(TITLES[kind]) if kind in TITLES else shorten(failure.message, TITLE, placeholder=" …")


def cause_of(kind: str, failure: Failure, facts: Facts) -> str:
    """One or two sentences. What costs money meanwhile is said."""
    if kind == "lease-held":
        return _lease(failure, facts)
    if kind == "out-of-memory":
        memory = facts.spec.memory_mb
        more = _(
            "It has {now:g} GB. OpenClaw takes more than 1 GB by itself, and each channel and command more."
        )
        return more.format(now=memory / 1024)
    if kind == "unresolved-secret" and (name := missing_variable(failure.lines)):
        return _("{name} is not among the app's secrets, or it is empty.").format(name=name)
    if kind in ("build-failed", "build-memory", "build-context") and is_own(facts.spec):
        words = _("OpenClaw's image gets {added} by a Dockerfile of claw-tui's; a step of that ended badly.")
        return words.format(added=own_words(programs(facts.spec)))
    words = _(CAUSES[kind]) if kind in CAUSES else failure.hint
    if kind == "name-taken":
        words = words.format(app=facts.spec.app)
    left = _left_behind(facts) if kind == "no-capacity" else ""
    return f"{words} {left}".strip()


def _lease(failure: Failure, facts: Facts) -> str:
    owner, until = lease_of([failure.message, *failure.lines])
    who = _("The lease is held by {owner}.").format(owner=owner) if owner else ""
    if until > facts.now > 0:
        clock = time.strftime("%H:%M:%S", time.localtime(until))
        ends = _("It ends at {time}, in {seconds:.0f} seconds.").format(time=clock, seconds=until - facts.now)
    else:
        ends = _("A lease ends by itself, after ten minutes at the latest.")
    return f"{who} {ends}".strip()


def _left_behind(facts: Facts) -> str:
    """A volume that was made before the machine had no room: it goes on costing."""
    from claw_tui.domain.prices import VOLUME_GB  # noqa: PLC0415

    left = [volume for volume in facts.world.volumes if not volume.attached_to]
    if not left or facts.world.machines:
        return ""
    words = _(
        "The volume {id} in {region} is empty and costs ${price:.2f} a month; Home offers to remove what is not needed."
    )
    volume = left[0]
    return words.format(id=volume.id, region=volume.region, price=volume.size_gb * VOLUME_GB)


def price_of(vm_size: str, memory_mb: int, facts: Facts, *, region: str = "") -> str:
    """A machine's price and what it is more than now: "$19.80 a month, +$6.00"."""
    spec = facts.spec
    price = machine_price(vm_size, memory_mb, region or spec.region)
    more = price - machine_price(spec.vm_size, spec.memory_mb, spec.region)
    sign = "+" if more >= 0 else "-"
    return _("${price:.2f} a month, {sign}${more:.2f}").format(price=price, sign=sign, more=abs(more))


def trouble_words(trouble: Trouble) -> list[str]:
    """The same as plain lines, for those who have no screen."""
    lines = [trouble.title]
    lines += [trouble.cause] if trouble.cause else []
    lines += [f"  | {line}" for line in trouble.evidence]
    lines += [trouble.address] if trouble.address else []
    for fix in trouble.fixes:
        lines.append(f"  - {fix.label}" + (f" ({fix.detail})" if fix.detail else ""))
        if fix.kind is FixKind.CHOOSE:
            lines += [f"      {choice.id}  {choice.detail or choice.text}" for choice in fix.choices]
    return lines

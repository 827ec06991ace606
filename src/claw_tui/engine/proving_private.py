"""The last step of making a gateway private: it is looked at from all sides, and only what was seen to be shut counts."""

from __future__ import annotations

import time
from typing import ClassVar

from claw_tui.domain.door_errors import NotPrivate, NotProved
from claw_tui.domain.doors import dedicated
from claw_tui.domain.errors import ClawError, DeployUnhealthy, StateError
from claw_tui.domain.exposure.judgement import Privacy
from claw_tui.domain.jobs import MISSING, JobEvent
from claw_tui.domain.plan import Action
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.exposure import PrivacyProof
from claw_tui.engine.privacy_report import save
from claw_tui.engine.proof import Evidence, Verdict
from claw_tui.engine.steps import CheckingStep
from claw_tui.i18n import _

PROOF_SECONDS = 300.0  # a name leaves the public DNS minutes after the last address
ASKED_SECONDS = 30.0  # what can't be asked now can't be asked later either
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 60.0
GOOD = (Privacy.PRIVATE, Privacy.NOT_PROBED_V6)
BY_V4 = ("addresses", "dns", "probes")  # what fails as long as a dedicated IPv4 is kept
CERTIFICATES = "certificates"
TUNNEL = "tunnel"
NOT_PROBED = "not-probed-v6"  # a code of no failure
SIGNS = {Verdict.PASS: "✓", Verdict.FAIL: "✗", Verdict.UNKNOWN: "?"}


class ProvePrivate(CheckingStep):
    """Addresses, services, config, certificates, DNS, every address that it had, and the private way in."""

    id: ClassVar[str] = "prove-private"
    parts: ClassVar[tuple[str, ...]] = ("app", "machines", "ips")

    def title(self) -> str:
        return _("Prove that it is private")

    def look(self, view: View) -> Look:  # noqa: ARG002
        return Look(Action.CHECK, _("addresses, services, DNS, certificates, and whether anything answers"))

    async def apply(self, ctx: Context) -> None:
        waited, pause, before = 0.0, FIRST_PAUSE, dict[str, Evidence]()
        while True:
            proof = PrivacyProof(ctx.services, ctx.spec, ctx.reader)
            lines = {line.id: line async for line in proof.lines()}
            for line in lines.values():
                if before.get(line.id) != line:
                    ctx.say(f"{SIGNS.get(line.verdict, '·')} {line.words}")
            left = _left(ctx, lines)
            private = proof.judgement in GOOD or (proof.judgement is Privacy.EXPOSED and not left)
            way_in = lines.get(TUNNEL)
            if private and (way_in is None or way_in.verdict is not Verdict.FAIL):
                break
            may_pass = private or any(line.verdict is Verdict.FAIL for line in left)
            if waited >= (PROOF_SECONDS if may_pass else ASKED_SECONDS):
                _keep(ctx, proof)
                raise _error(left, way_in, private=private)
            before = lines
            ctx.say(_("Not yet: it is looked at again in {seconds:.0f} seconds.").format(seconds=pause))
            await ctx.services.pause(pause)
            waited, pause = waited + pause, min(pause * 2, LONGEST_PAUSE)
        _keep(ctx, proof)
        _note(ctx, lines, proof.judgement)


class ProveDeployed(ProvePrivate):
    """At the end of a deploy. What can't be asked from here is named: the gateway is there, and would be tomorrow."""

    told: ClassVar[tuple[type[ClawError], ...]] = (NotProved,)

    async def apply(self, ctx: Context) -> None:
        try:
            await super().apply(ctx)
        except self.told as error:
            again = _("claw-tui doctor --private {app} looks once more.").format(app=ctx.spec.app)
            note_missing(ctx, "private", error.message, f"{error.hint} {again}".strip(), error.code)


class ProveUpdated(ProveDeployed):
    """At the end of an update: what is not private is not so because of the version, and going back is no help."""

    told: ClassVar[tuple[type[ClawError], ...]] = (NotPrivate, DeployUnhealthy)


def note_missing(ctx: Context, about: str, words: str, hint: str, code: str) -> None:
    """``code``: what the text twin ends with. Without a state: it works, but it is not what was wanted."""
    ctx.note(JobEvent(MISSING, time.time(), ProvePrivate.id, hint=hint, code=code, part=about, words=words))


def _keep(ctx: Context, proof: PrivacyProof) -> None:
    """The report: as text, and for programs. A full disk changes no verdict."""
    if proof.found is None or proof.facts is None:
        return
    try:
        text, _data = save(ctx.services.state, proof.found, proof.facts.at, ctx.redact)
    except StateError as error:
        ctx.say(error.message)
    else:
        ctx.say(_("Kept in {path}").format(path=text))


def _left(ctx: Context, lines: dict[str, Evidence]) -> list[Evidence]:
    """What is wrong, but for what the person was told of before it began: a kept address, a host name's certificate."""
    told = (CERTIFICATES, *(BY_V4 if dedicated(ctx.world) else ()))
    bad = (Verdict.FAIL, Verdict.UNKNOWN)
    return [line for line in lines.values() if line.verdict in bad and line.id not in (*told, TUNNEL)]


def _error(left: list[Evidence], way_in: Evidence | None, *, private: bool) -> ClawError:
    if private and way_in is not None:
        return DeployUnhealthy(
            _("It is private, but does not answer by its private address: {words}").format(
                words=way_in.words
            ),
            hint=way_in.todo,
        )
    worst = min(left, key=lambda line: line.verdict is not Verdict.FAIL, default=None)
    if worst is None:
        return NotProved(_("Everything was done, but nobody could be asked whether it is private."))
    if worst.verdict is Verdict.FAIL:
        return NotPrivate(_("It is not private yet: {words}").format(words=worst.words), hint=worst.todo)
    words = _("Everything was done, but it could not be proved: {words}")
    return NotProved(words.format(words=worst.words), hint=worst.todo)


def _note(ctx: Context, lines: dict[str, Evidence], privacy: Privacy) -> None:
    """What was kept knowingly is said all the same."""
    if privacy is Privacy.PRIVATE:
        ctx.say(_("It is private."))
    elif privacy is Privacy.NOT_PROBED_V6:
        words = _("It is private by Fly's records; what it had over IPv6 could not be tried from here.")
        hint = _("This computer has no IPv6. `claw-tui doctor --private {app}` on another one tries it.")
        note_missing(ctx, "probes", words, hint.format(app=ctx.spec.app), NOT_PROBED)
    else:
        kept = ", ".join(dedicated(ctx.world))
        about, words, hint = CERTIFICATES, lines[CERTIFICATES].words, lines[CERTIFICATES].todo
        if kept:
            about, words = (
                "addresses",
                _("It is NOT private: its dedicated IPv4 {address} was kept.").format(address=kept),
            )
            hint = _("H on Home gives it back, when you want that.")
        note_missing(ctx, about, words, hint, NotPrivate.code)

"""The last step of a deploy: what was promised is looked at, and a run says itself whether all of it came true.

That flyctl ended with 0 says only that a machine is there.
"""

from __future__ import annotations

from time import monotonic, time
from typing import ClassVar

from claw_tui.domain.channel_causes import cause_of, may_pass
from claw_tui.domain.errors import DeployUnhealthy
from claw_tui.domain.jobs import MISSING, JobEvent
from claw_tui.domain.plan import Action
from claw_tui.engine.context import Context, Look, View
from claw_tui.engine.proof import Evidence, Proof, Verdict, not_connected
from claw_tui.engine.steps import CheckingStep
from claw_tui.i18n import _

CORE = ("world", "machine", "addresses", "health")  # without these there is no gateway; the rest are channels
LINES = "lines"
PROOF_SECONDS = 180.0  # a channel's plugin is installed at the first start
LINES_SECONDS = 30.0  # a line of an older start never comes
POLL_SECONDS, LATER_SECONDS = (
    5.0,
    15.0,
)  # between two looks, each of which takes some seconds and 200 MB there
SIGNS = {
    Verdict.PASS: "✓", Verdict.FAIL: "✗", Verdict.WAIT: "…", Verdict.UNKNOWN: "?", Verdict.TODO: "·",
    Verdict.TOLD: "·",
}  # fmt: skip


class ProveGateway(CheckingStep):
    """Machine, check, health, log and channels; what a person has to do yet is no failure."""

    id: ClassVar[str] = "prove"
    parts: ClassVar[tuple[str, ...]] = ("machines", "ips")
    limit: ClassVar[float] = PROOF_SECONDS

    def title(self) -> str:
        return _("Prove that it works")

    def look(self, view: View) -> Look:  # noqa: ARG002
        return Look(Action.CHECK, _("machine, address, health, log, channels"))

    async def apply(self, ctx: Context) -> None:
        paused, begun = 0.0, monotonic()
        before: dict[str, Evidence] = {}
        while True:
            proof = Proof(ctx.services, ctx.spec, ctx.reader, patient=True)
            lines = {line.id: line async for line in proof.lines()}
            for line in lines.values():
                if before.get(line.id) != line:
                    ctx.say(f"{SIGNS[line.verdict]} {line.words}")
            waited = paused + monotonic() - begun  # a machine that is busy answers slowly
            if waited >= self.limit or all(
                _is_settled(line, before.get(line.id), waited) for line in lines.values()
            ):
                break
            before = lines
            pause = POLL_SECONDS if paused < LINES_SECONDS else LATER_SECONDS
            await ctx.services.pause(pause)
            paused += pause
        _judge(ctx, lines)


def _is_settled(line: Evidence, before: Evidence | None, waited: float) -> bool:
    """Nothing is to be gained by waiting any longer."""
    if line.verdict in (Verdict.PASS, Verdict.TODO, Verdict.TOLD) or line.id == "voice":
        return True
    if line.id == LINES:
        return waited >= LINES_SECONDS
    # A channel that was refused twice for a reason of its own.
    return (
        line.id not in CORE and line.verdict is Verdict.FAIL and line == before and not may_pass(line.words)
    )


def _judge(ctx: Context, lines: dict[str, Evidence]) -> None:
    """Raises DeployUnhealthy for a gateway that is not there; of one that is, notes what is missing."""
    for id_ in CORE:
        line = lines.get(id_)
        if line is not None and line.verdict not in (Verdict.PASS, Verdict.TOLD):
            raise DeployUnhealthy(line.words, hint=line.todo)
    for line in lines.values():
        if line.id in CORE or line.id == LINES:
            continue
        if line.verdict in (Verdict.FAIL, Verdict.WAIT) or line.id == "channels":
            ctx.note(
                JobEvent(
                    MISSING,
                    time(),
                    ProveGateway.id,
                    MISSING,
                    hint=_hint(line),
                    part=line.id,
                    words=_words(line),
                )
            )


def _words(line: Evidence) -> str:
    """What was only to be waited for has not come."""
    return not_connected(line.id) if line.verdict is Verdict.WAIT else line.words


def _hint(line: Evidence) -> str:
    """Why, most likely."""
    return cause_of(line.id, "plugin") if line.verdict is Verdict.WAIT else line.todo

"""Proof that a gateway is private, or how it is not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from claw_tui.domain.errors import ClawError
from claw_tui.domain.exposure.facts import Facts, Knock
from claw_tui.domain.exposure.judge import judge
from claw_tui.domain.exposure.judgement import Judgement, Line, Privacy
from claw_tui.domain.no_such_app import no_such_app
from claw_tui.domain.spec import Spec
from claw_tui.engine.exposure_reader import ExposureReader
from claw_tui.engine.proof import Evidence, Verdict
from claw_tui.engine.world import WorldReader
from claw_tui.i18n import _
from claw_tui.ports import Services

MOST_SHOWN = 6  # pieces of evidence on one line; the report has all


class PrivacyProof:
    """Looks at one app from all sides. ``knock``: another private way in than Flycast, asked from its machine."""

    def __init__(
        self,
        services: Services,
        spec: Spec,
        reader: WorldReader,
        *,
        knock: Callable[[], Awaitable[Knock]] | None = None,
    ) -> None:
        self._services, self._spec, self._reader = services, spec, reader
        self._knock = knock or self._by_flycast
        self.judgement = Privacy.UNKNOWN
        self.facts: Facts | None = None
        self.found: Judgement | None = None

    async def lines(self) -> AsyncIterator[Evidence]:
        """One for each thing. What can't be asked is UNKNOWN; then ``judgement`` has the verdict."""
        try:
            found = await self.look()
        except ClawError as error:
            yield Evidence("app", Verdict.UNKNOWN, error.message, error.hint)
            return
        for line in found.lines:
            yield evidence_of(line)

    async def look(self) -> Judgement:
        """The same at once. Raises FlyError, NoSuchApp too: about an app that is not there nothing can be said."""
        name = self._spec.app
        app = (await self._reader.read(name, ("app",))).app
        if app is None:
            raise no_such_app(name)
        self.facts = await ExposureReader(self._services, app, self._knock).read()
        self.found = judge(self.facts)
        self.judgement = self.found.privacy
        return self.found

    async def _by_flycast(self) -> Knock:
        """From the machine itself to the app's private address: through Fly's proxy, as fly proxy and WireGuard do."""
        app = self._spec.app
        world = await self._reader.read(app, ("machines",))
        machine = world.machine
        if machine is None or machine.state != "started":
            return Knock(answered=False, words=_("No machine of it runs."))
        answer = await self._services.gateway.knock(app, machine.id)
        # An older gateway has no JSON to say; that anything answers there shows that the way leads to it.
        return Knock(answer.reached and answer.status < 500, f"http://{app}.flycast:3000: {answer.words}")


def evidence_of(line: Line) -> Evidence:
    """A line as every proof shows it."""
    shown = "; ".join(line.evidence[:MOST_SHOWN]) + (" …" if len(line.evidence) > MOST_SHOWN else "")
    words = f"{line.words} {shown}" if shown else line.words
    return Evidence(line.id, Verdict(line.standing.value), words, line.todo)

"""Finish: proof that it works, how to open it, and who waits to be let in."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widgets import Static

from claw_tui.domain.answers import PairingRequest
from claw_tui.domain.channel_needs import NAMES, channels_on
from claw_tui.domain.errors import AppNotFound, ClawError
from claw_tui.domain.secret_kinds import GATEWAY_TOKEN
from claw_tui.engine.proof import Proof, Verdict
from claw_tui.engine.world import YOUNG_SECONDS
from claw_tui.i18n import _, n_
from claw_tui.screens.base import WizardScreen
from claw_tui.screens.linking import link_signal, may_link
from claw_tui.screens.reveal import RevealDialog
from claw_tui.widgets.findings import Findings
from claw_tui.widgets.pick_list import Item, PickList

AGAIN_SECONDS = 10.0
PATIENCE_SECONDS = 600.0  # a first start with plugins takes a minute or two, a slow one five


class FinishScreen(WizardScreen):
    """Everything that is left to do after a deploy, with a key each."""

    STEP = "finish"
    HELP = n_(
        "The link of F4 logs a browser in without typing anything. It works once and for ten minutes; keep it to"
        " yourself. For a private gateway F4 first opens a tunnel, which is on until you leave claw-tui.\n\n"
        "A browser or a person that the gateway does not know yet is held at the door until you approve it: that is"
        " called pairing. F5 looks for new requests; Enter on one approves it.\n\n"
        "F6 shows the gateway token, if you want to log in by hand or with another program."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "dashboard", n_("One-time link")),
        Binding("f6", "token", n_("Token")),
        Binding("f7", "link", n_("Link Signal")),
        Binding("f5", "check", n_("Check again")),
        Binding("f8", "whatsapp", n_("Link WhatsApp")),
        Binding("ctrl+n", "next", n_("Home")),
        Binding("escape", "back", n_("Back")),
    ]

    def compose_body(self) -> ComposeResult:
        labels = {
            Verdict.PASS.value: (_("PASS"), "done", "good"),
            Verdict.FAIL.value: (_("FAIL"), "failed", "bad"),
            Verdict.UNKNOWN.value: (_("UNKNOWN"), "warning", "warning"),
            Verdict.WAIT.value: (_("WAIT"), "todo", "warning"),
            Verdict.TODO.value: (_("TO DO"), "todo", "todo"),
            Verdict.TOLD.value: (_("NOTE"), "todo", "todo"),
        }
        yield Static("", id="address", classes="url", markup=False)
        yield Findings(labels, id="proof")
        yield Static("", id="looked-at", classes="words", markup=False)
        yield Static("", id="waiting-words", classes="section", markup=False)
        yield PickList(id="waiting")

    def __init__(self) -> None:
        super().__init__()
        self._requests: dict[str, PairingRequest] = {}
        self._shown_app = ""
        self._from_home = False
        self._since = 0.0  # when somebody came or asked to look
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#waiting").focus()

    def resumed(self) -> None:
        if self._shown_app != self.session.spec.app:
            self._shown_app = self.session.spec.app
            self._show_nothing()
        self._show_address()
        if self.claw.came_from in ("home", "deploy"):
            self._from_home = self.claw.came_from == "home"
        self._since = time.monotonic()
        self.check()

    def _show_nothing(self) -> None:
        """What was seen of another gateway says nothing of this one."""
        self._requests = {}
        self.query_one(Findings).keep([])
        self.query_one("#waiting", PickList).set_items([])

    def action_check(self) -> None:
        self.tell("")
        self._since = time.monotonic()
        self.check()

    def _again(self) -> None:
        """Look again by itself as long as something is still starting and the screen is looked at."""
        if self.is_current:
            self.check()

    @work(exclusive=True, group="proof")
    async def check(self) -> None:
        findings = self.query_one(Findings)
        looked_at = self.query_one("#looked-at", Static)
        if self._timer is not None:
            self._timer.stop()
        looked_at.update(_("Looking …"))
        proof = Proof(self.session.services, self.session.spec, self.session.reader)
        lines = []
        async for line in proof.lines():
            findings.show(line.id, line.verdict.value, self.session.redact(line.words), line.todo)
            lines.append(line)
        findings.keep([line.id for line in lines])
        looked = _("Looked at {time}.").format(time=time.strftime("%H:%M:%S"))
        waits = any(line.verdict is Verdict.WAIT for line in lines)
        if waits and time.monotonic() - self._since < PATIENCE_SECONDS:
            looked += " " + _("Looks again by itself.")
            self._timer = self.set_timer(AGAIN_SECONDS, self._again)
        looked_at.update(looked)
        await self._look_for_requests()

    # -- who waits ------------------------------------------------------------------------------------------------
    async def _machine(self) -> str:
        world = await self.session.look(self.session.spec.app, ("app", "machines"), max_age=YOUNG_SECONDS)
        if world.app is None:
            raise AppNotFound(_("Fly.io knows no such app in this account."))
        started = [machine.id for machine in world.machines if machine.state == "started"]
        if not started:
            raise ClawError(_("The machine is not running."), hint=_("P on Home starts it; F5 looks again."))
        return started[0]

    async def _look_for_requests(self) -> None:
        channels = channels_on(self.session.spec.gateway)
        words = self.query_one("#waiting-words", Static)
        words.update(_("Looking who waits to be let in …"))
        try:
            found = await self.session.services.gateway.pairing_requests(
                self.session.spec.app, await self._machine(), channels
            )
        except ClawError as error:
            words.update(error.message)
            return
        self._requests = {request.id: request for request in found}
        items = [
            Item(request.id, NAMES.get(request.channel, request.channel) or _("Browser"), request.words)
            for request in found
        ]
        waiting = self.query_one("#waiting", PickList)
        waiting.set_items(items)
        waiting.styles.height = max(1, len(items))
        words.update(_("Waiting to be let in; Enter approves:") if items else _("Nobody waits to be let in."))

    @on(PickList.Chosen, "#waiting")
    def _chosen(self, event: PickList.Chosen) -> None:
        if event.item:
            self.approve(event.item)

    @work(exclusive=True, group="approve")
    async def approve(self, request_id: str) -> None:
        from claw_tui.screens.dialogs import AskDialog  # noqa: PLC0415

        request = self._requests[request_id]
        question = _("Let this in? {who}").format(who=request.words)
        if not await self.app.push_screen_wait(AskDialog(question, _("Let it in"), _("Not now"))):
            return
        self.tell(_("Approving …"))
        try:
            await self.session.services.gateway.approve(self.session.spec.app, await self._machine(), request)
        except ClawError as error:
            self.tell_error(error)
            return
        self.tell(_("Let in: {who}").format(who=request.words))
        await self._look_for_requests()

    # -- channels that a phone links -------------------------------------------------------------------------------
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "link":
            return may_link(self.session.spec)
        if action == "whatsapp":
            return "whatsapp" in channels_on(self.session.spec.gateway)
        return super().check_action(action, parameters)

    @work(exclusive=True, group="link")
    async def action_link(self) -> None:
        if await link_signal(self, self.session.spec):
            self.check()

    @work(exclusive=True, group="whatsapp")
    async def action_whatsapp(self) -> None:
        from claw_tui.screens.onboarding import guide  # noqa: PLC0415

        await guide(self, self.session.spec.app, "whatsapp")

    # -- links and tokens -----------------------------------------------------------------------------------------
    @work(exclusive=True, group="dashboard")
    async def action_dashboard(self) -> None:
        """Through a tunnel where there is no other way; it is on until we leave."""
        from claw_tui.screens.reach import link_dialog  # noqa: PLC0415

        spec, port = self.session.spec, 0
        try:
            if spec.private:
                self.tell(_("Starting the tunnel …"))
                port = (await self.session.reach.open(spec.app)).port
                self._show_address()
            self.tell(_("Asking the gateway for a one-time link …"))
            dialog = await link_dialog(self.session, spec.app, private=spec.private, port=port)
        except ClawError as error:
            self.tell_error(error)
            return
        self.tell("")
        self.app.push_screen(dialog)

    def _show_address(self) -> None:
        spec = self.session.spec
        if not spec.private:
            self.query_one("#address", Static).update(f"https://{spec.hostname}")
            return
        tunnel = self.session.reach.tunnel(spec.app)
        words = _("No address on the internet. F4 opens a tunnel to it; Home has more ways in (W).")
        self.query_one("#address", Static).update(tunnel.address if tunnel.is_on else words)

    @work(exclusive=True, group="token")
    async def action_token(self) -> None:
        token = await self.session.vault.get(self.session.spec.app, GATEWAY_TOKEN)
        if token is None:
            words = _("The token is not at hand here: it was kept in memory, or made elsewhere.")
            self.tell(words, _("A new one can be given on the Secrets screen."), problem=True)
            return
        words = _("Whoever has this token can use your gateway.")
        self.app.push_screen(RevealDialog(GATEWAY_TOKEN, words, token.reveal()))

    async def action_next(self) -> None:
        self.session.home_app = self.session.spec.app
        self.claw.go("home")

    async def action_back(self) -> None:
        """To the gateway that is looked after, for somebody who came from there."""
        self.claw.go("home" if self._from_home else "deploy")

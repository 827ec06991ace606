"""Proof that a gateway works: what was promised is looked at from the outside in, each thing with its evidence."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from claw_tui.domain.answers import ChannelStatus
from claw_tui.domain.channel_causes import cause_of
from claw_tui.domain.channel_needs import NAMES, channels_on
from claw_tui.domain.errors import ClawError
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import IpKind, Machine, World
from claw_tui.engine.doors_kept import read_kept
from claw_tui.engine.proof_inside import calls_line, inside_lines
from claw_tui.engine.proof_line import Evidence, Verdict
from claw_tui.engine.world import WorldReader
from claw_tui.i18n import _, n_
from claw_tui.ports import Services

__all__ = [
    "LISTENING", "READY", "Evidence", "Proof", "Verdict", "local_dashboard", "not_connected", "public_dashboard",
]  # fmt: skip

# The line with which a gateway says that it listens: 2026.9's and January 2026's.
LISTENING = re.compile(r"\[gateway\] (?:http server listening|listening on ws://)")
READY = re.compile(r"\[gateway\] ready\b")
PARTS = ("machines", "ips")  # of the world, that it looks at
STARTING_SECONDS = 300.0  # a first start with plugins takes a minute or two, a slow one more

# A channel that a phone is linked to, and how: after the deploy, by hand.
LINK_HINTS = {
    "whatsapp": n_(
        "F8 here, or N on Home, shows a code (openclaw channels login --channel whatsapp). Scan it in WhatsApp: Settings, Linked devices."
    ),
    "signal": n_(
        "Where signal-cli runs: signal-cli link -n OpenClaw. Scan the code in Signal: Settings, Linked devices."
    ),
}
OWN_SIGNAL = n_("F7 on Finish shows its QR code (Q on Home). Scan it in Signal: Settings, Linked devices.")


class Proof:
    """Looks at one gateway. ``patient``: who asks knows better than the machine's age how long it may take."""

    def __init__(self, services: Services, spec: Spec, reader: WorldReader, *, patient: bool = False) -> None:
        self._services, self._spec, self._reader = services, spec, reader
        self._patient = patient
        self._world = World()

    async def lines(self) -> AsyncIterator[Evidence]:
        """One line after another, as they are known. A thing that cannot be asked is UNKNOWN, never PASS."""
        try:
            self._world = await self._reader.read(self._spec.app, PARTS)
        except ClawError as error:
            yield Evidence("world", Verdict.UNKNOWN, error.message, error.hint)
            return
        yield self._machine()
        yield self._addresses()
        machine = self._world.machine
        if machine is None or machine.state != "started":
            return
        yield await self._asked("health", self._health, machine)
        yield await self._asked("lines", self._log_lines, machine)
        for evidence in await inside_lines(self._services, self._spec, machine):
            yield evidence
        for evidence in await self._channels(machine):
            yield evidence

    async def _asked(
        self, name: str, ask: Callable[[Machine], Awaitable[Evidence]], machine: Machine
    ) -> Evidence:
        try:
            return await ask(machine)
        except ClawError as error:
            return Evidence(name, Verdict.UNKNOWN, error.message, error.hint)

    def _not_yet(self, machine: Machine) -> Verdict:
        """Something is not as it should be: is that the start, or for good?"""
        began = max((event.at for event in machine.events if event.is_start), default=0) / 1000
        young = self._patient or time.time() - began < STARTING_SECONDS
        return Verdict.WAIT if young else Verdict.FAIL

    def _machine(self) -> Evidence:
        machine = self._world.machine
        if machine is None:
            return Evidence("machine", Verdict.FAIL, _("There is no machine."), _("Deploy again."))
        words = _("Machine {id} is {state} in {region}").format(
            id=machine.id, state=machine.state, region=machine.region
        )
        if machine.state != "started":
            return Evidence("machine", Verdict.FAIL, words, _("Its log says why it stopped."))
        failing = [check for check in machine.checks if check.status != "passing"]
        if failing:
            verdict = self._not_yet(machine)
            hint = _("It may still be starting.") if verdict is Verdict.WAIT else _("Its log says why.")
            return Evidence("machine", verdict, f"{words}; {failing[0].output[:80]}", hint)
        return Evidence(
            "machine", Verdict.PASS, words + (_(", health check passing") if machine.checks else "")
        )

    def _addresses(self) -> Evidence:
        public = self._world.public_ips
        shown = ", ".join(ip.address for ip in self._world.ips) or _("none")
        if self._spec.private:
            paid = read_kept(self._services.state, self._spec.app).paid
            if public and all(ip.address in paid for ip in public):
                words = _(
                    "No public address but the dedicated IPv4 that was kept: it is NOT private. {shown}"
                )
                return Evidence("addresses", Verdict.TOLD, words.format(shown=shown))
            if public:
                return Evidence(
                    "addresses", Verdict.FAIL, _("It has a public address: {shown}").format(shown=shown)
                )
            if any(ip.kind is IpKind.PRIVATE_V6 for ip in self._world.ips):
                return Evidence(
                    "addresses", Verdict.PASS, _("No public address; private: {shown}").format(shown=shown)
                )
            return Evidence("addresses", Verdict.FAIL, _("It has no address at all."), _("Deploy again."))
        if not public:
            return Evidence(
                "addresses", Verdict.FAIL, _("It has no public address."), _("Deploy again: it gets them.")
            )
        return Evidence("addresses", Verdict.PASS, _("Addresses: {shown}").format(shown=shown))

    async def _health(self, machine: Machine) -> Evidence:
        if self._spec.private:
            answer = await self._services.gateway.health(self._spec.app, machine.id)
            where = _("inside its machine")
        else:
            where = f"https://{self._spec.hostname}"
            answer = await self._services.web.health(where)
        if answer.json_ok:
            return Evidence("health", Verdict.PASS, _("The gateway answers {where}").format(where=where))
        if answer.reached:
            return Evidence("health", Verdict.FAIL, f"{where}: {answer.words}")
        hint = _("A new name can take some minutes to be known everywhere.")
        return Evidence("health", self._not_yet(machine), f"{where}: {answer.words}", hint)

    async def _log_lines(self, machine: Machine) -> Evidence:
        entries = [entry.message for entry in await self._services.fly.recent_logs(self._spec.app)]
        del machine
        if any(READY.search(line) for line in entries):
            return Evidence("lines", Verdict.PASS, _("Its log says: ready"))
        if any(LISTENING.search(line) for line in entries):
            return Evidence("lines", Verdict.PASS, _("Its log says: listening"))
        words = _("Its recent log has no line that says it is ready.")
        return Evidence(
            "lines", Verdict.UNKNOWN, words, _("An older start is not in the recent log any more.")
        )

    async def _channels(self, machine: Machine) -> list[Evidence]:
        gateway = self._spec.gateway
        wanted = channels_on(gateway)
        lines = [await calls_line(self._services, self._spec, machine)] if gateway.voice.enabled else []
        if not wanted:
            return lines
        try:
            answers = await self._services.gateway.channels(self._spec.app, machine.id)
        except ClawError as error:
            return [Evidence("channels", Verdict.UNKNOWN, error.message, error.hint), *lines]
        known = {channel.name: channel for channel in answers}
        extra = [name for name in known if name not in wanted]
        not_yet = self._not_yet(machine)
        own = ("signal",) if gateway.signal.server == "managed-native" else ()
        found = [_channel(name, known.get(name), not_yet, own=name in own) for name in (*wanted, *extra)]
        return [*found, *lines]


def not_connected(id_: str) -> str:
    return _("{channel} is not connected").format(channel=NAMES.get(id_, id_.capitalize()))


def _channel(id_: str, channel: ChannelStatus | None, not_yet: Verdict, *, own: bool = False) -> Evidence:
    name = NAMES.get(id_, id_.capitalize())
    if channel is not None and channel.running and channel.probe_ok is not False:
        return Evidence(id_, Verdict.PASS, _("{channel} is connected").format(channel=name))
    if id_ in LINK_HINTS:
        words = _("{channel} is not linked yet").format(channel=name)
        # Before it is linked our own signal-cli ends with no more than a number.
        said = f" ({channel.words})" if channel is not None and channel.words and not own else ""
        return Evidence(id_, Verdict.TODO, words + said, _(OWN_SIGNAL if own else LINK_HINTS[id_]))
    if channel is None or not channel.words:
        words = _("{channel} is not connected yet").format(channel=name)
        hint = _("Its plugin is installed at the first start: that takes a minute or two.")
        if not_yet is Verdict.FAIL:
            words, hint = not_connected(id_), cause_of(id_, "plugin")
        return Evidence(id_, not_yet, words, hint)
    return Evidence(id_, Verdict.FAIL, f"{name}: {channel.words}", cause_of(id_, channel.words))


def public_dashboard(url: str, hostname: str) -> str:
    """The gateway's own one-time link, for a browser outside: its host and its socket are the public ones."""
    _base, _sep, fragment = url.partition("#")
    socket = f"wss%3A%2F%2F{hostname}"
    return f"https://{hostname}/#" + re.sub(r"gatewayUrl=[^&]*", f"gatewayUrl={socket}", fragment)


def local_dashboard(url: str, port: int) -> str:
    """The same for a tunnel that ends on this computer."""
    _base, _sep, fragment = url.partition("#")
    return f"http://localhost:{port}/#" + re.sub(
        r"gatewayUrl=[^&]*", f"gatewayUrl=ws%3A%2F%2Flocalhost%3A{port}", fragment
    )

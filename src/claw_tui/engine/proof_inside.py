"""The part of the proof that is about programs beside the gateway: are they there, connected and linked?"""

from __future__ import annotations

import re

from claw_tui.domain.channel_config import VOICE_PATH, webhook_address
from claw_tui.domain.errors import ClawError
from claw_tui.domain.inside import Tailnet
from claw_tui.domain.own_image import NAMES, NGROK, SIGNAL_CLI, TAILSCALE, is_own, programs
from claw_tui.domain.spec import Spec, VoiceSpec
from claw_tui.domain.world import Machine
from claw_tui.engine.proof_line import Evidence, Verdict
from claw_tui.i18n import _, n_
from claw_tui.ports import Services

# Of OpenClaw's plugin for phone calls, in the gateway's log.
_NO_TUNNEL = re.compile(r"\[voice-call\] Tunnel setup failed: (?P<why>.+)")
_NO_ADDRESS = re.compile(r"\[voice-call\] (?P<why>\w+ requires a publicly reachable webhook URL)")
_UP = re.compile(r"\[voice-call\] Runtime initialized")
_VERSION = re.compile(r"\d+\.\d+")
CAUSES = {
    "ngrok": n_("The ngrok token may be wrong, or its domain another account's (K on Home gives another token)."),
    "tailscale": n_("Allow HTTPS and Funnel for this machine in Tailscale's admin console (DNS; Access controls, nodeAttrs)."),
}  # fmt: skip


async def inside_lines(services: Services, spec: Spec, machine: Machine) -> list[Evidence]:
    """One for each program that the image adds; none for an image that adds nothing."""
    wanted = programs(spec) if is_own(spec) else ()
    if not wanted:
        return []
    try:
        found = await services.inside.versions(spec.app, machine.id, wanted)
        lines = [_program(name, found.get(name)) for name in wanted]
        if TAILSCALE in found:
            lines.append(await _tailnet(services, spec, machine))
        if SIGNAL_CLI in found and spec.gateway.signal.enabled:
            lines += await _linked(services, spec, machine)
    except ClawError as error:
        return [Evidence("programs", Verdict.UNKNOWN, error.message, error.hint)]
    return lines


def _program(name: str, said: str | None) -> Evidence:
    if said is None:
        words = _("{name} is not in the machine").format(name=_(NAMES[name]))
        hint = _("It runs an image that was made without it: deploy again (D on Home).")
        return Evidence(f"program-{name}", Verdict.FAIL, words, hint)
    if not _VERSION.search(said):
        words = _("{name} does not run: {said}").format(name=name, said=said[:80] or "-")
        return Evidence(f"program-{name}", Verdict.FAIL, words, _("Deploy again: the image is built anew."))
    return Evidence(
        f"program-{name}", Verdict.PASS, _("In the machine: {said}").format(said=_named(name, said))
    )


def _named(name: str, said: str) -> str:
    return said if name in said else f"{name} {said}"


async def _tailnet(services: Services, spec: Spec, machine: Machine) -> Evidence:
    found = await services.inside.tailnet(spec.app, machine.id)
    if found.connected:
        return _funnel(found, spec.gateway.voice)
    if not found.state:
        words, hint = _("Tailscale does not run"), _("Deploy again (D on Home): its start command starts it.")
        return Evidence("tailnet", Verdict.FAIL, words, hint)
    words = _("Tailscale is not connected ({state})").format(state=found.state)
    hint = _("Its auth key TS_AUTHKEY is missing, used up or expired: give a new one (K on Home).")
    return Evidence("tailnet", Verdict.FAIL, words, hint)


def _funnel(found: Tailnet, voice: VoiceSpec) -> Evidence:
    words = _("Tailscale knows it as {name}").format(name=found.name)
    if not (voice.enabled and voice.way == "tailscale-funnel"):
        return Evidence("tailnet", Verdict.PASS, words)
    if not found.funnel:
        return Evidence(
            "tailnet",
            Verdict.FAIL,
            _("{words}, but its Funnel is not open").format(words=words),
            _(CAUSES[TAILSCALE]),
        )
    if voice.calls == "disabled":
        return Evidence("tailnet", Verdict.PASS, words)
    told = _("Tell {company} to send calls to: {url}").format(
        company=voice.provider.capitalize(), url=f"https://{found.name}{VOICE_PATH}"
    )
    return Evidence("tailnet", Verdict.PASS, words, told)


async def _linked(services: Services, spec: Spec, machine: Machine) -> list[Evidence]:
    """Only what is wrong: that nobody is linked yet is said with the channel."""
    numbers = await services.inside.signal_numbers(spec.app, machine.id)
    wanted = spec.gateway.signal.account
    if not numbers or wanted in numbers or "${" in wanted:
        return []
    words = _("Signal is linked with {found}, and the answers say {wanted}")
    hint = _("Change its number (E on Home, Gateway, Signal), or link the other phone (Q on Home).")
    said = words.format(found=", ".join(numbers), wanted=wanted)
    return [Evidence("signal-number", Verdict.FAIL, said, hint)]


async def calls_line(services: Services, spec: Spec, machine: Machine) -> Evidence:
    """What the plugin for phone calls says: in its log of its tunnel, and when it is asked."""
    voice = spec.gateway.voice
    try:
        lines = [entry.message for entry in await services.fly.recent_logs(spec.app)]
        setup = await services.inside.calls_setup(spec.app, machine.id)
    except ClawError as error:
        return Evidence("voice", Verdict.UNKNOWN, error.message, error.hint)
    if wrong := _last_trouble(lines):
        cause = NGROK if voice.way == NGROK else TAILSCALE if voice.way.startswith(TAILSCALE) else ""
        hint = _(CAUSES[cause]) if cause else _("Home, S: openclaw voicecall setup says what is missing.")
        return Evidence("voice", Verdict.FAIL, _("Phone calls: {why}").format(why=wrong), hint)
    if setup.known and not setup.ok:
        words = _("Phone calls: {why}").format(why="; ".join(setup.wrong) or "-")
        hint = _("E on Home, Gateway, Phone calls: the answer that this is about.")
        return Evidence("voice", Verdict.FAIL, words, hint)
    if setup.known:
        where = webhook_address(voice)
        words = _("Phone calls: the plugin finds nothing wrong; only a call proves them")
        return Evidence("voice", Verdict.PASS, f"{words} ({where})" if where else words)
    words = _("Phone calls: only a call can prove them.")
    return Evidence(
        "voice", Verdict.UNKNOWN, words, _("Home, S: openclaw voicecall setup says what is missing.")
    )


def _last_trouble(lines: list[str]) -> str:
    """The newest start counts, and why there is no tunnel more than that there is no address for it."""
    why = ""
    for line in lines:
        if _UP.search(line):
            why = ""
        elif (found := _NO_TUNNEL.search(line)) or (not why and (found := _NO_ADDRESS.search(line))):
            why = found["why"]
    return why

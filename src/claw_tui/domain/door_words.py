"""What making a gateway private or public means, before it is begun: in plain words, with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from claw_tui.domain.doors import Door, dedicated, is_private, is_public, nothing_leads_to, outer_ports
from claw_tui.domain.exposure.records import service_words
from claw_tui.domain.openclaw.calls import calls_only_out
from claw_tui.domain.prices import DEDICATED_V4
from claw_tui.domain.spec import PORT
from claw_tui.domain.world import World
from claw_tui.i18n import _

DASH = "  - "
MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Told:
    """``config``: its openclaw.json. ``waiting``: secrets that a deploy brings in. ``released``: the dedicated IPv4.

    ``certificates`` (host names) and ``members`` (e-mails) are None when they could not be asked.
    """

    app: str
    world: World
    door: Door
    certificates: tuple[str, ...] | None = ()
    members: tuple[str, ...] | None = None
    config: Mapping[str, object] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    released: bool = False


def story(told: Told, *, private: bool) -> list[str]:
    """Lines; empty ones part them."""
    parts = _private(told) if private else _public(told)
    lines: list[str] = []
    for part in parts:
        lines += [*part, ""]
    return lines[:-1]


def _private(told: Told) -> Iterator[list[str]]:
    yield _now(told)
    yield list(_seen(told))
    yield [
        _("Then only your organization's own network on Fly.io reaches it. W on Home opens it, or by hand:"),
        f"  fly proxy 3000:3000 {told.app}.flycast -a {told.app}",
        _who(told.members),
        _stays(moves=not all(map(is_private, told.world.machines))),
    ]
    stops = list(_stops(told))
    if stops:
        yield [_("What stops working, and what to do about it:"), *(DASH + words for words in stops)]
    yield [_("What goes on: {names}.").format(names=_goes_on(told.config))]
    yield list(_addresses(told))


def _now(told: Told) -> list[str]:
    if told.door is Door.SHUT:
        return [
            _(
                "It has no public address, and nobody can connect to it either: its fly.toml has no service, as the guide's private"
                " recipe has it. `fly proxy 3000:3000` dials the machine over IPv6, and the gateway listens on IPv4 only; a"
                " private address leads nowhere without a service."
            ),
            _(
                "It gets one service at port 3000, which a private address (Flycast) leads to and nothing else: Fly's proxy"
                " then connects over IPv4."
            ),
        ]
    if told.door is Door.PRIVATE:
        return [_("It is private already: everything is looked at once more, and proved.")]
    if told.door is Door.HALF:
        return [_half(told)]
    return [
        _("Now everybody can open https://{app}.fly.dev; the token keeps strangers out.").format(app=told.app)
    ]


def _half(told: Told) -> str:
    if nothing_leads_to(told.world):
        return _(
            "It has no public address, and no private one either: nobody reaches it. A change was cut off."
        )
    return _(
        "It has no public address, and a service of another kind than claw-tui's: your own network reaches it there, if at all."
        " It gets the one at port 3000 in its place."
    )


def _seen(told: Told) -> Iterator[str]:
    """What was looked at, as it is."""
    yield _("Seen now:")
    shown = ", ".join(f"{ip.address} ({ip.kind.value})" for ip in told.world.ips)
    yield DASH + _("addresses: {addresses}").format(addresses=shown or _("none"))
    for machine in told.world.machines:
        services = ", ".join(map(service_words, machine.services)) or _("no service")
        services = services if machine.readable else _("its services are not told")
        words = _("machine {id} ({state}): {services}")
        yield DASH + words.format(id=machine.id, state=machine.state, services=services)
    if told.certificates is None:
        yield DASH + _("host names of its own could not be asked: the proof asks again")
    else:
        yield DASH + _("host names of its own: {names}").format(
            names=", ".join(told.certificates) or _("none")
        )


def _who(members: tuple[str, ...] | None) -> str:
    """Private is not alone."""
    if members is None:
        return _("Who is in that organization could not be asked: the proof asks again.")
    if len(members) == 1:
        return _("Only {name} is in that organization.").format(name=members[0])
    shown = ", ".join(members[:MOST_NAMES]) + (" …" if len(members) > MOST_NAMES else "")
    words = _("{count} people are in that organization, and each of them reaches it then: {names}")
    return words.format(count=len(members), names=shown)


def _stops(told: Told) -> Iterator[str]:
    if told.door in (Door.SHUT, Door.PRIVATE):
        return
    if told.door is Door.HALF:
        yield from _other_ports(told)
        return
    yield _(
        "Links, bookmarks and apps that use https://{app}.fly.dev: use the proxy above, or WireGuard. Browsers have to be"
        " let in once more (O on Home)."
    ).format(app=told.app)
    yield from hooks(told.config)
    for host in told.certificates or ():
        words = _(
            "The host name {host} and its certificate: it leads nowhere, and the certificate is not renewed. Take it out of your"
            " DNS; `fly certs remove {host} -a {app}`."
        )
        yield words.format(host=host, app=told.app)


def _other_ports(told: Told) -> Iterator[str]:
    """At a private address."""
    ports = [str(port) for port in outer_ports(told.world.machines) if port != PORT]
    if ports and not nothing_leads_to(told.world):
        words = _("What uses port {ports} of {app}.flycast: use port {port} there.")
        yield words.format(ports=", ".join(ports), app=told.app, port=PORT)


def hooks(config: Mapping[str, object]) -> Iterator[str]:
    """What others send to the gateway's public address."""
    channels = _in(config, "channels")
    slack, telegram = _in(channels, "slack"), _in(channels, "telegram")
    if slack and slack.get("mode") == "http" and slack.get("enabled") is not False:
        yield _("Slack over HTTP: E on Home, Gateway, Slack: take Socket Mode, which needs no address.")
    if telegram.get("webhookUrl") and telegram.get("enabled") is not False:
        yield _(
            "Telegram's webhook: take webhookUrl out of openclaw.json (E, Gateway, F4); it then asks by itself."
        )
    voice = _in(_in(_in(config, "plugins"), "entries"), "voice-call")
    settings = _in(voice, "config")
    tunnel = str(_in(settings, "tunnel").get("provider") or "none")
    if voice and voice.get("enabled") is not False and tunnel == "none" and not calls_only_out(settings):
        words = _(
            "Calls from {company}: E on Home, Gateway, Phone calls: ngrok, Tailscale, or outbound only."
        )
        yield words.format(company=str(settings.get("provider") or "twilio").capitalize())
    if _in(config, "hooks").get("enabled") is True:
        yield _("Webhooks of your own (hooks): they need a tunnel, or a sender inside your organization.")


def _goes_on(config: Mapping[str, object]) -> str:
    known = {
        "discord": "Discord", "telegram": "Telegram", "slack": "Slack", "whatsapp": "WhatsApp", "signal": "Signal",
    }  # fmt: skip
    channels = _in(config, "channels")
    found = [
        title
        for name, title in known.items()
        if (channel := _in(channels, name))
        and channel.get("enabled") is not False
        and channel.get("mode") != "http"
        and not channel.get("webhookUrl")
    ]
    return ", ".join([*found, _("models"), "fly ssh console"])


def _addresses(told: Told) -> Iterator[str]:
    paid = dedicated(told.world)
    free = [ip.address for ip in told.world.public_ips if ip.address not in paid]
    if free:
        words = _(
            "Given back for good: {addresses}. If it is made public again it gets others; entries in a DNS of your own would have"
            " to follow."
        )
        yield words.format(addresses=", ".join(free))
    for address in paid:
        price = _("${price:.2f} a month").format(price=DEDICATED_V4)
        if told.released:
            words = _("The dedicated IPv4 {address} ({price}) is given back too, and can't be had again.")
        else:
            words = _(
                "The dedicated IPv4 {address} ({price}) stays: port 3000 then answers everybody there, without encryption. That is NOT"
                " private."
            )
        yield words.format(address=address, price=price)
    less = len(paid) * DEDICATED_V4 if told.released else 0
    yield (
        _("Price: ${less:.2f} a month less.").format(less=less)
        if less
        else _("Price: as before; the private address is free.")
    )
    if told.waiting:
        yield _("Secrets that wait for a restart come in with it: {names}.").format(
            names=", ".join(told.waiting)
        )


def _public(told: Told) -> Iterator[list[str]]:
    moves = not all(map(is_public, told.world.machines))
    if told.door is Door.PUBLIC:
        yield [_("It has a public address already: what is missing is added, and seen to answer.")]
    yield [
        _("Then everybody can open https://{app}.fly.dev; the token keeps strangers out.").format(
            app=told.app
        ),
        _stays(moves=moves),
    ]
    changes = [*_new_addresses(told)] if told.door is not Door.PUBLIC else []
    if moves:
        changes.append(
            _(
                "`fly proxy {app}.flycast` on port 3000 stops working: the service is at 80 and 443 then."
            ).format(app=told.app)
        )
    if changes:
        yield changes
    yield [_("Price: as before; a shared IPv4 and an IPv6 are free.")] + (
        [_("Secrets that wait for a restart come in with it: {names}.").format(names=", ".join(told.waiting))]
        if told.waiting
        else []
    )


def _new_addresses(told: Told) -> Iterator[str]:
    yield _("Its addresses will be others than it ever had: entries in a DNS of your own have to follow.")
    for host in told.certificates or ():
        yield DASH + _(
            "{host} has a certificate: its DNS entries (A and AAAA, or a CNAME) must name the new addresses, else it"
            " leads nowhere, and the certificate is not renewed. `fly certs check {host} -a {app}` tells."
        ).format(host=host, app=told.app)


def _stays(*, moves: bool) -> str:
    """``moves``: its machine starts anew with another service."""
    if moves:
        return _(
            "Image, size, start command, variables, volume and what is on it stay. It is away for about a minute."
        )
    return _("Image, size, start command, variables, volume and what is on it stay. It is not interrupted.")


def _in(tree: Mapping[str, object], name: str) -> Mapping[str, Any]:
    found = tree.get(name)
    return found if isinstance(found, dict) else {}

"""How people get to it: addresses, an answer, Fly's proxy, origins, pairing, the token."""

from __future__ import annotations

import ipaddress
import re

from claw_tui.domain.answers import HealthAnswer
from claw_tui.domain.doctor import door_fixes, fixes
from claw_tui.domain.doctor.case import Case, not_known, note, skipped, unknown, well, wrong
from claw_tui.domain.doctor.facts import Page, Unasked, failed
from claw_tui.domain.doctor.filing import no_file
from claw_tui.domain.doctor.model import Finding, Standing
from claw_tui.domain.doctor.ports import port_of
from claw_tui.domain.doors import Door, door_of, is_private, is_public, missing_public, nothing_leads_to
from claw_tui.domain.exposure.records import service_words
from claw_tui.domain.gateway_config import FLY_PROXY_RANGE, written_token
from claw_tui.domain.spec import PORT
from claw_tui.domain.world import IpKind
from claw_tui.i18n import _

UNKNOWN_PROXY = (
    r"unattributable proxy-shaped traffic|proxy_attribution_required|Proxy client attribution is required"
)
NO_ORIGIN = r"origin not allowed|CONTROL_UI_ORIGIN_NOT_ALLOWED"
MISMATCH = r"AUTH_TOKEN_MISMATCH|token[_ ]mismatch"
_ADDRESS = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])")


def addresses(case: Case) -> Finding:
    if isinstance(case.facts.ips, Unasked):
        return unknown("addresses", _("Its addresses are not known."), case.facts.ips)
    if case.machine is None:
        return skipped("addresses", _("There is no machine to be reached."))
    shown = tuple(f"{ip.address} ({ip.kind.value})" for ip in case.world.ips)
    door = door_of(case.world)
    offered = any(map(is_public, case.world.machines))
    wants_private = case.spec.private if case.spec is not None else not offered
    if door is Door.PUBLIC:
        return _public(case, shown, offered=offered)
    if door is Door.PRIVATE:
        return _leads(shown)
    if offered and not wants_private:
        words, why = (
            _("It has no public address."),
            _("Its name leads nowhere. Fly.io gives addresses out at a first deploy, and not always then."),
        )
        return wrong("addresses", "no-address", words, why, door_fixes.addresses(case), shown)
    if door is Door.SHUT:
        words = _("Nothing leads to the gateway: it has no public address, and no service.")
        why = _(
            "So the guides make it private. But `fly proxy` and WireGuard come by IPv6, and the gateway listens on IPv4 only: they are refused."
        )
        return wrong("addresses", "door-shut", words, why, door_fixes.private(case), shown)
    return _half(case, shown)


def _half(case: Case, shown: tuple[str, ...]) -> Finding:
    """Neither public nor as claw-tui has it: a change that was cut off, or a service of somebody's own for Flycast."""
    words = _("It has no public address, and no private one: nobody reaches it.")
    why = _("Making it private or public was cut off, or an address was released by hand.")
    if not nothing_leads_to(case.world):
        services = dict.fromkeys(service_words(s) for m in case.world.machines for s in m.services)
        shown = (*shown, *services)
        words = _("It is private in another way than claw-tui's: its service is not the one at port 3000.")
        why = _(
            "Your organization's network may reach it there. W on Home, `claw-tui reach` and the proof that it is private"
            " know port 3000 only."
        )
    return wrong("addresses", "half-private", words, why, door_fixes.private(case), shown)


def _leads(shown: tuple[str, ...]) -> Finding:
    return well("addresses", _("It has addresses that lead to it."), shown)


def _public(case: Case, shown: tuple[str, ...], *, offered: bool) -> Finding:
    """``offered``: a machine has the public service."""
    if case.meant_private:
        words = _("It is meant to be private, and has a public address.")
        why = _(
            "Whoever knows the address reaches the gateway's port, without encryption. A dedicated IPv4 address is given back by you only: H on Home."
        )
        return wrong("addresses", "half-private", words, why, door_fixes.private(case), shown)
    if any(map(is_private, case.world.machines)):
        return wrong("addresses", "half-private", *_neither(), door_fixes.this_or_that(case), shown)
    if offered and IpKind.SHARED_V4 in missing_public(case.world):
        words = _("It has no public IPv4 address.")
        why = _(
            "Most networks, at home and at work, know IPv4 only: from there nobody reaches it. Its IPv6 address alone is not enough."
        )
        return wrong("addresses", "no-ipv4", words, why, door_fixes.addresses(case), shown)
    return _leads(shown)


def _neither() -> tuple[str, str]:
    """A change between private and public that was cut off: the person has to say which."""
    return (
        _("It has public addresses, and its service is the private one."),
        _(
            "Making it private or public was cut off. HTTPS leads nowhere, and port 3000 answers everybody who knows its IPv6 or"
            " dedicated IPv4 address, without encryption."
        ),
    )


def answers(case: Case) -> Finding:
    health = case.facts.health
    if case.machine is None or case.rescued or not case.facts.runs:
        return skipped("gateway", _("There is no gateway that could answer now."))
    if isinstance(health, Unasked):
        return unknown(
            "gateway", _("It could not be asked in its machine whether the gateway answers."), health
        )
    if case.facts.answers:
        return _from_outside(case)
    words = _("The gateway does not answer, not even in its own machine.")
    why = _("It is still starting, or it hangs. A first start installs plugins, and takes minutes.")
    fix = fixes.restart(case, _("Restart the machine."))
    return wrong("gateway", "gateway-silent", words, why, fix, (health.words, *case.logged(r"\S", 2)))


def _from_outside(case: Case) -> Finding:
    where = f"https://{case.app}.fly.dev"
    outside = case.facts.outside
    seen = (
        (_("in its machine: {words}").format(words=case.facts.health.words),)
        if isinstance(case.facts.health, HealthAnswer)
        else ()
    )
    if door_of(case.world) is Door.PUBLIC and isinstance(outside, HealthAnswer):
        return well("gateway", _("The gateway answers."), (*seen, f"{where}: {outside.words}"))
    return well("gateway", _("The gateway answers."), seen)


def _proxied(case: Case) -> bool:
    """Does Fly's proxy say for whom it asks? A service without handlers passes on what comes."""
    return any(
        port.handlers
        for machine in case.world.machines
        for service in machine.services
        for port in service.ports
    )


def proxy(case: Case) -> Finding:
    if found := no_file(case, "proxy"):
        return found
    if not _proxied(case):
        return well("proxy", _("No proxy stands in front of it that says for whom it asks."))
    trusted = case.at("gateway.trustedProxies")
    rows = [str(one) for one in trusted] if isinstance(trusted, list) else []
    logged = case.logged(UNKNOWN_PROXY)
    named = tuple(dict.fromkeys(found for line in logged for found in _ADDRESS.findall(line)))
    missing = [address for address in named if not _covers(rows, address)]
    page = case.facts.page
    refused = isinstance(page, Page) and page.refused
    if not missing and not refused and (_covers(rows, "172.16.0.1") or rows or not case.attributes):
        return _own_addresses(case, rows)
    if case.old:
        return well("proxy", _("This version does not ask for whom a proxy asks."))
    words = _("The gateway does not know Fly's proxy, and refuses what comes by it (403).")
    why = _(
        "Only its health is answered: its page and its socket are not. Since 2026.8.1 gateway.trustedProxies has to name the proxy."
    )
    part = "proxies" + (f"={','.join(missing)}" if missing else "")
    fix = fixes.writes(
        case,
        part,
        _("Write {names} into gateway.trustedProxies.").format(
            names=", ".join(
                (FLY_PROXY_RANGE, *(one for one in missing if not _covers([FLY_PROXY_RANGE], one)))
            )
        ),
    )
    seen = (
        *logged,
        *((f"https://{case.app}.fly.dev/: 403",) if refused else ()),
        f"trustedProxies = {', '.join(rows) or '-'}",
    )
    return wrong("proxy", "proxy-403", words, why, fix, seen)


def _own_addresses(case: Case, rows: list[str]) -> Finding:
    """Fly's proxy names the app's address behind the visitor's: who does not know it takes all visitors for that one."""
    public = [] if isinstance(case.facts.ips, Unasked) else [ip.address for ip in case.world.public_ips]
    unnamed = [address for address in public if not _covers(rows, address)]
    if not unnamed or case.old or not case.attributes:
        return well("proxy", _("It knows Fly's proxy, and so for whom it asks."), tuple(rows[:3]))
    words = _("It takes all visitors for one: it does not know the app's own addresses.")
    why = _(
        "Fly's proxy names the app's address behind the visitor's. All who come share one limit then, as on wrong tokens."
    )
    part = f"proxies={','.join(unnamed)}"
    fix = fixes.writes(
        case, part, _("Write {names} into gateway.trustedProxies.").format(names=", ".join(unnamed))
    )
    return note(
        "proxy", "own-address-unknown", words, why, fix, (f"trustedProxies = {', '.join(rows) or '-'}",)
    )


def _covers(rows: list[str], address: str) -> bool:
    for row in rows:
        try:
            if ipaddress.ip_address(address) in ipaddress.ip_network(row, strict=False):
                return True
        except ValueError:
            continue
    return False


def origin(case: Case) -> Finding:
    if found := no_file(case, "origin"):
        return found
    listed = case.at("gateway.controlUi.allowedOrigins")
    rows = [str(one).rstrip("/") for one in listed] if isinstance(listed, list) else []
    if case.old:
        return well("origin", _("This version does not ask where a browser comes from."))
    logged = case.logged(NO_ORIGIN)
    here, there = f"http://localhost:{PORT}", f"https://{case.app}.fly.dev"
    if isinstance(case.facts.ips, Unasked) and "*" not in rows and not {here, there}.issubset(rows):
        return unknown("origin", _("From where its page is opened is not known."), case.facts.ips)
    private = door_of(case.world) is not Door.PUBLIC or case.meant_private
    wanted = here if private else there
    local = {f"http://localhost:{port_of(case)}", f"http://127.0.0.1:{port_of(case)}"}
    if "*" in rows or wanted in rows or (private and (local & {*rows} or not (rows or logged))):
        return well("origin", _("Its page may be opened from its address."), (wanted,))
    words = _("The gateway does not let a browser in from {origin}.").format(origin=wanted)
    why = _(
        "gateway.controlUi.allowedOrigins has to name each address from which its page is opened, letter for letter."
    )
    fix = fixes.writes(case, "origins", _("Write its addresses into gateway.controlUi.allowedOrigins."))
    return wrong(
        "origin", "origin-refused", words, why, fix, (*logged, f"allowedOrigins = {', '.join(rows) or '-'}")
    )


def pairing(case: Case) -> Finding:
    """Whoever knocks is no fault of the gateway; that nobody was ever let in is what its owner has come for."""
    waiting = case.facts.pairing
    if isinstance(waiting, Unasked):
        return not_known("pairing", _("Nobody tells who waits to be let in."), waiting)
    if not waiting:
        return well("pairing", _("Nobody waits to be let in."))
    words = _("Somebody waits to be let in: {count}").format(count=len(waiting))
    why = _("A new browser, and a new person in a channel, is let in by you only: “pairing required”.")
    seen = tuple(f"{one.channel or _('browser')}: {one.words} ({one.id})" for one in waiting[:4])
    fix = fixes.let_in(case, waiting[0].id)
    if unread := failed(case.facts.somebody_in):
        why = _("Whether anybody was let in before could not be asked.")
        return Finding("pairing", Standing.UNKNOWN, words, (*seen, unread.words), "", why, fix)
    nobody_in = case.facts.somebody_in is False
    return (wrong if nobody_in else note)("pairing", "pairing-waiting", words, why, fix, seen)


def token(case: Case) -> Finding:
    if found := no_file(case, "token"):
        return found
    assert case.tree is not None
    logged = case.logged(MISMATCH)
    if not written_token(case.tree):
        return well("token", _("The gateway takes its token from the secret."))
    same = case.facts.same_token
    if same is True:
        return well("token", _("The token in openclaw.json is the one of the secret."))
    if isinstance(same, Unasked) and (failed(same) or not logged):
        words = _("The token stands in openclaw.json; it could not be compared with the secret.")
        return not_known("token", words, same)
    if same is None and not logged:
        return well("token", _("The gateway's token stands in openclaw.json; no secret says another one."))
    words = _("openclaw.json has another token in it than the secret.")
    why = _(
        "The file's counts. Whoever uses the one that was set as a secret is refused: AUTH_TOKEN_MISMATCH."
    )
    fix = fixes.writes(case, "token", _("Let openclaw.json take the token from the secret."))
    if case.old:
        fix = fixes.by_hand("give-token", _("K on Home sends a new token, and takes the file's out."))
    return wrong("token", "token-mismatch", words, why, fix, logged)

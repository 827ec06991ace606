"""DNS, asked at the zone's own name servers: what others remember of a name does not count."""

from __future__ import annotations

import asyncio

import dns.asyncquery
import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.resolver

from claw_tui.domain.errors import NetworkDown
from claw_tui.i18n import _

SECONDS = 4.0  # for one server
MOST_SERVERS = 4
DNS_PORT = 53
KNOWN = (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)


async def ask_zone(host: str, kind: str) -> tuple[tuple[str, ...], str]:
    """(addresses, servers that said so); a name that has none gives none. Raises NetworkDown."""
    zone = host.partition(".")[2]
    try:
        servers = await _servers(zone)
    except (dns.exception.DNSException, OSError) as error:
        raise _down(zone) from error
    return await ask_servers(servers, host, kind)


async def ask_servers(
    servers: dict[str, str], host: str, kind: str, port: int = DNS_PORT
) -> tuple[tuple[str, ...], str]:
    """All of them (address: name) at once. What one of them still says counts; one at least has to answer."""
    found = await asyncio.gather(*(_ask(server, host, kind, port) for server in servers))
    answered = {server: said for server, said in zip(servers, found, strict=True) if said is not None}
    if not answered:
        raise _down(host.partition(".")[2])
    addresses = sorted({address for said in answered.values() for address in said})
    return tuple(addresses), ", ".join(sorted({servers[server] for server in answered}))


async def _servers(zone: str) -> dict[str, str]:
    """Address to name."""
    resolver = dns.asyncresolver.Resolver()
    resolver.lifetime = SECONDS
    names = sorted(str(record.target) for record in await resolver.resolve(zone, "NS"))
    found: dict[str, str] = {}
    for name in names[:MOST_SERVERS]:
        addresses = await resolver.resolve(name, "A")
        found[str(addresses[0])] = name.rstrip(".")
    return found


async def _ask(server: str, host: str, kind: str, port: int) -> tuple[str, ...] | None:
    """None: it said nothing, or not as one who knows the zone himself."""
    question = dns.message.make_query(host, kind)
    question.flags &= ~dns.flags.RD
    try:
        answer, _tcp = await dns.asyncquery.udp_with_fallback(question, server, timeout=SECONDS, port=port)
    except (dns.exception.DNSException, OSError):
        return None
    if answer.rcode() not in KNOWN or not answer.flags & dns.flags.AA:
        return None
    return tuple(str(record) for rrset in answer.answer for record in rrset)


def _down(zone: str) -> NetworkDown:
    return NetworkDown(
        _("The name servers of {zone} do not answer.").format(zone=zone),
        hint=_("Some networks let no DNS through: try it from another one."),
    )

"""DNS is asked at the zone's own servers: real ones on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from claw_tui.adapters import outside, zone
from claw_tui.adapters.outside import OutsideNet
from claw_tui.domain.errors import NetworkDown

pytestmark = pytest.mark.anyio
HOST = "my-app.fly.dev"
Answer = Callable[[dns.message.Message], bytes]


class NameServer(asyncio.DatagramProtocol):
    """Answers as it is told; with nothing it stays silent."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if said := self._answer(dns.message.from_wire(data)):
            self._transport.sendto(said, addr)


@asynccontextmanager
async def serving(*answers: Answer) -> AsyncIterator[tuple[dict[str, str], int]]:
    """Servers at 127.0.0.1, 127.0.0.2, … on one port."""
    loop, made, port = asyncio.get_running_loop(), [], 0
    for number, answer in enumerate(answers, 1):
        transport, _protocol = await loop.create_datagram_endpoint(
            lambda answer=answer: NameServer(answer),  # type: ignore[misc]
            local_addr=(f"127.0.0.{number}", port),
        )
        port = transport.get_extra_info("sockname")[1]
        made.append(transport)
    try:
        yield {f"127.0.0.{number}": f"ns{number}.flydns.net" for number, _ in enumerate(answers, 1)}, port
    finally:
        for transport in made:
            transport.close()


def says(*records: str, own: bool = True, rcode: dns.rcode.Rcode = dns.rcode.NOERROR) -> Answer:
    """``records``: "A 66.241.124.9"; ``own``: it knows the zone itself."""

    def answer(question: dns.message.Message) -> bytes:
        assert not question.flags & dns.flags.RD  # it is not to ask others
        response = dns.message.make_response(question)
        response.set_rcode(rcode)
        if own:
            response.flags |= dns.flags.AA
        response.answer = [
            dns.rrset.from_text(f"{HOST}.", 60, "IN", *record.split(" ", 1)) for record in records
        ]
        return response.to_wire()

    return answer


def silent(_question: dns.message.Message) -> bytes:
    return b""


@pytest.mark.parametrize(
    ("answers", "addresses", "who"),
    [
        ((says(),), (), "ns1.flydns.net"),
        ((says(rcode=dns.rcode.NXDOMAIN),), (), "ns1.flydns.net"),
        ((says("A 66.241.124.9"),), ("66.241.124.9",), "ns1.flydns.net"),
        ((says(), says("A 66.241.124.9")), ("66.241.124.9",), "ns1.flydns.net, ns2.flydns.net"),
        ((says("CNAME other.example.com."),), ("other.example.com.",), "ns1.flydns.net"),
        ((silent, says()), (), "ns2.flydns.net"),
        ((says(rcode=dns.rcode.SERVFAIL), says()), (), "ns2.flydns.net"),
    ],
    ids=["none", "no such name", "one", "one of two still says it", "another name", "one is silent", "one is broken"],
)  # fmt: skip
async def test_what_the_zone_says(
    answers: tuple[Answer, ...], addresses: tuple[str, ...], who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zone, "SECONDS", 0.5)
    async with serving(*answers) as (servers, port):
        assert await zone.ask_servers(servers, HOST, "A", port) == (addresses, who)


@pytest.mark.parametrize(
    "answer",
    [silent, says(own=False), says(rcode=dns.rcode.REFUSED), says(rcode=dns.rcode.SERVFAIL)],
    ids=["silent", "one in between answers", "refused", "broken"],
)
async def test_nobody_who_knows_answers(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty answer of a server that does not know the zone would look like privacy."""
    monkeypatch.setattr(zone, "SECONDS", 0.5)
    async with serving(answer) as (servers, port):
        with pytest.raises(NetworkDown, match=r"fly\.dev"):
            await zone.ask_servers(servers, HOST, "A", port)


async def test_no_way_to_any_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a computer that lets no DNS out: it ends, and says so."""
    monkeypatch.setattr(outside, "DNS_SECONDS", 0.3)

    async def waits(_host: str, _kind: str) -> tuple[tuple[str, ...], str]:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(NetworkDown):
        await OutsideNet(ask=waits).records(HOST, "A")

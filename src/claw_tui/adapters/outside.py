"""What the internet sees of an app: DNS at the zone's own servers, and the answer of an address. Deadlines everywhere."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Awaitable, Callable

from claw_tui.domain.errors import NetworkDown
from claw_tui.domain.exposure.facts import Heard, Probe, Records
from claw_tui.domain.exposure.hearing import classify
from claw_tui.i18n import _

CONNECT_SECONDS, ANSWER_SECONDS, DNS_SECONDS = 6.0, 6.0, 12.0
AT_ONCE = 24
MOST_BYTES = 16 << 10  # of an answer
CONTROL = "fly.io"  # it has addresses of both kinds: what can't be reached here is told by it
TLS_PORT = 443
CUT_OFF = (errno.ECONNREFUSED, errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE)

Exchange = Callable[
    [str, int, str, bytes], Awaitable[bytes]
]  # address, port, host, request -> what came back
Ask = Callable[
    [str, str], Awaitable[tuple[tuple[str, ...], str]]
]  # host, A or AAAA -> addresses, who said so
Reaches = Callable[[bool], Awaitable[bool]]  # over IPv6?


class OutsideNet:
    """The port ``Outside``. The three ways out can be exchanged: for the simulated internet."""

    def __init__(
        self, exchange: Exchange | None = None, ask: Ask | None = None, reaches: Reaches | None = None
    ) -> None:
        self._exchange, self._ask, self._reaches = (
            exchange or over_tcp,
            ask or at_the_zone,
            reaches or there_is_a_way,
        )
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._ways: dict[bool, asyncio.Future[bool]] = {}

    async def records(self, host: str, kind: str) -> Records:
        try:
            async with asyncio.timeout(DNS_SECONDS):
                addresses, server = await self._ask(host, kind)
        except TimeoutError as error:
            raise NetworkDown(
                _("The name servers of {host} do not answer.").format(host=host), hint=_("Try again later.")
            ) from error
        return Records(addresses, server)

    async def probe(self, host: str, address: str, port: int) -> Probe:
        """Where nothing is heard, that counts only if this computer gets out that way at all."""
        async with self._gate:
            heard, words = await self._listen(host, address, port)
        if heard is Heard.SILENT and not await self._has_way(":" in address):
            return Probe(address, port, Heard.NO_ROUTE, _no_way(":" in address))
        return Probe(address, port, heard, words)

    async def _listen(self, host: str, address: str, port: int) -> tuple[Heard, str]:
        request = (
            f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nUser-Agent: claw-tui\r\nConnection: close\r\n\r\n"
        )
        try:
            return classify(await self._exchange(address, port, host, request.encode()))
        except TimeoutError:
            return Heard.SILENT, _("no answer in time")
        except ssl.SSLError as error:
            return Heard.SILENT, _("no TLS for this name ({reason})").format(reason=error.reason or "TLS")
        except OSError as error:
            if error.errno in CUT_OFF or isinstance(error, ConnectionError):
                return Heard.SILENT, _("refused or cut off")
            return Heard.NO_ROUTE, _no_way(":" in address)

    async def _has_way(self, over_v6: bool) -> bool:  # noqa: FBT001
        """Asked once, for all who want to know."""
        if over_v6 not in self._ways:
            self._ways[over_v6] = asyncio.ensure_future(self._reaches(over_v6))
        return await asyncio.shield(self._ways[over_v6])


def _no_way(over_v6: bool) -> str:  # noqa: FBT001
    return _("no way there over IPv6 from this computer") if over_v6 else _("no way there from this computer")


# -- the internet itself ----------------------------------------------------------------------------------------------
async def over_tcp(address: str, port: int, host: str, request: bytes) -> bytes:
    """Whose certificate it is does not count: whether the app answers does. Raises OSError, TimeoutError."""
    context = None
    if port == TLS_PORT:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    async with asyncio.timeout(CONNECT_SECONDS):
        reader, writer = await asyncio.open_connection(
            address, port, ssl=context, server_hostname=host if context else None
        )
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            writer.write(request)
            await writer.drain()
            return await _all_of(reader)
    finally:
        writer.transport.abort()


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    """What came, also when it was cut off after a part."""
    found = b""
    try:
        while len(found) < MOST_BYTES and (more := await reader.read(MOST_BYTES)):
            found += more
    except (OSError, asyncio.CancelledError):
        if not found:
            raise
    return found


async def there_is_a_way(over_v6: bool) -> bool:  # noqa: FBT001
    """Does this computer get out to Fly.io over IPv4, over IPv6?"""
    family = socket.AF_INET6 if over_v6 else socket.AF_INET
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _reader, writer = await asyncio.open_connection(CONTROL, TLS_PORT, family=family)
    except (OSError, TimeoutError):
        return False
    writer.transport.abort()
    return True


async def at_the_zone(host: str, kind: str) -> tuple[tuple[str, ...], str]:
    """Ask the name servers of the zone that ``host`` is in. Raises NetworkDown."""
    from claw_tui.adapters.zone import ask_zone  # noqa: PLC0415  (dnspython takes 100 ms that no start has)

    return await ask_zone(host, kind)

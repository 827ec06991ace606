"""What is heard at an address, on real sockets; and what an answer is taken for."""

from __future__ import annotations

import asyncio
import errno
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from claw_tui.adapters import outside
from claw_tui.adapters.outside import OutsideNet
from claw_tui.domain.exposure.facts import Heard
from claw_tui.domain.exposure.hearing import classify

pytestmark = pytest.mark.anyio
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
HEAD = b"HTTP/1.1 %s\r\nserver: %s\r\n\r\n%s"
ANSWERS = {
    b"": Heard.SILENT,
    HEAD % (b"200 OK", b"Fly/8d", b'{"ok":true,"status":"live"}'): Heard.GATEWAY,
    HEAD % (b"200 OK", b"nginx", b"<title>OpenClaw Control</title>"): Heard.GATEWAY,
    HEAD % (b"200 OK", b"x", b"<title>Clawdbot Control</title>"): Heard.GATEWAY,
    HEAD % (b"401 Unauthorized", b"x", b'{"error":"moltbot gateway token missing"}'): Heard.GATEWAY,
    HEAD % (b"404 Not Found", b"Fly/8d", b""): Heard.FLY,
    HEAD % (b"404 Not Found", b"Fly/8d", b"no such page"): Heard.OTHER,
    HEAD % (b"404 Not Found", b"nginx", b""): Heard.OTHER,
    HEAD % (b"502 Bad Gateway", b"Fly/8d", b""): Heard.OTHER,
    HEAD % (b"301 Moved", b"Fly/8d", b""): Heard.OTHER,
    HEAD % (b"200 OK", b"Fly/8d", b"[]"): Heard.OTHER,
    b"SSH-2.0-OpenSSH_9.2\r\n": Heard.OTHER,
    b"HTTP/1.1\r\n\r\n": Heard.OTHER,
}


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer[:40].decode() or "nothing")
def test_what_an_answer_is_taken_for(answer: bytes) -> None:
    heard, words = classify(answer)
    assert heard is ANSWERS[answer], words
    assert words


@asynccontextmanager
async def served(handler: Handler, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Its port. Whoever was let in is done with when this ends."""
    busy: list[asyncio.Task[None]] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            """It left before the end."""
        finally:
            writer.close()

    def let_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        busy.append(asyncio.ensure_future(handle(reader, writer)))

    server = await asyncio.start_server(let_in, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        async with asyncio.timeout(5):
            await asyncio.gather(*busy)


async def always(_over_v6: bool) -> bool:
    return True


async def never(_over_v6: bool) -> bool:
    return False


async def gateway(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    asked = await reader.readuntil(b"\r\n\r\n")
    assert b"Host: my-app.fly.dev\r\n" in asked
    writer.write(HEAD % (b"200 OK", b"x", b'{"ok":true}'))
    writer.close()


async def shut(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def mute(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says something that tells who it is, and is then cut off or goes on for ever."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(HEAD % (b"200 OK", b"x", b"<title>OpenClaw"))
    await writer.drain()
    await reader.read()


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    while True:
        writer.write(b"x" * 4096)
        await writer.drain()


@pytest.mark.parametrize(
    ("handler", "heard"),
    [(gateway, Heard.GATEWAY), (shut, Heard.SILENT), (mute, Heard.SILENT), (half, Heard.GATEWAY), (endless, Heard.OTHER)],
)  # fmt: skip
async def test_an_address_is_asked_for_the_app(
    handler: Handler, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "ANSWER_SECONDS", 0.4)
    async with served(handler) as port:
        found = await OutsideNet(reaches=always).probe("my-app.fly.dev", "127.0.0.1", port)
    assert (found.heard, found.port) == (heard, port), found


async def test_tls_names_the_app_and_takes_any_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str | None] = []
    context = certified(tmp_path)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    async with served(gateway, context) as port:
        monkeypatch.setattr(outside, "TLS_PORT", port)
        found = await OutsideNet(reaches=always).probe("my-app.fly.dev", "127.0.0.1", port)
    assert (found.heard, names) == (Heard.GATEWAY, ["my-app.fly.dev"])


async def test_a_tls_alert_is_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = certified(tmp_path)
    context.sni_callback = lambda _socket, _name, _context: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    async with served(gateway, context) as port:
        monkeypatch.setattr(outside, "TLS_PORT", port)
        found = await OutsideNet(reaches=always).probe("my-app.fly.dev", "127.0.0.1", port)
    assert found.heard is Heard.SILENT


async def test_a_refused_connection_counts_only_where_there_is_a_way_out() -> None:
    async with served(shut) as port:
        """Somebody listens here, and after this nobody."""
    for reaches, heard in ((always, Heard.SILENT), (never, Heard.NO_ROUTE)):
        assert (await OutsideNet(reaches=reaches).probe("a.fly.dev", "127.0.0.1", port)).heard is heard


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EACCES])
async def test_no_route_is_a_result_of_its_own(number: int) -> None:
    async def exchange(_address: str, _port: int, _host: str, _request: bytes) -> bytes:
        raise OSError(number, "no way")

    found = await OutsideNet(exchange, reaches=always).probe("a.fly.dev", "2001:db8::1", 443)
    assert found.heard is Heard.NO_ROUTE
    assert "IPv6" in found.words


def certified(folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate of nobody's."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "nobody.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "made.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context

"""httpx over the simulated internet: no socket, no network."""

from __future__ import annotations

import asyncio

import httpx

from claw_tui.demo.web import Asked, Unreachable, answer


class SimulatedInternet(httpx.AsyncBaseTransport):
    """Hands each request to ``web.answer`` in a thread: the answer may take its time, the screen goes on."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = (await request.aread()).decode()
        asked = Asked(
            request.method, str(request.url), {k.lower(): v for k, v in request.headers.items()}, body
        )
        try:
            found = await asyncio.to_thread(answer, asked)
        except Unreachable as error:
            raise httpx.ConnectError(f"no address for {error}") from error
        content = b"" if request.method == "HEAD" else found.text.encode()
        return httpx.Response(found.status, headers=dict(found.headers), content=content, request=request)

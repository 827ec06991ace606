"""HTTPS with a deadline, for the few services that flyctl cannot ask for us.

httpx and its certificate store take about 100 ms to load: that happens in a thread, at the first question.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from claw_tui import __version__
from claw_tui.domain import parse
from claw_tui.domain.clean import clean_all
from claw_tui.domain.errors import BadInput, NetworkDown
from claw_tui.i18n import _

if TYPE_CHECKING:
    import httpx

SECONDS = 10.0
AGENT = f"DiscordBot (https://github.com/claw-tui/claw-tui, {__version__})"  # Discord's required form; others take it
BASES: Mapping[str, str] = {
    "anthropic": "https://api.anthropic.com",
    "openai": "https://api.openai.com",
    "google": "https://generativelanguage.googleapis.com",
    "openrouter": "https://openrouter.ai",
    "xai": "https://api.x.ai",
    "groq": "https://api.groq.com",
    "mistral": "https://api.mistral.ai",
    "deepseek": "https://api.deepseek.com",
    "moonshot": "https://api.moonshot.ai",
    "together": "https://api.together.xyz",
    "discord": "https://discord.com",
    "telegram": "https://api.telegram.org",
    "slack": "https://slack.com",
    "twilio": "https://api.twilio.com",
    "telnyx": "https://api.telnyx.com",
    "fly": "https://api.fly.io",
    "ghcr": "https://ghcr.io",
}


class Http:
    """One client for all services. ``transport`` makes another way to answer: the simulated cloud."""

    def __init__(self, transport: Callable[[], httpx.AsyncBaseTransport] | None = None) -> None:
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self._making = asyncio.Lock()

    async def send(
        self, method: str, service: str, path: str, *, headers: Mapping[str, str] | None = None,
        json: object = None, seconds: float = SECONDS,
    ) -> httpx.Response:  # fmt: skip
        """Ask ``service`` (a name in BASES, or a whole address). Raises NetworkDown and BadInput, which never quote a header."""
        import httpx  # noqa: PLC0415

        url = BASES.get(service, service) + path
        client = await self._ready()
        try:
            return await client.request(method, url, headers=dict(headers or {}), json=json, timeout=seconds)
        except httpx.TimeoutException:
            words = _("{host} did not answer within {seconds:.0f} seconds.")
            failed: NetworkDown | BadInput = NetworkDown(words.format(host=_host(url), seconds=seconds))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            words = _("{host} could not be reached ({why}).")
            failed = NetworkDown(words.format(host=_host(url), why=type(error).__name__))
        except UnicodeEncodeError:
            words = _("{host} was not asked: the key holds a character that can't be sent.")
            hint = _("Copy it again from where you got it.")
            failed = BadInput(words.format(host=_host(url)), hint=hint)
        # Not from within: those errors hold the request, its headers and address; Telegram's holds the token.
        raise failed

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _ready(self) -> httpx.AsyncClient:
        async with self._making:
            if self._client is None:
                self._client = await asyncio.to_thread(self._make)
        return self._client

    def _make(self) -> httpx.AsyncClient:
        import logging  # noqa: PLC0415

        import httpx  # noqa: PLC0415

        for name in ("httpx", "httpcore"):  # they log addresses, and Telegram's hold the token
            logging.getLogger(name).disabled = True
        return httpx.AsyncClient(
            headers={"User-Agent": AGENT}, transport=self._transport() if self._transport else None
        )


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def json_of(answer: httpx.Response) -> Any:
    """The decoded body, its texts cleaned, or None when it is not JSON."""
    try:
        return clean_all(parse.json_of(answer.content))
    except ValueError:
        return None

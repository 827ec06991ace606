"""What flyctl cannot be asked: billing, the image registry, the gateway's public address, DNS."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from claw_tui.adapters.http import Http, json_of
from claw_tui.domain import parse
from claw_tui.domain.answers import HealthAnswer
from claw_tui.domain.errors import NetworkDown, ServiceError
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _

if TYPE_CHECKING:
    import httpx

    from claw_tui.domain.doctor.facts import Page

BILLING = "query($slug: String!) { organization(slug: $slug) { billingStatus } }"
MANIFESTS = (
    "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json"
)
EXACT_VERSION = re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})")
DNS_SECONDS = 4.0
TROUBLE = 500  # and above: the server says so of itself


async def resolves(host: str) -> bool | None:
    """Has ``host`` an address? None when nobody can be asked."""
    try:
        async with asyncio.timeout(DNS_SECONDS):
            await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        return False if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", -5)) else None
    except (TimeoutError, OSError):
        return None
    return True


class WebApi:
    """The port ``Web``."""

    def __init__(self, http: Http, resolver: Callable[[str], Awaitable[bool | None]] = resolves) -> None:
        self._http = http
        self._resolve = resolver

    async def billing_state(self, token: Secret, org: str) -> str:
        """One GraphQL question with the login's token; a token that may not ask gets "" (not told)."""
        value = token.reveal()
        scheme = "FlyV1" if value.startswith(("fm1", "fm2", "fo1")) else "Bearer"
        answer = await self._http.send(
            "POST", "fly", "/graphql",
            headers={"Authorization": value if value.startswith("FlyV1 ") else f"{scheme} {value}"},
            json={"query": BILLING, "variables": {"slug": org}},
        )  # fmt: skip
        if answer.status_code >= TROUBLE:
            raise ServiceError(
                _("Fly.io's API is in trouble: it answers {status}.").format(status=answer.status_code)
            )
        body = json_of(answer)
        found = ((body or {}).get("data") or {}).get("organization") if isinstance(body, dict) else None
        return str(found.get("billingStatus") or "") if isinstance(found, dict) else ""

    async def image_exists(self, repository: str, tag: str) -> bool | None:
        answer = await self._registry("HEAD", repository, f"manifests/{tag}")
        if answer is None or answer.status_code not in (200, 404):
            return None
        return answer.status_code == 200

    async def newest_versions(self, repository: str) -> tuple[str, ...]:
        answer = await self._registry("GET", repository, "tags/list?n=10000")
        body = json_of(answer) if answer is not None and answer.status_code == 200 else None
        tags = body.get("tags") or [] if isinstance(body, dict) else []
        exact = [tag for tag in tags if isinstance(tag, str) and EXACT_VERSION.fullmatch(tag)]
        return tuple(sorted(exact, key=lambda tag: tuple(map(int, tag.split("."))), reverse=True))

    async def health(self, url: str) -> HealthAnswer:
        """The gateway's own JSON counts; its web page answers 200 to everything."""
        try:
            answer = await self._http.send("GET", url, "/healthz")
        except NetworkDown as error:
            return HealthAnswer(reached=False, json_ok=False, words=error.message)
        return judge_health(answer.status_code, answer.text)

    async def page(self, url: str) -> Page:
        """Since 2026.8.1 a gateway refuses what comes by a proxy that it does not know, all but its health."""
        answer = await self._http.send("GET", url, "/")
        from claw_tui.domain.doctor.facts import Page  # noqa: PLC0415  (only the doctor asks)

        return Page(
            answer.status_code,
            "proxy_attribution_required" in answer.text,
            _("answered with {status}").format(status=answer.status_code),
        )

    async def name_in_dns(self, host: str) -> bool | None:
        return await self._resolve(host)

    async def _registry(self, method: str, repository: str, path: str) -> httpx.Response | None:
        """Ask the image registry as anybody may: with a token that it gives to everybody."""
        name = repository.removeprefix("ghcr.io/")
        try:
            answer = await self._http.send(
                "GET", "ghcr", f"/token?scope=repository:{name}:pull&service=ghcr.io"
            )
            body = json_of(answer)
            token = body.get("token") if isinstance(body, dict) else None
            if not token:
                return None
            headers = {"Authorization": f"Bearer {token}", "Accept": MANIFESTS}
            return await self._http.send(method, "ghcr", f"/v2/{name}/{path}", headers=headers)
        except NetworkDown:
            return None


def judge_health(status: int, text: str) -> HealthAnswer:
    """What an answer of /healthz means."""
    try:
        body = parse.json_of(text)
    except ValueError:
        body = None
    if status == 200 and isinstance(body, dict) and body.get("ok") is True:
        return HealthAnswer(reached=True, json_ok=True, words=_("alive"), status=status)
    if status == 200:
        words = _("something answered, but not with the gateway's own JSON")
    else:
        words = _("answered with {status}").format(status=status)
    return HealthAnswer(reached=True, json_ok=False, words=words, status=status)

"""Key checks, billing, the registry and health: over the simulated internet, and over real sockets."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from claw_tui.adapters import http as module
from claw_tui.adapters.http import Http
from claw_tui.adapters.keys import QUESTIONS, LiveKeyChecks
from claw_tui.adapters.web import WebApi, judge_health
from claw_tui.demo.web import Asked, Unreachable, answer
from claw_tui.domain.errors import BadKey, NetworkDown, ServiceError
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import IMAGE
from claw_tui.ports import Services
from tests.conftest import TOKEN, Cloud

pytestmark = pytest.mark.anyio
GOOD = {
    "TELEGRAM_BOT_TOKEN": "123456789:AAgood-good-good-good-good", "DISCORD_BOT_TOKEN": "MTE4.good.good",
}  # fmt: skip


def key(env: str, word: str = "good") -> Secret:
    return Secret(GOOD.get(env, "key-good-key-good").replace("good", word))


@pytest.fixture(params=["simulated", "sockets"])
def internet(
    request: pytest.FixtureRequest, services: Services, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Http]:
    """The simulated internet, once as the demo has it, once behind a real server on loopback."""
    if request.param == "simulated":
        from claw_tui.demo.transport import SimulatedInternet

        yield Http(SimulatedInternet)
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    bases = {
        name: f"http://127.0.0.1:{server.server_port}/{url.removeprefix('https://')}"
        for name, url in module.BASES.items()
    }
    monkeypatch.setattr(module, "BASES", bases)
    yield Http()
    server.shutdown()
    server.server_close()
    thread.join()


class Handler(BaseHTTPRequestHandler):
    """Answers /HOST/path as the host would."""

    def _answer(self) -> None:
        host, _sep, path = self.path[1:].partition("/")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            found = answer(Asked(self.command, f"https://{host}/{path}", headers, body))
        except Unreachable:
            self.send_error(502)
            return
        self.send_response(found.status)
        content = b"" if self.command == "HEAD" else found.text.encode()
        for name, value in found.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_HEAD = _answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.mark.parametrize("env", QUESTIONS)
async def test_a_good_key_a_bad_one_and_one_without_quota(internet: Http, env: str) -> None:
    checks = LiveKeyChecks(internet)
    assert checks.can_check(env)
    assert "accepted" in (await checks.check(env, key(env))).words
    if env not in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "TELEGRAM_BOT_TOKEN"):
        assert (await checks.check(env, key(env, "limited"))).limited
    with pytest.raises(BadKey) as caught:
        await checks.check(env, key(env, "bad"))
    assert caught.value.hint
    await internet.close()


async def test_billing_registry_and_dns(internet: Http, cloud: Cloud) -> None:
    web = WebApi(internet)
    assert await web.billing_state(TOKEN, "personal") == "CURRENT"
    assert await web.billing_state(TOKEN, "claw-club") == "TRIAL_ACTIVE"
    assert await web.billing_state(TOKEN, "nobody") == ""
    assert await web.billing_state(Secret("fo1_bad"), "personal") == ""
    assert await web.image_exists(IMAGE, "2026.9.1") is True
    assert await web.image_exists(IMAGE, "1999.1.1") is False
    assert await web.newest_versions(IMAGE) == ("2026.10.1", "2026.9.6", "2026.9.3", "2026.9.1", "2026.8.4")
    await internet.close()


async def test_health_of_a_gateway_that_is_not_there(services: Services) -> None:
    answer_ = await services.web.health("https://nobody.fly.dev")
    assert (answer_.reached, answer_.json_ok) == (False, False)
    assert await services.web.name_in_dns("nobody.fly.dev") is False


@pytest.mark.parametrize(
    ("status", "text", "ok"),
    [
        (200, '{"ok":true,"status":"live"}', True),
        (200, "<!doctype html>", False),
        (503, '{"ok":false}', False),
        (200, "[]", False),
    ],
)
def test_only_the_gateways_own_json_counts(status: int, text: str, ok: bool) -> None:
    assert judge_health(status, text).json_ok is ok


async def test_a_network_that_is_down_names_the_host_and_no_secret() -> None:
    http = Http()
    with pytest.raises(NetworkDown, match=r"127\.0\.0\.1") as caught:
        await http.send(
            "GET", "http://127.0.0.1:9", "/bot-secret-token/x", headers={"Authorization": "secret-token"}
        )
    assert "secret-token" not in repr(caught.value)
    assert "secret-token" not in repr(caught.value.__cause__)
    await http.close()


async def test_a_service_that_does_not_answer_has_a_deadline() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        http = Http()
        with pytest.raises(NetworkDown, match="did not answer"):
            await http.send("GET", f"http://127.0.0.1:{silent.getsockname()[1]}", "/", seconds=0.3)
        await http.close()


async def test_odd_answers_are_no_crash() -> None:
    import httpx

    for status, body in ((200, b"<html>"), (500, b""), (200, json.dumps([1]).encode())):
        http = Http(lambda s=status, b=body: httpx.MockTransport(lambda _r: httpx.Response(s, content=b)))  # type: ignore[misc]
        web = WebApi(http)
        if status == 500:
            with pytest.raises(ServiceError):
                await web.billing_state(TOKEN, "x")
        else:
            assert await web.billing_state(TOKEN, "x") == ""
        assert await web.newest_versions(IMAGE) == ()
        with pytest.raises((BadKey, ServiceError)):
            await LiveKeyChecks(http).check("SLACK_BOT_TOKEN", Secret("x")) if status == 500 else _raise()


def _raise() -> None:
    raise ServiceError("fine")

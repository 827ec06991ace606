"""The API as a server on loopback. It keeps every request that came, for a test to look at."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from claw_tui.demo import conditions, world
from claw_tui.demo.cloud import Refusal
from claw_tui.demo.fly_account import LOGIN_URL
from claw_tui.demo.session import NO_TOKEN, UNAUTHENTICATED
from claw_tui.demo.world import LOGIN_CODE
from tests.fly_api import changes, graph, query, rest
from tests.fly_api.rest import Call, Handler

V1, API = "/v1", "/api/v1"
APP, MACHINE = f"{V1}/apps/([^/]+)", f"{V1}/apps/([^/]+)/machines/([^/]+)"
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", f"{V1}/platform/regions", rest.regions),
    ("POST", f"{V1}/apps", rest.create_app),
    ("GET", f"{V1}/apps", rest.list_apps),
    ("GET", APP, rest.show_app),
    ("DELETE", APP, rest.destroy_app),
    ("GET", f"{APP}/volumes", rest.list_volumes),
    ("POST", f"{APP}/volumes", changes.create_volume),
    ("GET", f"{APP}/volumes/([^/]+)", rest.show_volume),
    ("DELETE", f"{APP}/volumes/([^/]+)", rest.destroy_volume),
    ("GET", f"{APP}/volumes/([^/]+)/snapshots", rest.list_snapshots),
    ("POST", f"{APP}/volumes/([^/]+)/snapshots", rest.create_snapshot),
    ("GET", f"{APP}/secrets", rest.list_secrets),
    ("POST", f"{APP}/secrets", rest.change_secrets),
    ("GET", f"{APP}/certificates", rest.list_certificates),
    ("GET", f"{APP}/ip_assignments", rest.list_ips),
    ("POST", f"{APP}/ip_assignments", rest.assign_ip),
    ("GET", f"{APP}/machines", rest.list_machines),
    ("POST", f"{APP}/machines", rest.launch),
    ("GET", MACHINE, rest.show_machine),
    ("POST", MACHINE, rest.change),
    ("DELETE", MACHINE, rest.destroy_machine),
    ("POST", f"{MACHINE}/restart", rest.restart),
    ("POST", f"{MACHINE}/stop", changes.stop),
    ("POST", f"{MACHINE}/cordon", changes.cordon),
    ("POST", f"{MACHINE}/uncordon", changes.uncordon),
    ("PUT", f"{APP}/volumes/([^/]+)/extend", changes.extend_volume),
    ("POST", f"{MACHINE}/start", rest.start),
    ("GET", f"{MACHINE}/wait", rest.wait),
    ("GET", f"{MACHINE}/lease", rest.show_lease),
    ("POST", f"{MACHINE}/lease", rest.take_lease),
    ("DELETE", f"{MACHINE}/lease", rest.drop_lease),
    ("POST", f"{MACHINE}/exec", rest.run_command),
    ("GET", f"{MACHINE}/ps", rest.processes),
    ("GET", f"{MACHINE}/metadata", rest.metadata),
    ("GET", f"{API}/organizations", rest.list_organizations),
    ("GET", f"{API}/organizations/([^/]+)", rest.show_organization),
    ("POST", f"{API}/builds", rest.build),
    ("POST", f"{API}/builds/finish", rest.build),
    ("POST", f"{API}/releases", rest.create_release),
    ("PATCH", f"{API}/releases/([^/]+)", rest.change_release),
    ("GET", f"{API}/apps/([^/]+)/releases/current", rest.current_release),
    ("GET", f"{API}/apps/([^/]+)/releases", rest.list_releases),
    ("GET", f"{API}/apps/([^/]+)/logs", rest.list_logs),
)


@dataclass(frozen=True, slots=True)
class Request:
    """One that came. For GraphQL, ``path`` ends with # and the field that was asked for."""

    method: str
    path: str
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that is killed leaves its connection; anything else is a mistake of ours and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class FlyApi:
    """The server. ``reached`` is set when a request comes that ``hold`` matches; it is answered after ``go``."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.hold = ""
        self.sign: graph.Sign | None = None  # who signs the keys of those who come by SSH
        self.reached, self.go = threading.Event(), threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """For flyctl: everything that it asks goes to this server, or nowhere."""
        return {
            **dict.fromkeys(("FLY_API_BASE_URL", "FLY_FLAPS_BASE_URL", "FLY_UIEX_BASE_URL"), self.url),
            "HTTPS_PROXY": "http://127.0.0.1:9",
        }

    def seen(self) -> list[str]:
        return [f"{request.method} {request.path}" for request in self.requests]

    @contextmanager
    def running(self) -> Iterator[FlyApi]:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield self
        finally:
            self.go.set()
            self._server.shutdown()
            self._server.server_close()

    def answer(self, request: Request, target: str, headers: Any) -> tuple[int, Any]:
        """(status, body). The world is locked while it is asked, as a database would."""
        self.requests.append(request)
        if self.hold and re.search(self.hold, f"{request.method} {request.path}"):
            self.reached.set()
            self.go.wait(30)
        if "/cli_sessions" in request.path:
            return _login(request)
        authorization = headers.get("Authorization", "")
        refused = "expired" in authorization or "bad" in authorization or not authorization
        if refused and "graphql" not in request.path:
            return 401, {"error": NO_TOKEN}
        with world.opened() as now:
            condition = conditions.take(now, request.method, request.path)
            if condition is not None and not condition.get("acts"):
                return _lost(condition)
            if "graphql" in request.path:
                answered = _graph(now, request, self.sign, refused=refused)
            else:
                answered = _rest(now, request, target, headers)
            return answered if condition is None else _lost(condition)


def _lost(condition: dict[str, Any]) -> tuple[int, Any]:
    return condition["status"], condition.get("body", {"error": "upstream error"})


def _rest(now: Any, request: Request, target: str, headers: Any) -> tuple[int, Any]:
    for method, pattern, handler in ROUTES:
        found = re.fullmatch(pattern, request.path)
        if found is None or method != request.method:
            continue
        body = json.loads(request.body) if request.body else {}
        asked: dict[str, str] = {}
        for name, value in parse_qsl(urlsplit(target).query):
            asked[name] = f"{asked[name]},{value}" if name in asked else value
        parts = tuple(map(unquote, found.groups()))
        try:
            return 200, handler(Call(now, parts, asked, body, headers.get("fly-machine-lease-nonce", "")))
        except Refusal as refusal:
            return refusal.status, {
                "error": str(refusal),
                **({"status": refusal.code} if refusal.code else {}),
            }
    return 404, {"error": f"no such request: {request.method} {request.path}"}


def _graph(now: Any, request: Request, sign: graph.Sign | None, *, refused: bool) -> tuple[int, Any]:
    asked = request.json
    if refused:
        code = {"extensions": {"code": "UNAUTHORIZED"}}
        return 200, {"data": None, "errors": [{"message": UNAUTHENTICATED, **code}]}
    try:
        wanted = query.parse(asked["query"], asked.get("variables") or {})
        return 200, {"data": query.project(wanted, graph.root(now, sign))}
    except query.QueryError as error:
        code = {"extensions": {"code": error.code}} if error.code else {}
        return 200, {"data": None, "errors": [{"message": str(error), **code}]}
    except Refusal as refusal:
        return 200, {"data": None, "errors": [{"message": str(refusal)}]}


def _login(request: Request) -> tuple[int, Any]:
    """A session that a browser approves; the code that it shows is exchanged for a token."""
    if request.path.endswith("/cli_sessions"):
        kind = "?signup=true" if request.json.get("signup") else ""
        return 201, {"id": "64656d6f", "auth_url": LOGIN_URL + kind, "pkce": True}
    if request.path.endswith("/redeem"):
        code = request.json["code"]
        if code == "expired":
            return 404, {"error": "not found"}
        if code != LOGIN_CODE:
            return 422, {"error": "invalid code"}
    return 200, {"id": "64656d6f", "auth_url": LOGIN_URL, "access_token": "fo1_from-the-browser"}


def _handler(api: FlyApi) -> type[BaseHTTPRequestHandler]:
    class Handle(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path).path
            if path == "/graphql":
                asked = json.loads(body)
                fields = query.parse(asked["query"], asked.get("variables") or {})
                path += f"#{fields[0].name}"
            status, answer = api.answer(Request(self.command, path, body), self.path, self.headers)
            if status == 0:
                self.close_connection = True
                return
            text = b"" if answer is None else json.dumps(answer).encode()
            with suppress(ConnectionError):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        do_GET = do_POST = do_DELETE = do_PATCH = do_PUT = respond  # noqa: N815  (http.server wants these names)

        def log_message(self, *_arguments: object) -> None:
            """Nothing is said about it."""

    return Handle

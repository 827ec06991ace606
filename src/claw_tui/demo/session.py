"""What every simulated command needs: its arguments, the login, the way to Fly.io, and flyctl's ways of printing."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from claw_tui.demo import cloud, conditions, world
from claw_tui.demo.cloud import Refusal
from claw_tui.demo.cobra import Parsed
from claw_tui.demo.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NOT_LOGGED_IN = "no access token available. Please login with 'flyctl auth login'"
UNAUTHENTICATED = "You must be authenticated to view this."
NO_TOKEN = "authenticate: token validation error"  # noqa: S105  (the Machines API's words)
SUGGESTIONS = {
    "insufficient_capacity": "Try choosing a different region for machine creation",
    "name_taken": "App names are unique across all of Fly.io, not just your organization, so this name may be held by an"
    " app you cannot see. Try a different name.",
}
RETRIES = 3  # flyctl sends any request again after a 502 or 503, also one that changes something
NOWHERE = "127.0.0.1:9"  # an address at which nobody listens


class FlyFailure(Exception):
    """The command fails with this text; ``code`` is flyctl's exit code."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def in_query(message: str, kind: str = "query") -> str:
    """How flyctl reports what GraphQL answered: with the whole query before it."""
    return f"failed to run {kind}($appName: String!) {{ app(name: $appName) {{ id }} }}: {message}"


def failure(refusal: Refusal, doing: str = "") -> FlyFailure:
    """A refusal of the Machines API in flyctl's words."""
    text = f"{doing}: {refusal}" if doing else str(refusal)
    suggestion = SUGGESTIONS.get(refusal.code)
    return FlyFailure(f"{text}\n{suggestion}\n" if suggestion else text)


class Session:
    """One simulated call."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.stdin_text = ""

    def has(self, flag: str) -> bool:
        """Whether a flag is given, and not as ``--flag=false``."""
        return f"--{flag}" in self.parsed.values and self.parsed.on(flag)

    # -- who ------------------------------------------------------------------------------------------------------
    def token(self) -> str:
        """The token that this call uses. A variable that is set and empty counts as set, as in flyctl."""
        for name in ("FLY_ACCESS_TOKEN", "FLY_API_TOKEN"):
            if name in os.environ:
                found = os.environ[name]
                break
        else:
            found = self._stored()
        if not found:
            raise FlyFailure(NOT_LOGGED_IN)
        return found

    def _stored(self) -> str:
        if "FLY_CONFIG_DIR" in os.environ:
            return ""
        with world.opened(change=False) as now:
            return str(now["login"] or "")

    # -- the way to Fly.io ----------------------------------------------------------------------------------------
    def send(
        self,
        request: str,
        act: Callable[[World], Any] = lambda _now: None,
        *,
        doing: str = "",
        graph: bool = True,
        seconds: float = 0.3,
        kind: str = "query",
    ) -> Any:
        """One request, "METHOD /path" or "#field" of GraphQL: it takes its time, is refused with a bad token, and is
        sent again after a 502 or 503. What was carried out and not answered is then carried out twice.
        """
        method, _sep, path = request.partition(" ")
        if not path:
            method, path = "POST", f"/graphql{request}"
        for attempt in range(RETRIES + 1):
            self._reach(method, path, doing, graph=graph, seconds=seconds, kind=kind)
            try:
                with world.opened() as now:
                    condition = conditions.take(now, method, path)
                    answer = act(now) if condition is None or condition.get("acts") else None
            except Refusal as refusal:
                raise failure(refusal, doing) from refusal
            if condition is None:
                return answer
            if condition["status"] not in (502, 503) or attempt == RETRIES:
                break
        raise self._lost(condition or {}, method, path, doing, graph=graph, kind=kind)

    def _reach(self, method: str, path: str, doing: str, *, graph: bool, seconds: float, kind: str) -> None:
        world.wait(seconds)
        token = self.token()
        problem = ""
        address = (
            os.environ.get("FLY_API_BASE_URL") if graph else os.environ.get("FLY_FLAPS_BASE_URL") or None
        )
        verb = method.title()
        if address == "":
            problem = f'{verb} "{path.partition("#")[0]}": unsupported protocol scheme ""'
        elif address is not None and NOWHERE in address:
            problem = (
                f'{verb} "{address}{path.partition("#")[0]}": dial tcp {NOWHERE}: connect: connection refused'
            )
        elif "expired" in token or "bad" in token:
            problem = UNAUTHENTICATED if graph else "401 Unauthorized" if path.endswith("/logs") else NO_TOKEN
        if problem:
            raise self._failed(problem, doing, graph=graph, kind=kind)

    def _lost(
        self, condition: World, method: str, path: str, doing: str, *, graph: bool, kind: str
    ) -> FlyFailure:
        if not condition["status"]:
            address = "https://api.fly.io" if graph else "https://api.machines.dev"
            cut = f'{method.title()} "{address}{path.partition("#")[0]}": EOF'
            return self._failed(cut, doing, graph=graph, kind=kind)
        if graph:
            return self._failed(
                f"server returned a non-200 status code: {condition['status']}", doing, graph=True, kind=kind
            )
        if path.startswith("/api/v1/releases"):  # another API of Fly.io's: flyctl shows all that it said
            return FlyFailure(f"{doing} (status {condition['status']}): {json.dumps(condition['body'])}")
        return self._failed(str(condition["body"]["error"]), doing, graph=False)

    def _failed(self, problem: str, doing: str, *, graph: bool, kind: str = "query") -> FlyFailure:
        text = in_query(problem, kind) if graph else problem
        return FlyFailure(f"{doing}: {text}" if doing else text)

    # -- what -----------------------------------------------------------------------------------------------------
    def app_name(self) -> str:
        """-a, then FLY_APP, then fly.toml."""
        given = self.parsed.text("app") or os.environ.get("FLY_APP", "")
        if given:
            return given
        path = self.parsed.text("config") or "fly.toml"
        if not os.path.exists(path):
            return ""
        import tomllib  # noqa: PLC0415

        with open(path, "rb") as file:
            return str(tomllib.load(file).get("app", ""))

    def look_up_app(self, doing: str = "") -> None:
        """Many commands first ask GraphQL for the app."""
        name = self.app_name()

        def find(now: World) -> None:
            if name not in now["apps"]:
                raise Refusal(404, in_query(f'Could not find App "{name}"'))

        self.send("#app", find, doing=doing)

    @contextmanager
    def app(self, *, graph: bool = True, doing: str = "", path: str = "") -> Iterator[tuple[World, World]]:
        """(world, app); refuses an app that the account does not have, in GraphQL's words or the Machines API's."""
        if graph:
            self.look_up_app(doing)
        else:
            name = self.app_name()
            request = f"GET /v1/apps/{name}{path}"
            self.send(request, lambda now: cloud.app_of(now, name), doing=doing, graph=False)
        with world.opened() as now:
            yield now, cloud.app_of(now, self.app_name())

    def machine(self, app: World, *, missing: str = "machine {id} was not found") -> World:
        if not self.parsed.args:
            raise FlyFailure("a machine ID must be specified when not running interactively")
        wanted = self.parsed.args[0]
        found: World | None = next((m for m in app["machines"] if m["id"] == wanted), None)
        if found is None:
            raise FlyFailure(missing.format(id=wanted, app=app["name"]))
        return found

    # -- how ------------------------------------------------------------------------------------------------------
    def read_stdin(self) -> str:
        self.stdin_text = sys.stdin.read()
        return self.stdin_text

    def print_json(self, value: object) -> None:
        print(json.dumps(value, indent=4))

    def say(self, text: str) -> None:
        print(text, flush=True)

    def mutter(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def noise(self, level: str, text: str) -> None:
        """Flyctl logs to stdout, in colour, whatever NO_COLOR says; only LOG_LEVEL keeps it quiet."""
        shown = {"debug": 0, "info": 1, "warn": 2, "error": 3}
        if shown[level] >= shown.get(os.environ.get("LOG_LEVEL", "info").lower(), 1):
            self.say(f"\x1b[{'33' if level == 'warn' else '34'}m{level.upper()}\x1b[0m {text}")

    def needs_yes(self, warning: str = "") -> None:
        """Off a terminal nothing can be confirmed."""
        if not self.has("yes"):
            if warning:
                self.mutter(warning)
            raise FlyFailure("yes flag must be specified when not running interactively")

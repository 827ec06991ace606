"""What every simulated command needs: its arguments, the login, the world, and flyctl's ways of printing."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from claw_tui.demo import gateway, world
from claw_tui.demo.cobra import Parsed
from claw_tui.demo.world import World

NOT_LOGGED_IN = "no access token available. Please login with 'flyctl auth login'"
MAX_NAME = 63


class FlyFailure(Exception):
    """The command fails with this text; ``code`` is flyctl's exit code."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


class Session:
    """One simulated call."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.stdin_text = ""

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

    def ask_server(self, doing: str, seconds: float = 0.3) -> None:
        """A request: it takes its time and is refused with a bad token."""
        world.wait(seconds)
        token = self.token()
        if "expired" in token or "bad" in token:
            raise FlyFailure(
                f"{doing}: failed to run query {{ viewer {{ email }} }}: You must be authenticated to view this."
            )

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

    @contextmanager
    def app(self, *, change: bool = False, doing: str = "failed to get app") -> Iterator[tuple[World, World]]:
        """(world, app); refuses an app that the account does not have."""
        self.ask_server(doing)
        with world.opened() as now:
            name = self.app_name()
            if name not in now["apps"]:
                raise FlyFailure(f'{doing}: failed to run query {{ app }}: Could not find App "{name}"')
            found = now["apps"][name]
            gateway.refresh(found)
            yield now, found
            if change:
                found["touched"] = world.number(now)

    def machine(self, app: World, position: int = 0) -> World:
        if len(self.parsed.args) <= position:
            raise FlyFailure("a machine ID must be specified when not running interactively")
        wanted = self.parsed.args[position]
        found = next((m for m in app["machines"] if m["id"] == wanted), None)
        if found is None:
            raise FlyFailure(f"machine {wanted} was not found")
        return dict_in_place(found)

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


def dict_in_place(found: World) -> World:
    return found

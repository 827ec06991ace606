"""flyctl as a subprocess: the one place that starts it.

Reading calls run side by side in throwaway folders; changing calls share a folder, one at a time, and tell the
guard before they act. Secrets go in by stdin, the login by the one variable that flyctl has for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from claw_tui.adapters import fly_errors, fly_json, process
from claw_tui.adapters.fly_home import FlyHome, child_environment
from claw_tui.domain import fly_args
from claw_tui.domain.errors import FlyError, FlyPanic, FlyTimeout
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _
from claw_tui.ports import CallGuard, OnLine

READ_SECONDS, CHANGE_SECONDS = 30.0, 180.0  # a look takes 1 to 5 seconds, over a bad line 10
READ_AGAIN = 1  # how often a read that crashed or was too slow is repeated


class FlyCalls:
    """``command`` is a prefix, so that any program can stand in: ("flyctl",), or a Python and a script."""

    def __init__(
        self,
        command: Sequence[str],
        home: FlyHome,
        environ: Mapping[str, str],
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self._command = tuple(command)
        self._home = home
        self._environ = dict(environ)
        self._extra = dict(extra or {})
        self._token: Secret | None = None
        self._guard: CallGuard | None = None
        self._changing = asyncio.Lock()

    @property
    def token(self) -> Secret | None:
        return self._token

    def use_token(self, token: Secret | None) -> None:
        self._token = token

    def use_guard(self, guard: CallGuard | None) -> None:
        self._guard = guard

    def _auth(self) -> dict[str, str]:
        return {"FLY_API_TOKEN": self._token.reveal()} if self._token else {}

    def _env(self, folder: Path | None) -> dict[str, str]:
        env = {**child_environment(self._environ), **self._extra}
        if folder is None:
            return env
        return {**env, **self._auth(), "FLY_CONFIG_DIR": str(folder)}

    async def _json(self, argv: Sequence[str]) -> Any:
        done = await self._capture(argv)
        try:
            return fly_json.find_json(done.stdout)
        except fly_json.NoJson as error:
            if not done.stdout.strip():
                return None  # an empty list prints nothing in some versions
            raise FlyError(
                _("flyctl answered in a form that claw-tui does not know."), detail=done.stdout[:500]
            ) from error

    async def _capture(
        self, argv: Sequence[str], *, folder: Path | None = None, own_folder: bool = False
    ) -> process.Completed:
        """A call that changes nothing; one that crashed or was too slow is tried once more."""
        for attempt in range(READ_AGAIN + 1):
            try:
                if own_folder or folder:
                    return await self._run(argv, self._env(folder), READ_SECONDS)
                with self._home.throwaway() as mine:
                    return await self._run(argv, self._env(mine), READ_SECONDS)
            except (FlyPanic, FlyTimeout):
                if attempt == READ_AGAIN:
                    raise
        raise AssertionError

    async def _change(
        self, argv: Sequence[str], *, stdin: str | None = None, deadline: float = CHANGE_SECONDS, grace: float = 5.0,
        on_line: OnLine | None = None,
    ) -> None:  # fmt: skip
        """A call that changes something: announced to the guard, never repeated by itself."""
        async with self._changing:
            folder = self._home.shared()
            opened = self._guard.open(fly_args.shown(argv)) if self._guard else None
            outcome = "failed"
            try:
                await self._run(
                    argv, self._env(folder), deadline, stdin=stdin, grace=grace, on_line=on_line,
                    fds=opened.fds if opened else (), on_start=opened.started if opened else None,
                )  # fmt: skip
                outcome = "done"
            finally:
                if opened:
                    opened.ended(outcome)

    async def _run(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        deadline: float,
        *,
        stdin: str | None = None,
        **how: Any,
    ) -> process.Completed:
        call = process.Call(
            [*self._command, *argv], env, deadline, stdin=None if stdin is None else stdin.encode(), **how
        )
        try:
            done = await process.run(call)
        except (FileNotFoundError, PermissionError, NotADirectoryError) as missing:
            raise fly_errors.not_installed(self._command[0]) from missing
        except process.TimedOut as late:
            raise fly_errors.too_late(argv, deadline) from late
        except process.TooMuchOutput as flood:
            raise FlyError(
                _("flyctl wrote more than 32 MiB in one call."),
                hint=_("Is it really flyctl? See `fly version`."),
            ) from flood
        if done.code != 0:
            raise fly_errors.explain(argv, done)
        return done

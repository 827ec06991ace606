"""flyctl as a subprocess: the one place that starts it.

Reading calls run side by side in throwaway folders; changing calls share a folder, one at a time, and tell the
guard before they act. Secrets go in by stdin, the login by the one variable that flyctl has for it.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claw_tui.adapters import fly_errors, fly_json, fly_program, process
from claw_tui.adapters.fly_home import (
    FlyHome,
    child_environment,
    docker_environment,
    own_environment,
    own_folder,
)
from claw_tui.domain import fly_args
from claw_tui.domain.errors import (
    Cancelled,
    FlyError,
    FlyFolder,
    FlyNotInstalled,
    FlyPanic,
    FlyTimeout,
    LeaseHeld,
)
from claw_tui.domain.jobs import REFUSED
from claw_tui.domain.secret import Secret
from claw_tui.domain.world import Versions
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.ports import CallGuard, OnLine

READ_SECONDS, CHANGE_SECONDS = 30.0, 180.0  # a look takes 1 to 5 seconds, over a bad line 10
READ_GRACE, CHANGE_GRACE = 2.0, 5.0  # between asking a call to stop and insisting
PROBE_SECONDS = 15.0  # `version` asks nobody; a program that takes longer is not flyctl
READ_AGAIN = 1  # how often a read that crashed or was too slow is repeated


class FlyCalls:
    """``command`` is a prefix, so that any program can stand in: ("flyctl",), or a Python and a script.

    Without one the first program on the PATH that is flyctl and new enough is taken.
    """

    def __init__(
        self,
        command: Sequence[str],
        home: FlyHome,
        environ: Mapping[str, str],
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self._command = tuple(command)
        self._searches = not command
        self._searching = asyncio.Lock()
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
        """For a folder of ours with our login; without one for the person's own folder and login."""
        if folder is None:
            return {**own_environment(self._environ), **self._extra}
        return {**self._env_without_login(folder), **self._auth()}

    def _env_without_login(self, folder: Path) -> dict[str, str]:
        return {**child_environment(self._environ), **self._extra, "FLY_CONFIG_DIR": str(folder)}

    # -- which program --------------------------------------------------------------------------------------------
    async def version(self) -> Versions:
        """Look for flyctl (again). Raises FlyNotInstalled, FlyTooOld, or FlyError when no program is flyctl."""
        if not self._searches:
            return await self._identify(self._command)
        async with self._searching:
            return await self._search()

    async def _program(self) -> tuple[str, ...]:
        if not self._command:
            async with self._searching:
                if not self._command:
                    await self._search()
        return self._command

    async def _search(self) -> Versions:
        unfit: list[FlyError] = []
        for path in fly_program.candidates(self._environ):
            try:
                found = await self._identify((path,))
            except FlyError as error:
                unfit.append(error)
                continue
            self._command = (path,)
            return replace(found, passed_over=tuple(error.message for error in unfit))
        raise fly_program.none_fits(unfit)

    async def _identify(self, command: Sequence[str]) -> Versions:
        """Ask a program what it is. It may be anybody's, so it is not given our login."""
        path = shutil.which(command[0], path=self._environ.get("PATH")) or command[0]
        with self._home.throwaway() as folder:
            env = self._env_without_login(folder)
            try:
                done = await self._run(fly_args.VERSION, env, PROBE_SECONDS, command=command)
            except FlyTimeout as late:
                words = _("{path} did not say its version within {seconds:.0f} seconds.")
                raise FlyTimeout(words.format(path=path, seconds=PROBE_SECONDS)) from late
            except (FlyNotInstalled, FlyFolder, FlyPanic, Cancelled):
                raise
            except FlyError as error:
                raise fly_program.not_flyctl(path, error.detail) from error
        return fly_program.identify(done, path)

    # -- calls ----------------------------------------------------------------------------------------------------
    async def _json(self, argv: Sequence[str]) -> Any:
        done = await self._capture(argv)
        try:
            return fly_json.find_json(done.stdout)
        except fly_json.NoJson as error:
            if not done.stdout.strip():
                return None  # an empty list prints nothing in some versions
            raise FlyError(
                _("flyctl answered in a form that claw-tui does not know."),
                hint=_("Update flyctl with `fly version upgrade`, and claw-tui, then try again."),
                detail=done.stdout[:500],
            ) from error

    async def _capture(
        self, argv: Sequence[str], *, folder: Path | None = None, own_folder: bool = False
    ) -> process.Completed:
        """A call that changes nothing; one that crashed or was too slow is tried once more."""
        for attempt in range(READ_AGAIN + 1):
            try:
                if own_folder or folder:
                    return await self._run(argv, self._env(folder), READ_SECONDS, grace=READ_GRACE)
                with self._home.throwaway() as mine:
                    return await self._run(argv, self._env(mine), READ_SECONDS, grace=READ_GRACE)
            except (FlyPanic, FlyTimeout):
                if attempt == READ_AGAIN:
                    raise
        raise AssertionError

    async def _change(
        self, argv: Sequence[str], *, stdin: str | None = None, deadline: float = 0.0, grace: float = 0.0,
        on_line: OnLine | None = None, docker: bool = False,
    ) -> None:  # fmt: skip
        """A call that changes something: announced to the guard, never repeated by itself."""
        async with self._changing:
            folder = self._home.shared()
            opened = self._guard.open(fly_args.shown(argv)) if self._guard else None
            outcome = "failed"
            env = {**self._env(folder), **(docker_environment(self._environ) if docker else {})}
            try:
                await self._run(
                    argv, env, deadline or CHANGE_SECONDS, stdin=stdin, grace=grace or CHANGE_GRACE, on_line=on_line,
                    fds=opened.fds if opened else (), on_start=opened.started if opened else None,
                )  # fmt: skip
                outcome = "done"
            except LeaseHeld:
                outcome = REFUSED
                raise
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
        command: Sequence[str] = (),
        **how: Any,
    ) -> process.Completed:
        command = command or await self._program()
        data = None if stdin is None else stdin.encode()
        try:
            done = await process.run(process.Call([*command, *argv], env, deadline, stdin=data, **how))
        except OSError as error:
            raise fly_program.not_started(command[0], error, self._environ.get("PATH")) from error
        except process.TimedOut as late:
            raise fly_errors.too_late(argv, deadline) from late
        except process.TooMuchOutput as flood:
            raise FlyError(
                _("flyctl wrote more than 32 MiB in one call and was stopped."),
                hint=_("Is it really flyctl? See `fly version`."),
            ) from flood
        if done.code != 0:
            raise self._explained(argv, env, done)
        return done

    def _explained(self, argv: Sequence[str], env: Mapping[str, str], done: process.Completed) -> FlyError:
        error = fly_errors.explain(argv, done)
        if isinstance(error, FlyFolder):
            folder = env.get("FLY_CONFIG_DIR") or own_folder(self._environ)
            words = _("flyctl can't write in its folder {folder}.").format(folder=folder)
            return FlyFolder(words, detail=error.detail)
        return error

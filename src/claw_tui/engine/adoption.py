"""Going on with a gateway that exists: from the answers that were kept here, from what it has, or from both."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import inf

from claw_tui.domain.delivery import is_old
from claw_tui.domain.errors import ClawError
from claw_tui.domain.gateway_config import FLY_PROXY_RANGE, same_config
from claw_tui.domain.jobs import DOORS, JobState, Task
from claw_tui.domain.openclaw import json5
from claw_tui.domain.openclaw.changes import changes
from claw_tui.domain.openclaw.edited import Edit
from claw_tui.domain.spec import PINNED_VERSION, GatewaySpec, Spec
from claw_tui.domain.versions import version_of
from claw_tui.domain.wanted_config import wanted_config
from claw_tui.domain.world import World
from claw_tui.engine.answers_kept import kept_answers
from claw_tui.engine.config_desk import ConfigDesk, Loaded
from claw_tui.engine.own_config import own_addresses
from claw_tui.engine.session import Session
from claw_tui.i18n import _

_VERSION = re.compile(r"20\d\d\.\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Theirs:
    """The gateway's file, when it is not the one that the answers here would write. ``count`` places differ."""

    loaded: Loaded
    count: int
    adds: bool = False  # it has all that the answers write, and more; nothing in it has to be explained


class Adoption:
    """One gateway's answers, found out."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self.app = session, app
        self._desk = ConfigDesk(session)
        self.known = False  # answers of this gateway were kept here
        self.why_not = ""  # why its file could not be read

    @property
    def _world(self) -> World:
        return self._session.reader.known(self.app)

    async def find_answers(self) -> str:
        """The same, for somebody who may not have read all of it yet: what is not known must not look like "none".

        Raises FlyError, StateError when no answers were kept here, and the gateway can't be read either.
        """
        try:
            await self._session.look(self.app, max_age=inf)
        except ClawError:
            if not self._answered and not self._is_kept():
                raise
        return self.take_answers()

    def _is_kept(self) -> bool:
        found = kept_answers(self._session.services.state, self.app)
        return found is not None and _is_whole(found)

    def take_answers(self) -> str:
        """The answers that made this gateway, or what can be read off it. Returns what is wrong with kept ones."""
        self._follow_update()
        wrong = "" if self._answered else self._session.take_up(self.app)
        self.known = self._answered
        if not self.known:
            self._session.begin(spec_of(self.app, self._world))
        return wrong

    def _follow_update(self) -> None:
        """It got another version or another door in this sitting: the answers at hand are for that from here on."""
        run = self._session.run
        followed = (Task.UPDATE, Task.CHANGE, Task.MIGRATE, *DOORS)
        if run is None or run.job.app != self.app or run.job.task not in followed:
            return
        if run.state() is JobState.DONE and self._session.spec.app == self.app:
            done = run.job.spec
            if run.job.task is Task.MIGRATE:
                self._session.take_up(self.app)
                return
            if run.job.task in DOORS:
                self._session.spec = replace(self._session.spec, private=done.private)
                return
            if run.job.task is Task.CHANGE:
                self._session.spec = replace(
                    self._session.spec, vm_size=done.vm_size, memory_mb=done.memory_mb, region=done.region,
                    volume_gb=done.volume_gb, command=done.command,
                )  # fmt: skip
                return
            self._session.spec = replace(
                self._session.spec, version=done.version, volume_name=done.volume_name
            )

    @property
    def _answered(self) -> bool:
        spec = self._session.spec
        return spec.app == self.app and _is_whole(spec)

    async def look(self) -> Theirs | None:
        """What its file has otherwise than the answers; None when nothing, or when nobody can tell (``why_not``).

        Raises FlyError when it is another one, and its addresses, which are in it, can't be read.
        """
        machine = self._world.machine
        if machine is None:
            return None
        if machine.state != "started":
            self.why_not = _("Its machine is {state}.").format(state=machine.state)
            return None
        try:
            text = await self._session.services.gateway.read_config(self.app, machine.id)
            if text is None:
                return None
            loaded = self._desk.read_older(text)
            found = json5.read(text)
            wanted = wanted_config(self._session.spec, self._addresses(found))
            differing = list(changes(found, wanted))
        except ClawError as error:
            self.why_not = error.message
            return None
        except ValueError as error:  # the base of the answers
            self.why_not = str(error)
            return None
        if not differing:
            return None
        if not self._has_addresses:
            await self._session.look(self.app, ("ips",), max_age=inf)
            return await self.look()
        adds = self.known and same_config(wanted, found) and not loaded.notes and not loaded.secrets
        return Theirs(loaded, len(differing), adds)

    @property
    def _has_addresses(self) -> bool:
        return self._session.reader.age(self.app, ("ips",)) is not None

    def _addresses(self, found: object) -> list[str]:
        """The app's own. As long as nobody has read them, those that its file names."""
        if self._has_addresses:
            return own_addresses(self._world)
        gateway = found.get("gateway") if isinstance(found, dict) else None
        named = gateway.get("trustedProxies") if isinstance(gateway, dict) else None
        rows = named if isinstance(named, list) else []
        return [name for name in rows if isinstance(name, str) and name != FLY_PROXY_RANGE]

    async def adopt(self, theirs: Theirs) -> Edit:
        """Go on from the gateway's file: the answers are read off it. Raises BadInput, StateError."""
        edit = self._desk.read(theirs.loaded.text)
        await self._desk.take(edit, theirs.loaded.secrets)  # what stands in the file counts there
        return edit


def _is_whole(spec: Spec) -> bool:
    return bool(spec.region) and spec.gateway != GatewaySpec()


def spec_of(app: str, world: World) -> Spec:
    """What can be read off an existing gateway: place, disk, machine, version, who can reach it, secret names.

    For an older version the pinned one is planned: today's openclaw.json is nothing that it could read.
    """
    machine, volume = world.machine, world.disk
    found = Spec(app=app, org=world.app.org if world.app else "", private=not world.public_ips)
    if machine is not None:
        tag = version_of(machine.image)
        known = _VERSION.fullmatch(tag) and not is_old(tag)
        found = replace(
            found, region=machine.region, vm_size=machine.vm_size, memory_mb=machine.memory_mb,
            version=tag if known else PINNED_VERSION,
        )  # fmt: skip
    if volume is not None:
        found = replace(found, volume_name=volume.name, volume_gb=volume.size_gb)
    return replace(found, secret_names=tuple(secret.name for secret in world.secrets))

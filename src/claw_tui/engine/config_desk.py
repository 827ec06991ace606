"""openclaw.json beside the form: its text, what is wrong with it, what the gateway has, and a way back from each change."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from claw_tui.domain.errors import BadInput, GatewayError
from claw_tui.domain.gateway_config import config_text, uses_of
from claw_tui.domain.parse import json_of
from claw_tui.domain.spec import GatewaySpec
from claw_tui.domain.wanted_config import wanted_config
from claw_tui.engine.own_config import own_addresses
from claw_tui.engine.session import Session
from claw_tui.i18n import _

if TYPE_CHECKING:  # all of OpenClaw's file takes its time to load; a form that is only looked at does without
    from claw_tui.domain.openclaw.edited import Edit, Finding
    from claw_tui.domain.openclaw.lift import Given
    from claw_tui.domain.openclaw.notes import Migration

KEPT = 200  # changes that can be taken back


@dataclass(frozen=True, slots=True)
class _Point:
    """Answers to go back to; ``given``: the secrets that came with the change from there."""

    gateway: GatewaySpec
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file from elsewhere, as it may be shown; ``secrets`` stood in it."""

    text: str
    notes: tuple[Migration, ...]
    secrets: Given


@dataclass(frozen=True, slots=True)
class Running:
    """What the gateway has now; ``lines`` as ``line_changes`` marks them, from there to what is wanted."""

    text: str = field(repr=False)  # secrets may stand in it
    lines: tuple[str, ...]


class ConfigDesk:
    """The gateway's part of the answers, as a form and as a file; both always say the same."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._earlier: list[_Point] = []
        self._later: list[_Point] = []
        self._app = session.spec.app

    # -- changing -------------------------------------------------------------------------------------------------
    def change(self, **changes: Any) -> None:
        """Other answers. Raises StateError."""
        self._set(replace(self._session.spec.gateway, **changes))

    def _set(self, new: GatewaySpec, given: tuple[str, ...] = ()) -> None:
        old = self._session.spec.gateway
        if new == old and not given:
            return
        self._mine()
        names = self._session.spec.secret_names
        more = tuple(name for name in given if name not in names)
        self._session.update(gateway=new, secret_names=(*names, *more))
        self._earlier = [*self._earlier, _Point(old, more)][-KEPT:]
        self._later = []

    def _mine(self) -> None:
        """Another gateway's answers are nothing to go back to."""
        if self._app != self._session.spec.app:
            self._app, self._earlier, self._later = self._session.spec.app, [], []

    def undo(self) -> bool:
        """False when there is nothing to take back. Secrets that came with a change are not sent then."""
        self._mine()
        if not self._earlier:
            return False
        spec, point = self._session.spec, self._earlier.pop()
        self._later.append(_Point(spec.gateway, point.given))
        names = tuple(name for name in spec.secret_names if name not in point.given)
        self._session.update(gateway=point.gateway, secret_names=names)
        return True

    def redo(self) -> bool:
        self._mine()
        if not self._later:
            return False
        spec, point = self._session.spec, self._later.pop()
        self._earlier.append(_Point(spec.gateway, point.given))
        self._session.update(gateway=point.gateway, secret_names=(*spec.secret_names, *point.given))
        return True

    # -- the file -------------------------------------------------------------------------------------------------
    @property
    def _addresses(self) -> tuple[str, ...]:
        return tuple(own_addresses(self._session.reader.known(self._session.spec.app)))

    def text(self) -> str:
        """What is wanted, as far as it is known here."""
        return config_text(wanted_config(self._session.spec, self._addresses))

    def findings(self, text: str) -> list[Finding]:
        from claw_tui.domain.openclaw.edited import findings  # noqa: PLC0415

        spec = self._session.spec
        return findings(text, spec.version, spec.secret_names)

    def read(self, text: str) -> Edit:
        """What was typed, as answers. Raises BadInput."""
        from claw_tui.domain.openclaw.edited import edit_of  # noqa: PLC0415

        try:
            return edit_of(text, self._session.spec, self._addresses)
        except ValueError as error:
            raise BadInput(_("This is no openclaw.json: {why}").format(why=error)) from error

    def read_older(self, text: str) -> Loaded:
        """A file from elsewhere, in today's shape and without secrets: only so may it be shown. Raises BadInput."""
        from claw_tui.domain.openclaw.migrate import take_over  # noqa: PLC0415

        try:
            taken = take_over(text, self._session.spec.version)
        except ValueError as error:
            words = _("This is no openclaw.json: {why}").format(why=error)
            raise BadInput(words, hint=_("Mend the file, then load it again.")) from error
        return Loaded(config_text(taken.config.write()), taken.notes, taken.secrets)

    def still_used(self, loaded: Loaded | None, edit: Edit) -> Given:
        """Of a file's secrets: those that its text, as it was edited since, names; and variables that it set itself."""
        if loaded is None:
            return ()
        text = edit.gateway.base or config_text(
            wanted_config(replace(self._session.spec, gateway=edit.gateway))
        )
        before, now = json_of(loaded.text), json_of(text)
        return tuple(pair for pair in loaded.secrets if uses_of(now, pair[0]) or not uses_of(before, pair[0]))

    def known_among(self, secrets: Given) -> tuple[str, ...]:
        """The names for which the person gave a value already."""
        return tuple(name for name, _value in secrets if name in self._session.spec.secret_names)

    async def take(self, edit: Edit, secrets: Given = ()) -> None:
        """Make it the answers; ``secrets`` go to their place first. Raises StateError."""
        for name, secret in secrets:
            await self._session.vault.put(self._session.spec.app, name, secret)
            self._session.checked[name] = ""
        self._set(edit.gateway, tuple(name for name, _secret in secrets))

    async def running(self) -> str | None:
        """The gateway's file; None when there is no gateway that could be asked. Raises FlyError, GatewayError."""
        session = self._session
        if not session.spec.app or session.login is None:
            return None
        machine = (await session.look(session.spec.app, ("machines", "ips"))).machine
        if machine is None or machine.state != "started":
            return None
        return await session.services.gateway.read_config(session.spec.app, machine.id)

    async def compare(self) -> Running | None:
        """What would change in the gateway's file. Raises FlyError, GatewayError."""
        from claw_tui.domain.openclaw import json5  # noqa: PLC0415
        from claw_tui.domain.openclaw.changes import line_changes  # noqa: PLC0415
        from claw_tui.domain.openclaw.lift import with_masks  # noqa: PLC0415

        text = await self.running()
        if text is None:
            return None
        try:
            tree = json5.read(text)
        except ValueError as error:
            words = _("The gateway's openclaw.json can't be read: {why}").format(why=error)
            raise GatewayError(words) from error
        theirs = with_masks(tree) if isinstance(tree, dict) else {}
        ours = wanted_config(self._session.spec, self._addresses)
        return Running(text, tuple(line_changes(theirs, ours)))

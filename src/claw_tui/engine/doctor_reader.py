"""Gathering what the doctor judges: everything side by side, each a value or why it could not be asked; never a hang."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from claw_tui.domain.delivery import is_old
from claw_tui.domain.doctor.case import Case
from claw_tui.domain.doctor.facts import Fact, Facts, Unasked, known
from claw_tui.domain.doctor.judge import judge
from claw_tui.domain.doctor.model import Diagnosis
from claw_tui.domain.doctor.thinking import missing_key
from claw_tui.domain.elsewhere import foreign_place, not_looked_after
from claw_tui.domain.errors import ClawError, ConfigRejected, StateError
from claw_tui.domain.gateway_config import written_token
from claw_tui.domain.generations import program_of
from claw_tui.domain.guests import any_in, rules_of
from claw_tui.domain.made import Kind
from claw_tui.domain.openclaw.parts import takes_parts
from claw_tui.domain.rescue import in_rescue
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import Machine
from claw_tui.engine.provenance import known_of
from claw_tui.engine.world import KNOWN, WorldReader
from claw_tui.i18n import _
from claw_tui.ports import Services

T = TypeVar("T")
SECONDS = 60.0  # of one question; flyctl's own deadlines are shorter
SLOW_SECONDS = 200.0  # of a command of OpenClaw's
CHANNELS = ("discord", "telegram", "slack", "whatsapp", "signal")


async def asked(question: Awaitable[T], seconds: float = SECONDS) -> Fact[T]:
    """The answer, or why there is none."""
    try:
        async with asyncio.timeout(seconds):
            return await question
    except TimeoutError:
        return Unasked(
            _("There was no answer within {seconds:.0f} seconds.").format(seconds=seconds), "timeout"
        )
    except ClawError as error:
        words = " ".join(dict.fromkeys([error.message, *error.detail.splitlines()[:1]]))
        return Unasked(words, error.code, error.hint)


class DoctorReader:
    """Asks about one app, whoever set it up. ``facts``: what is known of this computer already."""

    def __init__(self, services: Services, reader: WorldReader, facts: Facts) -> None:
        self._services, self._reader, self._facts, self._app = services, reader, facts, facts.app

    async def read(self) -> Facts:
        """Never raises but for what is a mistake of ours."""
        self._reader.changed(self._app)
        found = replace(self._facts, at=time.time(), **await self._of_fly())
        machine = found.machine
        if machine is not None and machine.state == "started":
            found = replace(found, **await self._of_machine(machine))
            if place := foreign_place(found.world):
                error = not_looked_after(place)
                away = Unasked(error.message, error.code, error.hint)
                found = replace(found, inside=away, config=away, backups=away)
            if takes_parts(found.tree):
                found = replace(found, config=_in_parts())
            if found.answers and not in_rescue(machine):
                found = replace(found, **await self._of_gateway(machine, found))
        elif machine is not None:
            away = Unasked(_("Its machine is {state}.").format(state=machine.state), "machine-stopped")
            found = replace(found, inside=away, config=away, health=away)
        return found

    # -- Fly.io ---------------------------------------------------------------------------------------------------
    async def _of_fly(self) -> dict[str, Any]:
        app, fly = self._app, self._services.fly
        questions: dict[str, Awaitable[Any]] = {
            **{("found" if part == "app" else part): self._part(part) for part in KNOWN},
            "deployed": self._reader.deployed_config(app), "logs": fly.recent_logs(app),
        }  # fmt: skip
        facts = await _all(questions)
        owner = known(facts["found"], None)
        if owner is None or isinstance(facts["found"], Unasked):
            return facts
        token = fly.token
        if token is not None and owner.org:
            facts["billing"] = await asked(self._services.web.billing_state(token, owner.org))
        return facts

    async def _part(self, part: str) -> Any:
        return getattr(await self._reader.read(self._app, (part,)), part)

    # -- the machine ----------------------------------------------------------------------------------------------
    async def _of_machine(self, machine: Machine) -> dict[str, Any]:
        """From outside too: a machine that is stopped would be started by it, and nothing is to be changed here."""
        app, gateway, web = self._app, self._services.gateway, self._services.web
        return await _all({
            "inside": gateway.inside(app, machine.id), "config": gateway.read_config(app, machine.id),
            "backups": gateway.backups(app, machine.id), "health": gateway.health(app, machine.id),
            "outside": web.health(f"https://{app}.fly.dev"), "page": web.page(f"https://{app}.fly.dev"),
        })  # fmt: skip

    async def _of_gateway(self, machine: Machine, facts: Facts) -> dict[str, Any]:
        """One command after another: each takes some 200 MB there."""
        app, gateway = self._app, self._services.gateway
        found: dict[str, Any] = {}
        if token := token_in(facts.tree):
            found["same_token"] = await asked(gateway.has_token(app, machine.id, Secret(token)))
        if not is_old(machine.image) and facts.config is not None:
            found["refused"] = await asked(self._refused(machine), SLOW_SECONDS)
        if missing_key(Case(facts)):
            found["opened"] = await self._opened(machine, facts)
        found["channels"] = await asked(gateway.channels(app, machine.id), SLOW_SECONDS)
        if isinstance(found["channels"], Unasked):
            return found
        on = [
            channel.name for channel in found["channels"] if channel.name in CHANNELS and channel.configured
        ]
        return {**found, **await self._of_guests(machine, facts, on)}

    async def _opened(self, machine: Machine, facts: Facts) -> Fact[frozenset[str]]:
        """Clawdbot's and Moltbot's images have no command of their own."""
        if program_of(facts.world).before_openclaw:
            return Unasked(_("There is no command in its machine that tells it."), "no-command")
        return await asked(self._services.gateway.opened_providers(self._app, machine.id), SLOW_SECONDS)

    async def _of_guests(self, machine: Machine, facts: Facts, on: Sequence[str]) -> dict[str, Any]:
        """Who waits; and if somebody does, whether anybody was ever let in."""
        app, gateway = self._app, self._services.gateway
        listed = await asked(gateway.devices(app, machine.id), SLOW_SECONDS)
        if isinstance(listed, Unasked):
            return {"pairing": listed}
        waiting, devices = listed
        for channel in on:
            some = await asked(gateway.people_waiting(app, machine.id, channel), SLOW_SECONDS)
            if isinstance(some, Unasked):
                return {"pairing": some}
            waiting += some
        rules = rules_of(known(facts.config, None))
        somebody_in: Fact[bool] = any_in(devices, rules)
        if waiting and not somebody_in:
            people = await asked(gateway.people_in(app, machine.id))
            somebody_in = people if isinstance(people, Unasked) else bool(people)
            if somebody_in is False and isinstance(facts.config, Unasked):
                somebody_in = facts.config  # its rules let people in, too
        return {"pairing": waiting, "somebody_in": somebody_in}

    async def _refused(self, machine: Machine) -> tuple[str, ...]:
        try:
            await self._services.gateway.validate(self._app, machine.id)
        except ConfigRejected as error:
            return tuple(error.detail.splitlines()) or (error.message,)
        return ()


def _in_parts() -> Unasked:
    words = _("It takes in parts of other files ($include), which claw-tui does not read.")
    hint = _("`openclaw config get` tells what the gateway makes of them: N on Home runs it.")
    return Unasked(words, "in-parts", hint)


def token_in(tree: Mapping[str, Any] | None) -> str:
    """The gateway's token, where it stands in the file itself."""
    return str(tree["gateway"]["auth"]["token"]) if tree and written_token(dict(tree)) else ""


async def _all(questions: Mapping[str, Awaitable[Any]]) -> dict[str, Any]:
    answers = await asyncio.gather(*(asked(question) for question in questions.values()))
    return dict(zip(questions, answers, strict=True))


def of_this_computer(services: Services, app: str) -> Facts:
    """What was kept here, and whether there is room for more."""
    state = services.state
    try:
        state.set_setting("doctor", time.strftime("%Y-%m-%d", time.gmtime()))
        free: Fact[int] = shutil.disk_usage(state.file(app, "fly.toml").parent).free >> 20
    except (StateError, OSError) as error:
        free = 0 if isinstance(error, StateError) else Unasked(str(error))
    made = {thing.id for thing in known_of(services.journal(app)).made if thing.kind is Kind.MACHINE}
    return Facts(
        app, free_mb=free, spec=_answers(services, app), written=_written(services, app), sent=_sent(services, app),
        made=frozenset(made),
    )  # fmt: skip


def _answers(services: Services, app: str) -> Spec | None:
    try:
        return services.state.load_answers(app)
    except ClawError:  # damaged: what the gateway has counts alone
        return None


def _written(services: Services, app: str) -> str:
    try:
        path = services.state.file(app, "openclaw.json")
        return services.state.read_file(path) if path.exists() else ""
    except ClawError:
        return ""


def _sent(services: Services, app: str) -> dict[str, str]:
    try:
        return {name: digest for name, (_revision, digest) in services.state.sent_digests(app).items()}
    except ClawError:
        return {}


async def look_again(services: Services, reader: WorldReader, app: str) -> Diagnosis:
    """For a run: who started it has looked at this computer already."""
    facts = of_this_computer(services, app)
    return judge(
        await DoctorReader(
            services, reader, replace(facts, store="", flyctl="", login="", own_run=True)
        ).read()
    )

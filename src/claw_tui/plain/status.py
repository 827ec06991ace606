"""`status`: how a gateway is, as Fly.io tells it; without a name the list of them."""

from __future__ import annotations

from collections.abc import Container, Mapping

from claw_tui.domain.errors import ClawError
from claw_tui.domain.generations import program_of, what_it_is
from claw_tui.domain.jobs import JobState
from claw_tui.domain.no_such_app import no_such_app
from claw_tui.domain.power import RESTS
from claw_tui.domain.prices import AS_OF
from claw_tui.domain.rescue import in_rescue, refuses_to_start
from claw_tui.domain.secret_state import STANDING_WORDS, SecretRow, Standing, secret_rows
from claw_tui.domain.untold import untold
from claw_tui.domain.vitals import PART_NAMES, Vitals
from claw_tui.domain.world import Machine, World
from claw_tui.engine.fleet import Fleet
from claw_tui.engine.plan import make_plan, view_of
from claw_tui.engine.run_state import state_of
from claw_tui.engine.session import Session
from claw_tui.engine.vitals import VitalsDesk
from claw_tui.i18n import _
from claw_tui.plain import exits
from claw_tui.plain.desk import refuse_no_name
from claw_tui.plain.door import Door
from claw_tui.plain.out import Out, stamp
from claw_tui.plain.status_figures import figure_fields, figure_lines, look_inside, row_fields

Fields = dict[str, object]
INDISPENSABLE = ("app", "machines")  # nothing can be said without them


class Status:
    """One look."""

    def __init__(self, out: Out, session: Session, door: Door) -> None:
        self._out, self._session, self._door = out, session, door
        self._fields: Fields = {}
        self._lines: list[str] = []

    async def every(self) -> int:
        """The gateways of the account."""
        session = self._session
        await self._log_in()
        fleet = Fleet(session)
        await fleet.find()
        await fleet.look(lambda: None)
        for app, row in zip(fleet.apps, fleet.rows(), strict=True):
            run = self._run(app.name)
            last = _("last run: {state}").format(state=run["state"]) if run else ""
            words = ", ".join(part for part in (app.status, last, row.words) if part)
            program = program_of(session.reader.known(app.name)).generation.value
            fields = {
                "app": app.name,
                "status": app.status,
                "run": run,
                "program": program,
                **row_fields(row),
            }
            self._out.put("gateway", f"{app.name}: {words}", **fields)
        found = fleet.apps
        words = _("claw-tui status APP tells more.") if found else _("There is no gateway in this account.")
        if fleet.problem is not None:  # one of them may be a gateway
            words = f"{self._session.redact(fleet.problem.message)} {fleet.problem.hint}".strip()
        self._out.put("end", words, exit=exits.DONE)
        return exits.DONE

    async def one(self, app: str, *, quick: bool = False) -> int:
        """UNHEALTHY unless a machine runs and its checks pass. ``quick``: only what Fly.io tells."""
        refuse_no_name(app)
        await self._log_in()
        desk = VitalsDesk(self._session, app)
        unread = await desk.look(lambda: None)
        for part in INDISPENSABLE:
            if part in unread:
                raise unread[part]
        world = self._session.reader.known(app)
        if world.app is None:
            raise no_such_app(app)
        self._add("app", _("App: {value}"), world.app.name)
        self._add("org", _("Organization: {value}"), world.app.org)
        self._program(world)
        for machine in world.machines:
            self._machine(app, machine)
        if not world.machines:
            self._lines.append(_("Machine: none"))
        vitals = await look_inside(desk, quick=quick)
        self._lines += figure_lines(vitals, quick=quick)
        self._fields |= figure_fields(vitals)
        self._things(world, unread)
        if "secrets" not in unread:
            self._secrets(app, world)
        self._run_and_answers(app, world, whole=not unread)
        self._price(vitals)
        return self._end(world, unread)

    def _end(self, world: World, unread: Mapping[str, ClawError]) -> int:
        """Of a healthy gateway what could not be read is what it ends with."""
        healthy = _is_healthy(world)
        number = exits.DONE if healthy else exits.UNHEALTHY
        for part, why in unread.items():
            words = _("Not read: {what}. {why}")
            self._lines.append(words.format(what=_(PART_NAMES[part]), why=why.message))
            number = number or exits.exit_of_error(why)
        machines = [_machine_fields(machine) for machine in world.machines]
        self._fields |= {
            "machines": machines, "healthy": healthy, "unread": list(unread), "exit": number,
        }  # fmt: skip
        if not healthy:
            self._lines.append(_("It is not healthy."))
        self._out.put("status", "\n".join(self._lines), **self._fields)
        return number

    async def _log_in(self) -> None:
        await self._door.log_in()
        self._out.hide(self._session.redact)

    def _add(self, key: str, words: str, value: str) -> None:
        self._fields[key] = value
        self._lines.append(words.format(value=value or _("none")))

    def _program(self, world: World) -> None:
        program = program_of(world)
        self._fields["program"] = {
            "generation": program.generation.value, "version": program.version, "old": program.old,
            "evidence": program.evidence,
        }  # fmt: skip
        if program.old:
            words = _("What it is: {what}; claw-tui migrate {app} brings it to OpenClaw")
            self._lines.append(
                words.format(what=what_it_is(program), app=world.app.name if world.app else "")
            )

    def _machine(self, app: str, machine: Machine) -> None:
        checks = ", ".join(check.status for check in machine.checks) or _("no check")
        self._lines += [
            _("Machine: {id}, {state}; health check: {checks}").format(id=machine.id, state=machine.state, checks=checks),
            *_set_up(machine),
        ]  # fmt: skip
        if machine.state in RESTS:
            self._lines.append(_("Nobody gets an answer: `claw-tui start {app}` starts it.").format(app=app))
        if in_rescue(machine):
            self._lines.append(_("Rescue: its machine runs without the gateway; claw-tui, Home, X goes on."))
        elif refuses_to_start(machine):
            self._lines.append(
                _("The gateway refuses to start (exit code 78): claw-tui, Home, X rescues it.")
            )

    def _things(self, world: World, unread: Container[str]) -> None:
        """Version, volumes and page are said by the figures: here they are for scripts. Nothing of what is not known."""
        if "volumes" not in unread:
            self._fields["volumes"] = [
                {"id": v.id, "name": v.name, "size_gb": v.size_gb, "region": v.region} for v in world.volumes
            ]
        if "ips" not in unread:
            self._addresses(world)
        if world.releases and "releases" not in unread:
            newest = world.releases[0]
            words = _("Last deploy: v{version}, {status}, {at}")
            self._lines.append(
                words.format(version=newest.version, status=newest.status, at=newest.created_at)
            )
            self._fields["release"] = {
                "version": newest.version,
                "status": newest.status,
                "at": newest.created_at,
            }

    def _addresses(self, world: World) -> None:
        for ip in world.ips:
            words = _("Address: {address}, public") if ip.public else _("Address: {address}, private")
            self._lines.append(words.format(address=ip.address))
        self._fields["addresses"] = [
            {"address": ip.address, "kind": ip.kind.value, "public": ip.public} for ip in world.ips
        ]
        if world.public_ips:
            self._fields["url"] = f"https://{world.app.name if world.app else ''}.fly.dev"

    def _secrets(self, app: str, world: World) -> None:
        state = self._session.services.state
        try:
            known = (state.revisions(app), state.sent_digests(app), state.removals(app))
        except ClawError as error:
            known = ({}, {}, ())
            self._lines.append(error.message)
        rows = secret_rows(world.secrets, *known, ())
        self._lines += [
            _("Secret: {name}, {words}").format(name=row.name, words=_standing(row)) for row in rows
        ]
        self._fields["secrets"] = [
            {"name": row.name, "standing": row.standing.value, "staged": row.staged, "digest": row.digest}
            for row in rows
        ]

    def _run(self, app: str) -> Fields | None:
        run = self._session.services.runs.latest(app)
        if run is None:
            return None
        job = run.job
        return {
            "id": job.id,
            "task": job.task.value,
            "state": state_of(run).value,
            "started": stamp(job.started),
        }

    def _run_and_answers(self, app: str, world: World, *, whole: bool) -> None:
        """``whole``: all was read that the answers are compared with."""
        run = self._run(app)
        self._fields["run"] = run
        if run is not None:
            self._lines.append(_("Last run: {id}, {state}").format(id=run["id"], state=run["state"]))
            if run["state"] == JobState.GOING_ON.value:
                self._lines.append(_("To watch it: claw-tui watch {app}").format(app=app))
        try:
            spec = self._session.services.state.load_answers(app) if whole else None
            if spec is not None:
                plan = make_plan(view_of(spec, world, self._session.services.state))
                differ = [item.title for item in plan.items if item.changes]
                self._fields["pending"] = differ
                words = _("The answers here: it is as they say.")
                if differ:
                    words = _("The answers here differ: {steps}").format(steps="; ".join(differ))
                self._lines.append(words)
        except (ClawError, ValueError) as error:
            self._lines.append(_("The answers here can't be used: {why}").format(why=error))

    def _price(self, vitals: Vitals) -> None:
        price = vitals.price
        if price is not None:
            words = _("Price: {price}, by Fly.io's prices of {date}")
            self._lines.append(words.format(price=price.short(), date=AS_OF))
            self._fields["price"] = {"total": round(price.total, 2), "exact": price.exact, "as_of": AS_OF}


def _is_healthy(world: World) -> bool:
    machine = world.machine
    return (
        machine is not None
        and machine.state == "started"
        and not in_rescue(machine)
        and all(check.status == "passing" for check in machine.checks)
    )


def _machine_fields(machine: Machine) -> Fields:
    return {
        "id": machine.id, "state": machine.state, "region": machine.region, "size": machine.vm_size,
        "memory_mb": machine.memory_mb, "image": machine.image,
        "checks": [{"name": check.name, "status": check.status} for check in machine.checks],
        "rescue": in_rescue(machine),
    }  # fmt: skip


def _standing(row: SecretRow) -> str:
    words = _(STANDING_WORDS[row.standing])
    return (
        f"{words}, {_('comes in with a restart')}"
        if row.staged and row.standing is not Standing.STAGED
        else words
    )


def _set_up(machine: Machine) -> tuple[str, ...]:
    if not machine.readable:
        return (untold(World(machines=(machine,))),)
    size = _("Size: {size}, {memory} MB, region {region}")
    return (
        size.format(size=machine.vm_size, memory=machine.memory_mb, region=machine.region),
        _("Image: {image}").format(image=machine.image),
    )

"""From the wish and the world to the steps, in their order."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from claw_tui.domain import migration, update
from claw_tui.domain.doctor.choice import read_choice
from claw_tui.domain.jobs import DOORS, Job, StepInfo, Task
from claw_tui.domain.made import Kind
from claw_tui.domain.own_image import is_own
from claw_tui.domain.plan import Action, Plan, PlanItem
from claw_tui.domain.prices import monthly_price
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import IpKind, World
from claw_tui.engine.answering import AwaitAnswer, AwaitGateway
from claw_tui.engine.changing import change_steps
from claw_tui.engine.context import View
from claw_tui.engine.deploying import Deploy, FetchSource, PrepareImage, WriteConfig
from claw_tui.engine.doors_kept import read_kept
from claw_tui.engine.exposing import exposing_steps
from claw_tui.engine.extras import extras, total
from claw_tui.engine.fixing import fixing_steps
from claw_tui.engine.hardening import hardening_steps
from claw_tui.engine.migrating import migrating_steps
from claw_tui.engine.powering import power_steps
from claw_tui.engine.proving import ProveGateway
from claw_tui.engine.proving_private import ProveDeployed
from claw_tui.engine.reloading import AwaitReload, RestoreConfig
from claw_tui.engine.removing import REMOVES, removal_steps
from claw_tui.engine.rescuing import LOOK, EnterRescue, LookInside, MendConfig
from claw_tui.engine.secret_steps import ApplySecrets, FollowToken, StageSecrets
from claw_tui.engine.steps import (
    AllocatePrivateAddress,
    AssurePublicAddresses,
    CreateApp,
    CreateVolume,
    ReleasePublicAddresses,
    Step,
    fitting_volumes,
)
from claw_tui.engine.update_notes import read_record
from claw_tui.engine.updating import exact_image, update_steps
from claw_tui.ports import StateStore

BACK_FILES = {Task.UPDATE: update.FILE, Task.MIGRATE: migration.FILE}  # what ran before is written there


def steps_for(spec: Spec, task: Task = Task.DEPLOY, choice: str = "") -> tuple[Step, ...]:
    """The steps of a whole run."""
    if task in REMOVES:
        return removal_steps(choice)
    return _STEPS.get(task, _deploy_steps)(spec, choice)


def _deploy_steps(spec: Spec, _choice: str) -> tuple[Step, ...]:
    """A private gateway has its private address before it has a machine."""
    before: list[Step] = [CreateApp()]
    if spec.private:
        before.append(AllocatePrivateAddress())
    before += [CreateVolume(), StageSecrets()]
    if spec.source == "git":
        before.append(FetchSource())
    if is_own(spec):
        before.append(PrepareImage())
    addresses: Step = ReleasePublicAddresses() if spec.private else AssurePublicAddresses()
    proofs: tuple[Step, ...] = (ProveGateway(), ProveDeployed()) if spec.private else (ProveGateway(),)
    return (*before, Deploy(), addresses, WriteConfig(), AwaitGateway(), *proofs)


def _config_steps(_spec: Spec, choice: str) -> tuple[Step, ...]:
    other = (RestoreConfig(),) if choice else (StageSecrets(), ApplySecrets(), WriteConfig())
    return (*other, AwaitReload())


def _rescue_steps(_spec: Spec, choice: str) -> tuple[Step, ...]:
    inside: tuple[Step, ...] = (EnterRescue(), LookInside())
    return inside if choice == LOOK else (*inside, MendConfig(), Deploy(), AwaitAnswer())


_STEPS: dict[Task, Callable[[Spec, str], tuple[Step, ...]]] = {
    Task.SECRETS: lambda _spec, _choice: (FollowToken(), StageSecrets(), ApplySecrets(), AwaitAnswer()),
    Task.CONFIG: _config_steps, Task.RESCUE: _rescue_steps, Task.UPDATE: update_steps, Task.MIGRATE: migrating_steps,
    Task.POWER: lambda _spec, choice: power_steps(choice), Task.CHANGE: lambda _spec, choice: change_steps(choice),
    Task.FIX: lambda _spec, choice: fixing_steps(choice),
    Task.HARDEN: lambda _spec, _choice: hardening_steps(), Task.EXPOSE: lambda _spec, _choice: exposing_steps(),
}  # fmt: skip


def unsent_secrets(spec: Spec, world: World, state: StateStore) -> tuple[str, ...]:
    """Names of secrets that Fly does not have, or whose value here is newer than the one that was sent.

    One that was changed elsewhere since is left alone: somebody wanted that.
    """
    revisions, sent = state.revisions(spec.app), state.sent_digests(spec.app)
    found = []
    for name in spec.secret_names:
        revision = revisions.get(name, "")
        if not world.digest_of(name) or (revision and sent.get(name, ("", ""))[0] != revision):
            found.append(name)
    return tuple(found)


def view_of(spec: Spec, world: World, state: StateStore, task: Task = Task.DEPLOY, choice: str = "") -> View:
    base, image = state.read_file(Path(spec.own_fly_toml).expanduser()) if spec.own_fly_toml else "", ""
    if task in DOORS or task is Task.FIX:
        kept = state.file(spec.app, "fly.toml")
        base = base or (state.read_file(kept) if kept.exists() else "")
        image = exact_image(world.machine) if world.machine else ""
    elif task in BACK_FILES and choice:
        image = read_record(state, spec.app, BACK_FILES[task]).image
    written = state.file(spec.app, "openclaw.json")
    removed = tuple(name for name in state.removals(spec.app) if name not in spec.secret_names)
    return View(
        spec,
        world,
        _unsent(spec, world, state, task, choice),
        base,
        state.read_file(written) if written.exists() else "",
        removed,
        task,
        choice,
        image=image,
        lent=task is Task.EXPOSE and read_kept(state, spec.app).lent,
        paid=read_kept(state, spec.app).paid if spec.private and task is Task.DEPLOY else (),
    )


def _unsent(spec: Spec, world: World, state: StateStore, task: Task, choice: str) -> tuple[str, ...]:
    """What changes other things sends no secrets; a mending sends those that it names."""
    if task in (*REMOVES, *DOORS, Task.POWER, Task.CHANGE):
        return ()
    names = read_choice(choice).secrets if task is Task.FIX else spec.secret_names
    return unsent_secrets(replace(spec, secret_names=names), world, state)


def make_plan(view: View) -> Plan:
    """What a run would do now."""
    items = []
    for step in steps_for(view.spec, view.task, view.choice):
        look = step.look(view)
        items.append(PlanItem(step.id, step.title(), look.action, look.detail, look.commands, look.undo))
    dedicated = sum(ip.kind is IpKind.V4 for ip in view.world.ips)
    besides = total(piece for piece in extras(view.world, view.spec) if piece.thing.kind is not Kind.IP)
    price = monthly_price(_with_its_volume(view), dedicated_v4=dedicated, not_needed=besides)
    return Plan(tuple(items), price, view.world.fingerprint())


def _with_its_volume(view: View) -> Spec:
    """A deploy takes the volume that is there, as large as it is."""
    found = next(iter(fitting_volumes(view)), None) if view.task is not Task.CHANGE else None
    return replace(view.spec, volume_gb=found.size_gb) if found is not None else view.spec


def step_infos(spec: Spec, task: Task = Task.DEPLOY, choice: str = "") -> tuple[StepInfo, ...]:
    return tuple(StepInfo(step.id, step.title()) for step in steps_for(spec, task, choice))


def job_for(view: View, plan: Plan, revisions: Mapping[str, str], *, demo: bool) -> Job:
    """A run that carries ``plan`` out, begun now. ``revisions``: of the values that it is given."""
    return Job(
        id=time.strftime("%Y%m%d-%H%M%S-", time.gmtime()) + secrets.token_hex(2), app=view.spec.app, spec=view.spec,
        steps=step_infos(view.spec, view.task, view.choice), fingerprint=plan.fingerprint, started=time.time(), demo=demo,
        task=view.task, sends=dict(revisions), choice=view.choice,
        first=not view.world.machines, changes=tuple(item.id for item in plan.items if item.action is not Action.KEEP),
    )  # fmt: skip

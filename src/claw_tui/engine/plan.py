"""From the wish and the world to the steps, in their order."""

from __future__ import annotations

from pathlib import Path

from claw_tui.domain.jobs import StepInfo
from claw_tui.domain.plan import Plan, PlanItem
from claw_tui.domain.prices import monthly_price
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import IpKind, World
from claw_tui.engine.context import View
from claw_tui.engine.deploying import AwaitGateway, Deploy, FetchSource, WriteConfig
from claw_tui.engine.steps import (
    AllocatePrivateAddress,
    AssurePublicAddresses,
    CreateApp,
    CreateVolume,
    ReleasePublicAddresses,
    StageSecrets,
    Step,
)
from claw_tui.ports import StateStore


def steps_for(spec: Spec) -> tuple[Step, ...]:
    """The steps of a whole run. A private gateway has its private address before it has a machine."""
    before: list[Step] = [CreateApp()]
    if spec.private:
        before.append(AllocatePrivateAddress())
    before += [CreateVolume(), StageSecrets()]
    if spec.source == "git":
        before.append(FetchSource())
    addresses: Step = ReleasePublicAddresses() if spec.private else AssurePublicAddresses()
    return (*before, Deploy(), addresses, WriteConfig(), AwaitGateway())


def unsent_secrets(spec: Spec, world: World, state: StateStore) -> tuple[str, ...]:
    """Names of secrets that Fly does not have in the value that we hold.

    A value cannot be read back. It is the same when the digest is the one that Fly told right after our last
    write, and our own value has not changed since.
    """
    revisions, sent = state.revisions(spec.app), state.sent_digests(spec.app)
    found = []
    for name in spec.secret_names:
        digest = world.digest_of(name)
        if not digest or sent.get(name) != (revisions.get(name, ""), digest):
            found.append(name)
    return tuple(found)


def view_of(spec: Spec, world: World, state: StateStore) -> View:
    base = state.read_file(Path(spec.own_fly_toml).expanduser()) if spec.own_fly_toml else ""
    written = state.file(spec.app, "openclaw.json")
    return View(
        spec,
        world,
        unsent_secrets(spec, world, state),
        base,
        state.read_file(written) if written.exists() else "",
    )


def make_plan(view: View) -> Plan:
    """What a run would do now."""
    items = []
    for step in steps_for(view.spec):
        look = step.look(view)
        items.append(PlanItem(step.id, step.title(), look.action, look.detail, look.commands, look.undo))
    dedicated = sum(ip.kind is IpKind.V4 for ip in view.world.ips)
    return Plan(tuple(items), monthly_price(view.spec, dedicated_v4=dedicated), view.world.fingerprint())


def step_infos(spec: Spec) -> tuple[StepInfo, ...]:
    return tuple(StepInfo(step.id, step.title()) for step in steps_for(spec))

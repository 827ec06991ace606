"""What helps against each kind of trouble. Where an answer is the cause, it is changed here and the run goes on."""

from __future__ import annotations

from collections.abc import Callable

from claw_tui.domain.geo import distance_km
from claw_tui.domain.jobs import DOORS, Task
from claw_tui.domain.own_image import is_own
from claw_tui.domain.prices import REGION_FACTOR
from claw_tui.domain.sizes import SIZES, fitting_memories
from claw_tui.domain.troubles.causes import evidence, kind_of, lease_of
from claw_tui.domain.troubles.model import Choice, Facts, Failure, Fix, FixKind, Probe, Trouble
from claw_tui.domain.troubles.words import STATUS, cause_of, price_of, title_of
from claw_tui.i18n import _, n_

LEASE_SECONDS, TROUBLE_SECONDS, LOCK_SECONDS = 600.0, 60.0, 30.0
PATIENCE_SECONDS = 1800.0  # for a network that comes back, or somebody who fetches their card
NEAREST, NEWEST = 12, 12

# Where the answer is that a trouble is about: the step of the road, and its field there.
PLACES = {
    "name-taken": ("app", "name"), "name-refused": ("app", "name"), "region-unknown": ("app", "region"),
    "no-capacity": ("app", "region"), "image-not-found": ("app", "version"), "newer-state": ("app", "version"),
    "size-refused": ("app", "size"), "out-of-memory": ("app", "memory"), "build-memory": ("app", "source"),
    "build-context": ("app", "source"), "build-failed": ("app", "source"), "source": ("app", "source"),
    "source-unreachable": ("app", "source"), "tag-not-found": ("app", "version"), "org-unknown": ("account", ""),
    "not-logged-in": ("account", ""), "token-rejected": ("account", ""), "push-denied": ("account", ""),
    "config-rejected": ("gateway", ""), "bad-config": ("gateway", ""), "stale-plan": ("review", ""),
    "volume-needed": ("review", ""), "file-refused": ("review", ""), "not-listening": ("review", ""),
    "bad-input": ("secrets", ""), "no-auth": ("secrets", ""), "unresolved-secret": ("secrets", ""),
}  # fmt: skip
ADDRESSES = {"trouble": STATUS, "timeout": STATUS}


def trouble_of(failure: Failure, facts: Facts) -> Trouble:
    """Everything that there is to say and to do about ``failure``."""
    kind = kind_of(failure)
    address = ADDRESSES.get(kind, "")
    if kind == "billing":
        address = f"https://fly.io/dashboard/{facts.spec.org or 'personal'}/billing"
    shown = evidence(kind, failure.lines)
    title = title_of(kind, failure)
    return Trouble(
        kind, title, cause_of(kind, failure, facts), tuple(line for line in shown if line != title),
        tuple(_fixes(kind, failure, facts)), address,
    )  # fmt: skip


def _fixes(kind: str, failure: Failure, facts: Facts) -> list[Fix]:
    found = [fix for fix in _OWN[kind](failure, facts) if _fits(fix, facts)] if kind in _OWN else []
    if not any(fix.key == "r" for fix in found):
        found.append(retry())
    place = place_of(kind, facts.task)
    if place is not None and not any(fix.step == place[0] for fix in found):
        found.append(Fix("answer", "b", _("Back to the answer"), FixKind.GO, step=place[0], field=place[1]))
    return found


def _fits(fix: Fix, facts: Facts) -> bool:
    """Only a run that carries the answers out goes on with other ones."""
    if facts.task in (*DOORS, Task.POWER, Task.CHANGE, Task.MIGRATE) and fix.kind is FixKind.RESCUE:
        return False  # it would go on with the deploy of the answers
    return facts.task is Task.DEPLOY or fix.kind not in (FixKind.CHANGE, FixKind.CHOOSE)


def place_of(kind: str, task: Task) -> tuple[str, str] | None:
    """The answer that it is about; of a run that comes from Home only where Home leads there."""
    place = PLACES.get(kind)
    if task is Task.DEPLOY or place is None or place[0] in ("account", "gateway"):
        return place
    if task is Task.SECRETS and place[0] == "secrets":
        return ("rotation", "")
    of_update = task is Task.UPDATE and place[1] == "version"  # U asks for it there
    return ("home", "") if kind == "stale-plan" or of_update else None


def retry(label: str = "", detail: str = "") -> Fix:
    return Fix("retry", "r", label or _("Try again"), FixKind.RETRY, detail or _("what is done stays done"))


# -- one for each kind ------------------------------------------------------------------------------------------------
def _name(_failure: Failure, facts: Facts) -> list[Fix]:
    choices = tuple(Choice(name, name, f"{name}.fly.dev", (("app", name),)) for name in facts.names)
    return [Fix("name", "n", _("Take another name"), FixKind.CHOOSE, choices=choices)] if choices else []


def _regions(facts: Facts) -> tuple[Choice, ...]:
    """The nearest to the wanted one first, with what they cost more."""
    wanted = next((region for region in facts.regions if region.code == facts.spec.region), None)
    others = [region for region in facts.regions if region.code != facts.spec.region]
    if wanted is not None:
        here = (wanted.latitude, wanted.longitude)
        others.sort(key=lambda region: distance_km(here, (region.latitude, region.longitude)))
    return tuple(
        Choice(region.code, f"{region.code}  {region.name}", _region_price(region.code, facts), (("region", region.code),))
        for region in others[:NEAREST]
    )  # fmt: skip


def _region_price(code: str, facts: Facts) -> str:
    if code not in REGION_FACTOR or facts.spec.region not in REGION_FACTOR:
        return price_of(facts.spec.vm_size, facts.spec.memory_mb, facts, region=code).partition(",")[0]
    return price_of(facts.spec.vm_size, facts.spec.memory_mb, facts, region=code)


def _capacity(_failure: Failure, facts: Facts) -> list[Fix]:
    """A machine that is there stays where its volume is."""
    choices = () if facts.world.machines else _regions(facts)
    place = Fix(
        "region", "p", _("Take another place"), FixKind.CHOOSE, choices=choices, detail=_("the nearest first")
    )
    smaller = tuple(choice for choice in _machines(facts) if choice.id != _size_id(facts))
    size = Fix("size", "m", _("Take another machine"), FixKind.CHOOSE, choices=smaller)
    return [*([place] if choices else []), size]


def _region(_failure: Failure, facts: Facts) -> list[Fix]:
    choices = _regions(facts)
    return [Fix("region", "p", _("Choose a place"), FixKind.CHOOSE, choices=choices)] if choices else []


def _size_id(facts: Facts) -> str:
    return f"{facts.spec.vm_size} {facts.spec.memory_mb // 1024} GB"


def _machines(facts: Facts) -> tuple[Choice, ...]:
    found = []
    for size in SIZES:
        for memory in fitting_memories(size):
            name = f"{size} {memory // 1024} GB"
            changes = (("vm_size", size), ("memory_mb", memory))
            found.append(Choice(name, name, price_of(size, memory, facts), changes))
    return tuple(found)


def _size(_failure: Failure, facts: Facts) -> list[Fix]:
    return [Fix("size", "m", _("Choose a machine that there is"), FixKind.CHOOSE, choices=_machines(facts))]


def _memory(_failure: Failure, facts: Facts) -> list[Fix]:
    """One size up; a machine that can't have more becomes the next one that can."""
    spec = facts.spec
    more = [
        (memory, size)
        for size in SIZES[SIZES.index(spec.vm_size) if spec.vm_size in SIZES else 0 :]
        for memory in fitting_memories(size)
        if memory > spec.memory_mb
    ]
    if not more:
        return []
    memory, size = min(more, key=lambda found: found[0])
    label = _("Give it {memory} GB of memory").format(memory=memory // 1024)
    changes = (("vm_size", size), ("memory_mb", memory))
    return [Fix("memory", "m", label, FixKind.CHANGE, price_of(size, memory, facts), changes)]


BUILDERS = {
    "remote": n_("Fly.io's own builder"), "machine": n_("a builder of your organization"),
    "local": n_("this computer (needs Docker)"),
}  # fmt: skip


def _builder(facts: Facts) -> Fix:
    choices = tuple(
        Choice(name, _(words), "", (("builder", name),))
        for name, words in BUILDERS.items()
        if name != facts.spec.builder
    )
    return Fix("builder", "a", _("Build it on another builder"), FixKind.CHOOSE, choices=choices)


def _build(_failure: Failure, facts: Facts) -> list[Fix]:
    again = retry(_("Build it again"), _("what is done stays done"))
    if is_own(facts.spec):
        return [_builder(facts), again]
    if facts.spec.source == "image":
        return [again]
    return [_ready_image(facts), _builder(facts), again]


def _ready_image(facts: Facts) -> Fix:
    detail = _("the same OpenClaw {version}, without a build").format(version=facts.spec.version)
    return Fix("image", "i", _("Use the ready image"), FixKind.CHANGE, detail, (("source", "image"),))


def _source(_failure: Failure, facts: Facts) -> list[Fix]:
    """The ready image needs neither git nor the repository."""
    return [_ready_image(facts)]


def _unreachable(failure: Failure, facts: Facts) -> list[Fix]:
    return [*_outage(failure, facts), _ready_image(facts)]


def _version(_failure: Failure, facts: Facts) -> list[Fix]:
    versions = [version for version in facts.versions if version != facts.spec.version][:NEWEST]
    choices = tuple(Choice(version, version, "", (("version", version),)) for version in versions)
    label = _("Take a version that there is")
    return [Fix("version", "v", label, FixKind.CHOOSE, choices=choices)] if choices else []


def _newer(failure: Failure, facts: Facts) -> list[Fix]:
    def numbers(version: str) -> list[int]:
        return [int(part) for part in version.split(".") if part.isdigit()]

    own = numbers(facts.spec.version)
    fixes = _version(failure, facts)
    newer = tuple(c for fix in fixes for c in fix.choices if numbers(c.id) > own)
    label = _("Take the newer version")
    return [Fix("version", "v", label, FixKind.CHOOSE, choices=newer)] if newer else []


def _login(_failure: Failure, _facts: Facts) -> list[Fix]:
    return [Fix("login", "l", _("Log in"), FixKind.GO, _("on the Account screen"), step="account")]


def _push(failure: Failure, facts: Facts) -> list[Fix]:
    """The ready image is pushed by nobody."""
    ready = [fix for fix in _build(failure, facts) if fix.id == "image"]
    return [*_login(failure, facts), *ready]


def _wait(label: str, detail: str, seconds: float, probe: Probe = Probe.TIME) -> Fix:
    return Fix("wait", "w", label, FixKind.WAIT, detail, probe=probe, seconds=seconds)


def _lease(failure: Failure, facts: Facts) -> list[Fix]:
    _owner, until = lease_of([failure.message, *failure.lines])
    left = until - facts.now if until > facts.now > 0 else LEASE_SECONDS
    label = _("Wait until it ends, then go on")
    return [_wait(label, "", left), retry(_("Look again now"), _("perhaps it has ended"))]


def _network(_failure: Failure, _facts: Facts) -> list[Fix]:
    return [_wait(_("Go on as soon as Fly.io answers"), "", PATIENCE_SECONDS, Probe.NETWORK)]


def _billing(_failure: Failure, _facts: Facts) -> list[Fix]:
    label = _("Go on as soon as the card is there")
    return [_wait(label, _("Fly.io is asked now and then"), PATIENCE_SECONDS, Probe.BILLING)]


def _outage(_failure: Failure, _facts: Facts) -> list[Fix]:
    return [_wait(_("Wait a minute, then go on"), "", TROUBLE_SECONDS)]


def _lock(_failure: Failure, _facts: Facts) -> list[Fix]:
    return [_wait(_("Wait half a minute, then start it again"), "", LOCK_SECONDS)]


def _rescue(_failure: Failure, facts: Facts) -> list[Fix]:
    """In a machine that does not start the file is reached by the rescue."""
    if not facts.world.machines or not facts.spec.gateway.primary_model:
        return []
    detail = _("from your answers; the old file is kept")
    return [Fix("rescue", "o", _("Write openclaw.json anew"), FixKind.RESCUE, detail)]


def _own_file(_failure: Failure, facts: Facts) -> list[Fix]:
    again = retry(_("Deploy again"), _("with claw-tui's start command"))
    if not facts.spec.own_fly_toml:
        return [again]
    label = _("Use claw-tui's own fly.toml")
    detail = _("instead of {path}").format(path=facts.spec.own_fly_toml)
    return [Fix("own-toml", "u", label, FixKind.CHANGE, detail, (("own_fly_toml", ""),))]


def _longer(_failure: Failure, _facts: Facts) -> list[Fix]:
    return [retry(_("Go on waiting"), _("what is done stays done"))]


_OWN: dict[str, Callable[[Failure, Facts], list[Fix]]] = {
    "name-taken": _name, "name-refused": _name, "no-capacity": _capacity, "region-unknown": _region,
    "size-refused": _size, "out-of-memory": _memory, "build-memory": _build, "build-context": _build,
    "build-failed": _build, "image-not-found": _version, "tag-not-found": _version,
    "source": _source, "source-unreachable": _unreachable, "newer-state": _newer, "push-denied": _push,
    "not-logged-in": _login, "token-rejected": _login, "lease-held": _lease, "network": _network,
    "billing": _billing, "trouble": _outage, "timeout": _outage, "lock-held": _lock, "bad-config": _rescue,
    "no-config": _rescue, "unreadable-config": _rescue, "not-listening": _own_file, "file-refused": _own_file,
    "unhealthy": _longer, "not-private": _outage, "not-proved": _outage,
}  # fmt: skip

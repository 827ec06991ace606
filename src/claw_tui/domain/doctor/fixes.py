"""The fixes by their ids, each with what it does and the commands; the run of Task.FIX reads the same ids.

A run's choice is these ids with blanks between them. What stands behind a colon is what the fix is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from claw_tui.domain import fly_args
from claw_tui.domain.change_args import machine_cordon
from claw_tui.domain.doctor.case import Case
from claw_tui.domain.doctor.facts import Unasked, failed
from claw_tui.domain.doctor.model import Fix
from claw_tui.domain.doctor.ports import kept_port
from claw_tui.domain.elsewhere import not_looked_after
from claw_tui.domain.exec_words import InMachine, in_machine
from claw_tui.domain.fly_toml import heap_mb
from claw_tui.domain.prices import machine_price
from claw_tui.domain.spec import PORT
from claw_tui.domain.world import Machine, typed_name
from claw_tui.i18n import _

DEPLOY, SETTINGS, OWNER, PUT, ANSWERS, FETCH = "deploy:", "settings:", "owner", "put:", "answers", "fetch:"
RESCUE, START, RESTART, APPLY, SEND, TOKEN = (
    "rescue",
    "start",
    "restart",
    "apply-secrets",
    "send-secrets",
    "new-token",
)
LOCKS, ADDRESSES, PRIVATE, REMOVE, MAKE, BASIC, FIND = (
    "drop-locks",
    "addresses",
    "private",
    "remove:",
    "make",
    "basic",
    "find-file",
)


def by_hand(id_: str, words: str, *commands: str) -> Fix:
    """A person has to do it, or to decide."""
    return Fix(id_, words, commands, asks=True)


def look_again(what: str) -> Fix:
    """Something else has to be known before anything is done."""
    return by_hand("look-again", _("Look again once it can be asked: {what}.").format(what=what))


def not_ours(case: Case) -> Fix | None:
    """Of a gateway whose files are where nothing is written to from here."""
    if not case.foreign:
        return None
    error = not_looked_after(case.foreign)
    return by_hand("not-looked-after", f"{error.message} {error.hint}")


def let_in(case: Case, number: str) -> Fix:
    words = _("See whether you know them; then let them in: A on Home, or by this command.")
    return by_hand("let-in", words, f"claw-tui devices {case.app} --approve {number}")


def machine_id(case: Case) -> str:
    return typed_name(case.machine)


def inside(case: Case) -> InMachine:
    return in_machine(case.app, case.world)


def deploys(case: Case, part: str, words: str) -> Fix:
    """A deploy of what runs, with ``part`` of its fly.toml mended. A port that fits together stays; a machine without the volume goes first."""
    from claw_tui.domain.doctor.choice import read_choice  # noqa: PLC0415  (it has this file's ids)
    from claw_tui.domain.doctor.deploy_words import deploy_commands  # noqa: PLC0415

    port = kept_port(case)
    more = f" {DEPLOY}port={port}" if part in ("all", "command", "service", "wanted") and port != PORT else ""
    id_ = f"{DEPLOY}{part}{more}"
    wanted = read_choice(id_)
    return Fix(id_, words, deploy_commands(case.app, case.world, wanted, _deploy(case, wanted.image)))


def _deploy(case: Case, image: str = "") -> str:
    """As it would be typed. Of addresses that could not be asked nothing is said. ``image``: another one than it has."""
    private = not isinstance(case.facts.ips, Unasked) and not case.world.public_ips
    argv = fly_args.deploy(case.app, "fly.toml", ".", private=private, image=image or case.image)
    return fly_args.shown(argv)


def more_memory(case: Case, memory_mb: int) -> Fix:
    machine = case.machine
    assert machine is not None
    price = machine_price(machine.vm_size, memory_mb, machine.region)
    more = price - machine_price(machine.vm_size, machine.memory_mb, machine.region)
    words = _("Give the machine {memory:g} GB: ${price:.2f} a month, ${more:.2f} more than now.").format(
        memory=memory_mb / 1024, price=price, more=more
    )
    return deploys(case, f"memory={memory_mb}", words)


def most_memory(machine: Machine) -> int:
    """In MB; for shared CPUs 2 GB each, for others 8."""
    return machine.cpus * (2048 if machine.cpu_kind == "shared" else 8192)


def heap(case: Case) -> Fix:
    memory = case.machine.memory_mb if case.machine else 2048
    words = _("Let Node use {mb} MB of the machine's memory, and no more.").format(mb=heap_mb(memory))
    return deploys(case, "heap", words)


def writes(case: Case, part: str, words: str) -> Fix:
    """One setting of openclaw.json, all else stays; the old file is kept beside it. A version of old days is left alone."""
    if found := not_ours(case):
        return found
    if case.undated:
        return look_again(_("the gateway, which tells its version"))
    return Fix(f"{SETTINGS}{part}", words, inside(case).moves())


def rescues(case: Case, then: Fix | None = None) -> Fix:
    """Into a machine whose gateway does not start."""
    if found := not_ours(case):
        return found
    enter = fly_args.shown(fly_args.machine_rescue(case.app, machine_id(case)))
    leave = _deploy(case)
    words = _(
        "Start the machine without the gateway, see to openclaw.json's owner and mode, start the gateway again."
    )
    if then is None:
        return Fix(RESCUE, words, (enter, leave))
    return Fix(f"{RESCUE} {then.id}", then.words, (enter, *then.commands, leave))


def reach_in(case: Case, fix: Fix) -> Fix:
    """The same fix, for a gateway that runs or for one that does not start."""
    return fix if case.facts.answers or (case.facts.runs and not case.refuses) else rescues(case, fix)


def owner(case: Case) -> Fix:
    if found := not_ours(case):
        return found
    words = _("Give openclaw.json to the gateway's user, and to nobody else.")
    return Fix(OWNER, words, inside(case).owns())


def put_back(case: Case, name: str) -> Fix:
    words = _("Put {name} back in the place of openclaw.json; what is there now is kept beside it.").format(
        name=name
    )
    return Fix(f"{PUT}{name}", words, inside(case).takes(case.layout.beside(name), check=not case.old))


def answers(case: Case) -> Fix:
    words = _(
        "Write openclaw.json anew from the answers that are kept here; what is there now is kept beside it."
    )
    return Fix(ANSWERS, words, inside(case).moves())


def fetch(case: Case, path: str) -> Fix:
    words = _("Take {path} over as openclaw.json.").format(path=path)
    return Fix(f"{FETCH}{path}", words, inside(case).takes(path, check=not case.old))


def basic(case: Case) -> Fix:
    words = _("Write an openclaw.json that has what every gateway on Fly.io needs, and nothing else.")
    return Fix(BASIC, words, inside(case).moves())


def find(case: Case) -> Fix:
    words = _(
        "Look in the machine for the newest openclaw.json that OpenClaw accepts, and put it in place; else a bare one."
    )
    return Fix(FIND, words, inside(case).moves())


def a_file(case: Case) -> Fix:
    """The best openclaw.json that can be had: the answers', an earlier one, a bare one."""
    if found := not_ours(case):
        return found
    if case.spec is not None and not case.old:
        return answers(case)
    if isinstance(case.facts.backups, Unasked):
        return find(case)
    if (name := case.good_backup) and not case.old:
        return put_back(case, name)
    if case.old:
        return (
            put_back(case, name)
            if name
            else by_hand("write-file", _("Write it anew: E on Home, or by hand over SSH (S)."))
        )
    return basic(case)


def start(case: Case) -> Fix:
    """And have Fly's proxy lead to it again."""
    commands, machine = [], case.machine
    if machine is None or machine.state != "started":
        commands.append(fly_args.machine_start(case.app, machine_id(case)))
    if machine is not None and machine.cordoned:
        commands.append(machine_cordon(case.app, machine_id(case), on=False))
    return Fix(START, _("Start the machine."), tuple(map(fly_args.shown, commands)))


def restart(case: Case, words: str) -> Fix:
    return Fix(RESTART, words, (fly_args.shown(fly_args.machine_restart(case.app, machine_id(case))),))


def apply_secrets(case: Case) -> Fix:
    return Fix(
        APPLY, _("Restart the gateway with them."), (fly_args.shown(fly_args.secrets_deploy(case.app)),)
    )


def _sends(case: Case) -> tuple[str, ...]:
    words = _("(names and values, on standard input)")
    return (
        fly_args.shown(fly_args.secrets_import(case.app), stdin=words), fly_args.shown(fly_args.secrets_deploy(case.app)),
    )  # fmt: skip


def send(case: Case, name: str) -> Fix:
    """A secret whose value is kept here goes up again; else a person has to give it."""
    if name in case.facts.at_hand and not failed(case.facts.secrets):
        return Fix(f"{SEND}:{name}", _("Send {name} again: it is kept here.").format(name=name), _sends(case))
    return by_hand(
        "give-secret",
        _("K on Home gives {name}.").format(name=name),
        fly_args.shown(
            ("secrets", "import", "--app", case.app), stdin=_("({name} and its value)").format(name=name)
        ),
    )


def new_token(case: Case, name: str) -> Fix:
    if failed(case.facts.secrets):  # it may have one already
        return look_again(_("its secrets"))
    words = _(
        "Make a new gateway token, keep it where secrets are kept, and send it. Browsers are let in with it anew."
    )
    return Fix(f"{TOKEN}:{name}", words, _sends(case))


def drop_locks(case: Case, paths: Iterable[str]) -> Fix:
    words = _("Remove the lock that was left, once it is seen again that its owner is gone.")
    return Fix(LOCKS, words, tuple(inside(case).run(f"rm -f {path}") for path in paths))


def remove(case: Case, machines: Sequence[str]) -> Fix:
    words = _(
        "Remove machine {ids}, which is too many. Its volume stays, if it has one, and costs until you remove it."
    )
    commands = tuple(fly_args.shown(fly_args.machine_destroy(case.app, machine)) for machine in machines)
    return Fix(f"{REMOVE}{','.join(machines)}", words.format(ids=", ".join(machines)), commands)


def make(case: Case) -> Fix:
    argv = fly_args.deploy(case.app, "fly.toml", ".", private=bool(case.spec and case.spec.private))
    return Fix(MAKE, _("Deploy it from the answers that are kept here."), (fly_args.shown(argv),))

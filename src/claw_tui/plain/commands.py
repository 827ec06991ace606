"""The commands in plain lines, in one table: name, words, options, and what they do."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property

from claw_tui.engine.session import Session
from claw_tui.i18n import n_
from claw_tui.plain import managing_options, options
from claw_tui.plain.door import Door
from claw_tui.plain.out import Out
from claw_tui.plain.signals import Signals
from claw_tui.ports import Services


class Call:
    """One command that was given, and what it works with."""

    def __init__(self, out: Out, services: Services, signals: Signals, args: argparse.Namespace) -> None:
        self.out, self.services, self.signals, self.args = out, services, signals, args

    @cached_property
    def session(self) -> Session:
        return Session(self.services)

    @cached_property
    def door(self) -> Door:
        asks = not (self.out.as_json or getattr(self.args, "yes", False))
        return Door(self.session, self.signals, getattr(self.args, "passphrase", None), asks=asks)

    async def close(self) -> None:
        if "session" in vars(self):
            await self.session.close()


@dataclass(frozen=True, slots=True)
class Command:
    """``work`` returns what the program ends with (``exits``); it raises ClawError."""

    name: str
    words: str
    options: Callable[[argparse.ArgumentParser], None]
    work: Callable[[Call], Awaitable[int]]


async def _plan(call: Call) -> int:
    from claw_tui.plain.desk import find_wish  # noqa: PLC0415
    from claw_tui.plain.planning import plan  # noqa: PLC0415

    wish = find_wish(call.services.state, call.args.answers, call.args.app)
    return await plan(call.out, call.session, call.door, wish)


async def _apply(call: Call) -> int:
    from claw_tui.plain.applying import Applier  # noqa: PLC0415
    from claw_tui.plain.desk import find_wish  # noqa: PLC0415

    wish = find_wish(call.services.state, call.args.answers, call.args.app)
    return await Applier(call.out, call.session, call.signals, call.door, call.args).apply(wish)


async def _watch(call: Call) -> int:
    from claw_tui.plain.watching import watch  # noqa: PLC0415

    return await watch(call.out, call.services.runs, call.signals, app=call.args.app, log=call.args.log)


async def _status(call: Call) -> int:
    from claw_tui.plain.status import Status  # noqa: PLC0415

    status = Status(call.out, call.session, call.door)
    return await (status.one(call.args.app, quick=call.args.quick) if call.args.app else status.every())


async def _change_door(call: Call) -> int:
    from claw_tui.plain.doors import DoorChanger  # noqa: PLC0415

    return await DoorChanger(call.out, call.session, call.signals, call.door, call.args).change()


async def _doctor(call: Call) -> int:
    from claw_tui.plain.doctor import doctor  # noqa: PLC0415

    return await doctor(call.out, call.session, call.signals, call.door, call.args)


async def _reach(call: Call) -> int:
    from claw_tui.plain.reaching import Reacher  # noqa: PLC0415

    return await Reacher(call.out, call.session, call.door, call.args).reach()


async def _devices(call: Call) -> int:
    from claw_tui.plain.devices import Devices  # noqa: PLC0415

    return await Devices(call.out, call.session, call.door, call.args).run()


async def _run(call: Call) -> int:
    from claw_tui.plain.running import Runner  # noqa: PLC0415

    return await Runner(call.out, call.session, call.signals, call.door, call.args).run()


async def _change(call: Call) -> int:
    from claw_tui.plain.changing import Changer  # noqa: PLC0415

    return await Changer(call.out, call.session, call.signals, call.door, call.args).manage()


async def _power(call: Call) -> int:
    from claw_tui.plain.managing import Manager  # noqa: PLC0415

    return await Manager(call.out, call.session, call.signals, call.door, call.args).manage()


async def _migrate(call: Call) -> int:
    from claw_tui.plain.migrating import Migrator  # noqa: PLC0415

    return await Migrator(call.out, call.session, call.signals, call.door, call.args).migrate()


async def _remove(call: Call) -> int:
    from claw_tui.plain.removing import Remover  # noqa: PLC0415

    return await Remover(call.out, call.session, call.signals, call.door, call.args).remove()


async def _get(call: Call) -> int:
    from claw_tui.plain.copying import Copier  # noqa: PLC0415

    return await Copier(call.out, call.session, call.door, call.args).get()


async def _put(call: Call) -> int:
    from claw_tui.plain.copying import Copier  # noqa: PLC0415

    return await Copier(call.out, call.session, call.door, call.args).put()


async def _topics(call: Call) -> int:
    from claw_tui.plain.topics import show_topics  # noqa: PLC0415

    return show_topics(call.out, call.args.topic)


COMMANDS = (
    Command("plan", n_("Show what would be done, and what it costs. Nothing is changed."), options.answers, _plan),
    Command("apply", n_("Do what the plan says, and follow it to its end."), options.applying, _apply),
    Command("watch", n_("Follow a run that was started here, from its beginning. Ctrl-C only ends the watching."), options.watching, _watch),
    Command("status", n_("How a gateway is, and how its last run ended. Ends with 8 when it is not healthy."), options.status, _status),
    Command("harden", n_("Make a gateway private. Without --yes or --json the wizard opens at it."), options.hardening, _change_door),
    Command("expose", n_("Make a private gateway public. Without --yes or --json the wizard opens at it."), options.running, _change_door),
    Command("doctor", n_("What is wrong with a gateway, why, and what helps; whoever set it up."), options.doctor, _doctor),
    Command("reach", n_("How a gateway is reached; and a tunnel to a private one, until Ctrl-C."), options.reaching, _reach),
    Command("devices", n_("Who waits to be let in to a gateway, and who is in; let in, turn away, take out."), options.devices, _devices),
    Command("run", n_("Run one command of OpenClaw in the machine. Ends with what it ends with."), options.run, _run),
    Command("get", n_("Fetch a file of the machine."), options.get, _get),
    Command("put", n_("Put a file into the machine."), options.put, _put),
    Command("change", n_("Another size, memory, volume, region or start command, with its price."), managing_options.changing, _change),
    Command("stop", n_("Stop a gateway: it costs nearly nothing then, and nothing is lost."), managing_options.stopping, _power),
    Command("start", n_("Start a gateway that is stopped."), managing_options.managing, _power),
    Command("restart", n_("Start a gateway anew; it is away for about half a minute."), managing_options.managing, _power),
    Command("migrate", n_("Bring a gateway of Clawdbot, Moltbot or January 2026 to OpenClaw; and back."), managing_options.migrating, _migrate),
    Command("remove", n_("Take a whole app away for good, after all that is lost was said."), managing_options.removing, _remove),
    Command("topics", n_("What there is to know: settings and why, costs, privacy, data, notes."), options.topics, _topics),
)  # fmt: skip
BY_NAME = {command.name: command for command in COMMANDS}

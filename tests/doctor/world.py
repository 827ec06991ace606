"""What a broken world is: how it is made, its cause, what can be seen of it, and what its mending must come to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from claw_tui.domain.spec import Spec
from tests.doctor.making import APP, AS_NODE, CONFIG, World, log, look, ssh, visit
from tests.doctor.ways import Way
from tests.engine.rig import WISH, spec_with


class Mend(Enum):
    """What the doctor's fix must make of it, with nobody to answer."""

    HEALTHY = "healthy"
    NEEDS_YOU = "needs you"  # a person has to decide or to give something
    EITHER = "either"  # it depends on what this computer has


@dataclass(frozen=True, slots=True)
class Broken:
    """``first``: the cause that must be named first, or one of them. ``shows``: what can be seen of it in the world."""

    name: str
    first: str
    break_it: Way
    shows: Callable[[], object]
    mend: Mend = Mend.HEALTHY
    spec: Spec = WISH
    token: str = ""  # of whoever asks, in place of the good one
    app: str = APP  # which one the doctor is asked about


def state(wanted: str) -> Callable[[], bool]:
    return lambda: bool(look(lambda _app, machine: machine["state"] == wanted))


def says(pattern: str, app: str = APP) -> Callable[[], object]:
    """A line of the log."""
    return lambda: re.search(pattern, log(app))


def ended_with(code: int, oom: bool = False, restarts: int = 10) -> Callable[[], object]:
    """The last event is an end with this code, and Fly has given up."""

    def shown() -> bool:
        event = look(lambda _app, machine: machine["events"][0])["request"]
        about = event["exit_event"]
        return (about.get("exit_code"), about.get("oom_killed", False), event.get("restart_count")) == (code, oom, restarts)  # fmt: skip

    return shown


def both(*shows: Callable[[], object]) -> Callable[[], object]:
    return lambda: all(shown() for shown in shows)


def answers(status: int, path: str = "/") -> Callable[[], bool]:
    """What a visitor gets."""

    def shown() -> bool:
        found = visit(path)
        return found is not None and found.status == status

    return shown


def file_is(pattern: str, path: str = CONFIG) -> Callable[[], object]:
    return lambda: re.search(pattern, ssh(f"cat {path}"))


def owned(about: str, path: str = CONFIG) -> Callable[[], bool]:
    return lambda: ssh(f"stat -c '%u:%g %a' {path}").strip() == about


def of(path: str, value: object) -> Callable[[], bool]:
    """A fact of the machine, by its place."""

    def shown() -> bool:
        found = look(lambda _app, machine: machine)
        for key in path.split("."):
            found = found[int(key)] if key.isdigit() else found.get(key)
        return bool(found == value)

    return shown


def app_has(seek: Callable[[World], object]) -> Callable[[], object]:
    return lambda: look(lambda app, _machine: seek(app))


PRIVATE = spec_with(private=True)
HEALTHY, YOU, EITHER = Mend.HEALTHY, Mend.NEEDS_YOU, Mend.EITHER
BAD_BOT = "MTE4MDAwMDAwMDAwMDAwMDAw.bad000.CANARYdiscordCANARYdiscord1"
NO_INTENT = "MTE4MDAwMDAwMDAwMDAwMDAw.noint0.nointentCANARYdiscordCANARY"
BAD_KEY = "sk-ant-api03-bad-CANARYanthropicCANARYanthropic"
TOKEN = "OPENCLAW_GATEWAY_TOKEN"


def channels_say(pattern: str) -> Callable[[], object]:
    return lambda: re.search(
        pattern, ssh(f"{AS_NODE} {TOKEN}=sim-{_digest()} openclaw channels status --probe --json")
    )


def command_says(words: str, pattern: str) -> Callable[[], object]:
    return lambda: re.search(pattern, ssh(f"{AS_NODE} {TOKEN}=sim-{_digest()} openclaw {words}"))


def _digest() -> str:
    return str(look(lambda app, _machine: app["secrets"].get(TOKEN, {}).get("digest", "")))

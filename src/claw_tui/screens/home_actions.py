"""What can be done about a gateway, in one table: Home's keys, its menu and the command palette come from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claw_tui.domain.jobs import Task
from claw_tui.domain.migration import old_command_words, old_page_words
from claw_tui.domain.rescue import may_be_rescued
from claw_tui.engine.migration_desk import migration_offered
from claw_tui.engine.world import PARTS
from claw_tui.i18n import n_
from claw_tui.screens.adopt import tell_there
from claw_tui.screens.harden import offers
from claw_tui.screens.power import offers as power_offers

if TYPE_CHECKING:
    from claw_tui.screens.home import HomeScreen

GROUPS = {
    "look": n_("Look"),
    "reach": n_("Use it"),
    "change": n_("Change"),
    "repair": n_("Repair"),
    "end": n_("End"),
}


def _always(_page: HomeScreen) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class HomeAction:
    """``words``: what it does, for the menu. ``offered``: whether it makes sense now. ``in_bar``: its key is shown.

    ``by``: the parts of the app that ``offered`` goes by: nothing is offered because of what nobody has read yet.
    ``first``: the parts that are read before it is done, if they were not yet; ``besides``: those too, but it does without.
    Two rows may have one key, when they are never offered at once.
    """

    id: str
    key: str
    title: str
    group: str
    words: str
    do: Callable[[HomeScreen], Awaitable[None]]
    offered: Callable[[HomeScreen], bool] = _always
    in_bar: bool = False
    by: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()

    def is_offered(self, page: HomeScreen) -> bool:
        return page.has_read(self.by) and self.offered(page)


def _turn_to(step: str) -> Callable[[HomeScreen], Awaitable[None]]:
    async def do(page: HomeScreen) -> None:
        page.turn_to(step)

    return do


async def _look(page: HomeScreen) -> None:
    page.action_look()


async def _open(page: HomeScreen) -> None:
    if old_page_words(page.world):
        if await page.read_first(("ips",)):
            page.tell(old_page_words(page.world))
        return
    wrong = await page.take_answers()
    if wrong is None:
        return
    page.claw.go("finish")
    tell_there(page, wrong)


async def _reach(page: HomeScreen) -> None:
    from claw_tui.screens.reach import ReachDialog  # noqa: PLC0415

    page.app.push_screen(ReachDialog(page.app_name))


async def _console(page: HomeScreen) -> None:
    from claw_tui.screens.console import hand_over_terminal  # noqa: PLC0415

    hand_over_terminal(page.claw, page.session.services.fly.console(page.app_name))
    page.look()


async def _link(page: HomeScreen) -> None:
    from claw_tui.screens.linking import link_signal  # noqa: PLC0415

    if await link_signal(page, page.spec):
        page.look()


def _may_link(page: HomeScreen) -> bool:
    from claw_tui.screens.linking import may_link  # noqa: PLC0415

    return may_link(page.spec)


async def _let_in(page: HomeScreen) -> None:
    from claw_tui.screens.letting_in import LettingInScreen  # noqa: PLC0415

    if words := old_command_words(page.world):
        page.tell(words)
        return
    page.app.push_screen(LettingInScreen(page.app_name))


async def _run_command(page: HomeScreen) -> None:
    from claw_tui.screens.running import RunningScreen  # noqa: PLC0415

    if words := old_command_words(page.world):
        page.tell(words)
        return
    page.app.push_screen(RunningScreen(page.app_name))


async def _files(page: HomeScreen) -> None:
    from claw_tui.screens.files import FilesScreen  # noqa: PLC0415

    page.app.push_screen(FilesScreen(page.app_name))


async def _restart(page: HomeScreen) -> None:
    from claw_tui.screens.restart import restart  # noqa: PLC0415

    await restart(page)


async def _rescue(page: HomeScreen) -> None:
    from claw_tui.screens.migrate import refused  # noqa: PLC0415
    from claw_tui.screens.rescue import rescue  # noqa: PLC0415

    if refused(page, Task.RESCUE):
        return
    if await page.take_answers() is not None:
        await rescue(page, page.app_name, page.world)


async def _keys(page: HomeScreen) -> None:
    from claw_tui.screens.home_keys import check_keys  # noqa: PLC0415

    await check_keys(page)


async def _tidy(page: HomeScreen) -> None:
    from claw_tui.screens.tidying import tidy  # noqa: PLC0415

    await tidy(page, page.spec)


async def _undo(page: HomeScreen) -> None:
    from claw_tui.screens.cancelling import undo  # noqa: PLC0415

    await undo(page, page.spec, settled=True)


async def _update(page: HomeScreen) -> None:
    from claw_tui.screens.migrate import refused  # noqa: PLC0415
    from claw_tui.screens.update import update  # noqa: PLC0415

    if not refused(page, Task.UPDATE):
        await update(page, page.app_name)


async def _drift(page: HomeScreen) -> None:
    from claw_tui.screens.drift import show_drift  # noqa: PLC0415

    await show_drift(page, page.app_name)


async def _machine(page: HomeScreen) -> None:
    from claw_tui.screens.machine import change_machine  # noqa: PLC0415

    await change_machine(page)


async def _power(page: HomeScreen) -> None:
    from claw_tui.screens.power import power  # noqa: PLC0415

    await power(page)


async def _migrate(page: HomeScreen) -> None:
    from claw_tui.screens.migrate import migrate  # noqa: PLC0415

    await migrate(page, page.app_name)


async def _backups(page: HomeScreen) -> None:
    from claw_tui.screens.migrate import refused  # noqa: PLC0415

    if not refused(page, Task.CONFIG, "openclaw.json"):
        page.turn_to("backups")


async def _remove(page: HomeScreen) -> None:
    from claw_tui.screens.remove import remove  # noqa: PLC0415

    await remove(page)


def _door(task: Task) -> Callable[[HomeScreen], Awaitable[None]]:
    async def do(page: HomeScreen) -> None:
        from claw_tui.screens.harden import change_door  # noqa: PLC0415

        await change_door(page, page.app_name, task)

    return do


def _take_over_and_go(step: str) -> Callable[[HomeScreen], Awaitable[None]]:
    async def do(page: HomeScreen) -> None:
        from claw_tui.screens.adopt import take_over  # noqa: PLC0415
        from claw_tui.screens.migrate import refused  # noqa: PLC0415

        gone = not await page.read_first((), PARTS)  # answers that are kept here do without
        if not gone and not refused(page, Task.DEPLOY):
            await take_over(page, page.app_name, step)

    return do


def _has_machine(page: HomeScreen) -> bool:
    return page.world.machine is not None


def _half_made(page: HomeScreen) -> bool:
    return page.world.app is not None and page.world.machine is None


def _exists(page: HomeScreen) -> bool:
    return page.world.app is not None


_MACHINES, _DOOR = ("machines",), ("machines", "ips")
_PROGRAM, _LEFT = ("app", "machines"), ("secrets", "volumes")  # by which it is seen which program it runs
ACTIONS: tuple[HomeAction, ...] = (
    HomeAction("logs", "l", n_("Logs"), "look", n_("live: filter it, search it, save it"), _turn_to("logs"), in_bar=True),
    HomeAction("gateways", "0", n_("All gateways"), "look", n_("every gateway of the account in a list"), _turn_to("gateways")),
    HomeAction("look", "r", n_("Look again"), "look", n_("ask Fly.io and the gateway anew"), _look, in_bar=True),
    HomeAction("open", "o", n_("Open, pair"), "reach", n_("its web page, and a link that logs you in"), _open, in_bar=True, first=_PROGRAM, besides=_LEFT),
    HomeAction("let_in", "a", n_("Let in"), "reach", n_("who waits, who is in: people and browsers"), _let_in, _has_machine, by=_MACHINES, first=_PROGRAM, besides=_LEFT),
    HomeAction("reach", "w", n_("Way in"), "reach", n_("a tunnel to a private gateway, WireGuard"), _reach, in_bar=True),
    HomeAction("console", "s", n_("SSH console"), "reach", n_("a shell in the machine; `exit` comes back"), _console),
    HomeAction("run", "n", n_("Run a command"), "reach", n_("one of OpenClaw's; WhatsApp, Telegram"), _run_command, _has_machine, by=_MACHINES, first=_PROGRAM, besides=_LEFT),
    HomeAction("link", "q", n_("Link Signal"), "reach", n_("your phone scans a QR code"), _link, _may_link),
    HomeAction("files", "i", n_("Files"), "reach", n_("what is on the volume: fetch, put"), _files, _has_machine, by=_MACHINES),
    HomeAction("edit", "e", n_("Edit"), "change", n_("its answers: models, channels, agents, size"), _take_over_and_go("app"), in_bar=True),
    HomeAction("again", "d", n_("Deploy again"), "change", n_("bring everything in line with the answers"), _take_over_and_go("review")),
    HomeAction("update", "u", n_("Update"), "change", n_("another version, after a snapshot; and back"), _update, in_bar=True, first=(*_PROGRAM, "volumes"), besides=_LEFT),
    HomeAction("secrets", "k", n_("Secrets"), "change", n_("give, replace and take away keys"), _turn_to("rotation"), in_bar=True),
    HomeAction("keys", "j", n_("Check keys"), "look", n_("ask the providers whether they still work"), _keys,
               lambda page: bool(page.world.secrets), by=("secrets",)),
    HomeAction("backups", "b", n_("Backups"), "change", n_("earlier openclaw.json: compare, put back"), _backups, first=_PROGRAM, besides=_LEFT),
    HomeAction("machine", "v", n_("Machine, volume"), "change", n_("size, memory, disk, region; with prices"), _machine,
               lambda page: bool(page.world.machines), by=_MACHINES),
    HomeAction("restart", "t", n_("Restart"), "change", n_("the machine is away for half a minute"), _restart, first=_MACHINES),
    HomeAction("migrate", "y", n_("Migrate"), "change", n_("to today's OpenClaw, and back"), _migrate,
               lambda page: migration_offered(page.session, page.world), in_bar=True, by=(*_PROGRAM, *_LEFT)),
    HomeAction("harden", "h", n_("Harden"), "change", n_("make it private, and prove it"), _door(Task.HARDEN),
               lambda page: offers("harden", page.world), in_bar=True, by=_DOOR),
    HomeAction("expose", "h", n_("Make public"), "change", n_("give it an address on the internet"), _door(Task.EXPOSE),
               lambda page: offers("expose", page.world), in_bar=True, by=_DOOR),
    HomeAction("doctor", "g", n_("Doctor"), "repair", n_("what is wrong, why, and what helps"), _turn_to("doctor"),
               lambda page: page.world.app is not None, in_bar=True, by=("app",)),
    HomeAction("rescue", "x", n_("Rescue"), "repair", n_("reach into a gateway that does not start"), _rescue,
               lambda page: may_be_rescued(page.world.machine), in_bar=True, by=_MACHINES, first=_PROGRAM, besides=_LEFT),
    HomeAction("drift", "f", n_("Changed"), "repair", n_("what is not as fly.toml says"), _drift, lambda page: bool(page.drift), in_bar=True),
    HomeAction("tidy", "c", n_("Clean up"), "repair", n_("take away what is there twice and costs twice"), _tidy,
               lambda page: bool(page.extras), in_bar=True),
    HomeAction("undo", "z", n_("Undo"), "repair", n_("take away a half-made app"), _undo, _half_made, in_bar=True, by=_PROGRAM, besides=("ips", "volumes")),
    HomeAction("stop", "p", n_("Stop"), "end", n_("nothing is lost, and it costs nearly nothing"), _power,
               lambda page: power_offers("stop", page.world), by=_MACHINES),
    HomeAction("start", "p", n_("Start"), "end", n_("the machine that is stopped runs again"), _power,
               lambda page: power_offers("start", page.world), in_bar=True, by=_MACHINES),
    HomeAction("remove", "delete", n_("Remove"), "end", n_("take the app away; first all that is lost"), _remove, _exists, by=("app",)),
)  # fmt: skip
BY_ID = {action.id: action for action in ACTIONS}

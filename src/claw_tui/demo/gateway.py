"""The simulated OpenClaw Gateway: it starts, logs, refuses, loads its config, and is asked over HTTP.

Nothing runs here: at a start the whole course is written down with its times, and whoever looks computes from
the clock what is true now. Times and lines are those of the real ones on two CPUs: see tests/recordings.
"""

from __future__ import annotations

import json
import time

from claw_tui.demo import gateway_state, machine_log
from claw_tui.demo import gateway_words as words
from claw_tui.demo.gateway_channels import PLUGIN_CHANNELS, PLUGIN_FILE, TOKENS, start_channels, wants
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.machine_log import init, note_event, say
from claw_tui.demo.openclaw_config import lost, read_config
from claw_tui.demo.world import World, lasts

stamp = machine_log.stamp  # what fly shows of a gateway has this form too
CONFIG = "/data/openclaw.json"
TOKEN = "OPENCLAW_GATEWAY_TOKEN"  # noqa: S105
# Seconds in life: until node says its first word, from there until it listens, and until it is ready; one plugin; …
NODE, BOOT, SIDECARS, PLUGIN, RELOAD, RESTART, REFUSES = 4.0, 7.0, 1.5, 30.0, 0.8, 6.0, 6.0
AWAY = 2.0  # until Fly starts again what has ended
GIVE_UP, MOST = 25.0, 10  # seconds until Fly has restarted a refusing gateway ten times


def asleep() -> World:
    """A gateway that has not begun."""
    return {
        "listening": 0.0, "ready": 0.0, "stops": 0.0, "away": None, "loaded": None, "seen": None, "channels": {},
    }  # fmt: skip


def start(world: World, app: World, machine: World) -> None:
    """A boot of the machine."""
    now = time.time()
    for volume in app["volumes"]:
        if volume["id"] in [mount["volume"] for mount in machine["mounts"]]:
            volume["grown_gb"] = volume["size_gb"]  # its file system is as large as it can be
    if machine.get("gateway") and listening(machine):
        stop(machine)
    machine["state"] = "started"
    machine["log"] = [line for line in machine["log"] if line["at"] <= now][-400:]
    note_event(machine, "start", now)
    machine["gateway"] = asleep()
    if machine.get("entrypoint"):  # another program runs in its place
        init(machine, now)
        return None
    files = SimulatedFiles(app, machine)
    begins = _install(app, machine, files, now)
    refusal = gateway_state.refusal(machine, files) or _refusal(app, machine, files)
    if refusal:
        return _refuse(machine, refusal, begins)
    _restore(machine, files, begins)
    _promote(machine, files)
    gateway_state.migrate(machine, files)
    return _course(world, app, machine, begins)


def _install(app: World, machine: World, files: SimulatedFiles, now: float) -> float:
    """Install the plugins that are missing on the volume; return when the start itself begins.

    A token in the environment is enough to have its channel's plugin installed. 2026.9.1 ends with 1 when it has
    installed something, and Fly starts it again.
    """
    init(machine, now)
    config, _issues = read_config(files.read(CONFIG) or "{}")
    missing = [
        name for name in PLUGIN_CHANNELS
        if (wants(config, name) or any(env in app["secrets"] for env in TOKENS.get(name, ())))
        and files.read(PLUGIN_FILE.format(name)) is None
    ]  # fmt: skip
    if not missing or words.january(machine) or not files.readable_by_node(CONFIG, missing_is_fine=True):
        return now
    done = now + lasts(NODE + PLUGIN * len(missing))
    for name in missing:
        files.put(PLUGIN_FILE.format(name), "{}")
    ending = words.installed(machine)
    if not ending:
        return done
    back = done + lasts(AWAY)
    for line in ending:
        say(machine, line, done, level="error")
    say(machine, " INFO Main child exited normally with code: 1", done)
    machine["gateway"]["away"] = [done, back]
    init(machine, back)
    return back


def _course(world: World, app: World, machine: World, begins: float) -> None:
    """What a start that is not refused will say and do, and when."""
    gateway = machine["gateway"]
    for line in words.PREPARING if not words.january(machine) else ():
        say(machine, line, begins + lasts(NODE))
    at = begins + lasts(NODE + BOOT)
    if "unhealthy" in machine["app"]:
        return  # it hangs, without a word
    _listen(machine, at, BOOT)
    start_channels(world, app, machine, gateway["ready"])


def _listen(machine: World, at: float, took: float) -> None:
    gateway = machine["gateway"]
    if not words.january(machine):
        say(machine, "[gateway] starting HTTP server...", at - lasts(took / 2))
    for line in words.listens(machine, gateway["loaded"], took):
        say(machine, line.format(day=time.strftime("%Y-%m-%d", time.gmtime(at))), at)
    gateway["listening"], gateway["ready"] = at, at + lasts(SIDECARS)
    if not words.january(machine):
        say(machine, "[gateway] ready", gateway["ready"])


def stop(machine: World) -> None:
    """SIGTERM, which a running gateway answers with a clean end."""
    now = time.time()
    for line in words.stopping(machine):
        say(machine, line, now)
    machine["gateway"]["listening"] = 0.0
    note_event(machine, "exit", now, code=0)


def _refusal(app: World, machine: World, files: SimulatedFiles) -> tuple[str, ...]:
    """The lines of a gateway that does not start; or nothing, and the config is loaded."""
    if words.starves(machine):
        return words.STARVED
    text = files.read(CONFIG)
    if text is not None and not files.readable_by_node(CONFIG):
        return words.unreadable(machine, CONFIG)
    if text is not None:
        config, issues = read_config(text, old=words.january(machine))
        if issues:
            return words.invalid(machine, CONFIG, text, issues)
        if not words.january(machine) and words.token_name(config) not in app["secrets"]:
            return words.UNRESOLVED
        machine["gateway"]["loaded"], machine["gateway"]["seen"] = config, text
    elif "--allow-unconfigured" not in machine["cmd"]:
        return words.no_config(machine)
    token = app["secrets"].get(TOKEN)
    if token is None or token["status"] != "Deployed" or "blank" in token["traits"]:
        return words.no_token(machine)
    return ()


def _refuse(machine: World, lines: tuple[str, ...], begins: float) -> None:
    code, ended = words.refusal_code(machine), begins + lasts(REFUSES)
    for line in lines:
        say(machine, line, ended, level="error")
    say(machine, words.ended(code), ended)
    machine["gateway"]["stops"] = begins + lasts(GIVE_UP)
    machine["gateway"]["crashes"] = [
        ended + lasts((GIVE_UP - REFUSES) / MOST * count) for count in range(MOST)
    ]
    say(
        machine, "machine has reached its max restart count of 10", begins + lasts(GIVE_UP), provider="runner"
    )


def _restore(machine: World, files: SimulatedFiles, at: float) -> None:
    """A file that lost much, or its ``meta``, since the last good one is replaced by OpenClaw's own ``.bak`` at a start."""
    gateway, backup = machine["gateway"], files.read(CONFIG + ".bak")
    if not backup or gateway["loaded"] is None or words.january(machine):
        return
    why = lost(files.read(CONFIG + ".last-good") or backup, gateway["seen"])
    if why:
        files.put(
            f"{CONFIG}.clobbered.{time.strftime('%Y-%m-%dT%H-%M-%S', time.gmtime(at))}", gateway["seen"]
        )
        files.put(CONFIG, backup)
        gateway["loaded"], gateway["seen"] = json.loads(backup), backup
        say(machine, f"Config auto-restored from backup: {CONFIG} ({why})", at)


def _promote(machine: World, files: SimulatedFiles) -> None:
    """What it runs with is its last good file."""
    if not words.january(machine) and machine["gateway"]["seen"]:
        files.put(CONFIG + ".last-good", machine["gateway"]["seen"])


def refresh(app: World) -> None:
    """What time has brought: a gateway that ended once is started again, a refusing one's machine stops."""
    now = time.time()
    for machine in app["machines"]:
        gateway = machine["gateway"]
        away = gateway.get("away")  # the world may be an earlier version's
        if away and machine["state"] == "started" and away[0] <= now:
            machine["state"] = "stopped"
            note_event(machine, "exit", away[0], code=1)
        if away and away[1] <= now:
            machine["state"] = "started"
            note_event(machine, "start", away[1])
            gateway["away"] = None
        _crash(machine, now)


def _crash(machine: World, now: float) -> None:
    """Each end of a refusing gateway is an event; after the last one the machine stays stopped."""
    gateway = machine["gateway"]
    code = words.refusal_code(machine)
    while gateway.get("crashes") and gateway["crashes"][0] <= now:
        count = MOST - len(gateway["crashes"])
        note_event(machine, "exit", gateway["crashes"].pop(0), code=code, restarts=count, restarting=True)
    stops = gateway["stops"]
    if machine["state"] == "started" and stops and stops <= now:
        machine["state"] = "stopped"
        note_event(machine, "exit", stops, code=code, restarts=MOST)


def is_crashing(machine: World) -> bool:
    """What flyctl's smoke check looks for: the last end was not the first, and it is started again."""
    last: World = next((event["request"] for event in machine["events"] if event["type"] == "exit"), {})
    return bool(last.get("restart_count", 0) > 1 and last["exit_event"].get("restarting"))


def comes_back(machine: World) -> bool:
    """Has it ended only to be started again?"""
    return machine["gateway"].get("away") is not None


def notice_config(world: World, app: World, machine: World) -> None:
    """The gateway watches its file: a good one is loaded while it runs, a bad one is left alone, with a line."""
    gateway, now = machine["gateway"], time.time()
    files = SimulatedFiles(app, machine)
    text = files.read(CONFIG)
    touched = files.changed_at(CONFIG)
    if (
        text is None
        or not listening(machine)
        or (text, touched) == (gateway["seen"], gateway.get("looked", touched))
    ):
        return
    if gateway.get("misses", 0) > 0:  # one that was written right after its start
        gateway["misses"] -= 1
        gateway["seen"], gateway["looked"] = text, touched
        return
    gateway["seen"], gateway["looked"] = text, touched
    config, issues = read_config(text, old=words.january(machine))
    if config is None or issues or not files.readable_by_node(CONFIG):
        for line in words.skipped(issues):
            say(machine, line, now, level="warn")
        return
    _promote(machine, files)
    _take_over(world, app, machine, config)


def _take_over(world: World, app: World, machine: World, config: World) -> None:
    gateway, now = machine["gateway"], time.time()
    old = gateway["loaded"]
    paths = [path for path in words.changed_paths(old, config) if not path.startswith("meta")]
    if not paths:
        say(machine, words.SUPERSEDED, now)
        return
    missing = words.token_name(config)
    if not words.january(machine) and missing not in app["secrets"]:
        for line in words.unresolved(paths, missing):
            say(machine, line, now, level="error")
        return
    gateway["loaded"] = config
    restart = any(words.needs_restart(machine, path) for path in paths)
    for line in words.reloading(machine, paths, restart=restart):
        say(machine, line, now)
    if restart:
        _listen(machine, now + lasts(RESTART), RESTART)
    else:
        say(machine, words.reloaded(paths), now + lasts(RELOAD))
    start_channels(world, app, machine, gateway["ready"] if restart else now + lasts(RELOAD))


def listening(machine: World) -> bool:
    gateway = machine["gateway"]
    return bool(machine["state"] == "started" and 0 < gateway["listening"] <= time.time())


HEALTH = '{"ok":true,"status":"live"}'
PAGE = "<!doctype html><title>OpenClaw Control</title>"


def page(machine: World, path: str) -> tuple[str, str]:
    """What is at a path of its web server: (type, text). January's has its page everywhere, also as its health."""
    if path in ("/health", "/healthz") and not words.january(machine):
        return "application/json", HEALTH
    return "text/html", PAGE


def check(machine: World) -> dict[str, str]:
    """The machine's health check as Fly's proxy sees it."""
    passing = listening(machine)
    output = "200 OK Output: " + page(machine, "/healthz")[1] if passing else "connect: connection refused"
    return {
        "name": "servicecheck-00-http-3000",
        "status": "passing" if passing else "critical",
        "output": output,
    }

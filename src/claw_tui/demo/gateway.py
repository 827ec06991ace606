"""The simulated OpenClaw Gateway: it starts, logs, refuses, loads its config, and is asked over HTTP.

Nothing runs here: at a start the whole course is written down with its times, and whoever looks computes from
the clock what is true now. Times and lines are those of the real ones on two CPUs: see tests/recordings.
"""

from __future__ import annotations

import time

from claw_tui.demo import gateway_ends, gateway_net, gateway_place, gateway_state, json5, machine_log
from claw_tui.demo import gateway_words as words
from claw_tui.demo.gateway_auth import way_in
from claw_tui.demo.gateway_channels import PLUGIN_CHANNELS, PLUGIN_FILE, TOKENS, start_channels, wants
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.machine_log import init, note_event, say
from claw_tui.demo.openclaw_config import Issue, lost, read_config
from claw_tui.demo.programs import OPENCLAW, config_path, in_state
from claw_tui.demo.world import World, lasts

# What others ask of a gateway is here, wherever it is written down.
stamp = machine_log.stamp  # what fly shows of a gateway has this form too
refresh, is_crashing, comes_back = gateway_ends.refresh, gateway_ends.is_crashing, gateway_ends.comes_back
listening, page, check, checks = (
    gateway_net.listening,
    gateway_net.page,
    gateway_net.check,
    gateway_net.checks,
)
TOKEN = OPENCLAW.token
# Seconds in life: until node says its first word, from there until it listens, and until it is ready; one plugin; …
NODE, BOOT, SIDECARS, PLUGIN, RELOAD, RESTART = 4.0, 7.0, 1.5, 30.0, 0.8, 6.0
AWAY = 2.0  # until Fly starts again what has ended
GIVE_UP = gateway_ends.GIVE_UP


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
    machine["files"] = {}  # its own disk is the image's again; the volume stays
    files = SimulatedFiles(app, machine)
    begins = _install(app, machine, files, now)
    refusal = (
        gateway_place.held(machine, files)
        or gateway_place.not_its_own(machine, files)
        or gateway_state.refusal(machine, files)
        or gateway_place.full(machine, files)
        or _refusal(app, machine, files)
    )
    if refusal:
        ends = refusal in (words.BOTH_MODES, words.UNRESOLVED) or gateway_place.by_lock(refusal)
        code = 1 if ends else words.refusal_code(machine)
        return gateway_ends.refuse(machine, refusal, begins, code)
    _restore(machine, files, begins)
    starved, code = gateway_ends.too_little(machine)
    if starved:
        if gateway_ends.listens_first(machine):
            _listen(machine, begins + lasts(NODE), BOOT)
        return gateway_ends.refuse(machine, starved, begins, code)
    _promote(machine, files)
    gateway_state.migrate(machine, files)
    gateway_place.take(machine, files)
    return _course(world, app, machine, begins)


def _install(app: World, machine: World, files: SimulatedFiles, now: float) -> float:
    """Install the plugins that are missing on the volume; return when the start itself begins.

    A token in the environment is enough to have its channel's plugin installed. 2026.9.1 ends with 1 when it has
    installed something, and Fly starts it again.
    """
    init(machine, now)
    path = config_path(machine, files)
    config, _issues = read_config(files.read(path) or "{}")
    missing = [
        name for name in PLUGIN_CHANNELS
        if (wants(config, name) or any(env in app["secrets"] for env in TOKENS.get(name, ())))
        and files.read(in_state(machine, PLUGIN_FILE.format(name))) is None
    ]  # fmt: skip
    if not missing or words.january(machine) or not files.readable_by_node(path, missing_is_fine=True):
        return now
    if app.get("npm") == "unreachable":
        for name in missing:
            say(machine, words.NOT_INSTALLED.format(name=name), now + lasts(NODE), level="warn")
        return now
    done = now + lasts(NODE + PLUGIN * len(missing))
    for name in missing:
        files.put(in_state(machine, PLUGIN_FILE.format(name)), "{}")
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
    if "unhealthy" in machine["app"] or machine.get("hangs"):
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
    note_event(machine, "exit", now, code=0, asked=True)


def _read(machine: World, files: SimulatedFiles, text: str) -> tuple[World | None, list[Issue]]:
    folder = config_path(machine, files).rpartition("/")[0]
    return read_config(
        text, old=words.january(machine), part=lambda name: files.read(f"{folder}/{name.removeprefix('./')}")
    )


def _refusal(app: World, machine: World, files: SimulatedFiles) -> tuple[str, ...]:
    """The lines of a gateway that does not start; or nothing, and the config is loaded."""
    path = config_path(machine, files)
    text = files.read(path)
    if text is not None and not files.readable_by_node(path):
        return words.unreadable(machine, path)
    if text is not None:
        config, issues = _read(machine, files, text)
        if issues:
            return words.invalid(machine, path, text, issues)
        machine["gateway"]["loaded"], machine["gateway"]["seen"] = config, text
    elif "--allow-unconfigured" not in machine["cmd"]:
        return words.no_config(machine)
    return _without_token(app, machine)


def _without_token(app: World, machine: World) -> tuple[str, ...]:
    """One that has no token refuses; it may be in the file itself, or a secret that the file names."""
    auth = ((machine["gateway"]["loaded"] or {}).get("gateway") or {}).get("auth") or {}
    name = words.token_name(machine, machine["gateway"]["loaded"])
    if not words.january(machine) and isinstance(auth.get("token"), dict) and name not in app["secrets"]:
        return words.UNRESOLVED
    if auth.get("mode") == "trusted-proxy" and isinstance(auth.get("token"), str):
        return words.BOTH_MODES  # a secret that the file names, or that is only set, does no harm
    variable, _value = way_in(app, machine, machine["gateway"]["loaded"])
    return () if variable else words.no_token(machine)


def _restore(machine: World, files: SimulatedFiles, at: float) -> None:
    """A file that lost much, or its ``meta``, since the last good one is replaced by OpenClaw's own ``.bak`` at a start."""
    path = config_path(machine, files)
    gateway, backup = machine["gateway"], files.read(path + ".bak")
    if not backup or gateway["loaded"] is None or words.january(machine):
        return
    why = lost(files.read(path + ".last-good") or backup, gateway["seen"])
    if why:
        files.put(f"{path}.clobbered.{time.strftime('%Y-%m-%dT%H-%M-%S', time.gmtime(at))}", gateway["seen"])
        files.put(path, backup)
        gateway["loaded"], gateway["seen"] = json5.read(backup), backup
        say(machine, f"Config auto-restored from backup: {path} ({why})", at)


def _promote(machine: World, files: SimulatedFiles) -> None:
    """What it runs with is its last good file."""
    if not words.january(machine) and machine["gateway"]["seen"]:
        files.put(config_path(machine, files) + ".last-good", machine["gateway"]["seen"])


def notice_config(world: World, app: World, machine: World) -> None:
    """The gateway watches its file: a good one is loaded while it runs, a bad one is left alone, with a line."""
    gateway, now = machine["gateway"], time.time()
    files = SimulatedFiles(app, machine)
    path = config_path(machine, files)
    text = files.read(path)
    touched = files.changed_at(path)
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
    config, issues = _read(machine, files, text)
    if config is None or issues or not files.readable_by_node(path):
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
    missing = words.token_name(machine, config)
    if not words.january(machine) and not way_in(app, machine, config)[0]:
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

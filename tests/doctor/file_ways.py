"""What people do to openclaw.json, and what comes of it."""

from __future__ import annotations

import json

from claw_tui.demo.machine_files import SimulatedFiles
from tests.doctor.making import AS_NODE, CONFIG, World, change, config, deploy, edit, look, restart, ssh, tee
from tests.doctor.ways import GATEWAY, Way, env, refresh, rescued

STRAY = "/root/.openclaw/openclaw.json"


def then_restart(way: Way) -> Way:
    def both() -> None:
        way()
        restart()
        refresh()

    return both


def written(text: str) -> Way:
    return lambda: tee(text)


def edited(**changes: object) -> Way:
    """A value of the file, named by its path with two underscores between; None takes it out."""

    def act(found: World) -> None:
        for name, value in changes.items():
            *way, last = name.split("__")
            node = found
            for key in way:
                node = node.setdefault(key, {})
            node.pop(last, None)
            if value is not None:
                node[last] = value

    return lambda: edit(act)


def misspelt() -> None:
    """A key that OpenClaw does not know."""
    tee(json.dumps(config(), indent=2).replace('"bind"', '"bindd"') + "\n")


def cut_off() -> None:
    """The line broke while it was copied."""
    text = json.dumps(config(), indent=2)
    tee(text[: len(text) // 2])


def set_as_root() -> None:
    """`fly ssh console`, then `openclaw config set …`: root writes it anew, for root alone."""
    ssh("env OPENCLAW_STATE_DIR=/data openclaw config set agents.defaults.maxConcurrent 6")
    change(lambda _now, app, machine: SimulatedFiles(app, machine).set_owner(CONFIG, "0:0"))


def copied_by_root() -> None:
    """`cp` from a file of root's: it is root's, and everybody may read it."""
    text = json.dumps(config(), indent=2)
    ssh(f"rm {CONFIG}")
    tee(text)


def readable_for_all() -> None:
    ssh(f"chmod 644 {CONFIG}")


def removed() -> None:
    ssh(f"rm -f {CONFIG}")


def in_roots_home() -> None:
    """A person set it up over SSH without OPENCLAW_STATE_DIR: it is root's, in root's home."""
    text = json.dumps(config(), indent=2)
    removed()
    restart()
    ssh("mkdir -p /root/.openclaw")
    tee(text, STRAY)


def beside_the_state() -> None:
    """In a folder of the volume where the gateway does not look."""
    text = json.dumps(config(), indent=2)
    ssh("mkdir -p /data/.openclaw")
    tee(text, "/data/.openclaw/openclaw.json")
    removed()
    restart()


def reverted() -> None:
    """OpenClaw wrote the file once, so it has a backup; then, in rescue, a person put one there without its mark."""
    for number in (6, 7):
        ssh(f"{AS_NODE} openclaw config set agents.defaults.maxConcurrent {number}")
    rescued()
    edited(meta=None, agents__defaults__maxConcurrent=9)()
    deploy(lambda _toml: None)
    refresh()


def with_the_commands_words() -> None:
    """The guide's block was pasted into `fly ssh console -C "tee …"`, with its first line and its last."""
    tee(f"cat > {CONFIG} << 'EOF'\n{json.dumps(config(), indent=2)}\nEOF\n")


def plugin_gone() -> None:
    """npm could not be reached when the gateway wanted to install it."""

    def act(_now: World, app: World, _machine: World) -> None:
        app["npm"] = "unreachable"
        for volume in app["volumes"]:
            volume["files"].pop("/data/npm/projects/openclaw-discord.json", None)

    change(act)
    restart()
    refresh()


def discord_taken_out() -> None:
    def act(found: World) -> None:
        for key in ("channels", "bindings", "plugins"):
            found.pop(key, None)

    edit(act)
    restart()
    refresh()


def literal_token() -> None:
    """A token that somebody typed into the file, as old guides have it."""
    edited(gateway__auth={"mode": "token", "token": "typed-into-the-file-typed-into-the-file"})()
    look(lambda _app, _machine: None)


def at_port(port: int, line: str = GATEWAY, *, said: str = "command") -> Way:
    """``internal_port`` is that of the gateway, as the guides want it: by its command, its environment or its file alone."""

    def act(toml: World) -> None:
        here = line.replace("3000", str(port))
        toml["processes"]["app"] = here if said == "command" else here.replace(f" --port {port}", "")
        if said == "environment":
            toml["env"]["OPENCLAW_GATEWAY_PORT"] = str(port)
        for service in (toml.get("http_service"), *toml.get("services", ())):
            if service:
                service["internal_port"] = port

    def made() -> None:
        edited(gateway__port=None if said == "environment" else port)()
        deploy(act)
        refresh()

    return made


def placed(path: str, **variables: str) -> Way:
    """Its openclaw.json is elsewhere on the volume, and the variables say so."""

    def made() -> None:
        text = json.dumps(config(), indent=2)
        folder = path.rpartition("/")[0]
        ssh(f"mkdir -p {folder}")
        ssh(f"chown 1000:1000 {folder}")
        tee(text, path)
        ssh(f"chown 1000:1000 {path}")
        ssh(f"chmod 600 {path}")
        removed()
        env(**variables)()
        refresh()

    return made


in_a_folder = placed("/data/.openclaw/openclaw.json", OPENCLAW_STATE_DIR="/data/.openclaw")
by_its_path = placed("/data/my.json", OPENCLAW_CONFIG_PATH="/data/my.json")

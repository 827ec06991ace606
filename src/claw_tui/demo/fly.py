"""The simulated ``fly``: flyctl 0.4.87's commands, texts, streams and exit codes over a world file.

Run as ``python -m claw_tui.demo.fly ARGUMENTS`` with CLAW_DEMO_WORLD naming the file. What a name or value says
decides what goes wrong: see the table in the README.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from contextlib import suppress

from claw_tui.demo import faults, world
from claw_tui.demo.cobra import Parsed, Refused, parse
from claw_tui.demo.session import FlyFailure, Session

FAMILIES = {
    "version": "fly_account", "auth": "fly_account", "orgs": "fly_account", "platform": "fly_account",
    "apps": "fly_account", "agent": "fly_account", "certs": "fly_org",
    "volumes": "fly_app", "secrets": "fly_secrets", "ips": "fly_app", "status": "fly_app", "releases": "fly_app",
    "image": "fly_app", "checks": "fly_app", "config": "fly_app",
    "machine": "fly_machine", "logs": "fly_logs", "ssh": "fly_ssh", "sftp": "fly_sftp",
    "deploy": "fly_deploy", "proxy": "fly_reach", "wireguard": "fly_reach",
}  # fmt: skip
ELSEWHERE = {
    "orgs show": "fly_org",
    "machine stop": "fly_changing",
    "machine wait": "fly_changing",
    "machine cordon": "fly_changing",
    "machine uncordon": "fly_changing",
    "machine clone": "fly_changing",
    "volumes extend": "fly_changing",
    "volumes fork": "fly_changing",
}  # not where the others of its family are


def _config_folder() -> str:
    """Flyctl makes sure at every start that it may write there."""
    folder = os.environ.get("FLY_CONFIG_DIR") or os.path.expanduser("~/.fly")
    probe = os.path.join(folder, f"perms.{os.getpid()}")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        open(probe, "w").close()
        os.unlink(probe)
    except OSError as error:
        raise FlyFailure(
            f"failed ensuring config directory perms: open {probe}: {str(error.strerror).lower()}"
        ) from error
    return folder


def _debug_log(folder: str, argv: list[str], stdin: str) -> None:
    """Every HTTP body goes into logs/ in clear, secrets too; a file of that name keeps flyctl from it."""
    with suppress(OSError):
        logs = os.path.join(folder, "logs")
        os.makedirs(logs, exist_ok=True)
        with open(os.path.join(logs, time.strftime("flyctl-%Y-%m-%dT%H%M%S.log")), "a") as log:
            log.write(f"DEBUG --> POST {' '.join(argv[:2])} {stdin}\n")


def _record(argv: list[str]) -> None:
    """Write the call down where a file for it stands ready: a test looks at what was really called, and with what."""
    calls = world.beside("calls.jsonl")
    if os.path.exists(calls):
        with open(calls, "a") as file:
            file.write(json.dumps({"argv": argv, "env": dict(os.environ)}) + "\n")


def run(argv: list[str]) -> int:
    _record(argv)
    parsed = parse(argv)
    if parsed.on("help") and "--help" in parsed.values:
        print(f"Usage:\n  flyctl {parsed.spec.name} [flags]")
        return 0
    folder = _config_folder()
    session = Session(parsed)
    if parsed.spec.session:
        session.token()
    if parsed.spec.app == "app" and not session.app_name():
        raise FlyFailure(
            "the config for your app is missing an app name, add an app field to the fly.toml file or specify with the -a flag"
        )
    faults.apply(parsed.spec.name, "before")
    code = _act(session, parsed)
    if parsed.spec.session:
        _debug_log(folder, argv, session.stdin_text)
    faults.apply(parsed.spec.name, "after")
    return code


def _act(session: Session, parsed: Parsed) -> int:
    family = parsed.spec.name.split()[0]
    if family not in FAMILIES:
        raise FlyFailure(f"the simulated cloud has no `fly {parsed.spec.name}` yet")
    module = importlib.import_module(f"claw_tui.demo.{ELSEWHERE.get(parsed.spec.name, FAMILIES[family])}")
    handler = module.COMMANDS.get(parsed.spec.name)
    if handler is None:
        raise FlyFailure(f"the simulated cloud has no `fly {parsed.spec.name}` yet")
    return int(handler(session) or 0)


def main(argv: list[str]) -> int:
    os.environ.setdefault(world.WORLD, os.path.expanduser("~/.claw-demo/world.json"))
    try:
        return run(argv)
    except Refused as refused:
        print(f"Error: {refused}" if str(refused) else "", file=sys.stderr)
        sys.stdout.write(refused.usage)
        return 1 if str(refused) else 0
    except FlyFailure as failure:
        sys.stdout.flush()
        print(f"Error: {failure}", file=sys.stderr)
        return failure.code
    except KeyboardInterrupt:
        return 127  # cancelled, without a word
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    code = main(sys.argv[1:])
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(code)

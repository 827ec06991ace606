"""How a file of the machine is changed, as commands a person could type: what `adapters/gateway.py` does, in short.

BASE64 stands for the new file's text: it goes up in parts of 8 KB, and each part is one such call.
"""

from __future__ import annotations

from claw_tui.domain.spec import STATE_DIR

FILE = f"{STATE_DIR}/openclaw.json"
NEW = f"{STATE_DIR}/.openclaw.json.new"


def in_machine(app: str, machine: str, what: str) -> str:
    return f"fly machine exec {machine} '{what}' --app {app}"


def moves(app: str, machine: str) -> tuple[str, ...]:
    """The new file takes the place of the old one, which is kept beside it."""
    return (in_machine(app, machine, f"mv {NEW} {FILE}"),)


def sends(app: str, machine: str) -> tuple[str, ...]:
    """A text of ours becomes openclaw.json, once OpenClaw has looked at it."""
    up = in_machine(app, machine, f'sh -c "echo BASE64 | base64 -d > {NEW}"')
    return (up, _checks(app, machine), *moves(app, machine))


def takes(app: str, machine: str, path: str, *, check: bool = True) -> tuple[str, ...]:
    """A file of the machine becomes openclaw.json. January's OpenClaw can't check one."""
    checked = (_checks(app, machine),) if check else ()
    return (in_machine(app, machine, f"cp {path} {NEW}"), *checked, *moves(app, machine))


def _checks(app: str, machine: str) -> str:
    return in_machine(app, machine, f"env OPENCLAW_CONFIG_PATH={NEW} openclaw config validate")


def owns(app: str, machine: str) -> tuple[str, ...]:
    return (in_machine(app, machine, f'sh -c "chown 1000:1000 {FILE}; chmod 600 {FILE}"'),)

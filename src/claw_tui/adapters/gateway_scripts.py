"""The shell scripts that we run in the machine. POSIX sh and coreutils only; nothing secret is in their text.

``machine exec`` has no shell of its own, ends after half a minute, and a retried request may run a script twice:
parts of a file have their own names, and a detached command starts only where its folder did not exist yet.
"""

from __future__ import annotations

import base64
import shlex

PART = 8 * 1024  # base64 characters in one call
OWNER = "1000:1000"  # the image's user `node`; a file of root's would keep the gateway from starting
AS_NODE = "setpriv --reuid 1000 --regid 1000 --clear-groups env HOME=/home/node"

# What a started gateway has in its environment and a command from outside may lack: where its state is, and its
# token, which is copied from the gateway's own process inside the machine and never leaves it.
PRELUDE = (
    "export OPENCLAW_STATE_DIR={state}; "
    "T=$(cat /proc/[0-9]*/environ 2>/dev/null | tr '\\000' '\\n' | sed -n 's/^OPENCLAW_GATEWAY_TOKEN=//p' | head -n 1); "
    'export OPENCLAW_GATEWAY_TOKEN="${{OPENCLAW_GATEWAY_TOKEN:-$T}}"; '
)


def parts(text: str) -> list[str]:
    """The file as base64, cut into parts for one call each."""
    whole = base64.b64encode(text.encode()).decode()
    return [whole[start : start + PART] for start in range(0, len(whole), PART)] or [""]


def put_part(folder: str, number: int, data: str) -> str:
    return f"umask 077; mkdir -p {folder} && printf %s {data} > {folder}/part-{number:04d}"


def join_parts(folder: str, target: str) -> str:
    """Make ``target`` of the parts, for the gateway's user only; prints its sha256."""
    return (
        f"umask 077; cat {folder}/part-* | base64 -d > {target} && rm -rf {folder} && chown {OWNER} {target} "
        f"&& chmod 600 {target} && sha256sum {target}"
    )


def replace(candidate: str, target: str, backup: str) -> str:
    """Keep the old file under another name, then move the new one into its place in one step."""
    return f"[ ! -f {target} ] || cp -p {target} {backup}; mv {candidate} {target} && sha256sum {target}"


def remove(path: str) -> str:
    return f"rm -f {path}"


def read_file(path: str) -> str:
    """The file in base64, or nothing when there is none."""
    return f"[ ! -f {path} ] || base64 {path}"


def health(port: int) -> str:
    program = (
        f'fetch("http://127.0.0.1:{port}/healthz").then(async r=>console.log(r.status+"\\n"+await r.text()))'
        ".catch(e=>{console.log(String(e));process.exit(1)})"
    )
    return f"node -e {shlex.quote(program)}"


def begin(folder: str, command: str, *, state: str, as_node: bool) -> str:
    """Start ``command`` apart from this call; its exit code ends up in ``rc``."""
    inner = PRELUDE.format(state=state) + (f"{AS_NODE} {command}" if as_node else command)
    run = f"sh -c {shlex.quote(inner)} > {folder}/out 2> {folder}/err < /dev/null"
    return f"umask 077; mkdir {folder} && (({run}; echo $? > {folder}/rc) > /dev/null 2>&1 &)"


def poll(folder: str) -> str:
    """Nothing while the command runs; then its exit code, its stdout and its stderr, the last two in base64."""
    return (
        f"[ ! -f {folder}/rc ] || (cat {folder}/rc; base64 {folder}/out | tr -d '\\n'; echo; "
        f"base64 {folder}/err | tr -d '\\n'; echo)"
    )


def tidy(folder: str) -> str:
    return f"rm -rf {folder}"

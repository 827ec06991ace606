"""The shell scripts that we run in the machine. POSIX sh and coreutils only; nothing secret is in their text.

``machine exec`` has no shell of its own, ends after half a minute, and a retried request may run a script twice:
parts of a file have their own names, and a detached command starts only where its folder did not exist yet.
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Iterable

PART = 8 * 1024  # base64 characters in one call
OWNER = "1000:1000"  # the image's user `node`; a file of root's would keep the gateway from starting
AS_NODE = "setpriv --reuid 1000 --regid 1000 --clear-groups env HOME=/home/node"

# What a started gateway has in its environment and a command from outside may lack: where its state is, and its
# token or password, which is copied from the gateway's own process inside the machine and never leaves it.
_OWN = "{short}=$(cat /proc/[0-9]*/environ 2>/dev/null | tr '\\000' '\\n' | sed -n 's/^OPENCLAW_GATEWAY_{name}=//p' | head -n 1); "
GATEWAYS_OWN = _OWN.format(short="T", name="TOKEN")
PRELUDE = (
    "export OPENCLAW_STATE_DIR={state}; "
    + GATEWAYS_OWN
    + 'export OPENCLAW_GATEWAY_TOKEN="${{OPENCLAW_GATEWAY_TOKEN:-$T}}"; '
    + _OWN.format(short="P", name="PASSWORD")
    + '[ -z "$P" ] || export OPENCLAW_GATEWAY_PASSWORD="$P"; '
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


KEPT = 10  # backups of ours
RECORD = ".claw-tui-delivery"  # on the volume: it is there after a restart, and for another computer


def replace(candidate: str, target: str, backup: str, *, watched: bool = False, logs: str = "") -> str:
    """Keep the old file under another name, then move the new one into its place in one step; prints digests.

    Twice does no harm: without the candidate nothing is done. A file that replaces OpenClaw's own ``.bak`` cannot be
    undone by it at the next start (it puts that one back for a much smaller file and for one without ``meta``).
    With ``watched``, what it takes to follow the change and to go back is written down first.
    """
    record = f"{target.rpartition('/')[0]}/{RECORD}"
    note = _note(candidate, target, backup, record, logs) if watched else f"rm -f {record}"
    return (
        f"umask 077; [ ! -f {candidate} ] || {{ "
        f"[ ! -f {target} ] || [ -f {backup} ] || {{ cp -p {target} {backup}.new && mv {backup}.new {backup}; }}; "
        f"{note}; {_prune(target, record)}; {_renew_bak(candidate, target)}; mv {candidate} {target}; }}; "
        f"sha256sum {target}; [ ! -f {backup} ] || sha256sum {backup}"
    )


def _field(record: str, name: str) -> str:
    return f"$(cat {record} 2>/dev/null | sed -n 's/^{name}=//p')"


def _digest(path: str) -> str:
    return f"$(sha256sum {path} 2>/dev/null | cut -c 1-64)"


def _newest(logs: str) -> str:
    return f"$(ls -1t {logs} 2>/dev/null | head -n 1)"


def _note(candidate: str, target: str, backup: str, record: str, logs: str) -> str:
    """The file to go back to stays the one from before the first change that was not seen through."""
    name = backup.rpartition("/")[2]
    return (
        f"O={_digest(target)}; D={_digest(candidate)}; B=; K=; R={_field(record, 'back')}; P={_field(record, 'before')}; "
        f'[ ! -f {backup} ] || {{ B={name}; K=$O; }}; [ -n "$R" ] && [ "$O" = "{_field(record, "digest")}" ] && B=$R && K=$P; '
        f'L={_newest(logs)}; S=; [ -z "$L" ] || S=$(cat "$L" | wc -c); '
        f'printf "%s\\n" "digest=$D" "back=$B" "before=$K" "log=$L" "size=$S" "at=$(date -u +%Y-%m-%dT%H:%M:%S)" '
        f"> {record}.new && mv {record}.new {record}"
    )


def _prune(target: str, record: str) -> str:
    """The oldest of our backups go; never the one that is gone back to."""
    return (
        f"R={_field(record, 'back')}; ls -1 {target}.before-* 2>/dev/null | sort | head -n -{KEPT} "
        f'| grep -v "/${{R:-none}}$" | xargs -r rm -f'
    )


def _renew_bak(source: str, target: str) -> str:
    bak = f"{target}.bak"
    return (
        f'[ ! -f {bak} ] || [ "{_digest(bak)}" = "{_digest(source)}" ] || {{ '
        f"[ ! -f {bak}.3 ] || mv {bak}.3 {bak}.4; [ ! -f {bak}.2 ] || mv {bak}.2 {bak}.3; "
        f"[ ! -f {bak}.1 ] || mv {bak}.1 {bak}.2; cp -p {bak} {bak}.1; {_copy(source, bak)}; }}"
    )


def _copy(source: str, target: str) -> str:
    """A copy that is the gateway's own, there at once or not at all."""
    new = f"{target}.claw-tui"
    return f"cp {source} {new} && chown {OWNER} {new} && chmod 600 {new} && mv {new} {target}"


def copy(source: str, target: str) -> str:
    """Prints the digest of the copy."""
    return f"umask 077; {_copy(source, target)} && sha256sum {target}"


def put_back(target: str, backup: str, refused: str) -> str:
    """The backup takes the place of a file that did not work; that one is kept under another name."""
    record = f"{target.rpartition('/')[0]}/{RECORD}"
    return (
        f'umask 077; [ "{_digest(target)}" = "{_digest(backup)}" ] || {{ [ ! -f {target} ] || cp -p {target} {refused}; '
        f"{_renew_bak(backup, target)}; {_copy(backup, target)}; }}; "
        f"chown {OWNER} {target}; chmod 600 {target}; rm -f {record}; sha256sum {target}"
    )


def progress(target: str, logs: str, pattern: str) -> str:
    """What was written down of a change, the digest of the file, and in base64 what the gateway logged since."""
    record = f"{target.rpartition('/')[0]}/{RECORD}"
    return (
        f"cat {record} 2>/dev/null; echo now={_digest(target)}; L={_field(record, 'log')}; S={_field(record, 'size')}; "
        f'N={_newest(logs)}; Z=0; [ ! -f "$L" ] || Z=$(cat "$L" | wc -c); echo lines=; '
        # The machine may have been restarted: its log begins anew then.
        f'{{ [ ! -f "$L" ] || {{ [ "$Z" -lt "${{S:-0}}" ] && cat "$L"; }} || tail -c "+${{S:-0}}" "$L"; '
        f'[ "$L" = "$N" ] || [ ! -f "$N" ] || cat "$N"; }} | grep -E {shlex.quote(pattern)} | tail -n 40 | cut -c 1-2000 | base64'
    )


OWNED = f"{OWNER} 600"


def mend_owner(target: str) -> str:
    """Prints the owner and mode that it had, nothing when it is not there."""
    return f"[ ! -f {target} ] || {{ stat -c '%u:%g %a' {target}; chown {OWNER} {target} && chmod 600 {target}; }}"


def settle(target: str) -> str:
    return f"rm -f {target.rpartition('/')[0]}/{RECORD}"


def touch(path: str) -> str:
    return f"touch {path}"


def digest(*paths: str) -> str:
    """One line for each, empty for one that is not there."""
    return "; ".join(f'echo "{_digest(path)}"' for path in paths)


def backups(target: str) -> str:
    """Name, size, time and digest of each file beside the one that counts; first the digest of that one."""
    return (
        f"echo {_digest(target)}; stat -c '%s %Y %n' {target}.* 2>/dev/null; echo; "
        f"sha256sum {target}.* 2>/dev/null || true"
    )


def remove(path: str) -> str:
    return f"rm -f {path}"


def read_file(path: str) -> str:
    """The file in base64, or nothing when there is none."""
    return f"[ ! -f {path} ] || base64 {path}"


def processes() -> str:
    """Their names, one a line."""
    return "cat /proc/[0-9]*/comm 2>/dev/null; true"


def health(port: int, host: str = "127.0.0.1") -> str:
    program = (
        f'fetch("http://{host}:{port}/healthz").then(async r=>console.log(r.status+"\\n"+await r.text()))'
        ".catch(e=>{console.log(String(e));process.exit(1)})"
    )
    return f"node -e {shlex.quote(program)}"


PAIRED = "SELECT channel_key AS channel, entry FROM channel_pairing_allow_entries"


def people(state: str) -> str:
    """Who was let in by a code, as JSON; OpenClaw has no command that says it. Only read, and as the gateway's user."""
    program = (
        'const {DatabaseSync}=require("node:sqlite");'
        f'const d=new DatabaseSync("{state}/state/openclaw.sqlite",{{readOnly:true}});'
        f'console.log(JSON.stringify(d.prepare("{PAIRED}").all()))'
    )
    return f"{AS_NODE} node -e {shlex.quote(program)}"


def begin(
    folder: str, command: str, *, state: str, as_node: bool, own: Iterable[tuple[str, str]] = ()
) -> str:
    """Start ``command`` apart from this call; its exit code ends up in ``rc``. ``own``: variables of the machine."""
    exports = "".join(f"export {name}={shlex.quote(value)}; " for name, value in own)
    inner = PRELUDE.format(state=state) + exports + (f"{AS_NODE} {command}" if as_node else command)
    run = f"sh -c {shlex.quote(inner)} > {folder}/out 2> {folder}/err < /dev/null"
    return f"umask 077; mkdir {folder} && (({run}; echo $? > {folder}/rc) > /dev/null 2>&1 &)"


def begin_plain(folder: str, command: str) -> str:
    """The same for a command that brings its own surroundings."""
    run = f"{command} > {folder}/out 2> {folder}/err < /dev/null"
    return f"umask 077; mkdir {folder} && (({run}; echo $? > {folder}/rc) > /dev/null 2>&1 &)"


def poll_end(folder: str, most: int) -> str:
    """As ``poll``, of each at most the last ``most`` bytes."""
    return (
        f"[ ! -f {folder}/rc ] || (cat {folder}/rc; tail -c {most} {folder}/out | base64 | tr -d '\\n'; echo; "
        f"tail -c {most} {folder}/err | base64 | tr -d '\\n'; echo)"
    )


def poll(folder: str) -> str:
    """Nothing while the command runs; then its exit code, its stdout and its stderr, the last two in base64."""
    return (
        f"[ ! -f {folder}/rc ] || (cat {folder}/rc; base64 {folder}/out | tr -d '\\n'; echo; "
        f"base64 {folder}/err | tr -d '\\n'; echo)"
    )


def tidy(folder: str) -> str:
    return f"rm -rf {folder}"

"""The simulated machine's shell against the real one: every script that we send does the same in both."""

from __future__ import annotations

import base64
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from claw_tui.adapters import gateway_scripts as scripts
from claw_tui.adapters.file_scripts import room
from claw_tui.demo.coreutils import Coreutils
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.shell import Builtin, Shell, Streams

TEXT = '{"a": "é \' \\" $HOME `x`"}\n' * 900


class Simulated:
    """A machine with /data and /tmp, as the simulated fly makes it."""

    def __init__(self) -> None:
        machine: dict[str, Any] = {"mounts": [], "files": {}}
        self.files = SimulatedFiles({"volumes": []}, machine)
        self.commands: dict[str, Builtin] = Coreutils(self.files).table()

    def run(self, script: str) -> tuple[int, str]:
        streams = Streams()
        code = Shell(self.files, self.commands, {"HOME": "/root"}).run(script, streams)
        return code, streams.out


class Real:
    """The same paths below a folder of the test's. chown is left out: it needs root."""

    def __init__(self, root: Path) -> None:
        self._root = root
        for name in ("data", "tmp"):
            (root / name).mkdir()

    def run(self, script: str) -> tuple[int, str]:
        script = script.replace("chown 1000:1000", "true")
        script = re.sub(r"(?<![\w/])/(data|tmp)/", rf"{self._root}/\1/", script)
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.replace(str(self._root), "")


def both(tmp_path: Path) -> list[Simulated | Real]:
    return [Simulated(), Real(tmp_path)]


def sequence() -> list[str]:
    folder, target = "/tmp/claw-tui-1", "/data/openclaw.json"
    steps = [scripts.put_part(folder, number, data) for number, data in enumerate(scripts.parts(TEXT))]
    steps += [steps[0]]  # a retried request
    steps += [
        scripts.join_parts(folder, "/data/.new"),
        scripts.replace("/data/.new", target, f"{target}.before-1"),
    ]
    steps += [
        scripts.read_file(target),
        scripts.read_file("/data/none"),
        scripts.read_file(f"{target}.before-1"),
    ]
    steps += [
        scripts.put_part(folder, 0, base64.b64encode(b"{}").decode()),
        scripts.join_parts(folder, "/data/.new"),
    ]
    steps += [
        scripts.replace("/data/.new", target, f"{target}.before-2"),
        scripts.read_file(f"{target}.before-2"),
    ]
    steps += [scripts.remove("/data/.new"), scripts.join_parts("/tmp/none", "/data/.x")]
    return steps


def test_our_scripts_do_the_same_in_both_shells(tmp_path: Path) -> None:
    simulated, real = both(tmp_path)
    for step in sequence():
        mine, theirs = simulated.run(step), real.run(step)
        assert mine == theirs, step[:200]


@pytest.mark.parametrize(
    "script",
    [
        "echo a; echo b", "true && echo yes || echo no", "false && echo yes || echo no", "echo a | cat | cat",
        'X=1; echo "$X-${Y:-none}-$Z"', "echo $(echo inner)", "echo 'single $X' \"double\" plain\\ blank",
        "(echo a; echo b) > /tmp/f; cat /tmp/f", "echo x > /tmp/f; echo y >> /tmp/f; cat /tmp/f", "[ -f /tmp/none ] || echo missing",
        "[ ! -f /tmp/none ] && echo none", "mkdir /tmp/d && mkdir /tmp/d || echo twice", "echo a > /tmp/p-1; echo b > /tmp/p-2; cat /tmp/p-*",
        "printf '%s' abc | base64", "printf %s aGk= | base64 -d", "false; echo $?", "cat /tmp/none 2>/dev/null; echo $?",
        "echo err 2>&1 | cat", "rm -f /tmp/none; echo $?", "{ echo a; echo b; } | head -n 1", '[ -n "" ] || echo empty',
        "export A=1; echo $A", "T=$(printf 'K=v\\n' | sed -n 's/^K=//p'); echo \"$T\"", "echo a#b",
        "echo one > /tmp/f && mv /tmp/f /tmp/g && cat /tmp/g && cp /tmp/g /tmp/h && cat /tmp/h", "nosuchprogram; echo $?",
        "cat < /tmp/none; echo $?", "echo x > /tmp/none/f; echo $?", "echo x | cat > /tmp/none/f || echo refused",
        "{ echo x; } > /tmp/none/f || echo refused", f"{room('/tmp/none/f')}; [ -e /tmp/f ] || echo gone", f"{room('/tmp/f')}; [ -e /tmp/f ] || echo gone",
    ],
)  # fmt: skip
def test_shell_and_programs(tmp_path: Path, script: str) -> None:
    simulated, real = both(tmp_path)
    assert simulated.run(script) == real.run(script)


@pytest.mark.parametrize("script", ["echo (", "&& a", "echo 'open", "( echo a"])
def test_what_it_cannot_read_it_refuses(script: str) -> None:
    assert Simulated().run(script)[0] == 2


def test_a_detached_command_starts_once_and_leaves_its_answer(tmp_path: Path) -> None:
    real = Real(tmp_path)
    script = scripts.begin("/tmp/job", "echo out; echo err >&2; exit 3", state="/data", as_node=False)
    assert real.run(script)[0] == 0
    assert real.run(script)[0] == 1  # the retried request does nothing
    import time

    for _ in range(200):
        code, answer = real.run(scripts.poll("/tmp/job"))
        if answer:
            break
        time.sleep(0.01)
    code_line, out, err = answer.split("\n")[:3]
    assert (code, code_line, base64.b64decode(out), base64.b64decode(err)) == (0, "3", b"out\n", b"err\n")
    assert real.run(scripts.tidy("/tmp/job"))[0] == 0
    assert not (tmp_path / "tmp" / "job").exists()

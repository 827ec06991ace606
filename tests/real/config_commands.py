"""``openclaw config validate`` and ``config get`` on many files, with one Node process (``config_commands.mjs``): the
program's own start takes seconds, the command itself a twentieth of one."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Self

from tests.real.openclaw_data import package

SCRIPT = Path(__file__).with_suffix(".mjs")


class ConfigCommands:
    """OpenClaw's config commands, in the environment ``env`` (its PATH begins with that version's programs)."""

    def __init__(self, version: str, folder: Path, env: dict[str, str]) -> None:
        self._folder, self._count = folder, 0
        argv = ["node", str(SCRIPT), str(package(version))]
        self._said = (folder / "config-commands.said").open("w+")
        self._run = subprocess.Popen(
            argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._run.kill()
        self._run.communicate()
        self._said.close()

    def _ask(self, file: Path, words: list[str], env: dict[str, str]) -> tuple[int, str]:
        assert self._run.stdin is not None
        assert self._run.stdout is not None
        self._run.stdin.write(json.dumps({"file": str(file), "words": words, "env": env}) + "\n")
        self._run.stdin.flush()
        line = self._run.stdout.readline()
        if not line:
            self._said.seek(0)
            raise AssertionError(self._said.read())
        found = json.loads(line)
        return found["code"], found["out"]

    def write(self, text: str) -> Path:
        self._count += 1
        file = self._folder / f"{self._count}.json"
        file.write_text(text)
        return file

    def validate(self, file: Path, env: dict[str, str] | None = None) -> dict[str, Any]:
        """The same as ``OpenClaw.validate``."""
        code, out = self._ask(file, ["validate", "--json"], env or {})
        found: dict[str, Any] = json.loads(out[out.index("{") :])
        assert found["valid"] is (code == 0)
        return found

    def get(self, file: Path, path: str) -> Any:
        """What stands there; None where nothing does."""
        code, out = self._ask(file, ["get", path, "--json"], {})
        return json.loads(out) if code == 0 else None

"""Record all scenes from a real flyctl, which talks to an API of ours on loopback:

    python -m tests.transcripts.record /path/of/flyctl [scene …]

Writes tests/transcripts/VERSION/SCENE.json, and says what differs from what was recorded before: of the same
version, or of the one that the simulated ``fly`` is.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from claw_tui.demo import world
from claw_tui.demo.fly_account import VERSION
from tests.transcripts.compare import differences, normal
from tests.transcripts.play import Said, play, prepare
from tests.transcripts.scenes import SCENES

HERE = Path(__file__).parent


def read(version: str, name: str) -> Said | None:
    """The transcript of a scene, if there is one."""
    path = HERE / version / f"{name}.json"
    return Said(**json.loads(path.read_text())) if path.exists() else None


def record_one(flyctl: str, name: str) -> Said:
    """Play one scene with the real program. A process of its own: the world is named by the environment."""
    from tests.fly_api.inside import tunnel_to
    from tests.fly_api.server import FlyApi

    scene, folder = SCENES[name], Path(tempfile.mkdtemp(prefix="scene-"))
    os.environ[world.WORLD], os.environ[world.SPEED] = str(folder / "world" / "world.json"), str(scene.speed)
    try:
        stands_for = prepare(scene)
        api = FlyApi()
        api.hold = scene.interrupt
        with api.running(), tunnel_to(scene.inside, folder / "config", api):
            return play([flyctl], scene, folder, stands_for, api.environment, api.reached.wait)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_a_process(flyctl: str, name: str) -> Said:
    argv = [sys.executable, "-m", "tests.transcripts.record", "--one", flyctl, name]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    return Said(**json.loads(done.stdout))


def _kept(said: Said) -> Said:
    """Without what differs from run to run, but for JSON, whose values do no harm."""
    as_words = not said.stdout.lstrip().startswith(("{", "["))
    return Said(said.exit, normal(said.stdout) if as_words else said.stdout, normal(said.stderr))


def main(flyctl: str, names: list[str]) -> None:
    asked = subprocess.run([flyctl, "version", "--json"], capture_output=True, text=True, check=True)
    version = json.loads(asked.stdout)["Version"]
    folder = HERE / version
    folder.mkdir(exist_ok=True)
    changed = 0
    with ThreadPoolExecutor(4) as pool:
        wanted = names or list(SCENES)
        for name, said in zip(
            wanted, pool.map(lambda name: _in_a_process(flyctl, name), wanted), strict=True
        ):
            before, kept = read(version, name) or read(VERSION, name), _kept(said)
            news = ["new"] if before is None else differences(before, kept)
            if news:
                changed += 1
                print(f"{name}: {news[0]}", *news[1:], sep="\n")
                (folder / f"{name}.json").write_text(kept.as_json())
            elif not (folder / f"{name}.json").exists():
                (folder / f"{name}.json").write_text(kept.as_json())
    print(f"flyctl {version}: {len(wanted)} scenes, {changed} changed")


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        sys.stdout.write(record_one(sys.argv[2], sys.argv[3]).as_json())
    else:
        main(sys.argv[1], sys.argv[2:])

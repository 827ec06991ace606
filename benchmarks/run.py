"""How fast it is, beside a bare Textual app in the same run: ``make bench``.

Prints a table; with ``--readme`` puts it into the README. ``RUNS`` says how often each pair is measured.
"""

from __future__ import annotations

import os
import platform
import re
import sys
import tempfile
import time
from importlib.metadata import version as version_of
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import log_book, logs, measures, road  # noqa: E402
from benchmarks.figure import Figure  # noqa: E402
from tests.conftest import Cloud, use_home  # noqa: E402

MARKS = ("<!-- bench -->", "<!-- /bench -->")


def machine() -> str:
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return (
        f"{os.cpu_count()} cores of {cpu}, {platform.system()} {platform.release().split('-')[0]},"
        f" Python {platform.python_version()}, Textual {version_of('textual')}, {time.strftime('%Y-%m-%d')}"
    )


def table(figures: list[Figure]) -> str:
    rows = [("", "budget", "claw-tui", "bare", ""), ("---", "---", "---", "---", "---")]
    rows += [(f.what, f.budget, f.ours, f.bare, "✓" if f.kept else "✗") for f in figures]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> int:
    runs = int(os.environ.get("RUNS", "7"))
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as monkeypatch:
        folder = Path(name)
        use_home(folder, monkeypatch)
        monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        os.umask(0o077)
        cloud = Cloud()
        cloud.log_in()
        figures = [
            *measures.start(runs), *measures.version(runs), *measures.keys(runs), *measures.idle(10.0),
            *logs.log(folder / "state" / "demo"), *log_book.log_book(folder), *measures.world(cloud, max(3, runs // 2)),
            *road.road(cloud, folder, max(3, runs // 2)),
        ]  # fmt: skip
    text = f"{table(figures)}\n\n{machine()}; {runs} runs in turn, medians."
    print(text)
    if "--readme" in sys.argv:
        readme = ROOT / "README.md"
        old = readme.read_text()
        inside = re.compile(re.escape(MARKS[0]) + ".*?" + re.escape(MARKS[1]), re.DOTALL)
        readme.write_text(inside.sub(lambda _: f"{MARKS[0]}\n{text}\n{MARKS[1]}", old))
    return 0 if all(f.kept for f in figures) else 1


if __name__ == "__main__":
    sys.exit(main())

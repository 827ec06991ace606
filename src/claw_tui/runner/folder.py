"""The folder of one run: what it is to do, what happened, what was said, how it ended.

job.json      the job, its process and its start; written before anything else
events.jsonl  what happened, a line each, on the disk before the next thing happens
log           what flyctl and the steps said, secrets taken out
status.json   how it ended; missing as long as it goes on, and after a kill
room          nothing; its place on the disk is for telling how the run ended when the disk is full

The lock is the app's, not the folder's: one run for an app at a time. The runner holds it for its life.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from claw_tui.adapters.files import append_line, is_free, make_folder, read_text, write_atomic
from claw_tui.domain.jobs import Job, JobEvent, JobState
from claw_tui.domain.parse import TooDeep, json_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOM = 32 * 1024  # bytes: more than the last events of a run and its end
KEPT = 10  # runs of an app; older ones are removed when a new one starts


class JobFolder:
    """Reading and writing one run's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.events_path, self.log_path = path / "events.jsonl", path / "log"

    @property
    def lock_path(self) -> Path:
        return self.path.parent / "run.lock"

    def write_job(self, job: Job) -> None:
        import msgspec  # noqa: PLC0415

        make_folder(self.path)
        write_atomic(self.path / "job.json", msgspec.json.encode(job).decode())

    def read_job(self) -> Job:
        import msgspec  # noqa: PLC0415

        try:
            return msgspec.json.decode((read_text(self.path / "job.json") or "").encode(), type=Job)
        except RecursionError as error:
            raise TooDeep from error

    def add_event(self, event: JobEvent) -> None:
        import msgspec  # noqa: PLC0415

        append_line(self.events_path, msgspec.json.encode(event).decode())

    def write_status(self, state: JobState) -> None:
        write_atomic(self.path / "status.json", json.dumps({"state": state.value}))

    def keep_room(self) -> None:
        """Of bytes that no file system makes smaller. A disk that is full already has none to keep."""
        with suppress(OSError):
            (self.path / "room").write_bytes(os.urandom(ROOM))

    def use_room(self) -> None:
        with suppress(OSError):
            (self.path / "room").unlink()

    def state(self) -> JobState:
        """What the files say. The lock is looked at before the status: a run may end in between."""
        with is_free(self.lock_path) as free:
            text = read_text(self.path / "status.json")
        if text is not None:
            return JobState(json_of(text)["state"])
        if free:
            return JobState.INTERRUPTED
        return JobState.GOING_ON

    def has_begun(self) -> bool:
        """Its runner took the job, or is just about to. Before that nothing is done."""
        if self.events_path.exists() or (self.path / "status.json").exists():
            return True
        with is_free(self.lock_path) as free:
            return not free

    def write_pid(self, pid: int) -> None:
        write_atomic(self.path / "pid", f"{pid}\n")

    def read_pid(self) -> int:
        text = (read_text(self.path / "pid") or "").strip()
        return int(text) if text.isdigit() else 0


class Tail:
    """Whole new lines of a growing file."""

    def __init__(self, path: Path) -> None:
        self._path, self._offset = path, 0

    def new_lines(self, most: int = 5_000) -> Sequence[str]:
        """At most ``most`` lines at a time, so that a long log never stalls the screen."""
        found: list[str] = []
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                for line in _whole_lines(file, most):
                    self._offset += len(line)
                    found.append(line.decode("utf-8", "replace").rstrip("\n"))
        except FileNotFoundError:
            return ()
        return found


def _whole_lines(file: Iterator[bytes], most: int) -> Iterator[bytes]:
    for count, line in enumerate(file):
        if count == most or not line.endswith(b"\n"):
            return
        yield line


def job_folders(base: Path, app: str = "") -> tuple[JobFolder, ...]:
    """All runs, of ``app`` or of any, newest last."""
    paths = (base / "jobs").glob(f"{app or '*'}/*/job.json")
    return tuple(JobFolder(path.parent) for path in sorted(paths, key=lambda path: path.parent.name))


def frame(values: Mapping[str, object]) -> bytes:
    """The secrets for a runner's stdin: length first, so that half of it is known for what it is."""
    body = json.dumps(values).encode()
    return len(body).to_bytes(4, "big") + body

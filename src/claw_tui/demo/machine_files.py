"""The files of one simulated machine: what is below /data is the volume's, the rest goes with the machine."""

from __future__ import annotations

import time

from claw_tui.demo.octets import octets
from claw_tui.demo.world import World, lasts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DATA = "/data/"
KERNELS = ("/proc/", "/sys/")  # nobody makes a file there


class SimulatedFiles:
    """Files with owner and mode. What a slow program writes is there only once it would have ended (``took``, in seconds of life)."""

    def __init__(self, app: World, machine: World) -> None:
        mounted = [mount["volume"] for mount in machine["mounts"]]
        volume = next((v for v in app["volumes"] if v["id"] in mounted), None)
        self._volume = volume
        self._data: World = volume["files"] if volume is not None else machine["files"]
        self._rest: World = machine["files"]
        self._virtual: dict[str, str] = {}
        self.took, self.problem, self.mode = 0.0, "", "644"

    def room(self) -> int:
        """Bytes that are free on the volume; ``used_mb`` is what is on it besides the files that are simulated."""
        if self._volume is None:
            return 8 << 30
        used = sum(len(octets(str(entry.get("text", "")))) for entry in self._data.values())
        size_gb = int(self._volume.get("grown_gb", self._volume["size_gb"]))
        return max(0, (size_gb << 30) - (int(self._volume.get("used_mb", 0)) << 20) - used)

    def mount_virtual(self, path: str, text: str) -> None:
        """A file that is computed, like those of /proc."""
        if text:
            self._virtual[path] = text

    def _place(self, path: str) -> World:
        return self._data if path.startswith(DATA) else self._rest

    def _entry(self, path: str) -> dict[str, Any] | None:
        entry = self._place(path).get(path)
        return entry if entry is not None and entry.get("from", 0) <= time.time() else None

    def read(self, path: str) -> str | None:
        if path in self._virtual:
            return self._virtual[path]
        entry = self._entry(path)
        return None if entry is None or entry.get("folder") else str(entry["text"])

    def write(self, path: str, text: str, *, append: bool = False) -> bool:
        parent = path.rpartition("/")[0]
        if path.startswith(KERNELS):
            return False
        if parent not in ("", "/data", "/tmp") and not self.is_folder(parent):  # noqa: S108
            return False
        if path.startswith(DATA) and self.room() < len(octets(text)):
            self.problem = "No space left on device"
            return False
        old = self.read(path) or "" if append else ""
        kept = self._place(path).get(path, {"owner": "0:0", "mode": self.mode})
        self._place(path)[path] = {
            **kept,
            "text": old + text,
            "at": time.time(),
            "from": time.time() + lasts(self.took) if self.took else 0,
        }
        return True

    def put(self, path: str, text: str) -> None:
        """What the gateway itself writes: it is node's."""
        self._place(path)[path] = {
            "owner": "1000:1000", "mode": "600", "text": text, "from": 0, "at": time.time(),
        }  # fmt: skip

    def paths(self) -> list[str]:
        return [
            path
            for path in (*self._data, *self._rest, *self._virtual)
            if path in self._virtual or self._entry(path)
        ]

    def remove(self, path: str) -> None:
        for place in (self._data, self._rest):
            for found in [p for p in place if p == path or p.startswith(path.rstrip("/") + "/")]:
                del place[found]

    def make_folder(self, path: str) -> bool:
        if self.is_folder(path):
            return False
        self._place(path)[path] = {
            "folder": True,
            "text": "",
            "owner": "0:0",
            "mode": "700" if self.mode == "600" else "755",
        }
        return True

    def is_folder(self, path: str) -> bool:
        entry = self._place(path).get(path)
        if path in ("/data", "/tmp", "/", "/proc", "/sys") or (entry is not None and entry.get("folder")):  # noqa: S108
            return True
        return any(found.startswith(f"{path}/") for found in self.paths())

    def move(self, old: str, new: str) -> bool:
        entry = self._place(old).pop(old, None)
        if entry is None:
            return False
        self._place(new)[new] = entry
        for path in [path for path in self._place(old) if path.startswith(f"{old}/")]:
            self._place(new)[new + path.removeprefix(old)] = self._place(old).pop(path)
        return True

    def copy_about(self, old: str, new: str) -> None:
        """Owner, mode and time of one file for another."""
        source, target = self._entry(old), self._entry(new)
        if source is not None and target is not None:
            target.update({key: source[key] for key in ("owner", "mode", "at") if key in source})

    def changed_at(self, path: str) -> int:
        return int((self._entry(path) or {}).get("at", 0))

    def owner_and_mode(self, path: str) -> tuple[str, str]:
        entry = self._entry(path) or {}
        return str(entry.get("owner", "0:0")), str(entry.get("mode", "600"))

    def touch(self, path: str) -> None:
        if (entry := self._entry(path)) is not None:
            entry["at"] = time.time()

    def set_owner(self, path: str, owner: str) -> None:
        if (entry := self._entry(path)) is not None:
            entry["owner"] = owner

    def set_mode(self, path: str, mode: str) -> None:
        if (entry := self._entry(path)) is not None:
            entry["mode"] = mode.lstrip("0") or "0"

    def readable_by_node(self, path: str, *, missing_is_fine: bool = False) -> bool:
        entry = self._entry(path)
        if entry is None:
            return missing_is_fine
        return bool(entry["owner"].startswith("1000") or int(str(entry["mode"])[-1]) >= 4)

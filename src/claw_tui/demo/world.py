"""The simulated cloud's memory: one JSON file that every simulated program reads and writes under a lock.

It never holds a secret's value: of each it keeps the digest that Fly would show, and what it would do (a bad
key, a bot without a server, …), which the value itself says: see ``traits``.

The simulated ``fly`` starts some fifty times in one setup, so what all its commands import is kept light: no
pathlib, no typing, no hashlib until they are needed.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

TYPE_CHECKING = False  # typing itself takes 5 ms to import
if TYPE_CHECKING:
    from typing import Any

WORLD = "CLAW_DEMO_WORLD"  # the file
SPEED = "CLAW_DEMO_SPEED"  # how many times faster than life; 0: no waiting at all
FAULTS = "CLAW_DEMO_FAULTS"  # a file of faults, see faults.py
DEFAULT_SPEED = 6.0
LOGIN_CODE = "demo"  # what the browser shows

World = dict[str, "Any"]

REGIONS: tuple[tuple[str, str, float, float], ...] = (
    ("ams", "Amsterdam, Netherlands", 52.3, 4.8), ("arn", "Stockholm, Sweden", 59.7, 17.9),
    ("bom", "Mumbai, India", 19.1, 72.9), ("cdg", "Paris, France", 48.9, 2.5),
    ("dfw", "Dallas, Texas (US)", 32.8, -97.1), ("ewr", "Secaucus, NJ (US)", 40.8, -74.1),
    ("fra", "Frankfurt, Germany", 50.1, 8.7), ("gru", "Sao Paulo, Brazil", -23.5, -46.6),
    ("iad", "Ashburn, Virginia (US)", 39.02, -77.46), ("jnb", "Johannesburg, South Africa", -26.2, 28.0),
    ("lax", "Los Angeles, California (US)", 33.9, -118.4), ("lhr", "London, United Kingdom", 51.5, -0.5),
    ("nrt", "Tokyo, Japan", 35.6, 139.8), ("ord", "Chicago, Illinois (US)", 41.9, -87.6),
    ("sin", "Singapore, Singapore", 1.3, 103.9), ("sjc", "San Jose, California (US)", 37.4, -121.9),
    ("syd", "Sydney, Australia", -33.9, 151.2), ("yyz", "Toronto, Canada", 43.6, -79.6),
)  # fmt: skip
FULL_REGION = "bom"  # has no capacity
IMAGES = ("2026.8.4", "2026.9.1", "2026.9.3", "2026.9.6", "2026.10.1")  # what the simulated registry has

SIZES = {
    **{f"shared-cpu-{n}x": ("shared", n, n * 256) for n in (1, 2, 4, 6, 8)},
    **{f"performance-{n}x": ("performance", n, n * 2048) for n in (1, 2, 4, 6, 8, 10, 12, 14, 16)},
}


def new_world() -> World:
    """An account that has nothing yet, and in which nobody is logged in."""
    return {
        "email": "you@example.com",
        "orgs": {"personal": {"name": "You", "billing": "CURRENT"}, "claw-club": {"name": "Claw Club", "billing": "TRIAL_ACTIVE"}},
        "login": None,
        "apps": {},
        "counter": 0,
        "faults_used": {},
    }  # fmt: skip


def beside(name: str) -> str:
    """The path of a file in the world's folder."""
    return os.path.join(os.path.dirname(os.environ[WORLD]), name)


@contextmanager
def opened(*, change: bool = True) -> Iterator[World]:
    """The world under its lock; written back on the way out, also when a command fails half-way."""
    name = os.environ[WORLD]
    os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(f"{name}.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        world = _read(name)
        try:
            yield world
        finally:
            if change:
                _write(name, world)


def _write(name: str, world: World) -> None:
    """What was asked of the cloud is done there, also when the one who asked is interrupted just now."""
    asking = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        half = f"{name}.{os.getpid()}"
        with open(half, "w") as file:
            file.write(json.dumps(world, indent=1))
        os.replace(half, name)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, asking)


def _read(name: str) -> World:
    try:
        with open(name) as file:
            found: World = json.load(file)
    except FileNotFoundError:
        return new_world()
    return found


def speed() -> float:
    try:
        return max(0.0, float(os.environ.get(SPEED) or DEFAULT_SPEED))
    except ValueError:
        return DEFAULT_SPEED


def lasts(seconds: float) -> float:
    """How long something that takes ``seconds`` in life takes here."""
    factor = speed()
    return seconds / factor if factor else 0.0


def wait(seconds: float) -> None:
    if lasts(seconds):
        time.sleep(lasts(seconds))


def number(world: World) -> int:
    world["counter"] += 1
    return int(world["counter"])


def sha256(text: str) -> str:
    import hashlib  # noqa: PLC0415

    return hashlib.sha256(text.encode()).hexdigest()


def image_digest(image: str) -> str:
    return "sha256:" + sha256(image)


def has_image(ref: str) -> bool:
    """What can be deployed: the registry's versions, and whatever was built for an app. A digest has to be the image's."""
    name, _sep, exact = ref.partition("@")
    there = name.rpartition(":")[2] in IMAGES or name.startswith("registry.fly.io/")
    return there and exact in ("", image_digest(name))


def made_id(world: World, length: int = 14) -> str:
    """An id that looks like Fly's and is the same in every run of the same commands."""
    return sha256(f"id {number(world)}")[:length]


def digest(value: str) -> str:
    return sha256(value)[:16]


TRAITS = (
    "bad", "limited", "nointent", "noguild", "blocked", "bursty", "nomembers", "crowd", "offline",
)  # fmt: skip


def traits(value: str) -> list[str]:
    """What a simulated key does, told by words of TRAITS in it; or blank."""
    found = [trait for trait in TRAITS if trait in value.lower()]
    return found if value.strip() else [*found, "blank"]

"""A Dockerfile as the simulated builder reads it: roughly, but what Docker refuses is refused.

Of an image that is built on OpenClaw's it finds out which programs are in it. Of OpenClaw's own source nothing is read.
"""

from __future__ import annotations

import os
import shlex

from claw_tui.demo import world
from claw_tui.demo.session import FlyFailure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


DOING = "failed to fetch an image or build from source: error building: failed to solve"
OPENCLAW = "ghcr.io/openclaw/openclaw"
KNOWN = ("FROM", "USER", "COPY", "RUN", "ENV", "ARG", "WORKDIR", "LABEL")
DEBIAN = ("ca-certificates", "curl", "qrencode")  # packages of Debian's that anybody here installs
REPOSITORIES = {"ngrok": "ngrok-agent.s3.amazonaws.com", "tailscale": "pkgs.tailscale.com/stable/debian"}
IMAGES = {  # others' images, and which of their folders there is to copy
    "docker.io/library/eclipse-temurin:25-jre": "/opt/java/openjdk", "ghcr.io/asamk/signal-cli": "/opt/signal-cli",
}  # fmt: skip
SECONDS = {"apt-get": 40.0, "--from": 20.0}

Layer = "tuple[str, float, tuple[str, ...]]"


def refuse(why: str) -> FlyFailure:
    return FlyFailure(f"{DOING}: {why}")


def read_dockerfile(path: str) -> Recipe:
    """Raises FlyFailure, as flyctl and BuildKit word it."""
    try:
        with open(path) as file:
            text = file.read()
    except OSError:
        raise FlyFailure(
            f"failed to fetch an image or build from source: dockerfile '{path}' not found"
        ) from None
    found: list[tuple[int, str, str]] = []
    whole, first = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if not whole and (not line.strip() or line.lstrip().startswith("#")):
            continue
        first = first if whole else number
        whole += line.removesuffix("\\")
        if line.endswith("\\"):
            continue
        word, _sep, rest = whole.strip().partition(" ")
        found.append((first, word.upper(), " ".join(rest.split())))
        whole = ""
    for number, word, _rest in found:
        if word not in KNOWN:
            raise refuse(f"dockerfile parse error on line {number}: unknown instruction: {word}")
    if not found or found[0][1] != "FROM":
        raise refuse("no build stage in current context")
    return Recipe(found, os.getcwd())


class Recipe:
    """What is done one after another, and what is in the image so far."""

    def __init__(self, steps: list[tuple[int, str, str]], context: str) -> None:
        self.base = steps[0][2]
        self._steps, self._context = steps[1:], context
        self._user = "node"
        self._paths: list[str] = []  # folders and files that were copied
        self._sources: list[str] = []
        self._listed: list[str] = []  # sources that apt has read
        self.programs: list[str] = []

    @property
    def of_openclaw(self) -> bool:
        return self.base.startswith(OPENCLAW)

    def layers(self) -> tuple[tuple[str, float, tuple[str, ...]], ...]:
        """With what each takes, in seconds; none for OpenClaw's own source."""
        if not self.of_openclaw:
            return ()
        shown = [f"{word} {rest}" for _number, word, rest in self._steps if word in ("COPY", "RUN")]
        return tuple(
            (step, max([1.0, *(s for sign, s in SECONDS.items() if sign in step)]), ()) for step in shown
        )

    def check_images(self) -> None:
        """All images are looked up before anything is done."""
        wanted = [
            rest.split()[0].removeprefix("--from=")
            for _n, word, rest in self._steps
            if rest.startswith("--from=") and word == "COPY"
        ]
        for image in (self.base, *wanted):
            name, _colon, tag = image.rpartition(":")
            there = (
                tag in world.IMAGES
                if name == OPENCLAW
                else not self.of_openclaw or image in IMAGES or name in IMAGES
            )
            if not there:
                raise refuse(f"{image}: failed to resolve source metadata for {image}: {image}: not found")

    def carry_out(self, step: str, say: Callable[[str], None]) -> None:
        """One layer, as it is shown: ``[2/5] RUN …``."""
        if not self.of_openclaw:
            return
        done = [f"{word} {rest}" for _number, word, rest in self._steps]
        text = step.partition("] ")[2]
        for before in done[: done.index(text)]:
            if before.startswith("USER "):
                self._user = before.split()[1]
        word, _sep, rest = text.partition(" ")
        if word == "COPY":
            self._copy(rest.split())
        else:
            self._shell(rest, say)

    def _copy(self, words: list[str]) -> None:
        if words[0].startswith("--from="):
            self._paths.append(words[-1])
            return
        source, target = words[-2:]
        if not os.path.exists(os.path.join(self._context, source)):
            why = f'failed to calculate checksum of ref moby::x: "/{source}": not found'
            raise refuse(f"failed to compute cache key: {why}")
        self._paths.append(target)
        self._program(target)

    def _program(self, path: str) -> None:
        if path.startswith(("/usr/local/bin/", "/usr/bin/")) and path.rpartition("/")[2] not in self.programs:
            self.programs.append(path.rpartition("/")[2])

    def _shell(self, script: str, say: Callable[[str], None]) -> None:
        for command in script.replace("&&", ";").split(";"):
            words = shlex.split(command)
            said, code = self._command(words) if words else ("", 0)
            if said:
                say(f"1.500 {said}")
            if code:
                raise refuse(
                    f'process "/bin/sh -c {script}" did not complete successfully: exit code: {code}'
                )

    def _command(self, words: list[str]) -> tuple[str, int]:
        """What it says, and how it ends."""
        name = words[0].rpartition("/")[2]
        if self._user != "root" and name in ("apt-get", "ln", "install", "chmod", "printf"):
            return f"{name}: Permission denied", 100 if name == "apt-get" else 1
        target = words[words.index(">") + 1] if ">" in words else ""
        if name == "ln":
            if any(words[-2].startswith(path) for path in self._paths):  # else it leads nowhere
                self._program(words[-1])
        elif target.startswith("/etc/apt/sources.list.d/"):
            self._sources.append(words[1])
        elif target:
            self._program(target)
        elif name == "apt-get":
            return self._apt(words[1:])
        elif words[1:2] in (["version"], ["--version"]):
            return self._version(name)
        return "", 0

    def _apt(self, words: list[str]) -> tuple[str, int]:
        if words[0] == "update":
            self._listed = list(self._sources)
            return "Reading package lists...", 0
        for package in (word for word in words[1:] if not word.startswith("-")):
            if package in DEBIAN:
                continue
            if not any(REPOSITORIES.get(package, "?") in source for source in self._listed):
                return f"E: Unable to locate package {package}", 100
            self._program(f"/usr/bin/{package}")
        return "", 0

    def _version(self, name: str) -> tuple[str, int]:
        if name not in self.programs:
            return f"/bin/sh: 1: {name}: not found", 127
        if name == "signal-cli" and "java" not in self.programs:
            return "ERROR: JAVA_HOME is not set and no 'java' command could be found in your PATH.", 1
        return f"{name} 1.0", 0

    def keep(self, image: str) -> None:
        """The registry knows what is in it."""
        if self.of_openclaw:
            with world.opened() as now:
                now.setdefault("images", {})[image] = {"programs": self.programs, "user": self._user}

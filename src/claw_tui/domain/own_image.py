"""The image of a gateway that needs programs which OpenClaw's own one lacks: which ones, and the Dockerfile with them.

What OpenClaw's image is: Debian 12 (node:24-bookworm-slim), tini as its entrypoint, user ``node`` (uid 1000); no Java, no
signal-cli, no ngrok, no tailscale (docs/install/fly.md and docs/install/docker of 2026.9.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from claw_tui.domain import own_image_texts as texts
from claw_tui.domain.spec import IMAGE
from claw_tui.i18n import _, n_

if TYPE_CHECKING:
    from claw_tui.domain.spec import Spec

SIGNAL_CLI, NGROK, TAILSCALE = PROGRAMS = ("signal-cli", "ngrok", "tailscale")
FOLDER = "image"  # beside fly.toml: all that a builder is given
DOCKERFILE = "Dockerfile"
WITH_TAILSCALE = "with-tailscale"  # what starts it, before the gateway's own command
MARK = "-with-"  # in a tag, behind OpenClaw's version
TAILSCALE_STATE = "/data/tailscale"
TAILSCALE_SOCKET = "/tmp/tailscale/tailscaled.sock"  # noqa: S108  (in the machine, in a folder of the gateway's user)
SIGNAL_STATE = "/data/signal-cli"  # its own place is in the home folder, which a deploy makes anew

# A device of an account, linked as the gateway's user. It shows its code itself where it has a terminal.
LINK_SIGNAL = ("signal-cli", "--config", SIGNAL_STATE, "link", "-n", "OpenClaw")
BY_HAND = ("setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups", "env", "HOME=/home/node")

# signal-cli 0.14 needs Java 25 (its README); Debian 12 has 17, and the native build is made on a newer Debian. Signal's
# servers may refuse a signal-cli of more than three months: a newer claw-tui has a newer one here. This one is known by
# Alpine's package of 2026-11-17; its project publishes each version as an image too (.github/workflows/release.yml).
SIGNAL_CLI_VERSION = "0.14.10"
JAVA = "docker.io/library/eclipse-temurin:25-jre"
RECOMMENDED_MB = 4096  # OpenClaw idles at 1.1 GB, and Java takes up to a quarter of the memory
NAMES = {SIGNAL_CLI: n_("signal-cli with Java"), NGROK: "ngrok", TAILSCALE: "tailscale"}


def programs(spec: Spec) -> tuple[str, ...]:
    """What the image gets beside OpenClaw: what the answers need, and what they name."""
    gateway = spec.gateway
    wanted: set[str] = set(spec.programs)
    if gateway.signal.enabled and gateway.signal.server == "managed-native":
        wanted.add(SIGNAL_CLI)
    if gateway.voice.enabled and gateway.voice.way == "ngrok":
        wanted.add(NGROK)
    if gateway.voice.enabled and gateway.voice.way.startswith("tailscale-"):
        wanted.add(TAILSCALE)
    return tuple(name for name in PROGRAMS if name in wanted)


def is_own(spec: Spec) -> bool:
    """Whether an image is built for it on top of OpenClaw's."""
    return spec.source == "image" and bool(programs(spec))


def dockerfile(spec: Spec) -> str:
    wanted = programs(spec)
    parts = [texts.HEAD.format(base=spec.base_image)]
    if SIGNAL_CLI in wanted:
        parts.append(texts.SIGNAL.format(java=JAVA, version=SIGNAL_CLI_VERSION))
    packages = [name for name in wanted if name in texts.SOURCES]
    if packages:
        parts.append(_packages(packages))
    if TAILSCALE in wanted:
        parts.append(texts.STARTER.format(starter=WITH_TAILSCALE, socket=TAILSCALE_SOCKET))
    return "".join([*parts, texts.FOOT])


def _packages(names: list[str]) -> str:
    sources, proofs = [], []
    for name in names:
        key, ring, repository, proof = texts.SOURCES[name]
        sources.append(texts.SOURCE.format(key=key, ring=ring, repository=repository, name=name))
        proofs.append(proof)
    return texts.APT.format(
        names=", ".join(names), sources="\n".join(sources), packages=" ".join(names), proofs="; ".join(proofs)
    )


def files(spec: Spec) -> Mapping[str, str]:
    """All that the builder is given, by name."""
    found = {DOCKERFILE: dockerfile(spec)}
    if TAILSCALE in programs(spec):
        found[WITH_TAILSCALE] = texts.WITH_TAILSCALE.format(state=TAILSCALE_STATE, socket=TAILSCALE_SOCKET)
    return found


def tag(spec: Spec) -> str:
    """OpenClaw's version, what was added, and a word that changes with how: so a machine tells what it is made of."""
    from hashlib import sha256  # noqa: PLC0415  (the first screen does without OpenSSL)

    text = "\0".join(f"{name}\0{content}" for name, content in files(spec).items())
    return f"{spec.version}{MARK}{'-'.join(programs(spec))}-{sha256(text.encode()).hexdigest()[:8]}"


def lacks(spec: Spec, image: str) -> tuple[str, ...]:
    """Programs that the answers need and ``image`` surely has not; of one that somebody else made nothing is known."""
    name, tag = image.partition("@")[0], image.partition("@")[0].rpartition(":")[2]
    has = tag.partition(MARK)[2]
    if not has and not name.startswith(f"{IMAGE}:"):
        return ()
    return tuple(program for program in programs(spec) if program not in has)


def words(names: tuple[str, ...]) -> str:
    return ", ".join(_(NAMES[name]) for name in names)


def memory_remark(spec: Spec) -> str:
    """Why more memory would be better, or an empty string."""
    if SIGNAL_CLI not in programs(spec) or spec.memory_mb >= RECOMMENDED_MB:
        return ""
    return _("Signal's Java takes some 0.5 GB beside OpenClaw's 1.1: 2 GB are just enough, 4 GB are better.")


def source_problem(spec: Spec) -> str:
    """A build from OpenClaw's source has a Dockerfile of its own."""
    if spec.source == "image" or not programs(spec):
        return ""
    return _("A build from source has no {names}: take the prebuilt image, they are added to it.").format(
        names=words(programs(spec))
    )

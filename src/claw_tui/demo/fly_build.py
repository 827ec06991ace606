"""A build from source as flyctl tells it in a pipe: its builder's words around BuildKit's plain progress.

Depot builds and pushes in one go; Fly.io's own builder (an app with ``remotebuilder`` in its name gets that one) is a
Docker that pushes afterwards.
"""

from __future__ import annotations

import time

from claw_tui.demo import build_faults, world
from claw_tui.demo.dockerfile import Recipe, read_dockerfile
from claw_tui.demo.session import Session

REGISTRY = "registry.fly.io"
BUILDER = "fly-builder-quiet-moon-1234"
BLOBS = (
    ("a1b2c3d4e5f6", 29.15),
    ("0f9e8d7c6b5a", 48.49),
    ("5566778899aa", 211.37),
)  # of the base image, in MB
LAYERS: tuple[tuple[str, float, tuple[str, ...]], ...] = (  # of OpenClaw's Dockerfile: command, seconds, what it says
    ("RUN corepack enable", 2, ()),
    ("WORKDIR /app", 0.1, ()),
    ("COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./", 0.3, ()),
    ("RUN pnpm install --frozen-lockfile", 60, (
        "Lockfile is up to date, resolution step is skipped", "Progress: resolved 1, reused 0, downloaded 0, added 0",
        "Packages: +1184", "Progress: resolved 1184, reused 0, downloaded 722, added 715",
        "Progress: resolved 1184, reused 0, downloaded 1184, added 1184, done", "Done in 58.4s using pnpm v10.12.1",
    )),
    ("COPY . .", 1, ()),
    ("RUN pnpm build", 120, ("> openclaw build", "> tsdown", "transforming...", "rendering chunks...", "built in 1m 52s")),
    ("RUN pnpm ui:build", 20, ("vite v7.1.2 building for production...", "412 modules transformed.", "built in 17.31s")),
    ("RUN chown -R node:node /app", 3, ()),
)  # fmt: skip


def build(session: Session, name: str, dockerfile: str) -> str:
    """Returns the image's name. What is built on OpenClaw's image is read and tried; else it is OpenClaw's source."""
    image = f"{REGISTRY}/{name}:{session.parsed.text('image-label') or f'deployment-{int(time.time())}'}"
    recipe = read_dockerfile(dockerfile)
    if "remotebuilder" in name:
        session.mutter(f"Waiting for remote builder {BUILDER}...\n")
        world.wait(12)
        session.mutter(f"Remote builder {BUILDER} ready")
        session.mutter("==> Building image with Docker\n--> docker host: 28.3.3 linux x86_64")
        _Progress(session, recipe).all(image, push=False)
        session.mutter("--> Building image done")
        _push(session, image)
    else:
        session.mutter("Waiting for depot builder...\n")
        world.wait(5)
        link = "(\u200bhttps://depot.dev/orgs/x/projects/y/builds/z)"
        session.mutter(f"==> Building image with Depot\n--> build:  {link}")
        _Progress(session, recipe).all(image, push=True)
        session.mutter(f"--> Build Summary:  {link}\n--> Building image done")
    session.mutter(f"image: {image}\nimage size: 1.2 GB")
    return image


class _Progress:
    """BuildKit's plain progress: a number for each thing that it does, an empty line between two of them."""

    def __init__(self, session: Session, recipe: Recipe) -> None:
        self._session, self._number, self._recipe = session, 0, recipe

    def all(self, image: str, *, push: bool) -> None:
        self._do(
            "[internal] load build definition from Dockerfile", 1, "transferring dockerfile: 2.31kB done"
        )
        base, layers = self._recipe.base, self._recipe.layers() or LAYERS
        self._do(f"[internal] load metadata for {base}", 1)
        self._recipe.check_images()
        self._do("[internal] load .dockerignore", 0.1, "transferring context: 412B done")
        count = len(layers) + 1
        self._pull(f"[1/{count}] FROM {base}@sha256:{'4d' * 32}")
        self._do("[internal] load build context", 3, "transferring context: 62.14MB 2.8s done")
        for layer, (command, length, lines) in enumerate(layers, 2):
            self._run(f"[{layer}/{count}] {command}", length, lines)
        self._export(image, push=push)
        self._recipe.keep(image)

    def _begin(self, what: str) -> None:
        self._number += 1
        self._session.mutter(f"{'' if self._number == 1 else chr(10)}#{self._number} {what}")

    def _say(self, text: str) -> None:
        self._session.mutter(f"#{self._number} {text}")

    def _do(self, what: str, length: float, *said: str) -> None:
        self._begin(what)
        world.wait(length)
        for text in said:
            self._say(text)
        self._say(f"DONE {length:.1f}s")

    def _pull(self, what: str) -> None:
        self._begin(what)
        for tenths in (3, 6, 10):
            world.wait(3)
            for blob, size in BLOBS:
                done = " 9.0s done" if tenths == 10 else ""
                self._say(f"sha256:{blob * 5}abcd {size * tenths / 10:.2f}MB / {size:.2f}MB{done}")
        for blob, _size in BLOBS:
            self._say(f"extracting sha256:{blob * 5}abcd 1.2s done")
        self._say("DONE 10.2s")

    def _run(self, what: str, length: float, lines: tuple[str, ...]) -> None:
        self._begin(what)
        build_faults.spoil_command(self._session, self._number, what)
        self._recipe.carry_out(what, self._say)
        for count, text in enumerate(lines, 1):
            world.wait(length / len(lines))
            self._say(f"{length * count / len(lines):.3f} {text}")
        if not lines:
            world.wait(length)
        self._say(f"DONE {length:.1f}s")

    def _export(self, image: str, *, push: bool) -> None:
        self._begin("exporting to image")
        self._say("exporting layers")
        world.wait(12)
        self._say("exporting layers 12.0s done")
        if push:
            self._say(f"exporting manifest sha256:{'7c' * 32} done")
            self._push(f"{image}@sha256:{'7c' * 32}")
        else:
            self._say(f"writing image sha256:{'7c' * 32} done\n#{self._number} naming to {image} done")
        self._say(f"DONE {28.0 if push else 12.0:.1f}s")

    def _push(self, what: str) -> None:
        layers = [f"pushing layer sha256:{number:02x}{'9b' * 31}" for number in range(len(LAYERS) + 1)]
        self._say(f"pushing layers for {what}")
        build_faults.spoil_push(self._session, what)
        for layer in layers:
            self._say(layer)
        for layer in layers:
            world.wait(2)
            self._say(f"{layer} 2.0s done")
        self._say(f"pushing layers for {what} 16.0s done\n#{self._number} pushing manifest for {what}")
        world.wait(1)
        self._say(f"pushing manifest for {what} 1.0s done")


def _push(session: Session, image: str) -> None:
    session.mutter("==> Pushing image to fly")
    repository, _colon, tag = image.rpartition(":")
    session.mutter(f"The push refers to repository [{repository}]")
    layers = [f"{number:012x}" for number in range(0x5F70BF18A086, 0x5F70BF18A086 + len(LAYERS) + 1)]
    for layer in layers:
        session.mutter(f"{layer}: Preparing")
    for count, layer in enumerate(layers):
        world.wait(2)
        session.mutter(f"{layer}: {'Layer already exists' if count < 2 else 'Pushed'}")
    session.mutter(f"{tag}: digest: sha256:{'7c' * 32} size: 2843\n--> Pushing image done")

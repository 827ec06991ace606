"""Names of apps whose build goes wrong. The words are BuildKit's; no recording has them."""

from __future__ import annotations

from claw_tui.demo.session import FlyFailure, Session

DOING = "failed to fetch an image or build from source: error building: failed to solve"
BLOB = "4f4fb700ef54461cfa02571ae0db9a0dc1e0cdb5577484a6d75e68dc38e8acc1"


def spoil_command(session: Session, number: int, what: str) -> None:
    """``bigbuild``: the builder's memory ends in the middle of the longest command. ``noapt``: a repository is not signed."""
    if "noapt" in session.app_name() and "apt-get" in what:
        script = what.partition("RUN ")[2]
        session.mutter(
            f"#{number} 4.211 E: The repository 'https://pkgs.example bookworm InRelease' is not signed."
        )
        why = f'process "/bin/sh -c {script}" did not complete successfully: exit code: 100'
        session.mutter(f"#{number} ERROR: {why}")
        raise FlyFailure(f"{DOING}: {why}")
    if "bigbuild" not in session.app_name() or "RUN pnpm build" not in what:
        return
    why = 'process "/bin/sh -c pnpm build" did not complete successfully: exit code: 137'
    session.mutter(f"#{number} 61.20 Killed\n#{number} ERROR: {why}")
    raise FlyFailure(f"{DOING}: {why}")


def spoil_push(session: Session, image: str) -> None:
    """``nopush``: the registry does not know this login."""
    name = session.app_name()
    if "nopush" in name:
        head = f"https://registry.fly.io/v2/{name}/blobs/sha256:{BLOB}"
        why = f"unexpected status from HEAD request to {head}: 401 Unauthorized"
        raise FlyFailure(f"{DOING}: failed to push {image.partition('@')[0]}: {why}")

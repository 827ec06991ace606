"""Failures that no recording has: the words are those that people have met, each with what it means to the adapter."""

from __future__ import annotations

import pytest

from claw_tui.adapters import fly_errors
from claw_tui.adapters.process import Completed
from claw_tui.domain import build_errors, errors, here_errors

BUILD = "failed to fetch an image or build from source: error building: "
SAID: tuple[tuple[type[errors.FlyError], str], ...] = (
    (build_errors.BuildOutOfMemory, BUILD + 'failed to solve: process "/bin/sh -c pnpm build" did not complete successfully: exit code: 137'),
    (build_errors.BuildOutOfMemory, BUILD + 'failed to solve: process "/bin/sh -c pnpm build" did not complete successfully: exit code: 134'),
    (build_errors.BuildOutOfMemory, BUILD + "failed to solve: fork/exec /bin/sh: cannot allocate memory"),
    (build_errors.BuildFailed, BUILD + 'failed to solve: process "/bin/sh -c mix local.hex" did not complete successfully: exit code: 1'),
    (build_errors.BuildFailed, "failed to fetch an image or build from source: docker is unavailable to build the deployment image"),
    (build_errors.ContextTooLarge, BUILD + "failed to solve: write /var/lib/buildkit/x: no space left on device"),
    (build_errors.ContextTooLarge, BUILD + "failed to solve: rpc error: grpc: received message larger than max (8653851 vs. 4194304)"),
    (build_errors.PushDenied, 'failed to fetch an image or build from source: you are not authorized to push "registry.fly.io/x:deployment-01"'),
    (build_errors.PushDenied, BUILD + "failed to solve: failed to push registry.fly.io/x:y: unexpected status from HEAD request to "
     "https://registry.fly.io/v2/x/blobs/sha256:4f: 401 Unauthorized"),
    (build_errors.PushDenied, BUILD + "failed to solve: failed to push registry.fly.io/x:y: denied: not permitted"),
    (errors.FlyNetworkDown, BUILD + "unexpected EOF"),
    (errors.FlyNetworkDown, BUILD + "failed to solve: failed to do request: dial tcp: lookup ghcr.io: no such host"),
    (errors.FlyTimeout, BUILD + "failed to solve: Canceled: context deadline exceeded"),
    (errors.ImageNotFound, 'failed to fetch an image or build from source: could not find image "registry.fly.io/no-space-left:1"'),
    (here_errors.DiskFull, "failed to create temp file: write /tmp/docker-context-1: no space left on device"),
    (errors.FlyError, "failed to launch VM: rpc error: write /tmp/rootfs: no space left on device"),
    (errors.FlyError, "write /var/lib/nobody-has-this/x: no space left on device"),
    (errors.NoCapacity, "error creating a new machine: failed to launch VM: aborted: could not reserve resource for machine: "
     "insufficient memory available to fulfill request"),
    (errors.NoCapacity, "failed to launch VM: insufficient CPUs available to fulfill request"),
    (errors.SizeRefused, "failed to update machine 148e: invalid_argument: invalid config.guest.memory_mb, minimum required 4096 MiB"),
    (errors.BillingNeeded, "error creating a new machine: failed to launch VM: To create more than 1 machine per app please add a "
     "payment method. https://fly.io/dashboard/x/billing"),
    (errors.BillingNeeded, "We need your payment information to continue! Add a credit card or buy credit: https://fly.io/dashboard/x"),
    (errors.LeaseHeld, "failed to get lease on VM 2879325b42d318: machine ID 2879325b42d318 lease currently held by "
     "9af60c27-ee17-55df-bb0a-4f369e59839a@tokens.fly.io, expires at 2026-05-14T10:41:08Z"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "said"), SAID)
def test_what_people_have_met_has_its_meaning(kind: type[errors.FlyError], said: str) -> None:
    error = fly_errors.explain(("deploy", "-a"), Completed(1, "", f"==> Building image\nError: {said}\n"))
    assert type(error) is kind
    assert error.message
    assert error.hint
    assert said in error.detail

"""What each recorded failure of the real flyctl means to the adapter: one typed error with a next step."""

from __future__ import annotations

import pytest

from claw_tui.adapters import fly_errors
from claw_tui.adapters.process import Completed
from claw_tui.demo.fly_account import VERSION
from claw_tui.domain import errors, reach_errors
from claw_tui.domain.clean import clean
from tests.transcripts.record import read
from tests.transcripts.scenes import SCENES

MEANINGS: dict[type[errors.FlyError], tuple[str, ...]] = {
    errors.NotLoggedIn: ("sftp-get-nobody", "ssh-nobody", "whoami-nobody", "whoami-empty-token", "token-nobody", "wireguard-create-nobody", "proxy-nobody"),
    errors.TokenRejected: ("extend-401", "sftp-get-expired", "ssh-expired", "whoami-expired", "whoami-first-token-wins", "apps-expired", "volumes-401", "secrets-401", "machines-401", "logs-expired", "snapshots-401", "certs-expired", "orgs-show-expired", "wireguard-expired"),
    errors.FlyNetworkDown: (
        "whoami-network-down", "machines-no-network", "whoami-cut", "regions-cut", "status-cut", "volumes-create-cut", "deploy-cut",
        "deploy-image-cut",
    ),
    errors.FlyTrouble: ("stop-500", "cordon-500", "uncordon-500", "clone-500", "extend-500", "fork-500",
        "whoami-500", "apps-create-502-for-good", "volumes-create-503-for-good", "status-500", "image-500", "volumes-500",
        "secrets-import-500", "secrets-deploy-500", "start-500", "deploy-again-500", "ips-v6-500", "restart-500", "update-500", "exec-500", "leases-clear-500", "leases-view-500", "deploy-machines-500",
        "deploy-release-502",
        "apps-destroy-500", "volumes-destroy-500", "ips-release-500", "machine-destroy-500", "snapshots-500", "snapshots-create-500",
    ),
    errors.NameTaken: ("wireguard-create-again", "apps-create-taken", "apps-create-again", "apps-create-done-but-answer-lost"),
    errors.NameRefused: ("apps-create-bad-name", "volumes-create-bad-name"),
    errors.BillingNeeded: ("apps-create-card",),
    errors.OrgUnknown: ("apps-create-no-org", "apps-create-unknown-org", "orgs-show-unknown", "wireguard-unknown", "wireguard-no-org"),
    errors.RegionUnknown: ("wireguard-create-unknown-region", "volumes-create-no-region", "volumes-create-unknown-region"),
    errors.AppNotFound: ("wait-unknown-app", "stop-unknown-app", "cordon-unknown-app", "update-unknown-app", "clone-unknown-app", "extend-unknown-app", "fork-unknown-app", "sftp-get-unknown-app", "ssh-unknown-app",
        "apps-destroy-unknown", "apps-destroy-done-but-answer-lost", "volumes-destroy-unknown-app", "machine-destroy-unknown-app", "status-unknown", "checks-unknown-app", "releases-unknown-app", "image-unknown-app",
        "config-show-unknown-app", "volumes-create-unknown-app", "volumes-unknown-app", "secrets-import-unknown-app", "secrets-deploy-unknown-app", "start-unknown-app",
        "secrets-unknown-app", "ips-shared-unknown-app", "ips-unknown-app", "exec-unknown-app", "restart-unknown-app",
        "leases-clear-unknown-app", "leases-view-unknown-app", "machines-unknown-app", "logs-unknown-app", "deploy-unknown-app",
        "snapshots-create-unknown-app", "certs-unknown-app", "proxy-unknown-app",
    ),
    reach_errors.TunnelRefused: ("sftp-get-refused", "ssh-refused"),
    errors.NoCapacity: ("clone-no-capacity", "fork-no-capacity", "volumes-create-no-capacity", "deploy-no-capacity"),
    errors.SizeRefused: ("clone-too-large", "update-too-large", "deploy-too-large", "update-odd-memory", "update-little-memory"),
    errors.LeaseHeld: ("stop-leased", "cordon-leased", "uncordon-leased", "update-leased", "machine-destroy-leased", "restart-leased", "deploy-leased", "deploy-leased-plainly", "secrets-import-leased", "secrets-deploy-leased", "start-leased"),
    errors.ImageNotFound: ("deploy-no-image", "deploy-wrong-digest"),
    errors.FileRefused: ("deploy-no-file", "deploy-broken-file", "config-validate-broken", "config-validate-missing"),
    errors.VolumeNeeded: ("deploy-volume-lost", "deploy-volume-elsewhere"),
    errors.DeployUnhealthy: ("restart-refusing", "update-unhealthy", "clone-refusing", "deploy-refused-by-gateway"),
    errors.MachineStopped: ("sftp-get-stopped", "sftp-get-no-machine", "sftp-get-unknown-machine", "sftp-put-stopped", "ssh-stopped", "ssh-unknown-machine", "exec-stopped"),
    errors.MachineNotFound: ("wait-unknown", "stop-unknown", "cordon-unknown", "uncordon-unknown", "update-unknown", "clone-unknown", "exec-unknown", "restart-unknown", "start-unknown", "leases-clear-unknown", "leases-view-unknown", "machine-destroy-unknown", "machine-destroy-done-but-answer-lost"),
    errors.FlyTimeout: ("stop-too-slow", "wait-too-slow", "exec-too-long"),
    errors.FlyPanic: ("secrets-import-panic",),
    errors.FlyKilled: ("logs-none-yet",),  # the scene ends it
    errors.Cancelled: ("proxy", "volumes-create-interrupted", "deploy-interrupted"),
    # Not to be met: mistakes in a command line, or things that the adapter looks at before. flyctl's own words are shown.
    errors.FlyError: ("signup-no-terminal", "update-bad-size", "update-no-such-size", "clone-no-such-volume", "clone-attached", "clone-volume-elsewhere", "clone-bad-size", "clone-done-but-answer-lost", "extend-smaller", "extend-too-large", "extend-nothing", "extend-no-size", "extend-bad-size", "extend-unknown", "fork-unknown", "fork-bad-size", "sftp-get-here-already", "sftp-get-no-such-file", "sftp-get-folder", "sftp-get-no-folder-here", "sftp-put-there-already", "sftp-put-folder-there", "sftp-put-no-folder-there", "sftp-put-no-such-file", "sftp-put-folder", "sftp-put-bad-mode", "sftp-put-no-arguments", "ssh-fails", "proxy-no-name",
        "whoami-empty-address", "login-no-terminal", "login-expired", "agent-stop", "unknown-command", "unknown-flag",
        "flag-without-value", "flag-not-a-number", "too-many-arguments", "too-few-arguments", "apps-create-no-name",
        "apps-destroy-no-yes", "status-no-name", "config-show-none", "volumes-create-no-yes", "volumes-create-no-app",
        "volumes-create-422", "volumes-destroy-attached", "volumes-destroy-unknown", "volumes-destroy-no-yes", "volumes-destroy-done-but-answer-lost", "ips-release-done-but-answer-lost", "machine-destroy-plainly",
        "secrets-import-empty", "secrets-import-bad-line", "secrets-import-long-line", "secrets-set-nothing", "secrets-deploy-no-machine",
        "ips-v4-no-yes", "ips-release-unknown", "ips-release-junk", "volumes-create-yes-false", "volumes-create-yes-maybe",
        "exec-no-command", "leases-view-all", "exec-open-quote", "deploy-launch-422", "update-no-yes",
        "snapshots-create-unknown", "snapshots-unknown", "volumes-create-no-snapshot",
        "deploy-other-volume", "wireguard-create-file-exists", "wireguard-create-refused", "wireguard-remove-unknown",
        "wireguard-too-many-arguments", "proxy-refused", "proxy-no-ports",
        "orgs-show-no-slug",
    ),
}  # fmt: skip
EXPECTED = {name: kind for kind, names in MEANINGS.items() for name in names}


@pytest.mark.parametrize("name", SCENES)
def test_a_failure_has_its_meaning(name: str) -> None:
    said = read(VERSION, name)
    assert said is not None
    if said.exit == 0:
        assert name not in EXPECTED
        return
    error = fly_errors.explain(
        SCENES[name].argv, Completed(said.exit, clean(said.stdout), clean(said.stderr))
    )
    assert type(error) is EXPECTED[name]
    assert error.message
    assert error.hint

"""What to do next, for who has no screens: the answer's name, or a command."""

from __future__ import annotations

from collections.abc import Iterator

from claw_tui.domain.errors import ClawError
from claw_tui.domain.machine_files import TAKEN
from claw_tui.domain.migration import HELPS_OLD
from claw_tui.domain.power import STARTS, STARTS_OR_RESCUE
from claw_tui.i18n import _, n_

# By the failure's code: what its screen's words are replaced by.
_HINTS = {
    "not-logged-in": n_("Log in with `fly auth login`, or in claw-tui, or set FLY_API_TOKEN."),
    "token-rejected": n_("Log in again with `fly auth login`, or in claw-tui, or set another FLY_API_TOKEN."),
    "name-taken": n_("Choose another name: app in the answers."),
    "name-refused": n_("Choose another name: app in the answers."),
    "app-not-found": n_("Check the name: app in the answers. Perhaps the app was removed."),
    "org-unknown": n_("Choose one of `fly orgs list`: org in the answers."),
    "region-unknown": n_("Choose one of `fly platform regions`: region in the answers."),
    "no-capacity": n_("Choose another region or a smaller machine (region, vm_size, memory_mb), or try again later."),
    "size-refused": n_("Choose another machine or another amount of memory: vm_size and memory_mb in the answers."),
    "image-not-found": n_("Choose another version: version in the answers."),
    "tag-not-found": n_("Choose another version: version in the answers."),
    "source-unreachable": n_("Try again, or take the ready image: source in the answers."),
    "volume-needed": n_("`claw-tui apply` makes what is missing."),
    "config-rejected": n_("Change the answer that it complains about, under gateway."),
    "stale-plan": n_("`claw-tui plan` shows what is different now."),
    "unhealthy": n_("Its log shows what the gateway says: --log, or `fly logs`."),
    "busy": n_("Wait for it to end, or watch it: claw-tui watch."),
}  # fmt: skip


# And these by their words.
_BY_WORDS = {
    STARTS: n_("`claw-tui start {app}` starts it."),
    HELPS_OLD: n_("`claw-tui migrate {app}` brings it to OpenClaw, which has one."),
    TAKEN: n_("Give another name; with --replace that file is replaced."),
    STARTS_OR_RESCUE: n_("`claw-tui start {app}` starts it; `claw-tui doctor {app}` says why one does not start."),
}  # fmt: skip


def _defaults(kind: type[ClawError]) -> Iterator[tuple[str, str]]:
    yield kind.code, kind.default_hint
    for below in kind.__subclasses__():
        yield from _defaults(below)


def hint_for(code: str, hint: str, app: str) -> str:
    """Better words for a failure, unless whoever met it knew more than its kind."""
    for words, ours in _BY_WORDS.items():
        if hint == _(words):
            return _(ours).format(app=app or "APP")
    known = {_(default) for one, default in _defaults(ClawError) if one == code and default}
    return _(_HINTS[code]) if code in _HINTS and (not hint or hint in known) else hint

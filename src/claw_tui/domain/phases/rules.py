"""flyctl's lines (0.4.87, and what older ones of 0.4 say otherwise), and what each means for the parts.

Both streams come here, in an order that is nearly theirs. ``ID`` may be a machine with its group in brackets. The
classic update and the one with ``--deploy-retries`` say different words for the same parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from claw_tui.i18n import n_

Does = Literal["begins", "ends", "fails", "says", "again"]
ALL_BUILDS = ("build-depot", "build-remote", "build-local")
TO_THE_END = ("create", "first-start", "update", "start", "smoke", "health")


@dataclass(frozen=True, slots=True)
class Rule:
    """``parts``: what it is about; ``words`` may name the line's groups."""

    does: Does
    parts: tuple[str, ...]
    words: str = ""


def _begins(part: str, words: str = "") -> Rule:
    return Rule("begins", (part,), words)


def _ends(*parts: str, words: str = "") -> Rule:
    return Rule("ends", parts, words)


_ID = r"\S+(?: \[[^\]]*\])?"
_TABLE: tuple[tuple[str, str, Rule], ...] = (  # the first word (or words), what follows it, what it means
    ("==>", r"Verifying app config", _begins("config")),
    ("Validating", r".", _begins("config")),
    ("-->", r"Verified app config", _ends("config")),
    # The image, found or built.
    ("Searching", r"for image '[^']*' (?:remotely|locally)", _begins("image")),
    ("image", r"found: ", _ends("image")),
    ("Waiting", r"for depot builder", _begins("builder-depot")),
    ("==>", r"Building image with Depot", _begins("build-depot")),
    ("-->", r"Build Summary: ", _ends("build-depot", "push")),
    ("checking|👀", r"(?:checking )?remote builder compatibility", _begins("builder-remote")),
    ("creating|🔧", r"(?:creating )?fresh remote builder", _begins("builder-remote", n_("a new one is made"))),
    ("Waiting", r"for remote builder (?P<what>\S+?)\.\.\.", _begins("builder-remote", "{what}")),
    ("Updating|Connecting", r"(?:remote builder|to buildkit daemon)", _begins("builder-remote")),
    ("Remote", r"builder \S+ ready", _ends("builder-remote")),
    ("-->", r"Connected to buildkit daemon", _begins("build-remote")),
    ("==>", r"Creating build context", _begins("context")),
    ("-->", r"Creating build context done", _ends("context")),
    ("Sending", r"build context to Docker daemon\s+(?P<what>\S+)", Rule("says", ALL_BUILDS, n_("sending the source: {what}"))),
    ("==>", r"Building image with Docker", _begins("build-docker")),
    ("Step", r"(?P<n>\d+)/(?P<all>\d+) : (?P<what>.{1,100})", Rule("says", ALL_BUILDS, n_("layer {n} of {all}: {what}"))),
    ("-->", r"Building image done", _ends(*ALL_BUILDS)),
    ("==>", r"Pushing image to fly", _begins("push")),
    ("-->", r"Pushing image done", _ends("push")),
    ("image", r"size: (?P<what>.+)", Rule("says", (*ALL_BUILDS, "push"), "{what}")),
    # What a first deploy makes.
    ("Watch", r"your deployment at ", _begins("release")),
    ("Provisioning", r"ip(?:s| address) for ", _begins("addresses")),
    ("Dedicated|Shared|Private", r"ipv[46]: (?P<what>\S+)", Rule("says", ("addresses",), "{what}")),
    ("Add", r"a dedicated ipv4 with", _ends("addresses")),
    ("Failed", r"to provision IP addresses", Rule("fails", ("addresses",), n_("fly could not; the deploy goes on"))),
    ("Creating", r"(?:a )?\d+ ?GB volume ", _begins("volume")),
    ("Running", r"\S+ (?:release|seed)_command: (?P<what>.{1,100})", _begins("command", "{what}")),
    ("release_command|seed_command", r"\S+ completed", _ends("command")),
    # The machine: made,
    ("This|Process", r"(?:deployment|groups have changed. This) will:", _ends("release", "addresses", "volume", "command")),
    ("Launching", r"new machine", _begins("create")),
    ("Machine", rf"{_ID} was created", _begins("first-start")),
    ("Machine", rf"{_ID} update finished: success", _ends(*TO_THE_END)),
    ("Finished", r"launching new machines", _ends(*TO_THE_END)),
    # or changed, in one of two ways.
    ("Updating", r"existing machines in ", _begins("update")),
    ("Acquiring", r"lease for ", _begins("update", n_("taking its lease"))),
    ("Updating", r"machine config for ", _begins("update", n_("writing its config"))),
    ("Updating", r"\S+ \[[^\]]*\]$", _begins("update", n_("writing its config"))),
    ("Replacing", rf"{_ID} by new machine", _begins("update", n_("by a new one"))),
    ("Failed", r"to update machines: .* Retrying\.\.\.$", Rule("again", ("update", "start", "smoke", "health"), n_("once more"))),
    ("Waiting", r"for machine \S+ to reach a good state", _begins("start")),
    ("Waiting", r"for \S+ \[[^\]]*\] to have state: ", _begins("start")),
    ("Machine", r"\S+ reached \S+ state", _ends("start")),
    ("Machine", r"\S+ \[[^\]]*\] has state: ", _ends("start")),
    ("Running", r"smoke checks on machine ", _begins("smoke")),
    ("Checking", rf"that {_ID} is up and running", _begins("smoke")),
    ("Running", r"machine checks on machine ", _ends("smoke")),
    ("Checking", r"health of machine ", _begins("health")),
    ("Waiting", rf"for {_ID} to become healthy: (?P<n>\d+)/(?P<all>\d+)", _begins("health", n_("{n} of {all} checks pass"))),
    ("Machine", r"\S+ is now in a good state", _ends(*TO_THE_END)),
    ("Machine", rf"{_ID} update succeeded", _ends(*TO_THE_END)),
    ("WARNING", r"The app is not listening", Rule("says", TO_THE_END, n_("the app does not listen yet"))),
    # Its name, when that is asked for.
    ("Checking", r"DNS configuration for (?P<what>\S+)", _begins("dns", "{what}")),
    ("✓", r"DNS configuration verified", _ends("dns")),
    ("DNS|WARNING:", r"(?:DNS )?verification failed", _ends("dns", words=n_("not known everywhere yet"))),
    ("Visit|Your", r"(?:your newly deployed app (?:at|is available)|app is deployed but) ", _ends(*TO_THE_END, "dns")),
)  # fmt: skip

_RULES: dict[str, list[tuple[re.Pattern[str], Rule]]] = {}
for _words, _pattern, _rule in _TABLE:
    for _word in _words.split("|"):
        _RULES.setdefault(_word, []).append((re.compile(_pattern), _rule))


def rule_for(line: str) -> tuple[Rule, dict[str, str]] | None:
    """The rule for a line without its sign, and what the line says."""
    word, _space, rest = line.partition(" ")
    for pattern, rule in _RULES.get(word, ()):
        if (found := pattern.match(rest)) is not None:
            return rule, found.groupdict()
    return None

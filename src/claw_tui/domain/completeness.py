"""What still keeps the answers from being a plan."""

from __future__ import annotations

from dataclasses import dataclass

from claw_tui.domain import names, own_image
from claw_tui.domain.gateway_config import gateway_problems
from claw_tui.domain.secret_kinds import GATEWAY_TOKEN, providers_of
from claw_tui.domain.spec import MIN_MEMORY_MB, Spec
from claw_tui.i18n import _

MAX_VOLUME_GB = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend: on which step, in which field, and what it is."""

    step: str
    field: str
    words: str


def app_problems(spec: Spec) -> list[Problem]:
    found = []
    if words := names.app_name_problem(spec.app):
        found.append(Problem("app", "name", words))
    if not spec.region:
        found.append(Problem("app", "region", _("Choose where the machine runs.")))
    if not 1 <= spec.volume_gb <= MAX_VOLUME_GB:
        found.append(Problem("app", "volume", _("1 to {most} GB.").format(most=MAX_VOLUME_GB)))
    if words := names.image_tag_problem(spec.version):
        found.append(Problem("app", "version", words))
    if spec.memory_mb < MIN_MEMORY_MB:
        words = _(
            "The gateway needs 2 GB: it alone takes more than 1 GB, and every command in the machine 0.2 GB."
        )
        found.append(Problem("app", "memory", words))
    if words := own_image.source_problem(spec):
        found.append(Problem("app", "source", words))
    return found


def secret_problems(spec: Spec) -> list[Problem]:
    found = []
    if GATEWAY_TOKEN not in spec.secret_names:
        found.append(
            Problem("secrets", GATEWAY_TOKEN, _("The gateway needs a token: nobody else is to use it."))
        )
    if not providers_of(spec.secret_names) and not _opens_itself(spec.gateway.base):
        found.append(Problem("secrets", "model", _("Give the key of one model provider at least.")))
    return found


def _opens_itself(base: str) -> bool:
    """A file of the person's own may lead to a model without a key of ours."""
    if not base:
        return False
    from claw_tui.domain.openclaw.own_models import opens_models_itself  # noqa: PLC0415  (no start reads openclaw.json)

    return opens_models_itself(base)


def problems(spec: Spec) -> list[Problem]:
    """All of them, in the order of the road."""
    found = [] if spec.org else [Problem("account", "org", _("Choose an organization."))]
    found += app_problems(spec) + secret_problems(spec)
    found += [
        Problem("gateway", name, words)
        for name, words in gateway_problems(spec.gateway, spec.secret_names, private=spec.private)
    ]
    return found

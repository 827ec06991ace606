"""The openclaw.json that is wanted: written from the answers alone, or the answers in a file that the person has."""

from __future__ import annotations

from collections.abc import Iterable

from claw_tui.domain.gateway_config import Json, build_config
from claw_tui.domain.spec import Spec


def wanted_config(spec: Spec, addresses: Iterable[str] = ()) -> Json:
    """``addresses`` are the app's own. What the answers do not cover stays as it is in ``spec.gateway.base``.

    Raises ValueError for a base that can't be read.
    """
    if not spec.gateway.base:
        return build_config(spec, addresses)
    from claw_tui.domain.openclaw.spec_of import read_known  # noqa: PLC0415  (a new file does without it)

    return read_known(spec.gateway.base, spec.version).with_answers(spec, tuple(addresses))

"""Answers that only others can judge: asked before anything is made, not after a part of it is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from claw_tui.domain.errors import BadKey, ClawError
from claw_tui.domain.secret import Secret
from claw_tui.engine.context import View
from claw_tui.engine.version_check import missing_version
from claw_tui.i18n import _
from claw_tui.plain.desk import Wrong
from claw_tui.ports import Services


async def wrong_facts(services: Services, view: View, values: Mapping[str, Secret]) -> list[Wrong]:
    """Of what the plan would need new: organization, region, version, and the keys of ``values`` that are to be sent.

    Whoever can't be asked is no reason to stop: the run says it then.
    """
    asked = await asyncio.gather(
        _account(services, view), _version(services, view),
        *(_key(services, name, values[name]) for name in view.unsent if name in values),
        return_exceptions=True,
    )  # fmt: skip
    found: list[Wrong] = []
    for answer in asked:
        if isinstance(answer, BaseException):
            if not isinstance(answer, ClawError):
                raise answer
        else:
            found += answer
    return found


async def _account(services: Services, view: View) -> list[Wrong]:
    if view.world.app is not None:
        return []
    orgs, regions = await asyncio.gather(services.fly.orgs(), services.fly.regions())
    found = []
    if orgs and view.spec.org not in [org.slug for org in orgs]:
        known = ", ".join(org.slug for org in orgs)
        found.append(
            Wrong("org", _("Your account has no such organization; it has: {known}").format(known=known))
        )
    if regions and view.spec.region not in [region.code for region in regions]:
        words = _("Fly.io has no such region; for example: {known}")
        found.append(
            Wrong("region", words.format(known=", ".join(sorted(region.code for region in regions)[:8])))
        )
    return found


async def _version(services: Services, view: View) -> list[Wrong]:
    words = await missing_version(services, view)
    return [Wrong("version", words)] if words else []


async def _key(services: Services, name: str, value: Secret) -> list[Wrong]:
    if not services.keys.can_check(name):
        return []
    try:
        await services.keys.check(name, value)
    except BadKey as error:
        return [Wrong(f"secrets.{name}", error.message)]
    return []

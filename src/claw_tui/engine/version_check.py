"""Whether the version that is to be deployed exists: asked before anything is made for it."""

from __future__ import annotations

from claw_tui.domain.spec import IMAGE
from claw_tui.engine.context import View
from claw_tui.i18n import _
from claw_tui.ports import Services


async def missing_version(services: Services, view: View) -> str:
    """Words; empty when it exists, runs already, is built from source, or can't be asked: then the deploy says it."""
    spec = view.spec
    running = {machine.image.partition("@")[0] for machine in view.world.machines}
    if spec.source != "image" or {spec.image, spec.base_image} & running:
        return ""
    return await unknown_version(services, spec.version)


async def unknown_version(services: Services, version: str) -> str:
    """Words, when the registry has no such image; empty when it has, or can't be asked."""
    if await services.web.image_exists(IMAGE, version) is not False:
        return ""
    return _("The image registry has no OpenClaw {version}.").format(version=version)

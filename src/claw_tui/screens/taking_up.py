"""An app that is in the account already: what it is, and whether it is to be taken over."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from claw_tui.domain.errors import ClawError
from claw_tui.domain.world import World
from claw_tui.engine.answers_kept import kept_answers
from claw_tui.engine.provenance import known_of
from claw_tui.engine.world import YOUNG_SECONDS
from claw_tui.i18n import _
from claw_tui.screens.dialogs import AskDialog

if TYPE_CHECKING:
    from claw_tui.engine.session import Session
    from claw_tui.screens.base import Page


def is_known(session: Session, app: str) -> bool:
    """Made from here, or set up from here, or taken over with the person's word."""
    book = known_of(session.services.journal(app))
    if book.is_ours or book.adopted:
        return True
    return app in session.services.state.known_apps() or session.services.runs.latest(app) is not None


def is_as_kept(session: Session) -> bool:
    """The answers say of place and size what was kept here when it was deployed."""
    spec = session.spec
    kept = kept_answers(session.services.state, spec.app)
    if kept is None:
        return False
    names = ("region", "vm_size", "memory_mb", "volume_name", "volume_gb")
    return all(getattr(kept, name) == getattr(spec, name) for name in names)


def use_its_org(session: Session, app: str) -> str:
    """Who pays for an app is not changed by deploying it."""
    org = next((known.org for known in session.apps if known.name == app), "")
    if org:
        session.update(org=org)
    return org


async def mine(session: Session, app: str, *, ask: bool = False) -> bool | None:
    """Whether the account has it; None when it can't be asked. ``ask``: once more."""
    with suppress(ClawError):
        return await session.is_mine(app, ask=ask)
    return None


async def agreed(page: Page) -> bool:
    """Ask before an app that others made gets a gateway. Says so where it can't be looked at."""
    session, app = page.session, page.session.spec.app
    page.tell(_("Looking at {app} …").format(app=app))
    try:
        if not await session.is_mine(app):
            page.tell("")
            return True
        use_its_org(session, app)
        world = World() if is_known(session, app) else await session.look(app, max_age=YOUNG_SECONDS)
    except ClawError as error:
        page.tell_error(error)
        return False
    page.tell("")
    return await taken_over(page, world)


async def taken_over(page: Page, world: World) -> bool:
    """The same, of what was read of it."""
    session, app = page.session, page.session.spec.app
    if world.app is None or is_known(session, app):
        return True
    question = "\n\n".join((
        _("There is an app {app} in your organization {org}, and it was not made from here.").format(app=app, org=world.app.org),
        _contents(world),
        _("Taking it over means that its machine then runs OpenClaw. Its volume stays as it is."),
    ))  # fmt: skip
    dialog = AskDialog(question, _("Take it over"), _("Another name"))
    if await page.app.push_screen_wait(dialog) is not True:
        return False
    try:
        session.services.journal(app).note({"adopted": app})
    except ClawError as error:
        page.tell_error(error)
        return False
    return True


def _contents(world: World) -> str:
    parts = [
        _("machine {id}: {image}, {state}").format(id=m.id, image=m.image, state=m.state)
        for m in world.machines
    ]
    parts += [
        _("volume {name}, {size} GB in {region}").format(name=v.name, size=v.size_gb, region=v.region)
        for v in world.volumes
    ]
    return (
        _("It has: {what}.").format(what="; ".join(parts))
        if parts
        else _("It has no machine and no volume yet.")
    )


def taken_words(world: World) -> str:
    """For the note at the name."""
    if not world.volumes:
        return _("This app is yours already: it is taken up as it is.")
    volume = world.volumes[0]
    words = _("This app is yours already; its volume {name}, {size} GB in {region}, is taken up.")
    return words.format(name=volume.name, size=volume.size_gb, region=volume.region)

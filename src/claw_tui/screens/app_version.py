"""What the image registry says of the version in App's field: of the one that stands there, and of no other."""

from __future__ import annotations

from claw_tui.domain import names
from claw_tui.domain.spec import IMAGE
from claw_tui.i18n import _
from claw_tui.screens.base import Page
from claw_tui.widgets.field import Field
from claw_tui.widgets.line_input import LineInput


class VersionCheck:
    """Of one screen."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._told = ""  # the version that the words below the field are about

    @property
    def _typed(self) -> str:
        return self._page.query_one("#version-input", LineInput).value.strip()

    def typed(self) -> None:
        """Something else stands there now."""
        if self._told and self._typed != self._told:
            self._say("", "")

    async def look(self) -> None:
        """Ask the registry, unless its answer stands there already."""
        version, web = self._typed, self._page.session.services.web
        if problem := names.image_tag_problem(version):
            self._say("", problem, problem=True)
            return
        if version == self._told:
            return
        exists = await web.image_exists(IMAGE, version)
        newest = (*await web.newest_versions(IMAGE), version)[0] if exists else version
        if version != self._typed:
            return
        if exists is None:
            self._say("", _("The image registry can't be asked from here."))
        elif not exists:
            words = _("The image registry has no version {version}.").format(version=version)
            self._say(version, words, problem=True)
        elif newest == version:
            self._say(version, _("The registry has it."), good=True)
        else:
            words = _("The registry has it; the newest is {newest}.").format(newest=newest)
            self._say(version, words, good=True)

    def _say(self, told: str, words: str, *, problem: bool = False, good: bool = False) -> None:
        self._told = told
        self._page.query_one("#version", Field).note(words, problem=problem, good=good)

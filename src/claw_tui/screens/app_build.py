"""The rows of the App screen about where OpenClaw comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from claw_tui.domain.builds import build_words, is_built
from claw_tui.domain.own_image import NAMES, PROGRAMS, programs, source_problem
from claw_tui.domain.spec import PINNED_VERSION, Spec
from claw_tui.i18n import _
from claw_tui.screens.base import Page
from claw_tui.screens.dialogs import PickSeveralDialog
from claw_tui.widgets.choice import Choice, Option
from claw_tui.widgets.field import Field
from claw_tui.widgets.line_input import LineInput
from claw_tui.widgets.pick_list import Item


def build_fields() -> Iterator[Field]:
    sources = [
        Option("image", _("Prebuilt image"), _("starts in a minute")),
        Option("git", _("Build from source"), _("ten minutes and more")),
    ]
    yield Field(
        _("OpenClaw from"), Choice(sources, id="source-choice"), id="source",
        help_text=_("The official image, or the official repository at the version's tag, with its own Dockerfile."),
    )  # fmt: skip
    yield Field(
        _("Built by"), Choice(id="builder-choice"), id="builder",
        help_text=_("Fly.io builds where flyctl thinks best (Depot), or on a machine of your own there; or Docker does here."),
    )  # fmt: skip
    yield Field(
        _("Version"), LineInput(max_length=60, id="version-input"), id="version",
        help_text=_("An exact version; {version} is the one that all of this was tested with.").format(version=PINNED_VERSION),
    )  # fmt: skip


async def ask_programs(page: Page) -> None:
    """Programs beside OpenClaw in its image: those that an answer needs are there anyway."""
    spec = page.session.spec
    needed = programs(replace(spec, programs=()))
    items = [
        Item(name, _(NAMES[name]), _("in it anyway: an answer needs it") if name in needed else "")
        for name in PROGRAMS
    ]
    note = _("With one of them an image is built on top of OpenClaw's: 2 to 5 minutes more at a deploy.")
    dialog = PickSeveralDialog(_("More programs for the image"), items, spec.programs, note=note)
    found = await page.app.push_screen_wait(dialog)
    if found is not None:
        page.session.update(programs=found)


def show_build(page: Page, spec: Spec, *, docker: bool) -> None:
    """What the answers are, and what they cost. Docker is offered where it answers."""
    page.query_one("#source-choice", Choice).value = spec.source
    options = [
        Option("remote", _("Fly.io, as flyctl chooses"), _("Depot")),
        Option("machine", _("A builder machine on Fly.io"), _("of your own")),
    ]
    if docker or spec.builder == "local":
        options.append(Option("local", _("Docker on this computer")))
    page.query_one("#builder-choice", Choice).set_options(options, spec.builder)
    built = is_built(spec)
    page.query_one("#builder", Field).display = built
    page.query_one("#builder" if built else "#source", Field).note(build_words(spec))
    if built:
        wrong = source_problem(spec)
        page.query_one("#source", Field).note(wrong, problem=bool(wrong))

"""The command palette: where one can go, and what every key of the screen does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.screen import Screen

from claw_tui.i18n import _
from claw_tui.screens import road

if TYPE_CHECKING:
    from claw_tui.app import ClawApp


def commands(app: ClawApp, screen: Screen[Any]) -> Iterator[SystemCommand]:
    """No screenshot command: it would save what is on the screen, and nothing of Textual's own help."""
    yield SystemCommand(_("Help"), _("What this screen is for, and its keys"), app.action_help)
    yield SystemCommand(_("Theme"), _("Dark, light, or the terminal's own colours"), app.action_change_theme)
    if app.is_loaded and (name := app.session.home_app) and app.current_mode != "home":
        words = _("Go to {step}").format(step=_("Home of {app}").format(app=name))
        yield SystemCommand(words, "", lambda: app.go("home"))
    for step, title in road.STEPS:
        if step in app.visited and step != app.current_mode:
            yield SystemCommand(_("Go to {step}").format(step=_(title)), "", lambda step=step: app.go(step))
    for node, binding, enabled, _tooltip in screen.active_bindings.values():
        if enabled and binding.show and binding.description and node is not app:
            title = f"{_(binding.description)} ({app.get_key_display(binding)})"
            yield SystemCommand(title, "", lambda key=binding.key: app.simulate_key(key.split(",")[0]))
    yield SystemCommand(_("Quit"), _("A deploy that is going on goes on"), app.action_leave)

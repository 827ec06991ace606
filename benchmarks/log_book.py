"""The Logs screen with a hundred thousand lines: as they come, filtered, searched."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.logs import Stalls
from claw_tui.app import ClawApp
from claw_tui.domain.answers import LogEntry
from claw_tui.domain.log_book import LogFilter
from claw_tui.domain.log_lines import Level
from claw_tui.engine.log_stream import LogStream
from claw_tui.screens.logs import LogsScreen
from claw_tui.wiring import services_for

LINES = 100_000


def _entries() -> list[LogEntry]:
    words = "[discord] message {} handled in 12ms for channel 1171000000000000003"
    return [
        LogEntry("2026-01-01T00:00:00Z", "info", "148e21", words.format(number), "148e21")
        for number in range(LINES)
    ]


async def _measure() -> dict[str, tuple[float, float]]:
    """Seconds and the longest stall in ms of each."""
    services = services_for(os.environ, demo=True)
    app = ClawApp(lambda: services, demo=True)
    found = {}
    async with app.run_test(size=(120, 40)):
        await app.load()
        app.session.home_app = "my-app"
        app.go("logs")
        await asyncio.sleep(0.1)
        page = app.screen
        assert isinstance(page, LogsScreen)
        page.workers.cancel_group(page, "follow")
        view = page.view
        stream = LogStream(app.session, "my-app", view.add)
        stream.push(_entries())
        async with Stalls() as stalls:
            begun = time.perf_counter()
            taking = asyncio.create_task(stream.take_all())
            while view.virtual_size.height < LINES:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            found["taken"] = time.perf_counter() - begun, stalls.worst
        taking.cancel()
        for name, wanted in (("level", LogFilter(level=Level.WARNING)), ("text", LogFilter(text="999"))):
            async with Stalls() as stalls:
                begun = time.perf_counter()
                await view.choose(wanted)
                found[name] = time.perf_counter() - begun, stalls.worst
        await view.choose(LogFilter())
        async with Stalls() as stalls:
            begun = time.perf_counter()
            view.words = "nobody says this"
            await view.search(forwards=True)
            found["search"] = time.perf_counter() - begun, stalls.worst
        app.leave_now()
    return found


def log_book(_base: Path) -> list[Figure]:
    found = asyncio.run(_measure())
    stall = max(worst for _seconds, worst in found.values())
    words = {
        "taken": "100 000 lines read, redacted, shown",
        "level": "… filtered by level",
        "text": "… by text",
        "search": "… searched",
    }
    limits = {"taken": 2.0, "level": 0.3, "text": 0.3, "search": 0.3}
    figures = [
        Figure(words[name], f"≤ {limits[name]:.1f} s", f"{seconds:.2f} s", "", seconds <= limits[name])
        for name, (seconds, _worst) in found.items()
    ]
    return [*figures, Figure("… longest stall", "≤ 60 ms", f"{stall:.0f} ms", "", stall <= 60)]

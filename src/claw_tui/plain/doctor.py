"""`doctor`: its options; and `doctor --private`: is an app reachable from the internet? For people, for scripts, for cron."""

from __future__ import annotations

from argparse import Namespace

from claw_tui.domain.errors import ClawError
from claw_tui.domain.exposure.judgement import Privacy
from claw_tui.domain.spec import Spec
from claw_tui.engine.exposure import PrivacyProof
from claw_tui.engine.privacy_report import line_data, line_texts, save
from claw_tui.engine.session import Session
from claw_tui.i18n import _
from claw_tui.plain import exits
from claw_tui.plain.desk import refuse_no_name
from claw_tui.plain.door import Door
from claw_tui.plain.out import Out
from claw_tui.plain.signals import Signals

EXITS = {
    Privacy.PRIVATE: exits.DONE,
    Privacy.NOT_PROBED_V6: exits.NOT_PROBED_V6,
    Privacy.EXPOSED: exits.EXPOSED,
    Privacy.UNKNOWN: exits.NOT_KNOWN,
}


async def doctor(out: Out, session: Session, signals: Signals, door: Door, args: Namespace) -> int:
    """Raises ClawError."""
    if args.private:
        return await privacy(out, session, door, args.private)
    from claw_tui.plain.doctoring import Doctor  # noqa: PLC0415

    return await Doctor(out, session, signals, door, args).look()


async def privacy(out: Out, session: Session, door: Door, app: str) -> int:
    """Also of an app that others made: no answers are needed. Raises ClawError."""
    refuse_no_name(app)
    await door.log_in()
    out.hide(session.redact)
    proof = PrivacyProof(session.services, Spec(app=app, private=True), session.reader)
    found = await proof.look()
    for line in found.lines:
        out.put("line", "\n".join(line_texts(line)), **line_data(line))
    number = EXITS[found.privacy]
    kept: dict[str, str] = {}
    try:
        text, data = save(session.services.state, found, proof.facts.at if proof.facts else 0.0, out.clean)
        kept = {"report": str(text), "report_json": str(data)}
    except ClawError as error:  # a full disk changes no verdict
        out.aside(error.message)
    shown = ["", found.words, *([_("Kept in {path}").format(path=kept["report"])] if kept else ())]
    out.put(
        "privacy", "\n".join(shown), app=app, verdict=found.privacy.value, words=found.words, reachable=found.reachable,
        exit=number, **kept,
    )  # fmt: skip
    return number

"""Every text a person reads goes through ``_``. The language is chosen once, before the first screen."""

from __future__ import annotations

TYPE_CHECKING = False  # every start of the program waits for what is imported here
if TYPE_CHECKING:
    from collections.abc import Callable

PSEUDO = "pseudo"

_ACCENTED = str.maketrans(
    "AEIOUYaeiouycdghjklnrstwzCDGHJKLNRSTWZ",
    "ÀÉÎÕÛÝàéîõûýçđĝĥĵķļñŕšţŵžÇĐĜĤĴĶĻÑŔŠŢŴŽ",
)


def _same(text: str) -> str:
    return text


def _english_plural(one: str, several: str, count: int) -> str:
    return _translate(one if count == 1 else several)


_translate: Callable[[str], str] = _same
_plural: Callable[[str, str, int], str] = _english_plural


def _(text: str) -> str:
    """Return ``text`` in the chosen language."""
    return _translate(text)


def many(one: str, several: str, count: int) -> str:
    """Return the form for ``count`` in the chosen language; ``{count}`` in it is filled in."""
    return _plural(one, several, count).format(count=count)


def n_(text: str) -> str:
    """Mark a text for translation where it is defined; ``_`` translates it where it is shown."""
    return text


def pseudo(text: str) -> str:
    """Return an accented copy, 40 % longer: it shows what was not translated, and what does not fit."""
    if not text.strip():
        return text
    import math  # noqa: PLC0415
    import re  # noqa: PLC0415

    parts = re.split(r"(\{[^{}]*\})", text)
    body = "".join(part if part.startswith("{") else part.translate(_ACCENTED) for part in parts)
    return body + "·" * math.ceil(len(text) * 0.4)


# What a terminal without UTF-8 cannot show, as it was typed before there was any.
_TYPOGRAPHY = str.maketrans(
    {"“": '"', "”": '"', "…": "...", "·": "-", "–": "-", "✓": "+", "≥": ">=", "→": "->"}
)


def in_ascii(text: str) -> str:
    """Typographic signs as plain ones. Letters stay: they are somebody's language."""
    return text.translate(_TYPOGRAPHY)


def use_ascii_signs() -> None:
    """From now on every text is given without typographic signs."""
    global _translate, _plural  # noqa: PLW0603
    translate, plural = _translate, _plural
    _translate = lambda text: in_ascii(translate(text))  # noqa: E731
    _plural = lambda one, several, count: in_ascii(plural(one, several, count))  # noqa: E731


def use_language(code: str) -> None:
    """Choose the language: a code with a catalogue in ``assets/locale``, ``pseudo``, or English."""
    global _translate, _plural  # noqa: PLW0603
    _plural = _english_plural
    if code == PSEUDO:
        _translate = pseudo
        return
    short = code.partition("_")[0].partition(".")[0]
    _translate = _same
    if short in ("", "en", "C", "POSIX"):
        return
    import gettext  # noqa: PLC0415  (only a translated session pays for it)
    from pathlib import Path  # noqa: PLC0415

    locales = Path(__file__).parent / "assets" / "locale"
    catalogue = gettext.translation("claw_tui", locales, [short], fallback=True)
    _translate, _plural = catalogue.gettext, catalogue.ngettext

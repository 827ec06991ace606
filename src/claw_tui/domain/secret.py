"""A string that does not show itself in logs, tracebacks or worker descriptions."""

from __future__ import annotations

from claw_tui.i18n import _


class Secret:
    """Wraps a secret value; only ``reveal`` gives it back."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value in clear. Call it only where it leaves the program for its one right place."""
        return self._value

    def hint(self) -> str:
        """Return something to recognise it by: the last four characters of a value of 12 or more."""
        return f"…{self._value[-4:]}" if len(self._value) >= 12 else "…"

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __len__(self) -> int:
        return len(self._value)

    def __eq__(self, other: object) -> bool:
        from hmac import compare_digest  # noqa: PLC0415  (the first screen does without OpenSSL)

        return isinstance(other, Secret) and compare_digest(other._bytes(), self._bytes())

    def _bytes(self) -> bytes:
        return self._value.encode("utf-8", "surrogatepass")  # a paste may hold half of a pair

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a Secret is not pickled")


def strength(passphrase: Secret) -> str:
    """A word about how hard a passphrase is to guess. It is a hint: every one is taken."""
    text = passphrase.reveal()
    if not text:
        return ""
    if len(text) < 10 or len(set(text)) < 5:
        return _(
            "Easy to guess. Four words that do not belong together are better, and easy to keep in mind."
        )
    if len(text) < 16:
        return _("Fair. Longer is better: every word more makes it a thousand times harder to guess.")
    return _("Good.")

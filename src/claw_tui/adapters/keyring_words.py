"""What the keyring's child answers, in words for people: what is, why, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claw_tui.domain.answers import StoreProbe, StoreState
from claw_tui.i18n import _, n_

OTHER = n_("F6 chooses another place.")
RESTART = n_("Restart it or log in anew; or F6 chooses another place.")
NONE = n_("There is no keyring here ({why}).")
DESKTOP = n_("Do it on your desktop (KWallet, KeePassXC …), then F6 here; or F6 chooses another place.")
ELSEWHERE = ("keychain", "elsewhere")  # codes of what is shut and can't be opened from here

# (state, code) -> words, hint, and the code's own words for {why}; a code that is not here has the words of its state
WORDS: dict[tuple[str, str], tuple[str, str, str]] = {
    ("ready", ""): ("", "", ""),
    ("locked", ""): (n_("The keyring is locked."), n_("F6 unlocks it, or chooses another place."), ""),
    ("locked", "keychain"): (
        n_("The keychain is locked."), n_("Run `security unlock-keychain`, or F6 chooses another place."), "",
    ),
    ("locked", "elsewhere"): (n_("The keyring is locked, and only its own program can open it."), DESKTOP, ""),
    ("uncreated", "elsewhere"): (
        n_("No keyring was made here yet, and only its own program can make one."), DESKTOP, "",
    ),
    ("locked", "wrong-password"): (
        n_("The keyring does not open with this password."), n_("Type it again."), "",
    ),
    ("locked", "cannot-open"): (
        n_("This keyring can't be opened from here ({why})."),
        n_("Open it with your desktop's own program, or choose another place."), "",
    ),
    ("uncreated", ""): (
        n_("No keyring was made here yet."), n_("F6 makes one, or chooses another place."), "",
    ),
    ("hangs", ""): (n_("The keyring does not answer."), RESTART, ""),
    ("disabled", ""): (n_("Keyrings are switched off here ({why})."), OTHER, ""),
    ("unsafe", ""): (n_("The keyring set up here ({why}) is not known to keep secrets safe."), OTHER, ""),
    ("unsafe", "kwallet"): (
        n_("KWallet's own interface opens a window whenever it is asked."),
        n_("Set PYTHON_KEYRING_BACKEND={why}: KWallet speaks that since KDE 5.97. Or F6 chooses another place."), "",
    ),
    ("absent", ""): (NONE, OTHER, ""),
    ("absent", "no-bus"): (NONE, OTHER, n_("no session bus")),
    ("absent", "dead-bus"): (NONE, OTHER, n_("the session bus does not answer")),
    ("absent", "no-service"): (NONE, OTHER, n_("no program that keeps secrets")),
    ("absent", "kwallet"): (
        n_("KWallet is here, but does not offer itself to other programs (Secret Service)."),
        n_("Open it on your desktop once (KDE 5.97 or newer), then F6 here; or F6 chooses another place."), "",
    ),
    ("absent", "not-exported"): (
        n_("There is a session bus, but this shell was not told of it (after sudo or su?)."),
        n_("Start again with DBUS_SESSION_BUS_ADDRESS=unix:path={why}, or F6 chooses another place."), "",
    ),
    ("error", ""): (n_("The keyring refused ({why})."), OTHER, ""),
    ("error", "not-allowed"): (
        n_("The keychain may not be asked by this Python without a window."),
        n_("Remove its entries “claw-tui” in Keychain Access; or F6 chooses another place."), "",
    ),
    ("error", "not-kept"): (n_("What the keyring was given could not be read back."), OTHER, ""),
    ("error", "not-gone"): (n_("The keyring did not remove what it was asked to."), n_("Try again."), ""),
}  # fmt: skip


def told(answer: Mapping[str, Any]) -> StoreProbe:
    """The child's answer in words."""
    state, code = StoreState(answer["state"]), str(answer.get("code", ""))
    words, hint, why = WORDS.get((state.value, code)) or WORDS[state.value, ""]
    detail = _(why) if why else str(answer.get("detail", "")) or code
    return StoreProbe(state, _(words).format(why=detail), _(hint).format(why=detail), code in ELSEWHERE)

"""Where secrets are kept: the question, the passphrase, and moving from one place to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from claw_tui.domain.answers import StoreKind, StoreProbe, StoreState
from claw_tui.domain.errors import ClawError
from claw_tui.domain.secret import strength
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog
from claw_tui.screens.dialogs import PickDialog
from claw_tui.widgets.passphrase_input import PassphraseInput
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.engine.vault import Vault
    from claw_tui.screens.base import Page

KINDS: dict[str, StoreKind] = {"keyring": "keyring", "file": "file", "memory": "memory"}
CHANGE = "passphrase"  # the line that is no place


class PassphraseDialog(Dialog[bool]):
    """Opens a place with its password; one that is made now asks for it twice, and so does another one for the file."""

    HELP: ClassVar[str] = n_(
        "The passphrase opens the place where your secrets are kept. Nobody can bring it back: if it is lost, the secrets in"
        " that place have to be given again. Escape leaves the place closed."
    )

    def __init__(self, kind: StoreKind, *, new: bool = False, change: bool = False) -> None:
        super().__init__()
        self._kind, self._new, self._change = kind, new or change, change
        self._writing = False

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel"):
            yield Static(self._title(), classes="title", markup=False)
            yield Static(self._about(), markup=False)
            yield PassphraseInput(placeholder=_("type it here"), id="passphrase")
            if self._new:
                yield PassphraseInput(placeholder=_("the same once more"), id="again")
            yield Static("", id="verdict", markup=False)

    def _title(self) -> str:
        if self._change:
            return _("Another passphrase for your file of secrets")
        if self._kind == "file":
            return _("A passphrase for your file of secrets") if self._new else _("Open your file of secrets")
        return _("Make a keyring on this computer") if self._new else _("Unlock this computer's keyring")

    def _about(self) -> str:
        if self._change:
            return _(
                "All of the file is encrypted anew with it. Until that is done, the old one stays as it is."
            )
        if self._kind == "file" and self._new:
            return _(
                "The file is encrypted with it. Nobody can open the file without it, and it is kept nowhere."
            )
        if self._kind == "file":
            why = self.session.vault.probe_of("file").why
            return f"{why} {_('Its passphrase is the one that you gave it last.')}"
        if self._new:
            return _("With the password of your login it opens by itself when you log in on the desktop.")
        return _("Its password is mostly the one of your login on this computer.")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#passphrase").focus()

    @on(PassphraseInput.Edited)
    def _edited(self) -> None:
        field = self.query_one("#passphrase", PassphraseInput)
        self._say(strength(field.secret) if self._new else "")

    def _say(self, words: str) -> None:
        self.query_one("#verdict", Static).update(words)

    @on(PassphraseInput.Given, "#passphrase")
    def _first(self) -> None:
        if not self.query_one("#passphrase", PassphraseInput).secret:
            self._say(_("Nothing was typed."))
        elif self._new:
            self.query_one("#again").focus()
        else:
            self.unlock()

    @on(PassphraseInput.Given, "#again")
    def _second(self) -> None:
        first, again = (
            self.query_one("#passphrase", PassphraseInput),
            self.query_one("#again", PassphraseInput),
        )
        if first.secret and first.secret == again.secret:
            self.unlock()
            return
        self._say(_("The two are not the same. Type both again."))
        with self.prevent(PassphraseInput.Edited):
            first.value = again.value = ""
        first.focus()

    @work(exclusive=True, group="unlock", description="opening")
    async def unlock(self) -> None:
        vault, secret = self.session.vault, self.query_one("#passphrase", PassphraseInput).secret
        self._say(_("Encrypting …") if self._change else _("Opening …"))
        self._writing = self._change
        try:
            await (vault.change_passphrase(secret) if self._change else vault.unlock(self._kind, secret))
        except ClawError as error:
            self._say(f"{error.message} {error.hint}")
            return
        finally:
            self._writing = False
        self.dismiss(True)

    def action_close(self) -> None:
        """Not while the file is written with another passphrase: whoever left would not know which one holds."""
        if not self._writing:
            self.dismiss(None)


class MoveDialog(Dialog[bool]):
    """Shown while secrets move: a keyring takes a tenth of a second for each, and nothing may come between."""

    HELP: ClassVar[str] = n_(
        "Your secrets are copied to the new place, read back there, and then removed from the old one. It ends by itself."
    )

    def __init__(self, kind: StoreKind) -> None:
        super().__init__()
        self._kind = kind
        self.moved = self.left = 0
        self.error: ClawError | None = None

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel"):
            yield Static(_("Moving your secrets …"), classes="title", markup=False)
            yield Static(_("Those that were moved are removed from the old place at the end."), markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.move()

    def action_close(self) -> None:
        """It ends by itself."""

    @work(group="move", description="moving secrets")
    async def move(self) -> None:
        try:
            self.moved, self.left = await self.session.vault.move(self._kind)
        except ClawError as error:
            self.error = error
        self.dismiss(self.error is None)


def _keyring_words(keyring: StoreProbe) -> str:
    if not keyring.shut:
        return _("best")
    if keyring.elsewhere:
        return _("not open: Enter looks again")
    return (
        _("it is locked: unlock it here")
        if keyring.state is StoreState.LOCKED
        else _("none yet: make one here")
    )


def _items(vault: Vault, *, demo: bool) -> list[Item]:
    """The places that can be had now. A keyring that can't be used is not offered; the note says why."""
    keyring, file = vault.probe_of("keyring"), vault.probe_of("file")
    items = []
    if keyring.state is StoreState.READY or keyring.shut:
        items.append(Item("keyring", _("This computer's keyring"), _keyring_words(keyring)))
    words = {
        StoreState.READY: _("it is open"),
        StoreState.LOCKED: _("it asks for your passphrase"),
        StoreState.UNCREATED: _("you choose a passphrase"),
    }
    items.append(
        Item("file", _("A file, encrypted"), words.get(file.state, _("it can't be read: Enter says why")))
    )
    if vault.kind == "file" and file.state is StoreState.READY:
        items.append(Item(CHANGE, _("… with another passphrase"), _("you choose a new one")))
    items.append(Item("memory", _("Memory, until you leave claw-tui"), _("you are asked again next time")))
    return items if not demo else [item._replace(detail=_("demo: nothing is written")) for item in items]


def _note(vault: Vault) -> str:
    kind, keyring = vault.kind, vault.probe_of("keyring")
    notes = []
    if keyring.state is not StoreState.READY and not keyring.opens:
        notes.append(keyring.why)
    if kind in ("keyring", "file") and not vault.ready:
        notes.append(_("What is in a place that is not open stays there until you open it."))
    elif kind is not None:
        notes.append(_("Secrets that you gave move along."))
    memory = _(
        "In memory they are gone when claw-tui ends, and it asks for them again; a run that goes on has what it needs."
    )
    return "\n".join((" ".join(notes) or _("Secrets are never written in clear."), memory))


async def choose_store(page: Page) -> bool:
    """Ask where secrets are to be kept; they move there, and the old place is emptied. True: a place can be used."""
    vault = page.session.vault
    await vault.look(everywhere=True)
    if vault.given is not None:
        return await _as_given(page, vault.given)
    dialog = PickDialog(
        _("Where are secrets kept?"), _items(vault, demo=page.claw.demo), vault.kind or "",
        note=_note(vault), text_width=34,
    )  # fmt: skip
    found = await page.app.push_screen_wait(dialog)
    if found == CHANGE:
        return await _change_passphrase(page)
    return await _use(page, KINDS[found]) if found else vault.ready


async def _change_passphrase(page: Page) -> bool:
    if await page.app.push_screen_wait(PassphraseDialog("file", change=True)):
        page.tell(
            _("Your file of secrets has its new passphrase."),
            _("Copies of the file that were made before still open with the old one."),
        )
    return page.session.vault.ready


async def _as_given(page: Page, kind: StoreKind) -> bool:
    """The environment says where; it can be opened here, and not changed."""
    vault = page.session.vault
    if vault.probe_of(kind).state is not StoreState.READY:
        return await _use(page, kind)
    words = _("CLAW_TUI_SECRETS says where: {where}.").format(where=vault.where)
    if kind == "file":
        change = Item(CHANGE, _("Another passphrase for it"), _("you choose a new one"))
        if await page.app.push_screen_wait(
            PickDialog(words, [change], note=_("To choose here, start without it."))
        ):
            return await _change_passphrase(page)
        return True
    page.tell(words, _("To choose here, start without it."))
    return True


async def _use(page: Page, kind: StoreKind) -> bool:
    vault = page.session.vault
    if vault.probe_of(kind).elsewhere:  # perhaps it was opened in between
        await vault.look(everywhere=True)
    probe = vault.probe_of(kind)
    if probe.opens:
        asked = PassphraseDialog(kind, new=probe.state is StoreState.UNCREATED)
        if not await page.app.push_screen_wait(asked):
            return False
        probe = vault.probe_of(kind)
    if probe.state is not StoreState.READY:
        page.tell(probe.why, probe.hint, problem=True)
        return False
    dialog = MoveDialog(kind)
    if not await page.app.push_screen_wait(dialog):
        if dialog.error is not None:
            page.tell_error(dialog.error)
        return False
    said = _("Secrets are kept in {where}.").format(where=vault.where)
    if dialog.left:
        words = _("{count} could not be removed from the old place.").format(count=dialog.left)
        page.tell(said, words, problem=True)
    else:
        page.tell(said, _("{count} moved there.").format(count=dialog.moved) if dialog.moved else "")
    return True


async def ensure_store(page: Page) -> bool:
    """Before a secret is asked for: the place is open, or the person is asked. True: it can be used."""
    vault = page.session.vault
    await vault.look()
    if vault.ready:
        try:
            await vault.settle()
        except ClawError as error:
            page.tell_error(error)
        return True
    if vault.kind == "file" and vault.probe.opens:
        return await _use(page, "file")
    return await choose_store(page)

"""Home's key I: files of the machine."""

from __future__ import annotations

import posixpath
import time
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain.errors import BadInput, ClawError
from claw_tui.domain.machine_files import (
    CONFIG,
    FileEntry,
    Folder,
    is_config,
    may_hold_secrets,
    mode_words,
    owner_words,
    remote_path,
    size_words,
)
from claw_tui.domain.spec import STATE_DIR
from claw_tui.engine.file_desk import FileDesk
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Page
from claw_tui.screens.dialogs import AskDialog, LineDialog
from claw_tui.screens.output import OutputDialog
from claw_tui.screens.saving import ask_place
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item, PickList

UP = ".."


class FilesScreen(Page):
    """One folder at a time."""

    KEY_ROWS = 2
    HELP = n_(
        "The machine's files; what is below /data is on the volume and stays, everything else is new after each deploy.\n\n"
        "Enter opens a folder, or shows the beginning of a file. What may hold secrets is never shown here, only copied: then"
        " only you can read it. G fetches a file to this computer. P puts one there: it is sent under another name, compared,"
        " gets owner and rights of the file that was there (else the gateway's), and takes its place in one step.\n\n"
        "openclaw.json is not put like that, for a bad one would keep the gateway from starting: E on Home loads yours, has it"
        " checked by OpenClaw, and follows how the gateway takes it. Files over 48 KB go through a tunnel of flyctl's, which"
        " takes a few seconds to begin; over 512 MB nothing is copied here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "fetch", n_("Fetch")),
        Binding("p", "put", n_("Put a file")),
        Binding("f", "folder", n_("Another folder")),
        Binding("r", "look", n_("Look again")),
        Binding("f5", "look", show=False),
        Binding("escape", "home", n_("Home")),
    ]

    def __init__(self, app: str) -> None:
        super().__init__()
        self._desk_of = app
        self._folder, self._seen = Folder(STATE_DIR, ()), False

    def compose_body(self) -> ComposeResult:
        yield Static(_("Looking …"), id="folder-words", classes="words", markup=False)
        yield PickList(id="files", text_width=34)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#files").focus()
        self.look(self._folder.path)

    @property
    def desk(self) -> FileDesk:
        return FileDesk(self.session, self._desk_of)

    def action_look(self) -> None:
        self.tell("")
        self.look(self._folder.path)

    @work(exclusive=True, group="look")
    async def look(self, path: str, cursor: str = "") -> None:
        self.query_one("#folder-words", Static).update(_("Looking …"))
        try:
            self._folder, self._seen = await self.desk.look(path), True
        except ClawError as error:
            self.tell_error(error)
        folder = self._folder
        words = f"{folder.path}  " + _("(not all of them)") if folder.more else folder.path
        self.query_one("#folder-words", Static).update(words)
        rows = [Item(UP, UP, _("the folder above"))] if folder.path != "/" else []
        self.query_one("#files", PickList).set_items([*rows, *map(_item, folder.entries)], cursor)

    def _path(self, name: str) -> str:
        return posixpath.join(self._folder.path, name)

    @property
    def _current(self) -> FileEntry | None:
        name = self.query_one("#files", PickList).current
        return next((entry for entry in self._folder.entries if entry.name == name), None)

    @on(PickList.Chosen, "#files")
    def _chosen(self, event: PickList.Chosen) -> None:
        self.tell("")
        if event.item == UP:
            self.look(posixpath.dirname(self._folder.path), posixpath.basename(self._folder.path))
            return
        entry = self._current
        if entry is not None and entry.is_folder:
            self.look(self._path(entry.name))
        elif entry is not None:
            self.show(self._path(entry.name))

    @work(exclusive=True, group="file")
    async def show(self, path: str) -> None:
        if may_hold_secrets(path):
            self.tell(
                _("This file may hold secrets or talks: it is not shown. G fetches it to this computer.")
            )
            return
        self.tell(_("Reading …"))
        try:
            text = await self.desk.text(path)
        except ClawError as error:
            self.tell_error(error)
            return
        self.tell("")
        self.app.push_screen(
            OutputDialog(path, text or _("It is empty."), file_name=posixpath.basename(path))
        )

    @work(exclusive=True, group="folder")
    async def action_folder(self) -> None:
        path = await self.app.push_screen_wait(
            LineDialog(_("Which folder in the machine?"), self._folder.path)
        )
        if path:
            try:
                self.look(remote_path(path))
            except BadInput as error:
                self.tell_error(error)

    # -- copying --------------------------------------------------------------------------------------------------
    @work(exclusive=True, group="copy")
    async def action_fetch(self) -> None:
        entry = self._current
        if not self._seen:
            self.tell(_("The folder has not been read yet."), _("R looks again."))
            return
        if entry is None or entry.is_folder:
            self.tell(_("Choose a file first: folders are fetched file by file."), problem=True)
            return
        remote = self._path(entry.name)
        note = _("{size}. Only you will be able to read it.").format(size=size_words(entry.size))
        title = _("Fetch {path} to").format(path=remote)
        local = await ask_place(self.app, title, str(Path.cwd() / entry.name), note)
        if local is None:
            return
        self.tell(_("Fetching …"))
        try:
            copied = await self.desk.get(remote, local, replace=local.exists())
        except ClawError as error:
            self.tell_error(error)
            return
        self.tell(_("Fetched: {path} ({size}).").format(path=local, size=size_words(copied.size)))

    @work(exclusive=True, group="copy")
    async def action_put(self) -> None:
        local = await self._ask_local(f"{Path.cwd()}/")
        if local is None:
            return
        try:
            remote = await self._ask_target(self._path(local.name))
            if not remote:
                return
            self.tell(_("Sending …"))
            copied = await self.desk.put(local, remote, replace=True)
        except ClawError as error:
            self.tell_error(error)
            return
        words = _("Put: {path} ({size}), {owner}, {mode}.")
        self.tell(
            words.format(
                path=remote, size=size_words(copied.size), owner=owner_words(copied.owner), mode=copied.mode
            )
        )
        self.look(posixpath.dirname(remote), posixpath.basename(remote))

    async def _ask_local(self, name: str) -> Path | None:
        """What was typed stays until there is such a file."""
        note = ""
        while (
            name := await self.app.push_screen_wait(
                LineDialog(_("Which file of this computer?"), name, note=note)
            )
            or ""
        ):
            local = Path(name).expanduser()
            if local.is_file():
                return local
            words = _("{path} is no file that can be sent.").format(path=local)
            note = f"{sign('failed')} {words}"
        return None

    async def _ask_target(self, target: str) -> str:
        """Empty: nowhere. What was typed stays until its folder is there. Raises ClawError."""
        note = ""
        while True:
            title = _("Put it where in the machine?")
            typed = await self.app.push_screen_wait(LineDialog(title, target, note=note))
            if not typed:
                return ""
            try:
                remote = remote_path(typed, self._folder.path)
                if not is_config(remote):
                    return remote if await self._may_replace(remote) else ""
            except BadInput as error:
                target, note = typed, f"{sign('failed')} {error.message}"
                continue
            await self._checked_way()
            return ""

    async def _may_replace(self, remote: str) -> bool:
        folder = await self.desk.look(posixpath.dirname(remote))
        if all(entry.name != posixpath.basename(remote) for entry in folder.entries):
            return True
        return await self._sure(_("{path} is in the machine already. Replace it?").format(path=remote))

    async def _sure(self, question: str) -> bool:
        answer: bool | None = await self.app.push_screen_wait(
            AskDialog(question, _("Replace it"), _("Keep it"))
        )
        return bool(answer)

    async def _checked_way(self) -> None:
        question = _(
            "{path} is the gateway's own file: a bad one would keep it from starting. Send it the checked way? On the screen"
            " Gateway F7 loads your file; OpenClaw checks it, and it is followed until it works."
        ).format(path=CONFIG)
        answer: bool | None = await self.app.push_screen_wait(
            AskDialog(question, _("Open Edit"), _("Not now"))
        )
        if answer:
            self.dismiss()
            self.claw.call_later(self._open_gateway)

    def _open_gateway(self) -> None:
        """From Home, which is in front again."""
        from claw_tui.screens.adopt import take_over  # noqa: PLC0415
        from claw_tui.screens.home import HomeScreen  # noqa: PLC0415

        page = self.claw.screen
        if isinstance(page, HomeScreen):
            page.run_worker(take_over(page, self._desk_of, "gateway"), group="do")

    def action_home(self) -> None:
        self.dismiss()


def _item(entry: FileEntry) -> Item:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.at)) if entry.at else ""
    size = "" if entry.is_folder else size_words(entry.size)
    name = entry.name if entry.name.isprintable() else repr(entry.name)
    about = f"{size:>9} {mode_words(entry)} {owner_words(entry.owner):<5} {when}"
    return Item(entry.name, name + ("/" if entry.is_folder else ""), about)

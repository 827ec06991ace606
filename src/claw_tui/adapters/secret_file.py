"""Secrets in one file, encrypted with a passphrase: for computers without a keyring.

Three lines: a header that anybody can read, the box, and a checksum of both. The box is ChaCha20-Poly1305 over all names
and values at once, filled up with blanks so that its size tells little; the header is authenticated with it. The key is
made by scrypt, once for a sitting. Whoever writes holds a lock, reads what is there now, changes one entry and replaces
the whole file, so two programs do not undo each other's work and a crash or a full disk leaves the old file. Another
passphrase is another salt and another key, written in the same one step.
"""

from __future__ import annotations

import base64
import json
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claw_tui.adapters.files import MOST_BYTES, held, read_text, write_atomic
from claw_tui.domain.errors import StateError, StoreError
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _

MAGIC, VERSION = "claw-tui secrets", 1
N, R, P = 1 << 16, 8, 1  # 64 MiB and about a quarter of a second
N_LEAST, N_MOST = 1 << 14, 1 << 18  # looked at before the work: a changed header must not eat all memory
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32
BLOCK = 1024
MADE_BY = ("scrypt", R, P, "ChaCha20-Poly1305")
LOCK_SECONDS = 3.0

Entries = dict[str, str]


@dataclass(frozen=True, slots=True)
class Header:
    """What is needed to make the key; the file's first line as well, byte for byte, because that is authenticated."""

    line: str
    n: int
    salt: bytes
    nonce: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it was made from."""

    header: Header
    key: bytes

    def __repr__(self) -> str:
        return "Key(***)"


def _bytes_of(text: object) -> bytes:
    if not isinstance(text, str):
        raise TypeError
    return base64.b64decode(text, validate=True)


def make_header(n: int, salt: bytes) -> Header:
    nonce = os.urandom(NONCE_BYTES)
    words = {
        "file": MAGIC, "version": VERSION, "kdf": "scrypt", "n": n, "r": R, "p": P, "cipher": "ChaCha20-Poly1305",
        "salt": base64.b64encode(salt).decode(), "nonce": base64.b64encode(nonce).decode(),
    }  # fmt: skip
    return Header(json.dumps(words), n, salt, nonce)


def make_key(passphrase: Secret, header: Header) -> Key:
    """The slow part. What another keyboard composes differently is the same passphrase: RFC 8265's OpaqueString, that
    is NFC, and every kind of blank (AltGr and the space bar) is a blank.
    """
    from hashlib import scrypt  # noqa: PLC0415  (the first screen does without OpenSSL)

    text = "".join(" " if unicodedata.category(char) == "Zs" else char for char in passphrase.reveal())
    words = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
    memory = 128 * R * header.n + (1 << 20)
    try:
        made = scrypt(words, salt=header.salt, n=header.n, r=R, p=P, maxmem=memory, dklen=KEY_BYTES)
    except (ValueError, MemoryError) as error:
        raise StoreError(
            _("There is too little memory for the file of secrets: it takes {size} MiB.").format(
                size=memory >> 20
            ),
            hint=_("Close other programs, or choose another place with F6."),
        ) from error
    return Key(header, made)


def _checksum(lines: str) -> str:
    from hashlib import sha256  # noqa: PLC0415  (the first screen does without OpenSSL)

    return sha256(lines.encode()).hexdigest()


def seal(entries: Entries, key: Key) -> str:
    """The whole file."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415

    header = make_header(key.header.n, key.header.salt)
    text = json.dumps(entries).encode()
    text += b" " * (-len(text) % BLOCK)
    box = ChaCha20Poly1305(key.key).encrypt(header.nonce, text, header.line.encode())
    lines = f"{header.line}\n{base64.b64encode(box).decode()}\n"
    return f"{lines}{_checksum(lines)}\n"


class SecretFile:
    """Reading and writing the file; everything here blocks, and raises StoreError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[Header, bytes] | None:
        """The header and the box, both looked at; None when there is no file."""
        try:
            text = read_text(self.path)
        except StateError as error:
            unreadable = isinstance(error.__cause__, OSError)  # what is in it may be as it should be
            raise StoreError(
                error.message, hint=error.hint if unreadable else self._damaged_hint()
            ) from error
        if text is None:
            return None
        first, _sep, rest = text.partition("\n")
        header = self._header(first)
        box, _sep, checksum = rest.partition("\n")
        if checksum != _checksum(f"{first}\n{box}\n") + "\n":
            raise self._damaged()
        try:
            return header, _bytes_of(box)
        except (ValueError, TypeError) as error:
            raise self._damaged() from error

    def _header(self, line: str) -> Header:
        """Everything is looked at before any work is done with it."""
        try:
            words: Any = json.loads(line)
            magic, version, n = words["file"], words["version"], words["n"]
            made_by = (words["kdf"], words["r"], words["p"], words["cipher"])
            salt, nonce = _bytes_of(words["salt"]), _bytes_of(words["nonce"])
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise self._foreign(line) from error
        if type(version) is not int or type(n) is not int or magic != MAGIC or version > VERSION:
            raise self._foreign(line)
        sizes = (len(salt), len(nonce)) == (SALT_BYTES, NONCE_BYTES)
        fine = N_LEAST <= n <= N_MOST and n & (n - 1) == 0
        if version != VERSION or made_by != MADE_BY or not fine or not sizes:
            raise self._damaged()
        return Header(line, n, salt, nonce)

    def _foreign(self, line: str) -> StoreError:
        """A header that is not ours; a newer one may have anything in it but these two words."""
        if newer := re.match(r'\{"file": "claw-tui secrets", "version": (\d{1,9})[,}]', line):
            if int(newer[1]) > VERSION:
                words = _("{path} was written by a newer claw-tui.").format(path=self.path)
                return StoreError(words, hint=_("Update claw-tui."))
            return self._damaged()
        words = _("{path} is no file of secrets of claw-tui's, or its begin is damaged.")
        return StoreError(words.format(path=self.path), hint=self._damaged_hint())

    def open(self, key: Key) -> Entries:
        """All entries as the file has them now; none when there is no file."""
        found = self.read()
        if found is None:
            return {}
        header, box = found
        if header.salt != key.header.salt or header.n != key.header.n:
            raise StoreError(
                _("The file of secrets has another passphrase now; another program gave it."),
                hint=_("F6 opens it with the new one."),
            )
        return self.unbox(header, box, key)

    def unbox(self, header: Header, box: bytes, key: Key) -> Entries:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415

        try:
            text = ChaCha20Poly1305(key.key).decrypt(header.nonce, box, header.line.encode())
        except InvalidTag as error:
            hint = _("Type it again. If it is lost, remove {path} and give the secrets anew.")
            raise StoreError(
                _("The passphrase does not open the file of secrets."), hint=hint.format(path=self.path)
            ) from error
        entries: Entries = json.loads(text)
        return entries

    def write(self, entries: Entries, key: Key) -> None:
        """Replace the file and read it back. What could not be read again is not written. Call it ``locked``."""
        text = seal(entries, key)
        if len(text) > MOST_BYTES:
            raise StoreError(
                _("There is no room for so much in the file of secrets."),
                hint=_("Remove what is not needed any more, or choose another place with F6."),
            )
        self._sweep()
        try:
            write_atomic(self.path, text)
        except StateError as error:
            raise StoreError(error.message, hint=error.hint) from error
        if self.open(key) != entries:
            raise StoreError(
                _("What was written to {path} could not be read back.").format(path=self.path),
                hint=_("Check that disk, or choose another place with F6."),
            )

    def remove(self) -> None:
        self._sweep()
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                _("{path} can't be removed: {why}.").format(path=self.path, why=error.strerror),
                hint=_("Remove it yourself."),
            ) from error

    def _sweep(self) -> None:
        """Remove what a writer that was killed left beside the file; it may open with a passphrase that was given up."""
        for path in self.path.parent.glob(f".{self.path.name}.*.new"):
            with suppress(OSError):
                path.unlink()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone with the file, among programs of ours."""
        with ExitStack() as stack:
            try:
                lock = self.path.with_name(f"{self.path.name}.lock")
                stack.enter_context(held(self.path, lock, LOCK_SECONDS))
            except StateError as error:
                raise StoreError(error.message, hint=error.hint) from error
            yield

    def _damaged(self) -> StoreError:
        return StoreError(
            _("The file of secrets {path} is damaged.").format(path=self.path), hint=self._damaged_hint()
        )

    def _damaged_hint(self) -> str:
        return _("Put a copy of it back, or remove it and give the secrets anew.")

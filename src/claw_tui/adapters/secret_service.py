"""The Secret Service over D-Bus, as the keyring's child asks it: how it is, and GNOME Keyring's own way to open it.

Nothing here prompts: no collection is unlocked or made through the service's public methods, for those open a window,
perhaps on a display that nobody looks at. Every question has the time that is left of the whole.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from jeepney import DBusAddress
    from jeepney.io.blocking import DBusConnection

NAME, PATH = "org.freedesktop.secrets", "/org/freedesktop/secrets"
GNOME = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"  # private, and named so that nobody relies on it
KWALLET = ("org.kde.kwalletd6", "org.kde.kwalletd5")
LABEL = "org.freedesktop.Secret.Collection.Label"
NO_REPLY = "org.freedesktop.DBus.Error.NoReply"  # who was asked went away meanwhile
LOOK_SECONDS, OPEN_SECONDS = 1.8, 4.0


class Found(NamedTuple):
    """A state of ``StoreState``, a code for the reason, and what belongs to it (a path, another's words)."""

    state: str
    code: str = ""
    detail: str = ""


class Refused(Exception):
    """The service answered with an error; its name and its words."""


class Service:
    """One connection to the session bus."""

    def __init__(self, bus: DBusConnection, end: float) -> None:
        self._bus, self._end = bus, end

    def ask(self, address: DBusAddress, method: str, signature: str = "", body: tuple[Any, ...] = ()) -> Any:
        from jeepney import new_method_call  # noqa: PLC0415

        return self._send(new_method_call(address, method, signature or None, body))

    def _send(self, message: Any) -> Any:
        from jeepney import HeaderFields, MessageType  # noqa: PLC0415

        reply = self._bus.send_and_get_reply(message, timeout=max(0.01, self._end - time.monotonic()))
        if reply.header.message_type == MessageType.error:
            raise Refused(reply.header.fields.get(HeaderFields.error_name, ""), *map(str, reply.body[:1]))
        return reply.body

    def there(self) -> bool:
        """Somebody has the service's name, or the bus would start somebody."""
        from jeepney import message_bus  # noqa: PLC0415

        owned: bool = self.ask(message_bus, "NameHasOwner", "s", (NAME,))[0]
        return owned or NAME in self.ask(message_bus, "ListActivatableNames")[0]

    def kwallet_alone(self) -> bool:
        """KWallet is here, or would be started, with nobody who speaks for it."""
        from jeepney import message_bus  # noqa: PLC0415

        names = {*self.ask(message_bus, "ListNames")[0], *self.ask(message_bus, "ListActivatableNames")[0]}
        return not names.isdisjoint(KWALLET)

    def opens_here(self) -> bool:
        """It has GNOME Keyring's way to open it. Everybody else's opens a window, which is not ours to do."""
        return GNOME in str(self.ask(_address("org.freedesktop.DBus.Introspectable"), "Introspect")[0])

    def collection(self) -> str:
        """The default collection's path; "/" when there is none."""
        return str(self.ask(_address("org.freedesktop.Secret.Service"), "ReadAlias", "s", ("default",))[0])

    def is_locked(self, path: str) -> bool:
        from jeepney import Properties  # noqa: PLC0415

        where = _address("org.freedesktop.Secret.Collection", path)
        return bool(self._send(Properties(where).get("Locked"))[0][1])


def _address(interface: str, path: str = PATH) -> DBusAddress:
    from jeepney import DBusAddress  # noqa: PLC0415

    return DBusAddress(path, NAME, interface)


def _no_bus() -> Found:
    """Nobody told us of a bus; perhaps there is one all the same, as after sudo, su, or in cron."""
    runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    with suppress(OSError):
        if os.stat(f"{runtime}/bus").st_uid == os.getuid():  # noqa: PTH116  (pathlib is not imported here)
            return Found("absent", "not-exported", f"{runtime}/bus")
    return Found("absent", "no-bus")


def look() -> Found:
    """How the Secret Service is, within ``LOOK_SECONDS``."""
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415

    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return _no_bus()
    end = time.monotonic() + LOOK_SECONDS
    try:
        bus = open_dbus_connection("SESSION", auth_timeout=LOOK_SECONDS / 2)
    except TimeoutError:
        return Found("hangs", "bus-hangs")
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        return Found("absent", "dead-bus", str(error))
    try:
        return _look_again_if_gone(Service(bus, end))
    except TimeoutError:
        return Found("hangs", "service-hangs")
    except Refused as error:
        return Found("error", "refused", error.args[-1])
    finally:
        bus.close()


def _look_again_if_gone(service: Service) -> Found:
    """A service that ended while it was asked may be started again by the bus; looking twice does no harm."""
    try:
        return _look(service)
    except Refused as error:
        if error.args[0] != NO_REPLY:
            raise
        return _look(service)


def _look(service: Service) -> Found:
    """Of KWallet too these questions open nothing: it looks its own tables up (kwalletfreedesktopservice.cpp)."""
    if not service.there():
        return Found("absent", "kwallet" if service.kwallet_alone() else "no-service")
    path = service.collection()
    if path != "/" and not service.is_locked(path):
        return Found("ready")
    return Found("uncreated" if path == "/" else "locked", "" if service.opens_here() else "elsewhere")


def open_with(password: str) -> Found:
    """Unlock the default keyring, or make one where there is none. Best effort: GNOME Keyring only.

    The password goes over the bus encrypted for the service (Diffie-Hellman and AES), as secrets do.
    """
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415
    from secretstorage.util import format_secret, open_session  # noqa: PLC0415

    bus = open_dbus_connection("SESSION")
    try:
        service = Service(bus, time.monotonic() + OPEN_SECONDS)
        path = service.collection()
        secret = format_secret(open_session(bus), password.encode(), "text/plain")
        if path != "/":
            service.ask(_address(GNOME), "UnlockWithMasterPassword", "o(oayays)", (path, secret))
        else:
            about = {LABEL: ("s", "Login")}
            made = service.ask(_address(GNOME), "CreateWithMasterPassword", "a{sv}(oayays)", (about, secret))[
                0
            ]
            service.ask(_address("org.freedesktop.Secret.Service"), "SetAlias", "so", ("default", made))
        return _look(service)
    except TimeoutError:
        return Found("hangs", "service-hangs")
    except Refused as error:
        denied = error.args[0].endswith(".Denied")
        return Found("locked", "wrong-password" if denied else "cannot-open", error.args[-1])
    finally:
        bus.close()

"""A stand-in for somebody else's Secret Service (KWallet's, by its source): it answers what asks nobody, and writes down
whatever would open a window. ``python -m tests.real.other_service ready|locked|none|kwallet|dying``; it prints what it
is asked. ``dying`` ends instead of answering.
"""

from __future__ import annotations

import sys

from jeepney import HeaderFields, Message, MessageType, message_bus, new_error, new_method_return
from jeepney.io.blocking import open_dbus_connection

COLLECTION = "/org/freedesktop/secrets/collection/kdewallet"
NAMES = {"kwallet": "org.kde.kwalletd6"}
NODE = '<node><interface name="org.freedesktop.Secret.Service"></interface></node>'


def reply_to(question: Message, kind: str) -> Message:
    method = question.header.fields[HeaderFields.member]
    if method == "ReadAlias":
        return new_method_return(question, "o", ("/" if kind == "none" else COLLECTION,))
    if method == "Get":
        return new_method_return(question, "v", (("b", kind == "locked"),))
    if method == "Introspect":
        return new_method_return(question, "s", (NODE,))
    return new_error(question, "org.freedesktop.DBus.Error.UnknownMethod", "s", (f"no {method}",))


def main(kind: str) -> None:
    with open_dbus_connection("SESSION") as bus:
        bus.send_and_get_reply(message_bus.RequestName(NAMES.get(kind, "org.freedesktop.secrets")))
        print("here", flush=True)
        while True:
            question = bus.receive()
            if question.header.message_type == MessageType.method_call:
                print(question.header.fields[HeaderFields.member], flush=True)
                if kind == "dying":
                    return
                bus.send(reply_to(question, kind))


if __name__ == "__main__":
    main(sys.argv[1])

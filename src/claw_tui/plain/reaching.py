"""`reach`: how a gateway is reached, and a tunnel that is on until Ctrl-C."""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser, Namespace

from claw_tui.domain import reach_args
from claw_tui.domain.errors import BadInput, ClawError
from claw_tui.domain.fly_args import shown
from claw_tui.domain.no_such_app import no_such_app
from claw_tui.domain.reach import Stage, is_private, network_address, no_way_in
from claw_tui.domain.reach_errors import NoWayIn
from claw_tui.engine.reach import PARTS, Tunnel
from claw_tui.engine.session import Session
from claw_tui.i18n import _
from claw_tui.plain import exits
from claw_tui.plain.desk import refuse_no_name
from claw_tui.plain.door import Door
from claw_tui.plain.out import Out, stamp

LOOK_SECONDS = 0.2


def options(parser: ArgumentParser) -> None:
    parser.add_argument("app", metavar="APP", help=_("the gateway's app on Fly.io"))
    parser.add_argument(
        "--proxy",
        action="store_true",
        help=_("a tunnel to this computer, until Ctrl-C (on a terminal: always)"),
    )
    parser.add_argument(
        "--no-proxy", action="store_true", help=_("only say how it is reached, on a terminal too")
    )
    words = _("the local port: one of those that the gateway lets browsers in from (3000, 13000, 23000)")
    parser.add_argument("--port", type=int, default=0, metavar="PORT", help=words)
    parser.add_argument(
        "--leave-on", action="store_true", help=_("have the tunnel stay on when this program ends")
    )
    parser.add_argument("--stop", action="store_true", help=_("stop a tunnel that was left on"))


class Reacher:
    """One `reach`."""

    def __init__(self, out: Out, session: Session, door: Door, args: Namespace) -> None:
        self._out, self._session, self._door, self._args = out, session, door, args

    async def reach(self) -> int:
        app, args = self._args.app, self._args
        refuse_no_name(app)
        if args.stop:
            return await self._stop(app)
        await self._door.log_in()
        self._out.hide(self._session.redact)
        world = await self._session.reader.read(app, PARTS)
        if world.app is None:
            raise no_such_app(app)
        private = is_private(world)
        words, hint = no_way_in(world)
        if private and words:
            raise NoWayIn(words, hint=hint)
        self._say(app, private=private)
        if args.leave_on:
            return await self._leave_on(app)
        if args.proxy or (private and self._is_watched()):
            return await self._proxy(app)
        return exits.DONE

    def _is_watched(self) -> bool:
        terminal = sys.stdin.isatty() and sys.stdout.isatty()
        return terminal and not (self._args.no_proxy or self._out.as_json)

    def _say(self, app: str, *, private: bool) -> None:
        tunnel = self._session.reach.tunnel(app)
        if not private:
            address = f"https://{app}.fly.dev"
            words = _("{app} is public. Open {address}").format(app=app, address=address)
            self._out.put("reach", words, app=app, private=False, address=address)
            return
        port = (
            self._args.port or tunnel.port or self._session.reach.free_port() or self._session.reach.ports[0]
        )
        fields = {
            "tunnel": tunnel.address if tunnel.is_on else "", "command": shown(reach_args.by_hand(app, port)),
            "ssh": self._session.services.desktop.ssh_line(port), "wireguard": network_address(app),
        }  # fmt: skip
        lines = [
            _("{app} is private: only who is in your organization's network reaches it.").format(app=app)
        ]
        if tunnel.is_on:
            lines.append(_("A tunnel was left on: open {address}").format(address=tunnel.address))
        lines.append(_("By hand: {command}").format(command=fields["command"]))
        if fields["ssh"]:
            lines.append(
                _("On your own computer, from which you came here: {line}").format(line=fields["ssh"])
            )
        lines.append(_("With WireGuard: {address}").format(address=fields["wireguard"]))
        self._out.put("reach", "\n".join(lines), app=app, private=True, port=port, **fields)

    async def _proxy(self, app: str) -> int:
        self._out.put("starting", _("Starting the tunnel …"), app=app)
        tunnel = await self._session.reach.open(app, self._args.port)
        words = _("The tunnel is on: open {address} (Ctrl-C ends it).")
        if tunnel.stays:
            words = _("The tunnel is on: open {address} (it was left on; --stop ends it).")
        self._put_on(tunnel, words)
        if tunnel.stays:
            return exits.DONE
        before = tunnel.stage, tunnel.starts
        while tunnel.stage is not Stage.BROKEN:
            if (tunnel.stage, tunnel.starts) != before:
                before = tunnel.stage, tunnel.starts
                if tunnel.stage is Stage.ON:
                    self._put_on(tunnel, _("The tunnel is on again: open {address}"))
                else:
                    why = tunnel.error.message if tunnel.error else ""
                    self._out.put(
                        "again", _("The tunnel broke and is started again: {why}").format(why=why), why=why
                    )
            await asyncio.sleep(LOOK_SECONDS)
        raise tunnel.error or ClawError(_("The tunnel has ended."))

    def _put_on(self, tunnel: Tunnel, words: str) -> None:
        self._out.put(
            "on", words.format(address=tunnel.address), address=tunnel.address, port=tunnel.port, since=stamp(tunnel.since),
            stays=tunnel.stays,
        )  # fmt: skip

    async def _leave_on(self, app: str) -> int:
        tunnel = await self._session.reach.open(app, self._args.port)
        if not tunnel.stays:
            tunnel = await self._session.reach.leave_on(app)
        self._put_on(tunnel, _("The tunnel is on, and stays so: open {address} (--stop ends it)."))
        return exits.DONE

    async def _stop(self, app: str) -> int:
        if not self._session.reach.tunnel(app).is_on:
            raise BadInput(_("No tunnel to {app} was left on.").format(app=app))
        await self._session.reach.close(app)
        self._out.put("stopped", _("The tunnel is off."), app=app)
        return exits.DONE

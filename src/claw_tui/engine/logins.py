"""Which login counts: the environment's before a pasted token, that one before flyctl's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claw_tui.domain.errors import ClawError, FlyError, NotLoggedIn, TokenRejected
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import FLY_TOKEN
from claw_tui.domain.world import App, Org
from claw_tui.engine.vault import ACCOUNT, Vault
from claw_tui.engine.world import WorldReader
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.ports import Services


@dataclass(frozen=True, slots=True)
class Login:
    """Who is logged in, and where the login comes from, in words."""

    email: str
    source: str
    unused: tuple[str, ...] = ()  # other logins that are here, and count less
    refused: tuple[str, ...] = ()  # those that count more, and that Fly.io did not accept

    @property
    def has_pasted(self) -> bool:
        return pasted_words() in (self.source, *self.unused, *self.refused)

    @property
    def lines(self) -> tuple[str, ...]:
        """What of the logins that are here counts, where there are several."""
        found = []
        if self.refused:
            words = _("Not accepted by Fly.io any more: {names}.")
            found.append(words.format(names=", ".join(self.refused)))
        if self.unused:
            words = _("Here, too, and not used: {names}. What counts first: {source}.")
            found.append(words.format(names=", ".join(self.unused), source=self.source))
        return tuple(found)


class Logins:
    """The part of a sitting that is about the login."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.reader = WorldReader(services.fly)
        places = (services.keyring, services.secret_file, services.memory)
        self.vault = Vault(services.state, places, services.given_store)
        self.login: Login | None = None
        self.orgs: tuple[Org, ...] = ()
        self.apps: tuple[App, ...] = ()
        self.has_apps = False  # they were read; before, none of them says nothing
        self.billing: dict[str, str] = {}

    def forget_account(self) -> None:
        """Another one is logged in."""
        self.reader.forget()
        self.orgs = self.apps = ()
        self.has_apps = False
        self.billing.clear()

    async def find_login(self) -> Login:
        """Use the first login that works: the environment's, a pasted token, flyctl's own. Raises FlyError."""
        before = self.services.fly.token
        try:
            return await self._find_login()
        finally:
            if self.services.fly.token != before:
                self.forget_account()

    async def _find_login(self) -> Login:
        fly, refused = self.services.fly, None
        found = await self._tokens()
        names = [source for source, _token in found]
        for at, (source, token) in enumerate(found):
            fly.use_token(token)
            try:
                email = await fly.whoami()
            except (TokenRejected, NotLoggedIn) as error:
                refused = refused or error
                continue
            self.login = Login(email, source, tuple(names[at + 1 :]), tuple(names[:at]))
            return self.login
        fly.use_token(None)
        self.login = None
        raise refused or NotLoggedIn(_("Nobody is logged in to Fly.io here yet."))

    async def _tokens(self) -> list[tuple[str, Secret]]:
        own = self.services.fly.own_token
        found = [
            (_("{name} of the environment").format(name=self.services.given_name), self.services.given_token),
            (pasted_words(), await self.vault.get(ACCOUNT, FLY_TOKEN)),
        ]
        if not any(token for _source, token in found):
            found.append((_("flyctl's own login"), await own()))
        else:
            found.append((_("flyctl's own login"), await self._quietly(own)))
        return [(source, token) for source, token in found if token is not None]

    async def _quietly(self, ask: Callable[[], Awaitable[Secret | None]]) -> Secret | None:
        try:
            return await ask()
        except FlyError:
            return None

    async def use_pasted_token(self, token: Secret) -> Login:
        """Try a token; it is kept only when it works. Raises FlyError."""
        fly = self.services.fly
        before = fly.token
        fly.use_token(token)
        try:
            email = await fly.whoami()
        except ClawError:
            fly.use_token(before)
            raise
        self.forget_account()
        await self.vault.put(ACCOUNT, FLY_TOKEN, token)
        others = [source for source, _token in await self._tokens() if source != pasted_words()]
        self.login = Login(email, pasted_words(), tuple(others))
        return self.login

    async def forget_pasted_token(self) -> None:
        """Then flyctl's own login counts, where there is one. At Fly.io the token stays what it is."""
        await self.vault.forget(ACCOUNT, FLY_TOKEN)
        await self.find_login()


def pasted_words() -> str:
    return _("the token that you pasted")

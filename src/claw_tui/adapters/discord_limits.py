"""Discord's rate limits, as it announces them: buckets, waiting when told to, and few refused requests.

Source: https://discord.com/developers/docs/topics/rate-limits. Who sends 10 000 invalid requests (401, 403, 429) in ten
minutes is shut out with everybody behind the same address, so we stop at a small part of that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from math import ceil, isfinite

from claw_tui.domain.errors import RateLimited, ServiceError
from claw_tui.i18n import _

MOST_INVALID, INVALID_SECONDS = 500, 600.0
LONGEST_WAIT = 24 * 3600.0  # what a garbled header may say at most
SHARED = "shared"  # the limit of a resource, used up by others: not our fault, and not counted


@dataclass(slots=True)
class _Bucket:
    remaining: int
    reset_at: float


class Refusals:
    """Requests that were refused, by whichever token: the ban is for the network address."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._at: deque[float] = deque()

    def add(self) -> None:
        self._at.append(self._clock())

    def check(self) -> None:
        """Raises ServiceError when there were so many that one should stop."""
        while self._at and self._at[0] <= self._clock() - INVALID_SECONDS:
            self._at.popleft()
        if len(self._at) >= MOST_INVALID:
            raise ServiceError(
                _("Discord refused so much in the last ten minutes that we ask no more for now."),
                hint=_("It would shut out this network address. Wait ten minutes, and check the bot token."),
            )


class Limits:
    """What is known of one bot's limits. ``clock`` in seconds, going forward only."""

    def __init__(
        self, pause: Callable[[float], Awaitable[None]], clock: Callable[[], float], refusals: Refusals
    ) -> None:
        self._pause, self._clock, self._refusals = pause, clock, refusals
        self._names: dict[str, str] = {}  # route -> the bucket that Discord said it is in
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._all_until = 0.0

    async def before(self, route: str, guild: str, until: float) -> None:
        """Wait until a request may be sent. Raises RateLimited when that is after ``until``, ServiceError near the ban."""
        self._refusals.check()
        while (wait := self._wait(route, guild)) > 0:
            if self._clock() + wait > until:
                raise RateLimited(
                    _("Discord wants us to wait {seconds} seconds.").format(seconds=ceil(wait)),
                    hint=_("Read again after that."),
                )
            await self._pause(wait)
        if bucket := self._bucket(route, guild):
            bucket.remaining -= 1

    def after(self, route: str, guild: str, status: int, headers: Mapping[str, str], body: object) -> None:
        """Take over what an answer says about the limits. ``headers`` are found in any case."""
        if name := headers.get("x-ratelimit-bucket", ""):
            self._names[route] = name
        remaining, resets = (
            headers.get("x-ratelimit-remaining", ""),
            headers.get("x-ratelimit-reset-after", ""),
        )
        if remaining.isdigit() and resets:
            self._learn(route, guild, int(remaining), _seconds(resets))
        shared = headers.get("x-ratelimit-scope") == SHARED
        if status in (401, 403) or (status == 429 and not shared):
            self._refusals.add()
        if status == 429:
            self._refused(route, guild, headers, body)

    def _refused(self, route: str, guild: str, headers: Mapping[str, str], body: object) -> None:
        said = body if isinstance(body, dict) else {}
        wait = _seconds(said.get("retry_after", headers.get("retry-after", 1)))
        # Without JSON it is not the API but what stands before it, and that means everything.
        if said.get("global") is True or "x-ratelimit-global" in headers or not said:
            self._all_until = self._clock() + wait
        else:
            self._learn(route, guild, 0, wait)

    def _learn(self, route: str, guild: str, remaining: int, seconds: float) -> None:
        key = (self._names.get(route, route), guild)
        now = self._clock()
        old = self._buckets.get(key)
        if (
            old is not None and old.reset_at > now
        ):  # answers may come in another order than they were asked for
            remaining = min(old.remaining, remaining)
        self._buckets[key] = _Bucket(remaining, now + seconds)

    def _bucket(self, route: str, guild: str) -> _Bucket | None:
        """The bucket as it is now; one whose time is over is forgotten."""
        key = (self._names.get(route, route), guild)
        found = self._buckets.get(key)
        if found is not None and found.reset_at <= self._clock():
            del self._buckets[key]
            return None
        return found

    def _wait(self, route: str, guild: str) -> float:
        now, bucket = self._clock(), self._bucket(route, guild)
        own = bucket.reset_at - now if bucket is not None and bucket.remaining <= 0 else 0.0
        return max(own, self._all_until - now)


def _seconds(said: object) -> float:
    """A number of seconds that somebody else wrote; one second for nonsense."""
    try:
        found = float(str(said))
    except ValueError:
        return 1.0
    return min(max(found, 0.0), LONGEST_WAIT) if isfinite(found) else 1.0

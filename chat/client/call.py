"""The call: a visit with a network under it, which dials again when it breaks.

The edge where the pure `Visit` meets the clock, chance and asyncio.  Whoever
draws gives it two functions, one that shows a happening and one that is called
when something else about the call has changed, such as the seconds that are
left until the next attempt.

Next: chat/client/visit.py
"""

import asyncio
import contextlib
import math
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final

from chat.client.happenings import Ask, Effect, Happening, Send
from chat.client.link import Link, Lost
from chat.client.visit import Visit
from chat.dialects.irc.message import Message

# What is typed happens now: no message says otherwise.
NO_MESSAGE: Final = Message("")
_HUNG_UP: Final = "The server closed the connection."


@dataclass(frozen=True, slots=True)
class World:
    """What a call needs to know of time and chance."""

    now: Callable[[], float] = time.time
    jitter: Callable[[], float] = random.random
    wait: Callable[[float], Awaitable[object]] = asyncio.sleep


class Call:
    """One server, called until the visit is over."""

    def __init__(
        self,
        visit: Visit,
        show: Callable[[Happening, Message], None],
        *,
        changed: Callable[[], None] = lambda: None,
        world: World | None = None,
    ) -> None:
        self.visit = visit
        # Seconds until the next attempt; 0 while there is nothing to wait for.
        self.countdown = 0
        self._show = show
        self._changed = changed
        self._world = world or World()
        self._link: Link | None = None

    async def last(self, host: str, port: int) -> None:
        """Stay with the server at *host* and *port* until the visit is over.

        Raises:
            Unreachable: at the first attempt; the later ones are repeated.
        """
        link = await Link.to(host, port)
        while True:
            why = await self._talk(link)
            while self._lost(why):
                await self._count_down()
                try:
                    link = await Link.to(host, port)
                    break
                except Lost as lost:
                    why = str(lost)
            else:
                return

    def _lost(self, why: str) -> bool:
        """There is no connection; whether to try again."""
        world = self._world
        self.perform(self.visit.lose(why, world.now(), jitter=world.jitter()))
        self._changed()
        return not self.visit.is_over

    async def _count_down(self) -> None:
        left = self.visit.pause
        while left > 0:
            self.countdown = math.ceil(left)
            self._changed()
            await self._world.wait(min(1, left))
            left -= 1
        self.countdown = 0
        self._changed()

    async def _talk(self, link: Link) -> str:
        """Talk until the connection ends; why it did."""
        self._link = link
        self.perform(self.visit.begin(self._world.now()))
        gathering = asyncio.create_task(self._gather())
        try:
            async for batch in link.batches():
                for message in batch:
                    self.perform(self.visit.hear(message), message)
                self._changed()
        except Lost as lost:
            return str(lost)
        finally:
            self._link = None
            gathering.cancel()
            await link.close()
        return _HUNG_UP

    async def _gather(self) -> None:
        """Give the others time to come back, and no more than that."""
        if self.visit.unsent.is_gathering:
            await self._world.wait(self.visit.gathering_seconds)
            self.perform(self.visit.go_on())

    def type(self, text: str) -> None:
        """Take in what was typed."""
        self.perform(self.visit.type(text, self._world.now()))

    def perform(self, effects: Iterable[Effect], message: Message = NO_MESSAGE) -> None:
        """Send what is to be sent and show the rest, at the time of *message*."""
        for effect in effects:
            if isinstance(effect, Ask):
                self.visit.ask(effect)
            elif not isinstance(effect, Send):
                self._show(effect, message)
            elif self._link:
                self._link.send([effect.message])

    async def flushed(self) -> None:
        """Wait until the network takes more, or there is none."""
        if self._link:
            with contextlib.suppress(Lost):
                await self._link.flushed()

"""The call: a visit with a network under it, which dials again when it breaks."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from chat.client.call import Call, World
from chat.client.happenings import Happening, Note, Said
from chat.client.link import Unreachable
from chat.client.visit import Visit
from chat.dialects.irc.message import Message
from tests.client.fakes import Caller, Server, in_a_loop


class Alice:
    """Somebody who calls, and remembers what happened."""

    def __init__(self, server: Server) -> None:
        self.waited: list[float] = []
        self.counted: list[int] = []
        self.shown: list[Happening] = []
        self.visit = Visit(nick="alice", room="#lobby")
        world = World(now=lambda: 0.0, jitter=lambda: 0.5, wait=self._wait)
        self.call = Call(self.visit, self._show, changed=self._changed, world=world)
        self.calling = asyncio.create_task(self.call.last("127.0.0.1", server.port))

    def _show(self, happening: Happening, _message: Message) -> None:
        self.shown.append(happening)

    def _changed(self) -> None:
        if self.call.countdown:
            self.counted.append(self.call.countdown)

    async def _wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        await asyncio.sleep(0)

    def notes(self) -> list[str]:
        """What she was told in plain words."""
        return [shown.text for shown in self.shown if isinstance(shown, Note)]


@asynccontextmanager
async def in_the_lobby() -> AsyncIterator[tuple[Alice, Caller, Server]]:
    """Alice has called, and is in #lobby."""
    async with Server.open() as server:
        alice = Alice(server)
        try:
            caller = await server.accepts()
            await caller.admits("alice", "#lobby")
            yield alice, caller, server
        finally:
            alice.calling.cancel()
            await asyncio.gather(alice.calling, return_exceptions=True)


@in_a_loop
async def test_whoever_is_cut_off_calls_again_and_says_what_was_not_heard() -> None:
    async with in_the_lobby() as (alice, caller, server):
        alice.call.type("one\ntwo")
        await caller.takes("PRIVMSG #lobby one", 1)
        await caller.hears("PRIVMSG #lobby two")
        # The answer to the first PING has come by the time that this has.
        await caller.hears("PING line-2")
        caller.says("PING x")
        await caller.hears("PONG x")
        caller.breaks()
        again = await server.accepts()
        await again.admits("alice", "#lobby")
        await again.takes("PRIVMSG #lobby two", 2)
        said = [shown.text for shown in alice.shown if isinstance(shown, Said)]
        assert said == ["one", "two"]
        # For the next attempt, and for those who are not back yet.
        assert alice.waited == [1.0, 3.5]


@in_a_loop
async def test_the_pauses_grow_and_are_counted() -> None:
    async with in_the_lobby() as (alice, caller, server):
        await caller.hangs_up()
        for _ in range(2):
            again = await server.accepts()
            await again.is_greeted_by("alice")
            again.says("ERROR :Not yet")
            await again.hangs_up()
        await (await server.accepts()).is_greeted_by("alice")
        pauses = [[1.0], [3.5], [1.0] * 2, [6.0], [1.0] * 4, [11.0]]
        assert alice.waited == [seconds for pause in pauses for seconds in pause]
        assert alice.counted == [1, 2, 1, 4, 3, 2, 1]
        assert alice.notes()[-3:] == [
            "The server closed the connection. Trying again in 1 s.",
            "The server closed the connection: Not yet. Trying again in 2 s.",
            "The server closed the connection: Not yet. Trying again in 4 s.",
        ]


@in_a_loop
async def test_a_server_that_is_not_there_any_more_is_tried_again() -> None:
    async with in_the_lobby() as (alice, caller, server):
        server.stops_listening()
        await caller.hangs_up()
        while len(alice.notes()) < 4:
            await asyncio.sleep(0)
        assert [note[-13:] for note in alice.notes()[1:4]] == [
            "again in 1 s.",
            "again in 2 s.",
            "again in 4 s.",
        ]
        # Nobody is there who could hear it.
        alice.call.type("/quit")
        await alice.call.flushed()


@in_a_loop
async def test_leaving_ends_the_call() -> None:
    async with in_the_lobby() as (alice, caller, _server):
        alice.call.type("/quit")
        await caller.hears("QUIT")
        await caller.hangs_up()
        await alice.calling
        assert alice.visit.is_over


@in_a_loop
async def test_the_first_attempt_is_the_only_one_if_nobody_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    call = Call(Visit(nick="alice", room="#lobby"), lambda *_: None)
    with pytest.raises(Unreachable):
        await call.last("127.0.0.1", port)

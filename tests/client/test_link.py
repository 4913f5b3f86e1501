"""The link: bytes to and from one IRC server."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from chat.client.link import Link, Lost, _unreachable
from chat.dialects.irc.message import Message
from tests.client.fakes import Caller, Server, in_a_loop


async def heard(link: Link) -> list[Message]:
    """Everything that comes until the server has finished."""
    return [message async for batch in link.batches() for message in batch]


@asynccontextmanager
async def connection() -> AsyncIterator[tuple[Link, Caller]]:
    """Both ends of a new connection, until the end of the block."""
    async with Server.open() as server:
        link = await Link.to("127.0.0.1", server.port)
        try:
            yield link, await server.accepts()
        finally:
            await link.close()


@pytest.mark.parametrize(
    ("data", "messages"),
    [
        pytest.param(b"PING :a\r\n", [Message("PING", ("a",))], id="whole"),
        pytest.param(
            b"PING a\nPONG b\n",
            [Message("PING", ("a",)), Message("PONG", ("b",))],
            id="two",
        ),
        pytest.param(b"PING caf\xe9\n", [Message("PING", ("caf�",))], id="no UTF-8"),
        pytest.param(b"PING", [], id="no end, no line"),
        pytest.param(
            b"x" * 9000 + b"\nPING\n", [Message("PING")], id="a line too long"
        ),
    ],
)
@in_a_loop
async def test_what_arrives(data: bytes, messages: list[Message]) -> None:
    async with connection() as (link, caller):
        caller.sends(data)
        await caller.hangs_up()
        assert await heard(link) == messages


@in_a_loop
async def test_a_flood_comes_in_batches_and_others_get_their_turn() -> None:
    async with connection() as (link, caller):
        caller.sends(b"PING\r\n" * 100_000)
        await caller.hangs_up()
        turns, batches, ended = 0, 0, asyncio.Event()

        async def keyboard() -> None:
            nonlocal turns
            while not ended.is_set():
                turns += 1
                await asyncio.sleep(0)

        typing = asyncio.create_task(keyboard())
        async for batch in link.batches():
            batches += bool(batch)
        ended.set()
        await typing
        assert batches < 1000
        assert turns >= batches


@in_a_loop
async def test_what_is_sent_is_one_line_each() -> None:
    async with connection() as (link, caller):
        link.send(
            [
                Message("PRIVMSG", ("#lobby", "hi\r\nQUIT :forged\0")),
                Message("PRIVMSG", ("#lobby", "caf\udce9 grüße")),
            ]
        )
        await link.flushed()
        await caller.hears("PRIVMSG #lobby :hi  QUIT :forged ")
        await caller.hears("PRIVMSG #lobby :caf? grüße")
        await link.close()
        await caller.hears_nothing_more()


@in_a_loop
async def test_whoever_never_ends_a_line_does_not_speak_irc() -> None:
    async with connection() as (link, caller):
        caller.sends(b"x" * 200_000)
        with pytest.raises(Lost, match=r"^What answers there does not speak IRC\.$"):
            await heard(link)


@in_a_loop
async def test_a_broken_connection_is_lost() -> None:
    async with connection() as (link, caller):
        caller.breaks()
        with pytest.raises(Lost, match=r"^The connection broke: "):
            await heard(link)
        with pytest.raises(Lost, match=r"^The connection broke: "):
            await link.flushed()


@in_a_loop
async def test_who_is_silent_is_asked_and_then_given_up() -> None:
    async with Server.open() as server:
        link = await Link.to("127.0.0.1", server.port, 0.02)
        caller = await server.accepts()
        with pytest.raises(Lost, match=r"^The server does not answer any more\.$"):
            await heard(link)
        await caller.hears("PING alive")
        await link.close()


@in_a_loop
async def test_what_was_said_before_it_broke_is_heard() -> None:
    async with connection() as (link, caller):
        # Busy with something else, while the server speaks its mind and goes.
        link._writer.transport.pause_reading()  # type: ignore[attr-defined]
        caller.says("ERROR :Too many")
        caller.breaks()
        await asyncio.sleep(0)
        link.send([Message("NICK", ("alice",))])
        batches = link.batches()
        assert await anext(batches) == [Message("ERROR", ("Too many",))]
        with pytest.raises(Lost, match=r"^The connection broke: "):
            await anext(batches)


@in_a_loop
async def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with pytest.raises(Lost, match=rf"No server is listening on 127.0.0.1 port {port}"):
        await Link.to("127.0.0.1", port)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name unknown"), "There is no host called irc.x."),
        (TimeoutError(), "irc.x port 2428 does not answer."),
        (OSError(113, "No route"), "Cannot reach irc.x port 2428: No route."),
        (OSError("All failed"), "Cannot reach irc.x port 2428: All failed."),
    ],
)
def test_why_it_cannot_be_reached(error: OSError, words: str) -> None:
    assert _unreachable("irc.x", 2428, error) == words

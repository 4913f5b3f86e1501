"""The pipe: `chat` among other programs, without a screen."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chat.client.call import World
from chat.client.happenings import Manner, Said, When
from chat.client.input import Input
from chat.client.pipe import Pipe, Terms, _as_json, _between_tabs
from chat.client.visit import Visit
from chat.dialects.irc.message import Message
from tests.client.fakes import Caller, Server, in_a_loop

NOON = "2001-02-03T12:00:00.000Z"
HOSTILE = Said("b\x1bob", "#o\x9bps", "a\tb\x1b]0;owned\x07 ☃")


@pytest.mark.parametrize(
    ("said", "line"),
    [
        pytest.param(
            Said("bob", "#ops", "hi"), f"{NOON}\t#ops\tbob\thi", id="a message"
        ),
        pytest.param(
            Said("bob", "#ops", "waves", Manner.ACTION),
            f"{NOON}\t#ops\tbob\t* waves",
            id="an action",
        ),
        pytest.param(
            HOSTILE, f"{NOON}\t#o�ps\tb␛ob\ta b␛]0;owned␇ ☃", id="hostile text"
        ),
    ],
)
def test_between_tabs(said: Said, line: str) -> None:
    assert _between_tabs(said, Message("PRIVMSG"), NOON) == line


def test_as_json() -> None:
    message = Message("PRIVMSG", tags={"msgid": "a1"})
    assert json.loads(_as_json(HOSTILE, message, NOON)) == {
        "time": NOON,
        "room": "#o�ps",
        "nick": "b␛ob",
        "text": "a b␛]0;owned␇ ☃",
        "kind": "message",
        "id": "a1",
    }
    notice = Said("bob", "#ops", "hi", Manner.NOTICE)
    assert _as_json(notice, Message("NOTICE"), NOON) == (
        f'{{"time": "{NOON}", "room": "#ops", "nick": "bob", "text": "hi",'
        ' "kind": "notice"}'
    )


def test_what_is_played_back_is_marked() -> None:
    old = Said("bob", "#ops", "hi", when=When.EARLIER)
    assert json.loads(_as_json(old, Message("PRIVMSG"), NOON))["earlier"] is True


@pytest.mark.parametrize(
    ("terms", "is_written"),
    [
        pytest.param(Terms(reads=True, writes=True), False, id="as text"),
        pytest.param(Terms(reads=True, writes=True, json=True), True, id="as JSON"),
        pytest.param(
            Terms(reads=True, writes=True, json=True, once=True),
            False,
            id="instead of an answer",
        ),
    ],
)
def test_what_is_played_back_is_written_only_where_it_can_be_told(
    terms: Terms, is_written: bool
) -> None:
    pipe = Pipe(Visit(nick="alice", room="#ops", asks=False), terms)
    assert pipe._is_of_use(Said("bob", "#ops", "hi"))
    old = Said("bob", "#ops", "hi", when=When.EARLIER)
    assert pipe._is_of_use(old) is is_written


@pytest.mark.parametrize(
    ("terms", "gives_up"),
    [
        pytest.param(Terms(reads=True, writes=True), True, id="with something to say"),
        pytest.param(Terms(reads=False, writes=True), False, id="only listening"),
    ],
)
@in_a_loop
async def test_a_script_does_not_hang_without_a_server(
    terms: Terms, gives_up: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    visit, now = Visit(nick="alice", room="#ops", asks=False), [100.0]
    pipe = Pipe(visit, terms, world=World(now=lambda: now[0]))
    visit.begin(now[0])
    visit.hear(Message("001", ("alice", "Hi")))
    visit.lose("It broke.", now[0], jitter=0)
    pipe._look_again()
    now[0] += 29
    pipe._look_again()
    assert not pipe._is_done()
    now[0] += 1
    pipe._look_again()
    assert pipe._is_done() is gives_up
    if gives_up:
        with Path(os.devnull).open() as nothing:
            pipe._input = Input(nothing.fileno())
            assert await pipe._account() == 1
        assert capsys.readouterr() == ("", "chat: It broke.\n")


# The rest happens to the whole program.


@asynccontextmanager
async def chat(
    *flags: str, stdin: int = PIPE, is_in: bool = True
) -> AsyncIterator[tuple[Process, Caller]]:
    """``chat HOST ops`` with *flags* between pipes; it has called, and `is_in` #ops."""
    async with Server.open() as server:
        where = (f"127.0.0.1:{server.port}", "ops", "--nick", "alice")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "chat", "connect", *where, *flags),
            stdin=stdin,
            stdout=PIPE,
            stderr=PIPE,
        )
        try:
            caller = await server.accepts()
            if is_in:
                await caller.admits("alice", "#ops")
            yield process, caller
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def leaves(caller: Caller) -> None:
    """It says good-bye."""
    await caller.hears("QUIT")
    await caller.hangs_up()


def reads(process: Process, data: bytes) -> None:
    """This is the program's whole input."""
    assert process.stdin
    process.stdin.write(data)
    process.stdin.close()


async def ends(process: Process) -> tuple[int, bytes, bytes]:
    """Its exit status, and what it wrote on its two outputs."""
    # What is left of the input is closed by that, too.
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out, err


@pytest.mark.slow
@in_a_loop
async def test_each_line_of_the_input_is_said_as_it_stands() -> None:
    async with chat() as (process, caller):
        reads(process, b"one\n\n/usr/bin\nlast")
        await caller.takes("PRIVMSG #ops one", 1)
        await caller.takes("PRIVMSG #ops /usr/bin", 2)
        await caller.takes("PRIVMSG #ops last", 3)
        await leaves(caller)
        assert await ends(process) == (0, b"", b"")


@pytest.mark.slow
@in_a_loop
async def test_what_the_server_refuses_comes_out_again() -> None:
    async with chat() as (process, caller):
        reads(process, b"one\n/two\n")
        await caller.takes("PRIVMSG #ops one", 1)
        await caller.hears("PRIVMSG #ops /two")
        caller.says(":irc.x 404 alice #ops :No", ":irc.x PONG irc.x line-2")
        await caller.hears("PING line-2")
        await leaves(caller)
        expected = b"chat: You may not speak in #ops.\nchat: not sent (1):\n/two\n"
        assert await ends(process) == (1, b"", expected)


@pytest.mark.slow
@in_a_loop
async def test_a_room_that_is_closed_is_a_failure() -> None:
    async with chat(is_in=False) as (process, caller):
        reads(process, b"one\n")
        await caller.is_greeted_by("alice")
        caller.says(":irc.x 001 alice :Hi", ":irc.x 422 alice :No MOTD")
        await caller.hears("JOIN #ops")
        caller.says(":irc.x 473 alice #ops :No", ":irc.x PONG irc.x join-1")
        await caller.hears("PING join-1")
        await leaves(caller)
        why = b"chat: #ops is open to invited people only.\n"
        status, _out, err = await ends(process)
        assert (status, err) == (1, why + b"chat: not sent (1):\none\n")


@pytest.mark.slow
@in_a_loop
async def test_what_others_say_comes_out() -> None:
    async with chat(stdin=DEVNULL) as (process, caller):
        caller.says(
            f"@time={NOON} :bob!b@h PRIVMSG #ops :one",
            ":irc.x NOTICE alice :Welcome",
            ":alice!a@h PRIVMSG #ops :my own",
            f"@time={NOON} :bob!b@h PRIVMSG alice :psst",
        )
        assert process.stdout
        lines = [await process.stdout.readline() for _ in range(2)]
        assert lines == [
            f"{NOON}\t#ops\tbob\tone\n".encode(),
            f"{NOON}\talice\tbob\tpsst\n".encode(),
        ]
        process.send_signal(signal.SIGINT)
        assert await ends(process) == (130, b"", b"")


@pytest.mark.slow
@in_a_loop
async def test_what_others_said_before_does_not_come_out() -> None:
    async with chat("--once", stdin=DEVNULL) as (process, caller):
        caller.says(
            ":irc.x BATCH +b chathistory #ops",
            f"@batch=b;time={NOON} :bob!b@h PRIVMSG #ops :old",
            ":irc.x BATCH -b",
            f"@time={NOON} :bob!b@h PRIVMSG #ops :new",
        )
        await leaves(caller)
        assert await ends(process) == (0, f"{NOON}\t#ops\tbob\tnew\n".encode(), b"")


@pytest.mark.slow
@in_a_loop
async def test_once() -> None:
    async with chat("--once", "--json", stdin=DEVNULL) as (process, caller):
        caller.says(
            f"@time={NOON} :bob!b@h PRIVMSG #ops :one",
            f"@time={NOON} :bob!b@h PRIVMSG #ops :two",
        )
        await leaves(caller)
        status, out, err = await ends(process)
        assert (status, err) == (0, b"")
        assert json.loads(out)["text"] == "one"


@pytest.mark.slow
@in_a_loop
async def test_an_answer_to_what_was_said() -> None:
    async with chat("--once") as (process, caller):
        reads(process, b"how are you?\n")
        await caller.takes("PRIVMSG #ops :how are you?", 1)
        caller.says(f"@time={NOON} :bob!b@h PRIVMSG #ops :fine")
        await leaves(caller)
        assert await ends(process) == (0, f"{NOON}\t#ops\tbob\tfine\n".encode(), b"")


@pytest.mark.slow
@in_a_loop
async def test_a_timeout_is_a_failure() -> None:
    async with chat("--once", "--timeout=0.5", stdin=DEVNULL, is_in=False) as (
        process,
        _caller,
    ):
        assert await ends(process) == (1, b"", b"chat: Not done within 0.5 s.\n")


@pytest.mark.slow
@in_a_loop
async def test_whoever_is_not_read_any_more_goes_quietly() -> None:
    async with chat(stdin=DEVNULL) as (process, caller):
        transport = process._transport.get_pipe_transport(1)  # type: ignore[attr-defined]
        transport.close()
        await leaves(caller)
        assert await ends(process) == (0, b"", b"")


@pytest.mark.slow
@in_a_loop
async def test_a_refusal_at_the_door() -> None:
    async with chat(is_in=False) as (process, caller):
        reads(process, b"one\n")
        await caller.is_greeted_by("alice")
        caller.says("ERROR :No room at the inn")
        await caller.hangs_up()
        expected = (
            b"chat: The server closed the connection: No room at the inn\n"
            b"chat: not sent (1):\none\n"
        )
        assert await ends(process) == (1, b"", expected)


@pytest.mark.slow
def test_no_terminal_no_library_that_draws() -> None:
    program = (
        "import sys; from chat import cli; status = cli.chat(['127.0.0.1:1']);"
        "drawn = [it for it in sys.modules if it.startswith('prompt_toolkit')];"
        "sys.exit(len(drawn) * 100 + status)"
    )
    command = [sys.executable, "-c", program]

    async def status() -> int | None:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
        )
        await process.communicate()
        return process.returncode

    assert asyncio.run(status()) == 1


@pytest.mark.slow
@in_a_loop
async def test_standard_streams_may_be_closed() -> None:
    shell = 'exec "$0" -m chat connect 127.0.0.1:1 <&- >&-'
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", shell, sys.executable), stderr=PIPE, env={**os.environ}
    )
    _out, err = await process.communicate()
    assert process.returncode == 1
    assert err == b"chat: No server is listening on 127.0.0.1 port 1.\n"

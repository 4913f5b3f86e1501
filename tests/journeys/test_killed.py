"""Killed: the server dies in the middle of a conversation, and comes back.

Real processes: three people with our own client, each on a terminal, and a
server that is ended by SIGKILL and started again on the same port.  Everybody
goes on typing as if nothing had happened.
"""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import IO

import pytest

from tests.journeys.programs import PATIENCE_SECONDS, Chat, Chatd, Company, Wire


class Alice(Chat):
    NAME = "alice"


class Bob(Chat):
    NAME = "bob"


class Carol(Chat):
    NAME = "carol"


class House:
    """The server, which can be killed, and the three."""

    def __init__(self, home: Path, cleared_away: ExitStack) -> None:
        self._home = home
        self._cleared_away = cleared_away
        self.company = Company()
        self.port = 0
        self.opens()
        self.people: list[Chat] = []
        self.typed: dict[str, list[str]] = {}

    def opens(self) -> None:
        """Start the server, on the port that it had before."""
        self._chatd = Chatd(self._home, self.port)
        self._cleared_away.callback(self._chatd.close)
        self.company.seat(self._chatd)
        self.port = self._chatd.is_open(self.company)

    def is_killed(self) -> None:
        """Kill the server."""
        self._chatd.kill()
        chatd = self._chatd
        self.company.wait(lambda: chatd.has_ended, on=chatd, or_else="it lives on")

    def seats(self, program: type[Chat]) -> Chat:
        """One more sits down, and everybody sees everybody."""
        newcomer = program.at(self.port, self._home)
        self._cleared_away.callback(newcomer.window.close)
        self.company.seat(newcomer.window)
        self.people.append(newcomer)
        self.typed.setdefault(newcomer.NAME, [])
        names = {person.NAME for person in self.people}
        for person in self.people:
            self.company.wait(
                lambda person=person: person.met() >= names - {person.NAME},  # type: ignore[misc]
                on=person.window,
                or_else=f"{person.NAME} does not see everybody",
            )
        return newcomer

    def say(self, *lines: str) -> None:
        """Each of the three types each of *lines*."""
        for line in lines:
            for person in self.people:
                text = f"{person.NAME}: {line}"
                person.says(text)
                self.typed[person.NAME].append(text)

    def everybody_has_heard_it_all(self) -> bool:
        """On every screen is the last line of each."""
        last = {(name, lines[-1]) for name, lines in self.typed.items()}
        return all(last <= set(person.heard()) for person in self.people)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as cleared_away:
        yield House(tmp_path, cleared_away)


@pytest.mark.slow
def test_every_line_arrives_once_and_in_order(house: House) -> None:
    for program in (Alice, Bob, Carol):
        house.seats(program)
    for round_ in range(2):
        house.say(f"before death {round_}")
        # Nobody has waited for these to be heard.
        house.is_killed()
        house.say(*(f"in the dark {round_}.{n}" for n in range(4)))
        house.opens()
        house.say(f"back {round_}")
        for person in house.people:
            house.company.wait(
                house.everybody_has_heard_it_all,
                on=person.window,
                or_else="not everything has come",
            )
    for person in house.people:
        heard = {name: list[str]() for name in house.typed}
        for nick, text in person.heard():
            heard[nick].append(text)
        assert heard == house.typed, f"on the screen of {person.NAME}"


@pytest.mark.slow
def test_what_was_typed_in_the_dark_outlives_the_client(house: House) -> None:
    bob = house.seats(Bob)
    alice = house.seats(Alice)
    house.is_killed()
    alice.says("too late")
    house.company.wait(
        lambda: bool(alice.window.all_of(r".*Waiting to be sent: too late")),
        on=alice.window,
        or_else="alice does not see that it waits",
    )
    alice.is_killed()
    house.opens()
    house.company.wait(
        lambda: len(bob.window.all_of(r".* Connected to .*")) == 2,
        on=bob.window,
        or_else="bob does not come back",
    )
    house.people.remove(alice)
    house.seats(Alice)
    house.company.wait(
        lambda: bob.heard() == [("alice", "too late")],
        on=bob.window,
        or_else="bob never hears it",
    )


# Without a screen, and at servers that have no echo.

NGIRCD = """
[Global]
    Name = irc.test.example
    Info = test
    Listen = 127.0.0.1
    Ports = {port}
    MotdPhrase = "hello"
[Limits]
    MaxConnectionsIP = 0
    MaxPenaltyTime = 0
[Options]
    DNS = no
    Ident = no
    PAM = no
    IncludeDir = {home}
"""
INSPIRCD = """
<config format="xml">
<server name="irc.test.example" description="test" network="test" id="1BE">
<admin name="test" nick="test" email="test@localhost">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect name="all" allow="*" timeout="60" resolvehostnames="no" useident="no"
    localmax="100" globalmax="100" limit="100" fakelag="no" threshold="1000">
<performance nouserdns="yes">
<pid file="{home}/pid">
<log method="file" type="*" level="default" target="{home}/log">
"""


def ngircd(home: Path) -> list[str]:
    return ["ngircd", "-n", "-f", str(home / "configuration")]


def inspircd(home: Path) -> list[str]:
    configuration = f"--config={home / 'configuration'}"
    return ["inspircd", configuration, "--nofork", "--runasroot"]


class Peer:
    """A server by others; it is started and killed, on one port."""

    def __init__(self, argv: list[str]) -> None:
        self._argv = argv
        self.port = 0

    def opens(self) -> None:
        """Start it, and wait until it listens."""
        self._process = subprocess.Popen(  # noqa: S603 - the argument list is ours
            self._argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except ConnectionRefusedError:
                continue
            return
        raise AssertionError(f"{self._argv[0]} does not listen")

    def is_killed(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()


@pytest.fixture(
    params=[
        pytest.param((ngircd, NGIRCD), id="ngircd"),
        pytest.param((inspircd, INSPIRCD), id="inspircd"),
    ]
)
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Peer]:
    command, configuration = request.param
    peer = Peer(command(tmp_path))
    if shutil.which(peer._argv[0], path="/usr/sbin:/usr/bin") is None:
        pytest.skip(f"{peer._argv[0]} is missing (the Debian package of that name)")
    with socket.create_server(("127.0.0.1", 0)) as held:
        peer.port = held.getsockname()[1]
    text = configuration.format(port=peer.port, home=tmp_path)
    (tmp_path / "configuration").write_text(text.lstrip())
    peer.opens()
    try:
        yield peer
    finally:
        peer.is_killed()


class Observer:
    """Somebody in #lobby of whom nobody knows how they got there."""

    def __init__(self, port: int) -> None:
        self._wire = Wire(port)
        self._company = Company()
        self._company.seat(self._wire)
        self._wire.sends("NICK olga", "USER olga 0 * :Olga")
        self.sees(r":\S+ (?:376|422) .*")
        self._wire.sends("JOIN #lobby")

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def sees(self, pattern: str) -> None:
        """Wait for a line like that."""
        self._company.wait(
            lambda: bool(self._wire.all_of(f"({pattern})")),
            on=self._wire,
            or_else=f"no {pattern}",
        )

    def heard(self) -> list[str]:
        """What alice said, as far as olga was there."""
        return [
            text for (text,) in self._wire.all_of(r":alice!\S+ PRIVMSG #lobby :?(.*)")
        ]


ALICE_IS_THERE = r":alice!\S+ JOIN .*|:\S+ 353 .*\balice\b.*"


@pytest.fixture
def alice(peer: Peer) -> Iterator[IO[str]]:
    """What alice types, who has no terminal; at the end all of it was heard."""
    where = (f"127.0.0.1:{peer.port}", "lobby", "--nick", "alice")
    process = subprocess.Popen(  # noqa: S603 - the argument list is ours
        [*(sys.executable, "-m", "chat", "connect"), *where, "--timeout", "20"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    try:
        assert process.stdin
        yield process.stdin
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
        assert (process.returncode, out, err) == (0, "", "")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_servers_by_others_are_come_back_to(peer: Peer, alice: IO[str]) -> None:
    with closing(Observer(peer.port)) as olga:
        olga.sees(ALICE_IS_THERE)
        alice.write("here\n")
        olga.sees(r":alice!\S+ PRIVMSG #lobby :?here")
    peer.is_killed()
    alice.write("one\n")
    alice.write("two\n")
    peer.opens()
    with closing(Observer(peer.port)) as olga:
        olga.sees(ALICE_IS_THERE)
        alice.write("three\n")
        olga.sees(r":alice!\S+ PRIVMSG #lobby :?three")
        heard = olga.heard()
    # Nobody knows whether alice was told in time that this one had been heard.
    assert heard in (["one", "two", "three"], ["here", "one", "two", "three"])

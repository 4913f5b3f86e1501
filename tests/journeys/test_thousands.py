"""Scenes with more people than select can see: a house that waits with epoll."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import pytest

from chat.config import configured
from chat.net.address import Address
from chat.net.listener import Listener
from chat.net.poller import SelectPoller
from chat.server.loop import Server
from chat.server.machine import RESERVED, Machine, capacity
from tests.fakes import IMPATIENT, FakeClock
from tests.net.fakes import all_descriptors

ROOMS: Final = 30
IN_A_ROOM: Final = 100
SPEAKERS: Final = 3
WORDS: Final = ("one", "two", "three", "four")
PEOPLE: Final = ROOMS * IN_A_ROOM
# So many come at once; the least that a kernel lets wait is more.
GROUP: Final = 50


class Thousands:
    """A house on a socket that is a file, and the other ends of its connections."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._poller = IMPATIENT["epoll"]()
        machine = Machine(FakeClock(), self._poller, capacity(self._poller.reach))
        listener = Listener(Address("", 0, "irc", path=self._path))
        # By room.
        self.rooms: list[list[socket.socket]] = [[] for _ in range(ROOMS)]
        self.server = Server(configured(["limits.enabled=false"]), [listener], machine)

    def come(self) -> None:
        """Everybody comes, by groups, and enters a room."""
        for first in range(0, PEOPLE, GROUP):
            for number in range(first, first + GROUP):
                person = socket.socket(socket.AF_UNIX)
                person.connect(self._path)
                person.setblocking(False)
                room = number % ROOMS
                nick, where = f"p{len(self.rooms[room])}", f"#r{room}"
                hello = f"NICK {nick}r{room}\nUSER x 0 * :x\nJOIN {where}\n"
                person.sendall(hello.encode())
                self.rooms[room].append(person)
            self.settle()
        for person in self.people():
            heard(person)

    def people(self) -> Iterator[socket.socket]:
        for room in self.rooms:
            yield from room

    def settle(self) -> None:
        """Turn until a turn finds nothing to do."""
        self.server.turn()
        while self._poller.found_something or self.server._until_next() == 0:
            self.server.turn()

    def close(self) -> None:
        self.server.close()
        for person in self.people():
            person.close()


def heard(person: socket.socket) -> list[str]:
    """What *person* was told: the nick of who spoke, and the words."""
    data = b""
    while True:
        try:
            data += person.recv(1 << 20)
        except BlockingIOError:
            break
    lines = [line.split(" ", 3) for line in data.decode().splitlines()]
    return [
        f"{source[1:].partition('!')[0]} {words[1:]}"
        for source, command, _, words in (line for line in lines if len(line) == 4)
        if command == "PRIVMSG"
    ]


@contextmanager
def thousands(path: Path) -> Iterator[Thousands]:
    if "epoll" not in IMPATIENT:
        pytest.skip("this system has no epoll")
    with ExitStack() as end:
        most = end.enter_context(all_descriptors())
        if most < 2 * PEOPLE + RESERVED + 100:
            pytest.skip(f"both ends of {PEOPLE} connections want more descriptors")
        house = end.enter_context(closing(Thousands(path)))
        house.come()
        yield house


@pytest.mark.slow
def test_three_thousand_people_in_thirty_rooms(tmp_path: Path) -> None:
    with thousands(tmp_path / "s") as house:
        door = house.server.statistics()["door"]
        assert (door["inside"], door["refused"]) == (PEOPLE, 0)
        numbers = [each.connection.descriptor for each in house.server._roster]
        assert max(numbers) > SelectPoller.reach

        for number, room in enumerate(house.rooms):
            words = "".join(f"PRIVMSG #r{number} :{each}\n" for each in WORDS)
            for speaker in room[:SPEAKERS]:
                speaker.sendall(words.encode())
        house.settle()

        for number, room in enumerate(house.rooms):
            spoken = [
                [f"p{speaker}r{number} {each}" for each in WORDS]
                for speaker in range(SPEAKERS)
            ]
            *told, everything = [heard(person) for person in room]
            # From each who spoke all of it, in order, and nothing else...
            assert len(everything) == SPEAKERS * len(WORDS)
            for own in spoken:
                assert [each for each in everything if each in own] == own
            # ... in the same order for everybody; who spoke reads the others.
            assert all(each == everything for each in told[SPEAKERS:])
            for own, others in zip(spoken, told, strict=False):
                assert others == [each for each in everything if each not in own]

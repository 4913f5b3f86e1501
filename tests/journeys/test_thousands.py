"""Scenes with many rooms full of people, also more people than select can see.

What it costs to say a line is counted in calls, which are the same on every machine.
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from fcntl import F_DUPFD_CLOEXEC, fcntl
from pathlib import Path
from typing import Any, Final

import pytest

from chat.config import configured
from chat.net.address import Address
from chat.net.listener import Listener
from chat.net.poller import SelectPoller
from chat.server.loop import Server
from chat.server.machine import RESERVED, Machine, capacity
from tests.fakes import IMPATIENT, FakeClock
from tests.net.fakes import all_descriptors

SPEAKERS: Final = 3
WORDS: Final = ("one", "two", "three", "four")
# So many come at once; the least that a kernel lets wait is more.
GROUP: Final = 50
# Descriptors that are nobody's.
SPARE: Final = RESERVED + 100


class Hall:
    """A house on a socket that is a file, and the people in its rooms."""

    def __init__(self, path: Path, poller: str, rooms: int) -> None:
        path.mkdir(exist_ok=True)
        self._path = str(path / "s")
        self._poller = IMPATIENT[poller]()
        machine = Machine(FakeClock(), self._poller, capacity(self._poller.reach))
        listener = Listener(Address("", 0, "irc", path=self._path))
        self.rooms: list[list[socket.socket]] = [[] for _ in range(rooms)]
        self.server = Server(configured(["limits.enabled=false"]), [listener], machine)

    def come(self, people: int) -> None:
        """So many come, by groups, and enter the rooms in turn."""
        for number in range(people):
            place, room = divmod(number, len(self.rooms))
            person = aside(socket.socket(socket.AF_UNIX), people + SPARE)
            self.rooms[room].append(person)
            person.connect(self._path)
            person.setblocking(False)
            nick = f"p{place}r{room}"
            person.sendall(f"NICK {nick}\nUSER x 0 * :x\nJOIN #r{room}\n".encode())
            if number % GROUP == GROUP - 1:
                self.settle()
        self.settle()
        for person in self.people():
            heard(person)

    def say(self, room: int, *speakers: socket.socket) -> None:
        """All of *speakers* say all the words there, before the house listens."""
        lines = "".join(f"PRIVMSG #r{room} :{each}\n" for each in WORDS)
        for speaker in speakers:
            speaker.sendall(lines.encode())

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


def aside(person: socket.socket, house: int) -> socket.socket:
    """The same, with a number beyond those that the *house* needs for its own ends."""
    number = fcntl(person.fileno(), F_DUPFD_CLOEXEC, house)
    person.close()
    return socket.socket(fileno=number)


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
def a_hall(
    path: Path, rooms: int, people: int, poller: str = "select"
) -> Iterator[Hall]:
    """So many rooms, with so many people in each."""
    with ExitStack() as end:
        most = end.enter_context(all_descriptors())
        if most < 2 * rooms * people + SPARE:
            pytest.skip("both ends of so many connections want more descriptors")
        hall = end.enter_context(closing(Hall(path, poller, rooms)))
        hall.come(rooms * people)
        yield hall


@pytest.mark.slow
def test_three_thousand_people_in_thirty_rooms(tmp_path: Path) -> None:
    if "epoll" not in IMPATIENT:
        pytest.skip("this system has no epoll")
    with a_hall(tmp_path, rooms=30, people=100, poller="epoll") as hall:
        door = hall.server.statistics()["door"]
        assert (door["inside"], door["refused"]) == (3000, 0)
        numbers = [each.connection.descriptor for each in hall.server._roster]
        assert max(numbers) > SelectPoller.reach

        for number, room in enumerate(hall.rooms):
            hall.say(number, *room[:SPEAKERS])
        hall.settle()

        for number, room in enumerate(hall.rooms):
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


# What a line costs.


def calls(hall: Hall, rooms: int) -> int:
    """How many calls it takes until one person in each of *rooms* has been heard.

    By everybody there, and for the second time: what is made once has been made.
    """
    count = 0

    def counted(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    for _ in range(2):
        for number, room in enumerate(hall.rooms[:rooms]):
            hall.say(number, room[0])
        before, count = sys.getprofile(), 0
        sys.setprofile(counted)
        try:
            hall.settle()
        finally:
            sys.setprofile(before)
    return count


def test_an_idle_room_costs_nothing(tmp_path: Path) -> None:
    with a_hall(tmp_path / "a", rooms=1, people=8) as hall:
        alone = calls(hall, rooms=1)
    with a_hall(tmp_path / "b", rooms=30, people=8) as hall:
        assert calls(hall, rooms=1) == alone


def test_a_line_costs_the_same_however_many_talk_elsewhere(tmp_path: Path) -> None:
    with a_hall(tmp_path, rooms=30, people=8) as hall:
        few, many = calls(hall, rooms=3), calls(hall, rooms=30)
    assert many <= 10 * few


def test_each_reader_costs_the_same(tmp_path: Path) -> None:
    cost = []
    # The first only has done what a process does once.
    for number, people in enumerate((10, 10, 100, 190)):
        with a_hall(tmp_path / str(number), rooms=1, people=people) as hall:
            cost.append(calls(hall, rooms=1))
    _, few, some, many = cost
    assert many - some <= some - few

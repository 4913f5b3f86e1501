"""Everybody: five programs that know nothing of each other, in one room.

The real server and the real programs, each in its own process: what nobody
could fake.  Whoever is not installed is skipped by name and the others play
the scene without them.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.journeys.programs import (
    Chat,
    Chatd,
    Company,
    Irc,
    Nc,
    Person,
    Telnet,
    Weechat,
)

# In the order in which they come and speak.
LINES: dict[type[Person], str] = {
    Nc: "nc here, bytes and nothing else: ☃",
    # GNU telnet takes a byte for Ctrl-C if its lower seven bits are, such as the
    # last one of a snowman; an accent is safe.
    Telnet: "telnet here, since 1969: café",
    Chat: "chat here, at home: ☃",
    Irc: "irc here, by hand: ☃",
    Weechat: "weechat here, from outside: ☃",
}


@pytest.mark.parametrize("program", LINES, ids=lambda program: program.NAME)
def test_the_program_is_installed(program: type[Person]) -> None:
    if not program.is_here():
        pytest.skip(
            f"{program.EXECUTABLE} is missing (Debian package {program.PACKAGE}):"
            " everybody meets without it"
        )


@pytest.mark.slow
def test_everybody_hears_everybody(table: "Table") -> None:
    for program in LINES:
        if program.is_here():
            table.welcomes(program)

    for speaker in table.people:
        speaker.says(LINES[type(speaker)])
        table.hears(speaker)

    table.is_cleared()
    # Nothing comes after the farewell, so this is all that anybody ever saw.
    said = [(speaker.NAME, LINES[type(speaker)]) for speaker in table.people]
    for person in table.people:
        own = (person.NAME, LINES[type(person)])
        expected = [it for it in said if it != own or person.SHOWS_OWN]
        assert person.heard() == expected, f"on the screen of {person.NAME}"


@pytest.fixture
def table(tmp_path: Path) -> Iterator["Table"]:
    with ExitStack() as cleared_away:
        yield Table(tmp_path, cleared_away)


class Table:
    """A server that runs, and those who met there."""

    def __init__(self, home: Path, cleared_away: ExitStack) -> None:
        self._home = home
        self._cleared_away = cleared_away
        self._company = Company()
        self.people: list[Person] = []

        self._chatd = Chatd(home)
        cleared_away.callback(self._chatd.close)
        self._company.seat(self._chatd)
        self._port = self._chatd.is_open(self._company)

    def welcomes(self, program: type[Person]) -> None:
        """One more comes: she sees who is here, and they see her."""
        newcomer = program.at(self._port, self._home)
        self._cleared_away.callback(newcomer.window.close)
        self._company.seat(newcomer.window)
        newcomer.enter(self._company)

        self.people.append(newcomer)
        for person in self.people:
            self._sees_everybody(person)

    def hears(self, speaker: Person) -> None:
        """All the others see what *speaker* says, under that name."""
        for reader in self.people:
            if reader is not speaker:
                self._sees_the_line(reader, speaker)

    def is_cleared(self) -> None:
        """The server is told to stop, says good-bye to everybody, and stops."""
        self._chatd.terminate()
        for person in self.people:
            self._company.wait(
                person.was_told_good_bye,
                on=person.window,
                or_else=f"{person.NAME} was not told good-bye",
            )
        self._company.wait(
            lambda: self._chatd.has_ended, on=self._chatd, or_else="chatd goes on"
        )
        assert self._chatd.exit_status() == 0, self._chatd.lines()

    def _sees_everybody(self, person: Person) -> None:
        others = {each.NAME for each in self.people if each is not person}
        self._company.wait(
            lambda: person.met() == others,
            on=person.window,
            or_else=f"{person.NAME} does not see just {others or 'nobody'} present",
        )

    def _sees_the_line(self, reader: Person, speaker: Person) -> None:
        said = (speaker.NAME, LINES[type(speaker)])
        self._company.wait(
            lambda: said in reader.heard(),
            on=reader.window,
            or_else=f"{reader.NAME} does not see what {speaker.NAME} said",
        )

"""Everybody: six programs that know nothing of each other, in one room.

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
    Irssi,
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
    Irssi: "irssi here, in one window: ☃",
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


# Who types what, and what a person then reads somewhere.  Irssi runs the room.
DEEDS: list[tuple[type[Person], str, type[Person], str]] = [
    (Irssi, "/join #tea", Irssi, r".* -!- irssi \[\S+\] has joined #tea"),
    (Telnet, "/join tea", Irssi, r".* -!- telnet \[\S+\] has joined #tea"),
    (
        Irssi,
        "/invite weechat #tea",
        Weechat,
        r".* You have been invited to #tea by irssi",
    ),
    (Weechat, "/join #tea", Telnet, r"\[#tea\] -- weechat is here\."),
    (Weechat, "/whois telnet", Weechat, r".* \[telnet\] .*: telnet"),
    (Irssi, "/whois telnet", Irssi, r".* -!-  channels : #lobby #tea"),
    (
        Irssi,
        "/mode #tea +m",
        Telnet,
        r"\[#tea\] -- irssi lets only those with a voice talk\.",
    ),
    (Irssi, "/topic leaves", Telnet, r"\[#tea\] -- irssi changed the topic: leaves"),
    (Weechat, "/away -all for milk", Weechat, r".*marked as being away.*"),
    (Telnet, "/whois weechat", Telnet, r"-- Away: for milk"),
    (Irssi, "/list -YES", Irssi, r".* -!- #tea 3 leaves"),
    (
        Irssi,
        "/kick weechat too loud",
        Telnet,
        r"\[#tea\] -- irssi put weechat out \(too loud\)\.",
    ),
    (Irssi, "/kick telnet bye", Telnet, r"-- irssi put you out of #tea \(bye\)\."),
]


@pytest.mark.slow
def test_who_is_on_telnet_reads_in_words_what_irc_programs_do(table: "Table") -> None:
    programs: list[type[Person]] = [Telnet, Weechat, Irssi]
    missing = [each.EXECUTABLE for each in programs if not each.is_here()]
    if missing:
        pytest.skip(f"{' and '.join(missing)}: missing (Debian packages)")
    people = {each: table.welcomes(each) for each in programs}
    for who, deed, reader, line in DEEDS:
        people[who].says(deed)
        table.shows(people[reader], line)
    table.is_cleared()


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

    def welcomes(self, program: type[Person]) -> Person:
        """One more comes: she sees who is here, and they see her."""
        newcomer = program.at(self._port, self._home)
        self._cleared_away.callback(newcomer.window.close)
        self._company.seat(newcomer.window)
        newcomer.enter(self._company)

        self.people.append(newcomer)
        for person in self.people:
            self._sees_everybody(person)
        return newcomer

    def shows(self, person: Person, line: str) -> None:
        """*person* reads such a *line*."""
        self._company.wait(
            lambda: bool(person.window.all_of(f"({line})")),
            on=person.window,
            or_else=f"{person.NAME} does not read {line}",
        )

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

"""Scribes: people whose dialect remembers what it was told, and asks for anything.

club = Club()
bob = club.enrols("bob", "#tea")
bob.goes()
club.comes("ann", "#tea").does(Say("#tea", "milk?"))
assert club.logs_in("bob", "#tea").has_missed() == {"#tea": ["milk?"]}
"""

from typing import Final

from chat.dialects.dialect import Heard, House, Kind, Replays, Silent, Told
from chat.domain.claims import Identified, Register
from chat.domain.commands import Command, Depart, Introduce, Join
from chat.domain.events import Event, Said, Whispered
from chat.domain.limits import Limits
from chat.domain.recalled import Excerpt, MissedIs
from chat.domain.records import Delivered
from chat.domain.refusals import Reason
from chat.server.ceilings import Act
from chat.server.exchange import Exchange
from chat.server.session import Session
from chat.wire.outbox import Outbox
from tests.fakes import FakeDisk, FakeOffload, a_keeper, a_librarian
from tests.server.readers import Nowhere, drained, handed_out

SINCE: Final = 1_700_000_000_000
HOUSE: Final = House("irc.test", "Testers", "test-1", SINCE, "#lobby", Limits())


class Ear:
    """The kind of reader who reads what is said, and what he says himself."""

    echoes = True

    def render(self, event: Event) -> bytes:
        return f"{event.text}\n".encode() if isinstance(event, Said) else b""


EAR: Final = Ear()


class Scribe(Silent):
    """A dialect that remembers what it was told, and when it was."""

    def __init__(self, device: str, replays: Replays) -> None:
        self.device = device
        self.replays = replays
        self.kind: Kind = EAR
        self.told: list[Event] = []
        self.refused: list[Reason] = []
        self.labels: list[str] = []
        self.in_pieces = False
        self.next: Heard = []
        self.then: Heard = []

    def hear(self, _line: bytes | object) -> Heard:
        """It asks for what it was given."""
        return self.next

    def tell(self, event: Event) -> Told:
        """What was whispered is shown, and all else by its name."""
        self.told.append(event)
        text = event.text if isinstance(event, Whispered) else type(event).__name__
        shown = f"{text}\n".encode()
        return iter((b"", shown)) if self.in_pieces else shown

    def refuse(self, reason: Reason) -> bytes:
        """The name of the reason."""
        self.refused.append(reason)
        return f"no: {type(reason).__name__}\n".encode()

    def labelled(self, label: str, told: list[Told]) -> Told:
        """What was told, between two lines."""
        self.labels.append(label)
        begin, end = f"<{label}>\n".encode(), f"</{label}>\n".encode()
        whole = [each if isinstance(each, bytes) else b"".join(each) for each in told]
        return b"".join((begin, *whole, end))

    def follow_up(self) -> Heard:
        """What it was given to do then."""
        then, self.then = self.then, []
        return then

    def farewell(self, _reason: str) -> bytes:
        """Good-bye."""
        return b"bye\n"


class Person:
    """Somebody on one session."""

    def __init__(self, club: "Club", session: Session, scribe: Scribe) -> None:
        self.club = club
        self.session = session
        self.scribe = scribe

    def does(self, *commands: Command) -> None:
        """Do that in one turn, and read what follows."""
        self.asks(*commands)
        self.club.turn()

    def asks(self, *asked: object) -> None:
        """Ask for that, in a turn that goes on."""
        self.club.bookmarks.heard(self.session)
        self.club.exchange.go_on(self.session, list(asked))  # type: ignore[arg-type]

    def reads(self) -> list[str]:
        """What came since the last look."""
        self.club.turn()
        read = self.club.read[self.session]
        lines = list(read)
        read.clear()
        return lines

    def answer(self, kind: type[Event]) -> list[Event]:
        """What it was told of that kind; the rest is forgotten."""
        told, self.scribe.told = self.scribe.told, []
        return [each for each in told if isinstance(each, kind)]

    def missed(self) -> list[MissedIs]:
        """What it was told to have missed."""
        told, self.scribe.told = self.scribe.told, []
        return [each for each in told if isinstance(each, MissedIs)]

    def has_missed(self) -> dict[str, list[str]]:
        """The texts of that, by what the place is called."""
        return {each.excerpt.target: texts(each.excerpt) for each in self.missed()}

    def goes(self) -> None:
        """Say good-bye, read it, and be closed."""
        self.does(Depart("Quit"))
        self.club.exchange.close(self.session)
        self.club.turn()

    def is_lost(self) -> None:
        """Be lost in this turn, without having read anything of it."""
        self.session.doom = "Connection reset"
        self.club.turn()
        self.club.exchange.end(self.session)
        self.club.exchange.close(self.session)
        self.club.turn()


class Club:
    """An exchange, and a store that remembers what was written."""

    def __init__(self, limits: Limits = HOUSE.limits) -> None:
        self.store = FakeDisk()
        self.keeper = a_keeper(self.store)
        self.librarian = a_librarian(self.store)
        house = House("irc.test", "Testers", "test-1", SINCE, "#lobby", limits)
        self.exchange = Exchange(
            house,
            self.store,
            self.keeper,
            FakeOffload(lambda: None),
            self.librarian,
        )
        self.bookmarks = self.exchange.bookmarks
        self.read: dict[Session, list[str]] = {}
        self.slow: dict[Session, None] = {}
        self._count = 0

    def turn(self) -> None:
        """Write down, and have everybody read who is not slow."""
        self.keeper.commit()
        for session in handed_out(self.exchange.fanout):
            if session.doom:
                continue
            if session in self.slow:
                self.bookmarks.falls_behind(session)
            else:
                self.read[session] += drained(session)
        self.bookmarks.spoken([each for each in self.read if each.doom])

    def finds(self) -> None:
        """Have done what was searched for, and told what was found."""

        def safely(act: Act, session: Session) -> None:
            act(session)

        self.librarian.begin(safely)
        self.librarian.finish(safely)

    def comes(
        self,
        nick: str,
        *rooms: str,
        device: str = "",
        replays: Replays = Replays(3, 2, has_digest=True),  # noqa: B008 - frozen
        account: str = "",
    ) -> Person:
        """Somebody comes, and enters *rooms* in the same turn."""
        person = self.begins(device=device, replays=replays)
        if account:
            person.asks(Identified(account))
        person.asks(Introduce(nick, nick, nick))
        person.does(*map(Join, rooms))
        return person

    def begins(
        self,
        device: str = "",
        replays: Replays = Replays(3, 2, has_digest=True),  # noqa: B008 - frozen
    ) -> Person:
        """A session begins, of somebody who has not said who he is."""
        self._count += 1
        session = Session(self._count, Nowhere(), Outbox(100_000, 200_000))
        session.is_decided = session.was_greeted = True
        self.exchange.open(session)
        scribe = Scribe(device, replays)
        session.dialect = scribe
        self.read[session] = []
        return Person(self, session, scribe)

    def enrols(self, nick: str, *rooms: str, device: str = "") -> Person:
        """Somebody comes who makes an account."""
        person = self.comes(nick, device=device)
        person.does(Register("a credential"))
        person.does(*map(Join, rooms))
        person.reads()
        person.scribe.told.clear()
        return person

    def logs_in(self, nick: str, *rooms: str, device: str = "") -> Person:
        """Somebody comes who has an account."""
        return self.comes(nick, *rooms, device=device, account=nick)

    def delivered(self) -> list[Delivered]:
        """What was written down of how far people are, since the last look."""
        self.turn()
        found = [each for each in self.store.written if isinstance(each, Delivered)]
        self.store.written.clear()
        return found

    def reached(self) -> int:
        """The last id that was given."""
        return self.keeper.reached().id


def texts(excerpt: Excerpt) -> list[str]:
    """What was said in it."""
    return [line.text for line in excerpt.lines]

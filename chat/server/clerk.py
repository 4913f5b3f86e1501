"""The clerk: carries out what the hub says is to be done.

Most of it is fan-out's.  The rest is what outlives the moment: what is to be kept, how
far each session has been told what happens, what is to be read, and good-bye.

Next: chat/server/keeper.py
"""

from functools import partial
from typing import Protocol

from chat.domain.effects import (
    Attach,
    Bind,
    Close,
    Deliver,
    Detach,
    Effect,
    Keep,
    Recall,
    Seat,
    Unseat,
)
from chat.domain.extracts import Seek
from chat.domain.ports import Store
from chat.domain.recalled import FoundAre
from chat.domain.records import ForgottenAccount
from chat.server.bookmarks import Bookmarks
from chat.server.fanout import FanOut
from chat.server.keeper import Keeper
from chat.server.labels import Answer, Labels
from chat.server.librarian import Answer as Found
from chat.server.librarian import Librarian
from chat.server.recaller import Recaller
from chat.server.session import Session


class Desk(Protocol):
    """What the exchange has for us."""

    fanout: FanOut
    # Wall time of this turn, in milliseconds.
    now: int


class Clerk:
    """Does what follows from a command."""

    def __init__(
        self, desk: Desk, store: Store, keeper: Keeper, librarian: Librarian
    ) -> None:
        self._desk = desk
        self._fanout = desk.fanout
        self._keeper = keeper
        self._librarian = librarian
        self.labels = Labels(desk.fanout)
        self.bookmarks = Bookmarks(store, keeper, desk.fanout)
        self._recaller = Recaller(desk, store, keeper, self.bookmarks)

    def configure(self, page: int) -> None:
        """Of history a *page* has so many lines at most, from now on."""
        self._recaller.page = page

    def go_round(self) -> None:
        """From time to time: see that everybody is told all, and how far they are."""
        self._recaller.settle()
        self.bookmarks.save()

    def carry_out(self, effects: list[Effect]) -> None:
        """Do all of it, in order."""
        for effect in effects:
            if isinstance(effect, Deliver):
                self._fanout.deliver(effect)
            elif isinstance(effect, Keep):
                record = effect.record
                self._keeper.keep(record)
                if type(record) is ForgottenAccount:
                    self.bookmarks.forget(record.id)
            else:
                self._carry_out_one(effect)

    def dismiss(self, session: Session, reason: str) -> None:
        """Say good-bye to *session*, and forget it.

        When the whole house closes this is all that is done, and to the hub
        everybody is still here: nine hundred departures, told to each of nine
        hundred people who are leaving as well, would be no news.
        """
        if session.doom:
            # It was lost before: what the kernel took nobody has read.
            self.bookmarks.lose(session)
        self._fanout.put(session, session.dialect.farewell(reason))
        self._fanout.close(session)
        self.bookmarks.detach(session.id)
        # Whoever leaves in the turn in which he would be greeted is not.
        session.set_timer(None)
        session.is_closing = True
        session.reason = reason

    def close(self, session: Session) -> None:
        """Nothing is said to *session* any more, by whomever."""
        self.labels.forget(session)
        self._fanout.close(session)
        self.bookmarks.close(session)

    def _carry_out_one(
        self, effect: Attach | Detach | Seat | Unseat | Close | Bind | Recall
    ) -> None:
        match effect:
            case Close():
                self.dismiss(self._fanout.session(effect.session), effect.reason)
            case Bind(number, 0):
                self.bookmarks.unbind(number)
            case Bind(number, account, away):
                self.bookmarks.bind(self._fanout.session(number), account, away)
            case Recall():
                self._recall(self._fanout.session(effect.session), effect)
            case Attach():
                self._fanout.carry_out(effect)
                self.bookmarks.attach(self._fanout.session(effect.session))
            case Detach():
                self._fanout.carry_out(effect)
                self.bookmarks.detach(effect.session)
            case Seat() | Unseat():
                self._fanout.carry_out(effect)

    def _recall(self, session: Session, recall: Recall) -> None:
        if isinstance(recall.extract, Seek):
            told = partial(self._found, session, self.labels.take(session))
            self._librarian.search(session, recall.extract, recall.until, told)
        else:
            self._recaller.recall(session, recall.extract, recall.until)

    def _found(self, session: Session, label: Answer | None, found: Found) -> None:
        """What came of a search: at once if there was none, and late otherwise."""
        dialect = session.dialect
        dialect.now = self._desk.now

        def tell() -> None:
            if isinstance(found, FoundAre):
                self._fanout.tell(session, found)
            else:
                self._fanout.put(session, dialect.refuse(found))

        self.labels.complete(session, label, tell)

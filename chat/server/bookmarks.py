"""Bookmarks: how far each session has been told what happens.

Whoever comes back is shown what was missed, so the house must know what it has told.
That is one number for a session, and nothing is counted while people talk: ids only
grow, and whoever's outbox is empty has been told all that happened until then.  So
everybody has what was *reached* when the last turn had spoken, but for a few who are
*behind* and have less: those whose outbox is not empty, and those who have just come
and are still to be shown what they have missed.

What the kernel took need not have been read: the lid of a laptop may be shut.  Nobody
knows before the connection is lost, so *for sure* one has only what one had in the
round before one was heard last, or two and a half minutes ago.  Who takes his leave has
read all; to whom is lost, some of it is shown twice.

A room that one does not enter is told later of all that happened there since the device
was told of it last, though that has been told of other places meanwhile.  This is kept
in mind only: after a restart it is shown what was said since its user left.

What cannot be shown, since the store cannot be read or has not heard of it yet, is
*owed*: it is told once that is over, and until then one keeps one's place.

What an account has on which device is written down when the session ends, and from
time to time, and while the store is behind nobody has more than it has heard of.
"""

import sys
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from chat.domain.extracts import Scope
from chat.domain.ports import Archive, Trouble
from chat.domain.records import Delivered
from chat.server.fanout import FanOut
from chat.server.keeper import Keeper
from chat.server.marks import Debt, Mark
from chat.server.session import Session

# Seconds after which it is written down again how far somebody is.
ROUND: Final = 10.0
# By so many rounds later we know that somebody has gone without a farewell: 150 s (see
# `net.connection`), and the round that is not over.
SURE_AFTER: Final = 16
# So many places that were written down last are known without asking the store,
# which hears of them later; and so many of rooms that were not entered.
REMEMBERED: Final = 1000
PASSED: Final = 10_000


class Bookmarks:
    """Who has been told how much."""

    def __init__(self, archive: Archive, keeper: Keeper, fanout: FanOut) -> None:
        self._archive = archive
        self._keeper = keeper
        self._fanout = fanout
        self._marks: dict[int, Mark] = {}
        # Those of each account; nobody asks how far a guest is.
        self._own: dict[int, list[Mark]] = {}
        # What everybody has, but for those who are behind, by session; and those of
        # them who have just come, or are owed something.
        self._spoken = 0
        self._behind: dict[int, int | None] = {}
        # What everybody had in the last rounds.
        self._rounds = deque([0] * SURE_AFTER, SURE_AFTER)
        self._new: dict[int, Mark] = {}
        # What was written down last, the latest last.
        self._known: dict[tuple[int, str], int] = {}
        # What a device has of a room that it did not enter since its user left: of that
        # less than of all others, by account, device and room.
        self._passed: dict[tuple[int, str, int], int] = {}

    # Who comes and goes.

    def bind(
        self, session: Session, account: int, away: tuple[tuple[int, int], ...] = ()
    ) -> None:
        """*session* is that account's from now on, and its user *away* from there."""
        mark, device = self._mark(session), session.dialect.device
        if (mark.account, mark.device) == (account, device):
            return
        self.unbind(session.id)
        mark.account, mark.device = account, device
        self._own.setdefault(account, []).append(mark)
        mark.since, mark.is_known, mark.away = self._reached(), False, away
        self._behind[session.id] = None
        self._new[session.id] = mark
        with suppress(Trouble):
            self._began(mark)

    def unbind(self, number: int) -> None:
        """The session of that number is nobody's any more."""
        mark = self._marks.get(number)
        if mark is None:
            return
        self._save(mark, self._has(mark))
        self._disown(mark)
        mark.account, mark.device = 0, ""
        mark.began = mark.saved = mark.sure = mark.had = None
        mark.is_known, mark.rounds = True, 0
        mark.owed.clear()
        mark.shown.clear()
        self._behind.pop(number, None)
        self._new.pop(number, None)

    def forget(self, account: int) -> None:
        """There is no such account any more, and nothing to be written down of it."""
        for mark in self._own.pop(account, ()):
            mark.account = 0
        for key in [key for key in self._passed if key[0] == account]:
            del self._passed[key]

    def attach(self, session: Session) -> None:
        """*session* is told what its user is told, from now on."""
        mark = self._mark(session)
        mark.since, mark.has_come = self._reached(), True
        if mark.until is not None and mark.account:
            self._behind.setdefault(session.id, self._delivered(mark))
            self._new[session.id] = mark
        mark.until = None

    def detach(self, number: int) -> None:
        """It is told nothing more, or was told good-bye."""
        mark = self._marks.get(number)
        if mark is not None and mark.until is None:
            mark.until = self._reached()

    def lose(self, session: Session) -> None:
        """*session* has gone without a farewell, nobody knows when."""
        self._mark(session).is_lost = True

    def close(self, session: Session) -> None:
        """*session* is over: write down how far it came."""
        mark = self._marks.get(session.id)
        if mark is None:
            return
        if mark.until is not None and self._has_all(mark):
            self._behind[session.id] = mark.until
        self.unbind(session.id)
        del self._marks[session.id]

    # What a turn changes.

    def heard(self, session: Session) -> None:
        """*session* has said something, so it was there."""
        mark = self._marks.get(session.id)
        if mark is not None and mark.had is not None:
            # Not what it was told just now: that may still be under way.
            mark.sure = max(mark.had, mark.sure or 0)

    def falls_behind(self, session: Session) -> None:
        """The kernel did not take all of what this turn has to say."""
        mark = self._marks.get(session.id)
        if mark is not None and mark.account:
            self._behind.setdefault(session.id, self._spoken)

    def catches_up(self, session: Session) -> None:
        """By now the kernel has taken all."""
        mark = self._marks.get(session.id)
        if mark is not None and self._has_all(mark):
            self._behind.pop(session.id, None)

    def spoken(self, doomed: Iterable[Session]) -> None:
        """A turn has spoken, to all but the *doomed*."""
        for session in doomed:
            if session.outbox:
                self.falls_behind(session)
        self._spoken = self._reached()
        for mark in list(self._new.values()):
            if self._has_all(mark):
                del self._new[mark.session.id]
                self._behind.pop(mark.session.id, None)
                if mark.saved is None:
                    # It is to be missed from now on, whatever happens.
                    self._save(mark, self._spoken)

    def save(self) -> None:
        """A round is over: write down how far those are whom something was told."""
        self._rounds.append(self._spoken)
        is_well = self._keeper.durable() == sys.maxsize
        for own in self._own.values():
            for mark in own:
                with suppress(Trouble):
                    self._began(mark)
                self._see_what_is_sure(mark)
                if is_well:
                    self._save_round(mark)

    def _see_what_is_sure(self, mark: Mark) -> None:
        mark.had = self._delivered(mark)
        mark.rounds += 1
        if mark.rounds > SURE_AFTER:
            # It would be known by now that nobody was there.
            mark.sure = max(self._rounds[0], mark.sure or 0)

    def _save_round(self, mark: Mark) -> None:
        place = self._fanout.place_of(mark.session)
        if place != mark.place:
            # Also what this turn has still to say: rounds come before that.
            mark.place, mark.told = place, self._reached()
        if (mark.saved or 0) < mark.told:
            self._save(mark, self._has(mark))

    # What was missed.

    def account(self, session: Session) -> int:
        """Whose *session* is; 0 for a guest's."""
        return self._mark(session).account

    def had(self, session: Session) -> int | None:
        """What *session* had when it began; None if its device never was here.

        Raises:
            Trouble: nobody knows.
        """
        return self._began(self._mark(session))

    def missed_from(self, session: Session, scope: Scope) -> int | None:
        """The id after which *session*, which enters it now, has missed a room.

        None if it never was there.

        Raises:
            Trouble: nobody knows.
        """
        mark = self._mark(session)
        if scope.is_new:
            return None
        if scope.left > mark.since or not mark.account:
            # It was told all until its user left.
            return scope.left or None
        had = self._had_of(scope, mark)
        _, shown = mark.shown.get((scope.room, scope.peer), (0, 0))
        return max(had or 0, shown - 1) if shown else had

    def unread_from(self, session: Session, scope: Scope) -> int | None:
        """The id after which *session* may not have read a scope when it came.

        Raises:
            Trouble: nobody knows.
        """
        return self._had_of(scope, self._mark(session))

    def unread(
        self, session: Session, scope: Scope, until: int
    ) -> list[tuple[int | None, int]]:
        """After and before which ids *session* has something to read in a scope.

        What it was told while it happened is read, and what it was shown: there may be
        something newer, and something older that was too much to be shown at once.

        Raises:
            Trouble: nobody knows.
        """
        mark, had = self._mark(session), self.unread_from(session, scope)
        is_away = not scope.is_inside and not scope.peer
        shown = mark.shown.get((scope.room, scope.peer))
        if shown is None:
            if is_away:
                return [(had, until)]
            return [(had, mark.since)] if scope.peer else []
        first, end = shown
        found: list[tuple[int | None, int]] = []
        if is_away:
            was_here = scope.left if scope.left > mark.since else 0
            found.append((max(end - 1, was_here), until))
        if first:
            found.append((had, first))
        return found

    def has_shown(self, session: Session, scope: Scope, first: int, until: int) -> None:
        """It was shown all of a scope that is before *until*, from the id *first* on.

        With 0 there was nothing older to show.
        """
        shown, place = self._mark(session).shown, (scope.room, scope.peer)
        _, before = shown.get(place, (0, 0))
        shown[place] = first, max(before, until)

    def has_entered(self, session: Session, scope: Scope) -> None:
        """Of that room *session* was told what it had missed, or can ask for it."""
        mark = self._mark(session)
        self._passed.pop((mark.account, mark.device, scope.room), None)

    # What could not be told.

    def owe(self, session: Session, debt: Debt) -> None:
        """*session* could not be told that, and keeps its place until it was."""
        mark = self._mark(session)
        had, heard_of = self._delivered(mark), self._keeper.durable()
        self._behind[session.id] = None if had is None else min(had, heard_of)
        self._new[session.id] = mark
        owed = mark.owed.get(debt.place, debt)
        if debt.after <= owed.after:
            mark.owed[debt.place] = debt

    def due(self) -> list[tuple[Session, Debt]]:
        """What is owed to whom, if the store has heard of all: it is to be told now."""
        if self._keeper.durable() != sys.maxsize:
            return []
        found: list[tuple[Session, Debt]] = []
        for mark in self._new.values():
            if mark.until is None:
                found += ((mark.session, debt) for debt in mark.owed.values())
                mark.owed.clear()
        return found

    def _mark(self, session: Session) -> Mark:
        mark = self._marks.get(session.id)
        if mark is None:
            mark = self._marks[session.id] = Mark(session)
        return mark

    def _disown(self, mark: Mark) -> None:
        """*mark* is its account's no more, if it was any's."""
        if mark.account:
            own = self._own[mark.account]
            own.remove(mark)
            if not own:
                del self._own[mark.account]

    def _reached(self) -> int:
        return self._keeper.reached().id

    def _has_all(self, mark: Mark) -> bool:
        """Whether it has been told all that there was to tell it."""
        is_told = mark.has_come and mark.is_known and not mark.owed
        return is_told and not mark.session.outbox

    def _began(self, mark: Mark) -> int | None:
        """What its device had, as soon as the store can tell."""
        if not mark.is_known:
            mark.began = mark.saved = mark.sure = self._had(mark.account, mark.device)
            mark.is_known = True
            self._behind[mark.session.id] = mark.began
            self._pass_by(mark)
        return mark.began

    def _pass_by(self, mark: Mark) -> None:
        """Keep in mind of which rooms the device has less than until its user left."""
        for room, left in mark.away:
            if mark.began is not None and mark.began < left:
                key = mark.account, mark.device, room
                self._passed.setdefault(key, mark.began)
                if len(self._passed) > PASSED:
                    del self._passed[next(iter(self._passed))]

    def _had_of(self, scope: Scope, mark: Mark) -> int | None:
        """What the device had of a scope when the session began.

        While its user was away from there, it was told of other places only.
        """
        had = self._began(mark)
        if had is not None and 0 < scope.left < had and not 0 < scope.back <= had:
            had = scope.left
        if had is None or scope.peer:
            return had
        return min(had, self._passed.get((mark.account, mark.device, scope.room), had))

    def _delivered(self, mark: Mark) -> int | None:
        had = self._behind.get(mark.session.id, self._spoken)
        return had if had is None or mark.until is None else min(had, mark.until)

    def _has(self, mark: Mark) -> int | None:
        """What it was delivered, and has for sure."""
        delivered = self._delivered(mark)
        if delivered is None or (mark.until is not None and not mark.is_lost):
            return delivered
        return None if mark.sure is None else min(delivered, mark.sure)

    def _had(self, account: int, device: str) -> int | None:
        """What that device has, also by what the store will hear of later.

        Raises:
            Trouble: nobody knows.
        """
        own = self._own.get(account, ())
        found = [self._has(mark) for mark in own if mark.device == device]
        found.append(self._known.get((account, device)))
        found.append(self._archive.delivered(account, device))
        return max((each for each in found if each is not None), default=None)

    def _save(self, mark: Mark, delivered: int | None) -> None:
        """Have it written down, unless that is no news."""
        if not mark.account or delivered is None:
            return
        delivered = min(delivered, self._keeper.durable())
        if mark.saved is not None and delivered <= mark.saved:
            return
        mark.saved = delivered
        key = mark.account, mark.device
        self._known[key] = max(delivered, self._known.pop(key, 0))
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        self._keeper.keep(Delivered(delivered, mark.account, mark.device))

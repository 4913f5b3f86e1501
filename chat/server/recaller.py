"""The recaller: reads what was said, and has a session told of it.

The hub says what may be read (an extract), and each dialect how it is told.  What is
between is done here: how much of it a session has missed or not read, by its bookmark,
and how much of that it is shown.

All is read when the kernel can take it, from a cursor in the outbox.  That is after the
turn has been written down, so it holds what was said in this very turn; and a long
answer is nowhere as a whole.  What happens from the moment of asking on is told anyway,
so nothing is read from there on: nobody is told anything twice.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Protocol, TypeAlias

from chat.domain.extracts import (
    ReadDigest,
    ReadMissed,
    ReadPage,
    ReadPrivate,
    ReadTargets,
    ReadUnread,
    Scope,
)
from chat.domain.names import fold
from chat.domain.ports import Archive, Conversation, Tally, Trouble
from chat.domain.questions import Page, Point, Which
from chat.domain.recalled import (
    DigestIs,
    Excerpt,
    HistoryIs,
    MissedIs,
    Recalled,
    TargetsAre,
    Unread,
    UnreadAre,
)
from chat.domain.records import Line
from chat.domain.refusals import CannotRecall
from chat.server.bookmarks import Bookmarks
from chat.server.fanout import FanOut
from chat.server.keeper import Keeper
from chat.server.marks import Debt
from chat.server.session import Session
from chat.wire.outbox import PAUSE

# Lines of each room, or person, that one has not read; and of how many of them.
UNREAD: Final = 20
SCOPES: Final = 20
# So many rooms are looked at in one turn, and so many bytes of an answer made: each is
# a millisecond or two of work.
STRIDE: Final = 4
PIECE: Final = 8192

# Nobody's account: of his own lines there are none to be left out.
_NOBODY: Final = -1

# What is read here: all but searches.
Extract: TypeAlias = (
    ReadPage | ReadMissed | ReadPrivate | ReadUnread | ReadDigest | ReadTargets
)
# What comes of it, a part at a time; None where others may be served first.
Reading: TypeAlias = Iterator[Recalled | None]


class Desk(Protocol):
    """What the exchange has for us."""

    fanout: FanOut
    # Wall time of this turn, in milliseconds.
    now: int


class Recaller:
    """Answers questions about what was said."""

    def __init__(
        self, desk: Desk, archive: Archive, keeper: Keeper, bookmarks: Bookmarks
    ) -> None:
        self._desk = desk
        self._archive = archive
        self._keeper = keeper
        self._bookmarks = bookmarks
        # The most lines of a page, as the operator has set it.
        self.page = 0

    def recall(self, session: Session, extract: Extract, until: int) -> None:
        """Have *session* told what there is of *extract* before the id *until*."""
        match extract:
            case ReadPage(scope, page):
                reading = self._page(session, scope, page, until)
                self._tell(session, reading, scope.name)
            case ReadMissed() | ReadPrivate():
                self._recall_missed(session, extract, until)
            case ReadUnread():
                reading = self._unread(session, extract, until)
                is_one = len(extract.scopes) == 1 and not extract.account
                self._tell(session, reading, extract.scopes[0].name if is_one else "")
            case ReadDigest():
                if session.dialect.replays.has_digest:
                    self._tell(session, self._digest(session, extract, until))
            case ReadTargets():
                self._tell(session, self._targets(extract, until))

    # Pages.

    def _page(self, session: Session, scope: Scope, page: Page, until: int) -> Reading:
        page = replace(page, most=min(page.most, self.page))
        heard_of = self._heard_of(until)
        lines, is_end = self._archive.page(scope, page, until)
        if heard_of < until - 1 and page.which is not Which.BEFORE:
            # There is more to come.
            is_end = False
            if scope.is_inside and not session.dialect.replays.most:
                debt = Debt(ReadMissed(scope), until, heard_of)
                self._bookmarks.owe(session, debt)
        yield HistoryIs(_excerpt(scope, lines), page, is_end)

    def _heard_of(self, until: int) -> int:
        """Up to which id, before *until*, the store has heard of all."""
        return min(self._keeper.durable(), until - 1)

    def _targets(self, extract: ReadTargets, until: int) -> Reading:
        low, high = sorted((extract.first, extract.second))
        found = [
            (at, name) for name, at in self._latest(extract, until) if low < at < high
        ]
        # They are counted from the first time towards the second.
        found.sort(reverse=extract.first > extract.second)
        most = min(extract.most, self.page)
        targets = tuple((name, at) for at, name in sorted(found[:most]))
        yield TargetsAre(targets, is_end=len(found) <= most)

    def _latest(self, extract: ReadTargets, until: int) -> Iterator[tuple[str, int]]:
        for scope in extract.scopes:
            if last := self._archive.last(scope, until):
                yield scope.name, last.at
        for each in self._conversations(extract.account, until):
            # What one can ask for by that name is another's, or nobody's.
            if not each.is_gone:
                yield each.name, each.at

    # What was missed.

    def _recall_missed(
        self, session: Session, extract: ReadMissed | ReadPrivate, until: int
    ) -> None:
        replays = session.dialect.replays
        is_new = isinstance(extract, ReadMissed) and extract.scope.is_new
        if replays.at_first if is_new else replays.most:
            self._replay(session, Debt(extract, until))
        elif isinstance(extract, ReadMissed):
            self._bookmarks.has_entered(session, extract.scope)

    def settle(self) -> None:
        """Tell what could not be told before, if that is possible by now."""
        for session, debt in self._bookmarks.due():
            self._replay(session, debt, again=True)

    def _replay(self, session: Session, debt: Debt, *, again: bool = False) -> None:
        """Tell what nobody has asked for: what cannot be read now is owed."""

        def watched() -> Reading:
            heard_of = self._heard_of(debt.until)
            if heard_of < debt.until - 1:
                rest = replace(debt, after=max(debt.after, heard_of))
                self._bookmarks.owe(session, rest)
            try:
                yield from self._overdue(session, debt)
            except Trouble:
                self._bookmarks.owe(session, debt)
                # Once is enough to be told of it.
                if not again:
                    raise

        self._tell(session, watched(), debt.about)

    def _overdue(self, session: Session, debt: Debt) -> Reading:
        replays, until = session.dialect.replays, debt.until
        match debt.extract:
            case ReadMissed(scope):
                position = self._bookmarks.missed_from(session, scope)
                if debt.after:
                    position = max(debt.after, position or 0)
                # Who looks himself has looked, when something is owed to him.
                most = replays.at_first if position is None else replays.most or UNREAD
                if most:
                    missed = self._missed(scope, position, most, until)
                    yield from self._show(session, scope, missed, until)
                self._bookmarks.has_entered(session, scope)
            case ReadPrivate(account):
                had = self._bookmarks.had(session)
                # At a first visit the device cannot know what it has missed.
                if had is None:
                    return
                position = max(debt.after, had)
                # The latest is told last: there one's eyes are.
                scopes = reversed(self._private_scopes(account, position, until))
                for number, scope in enumerate(scopes, 1):
                    if not number % STRIDE:
                        yield None
                    missed = self._missed(scope, position, replays.most, until)
                    yield from self._show(session, scope, missed, until)

    def _missed(
        self, scope: Scope, position: int | None, most: int, until: int
    ) -> MissedIs:
        # What one says that one has read does not matter: it may be missing here.
        scope = _after(replace(scope, read=0), position)
        excerpt = self._newest(scope, most, until)
        if position is None:
            return MissedIs(replace(excerpt, left_out=0), is_first_visit=True)
        return MissedIs(excerpt)

    def _show(
        self, session: Session, scope: Scope, missed: MissedIs, until: int
    ) -> Reading:
        if missed.excerpt.lines:
            yield missed
        self._note(session, scope, missed.excerpt, until)

    def _note(
        self, session: Session, scope: Scope, excerpt: Excerpt, until: int
    ) -> None:
        """*session* was shown that *excerpt*, and what is left out is still unread."""
        first = excerpt.lines[0].id if excerpt.left_out else 0
        # Of what the store has not heard of yet nothing was shown.
        end = self._heard_of(until) + 1
        self._bookmarks.has_shown(session, scope, first, end)

    # What one has not read.

    def _unread(self, session: Session, extract: ReadUnread, until: int) -> Reading:
        unread: list[tuple[Scope, Excerpt]] = []
        own = self._bookmarks.account(session) or _NOBODY
        is_end = self._heard_of(until) == until - 1
        scopes = self._with_private(session, extract, until)
        for number, scope in enumerate(scopes, 1):
            if not number % STRIDE:
                yield None
            excerpt = self._rest(session, scope, until)
            if all(line.account == own for line in excerpt.lines):
                continue
            if len(unread) == SCOPES:
                is_end = False
                break
            unread.append((scope, excerpt))
        for scope, excerpt in unread:
            self._note(session, scope, excerpt, until)
        yield UnreadAre(tuple(excerpt for _, excerpt in unread), is_end)

    def _rest(self, session: Session, scope: Scope, until: int) -> Excerpt:
        """What *session* has not read of a scope: the newest, if there is so much."""
        for position, end in self._bookmarks.unread(session, scope, until):
            excerpt = self._newest(_after(scope, position), UNREAD, end)
            if position is None and not scope.read:
                excerpt = replace(excerpt, left_out=0)
            if excerpt.lines:
                return excerpt
        return _excerpt(scope, [])

    def _digest(self, session: Session, extract: ReadDigest, until: int) -> Reading:
        rows: list[Unread] = []
        own = extract.account
        scopes = self._with_private(session, extract, until)
        for number, scope in enumerate(scopes, 1):
            if not number % STRIDE:
                yield None
            position = self._bookmarks.unread_from(session, scope)
            if position is None and not scope.read:
                # Nobody knows what he has seen of it.
                continue
            counted = self._tally(_after(scope, position), until, own, extract.nick)
            if counted.lines:
                rows.append(_row(scope, counted))
            if len(rows) == SCOPES:
                break
        if rows:
            yield DigestIs(tuple(rows))

    def _with_private(
        self, session: Session, extract: ReadUnread | ReadDigest, until: int
    ) -> Iterator[Scope]:
        """The scopes, and what was said to the account alone."""
        yield from extract.scopes
        had, read = self._bookmarks.had(session), dict(extract.read)
        for scope in self._private_scopes(extract.account, had, until):
            yield replace(scope, read=read.get(fold(scope.name), 0))

    # What all of them read.

    def _newest(self, scope: Scope, most: int, until: int) -> Excerpt:
        """What was said last in a scope, and how much more there is that is unread."""
        points = (Point(at=scope.read),) if scope.read else ()
        lines, is_end = self._archive.page(
            scope, Page(Which.LATEST, points, most), until
        )
        # Lines of one time come together; here it is the number that counts.
        excerpt = _excerpt(scope, lines[-most:])
        if is_end and len(lines) <= most:
            return excerpt
        counted = self._tally(scope, until, _NOBODY)
        # Of what there is more than is counted there is one more at least.
        left_out = counted.lines + counted.is_least - len(excerpt.lines)
        return replace(excerpt, left_out=left_out, is_least=counted.is_least)

    def _tally(self, scope: Scope, until: int, own: int, nick: str = "") -> Tally:
        """How much others than *own* said in a scope after what was read there."""
        return self._archive.tally(scope, Point(at=scope.read), until, own, nick)

    def _private_scopes(
        self, account: int, position: int | None, until: int
    ) -> list[Scope]:
        """With whom something was said after *position*, the latest first."""
        return [
            Scope(each.name, peer=each.peer, account=account)
            for each in self._conversations(account, until)
            if each.id > (position or 0)
        ]

    def _conversations(self, account: int, until: int) -> list[Conversation]:
        return self._archive.conversations(account, until) if account else []

    def _tell(self, session: Session, reading: Reading, about: str = "") -> None:
        self._desk.fanout.say(session, self._told(session, reading, about))

    def _told(self, session: Session, reading: Reading, about: str) -> Iterator[bytes]:
        """The cursor: what was asked for, or that it cannot be read."""
        dialect = session.dialect
        try:
            for answer in reading:
                if answer is None:
                    yield PAUSE
                    continue
                dialect.now = self._desk.now
                told = dialect.tell(answer)
                yield from [told] if isinstance(told, bytes) else _in_pieces(told)
        except Trouble:
            yield dialect.refuse(CannotRecall(about))


def _in_pieces(told: Iterator[bytes]) -> Iterator[bytes]:
    """*told*, with pauses, so that others are served in between."""
    size = 0
    for part in told:
        yield part
        size += len(part)
        if size >= PIECE:
            size = 0
            yield PAUSE


def _after(scope: Scope, position: int | None) -> Scope:
    """What there is of *scope* behind a *position*, if there is one."""
    if position is None:
        return scope
    return replace(scope, floor=max(scope.floor, position + 1))


def _excerpt(scope: Scope, lines: list[Line]) -> Excerpt:
    return Excerpt(scope.name, tuple(lines), bool(scope.peer))


def _row(scope: Scope, counted: Tally) -> Unread:
    return Unread(
        scope.name,
        counted.lines,
        counted.since,
        counted.mentions,
        is_private=bool(scope.peer),
        is_least=counted.is_least,
    )

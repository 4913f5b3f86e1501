"""Earlier: what was said before, as a person on plain is shown it.

An old line stands behind a mark and its time, so that nobody takes it for something
said now; nothing that is said now begins like it, whatever it is and whoever says it:

    -- Earlier in #ops (times are UTC):
    | 10:14 bob: hello
    | 19 Nov 23:10 * carol waves
    -- Now:

Times are those of the zone in which somebody is.  Who has never said where he is, is
told that they are UTC.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from chat.dialects import dates, words
from chat.dialects.conversation import Conversation
from chat.dialects.dialect import Told
from chat.domain.commands import Command
from chat.domain.events import Whispered
from chat.domain.names import fold
from chat.domain.questions import AskHistory, CatchUp, Page, Point, Which
from chat.domain.recalled import (
    DigestIs,
    Excerpt,
    FoundAre,
    HistoryIs,
    MissedIs,
    ReadIs,
    Recalled,
    TargetsAre,
    Unread,
    UnreadAre,
)
from chat.domain.records import Line
from chat.domain.retold import retold
from chat.wire.text import harmless

# Lines of a page, where nobody says how many: what a small window holds.
PAGE: Final = 20
NOW: Final = "-- Now:"
ALL: Final = "-- That was all."
OLDER: Final = "-- /more shows older ones."
OLDER_IN: Final = "-- /more shows older ones {where}."
NEWER: Final = "-- /more shows what came next."
ALL_READ: Final = "-- You have read everything."
ELSEWHERE: Final = "-- /more shows what is new elsewhere."
NOT_FOUND: Final = "-- Nothing was found."
PARTS: Final = " Parts of words take three letters."
# With fewer letters only a whole word is found.
_PART: Final = 3
CUT: Final = "-- There was no time to look everywhere; fewer rooms or rarer words help."


def told(talk: Conversation, answer: Recalled) -> Told:
    """*answer* as this person reads it."""
    match answer:
        case MissedIs():
            return b"".join(_missed(talk, answer))
        case DigestIs():
            return _digest(talk, answer)
        case HistoryIs():
            return b"".join(_history(talk, answer))
        case UnreadAre():
            # Of a hundred rooms, it may be.
            return _unread(talk, answer)
        case FoundAre():
            return b"".join(_found(talk, answer))
        case TargetsAre() | ReadIs():
            # In this language nobody asks for them.
            return b""


def more(answer: HistoryIs | MissedIs | UnreadAre | FoundAre) -> list[Command]:
    """What has to be asked for the page after *answer*; nothing if there is none."""
    match answer:
        case HistoryIs(excerpt, page) if excerpt.lines and not answer.is_end:
            return [_next(excerpt, page)]
        case MissedIs(excerpt):
            return [_before(each, PAGE) for each in _longer((excerpt,))]
        case UnreadAre(is_end=False):
            # What was shown counts as read.
            return [CatchUp()]
        case UnreadAre():
            # Of several it would not be known which is meant.
            longer = _longer(answer.excerpts)
            return [_before(longer[0], PAGE)] if len(longer) == 1 else []
        case FoundAre(asked, found) if found and not answer.is_end:
            return [replace(asked, below=found[0][1].id)]
        case _:
            return []


def more_of(answer: HistoryIs | MissedIs | UnreadAre) -> dict[str, list[Command]]:
    """The same for each place in *answer*, by the fold of what it is called."""
    if isinstance(answer, HistoryIs):
        return {fold(answer.excerpt.target): more(answer)}
    excerpts = (answer.excerpt,) if isinstance(answer, MissedIs) else answer.excerpts
    return {fold(each.target): [_before(each, PAGE)] for each in _longer(excerpts)}


def _longer(excerpts: Iterable[Excerpt]) -> list[Excerpt]:
    """Those of which more was missed than is shown."""
    return [each for each in excerpts if each.left_out and each.lines]


def _next(excerpt: Excerpt, page: Page) -> AskHistory:
    if page.which is not Which.AFTER:
        return _before(excerpt, page.most)
    newest = _point(excerpt.lines[-1])
    return AskHistory(excerpt.target, replace(page, points=(newest,)))


def _before(excerpt: Excerpt, most: int) -> AskHistory:
    page = Page(Which.BEFORE, (_point(excerpt.lines[0]),), most)
    return AskHistory(excerpt.target, page)


def _point(line: Line) -> Point:
    return Point(line.id, line.at)


def _missed(talk: Conversation, answer: MissedIs) -> Iterator[bytes]:
    lines = b"".join(_lines(talk, answer.excerpt))
    if lines:
        what = "Said last" if answer.is_first_visit else "Earlier"
        yield from (_heading(talk, what, answer.excerpt), lines, talk.answer(NOW))


def _history(talk: Conversation, answer: HistoryIs) -> Iterator[bytes]:
    if not answer.excerpt.lines:
        yield talk.answer(_nothing(answer))
        return
    yield _heading(talk, "Said", answer.excerpt)
    yield from _lines(talk, answer.excerpt)
    if answer.is_end:
        yield talk.answer(ALL)
    else:
        yield talk.answer(NEWER if answer.page.which is Which.AFTER else OLDER)


def _nothing(answer: HistoryIs) -> str:
    where = _where(answer.excerpt)
    match answer.page.which:
        case Which.LATEST:
            # It may also be that nothing is kept of it, or nothing for this person.
            return f"-- There is nothing to read {where} yet."
        case Which.AFTER:
            return f"-- Nothing was said {where} since then."
        case _:
            return ALL


def _unread(talk: Conversation, answer: UnreadAre) -> Iterator[bytes]:
    excerpts = [each for each in answer.excerpts if each.lines]
    for excerpt in excerpts:
        yield _heading(talk, "New", excerpt)
        yield from _lines(talk, excerpt)
    if not answer.is_end:
        yield talk.answer(ELSEWHERE)
    elif not excerpts:
        yield talk.answer(ALL_READ)
    elif not (longer := _longer(answer.excerpts)):
        yield talk.answer(ALL)
    elif len(longer) == 1:
        # It need not be the one that was shown last.
        yield talk.answer(OLDER_IN.format(where=_where(longer[0])))


def _found(talk: Conversation, answer: FoundAre) -> Iterator[bytes]:
    if answer.found:
        yield talk.answer(f"-- Found{_notes(talk)}:")
    for name, line in answer.found:
        yield _line(talk, line, name, "" if line.peer else f"[{harmless(name)}] ")
    if answer.is_cut:
        yield talk.answer(CUT)
    if more(answer):
        yield talk.answer(OLDER)
    elif not answer.is_cut:
        is_first = not answer.found and not answer.asked.below
        yield talk.answer(_not_found(answer.asked.text) if is_first else ALL)


def _not_found(text: str) -> str:
    has_short = any(
        # What is written without spaces has no such letters.
        len(word) < _PART and word.lower() != word.upper()
        for word in text.split()
    )
    return f"{NOT_FOUND}{PARTS}" if has_short else NOT_FOUND


def _heading(talk: Conversation, what: str, excerpt: Excerpt) -> bytes:
    note = ""
    if excerpt.left_out:
        # There may be more such headings, so that `/more` alone would not do.
        name = harmless(excerpt.target)
        least = "at least " if excerpt.is_least else ""
        note = f"{least}{excerpt.left_out} more before that: /more {name}"
    return talk.answer(f"-- {what} {_where(excerpt)}{_notes(talk, note)}:")


def _where(excerpt: Excerpt) -> str:
    name = harmless(excerpt.target)
    return f"between you and {name}" if excerpt.is_private else f"in {name}"


def _notes(talk: Conversation, note: str = "") -> str:
    utc = "times are UTC" if talk.zone == "UTC" else ""
    notes = "; ".join(filter(None, (utc, note)))
    return f" ({notes})" if notes else ""


def _lines(talk: Conversation, excerpt: Excerpt) -> Iterator[bytes]:
    return (_line(talk, line, excerpt.target) for line in excerpt.lines)


def _line(talk: Conversation, line: Line, name: str, tag: str = "") -> bytes:
    """*line*, if it was anything that people are shown."""
    event = retold(line, name)
    text = words.of_event(event)
    if isinstance(event, Whispered) and is_own(talk, line):
        text = words.own_whisper(event, "you to")
    mark = f"| {dates.written(line.at, talk.zone, talk.now)} {tag}"
    return talk.kind.earlier(event, text, mark)


def is_own(talk: Conversation, line: Line) -> bool:
    """Whether one has said *line* oneself, to somebody else."""
    own = (fold(talk.account), fold(talk.speaks_for))
    nick = line.source.partition("!")[0]
    return fold(nick) in own and fold(line.target) not in own


def _digest(talk: Conversation, answer: DigestIs) -> bytes:
    if not answer.unread:
        return b""
    rooms = [_news(talk, each) for each in answer.unread if not each.is_private]
    private = [_news(talk, each) for each in answer.unread if each.is_private]
    news = f"-- While you were away: {'; '.join(rooms or private)}."
    # What is private is told next, unasked.
    shows = " /catchup shows them." if rooms else ""
    also = f"\n-- And {'; '.join(private)}." if rooms and private else ""
    return talk.answer(news + shows + also)


def _news(talk: Conversation, unread: Unread) -> str:
    name = harmless(unread.target)
    number = f"over {unread.count}" if unread.is_least else str(unread.count)
    if unread.is_private:
        is_one = number == "1"
        return f"{number} private {'message' if is_one else 'messages'} from {name}"
    utc = " UTC" if talk.zone == "UTC" else ""
    since = dates.written(unread.since, talk.zone, talk.now)
    mentions = ""
    if unread.mentions:
        verb = "mentions" if unread.mentions == 1 else "mention"
        mentions = f", {unread.mentions} {verb} you"
    return f"{number} new in {name} since {since}{utc}{mentions}"

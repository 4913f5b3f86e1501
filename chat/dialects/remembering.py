"""Remembering: the verbs for what was said before.

Each remembers nothing but what `/more` would ask for, and that is known only once the
answer has come: see `earlier.more`.
"""

from typing import Final

from chat.dialects import dates, words
from chat.dialects.conversation import Action, Conversation, Group, Verb
from chat.dialects.dialect import Heard
from chat.dialects.earlier import PAGE
from chat.domain.names import fold
from chat.domain.questions import AskHistory, CatchUp, Page, Point, Search, Which
from chat.wire.text import harmless

NOTHING_MORE: Final = (
    "-- There is no more of anything. /history, /search and /catchup show what was"
    " said."
)
NO_MORE_OF: Final = "-- There is no more of {place}. /history {place} shows the last."
NOTHING_KEPT: Final = "-- What is said here is not kept."
NO_TIME: Final = (
    "-- When is {text}? Like this: 10:00, yesterday, monday, 2h, 19 Nov or 2026-11-19."
)
# Lines of a page that begins at a time, where nobody says how many.
_SINCE: Final = 50
# A date may be so many words: 19 Nov 2026 10:00.
_WORDS_OF_A_DATE: Final = 4


def _where_kept(act: Action) -> Action:
    """The action that does *act* in a house where what is said is kept."""

    def action(talk: Conversation, rest: str) -> Heard | None:
        if not talk.house.limits.history:
            return [talk.answer(NOTHING_KEPT)]
        return act(talk, rest)

    return action


def catch_up(talk: Conversation, rest: str) -> Heard | None:
    """Show what one has not read: everywhere, in a room, or of somebody."""
    if " " in rest:
        return None
    talk.more = []
    return [CatchUp(_place(talk, rest) if rest else "")]


def history(talk: Conversation, rest: str) -> Heard | None:
    """Show what was said last, or since some time, in a room or with somebody."""
    asked, since = _asked(talk, rest.split())
    numbers = [word for word in asked if _is_number(word)]
    places = [word for word in asked if word not in numbers]
    if max(len(numbers), len(places)) > 1 or since == "" or "0" in numbers:
        return None
    if places and _is_number(places[0].removeprefix("-")):
        # Nobody is called so.
        return None
    if not (target := _place(talk, places[0]) if places else talk.current):
        return [talk.answer(words.IN_NO_ROOM)]
    page = Page(most=_most(talk, numbers, PAGE))
    if since is not None:
        at = dates.moment(since, talk.zone, talk.now)
        if at is None:
            return [talk.answer(NO_TIME.format(text=harmless(since)))]
        # What was said at that very moment is wanted as well.
        point = Point(at=max(0, at - 1))
        page = Page(Which.AFTER, (point,), _most(talk, numbers, _SINCE))
    talk.more = []
    return [AskHistory(target, page)]


def search(talk: Conversation, rest: str) -> Heard | None:
    """Show where something was said."""
    looked_for, given = [], {"from": "", "in": "", "after": "", "before": ""}
    remaining = rest.split()
    while remaining:
        word = remaining.pop(0)
        key, colon, value = word.partition(":")
        if not colon or key.lower() not in given:
            looked_for.append(word)
            continue
        if not value:
            return None
        if key.lower() in ("after", "before"):
            value = _date(talk, value, remaining)
        given[key.lower()] = value
    return _search(talk, " ".join(looked_for), given) if rest else None


def more(talk: Conversation, rest: str) -> Heard | None:
    """Show the next page of what was shown last, everywhere or of one place."""
    if not rest:
        return [*talk.more] or [talk.answer(NOTHING_MORE)]
    if " " in rest:
        return None
    place = _place(talk, rest)
    no_more = NO_MORE_OF.format(place=harmless(place))
    return [*talk.more_of.get(fold(place), ())] or [talk.answer(no_more)]


def _place(talk: Conversation, word: str) -> str:
    """The room that *word* means, or else somebody's name."""
    if word.startswith("#"):
        return talk.rooms.get(fold(word), word)
    return talk.rooms.get(fold(f"#{word}"), word)


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal()


def _asked(talk: Conversation, given: list[str]) -> tuple[list[str], str | None]:
    """What stands before ``since``, and the time behind it.

    A room may come last, or a number that is no part of the time.
    """
    lowered = [word.lower() for word in given]
    if "since" not in lowered:
        return given, None
    at = lowered.index("since")
    asked, since = given[:at], given[at + 1 :]
    if since and since[-1].startswith("#"):
        asked.append(since.pop())
    time = " ".join(since)
    if since[1:] and _is_number(since[-1]) and _is_no_time(talk, time):
        asked.append(since.pop())
        time = " ".join(since)
    return asked, time


def _is_no_time(talk: Conversation, text: str) -> bool:
    return dates.moment(text, talk.zone, talk.now) is None


def _most(talk: Conversation, numbers: list[str], otherwise: int) -> int:
    most = talk.house.limits.history_page
    # However long the number is, it is not read further than is allowed.
    return min(int(numbers[0][:9]) if numbers else otherwise, most)


def _date(talk: Conversation, value: str, behind: list[str]) -> str:
    """*value* with as many of the words *behind* it as belong to the date."""
    for length in range(_WORDS_OF_A_DATE - 1, 0, -1):
        whole = " ".join((value, *behind[:length]))
        if not _is_no_time(talk, whole):
            del behind[:length]
            return whole
    return value


def _search(talk: Conversation, text: str, given: dict[str, str]) -> Heard:
    times = {}
    for key in ("after", "before"):
        at = dates.moment(given[key], talk.zone, talk.now) if given[key] else 0
        if at is None:
            return [talk.answer(NO_TIME.format(text=harmless(given[key])))]
        times[key] = at
    # Before a day is before it has begun, though a search holds its last moment.
    before = max(1, times["before"] - 1) if given["before"] else 0
    target = _place(talk, given["in"]) if given["in"] else ""
    talk.more = []
    return [Search(text, given["from"], target, times["after"], before, most=PAGE)]


VERBS: Final = (
    Verb(
        "/catchup [ROOM|NAME]",
        "what you have not read yet",
        _where_kept(catch_up),
        "In all your rooms, and of everybody who wrote to you alone. In one:"
        " /catchup #tea, or of one: /catchup bob",
        group=Group.EARLIER,
        aliases=("catch-up", "missed", "unread"),
    ),
    Verb(
        "/history [ROOM|NAME] [NUMBER] [since TIME]",
        "what was said before",
        _where_kept(history),
        "For example: /history 50, /history #tea, /history bob, /history since"
        " yesterday. TIME is like 10:00, monday, 2h, 19 Nov or 2026-11-19. /more shows"
        " the next page.",
        group=Group.EARLIER,
        aliases=("scrollback", "backlog", "last"),
    ),
    Verb(
        "/search WORDS [from:NICK] [in:ROOM] [after:DATE] [before:DATE]",
        "find what was said",
        _where_kept(search),
        "In all that you may read: /search tea from:bob in:#lobby after:monday. DATE is"
        " like 19 Nov, yesterday or 2026-11-19. /more shows older ones.",
        group=Group.EARLIER,
        aliases=("find", "grep", "lastlog"),
    ),
    Verb(
        "/more [ROOM|NAME]",
        "the next page of what you asked for last",
        _where_kept(more),
        "After /history and /search, and after /catchup where there is more. /more #tea"
        " shows what you missed in #tea before what you were shown.",
        group=Group.EARLIER,
        aliases=("next",),
    ),
)

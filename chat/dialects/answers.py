"""Answers: what whoever asked is told, sentence by sentence.

Some answers are as long as the house is full, so each comes in pieces, and whoever
reads slowly is given them one by one.

Next: chat/dialects/excuses.py
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from chat.dialects import standing, zones
from chat.dialects.excuses import of_refusal
from chat.dialects.switches import person, states
from chat.domain.answers import (
    Answer,
    AwayIs,
    Declined,
    HouseIs,
    Inviting,
    MasksAre,
    MembersAre,
    NotHere,
    PastIs,
    PeopleAre,
    PersonIs,
    PresentAre,
    RoomIs,
    RoomsAre,
    Standing,
    TimeIs,
    TopicIs,
    Unchanged,
    WatchedAre,
)
from chat.domain.commands import Mark, Setting
from chat.domain.masks import MUTE
from chat.domain.recalled import (
    DigestIs,
    FoundAre,
    HistoryIs,
    MissedIs,
    ReadIs,
    TargetsAre,
    UnreadAre,
)
from chat.domain.roles import Role
from chat.domain.views import Mask, Member, Person, RoomRow, Topic
from chat.wire.text import harmless

# Names, or rows, in one piece.
_PIECE: Final = 100
_ROLES: Final = {Role.OPERATOR: ("runs it",), Role.VOICED: ("has a voice",)}
_SPANS: Final = (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000))


def pieces(answer: Answer) -> Iterator[str]:
    """*answer* in one or more pieces of whole lines."""
    match answer:
        case MembersAre():
            for part in _parts(answer.members):
                yield _members(replace(answer, members=part))
        case PeopleAre():
            for people in _parts(answer.people):
                yield _here(people)
        case RoomsAre():
            yield from _rooms(answer)
        case MasksAre():
            yield from _masks(answer)
        case (
            HistoryIs()
            | MissedIs()
            | UnreadAre()
            | DigestIs()
            | TargetsAre()
            | FoundAre()
            | ReadIs()
        ):
            # They bear times, which are the reader's own: see `earlier`.
            yield from ()
        case _:
            yield (
                standing.told(answer)
                if isinstance(answer, Standing)
                else _short(answer)
            )


def _short(  # noqa: C901, PLR0911, PLR0912 - flat
    answer: Declined
    | Inviting
    | AwayIs
    | Unchanged
    | NotHere
    | WatchedAre
    | PersonIs
    | PastIs
    | PresentAre
    | TimeIs
    | TopicIs
    | RoomIs
    | HouseIs,
) -> str:
    match answer:
        case Declined(reason):
            return f"-- {of_refusal(reason)}"
        case Inviting(room, nick):
            return f"-- {harmless(nick)} is told of {harmless(room)} and may come in."
        case AwayIs(is_away):
            return AWAY if is_away else "-- You are back."
        case Unchanged():
            return "-- That is so already."
        case NotHere(nick, text):
            return f"-- {harmless(nick)} is away: {harmless(text)}"
        case WatchedAre():
            return _watched(answer)
        case PersonIs():
            return "\n".join(_person(answer))
        case PastIs():
            return _past(answer)
        case PresentAre(people):
            return _here(people)
        case TimeIs(at):
            return f"-- It is {zones.date(at)}."
        case TopicIs(room, topic):
            return of_topic(room, topic)
        case RoomIs():
            lines = (f"--   {state}" for state in states(answer))
            since = zones.date(answer.since)
            return "\n".join((f"-- {harmless(answer.room)}, since {since}:", *lines))
        case HouseIs():
            users, rooms = count(answer.users, "person"), count(answer.rooms, "room")
            return f"-- Here now: {users}, in {rooms}."


AWAY: Final = "-- You are away. /back tells that you are not any more."


def of_topic(room: str, topic: Topic | None) -> str:
    """What a room is about."""
    if topic is None:
        return f"-- {harmless(room)} has no topic."
    return f"-- {harmless(room)} is about: {harmless(topic.text)}"


def count(number: int, what: str) -> str:
    """So many of it: ``1 room``, ``3 people``."""
    if number == 1:
        return f"1 {what}"
    return f"{number} {'people' if what == 'person' else what + 's'}"


def span(milliseconds: int) -> str:
    """How long that is, as people say it: ``2 hours``."""
    for unit, length in _SPANS:
        if milliseconds >= length:
            return count(milliseconds // length, unit)
    return "less than a minute"


def _parts(things: Sequence[Member] | Sequence[Person]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, max(len(things), 1), _PIECE):
        yield tuple(things[start : start + _PIECE])


def _members(answer: MembersAre) -> str:
    room = harmless(answer.room)
    if not answer.members:
        hint = f" If you mean a person: /whois {harmless(answer.note)}"
        return f"-- Nobody is in {room}.{hint if answer.note else ''}"
    return f"-- In {room}: {', '.join(map(_member, answer.members))}"


def _member(member: Member) -> str:
    return _with(member.who.nick, (*_ROLES.get(member.role, ()), *_facts(member)))


def _here(people: Sequence[Person]) -> str:
    nicks = (_with(each.who.nick, _facts(each)) for each in people)
    return f"-- Here: {', '.join(nicks) or 'nobody'}"


def _facts(somebody: Member | Person) -> tuple[str, ...]:
    return ("away",) if somebody.is_away else ()


def _with(name: str, facts: tuple[str, ...]) -> str:
    return f"{harmless(name)} ({', '.join(facts)})" if facts else harmless(name)


def _rooms(answer: RoomsAre) -> Iterator[str]:
    if not answer.rooms:
        yield "-- No such room. /rooms lists all, /join makes a new one."
        return
    by_size = sorted(answer.rooms, key=lambda row: -row.members)
    yield "-- Rooms:"
    for start in range(0, len(by_size), _PIECE):
        yield "\n".join(map(_row, by_size[start : start + _PIECE]))


def _row(row: RoomRow) -> str:
    people = f"--   {harmless(row.room)}, {count(row.members, 'person')}"
    return f"{people}: {harmless(row.topic)}" if row.topic else people


_LISTS: Final = {
    Setting.EXEMPT: (
        "Whom no ban of {room} concerns",
        "No ban of {room} spares anyone",
    ),
    Setting.WELCOME: (
        "Who needs no invitation to {room}",
        "Nobody is always welcome in {room}",
    ),
}
_BANS: Final = ("Whom {room} keeps out", "{room} keeps nobody out")


def _masks(answer: MasksAre) -> Iterator[str]:
    some, none = _LISTS.get(answer.kind, _BANS)
    heading = some if answer.masks else none
    end = ":" if answer.masks else "."
    yield f"-- {heading.replace('{room}', harmless(answer.room))}{end}"
    yield from map(_mask, answer.masks)


def _mask(mask: Mask) -> str:
    muted = " (is only not heard)" if mask.text.startswith(MUTE) else ""
    return f"--   {person(mask.text)}{muted}, by {harmless(mask.by)}"


def _person(answer: PersonIs) -> Iterator[str]:
    who = answer.person.who
    nick, realname = harmless(who.nick), harmless(who.realname)
    also = f" ({realname})" if realname not in ("", nick) else ""
    origin = f"{harmless(who.username)}@{harmless(who.host)}"
    address = f", address {harmless(answer.address)}" if answer.address else ""
    yield f"-- {nick}{also} comes from {origin}{address}."
    if who.account:
        yield "-- Has an account, and is logged in."
    rooms = ", ".join(_with(name, _ROLES.get(role, ())) for name, role in answer.rooms)
    yield f"-- In {rooms}." if rooms else "-- In no room that you know of."
    yield f"-- {_presence(answer)}"
    if answer.away:
        yield f"-- Away: {harmless(answer.away)}"
    yield from (f"-- {_MARKS[mark]}" for mark in answer.person.marks if mark in _MARKS)


_MARKS: Final = {Mark.BOT: "Is a program.", Mark.OPERATOR: "Runs the whole house."}


def _presence(answer: PersonIs) -> str:
    here = f"Here for {span(answer.now - answer.since)}"
    if answer.spoke <= answer.since:
        return f"{here}, and has said nothing yet."
    return f"{here}; last spoke {span(answer.now - answer.spoke)} ago."


def _past(answer: PastIs) -> str:
    nick = harmless(answer.nick)
    if not answer.people:
        return f"-- Nobody called {nick} has been here lately."
    return "\n".join(
        f"-- {harmless(who.nick)} was here until {zones.date(at)}."
        for who, at in answer.people
    )


def _watched(answer: WatchedAre) -> str:
    here = (f"{harmless(who.nick)} is here" for who in answer.here)
    gone = (f"{harmless(nick)} is not here" for nick in answer.not_here)
    return f"-- {', '.join(chain(here, gone)) or 'You watch nobody'}."

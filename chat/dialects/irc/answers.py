"""Answers: what a client reads who has asked, numeric by numeric.

The numbers and their parameters are those of https://modern.ircdocs.horse/#numerics.
What may be long (a list of rooms, of people, of masks) is an iterator that the outbox
draws from, so that nobody's question fills it.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from chat.dialects.dialect import Told
from chat.dialects.irc import (
    history,
    marks,
    modes,
    reasons,
    replay,
    search,
    standing,
    whox,
)
from chat.dialects.irc.client import Client
from chat.dialects.irc.render import moment, source
from chat.dialects.irc.words import rows
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
from chat.domain.recalled import (
    DigestIs,
    FoundAre,
    HistoryIs,
    MissedIs,
    ReadIs,
    Recalled,
    TargetsAre,
    UnreadAre,
)
from chat.domain.roles import Role
from chat.domain.views import Member, Person, Topic

_PREFIXES = {
    Role.OPERATOR: modes.PREFIXES[Setting.OPERATOR],
    Role.VOICED: modes.PREFIXES[Setting.VOICE],
    Role.MEMBER: "",
}
# For each list: the number of an entry, that of the end, and its words.
_LISTS = {
    Setting.BAN: ("367", "368", "End of channel ban list."),
    Setting.EXEMPT: ("348", "349", "End of channel exception list."),
    Setting.WELCOME: ("346", "347", "End of channel invite exception list."),
}


def told(  # noqa: C901, PLR0911, PLR0912 - flat: an answer for each question
    client: Client, event: Answer
) -> Told:
    """*event* as the client reads it who asked."""
    if isinstance(event, Standing):
        return standing.told(client, event)
    if isinstance(event, Recalled):
        return _recalled(client, event)
    match event:
        case Declined():
            return client.numeric(*reasons.numbered(event.reason))
        case Inviting():
            return client.numeric("341", event.nick, event.room)
        case Unchanged():
            # Clients know that silence means this.
            return b""
        case AwayIs():
            return _away(client, event)
        case NotHere():
            return _not_here(client, event)
        case WatchedAre():
            # https://ircv3.net/specs/extensions/monitor#numeric-replies
            watched = _watch_list if event.is_list else _watch_news
            return watched(client, event)
        case RoomsAre():
            return _rooms(client, event)
        case MasksAre():
            return _masks(client, event)
        case PersonIs():
            return _person(client, event)
        case PastIs():
            return _past(client, event)
        case PresentAre():
            return _present(client, event)
        case TimeIs():
            return _time(client, event)
        case TopicIs():
            return topic(client, event.room, event.topic)
        case RoomIs():
            return _room(client, event)
        case MembersAre():
            return _members(client, event)
        case PeopleAre():
            return _people(client, event)
        case HouseIs():
            return b"".join(client.numerics.present(client.me, event))


def _recalled(client: Client, event: Recalled) -> Told:
    match event:
        case HistoryIs():
            return history.page(client, event)
        case MissedIs():
            return replay.missed(client, event)
        case TargetsAre():
            return history.targets(client, event)
        case FoundAre():
            return search.found(client, event)
        case ReadIs():
            return marks.line(client, event.target, event.at)
        case UnreadAre() | DigestIs():
            # Clients count for themselves, and none can ask for it.
            return b""


def topic(client: Client, room: str, topic: Topic | None) -> bytes:
    """What a room is about, who said so and when; or that nobody did."""
    if topic is None:
        return client.numeric("331", room, "No topic is set.")
    text = client.numeric("332", room, topic.text)
    return text + client.numeric("333", room, topic.by, str(topic.at // 1000))


def names(
    client: Client, room: str, members: Iterable[Member], *, is_secret: bool = False
) -> Iterator[bytes]:
    """NAMES: the nicks in a room, with the mark of what they may do."""
    # https://ircv3.net/specs/extensions/userhost-in-names; and multi-prefix changes
    # nothing, because nobody is two things in one room.
    in_full = "userhost-in-names" in client.caps
    symbol = "@" if is_secret else "="
    each = rows(_marked(members, in_full=in_full))
    listed = client.numerics.lines("353", client.me, symbol, room, each=each)
    return chain(listed, (client.numeric("366", room, "End of /NAMES list."),))


def _marked(members: Iterable[Member], *, in_full: bool) -> list[str]:
    return [
        _PREFIXES[member.role] + (source(member.who) if in_full else member.who.nick)
        for member in members
    ]


def _away(client: Client, event: AwayIs) -> bytes:
    if event.is_away:
        return client.numeric("306", "You have been marked as being away.")
    return client.numeric("305", "You are no longer marked as being away.")


def _not_here(client: Client, event: NotHere) -> bytes:
    if client.must_not_be_answered or client.doing == "TAGMSG":
        return b""
    return client.numeric("301", event.nick, event.text)


def _watch_list(client: Client, event: WatchedAre) -> Iterator[bytes]:
    nicks = (*(who.nick for who in event.here), *event.not_here)
    for row in rows(nicks, ","):
        yield client.numeric("732", row)
    yield client.numeric("733", "End of MONITOR list.")


def _watch_news(client: Client, event: WatchedAre) -> Iterator[bytes]:
    for row in rows(map(source, event.here), ","):
        yield client.numeric("730", row)
    for row in rows(event.not_here, ","):
        yield client.numeric("731", row)


def _rooms(client: Client, event: RoomsAre) -> Iterator[bytes]:
    yield client.numeric("321", "Channel", "Users  Name")
    for row in event.rooms:
        yield client.numeric("322", row.room, str(row.members), row.topic)
    yield client.numeric("323", "End of /LIST")


def _masks(client: Client, event: MasksAre) -> Iterator[bytes]:
    entry, end, words = _LISTS[event.kind]
    for mask in event.masks:
        at = str(mask.at // 1000)
        yield client.numeric(entry, event.room, mask.text, mask.by, at)
    yield client.numeric(end, event.room, words)


def _person(client: Client, event: PersonIs) -> Iterator[bytes]:
    """WHOIS: https://modern.ircdocs.horse/#whois-message ."""
    who, marks = event.person.who, event.person.marks
    nick = who.nick
    yield client.numeric("311", nick, who.username, who.host, "*", who.realname)
    rooms = (_PREFIXES[role] + room for room, role in event.rooms)
    for row in rows(rooms):
        yield client.numeric("319", nick, row)
    if who.account:
        yield client.numeric("330", nick, who.account, "is logged in as")
    house = client.house
    yield client.numeric("312", nick, house.name, house.network)
    if event.away:
        yield client.numeric("301", nick, event.away)
    if Mark.OPERATOR in marks:
        yield client.numeric("313", nick, "is an IRC operator.")
    if Mark.BOT in marks:
        yield client.numeric("335", nick, f"is a bot on {house.network}.")
    if event.address:
        yield client.numeric("338", nick, event.address, "Is actually using host.")
        yield client.numeric("379", nick, f"is using modes {modes.of_somebody(marks)}")
    idle, since = max(0, event.now - event.spoke) // 1000, event.since // 1000
    yield client.numeric(
        "317", nick, str(idle), str(since), "seconds idle, signon time"
    )
    yield end_of_whois(client, nick)


def end_of_whois(client: Client, nick: str) -> bytes:
    """The end of any answer to WHOIS, even if nobody goes by that nick."""
    return client.numeric("318", nick, "End of /WHOIS list.")


def _past(client: Client, event: PastIs) -> Iterator[bytes]:
    if not event.people:
        yield client.numeric("406", event.nick, "There was no such nickname.")
    for who, at in event.people:
        nick = who.nick
        yield client.numeric("314", nick, who.username, who.host, "*", who.realname)
        yield client.numeric("312", nick, client.house.name, moment(at))
    yield client.numeric("369", event.nick, "End of WHOWAS.")


def _present(client: Client, event: PresentAre) -> Iterator[bytes]:
    number, shown = ("302", _userhost) if event.in_detail else ("303", _nick)
    for row in list(rows(map(shown, event.people))) or [""]:
        yield client.numeric(number, row)


def _nick(person: Person) -> str:
    return person.who.nick


def _userhost(person: Person) -> str:
    """https://modern.ircdocs.horse/#rpluserhost-302 ."""
    star = "*" if Mark.OPERATOR in person.marks else ""
    here = "-" if person.is_away else "+"
    who = person.who
    return f"{who.nick}{star}={here}{who.username}@{who.host}"


def _time(client: Client, event: TimeIs) -> bytes:
    if client.doing == "STATS":
        return client.numerics.uptime(client.me, event.at)
    return client.numerics.clock(client.me, event.at)


def _room(client: Client, event: RoomIs) -> bytes:
    how = modes.of_room(event.settings, event.key, event.limit)
    since = str(event.since // 1000)
    told = client.numeric("324", event.room, *how)
    return told + client.numeric("329", event.room, since)


def _members(client: Client, event: MembersAre) -> Iterator[bytes]:
    if not event.in_detail:
        secret = event.is_secret
        return names(client, event.room, event.members, is_secret=secret)
    people = (
        whox.Shown(each.who, each.is_away, each.marks, event.room, _PREFIXES[each.role])
        for each in event.members
    )
    return _who(client, event.room, people, event.note)


def _people(client: Client, event: PeopleAre) -> Iterator[bytes]:
    people = (whox.Shown(each.who, each.is_away, each.marks) for each in event.people)
    return _who(client, event.mask, people, event.note)


def _who(
    client: Client, mask: str, people: Iterable[whox.Shown], note: str
) -> Iterator[bytes]:
    yield from whox.lines(client, people, note)
    yield client.numeric("315", mask, "End of /WHO list.")

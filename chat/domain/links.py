"""Links: invitations for whoever holds a token.

The house remembers only what a token is hashed to.  Who has shown one may come in
where guests are not let in, and into the link's room whatever its settings say; but
a ban is a ban.  A link ends when its time is over, when it has been used so often as
was meant, when it is taken back, with its room, or with the account of whoever made it.
"""

from hashlib import sha256
from typing import Final

from chat.domain import lines, remembered, rooms
from chat.domain.answers import Declined, LinkIs, LinksAre, Redeemed
from chat.domain.claims import AskLinks, MakeLink, Redeem, Revoke
from chat.domain.effects import Deliver, Effect, Keep, ToSession
from chat.domain.holdings import Link
from chat.domain.moderation import check
from chat.domain.names import fold
from chat.domain.records import Act, ForgottenLink
from chat.domain.refusals import (
    LinkImpossible,
    NoSuchLink,
    NotLoggedIn,
    Refused,
    WrongToken,
)
from chat.domain.roles import Power
from chat.domain.state import Account, Room, Session, Stamp, State, User
from chat.domain.views import LinkRow

# In seconds.
_SHORTEST: Final = 60
_LONGEST: Final = 366 * 24 * 60 * 60
_MOST_USES: Final = 10_000
_LINKS_OF_A_ROOM: Final = 50
# People type the number of a link: six digits of its id will do.
_NUMBERS: Final = 1_000_000


def make_link(
    state: State, session: int, command: MakeLink, stamp: Stamp
) -> list[Effect]:
    """Invite whoever has the token; it is told this once.

    Raises:
        Refused: one does not run the room, or is a guest (anybody runs the room that
            he makes, and would invite himself into the house), or there can be no
            such link.
    """
    user = state.introduced(session)
    room = state.visible_room(command.room, user)
    check(user, room, Power.INVITE_INTO_CLOSED)
    if user.account is None and not user.is_in_office:
        raise Refused(NotLoggedIn())
    digest = _digest(command.token)
    if why := _flaw(command) or _obstacle(state, room, digest, stamp):
        raise Refused(LinkImpossible(room.name, why))
    until = stamp.at + command.seconds * 1000
    uses = command.uses or -1
    link = Link(stamp.id, room.id, digest, user.who.nick, until, uses)
    state.add(link)
    link_is = LinkIs(room.name, command.token, _row(link))
    return [
        Keep(remembered.link(link)),
        *lines.audited(state, session, Act.INVITED, room.name, stamp),
        Deliver(link_is, to=ToSession(session)),
    ]


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()


def _flaw(command: MakeLink) -> str:
    if not _SHORTEST <= command.seconds <= _LONGEST:
        return "it lasts from a minute to 366 days"
    if not 0 <= command.uses <= _MOST_USES:
        return f"it can be used up to {_MOST_USES} times"
    return ""


def _obstacle(state: State, room: Room, digest: str, stamp: Stamp) -> str:
    out = _links(state, room, stamp)
    if len(out) >= _LINKS_OF_A_ROOM:
        return f"{_LINKS_OF_A_ROOM} are out already"
    if digest in state.links or stamp.id % _NUMBERS in map(_number, out):
        return "its number is not a new one; try again"
    return ""


def _links(state: State, room: Room, stamp: Stamp) -> list[Link]:
    """The links to *room* that somebody can still come in on."""
    into = state.links_into.get(room.id, {}).values()
    return [link for link in into if link.until > stamp.at]


def _number(link: Link) -> int:
    return link.id % _NUMBERS


def _row(link: Link) -> LinkRow:
    return LinkRow(_number(link), link.by, link.until, link.uses)


def ask_links(
    state: State, session: int, command: AskLinks, stamp: Stamp
) -> list[Effect]:
    """Tell which links to a room are out.

    Raises:
        Refused: one does not run the room.
    """
    user = state.introduced(session)
    room = state.visible_room(command.room, user)
    check(user, room, Power.INVITE_INTO_CLOSED)
    return _told(state, room, session, stamp)


def _told(state: State, room: Room, session: int, stamp: Stamp) -> list[Effect]:
    rows = tuple(map(_row, _links(state, room, stamp)))
    return [Deliver(LinksAre(room.name, rows), to=ToSession(session))]


def revoke(state: State, session: int, command: Revoke, stamp: Stamp) -> list[Effect]:
    """Take a link back, and tell which are still out.

    Raises:
        Refused: one does not run the room, or no link of it has that number.
    """
    user = state.introduced(session)
    room = state.visible_room(command.room, user)
    check(user, room, Power.INVITE_INTO_CLOSED)
    out = {_number(link): link for link in _links(state, room, stamp)}
    if command.number not in out:
        raise Refused(NoSuchLink(room.name, command.number))
    about = f"{room.name} {command.number}"
    return [
        *forget(state, out[command.number]),
        *lines.audited(state, session, Act.REVOKED, about, stamp),
        *_told(state, room, session, stamp),
    ]


def forget(state: State, *links: Link) -> list[Effect]:
    """Have *links* be no more."""
    state.drop(*links)
    return [Keep(ForgottenLink(link.id)) for link in links]


def forget_those_of(state: State, account: Account) -> list[Effect]:
    """Have nobody come in any more on what *account* has handed out."""
    out = [each for each in state.links.values() if fold(each.by) == account.fold]
    return forget(state, *out)


def redeem(state: State, session: int, command: Redeem, stamp: Stamp) -> list[Effect]:
    """Come in on a link: now, or when one has said who one is.

    Raises:
        Refused: it is none, or none any more; or one is banned from its room.
    """
    opened, link = state.sessions[session], state.links.get(_digest(command.token))
    room = _way_in(state, link, stamp)
    if link is None or room is None:
        raise Refused(WrongToken())
    redeemed = Deliver(Redeemed(room.name), to=ToSession(session))
    user = opened.user
    entered: list[Effect] = []
    if user is not None and user.held_until is None:
        entered = rooms.enter(state, user, room.name, None, stamp)
    opened.link, opened.is_counted = link, False
    opened.has_used_link = opened.has_registered = False
    if not entered:
        return [redeemed]
    opened.has_used_link = True
    return [redeemed, *count(state, opened, stamp), *entered]


def _way_in(state: State, link: Link | None, stamp: Stamp) -> Room | None:
    """The room into which *link* still leads whoever shows it."""
    if link is None or link.until <= stamp.at or link.digest not in state.links:
        return None
    return _room(state, link)


def _room(state: State, link: Link) -> Room | None:
    return next((room for room in state.rooms.values() if room.id == link.room), None)


def holds(state: State, opened: Session, stamp: Stamp) -> bool:
    """Whether *opened* may come in on a link: one that leads in, or was counted."""
    return opened.is_counted or _way_in(state, opened.link, stamp) is not None


def check_holds(state: State, opened: Session, stamp: Stamp) -> None:
    """Let nobody in on a link that has ended since it was shown.

    Raises:
        Refused: it has, or there was none.
    """
    if not holds(state, opened, stamp):
        raise Refused(WrongToken())


def use(state: State, user: User, session: int, stamp: Stamp) -> list[Effect]:
    """Let *user*, who has just come, into the room of the link he came on, once.

    Who is kept out of it has come in on the link all the same.
    """
    opened = state.sessions[session]
    link = opened.link
    if link is None or opened.has_used_link or not holds(state, opened, stamp):
        return []
    room, opened.has_used_link = _room(state, link), True
    if room is None or user in room.members:
        return []
    counted = count(state, opened, stamp)
    try:
        entered = rooms.enter(state, user, room.name, None, stamp)
    except Refused as refused:
        entered = [Deliver(Declined(refused.reason), to=ToSession(session))]
    return [*counted, *entered]


def count(state: State, opened: Session, stamp: Stamp) -> list[Effect]:
    """Count, once, that somebody on *opened* has come in on its link, if it has one.

    A link that is used up ends; that it ended for others does not concern *opened*.
    """
    link = opened.link
    room = _way_in(state, link, stamp)
    if link is None or room is None or opened.is_counted:
        return []
    opened.is_counted = True
    audited = lines.audited(state, opened.id, Act.REDEEMED, room.name, stamp)
    if link.uses < 0:
        return audited
    link.uses -= 1
    if link.uses:
        return [*audited, Keep(remembered.link(link))]
    return [*audited, *forget(state, link)]

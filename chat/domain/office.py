"""Office: what those may do who run the whole house."""

from chat.domain import lines, presence, sessions
from chat.domain.answers import Unchanged
from chat.domain.commands import Kill, Mark, TakeOffice, Wallops
from chat.domain.effects import Deliver, Effect, ToSession, ToUser
from chat.domain.events import Departed, Walloped
from chat.domain.names import fold
from chat.domain.records import Act
from chat.domain.refusals import NoSuchNick, NotInOffice, Refused
from chat.domain.state import Stamp, State, User


def take_office(
    state: State, session: int, command: TakeOffice, stamp: Stamp
) -> list[Effect]:
    """Run the house; the shell has seen the proof that one may."""
    user = state.introduced(session)
    if user.is_in_office:
        return [Deliver(Unchanged(), to=ToSession(session))]
    return [
        *lines.audited(state, session, Act.TOOK_OFFICE, command.name, stamp),
        *presence.mark(user, Mark.OPERATOR, stamp, on=True),
    ]


def kill(state: State, session: int, command: Kill, stamp: Stamp) -> list[Effect]:
    """Put somebody out of the house, with all sessions, also whom nobody else can see.

    Who does it reads it too, also without a room in common.

    Raises:
        Refused: one does not run the house, or nobody goes by that nick.
    """
    user = _in_office(state, session)
    victim = state.users.get(fold(command.nick))
    if victim is None:
        raise Refused(NoSuchNick(command.nick))
    why = f": {command.reason}" if command.reason else ""
    reason = state.limits.cut_reason(f"Put out by {user.who.nick}{why}")
    sees_it = user is victim or any(
        user in room.members for room in victim.rooms.values()
    )
    effects: list[Effect] = [
        *lines.audited(state, session, Act.KILLED, victim.who.nick, stamp),
        *sessions.put_out(state, victim, reason, stamp),
    ]
    if sees_it:
        return effects
    departed = Departed(stamp.id, stamp.at, victim.who, reason)
    return [*effects, Deliver(departed, to=ToSession(session))]


def wallops(state: State, session: int, command: Wallops, stamp: Stamp) -> list[Effect]:
    """Tell everybody who runs the house."""
    user = _in_office(state, session)
    walloped = Walloped(stamp.id, stamp.at, user.who, command.text)
    return [
        Deliver(walloped, to=ToUser(each.id))
        for each in state.users.values()
        if each.is_in_office
    ]


def _in_office(state: State, session: int) -> User:
    user = state.introduced(session)
    if not user.is_in_office:
        raise Refused(NotInOffice())
    return user

"""Accounts: names that are somebody's.

A nick and an account are one name: who is logged in goes by the account's.  The
shell has checked the password; what is left to the hub is who is meant by it.
"""

from dataclasses import replace

from chat.domain import (
    lines,
    links,
    names,
    nicks,
    presence,
    recall,
    remembered,
    rooms,
    sessions,
    visits,
)
from chat.domain.answers import (
    AccountGone,
    AwayIs,
    CredentialSet,
    CredentialWanted,
    Registered,
)
from chat.domain.claims import (
    Identified,
    LogOut,
    Register,
    SetCredential,
    Unregister,
)
from chat.domain.commands import Mark
from chat.domain.effects import (
    Bind,
    Deliver,
    Detach,
    Effect,
    Keep,
    ToNeighbours,
    ToSession,
    ToUser,
)
from chat.domain.events import AccountChanged, Event, Left, MarkChanged, Renamed
from chat.domain.names import Name
from chat.domain.records import Act, ForgottenAccount
from chat.domain.refusals import (
    AccountSuspended,
    AccountTaken,
    AlreadyLoggedIn,
    NickImpossible,
    NotIntroduced,
    Refused,
    RegistrationClosed,
    WrongToken,
)
from chat.domain.roles import Power, may
from chat.domain.standing import own
from chat.domain.state import Account, Session, Stamp, State, User
from chat.domain.views import Who


def register(
    state: State, session: int, command: Register, stamp: Stamp
) -> list[Effect]:
    """Make an account of a name, and log in to it.

    Raises:
        Refused: not everybody may, or the name is taken or impossible.
    """
    opened = state.sessions[session]
    _check_may_register(state, opened, command, stamp)
    name = _name_to_register(state, opened, command.name)
    account = Account(
        stamp.id, name.shown, name.fold, stamp.at, command.credential, seen=stamp.at
    )
    state.know(account)
    told = Deliver(Registered(account.name), to=ToSession(session))
    effects = _log_in(state, opened, account, stamp)
    counted = _registered_on_link(state, opened, command, stamp)
    audited = lines.audited(state, session, Act.REGISTERED, "", stamp)
    return [sessions.keep(state, account), *audited, *counted, told, *effects]


def _check_may_register(
    state: State, opened: Session, command: Register, stamp: Stamp
) -> None:
    if opened.account is not None:
        raise Refused(AlreadyLoggedIn(opened.account.name))
    policy = state.limits.registration
    is_invited = not opened.has_registered and links.holds(state, opened, stamp)
    may = policy == "open" or (policy == "invited" and is_invited)
    if not may:
        raise Refused(RegistrationClosed())
    if command.is_invited and not is_invited:
        raise Refused(WrongToken())


def _registered_on_link(
    state: State, opened: Session, command: Register, stamp: Stamp
) -> list[Effect]:
    """A use of a link makes one account, whether its maker comes in then or not."""
    if state.limits.registration != "invited" and not command.is_invited:
        return []
    opened.has_registered = True
    return links.count(state, opened, stamp)


def _name_to_register(state: State, opened: Session, asked: str) -> Name:
    user = opened.user
    wanted = asked
    if not wanted:
        if user is None:
            raise Refused(NotIntroduced())
        wanted = names.unmarked(user.who.nick, state.limits.guests)
    name = names.nick(wanted, state.limits.nick_length)
    if name.fold in state.accounts:
        raise Refused(AccountTaken(name.shown))
    nicks.check_is_free(state, name, for_=user)
    nicks.check_is_no_lookalike(state, name)
    if why := names.flaw_of_account(name):
        raise Refused(NickImpossible(name.shown, why))
    if user is not None and user.fold != name.fold:
        nicks.check_may_rename(user)
    return name


def identified(
    state: State, session: int, command: Identified, stamp: Stamp
) -> list[Effect]:
    """Be logged in; the shell has seen the proof.

    A one-time code is used up by it, and nobody else gets in until there is a new
    password.

    Raises:
        Refused: the account is suspended, or one is logged in.
    """
    opened = state.sessions[session]
    account = state.account(command.account)
    if opened.account is not None:
        raise Refused(AlreadyLoggedIn(opened.account.name))
    if account.is_suspended:
        raise Refused(AccountSuspended(account.name))
    was_code, account.seen = bool(account.code), stamp.at
    if was_code:
        account.code = account.credential = ""
    effects = _log_in(state, opened, account, stamp)
    if was_code:
        wanted = CredentialWanted(account.name)
        effects.append(Deliver(wanted, to=ToSession(session)))
    audited = lines.audited(state, session, Act.LOGGED_IN, "", stamp)
    return [sessions.keep(state, account), *audited, *effects]


def _log_in(
    state: State, opened: Session, account: Account, stamp: Stamp
) -> list[Effect]:
    opened.account = account
    user, owner = opened.user, state.users.get(account.fold)
    effects: list[Effect] = [Bind(opened.id, account.id, visits.away(account))]
    if owner is not None and owner is not user and owner.account is None:
        effects += nicks.put_off(state, owner, stamp)
        owner = None
    if user is None:
        return [*effects, _told_nobody(opened, account.name, stamp)]
    if owner is None or owner is user:
        return [*effects, *_become(state, user, account, stamp)]
    return [*effects, *_move_over(state, opened, owner, stamp)]


def _told_nobody(opened: Session, account: str, stamp: Stamp) -> Effect:
    """A session that has no user yet hears of its account."""
    who = Who(account, "", opened.host, "", account)
    changed = AccountChanged(stamp.id, stamp.at, who, account)
    return Deliver(changed, to=ToSession(opened.id))


def _become(state: State, user: User, account: Account, stamp: Stamp) -> list[Effect]:
    """The guest *user* is the account's from now on, with all that he is and has."""
    effects: list[Effect] = []
    for room in nicks.muted_in(user):
        # A mute is escaped by leaving, and not by another name; but what the account
        # is in the room it is.  Before the new name, which is a line of its own.
        if not may(room.roles.get(account.id), Power.TALK_IN_MODERATED):
            effects += rooms.take_off(state, user, room, "Was muted", stamp)
    for number in user.sessions:
        state.sessions[number].account = account
    effects += nicks.go_by(state, user, Name(account.name, account.fold), stamp)
    was_held, user.held_until = user.held_until is not None, None
    effects += _changed(user, account, stamp)
    known = visits.known_to(user, account)
    effects += visits.hand_over(state, user, account, stamp)
    for number in user.sessions:
        effects += recall.news(state, state.sessions[number], user, stamp)
        effects += recall.missed_before(state, number, user, known)
    if was_held:
        effects += presence.came(state, user)
    effects += rooms.recognise(user, stamp)
    return effects + nicks.let_in(state, user, stamp)


def _changed(user: User, account: Account, stamp: Stamp) -> list[Effect]:
    user.account = account
    user.who = replace(user.who, account=account.name)
    user.has_changed()
    changed = AccountChanged(stamp.id, stamp.at, user.who, account.name)
    return [
        Deliver(changed, to=ToUser(user.id)),
        Deliver(changed, to=ToNeighbours(user.id)),
    ]


def _move_over(
    state: State, opened: Session, owner: User, stamp: Stamp
) -> list[Effect]:
    """A guest turns out to be *owner*, who is here already: the guest goes."""
    guest = opened.user
    assert guest is not None, "who is nobody yet is introduced as the owner"
    effects = _farewell(opened, guest, owner, stamp)
    effects += sessions.let_go(state, opened, f"Logged in as {owner.who.nick}", stamp)
    effects.append(Detach(opened.id))
    effects += sessions.attach(opened, owner, stamp)
    changed = AccountChanged(stamp.id, stamp.at, owner.who, owner.who.account)
    effects.append(Deliver(changed, to=ToSession(opened.id)))
    return effects + sessions.look_around(state, opened, owner, stamp)


def _farewell(opened: Session, was: User, now: User, stamp: Stamp) -> list[Effect]:
    """Tell a session what it is no longer: in rooms, marked, away, and called so."""
    id_, at, who, nick = stamp.id, stamp.at, was.who, now.who.nick
    events: list[Event] = [
        *(Left(id_, at, who, room.name, "") for room in was.rooms.values()),
        *(MarkChanged(id_, at, who, mark, on=False) for mark in _lost(was, now)),
        *([AwayIs(is_away=False)] if was.away else []),
        *([Renamed(id_, at, who, nick)] if nick != who.nick else []),
    ]
    return [Deliver(event, to=ToSession(opened.id)) for event in events]


def _lost(was: User, now: User) -> list[Mark]:
    return [mark for mark in was.marks if mark not in now.marks]


def log_out(state: State, session: int, _command: LogOut, stamp: Stamp) -> list[Effect]:
    """Be a guest again, who is in no room; where there are no guests, be gone.

    Office and roles were the account's, and a mute on it ends nowhere but outside.
    Other sessions of the account stay what they are.

    Raises:
        Refused: one is not logged in.
    """
    own(state, session)
    audited = lines.audited(state, session, Act.LOGGED_OUT, "", stamp)
    return [*audited, *_log_out(state, state.sessions[session], stamp)]


def _log_out(state: State, opened: Session, stamp: Stamp) -> list[Effect]:
    user = opened.user
    if user is not None and state.limits.guests == "none":
        return sessions.end(state, opened.id, "Logged out", stamp)
    opened.account, opened.told = None, 0
    released = Bind(opened.id, 0)
    if user is None:
        return [released, _told_nobody(opened, "", stamp)]
    return [released, *_move_out(state, opened, user, stamp)]


def _move_out(state: State, opened: Session, user: User, stamp: Stamp) -> list[Effect]:
    """The session is a guest's, in no room; *user* stays or goes without it."""
    name = nicks.free_guest(state, stamp)
    who = replace(user.who, nick=name.shown, host=opened.host, account="")
    guest = User(
        stamp.id,
        name.fold,
        who,
        address=opened.address,
        since=stamp.at,
        spoke=stamp.at,
        marks=dict.fromkeys(each for each in user.marks if each is not Mark.OPERATOR),
    )
    effects = _farewell(opened, user, guest, stamp)
    effects += sessions.let_go(state, opened, "Logged out", stamp)
    state.users[guest.fold] = guest
    changed = AccountChanged(stamp.id, stamp.at, who, "")
    return [
        *effects,
        Detach(opened.id),
        *sessions.attach(opened, guest, stamp),
        Deliver(changed, to=ToSession(opened.id)),
        *presence.came(state, guest),
    ]


def set_credential(
    state: State, session: int, command: SetCredential, stamp: Stamp
) -> list[Effect]:
    """Have another password; whoever came in with the old one elsewhere is out.

    Raises:
        Refused: one is not logged in.
    """
    account = own(state, session)
    account.credential, account.code = command.credential, ""
    reason = "The password was changed"
    return [
        sessions.keep(state, account),
        *lines.audited(state, session, Act.PASSWORD, "", stamp),
        *sessions.throw_out(state, account, reason, stamp, but=session),
        Deliver(CredentialSet(account.name), to=ToSession(session)),
    ]


def unregister(
    state: State, session: int, _command: Unregister, stamp: Stamp
) -> list[Effect]:
    """Give the account up, and be a guest.

    Raises:
        Refused: one is not logged in.
    """
    account, opened = own(state, session), state.sessions[session]
    audited = lines.audited(state, session, Act.DELETED, account.name, stamp)
    reason = "The account was deleted"
    account.is_always_on = False
    return [
        *audited,
        Deliver(AccountGone(account.name), to=ToSession(session)),
        *sessions.throw_out(state, account, reason, stamp, but=session),
        *_log_out(state, opened, stamp),
        *delete(state, account, stamp, words=False),
    ]


def delete(
    state: State, account: Account, stamp: Stamp, *, words: bool
) -> list[Effect]:
    """Have *account*, to which nobody is logged in, be no more."""
    state.forget(account)
    effects: list[Effect] = [Keep(ForgottenAccount(account.id, words))]
    effects += [
        Keep(remembered.room(room))
        for room in state.rooms.values()
        if room.roles.pop(account.id, None) is not None
    ]
    effects += links.forget_those_of(state, account)
    held = state.users.get(account.fold)
    if held is not None and held.held_until is not None:
        # The nick is free for whoever has it.
        held.held_until = None
        effects += presence.came(state, held)
        effects += nicks.let_in(state, held, stamp)
    return effects

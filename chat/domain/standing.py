"""Standing: what somebody asks about an account, and about his sessions."""

from collections import Counter

from chat.domain import lines, nicks, sessions
from chat.domain.answers import AccountsAre, AlwaysOnIs, SessionsAre
from chat.domain.claims import (
    AskAccount,
    AskAccounts,
    AskSessions,
    EndSession,
    Ghost,
    SetAlwaysOn,
)
from chat.domain.effects import Deliver, Effect, ToSession
from chat.domain.names import fold
from chat.domain.records import Act
from chat.domain.refusals import (
    NickInUse,
    NoSuchNick,
    NoSuchSession,
    NotInOffice,
    NotLoggedIn,
    Refused,
)
from chat.domain.state import Account, Session, Stamp, State
from chat.domain.views import AccountRow, SessionRow


def own(state: State, session: int) -> Account:
    """The account that *session* is logged in to.

    Raises:
        Refused: it is in none.
    """
    account = state.sessions[session].account
    if account is None:
        raise Refused(NotLoggedIn())
    return account


def set_always_on(
    state: State, session: int, command: SetAlwaysOn, stamp: Stamp
) -> list[Effect]:
    """Stay while no session is left, or not; who stays like that now is gone then."""
    account = own(state, session)
    account.is_always_on = command.on
    user = sessions.present(state, account)
    effects: list[Effect] = []
    if user is not None and not user.sessions and not command.on:
        effects += sessions.go(state, user, "Not connected", stamp)
    answer = Deliver(AlwaysOnIs(command.on), to=ToSession(session))
    return [sessions.keep(state, account), *effects, answer]


def ask_sessions(
    state: State, session: int, _command: AskSessions, _stamp: Stamp
) -> list[Effect]:
    """Tell from where one is logged in."""
    return [_sessions(state, own(state, session), session)]


def _sessions(state: State, account: Account, asker: int) -> Effect:
    rows = tuple(
        SessionRow(each.id, each.address, each.since, each.id == asker)
        for each in sessions.of(state, account)
    )
    return Deliver(SessionsAre(account.name, rows), to=ToSession(asker))


def end_session(
    state: State, session: int, command: EndSession, stamp: Stamp
) -> list[Effect]:
    """End another session of one's own, or all others, and tell which are left.

    Raises:
        Refused: one has no such session.
    """
    account = own(state, session)
    numbers = [each.id for each in sessions.of(state, account)]
    if command.number and command.number not in numbers:
        raise Refused(NoSuchSession(command.number))
    others = [number for number in numbers if number != session]
    wanted = [command.number] if command.number else others
    about = f"session {command.number}" if command.number else "all others"
    effects: list[Effect] = []
    if wanted:
        effects += lines.audited(state, session, Act.ENDED, about, stamp)
    for number in wanted:
        effects += sessions.end(state, number, "Ended from elsewhere", stamp)
    if session in state.sessions:
        effects.append(_sessions(state, account, session))
    return effects


def ghost(state: State, session: int, command: Ghost, stamp: Stamp) -> list[Effect]:
    """Have one's nick to oneself: end all other sessions, or put a guest off it.

    Raises:
        Refused: one is not logged in, or it is not one's own nick.
    """
    account = own(state, session)
    holder = state.users.get(fold(command.nick))
    if holder is None:
        raise Refused(NoSuchNick(command.nick))
    if holder.fold != account.fold:
        raise Refused(NickInUse(holder.who.nick))
    if holder.account is account:
        return end_session(state, session, EndSession(0), stamp)
    return [
        *lines.audited(state, session, Act.PUT_OFF, holder.who.nick, stamp),
        *nicks.put_off(state, holder, stamp),
        _sessions(state, account, session),
    ]


def ask_account(
    state: State, session: int, command: AskAccount, _stamp: Stamp
) -> list[Effect]:
    """Tell since when there is an account, and whether its owner is here.

    More only the owner is told, and who runs the house.

    Raises:
        Refused: there is none of that name.
    """
    asker = state.sessions[session]
    if asker.account is None and not asker.is_console:
        state.introduced(session)
    account = state.account(command.name) if command.name else own(state, session)
    if asker.account is account or runs_the_house(asker):
        answer = row(state, account)
    else:
        is_here = sessions.present(state, account) is not None
        answer = AccountRow(account.name, account.since, 0, int(is_here))
    return [Deliver(AccountsAre((answer,), is_list=False), to=ToSession(session))]


def row(state: State, account: Account) -> AccountRow:
    """All about *account*."""
    return _row(account, len(sessions.of(state, account)))


def _row(account: Account, sessions: int) -> AccountRow:
    return AccountRow(
        account.name,
        account.since,
        account.seen,
        sessions,
        account.is_suspended,
        account.is_always_on,
    )


def ask_accounts(
    state: State, session: int, _command: AskAccounts, _stamp: Stamp
) -> list[Effect]:
    """Tell which accounts there are.

    Raises:
        Refused: one does not run the house.
    """
    check_runs_the_house(state, session)
    # Counted once for all: there may be thousands of either.
    counted = Counter(each.account for each in state.sessions.values())
    rows = tuple(_row(each, counted[each]) for each in state.accounts.values())
    return [Deliver(AccountsAre(rows), to=ToSession(session))]


def runs_the_house(session: Session) -> bool:
    """Whether it is the console, or somebody's who is in office."""
    user = session.user
    return session.is_console or (user is not None and user.is_in_office)


def check_runs_the_house(state: State, session: int) -> Session:
    """The session, which runs the house.

    Raises:
        Refused: it does not.
    """
    opened = state.sessions[session]
    if not runs_the_house(opened):
        raise Refused(NotInOffice())
    return opened

"""Custody: what who runs the house may do with other people's accounts."""

from collections import deque

from chat.domain import accounts, lines, links, sessions
from chat.domain.answers import AccountGone, AccountsAre, Unchanged
from chat.domain.claims import Forget, Reset, Suspend
from chat.domain.effects import Deliver, Effect, ToSession
from chat.domain.records import Act
from chat.domain.refusals import NotInOffice, Refused
from chat.domain.standing import check_runs_the_house, row
from chat.domain.state import PAST, Account, Stamp, State


def suspend(state: State, session: int, command: Suspend, stamp: Stamp) -> list[Effect]:
    """Let nobody log in to an account, or do so again; who is in it is out.

    The invitations that it has handed out end, and stay so.

    Raises:
        Refused: one does not run the house, or there is no such account.
    """
    check_runs_the_house(state, session)
    account = state.account(command.name)
    if account.is_suspended == command.on:
        return [Deliver(Unchanged(), to=ToSession(session))]
    account.is_suspended = command.on
    act = Act.SUSPENDED if command.on else Act.UNSUSPENDED
    effects: list[Effect] = [
        *lines.audited(state, session, act, account.name, stamp),
        _told(state, account, session),
    ]
    if command.on:
        reason = "The account is suspended"
        effects += sessions.throw_out(state, account, reason, stamp)
        effects += links.forget_those_of(state, account)
    return [*effects, sessions.keep(state, account)]


def forget(state: State, session: int, command: Forget, stamp: Stamp) -> list[Effect]:
    """Delete an account; with *words* all that it said, and that it was here.

    Raises:
        Refused: one does not run the house, or is not its console and asks for the
            words, or there is no such account.
    """
    opened = check_runs_the_house(state, session)
    if command.words and not opened.is_console:
        raise Refused(NotInOffice())
    account = state.account(command.name)
    account.is_always_on = False
    effects: list[Effect] = [
        *lines.audited(state, session, Act.DELETED, account.name, stamp),
        Deliver(AccountGone(account.name), to=ToSession(session)),
        *sessions.throw_out(state, account, "The account was deleted", stamp),
    ]
    if command.words:
        kept = (past for past in state.past if past[0] != account.fold)
        state.past = deque(kept, maxlen=PAST)
    return effects + accounts.delete(state, account, stamp, words=command.words)


def reset(state: State, session: int, command: Reset, stamp: Stamp) -> list[Effect]:
    """Have an account opened by a one-time code, and by nothing else until then.

    Raises:
        Refused: one does not run the house, or there is no such account.
    """
    check_runs_the_house(state, session)
    account = state.account(command.name)
    # Whoever knows the old password may be the reason.
    account.credential, account.code = "", command.credential
    return [
        sessions.keep(state, account),
        *lines.audited(state, session, Act.RESET, account.name, stamp),
        _told(state, account, session),
        *sessions.throw_out(state, account, "The password was reset", stamp),
    ]


def _told(state: State, account: Account, asker: int) -> Effect:
    answer = AccountsAre((row(state, account),), is_list=False)
    return Deliver(answer, to=ToSession(asker))

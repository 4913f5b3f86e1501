"""Accounts: names that are somebody's."""

from chat.domain.claims import (
    AskAccount,
    AskAccounts,
    AskSessions,
    EndSession,
    Forget,
    Ghost,
    Identified,
    LogOut,
    Register,
    Reset,
    SetAlwaysOn,
    SetCredential,
    Suspend,
    Unregister,
)
from chat.domain.effects import Effect
from chat.domain.state import Stamp, State


def register(
    state: State, session: int, command: Register, stamp: Stamp
) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def identified(
    state: State, session: int, command: Identified, stamp: Stamp
) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def log_out(state: State, session: int, command: LogOut, stamp: Stamp) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def set_credential(
    state: State, session: int, command: SetCredential, stamp: Stamp
) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def unregister(
    state: State, session: int, command: Unregister, stamp: Stamp
) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def set_always_on(
    state: State, session: int, command: SetAlwaysOn, stamp: Stamp
) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def ask_sessions(
    state: State, session: int, command: AskSessions, stamp: Stamp
) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def end_session(
    state: State, session: int, command: EndSession, stamp: Stamp
) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def ghost(state: State, session: int, command: Ghost, stamp: Stamp) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def ask_account(
    state: State, session: int, command: AskAccount, stamp: Stamp
) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def ask_accounts(
    state: State, session: int, command: AskAccounts, stamp: Stamp
) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def suspend(state: State, session: int, command: Suspend, stamp: Stamp) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def forget(state: State, session: int, command: Forget, stamp: Stamp) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def reset(state: State, session: int, command: Reset, stamp: Stamp) -> list[Effect]:
    """To be written."""
    raise NotImplementedError

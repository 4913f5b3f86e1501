"""Standing: what one is told about one's account, and about invitations."""

from collections.abc import Iterator
from typing import Final

from chat.dialects import zones
from chat.domain.answers import (
    AccountGone,
    AccountsAre,
    AlwaysOnIs,
    CredentialSet,
    CredentialWanted,
    LinkIs,
    LinksAre,
    NickWanted,
    Redeemed,
    Registered,
    SessionsAre,
    Standing,
)
from chat.domain.views import AccountRow, LinkRow, SessionRow
from chat.wire.text import harmless


def told(answer: Standing) -> str:  # noqa: C901, PLR0911, PLR0912 - flat
    """*answer* in words."""
    match answer:
        case Registered(name):
            name = harmless(name)
            return f"-- {name} is yours now: to be called so takes the password."
        case CredentialSet():
            return "-- That is your password now. Where else you were, you are not."
        case CredentialWanted():
            return "-- That was a one-time code and works no more: have a password now."
        case AccountGone(name):
            return f"-- There is no account {harmless(name)} any more."
        case AlwaysOnIs(on):
            return ALWAYS_ON if on else NOT_ALWAYS_ON
        case NickWanted(nick, seconds):
            return (
                f"-- {harmless(nick)} has an account. /login if it is yours; if not,"
                f" /nick NAME. Nobody hears you before, and in {seconds} seconds you"
                " are called something else."
            )
        case SessionsAre():
            return "\n".join(_sessions(answer))
        case AccountsAre():
            return "\n".join(_accounts(answer))
        case LinkIs(room, token, row):
            return (
                f"-- Whoever types this when asked for a name comes into"
                f" {harmless(room)}:\n--   join {harmless(token)}\n"
                f"-- It is shown only now. It works {_link(row)};"
                f" /invite-link end {row.number} takes it back."
            )
        case LinksAre():
            return "\n".join(_links(answer))
        case Redeemed(room):
            return f"-- You are invited to {harmless(room)}."


ALWAYS_ON: Final = (
    "-- You stay in your rooms while you are not connected."
    " /account always-on off ends that."
)
NOT_ALWAYS_ON: Final = "-- You leave your rooms when your last connection ends."


def _sessions(answer: SessionsAre) -> Iterator[str]:
    yield f"-- You are logged in as {harmless(answer.account)} from:"
    yield from map(_session, answer.sessions)
    yield "-- /sessions end NUMBER ends one, /sessions end others all but this one."


def _session(row: SessionRow) -> str:
    this = ", this one" if row.is_this else ""
    since = zones.date(row.since)
    return f"--   {row.number}: {harmless(row.address)}, since {since}{this}"


def _accounts(answer: AccountsAre) -> Iterator[str]:
    if answer.is_list:
        yield "-- Accounts:" if answer.accounts else "-- There are no accounts yet."
    for row in answer.accounts:
        mark = "--  " if answer.is_list else "--"
        yield f"{mark} {harmless(row.name)}: {', '.join(_about(row))}."


def _about(row: AccountRow) -> Iterator[str]:
    yield f"an account since {zones.date(row.since)}"
    if row.sessions:
        yield "here now" if row.sessions == 1 else f"here {row.sessions} times now"
    else:
        yield "not here now"
    if row.seen:
        yield f"last logged in {zones.date(row.seen)}"
    if row.is_always_on:
        yield "always on"
    if row.is_suspended:
        yield "closed for now"


def _links(answer: LinksAre) -> Iterator[str]:
    room = harmless(answer.room)
    if not answer.links:
        yield f"-- No invitation to {room} is out. /invite-link 7d makes one."
        return
    yield f"-- Invitations to {room}:"
    for row in answer.links:
        yield f"--   {row.number}: {_link(row)}, by {harmless(row.by)}"
    yield "-- /invite-link end NUMBER takes one back."


def _link(row: LinkRow) -> str:
    until = f"until {zones.date(row.until)}"
    if row.uses < 0:
        return until
    return f"{until}, {'once' if row.uses == 1 else f'{row.uses} times'}"

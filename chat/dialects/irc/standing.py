"""Standing: what one is told about one's account, and about invitations.

It is NickServ who says it, whatever it was that one asked: REGISTER alone has an
answer of its own.
"""

from collections.abc import Iterator

from chat.dialects.dialect import Told
from chat.dialects.irc import enrolment, sasl
from chat.dialects.irc.client import Client
from chat.dialects.irc.nickserv import NAME, says
from chat.dialects.irc.render import moment
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


def told(  # noqa: C901, PLR0911, PLR0912 - flat: words for each
    client: Client, answer: Standing
) -> Told:
    """*answer* as the client reads it who asked."""
    match answer:
        case Registered():
            if client.doing == "REGISTER":
                return enrolment.succeeded(client, answer.account)
            return says(client, f"The account {answer.account} is yours.")
        case CredentialSet():
            client.must_set_password = False
            return says(client, f"{answer.account} has another password now.")
        case CredentialWanted():
            client.must_set_password = True
            return says(
                client,
                "Your code was good for once. Choose a password now:",
                f"/msg {NAME} SET PASSWORD <new>",
            )
        case AccountGone():
            return says(client, f"The account {answer.account} is no more.")
        case AlwaysOnIs():
            how = "stay in" if answer.on else "leave"
            return says(client, f"When you are not connected, you {how} your rooms.")
        case NickWanted():
            return says(
                client,
                f"The nick {answer.nick} is somebody's. If it is yours:"
                f" /msg {NAME} IDENTIFY <password>",
                "If not, take another: /nick <nick>. Nobody hears you before that, and"
                f" in {answer.seconds} seconds you are given one.",
            )
        case SessionsAre():
            return _sessions(client, answer)
        case AccountsAre():
            return _accounts(client, answer)
        case LinkIs():
            return says(
                client,
                f"Whoever has this word may come in, and into {answer.room}"
                f" ({_lasts(answer.row)}). It is shown only now:",
                answer.token,
                "Send it as the password of the server, or instead of your own.",
            )
        case LinksAre():
            return _links(client, answer)
        case Redeemed():
            return _redeemed(client, answer)


def _redeemed(client: Client, answer: Redeemed) -> bytes:
    client.newcomer.is_invited = True
    invited = says(client, f"You are invited into {answer.room}.")
    # There is no account that 900 could name.
    return invited + sasl.succeeded(client) if client.login.is_waiting else invited


def _sessions(client: Client, answer: SessionsAre) -> Iterator[bytes]:
    yield says(client, f"{answer.account} is logged in from:")
    for row in answer.sessions:
        yield says(client, _session(row))
    yield says(client, "SESSIONS END <number> ends one of them.")


def _session(row: SessionRow) -> str:
    this = ", this one" if row.is_this else ""
    return f"{row.number}: {row.address} since {moment(row.since)}{this}"


def _accounts(client: Client, answer: AccountsAre) -> Iterator[bytes]:
    for row in answer.accounts:
        yield says(client, _account(row))
    if answer.is_list:
        yield says(client, f"That is all: {len(answer.accounts)}.")


def _account(row: AccountRow) -> str:
    words = [f"{row.name}: an account since {moment(row.since)}"]
    if row.sessions:
        words.append("is here")
    if row.seen:
        words.append(f"was last seen {moment(row.seen)}")
    if row.is_always_on:
        words.append("stays in its rooms")
    if row.is_suspended:
        words.append("closed for now")
    return ", ".join(words)


def _links(client: Client, answer: LinksAre) -> Iterator[bytes]:
    if not answer.links:
        yield says(client, f"No invitations into {answer.room} are out.")
    for row in answer.links:
        yield says(client, f"{answer.room} {row.number}: by {row.by}, {_lasts(row)}")


def _lasts(row: LinkRow) -> str:
    times = {-1: "any number of times", 1: "once"}
    often = times.get(row.uses, f"{row.uses} times")
    return f"{often} until {moment(row.until)}"

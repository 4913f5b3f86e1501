"""Standing: what one is told about one's account, word by word."""

from dataclasses import replace

import pytest

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
from chat.domain.events import AccountChanged
from chat.domain.views import AccountRow, LinkRow, SessionRow
from tests.dialects.irc.clients import a_stranger, alice
from tests.dialects.scenes import ALICE, AT, ID, read, told, welcomed

THEN = "2026-11-20 10:15:00 UTC"


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (Registered("alice"), ["The account alice is yours."]),
        (CredentialSet("alice"), ["alice has another password now."]),
        (
            CredentialWanted("alice"),
            [
                "Your code was good for once. Choose a password now:",
                "/msg NickServ SET PASSWORD <new>",
            ],
        ),
        (AccountGone("alice"), ["The account alice is no more."]),
        (AlwaysOnIs(on=True), ["When you are not connected, you stay in your rooms."]),
        (AlwaysOnIs(on=False), ["When you are not connected, you leave your rooms."]),
        (
            NickWanted("bob", 30),
            [
                (
                    "The nick bob is somebody's. If it is yours:"
                    " /msg NickServ IDENTIFY <password>"
                ),
                (
                    "If not, take another: /nick <nick>. Nobody hears you before that,"
                    " and in 30 seconds you are given one."
                ),
            ],
        ),
        (
            SessionsAre(
                "alice",
                (
                    SessionRow(1, "192.0.2.1", AT, is_this=True),
                    SessionRow(7, "192.0.2.2", AT, is_this=False),
                ),
            ),
            [
                "alice is logged in from:",
                f"1: 192.0.2.1 since {THEN}, this one",
                f"7: 192.0.2.2 since {THEN}",
                "SESSIONS END <number> ends one of them.",
            ],
        ),
        (
            AccountsAre((AccountRow("bob", AT, 0, 0),), is_list=False),
            [f"bob: an account since {THEN}"],
        ),
        (
            AccountsAre(
                (AccountRow("bob", AT, AT, 2, is_suspended=True, is_always_on=True),)
            ),
            [
                (
                    f"bob: an account since {THEN}, is here, was last seen {THEN},"
                    " stays in its rooms, closed for now"
                ),
                "That is all: 1.",
            ],
        ),
        (
            LinkIs("#tea", "sb-123", LinkRow(1, "alice", AT, 5)),
            [
                (
                    "Whoever has this word may come in, and into #tea"
                    f" (5 times until {THEN}). It is shown only now:"
                ),
                "sb-123",
                "Send it as the password of the server, or instead of your own.",
            ],
        ),
        (LinksAre("#tea", ()), ["No invitations into #tea are out."]),
        (
            LinksAre(
                "#tea", (LinkRow(1, "alice", AT, -1), LinkRow(2, "bob", AT, uses=1))
            ),
            [
                f"#tea 1: by alice, any number of times until {THEN}",
                f"#tea 2: by bob, once until {THEN}",
            ],
        ),
        (Redeemed("#tea"), ["You are invited into #tea."]),
    ],
    ids=lambda value: "" if isinstance(value, list) else type(value).__name__,
)
def test_what_nickserv_says(answer: Standing, lines: list[str]) -> None:
    head = ":NickServ!NickServ@irc.x NOTICE alice :"
    expected = "".join(f"{head}{line}\r\n" for line in lines)
    assert told(alice(), answer).decode() == expected


def test_who_came_in_on_a_code_has_to_choose_a_password_and_then_has() -> None:
    irc = alice()
    irc.tell(CredentialWanted("alice"))
    assert irc.must_set_password
    irc.tell(CredentialSet("alice"))
    assert not irc.must_set_password


def test_who_logs_out_need_not_choose_one_for_the_next_account() -> None:
    irc = alice()
    for account in ("alice", "", "bob"):
        irc.tell(AccountChanged(ID, AT, replace(ALICE, account=account), account))
        if account == "alice":
            irc.tell(CredentialWanted("alice"))
    assert not irc.must_set_password
    # The old one has to be said.
    answer = read(irc.hear(b"NS SET PASSWORD milk"))
    assert b"It is: SET PASSWORD <old> <new>" in answer


def test_who_has_not_come_in_yet_has_to_choose_one_all_the_same() -> None:
    irc = a_stranger()
    irc.tell(AccountChanged(ID, AT, replace(ALICE, account="alice"), "alice"))
    irc.tell(CredentialWanted("alice"))
    told(irc, welcomed(replace(ALICE, account="alice")))
    assert irc.must_set_password


def test_register_has_an_answer_of_its_own() -> None:
    irc = alice()
    irc.hear(b"REGISTER * * milk")
    assert told(irc, Registered("alice")) == (
        b":irc.x REGISTER SUCCESS alice :The account is yours.\r\n"
    )


def test_an_invitation_opens_the_house_to_a_newcomer() -> None:
    irc = a_stranger()
    irc.tell(Redeemed("#tea"))
    assert irc.newcomer.is_invited


def test_903_an_invitation_may_come_by_sasl() -> None:
    irc = a_stranger()
    irc.login.is_waiting = True
    assert b" 903 * :" in told(irc, Redeemed("#tea"))
    assert not irc.login.is_waiting

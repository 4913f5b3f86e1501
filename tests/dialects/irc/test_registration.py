"""Registration: how a connection becomes a user, and what it may ask for first."""

from dataclasses import replace
from typing import Final

import pytest

from chat.dialects.dialect import Heard, Prove
from chat.dialects.irc import caps as offered
from chat.dialects.irc.registration import introduction
from chat.dialects.irc.render import IrcKind
from chat.dialects.irc.session import Irc
from chat.domain.answers import Redeemed
from chat.domain.claims import Identified, Redeem
from chat.domain.commands import Depart, Introduce, Rename
from chat.domain.refusals import (
    NickImpossible,
    NickInUse,
    NoSuchNick,
    Reason,
    WrongPassword,
    WrongToken,
)
from tests.dialects.irc.clients import ALICE_COMES, a_stranger, alice, hears
from tests.dialects.scenes import HOUSE, read

NAMES: Final = " ".join(offered.listed(a_stranger(), with_values=True))
LOCKED: Final = replace(HOUSE, password="as it is stored")  # noqa: S106


# Registration.


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["NICK alice", "USER al 0 * :Alice A."], id="NICK, USER"),
        pytest.param(["USER al 0 * :Alice A.", "NICK alice"], id="USER, NICK"),
        pytest.param(["nick alice", "user al x y :Alice A."], id="no case"),
        pytest.param(
            ["PASS secret", "NICK alice", "USER al 0 * :Alice A."], id="a password"
        ),
        pytest.param(
            ["NICK bob", "NICK alice", "USER al 0 * :Alice A."],
            id="the last nick counts",
        ),
    ],
)
def test_nick_and_user_make_a_user(lines: list[str]) -> None:
    *before, last = lines
    irc = a_stranger()
    assert hears(irc, *before) == []
    assert hears(irc, last) == [ALICE_COMES]


@pytest.mark.parametrize(
    "lines",
    [
        ["CAP LS 302", "NICK alice", "USER al 0 * :Alice A."],
        ["CAP LS 302", "USER al 0 * :Alice A.", "NICK alice"],
        ["NICK alice", "CAP LS 302", "USER al 0 * :Alice A."],
        ["USER al 0 * :Alice A.", "CAP LS 302", "NICK alice"],
    ],
    ids=lambda lines: ", ".join(line.split()[0] for line in lines),
)
def test_negotiation_suspends_registration_until_its_end(lines: list[str]) -> None:
    irc = a_stranger()
    assert hears(irc, *lines) == [f":irc.x CAP * LS :{NAMES}\r\n".encode()]
    assert hears(irc, "CAP END") == [ALICE_COMES]


def test_asking_for_a_capability_suspends_registration_too() -> None:
    irc = a_stranger()
    assert hears(irc, "CAP REQ server-time", "NICK alice", "USER al 0 * :Alice A.") == [
        b":irc.x CAP * ACK :server-time\r\n"
    ]
    assert hears(irc, "CAP END") == [ALICE_COMES]


def test_listing_what_is_on_suspends_nothing() -> None:
    assert hears(a_stranger(), "CAP LIST", "NICK alice", "USER al 0 * :Alice A.") == [
        b":irc.x CAP * LIST :\r\n",
        ALICE_COMES,
    ]


def test_the_end_of_negotiation_may_come_first() -> None:
    irc = a_stranger()
    assert hears(irc, "CAP LS", "CAP END")[1:] == []
    assert hears(irc, "NICK alice", "USER al 0 * :Alice A.") == [ALICE_COMES]


@pytest.mark.parametrize(
    ("user", "username", "realname"),
    [
        pytest.param("USER al 0 * :Alice A.", "al", "Alice A.", id="plain"),
        pytest.param("USER al 0 * Alice", "al", "Alice", id="no colon"),
        pytest.param("USER al 0 * :", "al", "", id="no real name"),
        pytest.param("USER ~al!@:x 0 * :A", "alx", "A", id="what may not be in it"),
        pytest.param("USER zoë 0 * :A", "zo", "A", id="only ASCII"),
        pytest.param("USER a.b-c_d 0 * :A", "a.b-c_d", "A", id="what may"),
        pytest.param("USER abcdefghijkl 0 * :A", "abcdefghij", "A", id="cut at ten"),
        pytest.param("USER @! 0 * :A", "user", "A", id="nothing left"),
        pytest.param("USER al 0 * :" + "a" * 200, "al", "a" * 150, id="a long one"),
        pytest.param("USER al 0 * :" + "é" * 99, "al", "é" * 75, id="bytes count"),
    ],
)
def test_who_one_is(user: str, username: str, realname: str) -> None:
    assert hears(a_stranger(), "NICK alice", user) == [
        Introduce("alice", username, realname)
    ]


@pytest.mark.parametrize("refusal", [NickInUse("alice"), NickImpossible("alice", "no")])
def test_a_refused_nick_is_forgotten_and_another_is_enough(refusal: Reason) -> None:
    irc = a_stranger()
    hears(irc, "NICK alice", "USER al 0 * :Alice A.")
    irc.refuse(refusal)
    assert hears(irc, "USER al 0 * :Alice A.") == []
    assert hears(irc, "NICK eve") == [Introduce("eve", "al", "Alice A.")]


def test_a_stranger_is_refused_under_a_star() -> None:
    assert a_stranger().refuse(NickInUse("bob")) == (
        b":irc.x 433 * bob :Nickname is already in use.\r\n"
    )
    assert alice().refuse(NickInUse("bob")) == (
        b":irc.x 433 alice bob :Nickname is already in use.\r\n"
    )


def test_a_refusal_of_another_kind_forgets_no_nick() -> None:
    irc = a_stranger()
    hears(irc, "NICK alice")
    irc.refuse(NoSuchNick("bob"))
    assert hears(irc, "USER al 0 * :Alice A.") == [ALICE_COMES]


@pytest.mark.parametrize(
    "line", ["USER al 0 * :Alice", "PASS secret"], ids=["USER", "PASS"]
)
def test_nobody_registers_twice(line: str) -> None:
    assert hears(alice(), line) == [b":irc.x 462 alice :You may not reregister.\r\n"]


@pytest.mark.parametrize("line", ["NICK", "NICK :"])
def test_a_nick_must_be_given(line: str) -> None:
    assert hears(a_stranger(), line) == [b":irc.x 431 * :No nickname given.\r\n"]
    assert hears(alice(), line) == [b":irc.x 431 alice :No nickname given.\r\n"]


def test_whoever_is_in_asks_for_another_nick() -> None:
    assert hears(alice(), "NICK eve") == [Rename("eve")]


# Capabilities.


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("CAP LS", f"LS :{' '.join(offered.offered(a_stranger()))}".encode()),
        ("CAP LS 302", f"LS :{NAMES}".encode()),
        ("CAP ls 307", f"LS :{NAMES}".encode()),
        ("CAP LIST", b"LIST :"),
        ("CAP REQ :server-time echo-message", b"ACK :server-time echo-message"),
        ("CAP REQ server-time", b"ACK :server-time"),
        ("CAP REQ :-server-time", b"ACK :-server-time"),
        ("CAP REQ", b"ACK :"),
        ("CAP REQ :tls", b"NAK :tls"),
        ("CAP REQ :server-time tls", b"NAK :server-time tls"),
    ],
)
def test_negotiation(line: str, answer: bytes) -> None:
    assert hears(a_stranger(), line) == [b":irc.x CAP * " + answer + b"\r\n"]
    assert hears(alice(), line) == [b":irc.x CAP alice " + answer + b"\r\n"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [("CAP HELLO", b"HELLO"), ("CAP ack :x", b"ACK"), ("CAP :", b"*")],
)
def test_an_unknown_subcommand(line: str, shown: bytes) -> None:
    assert hears(a_stranger(), line) == [
        b":irc.x 410 * " + shown + b" :Invalid CAP command.\r\n"
    ]


def test_what_is_on_is_listed() -> None:
    assert hears(alice("server-time echo-message"), "CAP LIST") == [
        b":irc.x CAP alice LIST :echo-message server-time\r\n"
    ]


def test_a_rejected_request_changes_nothing() -> None:
    irc = alice("server-time")
    hears(irc, "CAP REQ :echo-message tls")
    assert hears(irc, "CAP LIST") == [b":irc.x CAP alice LIST :server-time\r\n"]


@pytest.mark.parametrize(
    ("caps", "kind"),
    [
        ("", IrcKind()),
        ("server-time", IrcKind(server_time=True)),
        ("message-tags", IrcKind(message_tags=True)),
        ("echo-message", IrcKind(echoes=True)),
        ("away-notify", IrcKind(away_notify=True)),
        ("extended-join", IrcKind(extended_join=True)),
        ("invite-notify", IrcKind(invite_notify=True)),
        ("setname", IrcKind(setname=True)),
        ("chghost multi-prefix userhost-in-names cap-notify", IrcKind()),
        (
            "server-time message-tags echo-message",
            IrcKind(server_time=True, message_tags=True, echoes=True),
        ),
    ],
)
def test_capabilities_decide_what_kind_of_reader_one_is(
    caps: str, kind: IrcKind
) -> None:
    assert alice(caps).kind == kind


def test_a_capability_can_be_turned_off_again() -> None:
    irc = alice("server-time echo-message")
    hears(irc, "CAP REQ :-echo-message")
    assert irc.kind == IrcKind(server_time=True)


def test_negotiation_after_registration_registers_nobody() -> None:
    assert hears(alice(), "CAP LS 302", "CAP END")[1:] == []


def test_a_long_list_takes_several_lines_for_those_who_can_put_them_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = {f"example.org/{number:03}": "" for number in range(30)}
    monkeypatch.setattr(offered, "offered", lambda _house: names)
    lines = read(hears(a_stranger(), "CAP LS 302")).decode().splitlines()
    heads, rows = zip(*(line.split(" :") for line in lines), strict=True)
    assert heads == (":irc.x CAP * LS *", ":irc.x CAP * LS")
    assert " ".join(rows).split() == list(names)
    assert len(hears(a_stranger(), "CAP LS")) == 1


def test_version_302_brings_cap_notify_for_good() -> None:
    irc = alice()
    assert "cap-notify" not in irc.caps
    hears(irc, "CAP LS 302")
    assert hears(irc, "CAP LIST", "CAP REQ -cap-notify", "CAP REQ cap-notify") == [
        b":irc.x CAP alice LIST :cap-notify\r\n",
        b":irc.x CAP alice NAK :-cap-notify\r\n",
        b":irc.x CAP alice ACK :cap-notify\r\n",
    ]


def test_without_302_cap_notify_is_a_matter_of_taste() -> None:
    assert hears(alice(), "CAP REQ cap-notify", "CAP REQ -cap-notify") == [
        b":irc.x CAP alice ACK :cap-notify\r\n",
        b":irc.x CAP alice ACK :-cap-notify\r\n",
    ]


# The password of the house.


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        pytest.param("PASS milk", "milk", id="one word"),
        pytest.param("PASS :milk and tea", "milk and tea", id="several"),
        pytest.param("CAP LIST", "", id="none was told"),
    ],
)
def test_464_whoever_comes_in_has_to_know_the_password(line: str, secret: str) -> None:
    irc = Irc(LOCKED)
    hears(irc, line, "NICK alice")
    assert hears(irc, "USER al 0 * :Alice A.") == [Prove(secret, ALICE_COMES)]


def test_464_a_wrong_password_is_the_end() -> None:
    irc = Irc(LOCKED)
    hears(irc, "PASS tea", "NICK alice", "USER al 0 * :Alice A.")
    assert irc.refuse(WrongPassword()) == b":irc.x 464 * :Password incorrect.\r\n"
    assert hears(irc, "PASS milk", "NICK alice") == [
        Depart("Password incorrect"),
        Depart("Password incorrect"),
    ]


def test_the_password_is_asked_for_again_with_the_next_nick() -> None:
    irc = Irc(LOCKED)
    hears(irc, "PASS milk", "NICK alice", "USER al 0 * :Alice A.")
    irc.refuse(NickInUse("alice"))
    assert hears(irc, "NICK eve") == [Prove("milk", Introduce("eve", "al", "Alice A."))]


def test_who_is_in_is_not_introduced_again() -> None:
    assert introduction(alice()) == []


# An account, or an invitation.


@pytest.mark.parametrize(
    ("secret", "asked"),
    [
        ("bob:milk", [Prove("milk", Identified("bob"), account="bob")]),
        ("bob@tv:mi:lk", [Prove("mi:lk", Identified("bob"), account="bob")]),
        ("bob:sb-123", [Redeem("sb-123")]),
        ("sb-123", [Redeem("sb-123")]),
        ("milk", []),
        (":milk", []),
        ("bob:", []),
    ],
)
def test_pass_may_be_that_of_an_account(secret: str, asked: Heard) -> None:
    assert hears(a_stranger(), f"PASS :{secret}") == asked


@pytest.mark.parametrize(
    ("account", "device"),
    [("bob", ""), ("bob@tv", "tv"), ("bob@", ""), ("b@c@d", "c@d")],
)
def test_it_names_the_device(account: str, device: str) -> None:
    irc = a_stranger()
    hears(irc, f"PASS {account}:milk")
    assert irc.device == device


def test_464_a_wrong_one_is_not_the_end() -> None:
    irc = a_stranger()
    hears(irc, "PASS bob:tea")
    assert irc.refuse(WrongPassword()) == b":irc.x 464 * :Password incorrect.\r\n"
    assert hears(irc, "NICK alice", "USER al 0 * :Alice A.") == [ALICE_COMES]


def test_in_a_house_with_a_password_pass_is_that_one() -> None:
    irc = Irc(LOCKED)
    assert hears(irc, "PASS bob:milk", "NICK alice", "USER al 0 * :Alice A.") == [
        Prove("bob:milk", ALICE_COMES)
    ]


def test_an_invitation_does_there_too() -> None:
    irc = Irc(LOCKED)
    assert hears(irc, "PASS sb-123") == [Redeem("sb-123")]
    irc.tell(Redeemed("#tea"))
    invited = replace(ALICE_COMES, is_invited=True)
    assert hears(irc, "NICK alice", "USER al 0 * :Alice A.") == [invited]
    # As long as it lasts.
    assert b" 464 * :" in irc.refuse(WrongToken())
    assert hears(irc, "PASS tea", "NICK alice") == [Prove("tea", ALICE_COMES)]


def test_where_there_is_no_password_an_invitation_is_not_needed() -> None:
    irc = a_stranger()
    irc.tell(Redeemed("#tea"))
    assert hears(irc, "NICK alice", "USER al 0 * :Alice A.") == [ALICE_COMES]


# Pings, and the end.


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("PING 123", [b":irc.x PONG irc.x :123\r\n"], id="a token"),
        pytest.param("PING :a b", [b":irc.x PONG irc.x :a b\r\n"], id="a long one"),
        pytest.param("PING ::x", [b":irc.x PONG irc.x ::x\r\n"], id="a colon"),
        pytest.param("PING irc.x me", [b":irc.x PONG irc.x :irc.x\r\n"], id="of old"),
        pytest.param(
            "PING", [b":irc.x 461 alice PING :Not enough parameters.\r\n"], id="none"
        ),
        pytest.param(
            "PING :", [b":irc.x 409 alice :No origin specified.\r\n"], id="409"
        ),
        pytest.param("PONG irc.x", [], id="an answer needs none"),
        pytest.param("PONG", [], id="not even without a token"),
        pytest.param("QUIT", [Depart("Quit")], id="good-bye"),
        pytest.param("QUIT :tea time", [Depart("Quit: tea time")], id="and why"),
        pytest.param("QUIT :", [Depart("Quit")], id="no reason is none"),
    ],
)
def test_pings_and_good_byes(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


def test_a_stranger_may_ping_and_leave() -> None:
    assert hears(a_stranger(), "PING 1", "QUIT") == [
        b":irc.x PONG irc.x :1\r\n",
        Depart("Quit"),
    ]

"""NickServ: what it understands, and who does not hear of it."""

from dataclasses import replace

import pytest

from chat.dialects.dialect import Enrol, Heard, Prove
from chat.dialects.irc.session import Irc
from chat.domain.claims import (
    AskAccount,
    AskAccounts,
    AskLinks,
    AskSessions,
    EndSession,
    Ghost,
    Identified,
    LogOut,
    MakeLink,
    Redeem,
    Register,
    Revoke,
    SetAlwaysOn,
    SetCredential,
    Unregister,
)
from chat.domain.commands import Say, Whisper
from chat.domain.events import AccountChanged
from chat.domain.refusals import NickReserved, WrongPassword
from tests.dialects.irc.clients import alice, hears
from tests.dialects.scenes import ALICE, AT, HOUSE, ID, read, welcomed

HEAD = ":NickServ!NickServ@irc.x NOTICE alice :"


def a_member(caps: str = "") -> Irc:
    """Alice, logged in."""
    irc = alice(caps)
    irc.tell(AccountChanged(ID, AT, replace(ALICE, account="alice"), "alice"))
    return irc


def says(line: str) -> Heard:
    return [f"{HEAD}{line}\r\n".encode()]


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("REGISTER milk", Enrol("milk", Register())),
        ("REGISTER milk alice@irc.x", Enrol("milk", Register())),
        ("IDENTIFY milk", Prove("milk", Identified("alice"), account="alice")),
        ("identify bob milk", Prove("milk", Identified("bob"), account="bob")),
        ("identify bob a b", Prove("a b", Identified("bob"), account="bob")),
        ("IDENTIFY bob@tv milk", Prove("milk", Identified("bob"), account="bob")),
        ("IDENTIFY sb-123", Redeem("sb-123")),
        ("LOGOUT", LogOut()),
        ("INFO", AskAccount("alice")),
        ("INFO bob", AskAccount("bob")),
        ("GHOST alice", Ghost("alice")),
        ("GHOST bob milk", Prove("milk", Identified("bob"), account="bob")),
        ("RECOVER alice", Ghost("alice")),
        ("SET ALWAYS-ON on", SetAlwaysOn(on=True)),
        ("SET always-on OFF", SetAlwaysOn(on=False)),
        ("SESSIONS", AskSessions()),
        ("SESSIONS END 7", EndSession(7)),
        ("SESSIONS end others", EndSession(0)),
        ("LIST", AskAccounts()),
        ("LINK #tea", AskLinks("#tea")),
        ("LINK #tea 7d", MakeLink("#tea", 7 * 86_400)),
        ("LINK #tea 2h 5", MakeLink("#tea", 7_200, uses=5)),
        ("LINK #tea END 7", Revoke("#tea", 7)),
    ],
)
@pytest.mark.parametrize(
    "spoken",
    [
        pytest.param("PRIVMSG NickServ :{}", id="PRIVMSG"),
        pytest.param("PRIVMSG nickserv@irc.x :{}", id="with a server"),
        pytest.param("NICKSERV {}", id="NICKSERV"),
        pytest.param("NS :{}", id="NS"),
    ],
)
def test_what_it_understands(spoken: str, line: str, asked: object) -> None:
    assert hears(alice("echo-message"), spoken.format(line)) == [asked]


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        (
            "SET PASSWORD milk tea",
            Prove("milk", Enrol("tea", SetCredential()), account="alice"),
        ),
        ("DROP milk", Prove("milk", Unregister(), account="alice")),
        ("GHOST alice_ milk", Ghost("alice_")),
    ],
)
def test_what_it_does_for_members(line: str, asked: object) -> None:
    assert hears(a_member(), f"NS {line}") == [asked]


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("IDENTIFY milk", Prove("milk", Identified("bob"), account="bob")),
        ("INFO", AskAccount("bob")),
    ],
)
def test_a_named_guest_means_the_account_behind_that_mark(
    line: str, asked: object
) -> None:
    irc = Irc(replace(HOUSE, limits=replace(HOUSE.limits, guests="named")))
    irc.tell(welcomed(replace(ALICE, nick="guest-bob")))
    assert hears(irc, f"NS {line}") == [asked]


@pytest.mark.parametrize("line", ["SET PASSWORD milk tea", "DROP milk"])
def test_what_it_does_for_members_only(line: str) -> None:
    answer = says("You are not logged in: IDENTIFY <password>")
    assert hears(alice(), f"NS {line}") == answer


def test_there_is_no_second_login() -> None:
    answer = says("You are logged in as alice already.")
    assert hears(a_member(), "NS IDENTIFY milk") == answer


def test_who_came_in_on_a_code_needs_no_old_password() -> None:
    irc = a_member()
    irc.must_set_password = True
    assert hears(irc, "NS SET PASSWORD tea") == [Enrol("tea", SetCredential())]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("", "HELP tells what I understand."),
        ("hunter2", "HELP tells what I understand."),
        ("REGISTER", "It is: REGISTER <password>"),
        ("REGISTER one two", "A password that you tell me has no spaces."),
        ("REGISTER one a@b two", "A password that you tell me has no spaces."),
        ("IDENTIFY", "It is: IDENTIFY [<account>] <password>"),
        ("GHOST", "It is: GHOST <nick>"),
        ("DROP", "It is: DROP <password>"),
        ("LINK #tea soon", "It is: LINK <room> [<7d> [<uses>] | END <number>]"),
        (
            "SET PASSWORD tea",
            "It is: SET PASSWORD <old> <new> | ALWAYS-ON ON | ALWAYS-ON OFF",
        ),
        (
            "SET ALWAYS-ON maybe",
            "It is: SET PASSWORD <old> <new> | ALWAYS-ON ON | ALWAYS-ON OFF",
        ),
        ("SESSIONS END", "It is: SESSIONS [END <number> | END OTHERS]"),
        ("SESSIONS END 0", "It is: SESSIONS [END <number> | END OTHERS]"),
        ("SESSIONS END ٣", "It is: SESSIONS [END <number> | END OTHERS]"),
    ],
)
def test_what_it_does_not_understand(line: str, answer: str) -> None:
    assert hears(a_member(), f"NS :{line}") == says(answer)


def test_help_tells_all_of_it_in_lines_that_fit() -> None:
    lines = read(hears(alice(), "NS HELP")).decode().split("\r\n")[:-1]
    assert lines[0].startswith(f"{HEAD}An account keeps your nick for you.")
    assert f"{HEAD}IDENTIFY [<account>] <password>: log in" in lines
    assert f"{HEAD}LOGOUT: be a guest again" in lines
    assert len(lines) == 13
    assert all(len(line.encode()) <= 510 for line in lines)


def test_a_refusal_is_told_by_nickserv() -> None:
    irc = alice()
    hears(irc, "NS IDENTIFY milk")
    assert [irc.refuse(WrongPassword())] == says("Password incorrect.")


def test_a_refusal_of_something_else_is_not() -> None:
    irc = alice()
    hears(irc, "NS IDENTIFY milk", "NICK bob")
    assert b" 433 " in irc.refuse(NickReserved("bob"))


# What is said to it goes nowhere else.


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("NOTICE NickServ :IDENTIFY milk", id="NOTICE"),
        pytest.param("@+typing=active TAGMSG NickServ", id="TAGMSG"),
    ],
)
def test_what_is_not_answered(line: str) -> None:
    assert hears(alice("message-tags"), line) == []


@pytest.mark.parametrize("targets", ["bob,NickServ", "NICKSERV,#b", "#b,nickserv@x"])
@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
def test_what_others_were_to_hear_as_well_they_do_not(
    command: str, targets: str
) -> None:
    heard = hears(alice(), f"{command} {targets} :IDENTIFY milk")
    assert not any(isinstance(item, Say | Whisper) for item in heard)


@pytest.mark.parametrize("nick", ["NickServer", "bob"])
def test_who_only_sounds_like_it_is_somebody_else(nick: str) -> None:
    assert hears(alice(), f"PRIVMSG {nick} :hi") == [Whisper(nick, "hi")]


def test_412_without_a_text_there_is_nothing_to_say() -> None:
    assert b" 412 " in read(hears(alice(), "PRIVMSG NickServ"))

"""Accounts on IRC: whose a name is, from the first login to a stolen nick.

Whoever speaks stands before his line as a nick alone, as in the other scenes on IRC.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import SetTable
from tests.journeys.programs import Chatd, Company, Irc, Weechat, Window, Wire
from tests.journeys.table import Person, Table

SERVER = ("limits.enabled=false", "server.name=irc.x", "accounts.plaintext=true")
MILK, SECRET = "milkmilk", "milk and tea"


@pytest.fixture
def table(set_table: SetTable) -> Table:
    return set_table(*SERVER)


def reads(person: Person) -> list[str]:
    """What *person* has read since the last look, without sources' addresses."""
    return [re.sub(r"!\S+?@\S+\.cloak", "", line) for line in person.sees()]


def numbers(person: Person) -> list[str]:
    """The commands and numbers of what *person* has read since the last look."""
    return [line.removeprefix(":irc.x ").split(" ")[0] for line in reads(person)]


def a_member(table: Table, name: str = "bob") -> Person:
    """Somebody who has an account, and is in the lobby."""
    (member,) = table.seat_irc(name)
    member.types("PRIVMSG NickServ :REGISTER milkmilk")
    table.clear()
    return member


def plain(name: str, secret: str) -> str:
    """What SASL PLAIN sends."""
    return b64encode(f"\0{name}\0{secret}".encode()).decode()


def logs_in(table: Table, name: str, secret: str = MILK, caps: str = "sasl") -> Person:
    """One more who says he is *name*, with SASL."""
    person = table.connect(f"{name} elsewhere")
    person.types(
        *("CAP LS 302", f"CAP REQ :{caps}", "NICK somebody", "USER b 0 * :Bob"),
        *("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain(name, secret)}", "CAP END"),
    )
    return person


def test_somebody_makes_an_account_and_all_are_told(table: Table) -> None:
    (carol,) = table.seat_irc("carol", caps="account-notify account-tag extended-join")
    (bob,) = table.seat_irc("bob")
    bob.types("PRIVMSG NickServ :REGISTER milkmilk bob@example.org")
    assert reads(bob) == [
        ":NickServ!NickServ@irc.x NOTICE bob :The account bob is yours.",
        ":irc.x 900 bob bob bob :You are logged in as bob.",
    ]
    bob.types("PRIVMSG #lobby :here I am", "PART #lobby", "JOIN #lobby")
    bob.ignores_the_rest()
    assert reads(carol) == [
        "@account=bob :bob ACCOUNT bob",
        "@account=bob :bob PRIVMSG #lobby :here I am",
        "@account=bob :bob PART #lobby",
        "@account=bob :bob JOIN #lobby bob :bob",
    ]
    carol.types("WHOIS bob", "WHO #lobby %na")
    told = reads(carol)
    assert ":irc.x 330 carol bob bob :is logged in as" in told
    assert ":irc.x 354 carol bob :bob" in told
    assert ":irc.x 354 carol carol :0" in told


def test_two_sessions_are_one_person_in_one_room(table: Table) -> None:
    (carol,) = table.seat_irc("carol")
    bob = a_member(table)
    elsewhere = logs_in(table, "bob")
    assert {"900", "903", "001", "353"} <= set(numbers(elsewhere))
    assert numbers(carol) == []
    elsewhere.types("PRIVMSG #lobby :from the train")
    said = [":bob PRIVMSG #lobby :from the train"]
    assert (reads(bob), reads(carol)) == (said, said)
    bob.types("QUIT")
    assert numbers(bob) == ["ERROR"]
    carol.types("PRIVMSG bob :still here?")
    assert reads(elsewhere) == [":carol PRIVMSG bob :still here?"]
    elsewhere.types("QUIT :good night")
    assert numbers(elsewhere) == ["ERROR"]
    assert reads(carol) == [":bob QUIT :Quit: good night"]


def test_a_ghost_is_put_off(table: Table) -> None:
    (carol,) = table.seat_irc("carol")
    ghost = a_member(table)
    bob = logs_in(table, "bob")
    bob.reads()
    bob.types("PRIVMSG NickServ :GHOST bob")
    assert numbers(ghost) == ["ERROR"]
    assert ghost.is_cut_off()
    bob.types("PRIVMSG #lobby :better")
    assert reads(carol) == [":bob PRIVMSG #lobby :better"]
    bob.ignores_the_rest()


def test_a_wrong_password_is_no_login_and_nobody_hears_of_it(table: Table) -> None:
    bob = a_member(table)
    eve = logs_in(table, "bob", "silk")
    told = reads(eve)
    assert ":irc.x 904 * :SASL authentication failed. Password incorrect." in told
    assert not any(" 900 " in line for line in told)
    eve.types("WHOIS somebody")
    assert "330" not in numbers(eve)
    assert reads(bob) == []


def test_no_such_account_and_a_wrong_password_are_told_alike(table: Table) -> None:
    bob = a_member(table)
    answers = []
    for name in ("bob", "nobody"):
        (eve,) = table.seat_irc("eve")
        eve.types(f"NS IDENTIFY {name} silk", "QUIT")
        answers.append(reads(eve))
    assert answers[0] == answers[1]
    # People come and go in his room, and that is all.
    assert set(reads(bob)) == {":eve QUIT :Quit"}


def test_a_stolen_nick_says_nothing_and_goes(table: Table) -> None:
    (carol,) = table.seat_irc("carol")
    bob = a_member(table)
    bob.types("QUIT")
    table.clear()
    eve = table.connect("eve")
    eve.types("NICK bob", "USER bob 0 * :Bob")
    told = reads(eve)
    assert "001" in [line.split(" ")[1] for line in told]
    assert told[-2].startswith(
        ":NickServ!NickServ@irc.x NOTICE bob :The nick bob is somebody's."
    )
    eve.types("JOIN #lobby", "PRIVMSG carol :lend me some money", "INVITE carol #x")
    assert numbers(eve) == ["477"] * 3
    table.wait(31)
    (renamed,) = reads(eve)
    assert re.fullmatch(r":bob NICK guest-\d+", renamed)
    eve.types("NICK bob")
    assert numbers(eve) == ["433"]
    assert reads(carol) == []


def test_who_has_the_nick_logs_in_on_it(table: Table) -> None:
    a_member(table).types("QUIT")
    table.clear()
    bob = table.connect("bob again")
    bob.types("NICK bob", "USER bob 0 * :Bob", "NS IDENTIFY milkmilk", "JOIN #lobby")
    assert numbers(bob)[-4:] == ["900", ":bob", "353", "366"]
    table.wait(31)
    assert reads(bob) == []


def test_nobody_is_called_nickserv_or_hears_what_it_is_told(table: Table) -> None:
    (carol, eve) = table.seat_irc("carol", "eve")
    eve.types("NICK NickServ")
    assert numbers(eve) == ["432"]
    carol.types("PRIVMSG NickServ,eve,#lobby :IDENTIFY milkmilk")
    assert numbers(carol) == [":NickServ!NickServ@irc.x"]
    assert reads(eve) == []


def test_an_account_tag_cannot_be_forged(table: Table) -> None:
    carol, eve = table.seat_irc(
        "carol", "eve", caps="account-tag message-tags echo-message"
    )
    eve.types("@account=bob;+account=bob PRIVMSG #lobby :it is me, bob")
    (told,) = reads(carol)
    tags = told.removeprefix("@").split(" ")[0].split(";")
    assert [tag for tag in tags if "account" in tag] == ["+account=bob"]
    assert len(reads(eve)) == 1


def test_register_comes_before_everything_else(table: Table) -> None:
    bob = table.connect("bob")
    bob.types(
        *("CAP LS 302", "CAP REQ draft/account-registration", "NICK bob"),
        *("REGISTER * * milkmilk", "USER bob 0 * :Bob", "CAP END"),
    )
    told = reads(bob)
    assert ":irc.x REGISTER SUCCESS bob :The account is yours." in told
    assert ":irc.x 001 bob :Welcome to Switchboard, bob" in told
    bob.types("REGISTER * * milkmilk")
    assert reads(bob) == [
        ":irc.x FAIL REGISTER ALREADY_AUTHENTICATED bob :You are logged in."
    ]
    (eve,) = table.seat_irc("eve")
    eve.types("REGISTER bob * milkmilk", "REGISTER * * x")
    assert [line.split(" ")[3] for line in reads(eve)] == [
        "ACCOUNT_NAME_MUST_BE_NICK",
        "WEAK_PASSWORD",
    ]


def test_register_is_no_way_into_a_house_with_a_password(set_table: SetTable) -> None:
    table = set_table(*SERVER, "server.password=open sesame")
    eve = table.connect("eve")
    eve.types("CAP LS 302", "CAP REQ draft/account-registration", "NICK eve")
    eve.types("REGISTER * * milkmilk")
    (failed,) = (line for line in reads(eve) if "FAIL" in line)
    assert failed == ":irc.x FAIL REGISTER COMPLETE_CONNECTION_REQUIRED :Come in first."
    eve.types("USER eve 0 * :Eve", "CAP END")
    assert "001" not in numbers(eve)


@pytest.mark.parametrize(
    "line", ["REGISTER bob * milkmilk", "REGISTER guest-bob * milkmilk"]
)
def test_where_guests_are_named_an_account_has_the_name_behind_that(
    set_table: SetTable, line: str
) -> None:
    table = set_table(*SERVER, "accounts.guests=named")
    bob = table.connect("bob")
    bob.types("NICK bob", "USER bob 0 * :Bob")
    assert " 001 guest-bob :" in reads(bob)[0]
    bob.types(line)
    assert ":irc.x REGISTER SUCCESS bob :The account is yours." in reads(bob)
    bob.types("NS LOGOUT", "QUIT")
    again = table.connect("bob again")
    again.types("NICK bob", "USER bob 0 * :Bob")
    assert " 001 guest-bob :" in reads(again)[0]
    again.types("NS INFO", "NS IDENTIFY milkmilk")
    told = reads(again)
    assert ":bob: an account since" in told[0]
    assert ":guest-bob NICK bob" in told
    table.ignores_everybody()


def test_where_no_guests_come_in_an_account_does(set_table: SetTable) -> None:
    table = set_table(*SERVER, "accounts.guests=none")
    eve = table.connect("eve")
    eve.types("NICK eve", "USER eve 0 * :Eve")
    assert numbers(eve) == ["465"]
    eve.types("REGISTER * * milkmilk", "NICK eve")
    assert {"900", "001"} <= set(numbers(eve))


def test_pass_logs_in_as_well(table: Table) -> None:
    a_member(table).types("QUIT")
    table.clear()
    bob = table.connect("bob")
    bob.types("PASS bob@phone:milkmilk", "NICK x", "USER x 0 * :X")
    assert numbers(bob)[:2] == ["900", "001"]


def test_another_password_puts_those_out_who_know_the_old_one(table: Table) -> None:
    thief = a_member(table)
    bob = logs_in(table, "bob")
    bob.reads()
    bob.types("NS SET PASSWORD silksilk other", "NS SET PASSWORD milkmilk cheese")
    assert reads(bob) == [
        ":NickServ!NickServ@irc.x NOTICE bob :Password incorrect.",
        ":NickServ!NickServ@irc.x NOTICE bob :bob has another password now.",
    ]
    assert numbers(thief) == ["ERROR"]
    assert "904" in numbers(logs_in(table, "bob"))
    assert "903" in numbers(logs_in(table, "bob", "cheese"))


def test_an_unfinished_login_is_none(table: Table) -> None:
    a_member(table)
    eve = table.connect("eve")
    eve.types("CAP REQ sasl", "NICK eve", "USER eve 0 * :Eve", "AUTHENTICATE PLAIN")
    eve.types("CAP END", f"AUTHENTICATE {plain('bob', 'milkmilk')}")
    told = numbers(eve)
    assert told.index("906") < told.index("001")
    assert told[-2:] == ["908", "904"]
    assert "900" not in told


def test_an_invitation_opens_the_house_and_the_room(set_table: SetTable) -> None:
    table = set_table(*SERVER, "server.password=open sesame")
    bob = table.connect("bob")
    bob.types("PASS :open sesame", "NICK bob", "USER bob 0 * :Bob", "JOIN #tea")
    bob.types("NS REGISTER milkmilk", "MODE #tea +i", "NS LINK #tea 1h 2")
    token = reads(bob)[-2].split(" ")[-1].removeprefix(":")
    assert token.startswith("sb-")

    carol = table.connect("carol")
    carol.types(f"PASS {token}", "NICK carol", "USER carol 0 * :Carol")
    assert reads(carol)[0].endswith(":You are invited into #tea.")
    assert reads(bob) == [":carol JOIN #tea"]

    dave = table.connect("dave")
    dave.types("CAP REQ sasl", "NICK dave", "USER dave 0 * :Dave")
    dave.types("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('dave', token)}", "CAP END")
    told = numbers(dave)
    assert "903" in told
    assert "900" not in told
    assert reads(bob) == [":dave JOIN #tea"]

    eve = table.connect("eve")
    eve.types(f"PASS {token}", "NICK eve", "USER eve 0 * :Eve")
    assert "001" not in numbers(eve)
    assert reads(bob) == []
    for person in (carol, dave):
        person.ignores_the_rest()


def test_who_is_banned_by_account_is_so_under_any_nick(table: Table) -> None:
    (carol,) = table.seat_irc("carol")
    bob = a_member(table)
    carol.types("JOIN #tea", "MODE #tea +b a:bob")
    table.clear()
    bob.types("JOIN #tea")
    assert numbers(bob) == ["474"]
    bob.types("NS LOGOUT")
    bob.reads()
    bob.types("JOIN #tea")
    assert "353" in numbers(bob)
    carol.ignores_the_rest()


# A program that knows nothing of us.


class Meeting:
    """A real server, and the programs that come to it."""

    def __init__(self, home: Path, end: ExitStack) -> None:
        self.home, self._end = home, end
        self._company = Company()
        self._chatd = Chatd(home)
        end.callback(self._chatd.close)
        self._company.seat(self._chatd)
        self.port = self._chatd.is_open(self._company)

    def member(self, name: str) -> Wire:
        """Somebody by hand, with an account of that *name*."""
        wire = Irc.at(self.port, self.home).window
        assert isinstance(wire, Wire)
        self._end.callback(wire.close)
        self._company.seat(wire)
        wire.sends(f"NICK {name}", f"USER {name} 0 * :{name}", "JOIN #lobby")
        wire.sends(f"REGISTER * * :{SECRET}")
        self.sees(wire, rf":\S+ REGISTER SUCCESS {name} :.*")
        return wire

    def weechat(self, **options: str) -> Weechat:
        """WeeChat, with *options* for the server."""
        weechat = Weechat.at(self.port, self.home, **options)
        self._end.callback(weechat.window.close)
        self._company.seat(weechat.window)
        return weechat

    def sees(self, window: Window, line: str) -> None:
        """Wait until *window* shows such a *line*."""
        self._company.wait(
            lambda: bool(window.all_of(f"({line})")),
            on=window,
            or_else=f"nobody reads {line}",
        )


@pytest.fixture
def meeting(tmp_path: Path) -> Iterator[Meeting]:
    with ExitStack() as end:
        yield Meeting(tmp_path, end)


needs_weechat = pytest.mark.skipif(
    not Weechat.is_here(), reason="weechat-headless: missing (Debian package)"
)


@pytest.mark.slow
@needs_weechat
@pytest.mark.parametrize("mechanism", ["plain", "scram-sha-256"])
def test_weechat_logs_in(meeting: Meeting, mechanism: str) -> None:
    bob = meeting.member("bob")
    weechat = meeting.weechat(
        sasl_mechanism=mechanism, sasl_username="bob", sasl_password=SECRET
    )
    meeting.sees(weechat.window, r".*You are logged in as bob\..*")
    meeting.sees(weechat.window, r".*SASL authentication successful.*")
    # It is where bob is.
    meeting.sees(weechat.window, Weechat.COMPANY.replace("(.*)", "bob"))
    weechat.says("from elsewhere")
    meeting.sees(bob, r":bob!\S+ PRIVMSG #lobby :from elsewhere")


@pytest.mark.slow
@needs_weechat
@pytest.mark.parametrize("mechanism", ["plain", "scram-sha-256"])
def test_weechat_is_told_that_it_does_not(meeting: Meeting, mechanism: str) -> None:
    meeting.member("bob")
    weechat = meeting.weechat(
        sasl_mechanism=mechanism, sasl_username="bob", sasl_password=MILK
    )
    meeting.sees(weechat.window, r".*SASL authentication failed.*")

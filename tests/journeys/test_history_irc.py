"""History on IRC: who asks for it, who is shown it, and who never reads it.

The clauses of the texts that need a whole server are tried here, under their names.
"""

import re
from base64 import b64encode

import pytest

from tests.conftest import SetTable
from tests.journeys.table import Person, Table

SERVER = ("limits.enabled=false", "server.name=irc.x", "accounts.plaintext=true")
MILK = "milkmilk"
FULL = "batch draft/chathistory message-tags server-time"
WHOLE = "batch message-tags server-time"
LONG_AGO = "timestamp=2000-01-01T00:00:00.000Z"
ONE_DAY = "timestamp=2100-01-01T00:00:00.000Z"


@pytest.fixture
def table(set_table: SetTable) -> Table:
    return set_table(*SERVER)


def a_member(table: Table, name: str, caps: str = FULL) -> Person:
    """Somebody who has an account, and is in the lobby."""
    (member,) = table.seat_irc(name, caps=caps)
    member.types(f"PRIVMSG NickServ :REGISTER {MILK}")
    table.clear()
    return member


def returns(table: Table, name: str, caps: str, device: str = "") -> Person:
    """*name* comes in again, from elsewhere, and has not looked yet."""
    person = table.connect(f"{name} elsewhere")
    who = f"{name}@{device}" if device else name
    proof = b64encode(f"\0{who}\0{MILK}".encode()).decode()
    person.types(
        *("CAP LS 302", f"CAP REQ :sasl {caps}", f"NICK {name}", "USER x 0 * :x"),
        *("AUTHENTICATE PLAIN", f"AUTHENTICATE {proof}", "CAP END"),
    )
    return person


def asks(person: Person, question: str) -> list[str]:
    """What is inside the batch that answers *question*, without tags and address."""
    person.types(question)
    opening, *inside, end = person.sees()
    assert "BATCH +" in opening, opening
    assert "BATCH -" in end, end
    return list(map(bare, inside))


def bare(line: str) -> str:
    said = line.partition(" ")[2] if line.startswith("@") else line
    return re.sub(r"!\S+", "", said, count=1)


def texts(lines: list[str]) -> list[str]:
    """What was said in *lines*."""
    return [line.rpartition(":")[2] for line in lines if " PRIVMSG " in line]


def msgids(lines: list[str]) -> list[str]:
    return re.findall(r"msgid=(\w+)", "\n".join(lines))


def says(person: Person, *what: str, to: str = "#lobby") -> None:
    """*person* says these, one millisecond or more apart."""
    for text in what:
        person.types(f"PRIVMSG {to} :{text}")


def test_without_event_playback_only_what_was_said_is_shown(table: Table) -> None:
    alice, bob = table.seat_irc("alice", "bob", caps=FULL)
    bob.types("PART #lobby", "JOIN #lobby", "PRIVMSG #lobby :hi", "@+x TAGMSG #lobby")
    bob.types("NOTICE #lobby :hm", "TOPIC #lobby :tea")
    table.clear()
    assert asks(alice, "CHATHISTORY LATEST #lobby * 50") == [
        ":bob PRIVMSG #lobby :hi",
        ":bob NOTICE #lobby :hm",
    ]
    bob.ignores_the_rest()


def test_with_event_playback_all_that_happened_is_shown(table: Table) -> None:
    alice, bob = table.seat_irc("alice", "bob", caps=f"{FULL} draft/event-playback")
    alice.types("JOIN #tea", "TOPIC #tea :milk", "MODE #tea +b eve!*@*")
    bob.types("JOIN #tea", "@+x TAGMSG alice,#tea", "NICK robert")
    alice.types("MODE #tea +v robert", "PRIVMSG #tea :hi", "KICK #tea robert :out")
    bob.types("JOIN #tea", "PART #tea :bye", "JOIN #tea", "QUIT :gone")
    table.clear()
    assert asks(alice, "CHATHISTORY LATEST #tea * 50") == [
        ":alice JOIN #tea",
        ":alice TOPIC #tea :milk",
        ":alice MODE #tea +b eve!*@*",
        ":bob JOIN #tea",
        ":bob TAGMSG #tea",
        ":bob NICK robert",
        ":alice MODE #tea +v robert",
        ":alice PRIVMSG #tea :hi",
        ":alice KICK #tea robert :out",
        ":robert JOIN #tea",
        ":robert PART #tea :bye",
        ":robert JOIN #tea",
        ":robert QUIT :Quit: gone",
    ]
    bob.ignores_the_rest()


def test_from_outside_nobody_sees_who_is_invisible(table: Table) -> None:
    alice, carol = table.seat_irc("alice", "carol")
    (eve,) = table.seat_irc("eve", caps=f"{FULL} draft/event-playback")
    carol.types("MODE carol +i", "PART #lobby")
    alice.types("JOIN #tea")
    carol.types("JOIN #tea")
    alice.types("PRIVMSG #tea :hi")
    table.clear()
    asked = "CHATHISTORY LATEST #tea * 50"
    assert asks(eve, asked) == [":alice PRIVMSG #tea :hi"]
    eve.types("JOIN #tea")
    table.clear()
    assert ":carol JOIN #tea" in asks(eve, asked)


NUMBERS = [str(number) for number in range(1, 10)]


def test_between_counts_from_the_first_point_and_has_neither(table: Table) -> None:
    alice, bob = table.seat_irc("alice", "bob", caps=FULL)
    says(bob, *NUMBERS)
    ids = msgids(alice.sees())
    first, last = f"msgid={ids[0]}", f"msgid={ids[8]}"
    there = asks(alice, f"CHATHISTORY BETWEEN #lobby {first} {last} 3")
    back = asks(alice, f"CHATHISTORY BETWEEN #lobby {last} {first} 3")
    every = asks(alice, f"CHATHISTORY BETWEEN #lobby {last} {first} 50")
    assert (texts(there), texts(back)) == (["2", "3", "4"], ["6", "7", "8"])
    assert texts(every) == NUMBERS[1:-1]


@pytest.mark.parametrize("size", [1, 2, 4, 9, 50])
def test_pages_by_id_are_the_whole_in_one_order(table: Table, size: int) -> None:
    alice, bob = table.seat_irc("alice", "bob", caps=FULL)
    # All in one turn: no time tells them apart but the house's own.
    bob.types(*(f"PRIVMSG #lobby :{number}" for number in NUMBERS))
    live = msgids(alice.sees())
    backwards: list[str] = []
    question = "LATEST #lobby *"
    for _ in range(20):
        alice.types(f"CHATHISTORY {question} {size}")
        page = msgids(alice.sees())
        backwards = page + backwards
        if not page:
            break
        question = f"BEFORE #lobby msgid={page[0]}"
    forwards, question = live[:1], f"AFTER #lobby msgid={live[0]}"
    for _ in range(20):
        alice.types(f"CHATHISTORY {question} {size}")
        page = msgids(alice.sees())
        forwards += page
        if not page:
            break
        question = f"AFTER #lobby msgid={page[-1]}"
    assert backwards == forwards == live
    bob.ignores_the_rest()


def test_targets_are_those_whose_last_line_is_between_the_times(table: Table) -> None:
    alice, bob = a_member(table, "alice"), a_member(table, "bob")
    alice.types("JOIN #tea")
    says(alice, "hello", to="#tea")
    table.wait(60)
    says(bob, "psst", to="alice")
    table.wait(60)
    says(bob, "hi")
    table.clear()
    rows = asks(alice, f"CHATHISTORY TARGETS {LONG_AGO} {ONE_DAY} 50")
    assert [row.split()[3] for row in rows] == ["#tea", "bob", "#lobby"]
    times = [f"timestamp={row.split()[4]}" for row in rows]
    between = asks(alice, f"CHATHISTORY TARGETS {times[0]} {times[2]} 50")
    assert [row.split()[3] for row in between] == ["bob"]
    assert asks(bob, f"CHATHISTORY TARGETS {ONE_DAY} {times[1]} 1")[0].split()[3] == (
        "#lobby"
    )
    bob.ignores_the_rest()


def test_nobody_reads_what_was_said_between_others(table: Table) -> None:
    alice, bob, eve = (a_member(table, name) for name in ("alice", "bob", "eve"))
    (guest,) = table.seat_irc("guest", caps=FULL)
    says(bob, "the secret", to="alice")
    table.clear()
    assert texts(asks(alice, "CHATHISTORY LATEST bob * 50")) == ["the secret"]
    assert texts(asks(bob, "CHATHISTORY LATEST alice * 50")) == ["the secret"]
    for other in (eve, guest):
        for which in ("alice", "bob"):
            other.types(f"CHATHISTORY LATEST {which} * 50")
            assert "secret" not in other.reads().decode()
        other.types(f"CHATHISTORY TARGETS {LONG_AGO} {ONE_DAY} 50")
        shown = other.reads().decode()
        assert " alice " not in shown
        assert " bob " not in shown
    # Whoever goes by the name that somebody had is not who he was.
    alice.types("QUIT")
    eve.types("NICK alice")
    eve.types("CHATHISTORY LATEST bob * 50")
    assert "secret" not in eve.reads().decode()
    table.ignores_everybody()


@pytest.mark.parametrize(
    "mode", ["+k milk", "+i", "+s", "+b eve!*@*", "+l 1"], ids=lambda mode: mode[:2]
)
def test_nobody_reads_from_outside_what_he_could_not_enter(
    table: Table, mode: str
) -> None:
    alice, eve = table.seat_irc("alice", "eve", caps=FULL)
    alice.types("JOIN #tea", "PRIVMSG #tea :open")
    table.clear()
    assert texts(asks(eve, "CHATHISTORY LATEST #tea * 50")) == ["open"]
    alice.types(f"MODE #tea {mode}", "PRIVMSG #tea :secret")
    eve.types("CHATHISTORY LATEST #tea * 50")
    assert eve.sees() == [
        (
            ":irc.x FAIL CHATHISTORY INVALID_TARGET LATEST #tea"
            " :Messages could not be retrieved"
        )
    ]
    eve.types(f"CHATHISTORY TARGETS {LONG_AGO} {ONE_DAY} 50")
    assert "#tea" not in eve.reads().decode()
    alice.ignores_the_rest()


MARKS = f"{FULL} draft/read-marker"
THEN = "timestamp=2001-01-01T00:00:00.000Z"
EARLIER = "timestamp=2000-12-31T00:00:00.000Z"


def test_who_has_read_further_already_is_told_how_far(table: Table) -> None:
    (alice,) = table.seat_irc("alice", caps=MARKS)
    for said in (THEN, THEN, EARLIER):
        alice.types(f"MARKREAD #lobby {said}")
        assert alice.sees() == [f":irc.x MARKREAD #lobby {THEN}"]
    alice.types("MARKREAD #lobby")
    assert alice.sees() == [f":irc.x MARKREAD #lobby {THEN}"]


def test_how_far_one_has_read_is_nobody_elses_business(table: Table) -> None:
    alice, bob = a_member(table, "alice", MARKS), a_member(table, "bob", MARKS)
    again = returns(table, "alice", MARKS)
    table.clear()
    alice.types(f"MARKREAD #lobby {THEN}", f"MARKREAD bob {THEN}")
    told = [f":irc.x MARKREAD {target} {THEN}" for target in ("#lobby", "bob")]
    assert (alice.sees(), again.sees(), bob.sees()) == (told, told, [])
    bob.types("MARKREAD #lobby", "MARKREAD alice")
    assert bob.sees() == [":irc.x MARKREAD #lobby *", ":irc.x MARKREAD alice *"]


def test_what_was_missed_comes_after_join_and_once_on_each_device(
    table: Table,
) -> None:
    bob, alice = a_member(table, "bob", WHOLE), a_member(table, "alice", WHOLE)
    # What a device was never told it may have had elsewhere, so it begins with nothing.
    phone = returns(table, "alice", WHOLE, "phone")
    phone.types("JOIN #lobby")
    assert texts(phone.sees()) == []
    phone.types("QUIT")
    alice.types("QUIT")
    says(bob, "one", "two")
    says(bob, "psst", to="alice")
    for device in ("", "phone"):
        again = returns(table, "alice", WHOLE, device)
        private = again.sees()
        assert texts(private) == ["psst"]
        assert any(line.endswith(" chathistory bob") for line in private)
        again.types("JOIN #lobby")
        shown = again.sees()
        assert texts(shown) == ["one", "two"]
        commands = [bare(line).split()[1] for line in shown]
        assert commands.index("366") < commands.index("BATCH")
        again.types("QUIT")
        # And it is over.
        once_more = returns(table, "alice", WHOLE, device)
        once_more.types("JOIN #lobby")
        assert texts(once_more.sees()) == []
        once_more.types("QUIT")
    table.ignores_everybody()


def test_a_label_comes_back_with_whatever_answers(table: Table) -> None:
    caps = f"{FULL} labeled-response echo-message draft/read-marker"
    alice, bob = table.seat_irc("alice", "bob", caps=caps)
    alice.types("@label=1 PRIVMSG #lobby :hi")
    (echo,) = alice.sees()
    assert echo.startswith("@label=1;")
    assert echo.endswith(" PRIVMSG #lobby :hi")
    assert "label" not in bob.reads().decode()
    alice.types("@label=2 CHATHISTORY LATEST #lobby * 5")
    opening, line, end = alice.sees()
    assert re.match(r"@label=2;\S+ :irc.x BATCH \+\w+ chathistory #lobby$", opening)
    assert texts([line]) == ["hi"]
    assert end.startswith(":irc.x BATCH -")
    alice.types("@label=3 CHATHISTORY LATEST #nowhere * 5", "@label=4 PONG")
    assert alice.sees() == [
        (
            "@label=3 :irc.x FAIL CHATHISTORY INVALID_TARGET LATEST #nowhere"
            " :Messages could not be retrieved"
        ),
        "@label=4 :irc.x ACK",
    ]
    alice.types("@label=5 WHOIS bob")
    opening, *lines, _ = alice.sees()
    assert re.match(r"@label=5 :irc.x BATCH \+\w+ labeled-response$", opening)
    assert all(each.startswith("@batch=") for each in lines)
    alice.types("@label=6 JOIN #tea")
    opening, *lines, _ = alice.sees()
    assert opening.startswith("@label=6 ")
    assert [bare(line).split()[1] for line in lines] == [
        *("JOIN", "MARKREAD", "353", "366")
    ]
    alice.types("@label=7 MARKREAD #tea")
    assert alice.sees() == ["@label=7 :irc.x MARKREAD #tea *"]


def test_what_nobody_answers_is_acknowledged(table: Table) -> None:
    alice, bob = table.seat_irc("alice", "bob", caps=f"{FULL} labeled-response")
    alice.types("@label=1 PRIVMSG #lobby :hi", "@label=2 PRIVMSG alice :note")
    *acknowledged, note = alice.sees()
    assert acknowledged == ["@label=1 :irc.x ACK", "@label=2 :irc.x ACK"]
    assert "label" not in note
    assert bare(note) == ":alice PRIVMSG alice :note"
    alice.types("CAP REQ echo-message", "@label=3 PRIVMSG alice :note")
    _, echo, note = alice.sees()
    assert echo == f"@label=3;{note.removeprefix('@')}"
    bob.ignores_the_rest()


def test_a_search_is_answered_with_its_label_though_it_comes_late(table: Table) -> None:
    caps = f"{FULL} labeled-response soju.im/search"
    alice, bob = table.seat_irc("alice", "bob", caps=caps)
    says(bob, "hot tea", "cold milk", "green tea")
    table.clear()
    alice.types("@label=1 SEARCH text=tea;in=#lobby;from=bob")
    opening, *found, _ = alice.sees()
    assert re.match(r"@label=1 :irc.x BATCH \+\w+ soju.im/search$", opening)
    assert texts(found) == ["hot tea", "green tea"]
    alice.types("@label=2 SEARCH in=#nowhere;text=tea", "SEARCH words=tea")
    assert alice.sees() == [
        "@label=2 :irc.x FAIL SEARCH INVALID_PARAMS in :There is no such history.",
        ":irc.x FAIL SEARCH INVALID_PARAMS words :Invalid parameters",
    ]

"""Scenes of people on nc who were not there when something was said."""

import pytest

from chat.net.log import Log
from chat.server.bookmarks import ROUND
from chat.server.keeper import PROBE
from tests.conftest import SetTable
from tests.fakes import FakeDisk
from tests.journeys.table import Person, Table
from tests.journeys.test_accounts_irc import SERVER, logs_in
from tests.journeys.test_accounts_plain import SECRET, registered, stranger

NOW = "-- Now:"


def says(table: Table, person: Person, *lines: str) -> None:
    """Say *lines* at the pace of a person."""
    for line in lines:
        person.types(line)
        table.wait(5)


def leaves(person: Person) -> None:
    person.types("/quit")
    person.reads()


def back(table: Table) -> tuple[Person, list[str]]:
    """Bob comes back, and what he sees from the moment on when he is known."""
    bob = stranger(table, "bob again")
    bob.types("bob", SECRET)
    seen = bob.sees()
    return bob, seen[seen.index("-- You are logged in as bob.") + 2 :]


def test_a_newcomer_sees_the_last_ten_lines(table: Table) -> None:
    (alice,) = table.seat("alice")
    says(table, alice, *(f"line {number}" for number in range(12)))
    carol = stranger(table, "carol")
    carol.types("carol")
    assert carol.sees() == [
        "-- You are carol. Type to talk; /help helps, /quit leaves.",
        "-- You are in #lobby, with alice.",
        "-- Said last in #lobby (times are UTC):",
        *(f"| 22:13 alice: line {number}" for number in range(2, 8)),
        *(f"| 22:14 alice: line {number}" for number in range(8, 12)),
        NOW,
    ]
    assert alice.sees() == ["-- carol is here."]


def test_where_nothing_was_said_there_is_nothing_to_see(table: Table) -> None:
    table.seat("alice")
    carol = stranger(table, "carol")
    carol.types("carol")
    assert carol.sees()[1:] == ["-- You are in #lobby, with alice."]
    table.clear()


def test_who_comes_back_sees_what_was_missed_and_sees_it_once(table: Table) -> None:
    (alice,) = table.seat("alice")
    bob = registered(table)
    says(table, alice, "before")
    assert bob.sees() == ["alice: before"]
    leaves(bob)
    says(table, alice, *(f"{number}, bob" for number in range(5)))
    bob, seen = back(table)
    assert seen == [
        (
            "-- While you were away: 5 new in #lobby since 22:13 UTC, 5 mention you."
            " /catchup shows them."
        ),
        "-- You are in #lobby, with alice.",
        "-- Earlier in #lobby (times are UTC):",
        *(f"| 22:13 alice: {number}, bob" for number in range(5)),
        NOW,
    ]
    leaves(bob)
    bob, seen = back(table)
    assert seen == ["-- You are in #lobby, with alice."]
    table.clear()


def test_what_is_too_much_is_told_with_the_command_that_shows_it(table: Table) -> None:
    (alice,) = table.seat("alice")
    bob = registered(table)
    leaves(bob)
    says(table, alice, *(f"line {number}" for number in range(23)))
    bob, seen = back(table)
    heading = seen[2]
    assert heading == (
        "-- Earlier in #lobby (times are UTC; 3 more before that: /more #lobby):"
    )
    assert len(seen) == 2 + 1 + 20 + 1
    bob.types(heading.removesuffix("):").rpartition(": ")[2])
    shown = bob.sees()
    assert [line.partition("alice: ")[2] for line in shown[1:-1]] == [
        f"line {number}" for number in range(3)
    ]
    assert shown[-1] == "-- That was all."
    table.clear()


def test_catching_up_is_done_once(table: Table) -> None:
    (alice,) = table.seat("alice")
    bob = registered(table)
    bob.types("/join tea")
    leaves(bob)
    says(table, alice, "hello", "/join tea", "any tea?", "/msg bob psst", "/leave")
    bob, seen = back(table)
    assert seen[0].startswith("-- While you were away: 1 new in #lobby")
    bob.types("/catchup")
    shown = bob.sees()
    assert [line for line in shown if line.startswith("-- ")] == [
        "-- New in #tea (times are UTC):",
        "-- That was all.",
    ]
    bob.types("/catchup")
    assert bob.sees() == ["-- You have read everything."]
    table.clear()


def test_private_messages_wait_and_can_be_answered(table: Table) -> None:
    alice, bob = registered(table, "alice"), registered(table)
    leaves(bob)
    alice.reads()
    alice.types("/msg bob are you there?", "/msg bob hello?")
    assert alice.sees() == ["-- bob is away: your message waits until bob is here"]
    bob, seen = back(table)
    assert seen == [
        "-- While you were away: 2 private messages from alice.",
        "-- Earlier between you and alice (times are UTC):",
        "| 22:13 alice whispers: are you there?",
        "| 22:13 alice whispers: hello?",
        NOW,
        "-- You are in #lobby, with alice.",
    ]
    bob.types("/reply yes")
    assert alice.sees() == ["-- bob is here.", "bob whispers: yes"]
    bob.types("/history alice")
    assert bob.sees()[-2:] == ["| 22:13 you to alice: yes", "-- That was all."]
    leaves(bob)
    assert back(table)[1] == ["-- You are in #lobby, with alice."]
    table.clear()


def test_a_guest_who_leaves_a_room_sees_later_what_was_said(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    bob.types("/leave")
    says(table, alice, "hello")
    table.clear()
    bob.types("/join lobby")
    assert bob.sees() == [
        "-- You are in #lobby, with alice.",
        "-- Earlier in #lobby (times are UTC):",
        "| 22:13 alice: hello",
        NOW,
    ]
    table.clear()


def test_off_the_record_is_off_the_record(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.types("/join tea", "/room unrecorded", "secret")
    table.clear()
    bob.types("/join tea")
    assert bob.sees() == [
        "-- You are in #tea, with alice.",
        "-- What is said in this room is not kept.",
    ]
    bob.types("/history")
    assert bob.sees() == ["-- There is nothing to read in #tea yet."]
    table.clear()


def test_page_by_page_one_comes_to_the_beginning(table: Table) -> None:
    (alice,) = table.seat("alice")
    says(table, alice, *(f"line {number}" for number in range(7)))
    alice.types("/history 3")
    pages = [alice.sees()]
    while pages[-1][-1] == "-- /more shows older ones.":
        alice.types("/more")
        pages.append(alice.sees())
    assert pages[-1][-1] == "-- That was all."
    told = [line.partition("alice: ")[2] for page in pages[::-1] for line in page[1:-1]]
    assert told == [f"line {number}" for number in range(7)]
    alice.types("/history 3 since 1h")
    assert [line.partition("alice: ")[2] for line in alice.sees()[1:-1]] == told[:3]
    alice.types("/more")
    assert [line.partition("alice: ")[2] for line in alice.sees()[1:-1]] == told[3:6]


def test_where_nothing_is_kept_nothing_is_told_of_it(set_table: SetTable) -> None:
    table = set_table("history.enabled=false")
    (alice,) = table.seat("alice")
    alice.types("hello", "/history")
    assert alice.sees() == ["-- What is said here is not kept."]
    carol = stranger(table, "carol")
    carol.types("carol")
    assert carol.sees()[1:] == ["-- You are in #lobby, with alice."]
    table.clear()


# While what was said cannot be kept.


def shown(lines: list[str], *words: str) -> list[str]:
    """Those of *words* that are in one of the *lines*, as often as they are."""
    return [word for word in words for line in lines if word in line]


def test_what_waits_for_the_disk_is_shown_later(set_table: SetTable) -> None:
    first = set_table(store=(disk := FakeDisk()))
    leaves(registered(first))
    first.close()
    table = set_table(log=Log(-1), store=disk)
    # It is full before anything was written.
    disk.trouble = "the disk is full"
    (alice,) = table.seat("alice")
    says(table, alice, "canary")
    bob, seen = back(table)
    assert shown(seen, "canary") == []
    disk.trouble = ""
    table.wait(30)
    leaves(bob)
    _, later = back(table)
    table.ignores_everybody()
    assert shown(seen + later, "canary") == ["canary"]


def test_who_comes_between_two_slices_of_the_backlog_misses_nothing(
    set_table: SetTable,
) -> None:
    disk = FakeDisk()
    table = set_table("limits.enabled=false", log=Log(-1), store=disk)
    bob = registered(table)
    (alice,) = table.seat("alice")
    leaves(bob)
    disk.trouble = "the disk is full"
    words = [f"line {number:02}" for number in range(PROBE + 10)]
    alice.types(*words)
    bob = stranger(table, "bob again")
    table.wait(5)
    # The disk takes one slice, in the turn in which bob comes.
    disk.spare = 1
    table.clock.advance(1)
    bob.types("bob", SECRET)
    seen = bob.sees()
    disk.trouble = ""
    table.wait(30)
    leaves(bob)
    _, later = back(table)
    table.ignores_everybody()
    assert shown(seen + later, words[-1]) == [words[-1]]


def test_a_lock_of_a_moment_costs_no_more_than_a_moment(set_table: SetTable) -> None:
    table = set_table("limits.enabled=false", log=Log(-1), store=(disk := FakeDisk()))
    bob = registered(table)
    (alice,) = table.seat("alice")
    leaves(bob)
    table.wait(20)
    disk.trouble = "another process is writing to it"
    alice.types("canary")
    bob, seen = back(table)
    disk.trouble = ""
    says(table, alice, "one", "two", "three")
    seen += bob.sees()
    assert shown(seen, "canary", "one", "two", "three") == [
        "canary",
        "one",
        "two",
        "three",
    ]
    leaves(bob)
    table.wait(15)
    _, later = back(table)
    table.ignores_everybody()
    assert shown(later, "canary", "one", "two", "three") == []


def test_a_client_that_asks_itself_is_told_what_waited_for_the_disk(
    set_table: SetTable,
) -> None:
    table = set_table(*SERVER, log=Log(-1), store=(disk := FakeDisk()))
    bob = registered(table)
    (alice,) = table.seat("alice")
    leaves(bob)
    disk.trouble = "the disk is full"
    says(table, alice, "canary")
    caps = "sasl batch server-time message-tags draft/chathistory"
    bob = logs_in(table, "bob", SECRET, caps)
    bob.types("JOIN #lobby", "CHATHISTORY LATEST #lobby * 50")
    seen = bob.sees()
    assert shown(seen, "canary", "chathistory-end") == []
    disk.trouble = ""
    for _ in range(2):
        table.wait(ROUND)
    assert shown(bob.sees(), "canary") == ["canary"]
    bob.types("QUIT")
    _, later = back(table)
    table.ignores_everybody()
    assert shown(later, "canary") == []


# Whose connection is lost.


def test_what_nobody_read_before_the_connection_was_lost_is_shown_again(
    table: Table,
) -> None:
    (alice,) = table.seat("alice")
    bob = registered(table)
    says(table, alice, "early")
    table.wait(30)
    bob.types("early indeed")
    bob.reads()
    alice.types("canary")
    bob.vanishes()
    table.wait(30)
    bob, seen = back(table)
    assert shown(seen, "canary", "| 22:13 alice: early") == ["canary"]
    leaves(bob)
    assert shown(back(table)[1], "canary") == []
    table.ignores_everybody()


def test_who_answers_no_ping_had_what_he_had_when_he_was_heard_last(
    set_table: SetTable,
) -> None:
    table = set_table(*SERVER)
    (alice,) = table.seat("alice")
    bob = registered(table)
    leaves(bob)
    phone = logs_in(table, "bob", SECRET)
    phone.types("JOIN #lobby")
    for number in range(30):
        says(table, alice, f"line {number:02}")
    assert shown(phone.sees(), "line 24", "line 29") == ["line 24", "line 29"]
    table.wait(60)
    _, seen = back(table)
    table.ignores_everybody()
    assert shown(seen, "line 29") == ["line 29"]


@pytest.mark.parametrize("passes_by", [False, True])
def test_a_room_that_one_passes_by_is_told_later_of_all(
    set_table: SetTable,
    passes_by: bool,
) -> None:
    table = set_table(*SERVER)
    (alice,) = table.seat_irc("alice")
    bob = registered(table)
    bob.types("/join #tea")
    alice.types("JOIN #tea")
    phone = logs_in(table, "bob@phone", SECRET)
    table.wait(30)
    phone.types("QUIT")
    alice.types("PRIVMSG #tea :canary")
    table.wait(30)
    # He has read it, and goes; the phone has not.
    assert shown(bob.sees(), "canary") == ["canary"]
    leaves(bob)
    if passes_by:
        phone = logs_in(table, "bob@phone", SECRET)
        table.wait(30)
        phone.types("QUIT")
    for words in (["canary"], []):
        phone = logs_in(table, "bob@phone", SECRET)
        table.clear()
        phone.types("JOIN #tea")
        assert shown(phone.sees(), "canary") == words
        phone.types("QUIT")
        table.wait(30)
    table.ignores_everybody()

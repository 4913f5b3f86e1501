"""Fan-out: one event before many readers, each line once and in its order."""

from collections.abc import Callable

import pytest
from hypothesis import settings

from chat.dialects.dialect import Told
from chat.domain.effects import Attach, Detach, Seat
from chat.server.fanout import FanOut
from tests.server.diaries import AnyTurns
from tests.server.readers import (
    BLUE,
    DEAF,
    LOUD,
    RED,
    SEA,
    SKY,
    TEA,
    Crowd,
    Pen,
    Tongue,
    a_session,
    appended,
    drained,
    left_behind,
)

TestAnyTurns = AnyTurns.TestCase
TestAnyTurns.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)


# Drawing and sharing.


def test_an_event_is_drawn_once_for_each_kind() -> None:
    red, blue = Pen("red"), Pen("blue")
    crowd = Crowd(alice=red, bob=red, carol=blue, dave=red, erin=blue)
    crowd.sit("alice bob carol dave erin", TEA)
    crowd.hear(TEA, "one")
    crowd.hear(TEA, "two")
    crowd.turn()
    assert red.drawn == blue.drawn == ["one", "two"]


def test_a_kind_that_is_not_in_the_room_is_not_drawn_for() -> None:
    red, blue = Pen("red"), Pen("blue")
    crowd = Crowd(alice=red, bob=blue)
    crowd.sit("alice", TEA)
    crowd.sit("bob", SEA)
    crowd.hear(TEA, "hello")
    crowd.turn()
    assert (red.drawn, blue.drawn) == (["hello"], [])


def test_kinds_that_are_equal_are_one_kind() -> None:
    one, other = Pen("red"), Pen("red")
    crowd = Crowd(alice=one, bob=other)
    crowd.sit("alice bob", TEA)
    crowd.hear(TEA, "hello")
    assert crowd.reads("bob") == ["red hello"]
    assert one.drawn + other.drawn == ["hello"]


def test_everyone_of_a_kind_is_given_the_very_same_bytes() -> None:
    crowd = Crowd(alice=RED, bob=RED, carol=RED)
    crowd.sit("alice bob carol", TEA)
    crowd.hear(TEA, "hello")
    crowd.hear(TEA, "again")
    crowd.turn()
    (alice,), (bob,), (carol,) = map(appended, crowd.sessions.values())
    assert alice == b"red hello\nred again\n"
    assert alice is bob
    assert bob is carol


def test_a_second_room_that_is_silent_does_not_spoil_the_sharing() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice bob", TEA)
    crowd.sit("bob", SEA)
    crowd.hear(TEA, "hello")
    crowd.turn()
    (alice,), (bob,) = map(appended, crowd.sessions.values())
    assert alice is bob


def test_what_was_told_in_the_turn_before_does_not_spoil_the_sharing() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice bob", TEA)
    crowd.hear(TEA, "before")
    crowd.tell("bob", "psst")
    crowd.says("alice", TEA, "hm")
    assert crowd.reads("alice") == ["red before"]
    assert crowd.reads("bob") == ["red before", "you psst", "red hm"]
    crowd.hear(TEA, "hello")
    crowd.turn()
    (alice,), (bob,) = map(appended, crowd.sessions.values())
    assert alice is bob


def test_a_kind_that_is_shown_nothing_of_it_is_given_nothing() -> None:
    crowd = Crowd(alice=RED, bob=DEAF)
    crowd.sit("alice bob", TEA)
    crowd.turn()
    crowd.hear(TEA, "low voices")
    assert crowd.turn() == ["alice"]
    assert crowd.reads("bob") == []


def test_a_room_with_nobody_in_it_is_heard_by_nobody() -> None:
    crowd = Crowd(alice=RED)
    crowd.hear(TEA, "is anybody there?")
    assert crowd.turn() == []


def test_a_breath_is_drawn_once_for_each_kind() -> None:
    red, blue = Pen("red"), Pen("blue")
    crowd = Crowd(alice=red, bob=red, carol=blue, dave=red)
    crowd.sit("alice bob carol dave", TEA)
    crowd.recites("alice", TEA, "one", "two")
    assert crowd.reads("bob") == crowd.finds("dave") == ["red one", "red two"]
    assert crowd.finds("carol") == ["blue one", "blue two"]
    assert crowd.finds("alice") == []
    assert red.drawn == blue.drawn == ["one", "two"]


# The very sheet.


def a_room(**kinds: Pen) -> Crowd:
    """People who sit in one room and have read what there was to read."""
    crowd = Crowd(**kinds)
    crowd.sit(" ".join(kinds), TEA)
    crowd.turn()
    return crowd


def test_who_reads_nothing_else_is_sent_the_very_sheet() -> None:
    crowd = a_room(alice=RED, bob=BLUE, carol=RED)
    crowd.hear(TEA, "one")
    crowd.hear(TEA, "two")
    alice, bob, carol = crowd.sessions.values()
    assert crowd.fanout.take_shared(()) == [
        (b"red one\nred two\n", [alice.connection, carol.connection]),
        (b"blue one\nblue two\n", [bob.connection]),
    ]
    assert crowd.fanout.take_dirty() == []
    assert not any(session.outbox for session in crowd.sessions.values())
    assert crowd.fanout.take_shared(()) == []


def test_each_room_has_sheets_of_its_own() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice", TEA)
    crowd.sit("bob", SEA)
    crowd.turn()
    crowd.hear(SEA, "in the sea")
    crowd.hear(TEA, "at tea")
    assert crowd.turn() == ["bob", "alice"]
    assert crowd.sent == {"bob": b"red in the sea\n", "alice": b"red at tea\n"}


def put(crowd: Crowd) -> None:
    crowd.fanout.put(crowd.sessions["bob"], b"PONG\n")


def leave_another_room(crowd: Crowd) -> None:
    crowd.sit("bob", SEA)
    crowd.turn()
    crowd.rise("bob", SEA)


@pytest.mark.parametrize(
    ("happens", "read"),
    [
        pytest.param(
            lambda crowd: crowd.tell("bob", "psst"),
            ["red one", "you psst", "red two"],
            id="is told something on the side",
        ),
        pytest.param(put, ["red one", "PONG", "red two"], id="is answered"),
        pytest.param(
            lambda crowd: crowd.whisper("bob", "psst"),
            ["red one", "you psst", "red two"],
            id="is whispered to",
        ),
        pytest.param(
            lambda crowd: crowd.says("bob", TEA, "hm"),
            ["red one", "red two"],
            id="speaks",
        ),
        pytest.param(
            lambda crowd: crowd.recites("bob", TEA, "hm", "hm"),
            ["red one", "red two"],
            id="says much",
        ),
        pytest.param(
            lambda crowd: crowd.sit("bob", SEA),
            ["red one", "red two", "red from the sea"],
            id="enters another room",
        ),
        pytest.param(
            leave_another_room, ["red one", "red two"], id="leaves another room"
        ),
        pytest.param(
            lambda crowd: crowd.becomes("bob", BLUE),
            ["red one", "blue two"],
            id="becomes of another kind",
        ),
        pytest.param(
            lambda crowd: crowd.sets_aside("bob"),
            ["red one", "red two"],
            id="is set aside",
        ),
        pytest.param(
            lambda crowd: crowd.cry("bob", "called Bob now"),
            ["red one", "red two"],
            id="is spoken of to his neighbours",
        ),
        pytest.param(lambda crowd: crowd.goes("bob"), ["red one"], id="goes"),
    ],
)
def test_who_reads_something_else_as_well_finds_it_in_order_in_the_outbox(
    happens: Callable[[Crowd], None], read: list[str]
) -> None:
    crowd = a_room(alice=RED, bob=RED)
    crowd.hear(TEA, "one")
    happens(crowd)
    crowd.hear(TEA, "two")
    crowd.hear(SEA, "from the sea")
    assert crowd.reads("bob") == read
    assert list(crowd.sent) == ["alice"]


def test_who_comes_in_this_turn_finds_it_in_the_outbox() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice", TEA)
    crowd.turn()
    crowd.hear(TEA, "before")
    crowd.sit("bob", TEA)
    crowd.hear(TEA, "after")
    assert crowd.reads("bob") == ["red after"]
    assert crowd.sent == {"alice": b"red before\nred after\n"}


def test_who_reads_in_two_rooms_finds_it_in_the_outbox() -> None:
    crowd = a_room(alice=RED, bob=RED, carol=BLUE)
    crowd.sit("bob", SEA)
    crowd.turn()
    crowd.hear(TEA, "one")
    crowd.hear(SEA, "two")
    crowd.hear(TEA, "three")
    assert crowd.reads("bob") == ["red one", "red two", "red three"]
    assert sorted(crowd.sent) == ["alice", "carol"]


@pytest.mark.parametrize(
    "happened",
    [
        pytest.param(put, id="was answered"),
        pytest.param(lambda crowd: crowd.says("bob", TEA, "hm"), id="spoke"),
        pytest.param(leave_another_room, id="left his other room"),
        pytest.param(lambda crowd: crowd.becomes("bob", BLUE), id="became another"),
    ],
)
def test_in_the_next_turn_everybody_is_sent_sheets_again(
    happened: Callable[[Crowd], None],
) -> None:
    crowd = a_room(alice=RED, bob=RED)
    happened(crowd)
    crowd.reads("bob")
    crowd.hear(TEA, "hello")
    assert sorted(crowd.turn()) == sorted(crowd.sent) == ["alice", "bob"]
    assert crowd.finds("bob")[0].endswith(" hello")


def test_who_is_not_aside_any_more_is_sent_sheets_again() -> None:
    crowd = a_room(alice=RED, bob=RED)
    crowd.sets_aside("bob")
    crowd.hear(TEA, "one")
    assert crowd.reads("bob") == ["red one"]
    crowd.sets_aside("bob", on=False)
    crowd.hear(TEA, "two")
    assert crowd.reads("bob") == ["red two"]
    assert sorted(crowd.sent) == ["alice", "bob"]


def test_each_session_of_somebody_is_sent_it() -> None:
    crowd = a_room(alice=RED)
    crowd.second_session("alice")
    crowd.sit("alice", SEA)
    crowd.rise("alice", TEA)
    crowd.turn()
    crowd.hear(SEA, "hello")
    assert crowd.turn() == ["alice", "alice's phone"]
    assert sorted(crowd.sent) == ["alice", "alice's phone"]


def test_what_is_put_back_is_first_in_line() -> None:
    crowd = a_room(alice=RED, bob=RED)
    crowd.hear(TEA, "hello")
    ((data, _),) = crowd.fanout.take_shared(())
    bob = crowd.sessions["bob"]
    crowd.fanout.put_back(bob, data[4:])
    crowd.sets_aside("bob")
    crowd.hear(TEA, "again")
    crowd.fanout.put(bob, b"PONG\n")
    assert sorted(crowd.turn()) == ["alice", "bob"]
    assert drained(bob) == ["hello", "red again", "PONG"]


def test_who_is_given_back_a_rest_has_something_to_read() -> None:
    crowd = a_room(alice=RED, bob=RED)
    crowd.hear(TEA, "hello")
    ((data, _),) = crowd.fanout.take_shared(())
    crowd.fanout.put_back(crowd.sessions["bob"], data)
    assert crowd.turn() == ["bob"]
    assert crowd.finds("bob") == ["red hello"]


def test_what_several_find_in_their_outboxes_is_one_object() -> None:
    crowd = a_room(alice=RED, bob=RED)
    crowd.hear(TEA, "hello")
    everyone = crowd.sessions.values()
    assert crowd.fanout.take_shared([each.id for each in everyone])[0][1] == []
    assert crowd.fanout.take_dirty() == list(everyone)
    (alice,), (bob,) = map(appended, crowd.sessions.values())
    assert alice is bob


def test_kinds_are_counted_as_people_come_and_change_and_go() -> None:
    crowd = Crowd(alice=RED, bob=RED, carol=BLUE)
    assert crowd.fanout.kinds() == 0
    crowd.sit("alice bob", TEA)
    crowd.sit("alice", SEA)
    assert crowd.fanout.kinds() == 1
    crowd.sit("carol", SEA)
    assert crowd.fanout.kinds() == 2
    crowd.becomes("alice", LOUD)
    assert crowd.fanout.kinds() == 3
    crowd.becomes("bob", LOUD)
    assert crowd.fanout.kinds() == 2
    crowd.rise("alice", TEA)
    crowd.goes("bob")
    assert crowd.fanout.kinds() == 2
    crowd.goes("alice")
    crowd.goes("carol")
    assert crowd.fanout.kinds() == 0


# Who reads what.


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        pytest.param(RED, [], id="not by himself"),
        pytest.param(LOUD, ["loud hello"], id="by himself, if his kind echoes"),
    ],
)
def test_what_the_speaker_said_is_read(kind: Pen, read: list[str]) -> None:
    crowd = Crowd(alice=kind, bob=kind)
    crowd.sit("alice bob", TEA)
    crowd.says("alice", TEA, "hello")
    assert crowd.reads("bob") == [f"{kind.colour} hello"]
    assert crowd.reads("alice") == read


def test_the_speaker_reads_what_others_said_around_his_own_words() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice bob", TEA)
    crowd.says("bob", TEA, "knock knock")
    crowd.says("alice", TEA, "who is there?")
    crowd.says("bob", TEA, "bob")
    assert crowd.reads("alice") == ["red knock knock", "red bob"]
    assert crowd.reads("bob") == ["red who is there?"]


def test_the_speaker_himself_reads_it_on_his_other_sessions() -> None:
    crowd = Crowd(alice=RED)
    phone = crowd.second_session("alice")
    crowd.sit("alice", TEA)
    crowd.says("alice", TEA, "hello")
    assert crowd.reads("alice") == []
    assert drained(phone) == ["red hello"]


def test_who_enters_with_several_sessions_reads_on_all_of_them() -> None:
    crowd = Crowd(alice=RED)
    phone = crowd.second_session("alice")
    crowd.sit("alice", TEA)
    crowd.hear(TEA, "hello")
    assert crowd.reads("alice") == drained(phone) == ["red hello"]


def test_a_session_that_comes_later_reads_once_its_user_is_seated_again() -> None:
    crowd = Crowd(alice=RED)
    crowd.sit("alice", TEA)
    phone = crowd.second_session("alice")
    crowd.sit("alice", TEA)
    crowd.hear(TEA, "hello")
    assert crowd.reads("alice") == drained(phone) == ["red hello"]


def test_a_newcomer_does_not_read_what_was_said_before() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice", TEA)
    crowd.hear(TEA, "before")
    crowd.sit("bob", TEA)
    crowd.hear(TEA, "after")
    assert crowd.reads("alice") == ["red before", "red after"]
    assert crowd.reads("bob") == ["red after"]


def test_a_leaver_reads_what_was_said_before_and_nothing_after() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice bob", TEA)
    crowd.hear(TEA, "before")
    crowd.rise("bob", TEA)
    crowd.hear(TEA, "after")
    assert sorted(crowd.turn()) == ["alice", "bob"]
    assert crowd.reads("alice") == ["red before", "red after"]
    assert crowd.reads("bob") == ["red before"]


def test_who_leaves_and_comes_back_misses_what_was_said_meanwhile() -> None:
    crowd = Crowd(alice=RED)
    crowd.sit("alice", TEA)
    crowd.hear(TEA, "before")
    crowd.rise("alice", TEA)
    crowd.hear(TEA, "meanwhile")
    crowd.sit("alice", TEA)
    crowd.hear(TEA, "after")
    assert crowd.reads("alice") == ["red before", "red after"]


def test_what_was_read_is_not_read_again_in_the_next_turn() -> None:
    crowd = Crowd(alice=RED)
    crowd.sit("alice", TEA)
    crowd.hear(TEA, "one")
    assert crowd.reads("alice") == ["red one"]
    crowd.hear(TEA, "two")
    assert crowd.reads("alice") == ["red two"]
    assert crowd.turn() == []


# On the side.


def test_a_word_to_one_session_is_read_by_nobody_else() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice bob", TEA)
    crowd.turn()
    crowd.tell("bob", "psst")
    assert crowd.turn() == ["bob"]
    assert crowd.reads("bob") == ["you psst"]
    assert crowd.reads("alice") == []


def test_a_word_to_one_session_is_read_between_what_the_room_says() -> None:
    crowd = Crowd(alice=RED)
    crowd.sit("alice", TEA)
    crowd.hear(TEA, "one")
    crowd.tell("alice", "two")
    crowd.hear(TEA, "three")
    crowd.fanout.put(crowd.sessions["alice"], b"four\n")
    crowd.hear(TEA, "five")
    assert crowd.reads("alice") == [
        "red one",
        "you two",
        "red three",
        "four",
        "red five",
    ]


def test_a_long_answer_keeps_its_place() -> None:
    crowd = Crowd(alice=RED)
    crowd.sit("alice", TEA)
    crowd.tongue("alice").in_pieces = True
    crowd.hear(TEA, "one")
    crowd.tell("alice", "two")
    crowd.hear(TEA, "three")
    assert crowd.reads("alice") == ["red one", "you two", "red three"]


def test_rooms_are_read_in_the_order_in_which_things_were_said() -> None:
    crowd = Crowd(alice=RED, bob=RED, carol=BLUE)
    crowd.sit("alice bob carol", TEA, SEA)
    crowd.says("alice", SEA, "one")
    crowd.says("bob", TEA, "two")
    crowd.says("alice", SEA, "three")
    crowd.says("bob", SEA, "four")
    assert crowd.reads("alice") == ["red two", "red four"]
    assert crowd.reads("bob") == ["red one", "red three"]
    assert crowd.reads("carol") == ["blue one", "blue two", "blue three", "blue four"]


def test_a_whisper_reaches_all_of_somebodys_sessions() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    phone = crowd.second_session("bob")
    crowd.whisper("bob", "psst")
    assert crowd.reads("bob") == drained(phone) == ["you psst"]
    assert crowd.reads("alice") == []


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        pytest.param(RED, [], id="not on the session it came from"),
        pytest.param(LOUD, ["you psst"], id="there too, if its kind echoes"),
    ],
)
def test_a_whisper_to_oneself_is_read(kind: Pen, read: list[str]) -> None:
    crowd = Crowd(alice=kind)
    phone = crowd.second_session("alice")
    crowd.whisper("alice", "psst", but="alice")
    assert crowd.reads("alice") == read
    assert drained(phone) == ["you psst"]


# Neighbours.


@pytest.mark.parametrize(
    "rooms",
    [
        pytest.param([TEA], id="who share one room"),
        pytest.param([TEA, SEA, SKY], id="who share three rooms"),
    ],
)
def test_neighbours_hear_a_departure_once(rooms: list[int]) -> None:
    crowd = Crowd(alice=LOUD, bob=RED, carol=LOUD)
    crowd.sit("alice bob carol", *rooms)
    crowd.cry("alice", "gone")
    assert crowd.reads("bob") == ["red gone"]
    assert crowd.reads("carol") == ["loud gone"]
    assert crowd.reads("alice") == []


def test_neighbours_who_share_different_rooms_hear_it_too() -> None:
    crowd = Crowd(alice=RED, bob=RED, carol=RED, dave=RED)
    crowd.sit("alice", TEA, SEA)
    crowd.sit("bob", TEA)
    crowd.sit("carol", SEA)
    crowd.sit("dave", SKY)
    crowd.cry("alice", "gone")
    assert crowd.reads("bob") == crowd.reads("carol") == ["red gone"]
    assert crowd.reads("dave") == []


def test_who_is_in_no_room_has_no_neighbours() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("bob", TEA)
    crowd.turn()
    crowd.cry("alice", "gone")
    assert crowd.turn() == []


def test_a_departure_is_heard_behind_what_was_said_before_it() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice bob", TEA, SEA)
    crowd.says("alice", SEA, "bye")
    crowd.cry("alice", "gone")
    crowd.hear(TEA, "a pity")
    assert crowd.reads("bob") == ["red bye", "red gone", "red a pity"]


def test_it_is_nobodys_own_departure_on_any_session() -> None:
    crowd = Crowd(alice=LOUD, bob=RED)
    phone = crowd.second_session("alice")
    crowd.sit("alice bob", TEA, SEA)
    crowd.cry("alice", "called Alicia now")
    assert crowd.reads("alice") == drained(phone) == []


# Changes of kind.


def test_a_change_of_kind_between_two_lines_loses_and_repeats_nothing() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice bob", TEA, SEA)
    crowd.hear(TEA, "one")
    crowd.hear(SEA, "two")
    crowd.becomes("alice", BLUE)
    crowd.hear(SEA, "three")
    crowd.hear(TEA, "four")
    assert crowd.reads("alice") == ["red one", "red two", "blue three", "blue four"]
    assert crowd.reads("bob") == ["red one", "red two", "red three", "red four"]


def test_a_change_of_kind_by_what_was_told_counts_from_the_next_line() -> None:
    crowd = Crowd(alice=RED)
    crowd.sit("alice", TEA)
    crowd.tongue("alice").then = BLUE
    crowd.hear(TEA, "one")
    crowd.tell("alice", "two")
    crowd.hear(TEA, "three")
    assert crowd.reads("alice") == ["red one", "you two", "blue three"]


def test_a_change_to_an_equal_kind_is_none() -> None:
    crowd = Crowd(alice=RED)
    crowd.sit("alice", TEA)
    crowd.turn()
    crowd.becomes("alice", Pen("red"))
    assert crowd.turn() == []


def test_who_changes_before_he_is_anybody_is_filed_as_what_he_is_then() -> None:
    fanout, session = FanOut(), a_session(1, RED)
    fanout.open(session)
    session.dialect = Tongue(BLUE)
    fanout.carry_out(Attach(1, 101))
    fanout.carry_out(Seat(101, TEA))
    assert [list(sheets) for sheets in fanout._rooms.values()] == [[BLUE]]


# Ends.


def test_the_last_words_are_read_though_the_session_is_closed() -> None:
    crowd = Crowd(alice=RED)
    crowd.sit("alice", TEA)
    crowd.hear(TEA, "so long")
    crowd.fanout.put(crowd.sessions["alice"], b"good-bye\n")
    crowd.goes("alice")
    crowd.hear(TEA, "is she gone?")
    assert crowd.turn() == ["alice"]
    assert crowd.reads("alice") == ["red so long", "good-bye"]


def test_others_go_on_reading_when_one_is_closed_in_their_midst() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice bob", TEA)
    crowd.hear(TEA, "one")
    crowd.goes("alice")
    crowd.hear(TEA, "two")
    assert crowd.reads("bob") == ["red one", "red two"]


def test_closing_one_session_leaves_the_user_to_the_others() -> None:
    crowd = Crowd(alice=RED)
    phone = crowd.second_session("alice")
    crowd.sit("alice", TEA)
    crowd.turn()
    crowd.goes("alice")
    crowd.hear(TEA, "hello")
    crowd.whisper("alice", "psst")
    assert crowd.reads("alice") == []
    assert drained(phone) == ["red hello", "you psst"]


def test_closing_a_refiled_reader_leaves_nothing_behind() -> None:
    crowd = Crowd(alice=RED)
    crowd.sit("alice", TEA, SEA)
    crowd.becomes("alice", BLUE)
    crowd.goes("alice")
    crowd.turn()
    assert left_behind(crowd.fanout) == []


def test_a_session_that_never_was_anybodys_leaves_nothing_behind() -> None:
    fanout, session = FanOut(), a_session(1, RED)
    fanout.open(session)
    fanout.close(session)
    fanout.take_dirty()
    assert left_behind(fanout) == []


def test_who_stays_without_a_session_has_a_seat_and_finds_it_again() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice bob", TEA)
    crowd.fanout.close(crowd.sessions["alice"])
    crowd.turn()
    crowd.sit("alice", SEA)
    crowd.hear(TEA, "nobody home")
    assert crowd.turn() == ["bob"]
    back = crowd.sessions["back"] = a_session(3, RED)
    crowd.fanout.open(back)
    crowd.fanout.carry_out(Attach(3, 101))
    crowd.hear(TEA, "in tea")
    crowd.hear(SEA, "at sea")
    assert crowd.reads("back") == ["red in tea", "red at sea"]


def test_who_is_detached_reads_what_was_said_before_and_nothing_after() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice bob", TEA)
    crowd.hear(TEA, "before")
    crowd.fanout.carry_out(Detach(1))
    crowd.hear(TEA, "after")
    assert crowd.reads("alice") == ["red before"]
    assert not crowd.fanout.is_named(crowd.sessions["alice"])
    crowd.fanout.carry_out(Attach(1, 102))
    crowd.hear(TEA, "as bob")
    assert crowd.reads("alice") == ["red as bob"]


def test_detaching_who_is_nobodys_changes_nothing() -> None:
    fanout, session = FanOut(), a_session(1, RED)
    fanout.open(session)
    fanout.carry_out(Detach(1))
    assert fanout.session(1) is session


def test_a_session_is_found_by_its_number_while_it_is_open() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    assert crowd.fanout.session(2) is crowd.sessions["bob"]


# What is held back, and what a place is.


def test_what_is_held_back_is_gathered_in_order() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice bob", TEA)
    bob, told = crowd.sessions["bob"], list[Told]()
    crowd.says("alice", TEA, "before")
    crowd.fanout.hold_back(bob, told)
    crowd.says("alice", TEA, "one")
    crowd.tell("bob", "two")
    cursor = iter([b"three"])
    crowd.fanout.say(bob, cursor)
    crowd.says("alice", TEA, "four")
    crowd.fanout.release(bob)
    crowd.says("alice", TEA, "after")
    assert crowd.reads("bob") == ["red before", "red after"]
    assert told == [b"red one\n", b"you two\n", cursor, b"red four\n"]


def test_who_is_forgotten_meanwhile_is_released() -> None:
    crowd = Crowd(alice=RED)
    alice, told = crowd.sessions["alice"], list[Told]()
    crowd.fanout.hold_back(alice, told)
    crowd.fanout.close(alice)
    crowd.fanout.release(alice)
    crowd.fanout.say(alice, b"bye\n")
    assert crowd.reads("alice") == ["bye"]


def test_ones_place_grows_with_what_one_is_told() -> None:
    crowd = Crowd(alice=RED, bob=RED)
    crowd.sit("alice", TEA)
    alice = crowd.sessions["alice"]
    place = crowd.fanout.place_of(alice)

    def has_grown() -> bool:
        nonlocal place
        crowd.turn()
        before, place = place, crowd.fanout.place_of(alice)
        return place > before

    crowd.hear(TEA, "hello")
    assert has_grown()
    crowd.hear(TEA, "again")
    assert has_grown()
    assert list(crowd.sent) == ["alice"]
    crowd.tell("alice", "psst")
    assert has_grown()
    crowd.sit("alice", SKY)
    crowd.hear(SKY, "hello")
    assert has_grown()
    crowd.rise("alice", TEA)
    crowd.rise("alice", SKY)
    place = crowd.fanout.place_of(alice)
    crowd.fanout.put(alice, b"PING")
    assert not has_grown()
    crowd.tell("bob", "psst")
    crowd.hear(SEA, "hello")
    assert not has_grown()
    crowd.fanout.close(alice)
    assert crowd.fanout.place_of(alice) == -1

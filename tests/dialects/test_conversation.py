"""A conversation: what is remembered between two lines."""

from dataclasses import replace

import pytest

from chat.dialects.conversation import Conversation, in_a_room
from chat.dialects.dialect import Enrol, Heard, Prove, Wish
from chat.dialects.reader import PlainKind
from chat.domain.claims import Identified, Register
from chat.domain.commands import AskRoom, Introduce, Manner, Say
from tests.dialects.scenes import HOUSE, read, somebody

STORED = "as it is stored"
INTRODUCE = Introduce("alice", "plain", "alice", room="#lobby", may_be_held=False)
NO_ROOM = b"-- You are in no room. /join one first, for example: /join lobby\r\n"
ASKED = (
    b"What is the password? It shows as you type it; on telnet, /telnet hides it.\r\n"
)


def alice_in(*rooms: str) -> Conversation:
    talk = somebody()
    for room in rooms:
        talk.entered(room)
    return talk


def answered(talk: Conversation, line: str) -> Heard:
    assert talk.question is not None
    return talk.question(line)


def test_where_no_password_is_asked_for_a_name_is_enough() -> None:
    assert Conversation(HOUSE).introduce("alice") == [INTRODUCE]


def test_a_password_is_asked_for_after_the_name() -> None:
    talk = Conversation(replace(HOUSE, password=STORED))
    assert talk.introduce("alice") == [Wish.HIDE_INPUT, ASKED]
    assert answered(talk, " se cret ") == [
        Wish.SHOW_INPUT,
        Prove(" se cret ", INTRODUCE),
    ]


def test_no_password_is_never_mind() -> None:
    talk = Conversation(replace(HOUSE, password=STORED))
    talk.introduce("alice")
    assert answered(talk, " ") == [
        Wish.SHOW_INPUT,
        b"-- Never mind, then.\r\nWhat should we call you?\r\n",
    ]


def test_no_password_for_an_office_is_never_mind_either() -> None:
    talk = somebody()
    talk.ask_password(INTRODUCE)
    assert answered(talk, "") == [Wish.SHOW_INPUT, b"-- Never mind, then.\r\n"]


@pytest.mark.parametrize(
    ("rest", "room", "others"),
    [
        ("", "#tea", ""),
        ("bob too loud", "#tea", "bob too loud"),
        ("#lobby bob  loud", "#lobby", "bob  loud"),
        ("#LOBBY bob", "#lobby", "bob"),
        ("#milk bob", "#milk", "bob"),
        ("#lobby", "#lobby", ""),
    ],
)
def test_the_room_may_stand_first(rest: str, room: str, others: str) -> None:
    assert alice_in("#lobby", "#tea").room_first(rest) == (room, others)


def test_an_action_has_a_room_or_says_that_there_is_none() -> None:
    action = in_a_room(lambda room, _rest: [AskRoom(room)])
    assert action(alice_in("#tea"), "") == [AskRoom("#tea")]
    assert action(alice_in("#tea"), "#milk") == [AskRoom("#milk")]
    assert action(alice_in(), "") == [NO_ROOM]


def test_talk_goes_where_one_went_last() -> None:
    talk = alice_in("#lobby", "#tea")
    assert talk.say("hi") == [Say("#tea", "hi")]
    assert talk.left("#tea") == "-- What you type now goes to #lobby."
    assert talk.say("waves", Manner.ACTION) == [Say("#lobby", "waves", Manner.ACTION)]
    assert talk.left("#lobby") == "-- You are in no room now. /join one, or /quit."
    assert talk.say("hi") == [NO_ROOM]


def test_leaving_another_room_leaves_the_talk_where_it_is() -> None:
    talk = alice_in("#lobby", "#tea")
    assert talk.left("#lobby") == "-- What you type now goes to #tea."


def test_only_with_several_rooms_they_are_shown() -> None:
    talk = alice_in("#lobby")
    kinds = [talk.kind]
    talk.kind = replace(talk.kind, zone="UTC")
    talk.entered("#tea")
    kinds.append(talk.kind)
    talk.left("#lobby")
    kinds.append(talk.kind)
    assert kinds == [
        PlainKind(),
        PlainKind(shows_room=True, zone="UTC"),
        PlainKind(zone="UTC"),
    ]


def test_that_somebody_is_away_is_news_once() -> None:
    talk = alice_in()
    assert talk.is_news("bob", "lunch")
    assert not talk.is_news("Bob", "lunch")
    assert talk.is_news("bob", "tea")
    assert talk.is_news("eve", "tea")
    assert not talk.is_news("bob", "tea")


def test_the_memory_for_who_is_away_is_bounded() -> None:
    talk = alice_in()
    news = [talk.is_news(f"p{number}", "away") for number in range(300)]
    assert all(news)
    assert len(talk._told_away) <= 100


def test_lines_are_answered_as_the_reader_reads_them() -> None:
    talk = alice_in()
    talk.kind = PlainKind(columns=20, zone="UTC", has_colours=True)
    assert read([talk.answer("-- one two three four", "-- five")]) == (
        b"-- one two three\r\n    four\r\n-- five\r\n"
    )


# Passwords of accounts.


def test_on_telnet_it_is_not_said_that_it_shows() -> None:
    talk = somebody()
    talk.kind = talk.kind.at_width(80)
    assert talk.ask_account("bob") == [
        Wish.HIDE_INPUT,
        b"What is the password of bob?\r\n",
    ]


def test_an_account_is_proven_by_its_password() -> None:
    talk = somebody(nick="")
    talk.ask_account("bob")
    assert answered(talk, "secret") == [
        Wish.SHOW_INPUT,
        Prove("secret", Identified("bob"), account="bob"),
    ]


def test_a_claim_is_proven_or_given_up() -> None:
    talk = somebody(nick="")
    assert talk.claim("bob").startswith("bob has an account. Its password?")
    assert talk.following == [Wish.HIDE_INPUT]
    assert answered(talk, "secret")[1:] == [
        Prove("secret", Identified("bob"), account="bob")
    ]
    assert answered(talk, " ") == [
        Wish.SHOW_INPUT,
        b"What should we call you?\r\n",
    ]


@pytest.mark.parametrize(
    ("nick", "is_private", "may"),
    [("", True, True), ("alice", True, False), ("", False, False)],
)
def test_who_may_be_asked_for_a_password_instead_of_a_name(
    nick: str, is_private: bool, may: bool
) -> None:
    talk = Conversation(HOUSE, is_private=is_private)
    talk.speaks_for = nick
    assert talk.may_claim == may


def test_the_house_may_not_mind_who_reads_along() -> None:
    house = replace(HOUSE, plaintext=True)
    assert Conversation(house, is_private=False).may_send_passwords


def enrol(secret: str) -> Heard:
    return [Enrol(secret, Register())]


def test_a_new_password_that_shows_is_asked_for_once() -> None:
    talk = somebody()
    talk.ask_new(enrol)
    assert answered(talk, "secret") == [Wish.SHOW_INPUT, *enrol("secret")]


@pytest.mark.parametrize(
    ("second", "heard"),
    [
        ("secret", enrol("secret")),
        ("", [b"-- Never mind, then.\r\n"]),
        (
            "other",
            [b"-- That was not the same twice, so nothing has changed.\r\n"],
        ),
    ],
)
def test_one_that_does_not_show_is_asked_for_twice(second: str, heard: Heard) -> None:
    talk = somebody()
    talk.kind = talk.kind.at_width(80)
    talk.ask_new(enrol)
    assert answered(talk, "secret") == [Wish.HIDE_INPUT, b"And once more:\r\n"]
    assert answered(talk, second) == [Wish.SHOW_INPUT, *heard]


def test_what_may_be_seen_is_shown() -> None:
    talk = somebody()
    assert talk.ask_openly("Sure?", lambda word: [Say("#tea", word)]) == [
        Wish.SHOW_INPUT,
        b"Sure?\r\n",
    ]
    assert answered(talk, "yes") == [Say("#tea", "yes")]


def test_only_the_houses_own_password_is_asked_for_at_the_door() -> None:
    talk = Conversation(replace(HOUSE, password=STORED))
    talk.ask_password(INTRODUCE, operator="root")
    answered(talk, "secret")
    assert not talk.is_at_the_door
    talk.ask_password(INTRODUCE)
    answered(talk, "secret")
    assert talk.is_at_the_door


def test_what_was_shown_of_many_places_is_forgotten_by_and_by() -> None:
    talk = somebody()
    talk.goes_on({"#tea": [AskRoom("#tea")], "bob": []})
    talk.goes_on({"#tea": []})
    talk.goes_on({f"#{number}": [AskRoom("#tea")] for number in range(99)})
    assert list(talk.more_of)[:2] == ["#tea", "#0"]

"""Talking: what each verb makes of the rest of a line."""

import pytest

from chat.dialects.conversation import Conversation, Verb
from chat.dialects.dialect import Heard
from chat.dialects.talking import VERBS
from chat.domain.claims import Redeem
from chat.domain.commands import (
    AskMembers,
    AskPerson,
    AskRooms,
    AskTopic,
    Depart,
    Introduce,
    Invite,
    Join,
    Leave,
    Manner,
    Rename,
    Say,
    SetAway,
    SetTopic,
    Whisper,
)
from tests.dialects.scenes import TOKEN, somebody

BY_NAME: dict[str, Verb] = {verb.name: verb for verb in VERBS}
NO_ROOM = b"-- You are in no room. /join one first, for example: /join lobby\r\n"


def alice_in(*rooms: str) -> Conversation:
    talk = somebody()
    for room in rooms:
        talk.entered(room)
    return talk


def heard(talk: Conversation, line: str) -> Heard | None:
    name, _, rest = line.partition(" ")
    return BY_NAME[name].action(talk, rest)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("say /quit", [Say("#tea", "/quit")]),
        ("say", None),
        ("me waves", [Say("#tea", "waves", Manner.ACTION)]),
        ("me", None),
        ("msg bob psst", [Whisper("bob", "psst")]),
        ("msg bob  a  b", [Whisper("bob", "a  b")]),
        ("msg #milk hi", [Say("#milk", "hi")]),
        ("msg bob", None),
        ("msg", None),
        (
            "reply hi",
            [b"-- Nobody has whispered to you yet. /msg NAME TEXT begins.\r\n"],
        ),
        ("reply", None),
        ("join milk", [Join("#milk")]),
        ("join #milk", [Join("#milk")]),
        ("join milk cow", [Join("#milk", "cow")]),
        ("join milk cow x", None),
        (f"join {TOKEN}", [Redeem(TOKEN)]),
        (f"join {TOKEN} cow", [Join(f"#{TOKEN}", "cow")]),
        ("join", None),
        ("leave", [Leave("#tea", "")]),
        ("leave bye all", [Leave("#tea", "bye all")]),
        ("leave lobby", [Leave("#lobby", "")]),
        ("leave #LOBBY bye all", [Leave("#lobby", "bye all")]),
        ("leave #milk", [Leave("#milk")]),
        (
            "leave milk",
            [
                (
                    b"-- You are in no room milk. /leave leaves this one; a reason"
                    b" has two words.\r\n"
                )
            ],
        ),
        ("who", [AskMembers("#tea")]),
        ("who milk", [AskMembers("#milk", note="milk")]),
        ("who #milk", [AskMembers("#milk")]),
        ("whois bob", [AskPerson("bob")]),
        ("whois", [AskPerson("alice")]),
        ("whois bob eve", None),
        ("rooms", [AskRooms()]),
        ("rooms tea", [AskRooms(("*tea*",))]),
        ("rooms #t*", [AskRooms(("#t*",))]),
        ("rooms a b", None),
        ("topic", [AskTopic("#tea")]),
        ("topic cake and tea", [SetTopic("#tea", "cake and tea")]),
        ("topic none", [SetTopic("#tea", "")]),
        ("topic #milk", [AskTopic("#milk")]),
        ("topic #lobby cake", [SetTopic("#lobby", "cake")]),
        ("topic #lobby none", [SetTopic("#lobby", "")]),
        ("topic #1 fan club", [SetTopic("#tea", "#1 fan club")]),
        ("invite bob", [Invite("bob", "#tea")]),
        ("invite bob milk", [Invite("bob", "#milk")]),
        ("invite bob #milk", [Invite("bob", "#milk")]),
        ("invite bob a b", None),
        ("invite", None),
        ("nick eve", [Rename("eve")]),
        ("nick a b", [Rename("a b")]),
        ("nick", None),
        ("away", [SetAway("away")]),
        ("away lunch", [SetAway("lunch")]),
        ("back", [SetAway("")]),
        ("quit", [Depart("Quit")]),
        ("quit tea time", [Depart("Quit: tea time")]),
    ],
)
def test_in_two_rooms(line: str, expected: Heard | None) -> None:
    assert heard(alice_in("#lobby", "#tea"), line) == expected


@pytest.mark.parametrize(
    "line", ["say hi", "me waves", "leave", "who", "topic", "topic tea", "invite bob"]
)
def test_in_no_room(line: str) -> None:
    assert heard(somebody(), line) == [NO_ROOM]


@pytest.mark.parametrize("line", ["join lobby", "join #LOBBY", "join lobby milk"])
def test_joining_where_one_is_only_turns_the_talk(line: str) -> None:
    talk = alice_in("#lobby", "#tea")
    assert heard(talk, line) == [b"-- What you type now goes to #lobby.\r\n"]
    assert talk.current == "#lobby"


def test_a_whisper_is_answered() -> None:
    talk = alice_in("#lobby")
    talk.whisperer = "bob"
    assert heard(talk, "reply psst yourself") == [Whisper("bob", "psst yourself")]


def test_a_first_name_may_be_given_with_nick_as_well() -> None:
    assert heard(somebody(nick=""), "nick alice") == [
        Introduce("alice", "plain", "alice", room="#lobby", may_be_held=False)
    ]


def test_before_a_name_only_an_invitation_is_joined() -> None:
    assert heard(somebody(nick=""), f"join {TOKEN}") == [Redeem(TOKEN)]
    assert heard(somebody(nick=""), "join tea") == [
        b"-- A name comes first. What should we call you?\r\n"
    ]


def test_every_verb_is_tried() -> None:
    assert sorted(BY_NAME) == sorted(
        [
            "away",
            "back",
            "invite",
            "join",
            "leave",
            "me",
            "msg",
            "nick",
            "quit",
            "reply",
            "rooms",
            "say",
            "topic",
            "who",
            "whois",
        ]
    )

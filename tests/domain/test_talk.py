"""Talk: who hears what is said."""

import pytest

from chat.domain import snapshot
from chat.domain.commands import Manner, Say, Whisper
from chat.domain.effects import Deliver, ToRoom, ToUser
from chat.domain.events import (
    Said,
    Whispered,
)
from chat.domain.refusals import CannotTalk, NoSuchNick, NoSuchRoom, NotIntroduced
from chat.domain.talk import say, whisper
from tests.domain.people import (
    ALICE,
    BOB,
    NOW,
    STRANGER,
    a_house,
    refused,
    who,
    with_a_second_session,
    with_a_stranger,
)


def test_everyone_in_the_room_hears_it() -> None:
    house = a_house("alice bob", tea="alice bob")
    said = Said(1000, 5000, who("alice"), "#tea", "hi", Manner.SAY, "")
    assert say(house, ALICE, Say("#tea", "hi"), NOW) == [
        Deliver(said, to=ToRoom(201), but=ALICE)
    ]


@pytest.mark.parametrize("manner", Manner)
def test_it_is_heard_in_the_manner_in_which_it_was_said(manner: Manner) -> None:
    house = a_house("alice", lobby="alice")
    said = Said(1000, 5000, who("alice"), "#lobby", "hi", manner, "+typing=active")
    command = Say("#lobby", "hi", manner, "+typing=active")
    assert say(house, ALICE, command, NOW) == [Deliver(said, to=ToRoom(0), but=ALICE)]


def test_a_room_is_heard_of_under_its_own_spelling() -> None:
    house = a_house("alice", tea="alice")
    said = Said(1000, 5000, who("alice"), "#tea", "hi", Manner.SAY, "")
    assert say(house, ALICE, Say("#TEA", "hi"), NOW) == [
        Deliver(said, to=ToRoom(201), but=ALICE)
    ]


def test_nobody_is_heard_in_a_room_from_outside() -> None:
    house = a_house("alice bob", tea="alice")
    with refused(house, CannotTalk("#tea")):
        say(house, BOB, Say("#Tea", "hi"), NOW)


def test_nobody_is_heard_in_a_room_that_is_not_there() -> None:
    house = a_house("alice", lobby="alice")
    with refused(house, NoSuchRoom("#Nowhere")):
        say(house, ALICE, Say("#Nowhere", "hi"), NOW)


def test_whoever_has_no_name_is_not_heard() -> None:
    house = with_a_stranger(a_house("alice", lobby="alice"))
    with refused(house, NotIntroduced()):
        say(house, STRANGER, Say("#lobby", "hi"), NOW)


def test_a_whisper_is_heard_by_one_and_by_the_speakers_other_sessions() -> None:
    house = with_a_second_session(a_house("alice bob"), "alice", session=7)
    whispered = Whispered(1000, 5000, who("alice"), "bob", "psst", Manner.SAY, "")
    assert whisper(house, ALICE, Whisper("bob", "psst"), NOW) == [
        Deliver(whispered, to=ToUser(102)),
        Deliver(whispered, to=ToUser(101), but=ALICE),
    ]


def test_a_whisper_needs_no_common_room() -> None:
    house = a_house("alice bob", tea="alice", coffee="bob")
    heard = whisper(house, ALICE, Whisper("bob", "psst"), NOW)
    assert len(heard) == 2


@pytest.mark.parametrize("manner", Manner)
def test_a_whisper_has_a_manner_too(manner: Manner) -> None:
    house = a_house("alice bob")
    whispered = Whispered(1000, 5000, who("alice"), "bob", "", manner, "+a=b")
    assert whisper(house, ALICE, Whisper("BOB", "", manner, "+a=b"), NOW) == [
        Deliver(whispered, to=ToUser(102)),
        Deliver(whispered, to=ToUser(101), but=ALICE),
    ]


def test_whoever_whispers_to_himself_hears_it_once() -> None:
    house = a_house("alice")
    whispered = Whispered(1000, 5000, who("alice"), "alice", "hm", Manner.SAY, "")
    assert whisper(house, ALICE, Whisper("Alice", "hm"), NOW) == [
        Deliver(whispered, to=ToUser(101))
    ]


def test_nobody_can_be_whispered_to_who_is_not_there() -> None:
    house = a_house("alice")
    with refused(house, NoSuchNick("Zoe")):
        whisper(house, ALICE, Whisper("Zoe", "psst"), NOW)


def test_whoever_has_no_name_cannot_whisper() -> None:
    house = with_a_stranger(a_house("alice"))
    with refused(house, NotIntroduced()):
        whisper(house, STRANGER, Whisper("alice", "psst"), NOW)


def test_talk_changes_nothing() -> None:
    house = a_house("alice bob", lobby="alice bob")
    before = snapshot.of(house)
    say(house, ALICE, Say("#lobby", "hi"), NOW)
    whisper(house, ALICE, Whisper("bob", "psst"), NOW)
    assert snapshot.of(house) == before

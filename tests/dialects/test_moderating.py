"""Moderating: what those say who run a room, or the house."""

from dataclasses import replace

import pytest

from chat.dialects import moderating
from chat.dialects.conversation import Conversation, Verb
from chat.dialects.dialect import Heard, Prove, Wish
from chat.dialects.excuses import of_refusal
from chat.dialects.moderating import VERBS
from chat.domain.commands import (
    AskMasks,
    AskRoom,
    Change,
    Kick,
    Kill,
    SetRoom,
    Setting,
    TakeOffice,
    Wallops,
)
from chat.domain.refusals import NotEncrypted
from tests.dialects.scenes import HOUSE, somebody

NO_ROOM = b"-- You are in no room. /join one first, for example: /join lobby\r\n"
BY_NAME: dict[str, Verb] = {verb.name: verb for verb in VERBS}


def alice_in(*rooms: str) -> Conversation:
    talk = somebody()
    for room in rooms:
        talk.entered(room)
    return talk


def heard(talk: Conversation, line: str) -> Heard | None:
    name, _, rest = line.partition(" ")
    return BY_NAME[name].action(talk, rest)


def changed(setting: Setting, on: bool, value: str = "") -> SetRoom:
    return SetRoom("#tea", (Change(setting, on, value),))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("room", [AskRoom("#tea")]),
        ("room closed", [changed(Setting.INVITE_ONLY, True)]),
        ("room key milk", [changed(Setting.KEY, True, "milk")]),
        ("room purple", None),
        ("kick bob", [Kick("#tea", "bob")]),
        ("kick bob too loud", [Kick("#tea", "bob", "too loud")]),
        ("kick", None),
        ("ban bob", [changed(Setting.BAN, True, "bob"), Kick("#tea", "bob")]),
        (
            "ban bob too loud",
            [changed(Setting.BAN, True, "bob"), Kick("#tea", "bob", "too loud")],
        ),
        ("ban bob!*@*", [changed(Setting.BAN, True, "bob!*@*")]),
        ("ban 192.0.2.0/24", [changed(Setting.BAN, True, "192.0.2.0/24")]),
        ("ban ::1", [changed(Setting.BAN, True, "::1")]),
        ("ban", None),
        ("unban bob", [changed(Setting.BAN, False, "bob")]),
        ("unban", None),
        ("unban bob eve", None),
        ("bans", [AskMasks("#tea", Setting.BAN)]),
        ("bans exempt", [AskMasks("#tea", Setting.EXEMPT)]),
        ("bans welcome", [AskMasks("#tea", Setting.WELCOME)]),
        ("bans bob", None),
        ("mute bob", [changed(Setting.BAN, True, "m:bob")]),
        ("unmute bob", [changed(Setting.BAN, False, "m:bob")]),
        ("op bob", [changed(Setting.OPERATOR, True, "bob")]),
        ("deop bob", [changed(Setting.OPERATOR, False, "bob")]),
        ("voice bob", [changed(Setting.VOICE, True, "bob")]),
        ("devoice bob", [changed(Setting.VOICE, False, "bob")]),
        ("kill bob enough", [Kill("bob", "enough")]),
        ("kill bob", None),
        ("kill", None),
        ("wallops bob is back", [Wallops("bob is back")]),
        ("wallops", None),
        ("oper", None),
        ("oper a b", None),
    ],
)
def test_in_a_room(line: str, expected: Heard | None) -> None:
    assert heard(alice_in("#lobby", "#tea"), line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("room #lobby", [AskRoom("#lobby")]),
        ("room #LOBBY", [AskRoom("#lobby")]),
        ("room #milk", [AskRoom("#milk")]),
        ("kick #lobby bob", [Kick("#lobby", "bob")]),
        (
            "ban #lobby bob",
            [
                SetRoom("#lobby", (Change(Setting.BAN, True, "bob"),)),
                Kick("#lobby", "bob"),
            ],
        ),
        (
            "op #lobby bob",
            [SetRoom("#lobby", (Change(Setting.OPERATOR, True, "bob"),))],
        ),
        ("bans #lobby", [AskMasks("#lobby", Setting.BAN)]),
    ],
)
def test_in_another_room(line: str, expected: Heard) -> None:
    assert heard(alice_in("#lobby", "#tea"), line) == expected


@pytest.mark.parametrize(
    "line", ["room", "kick bob", "ban bob", "unban bob", "bans", "mute bob", "op bob"]
)
def test_in_no_room(line: str) -> None:
    assert heard(somebody(), line) == [NO_ROOM]


@pytest.mark.parametrize(
    ("line", "banned"),
    [("ban bob", "bob"), ("ban Bob", "bob"), ("ban bob!*@*", ""), ("kick bob", "")],
)
def test_who_is_banned_by_name_need_not_be_there(line: str, banned: str) -> None:
    talk = alice_in("#tea")
    heard(talk, line)
    assert talk.banned == banned


@pytest.mark.parametrize("name", ["root", "eve"])
def test_office_is_taken_with_a_password(name: str) -> None:
    talk = somebody(house=replace(HOUSE, operators={"root": "stored"}))
    asked = moderating.oper(talk, name)
    assert asked == [
        Wish.HIDE_INPUT,
        (
            b"What is the password?"
            b" It shows as you type it; on telnet, /telnet hides it.\r\n"
        ),
    ]
    assert talk.question is not None
    assert talk.question("secret") == [
        Wish.SHOW_INPUT,
        Prove("secret", TakeOffice(name), operator=name),
    ]


def test_where_others_could_read_it_no_password_is_asked_for() -> None:
    house = replace(HOUSE, operators={"root": "stored"})
    talk = Conversation(house, is_private=False)
    talk.speaks_for = "alice"
    assert moderating.oper(talk, "root") == [
        talk.answer(f"-- {of_refusal(NotEncrypted())}")
    ]
    assert talk.question is None


def test_where_nobody_can_run_the_house_no_password_is_asked_for() -> None:
    talk = somebody(house=replace(HOUSE, operators={}))
    assert moderating.oper(talk, "root") == [
        talk.answer("-- Nobody runs this house from inside.")
    ]
    assert talk.question is None

"""Switches: how a room is set up, typed and told."""

import pytest

from chat.dialects import switches
from chat.dialects.switches import SWITCHES, Switch
from chat.domain.answers import RoomIs
from chat.domain.commands import Change, Setting
from tests.dialects.scenes import AT
from tests.wire.hostile import HOSTILE, leftovers

FLAGS = [s for s in SWITCHES if s.setting not in (Setting.KEY, Setting.LIMIT)]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("closed", Change(Setting.INVITE_ONLY, True)),
        ("open", Change(Setting.INVITE_ONLY, False)),
        ("quiet", Change(Setting.MODERATED, True)),
        ("loud", Change(Setting.MODERATED, False)),
        ("inside", Change(Setting.NO_OUTSIDERS, True)),
        ("anywhere", Change(Setting.NO_OUTSIDERS, False)),
        ("hidden", Change(Setting.SECRET, True)),
        ("listed", Change(Setting.SECRET, False)),
        ("topic operators", Change(Setting.GUARDS_TOPIC, True)),
        ("topic  Anyone", Change(Setting.GUARDS_TOPIC, False)),
        ("key Milk", Change(Setting.KEY, True, "Milk")),
        ("key none", Change(Setting.KEY, False)),
        ("limit 9", Change(Setting.LIMIT, True, "9")),
        ("limit many", Change(Setting.LIMIT, True, "many")),
        ("limit NONE", Change(Setting.LIMIT, False)),
        ("exempt bob", Change(Setting.EXEMPT, True, "bob")),
        ("unexempt bob", Change(Setting.EXEMPT, False, "bob")),
        ("welcome bob", Change(Setting.WELCOME, True, "bob")),
        ("unwelcome bob", Change(Setting.WELCOME, False, "bob")),
        ("key", None),
        ("key a b", None),
        ("topic", None),
        ("topic tea", None),
        ("kept", Change(Setting.KEPT, True)),
        ("unkept", Change(Setting.KEPT, False)),
        ("unrecorded", Change(Setting.OFF_RECORD, True)),
        ("recorded", Change(Setting.OFF_RECORD, False)),
        ("closed please", None),
        ("purple", None),
        ("", None),
    ],
)
def test_what_is_typed(text: str, change: Change | None) -> None:
    assert switches.change(text) == change


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (Change(Setting.INVITE_ONLY, True), "alice lets only invited people in."),
        (Change(Setting.INVITE_ONLY, False), "alice lets everybody in."),
        (Change(Setting.MODERATED, True), "alice lets only those with a voice talk."),
        (Change(Setting.MODERATED, False), "alice lets everybody talk."),
        (Change(Setting.NO_OUTSIDERS, True), "alice lets only people inside talk."),
        (Change(Setting.NO_OUTSIDERS, False), "alice lets people outside talk, too."),
        (Change(Setting.SECRET, True), "alice hides the room from /rooms."),
        (Change(Setting.SECRET, False), "alice lists the room in /rooms."),
        (
            Change(Setting.GUARDS_TOPIC, True),
            "alice lets only those who run the room change its topic.",
        ),
        (Change(Setting.GUARDS_TOPIC, False), "alice lets anyone change its topic."),
        (
            Change(Setting.KEPT, True),
            "alice has the room stay, empty or not, and stay theirs who run it.",
        ),
        (
            Change(Setting.KEPT, False),
            "alice lets the room go once it is empty for long.",
        ),
        (
            Change(Setting.OFF_RECORD, True),
            "alice takes the room off the record: nothing said from now on is kept.",
        ),
        (
            Change(Setting.OFF_RECORD, False),
            "alice puts the room on record: what is said from now on is kept.",
        ),
        (
            Change(Setting.KEY, True, "milk"),
            "alice lets in only who knows the word milk.",
        ),
        (Change(Setting.KEY, False, "*"), "alice lets people in without a word."),
        (Change(Setting.LIMIT, True, "9"), "alice lets in no more than 9 people."),
        (Change(Setting.LIMIT, False), "alice lets in as many as come."),
        (Change(Setting.BAN, True, "bob!*@*"), "alice keeps bob out."),
        (Change(Setting.BAN, False, "bob!*@*"), "alice no longer keeps bob out."),
        (
            Change(Setting.BAN, True, "m:bob!*@*"),
            "alice does not let bob be heard.",
        ),
        (Change(Setting.BAN, False, "m:bob!*@*"), "alice lets bob be heard again."),
        (
            Change(Setting.BAN, True, "*!*@192.0.2.0/24"),
            "alice keeps 192.0.2.0/24 out.",
        ),
        (Change(Setting.BAN, True, "*!*@*"), "alice keeps * out."),
        (
            Change(Setting.EXEMPT, True, "bob!*@*"),
            "alice exempts bob from bans.",
        ),
        (Change(Setting.EXEMPT, False, "bob!*@*"), "alice no longer exempts bob."),
        (
            Change(Setting.WELCOME, True, "bob!*@*"),
            "alice welcomes bob without an invitation.",
        ),
        (
            Change(Setting.WELCOME, False, "bob!*@*"),
            "alice no longer welcomes bob without an invitation.",
        ),
        (Change(Setting.OPERATOR, True, "bob"), "alice lets bob run the room."),
        (Change(Setting.OPERATOR, False, "bob"), "alice no longer lets bob run it."),
        (Change(Setting.VOICE, True, "bob"), "alice gives bob a voice."),
        (Change(Setting.VOICE, False, "bob"), "alice takes the voice from bob."),
    ],
)
def test_what_bystanders_are_told(change: Change, line: str) -> None:
    assert switches.told("alice", change) == line


@pytest.mark.parametrize("setting", Setting)
@pytest.mark.parametrize("on", [True, False])
def test_every_change_has_words_and_none_is_hostile(setting: Setting, on: bool) -> None:
    for value in (HOSTILE, f"m:{HOSTILE}!*@*", "{value}", ""):
        line = switches.told("alice", Change(setting, on, value))
        assert leftovers(line) == set()
        assert line.startswith("alice ")
        assert line.endswith(".")


def test_a_room_as_it_was_made() -> None:
    assert switches.states(RoomIs("#tea", (), "", None, AT)) == [
        "Everybody may come in.                     /room closed",
        "Everybody may talk.                        /room quiet",
        "People outside may talk, too.              /room inside",
        "/rooms lists it.                           /room hidden",
        "Anyone changes its topic.                  /room topic operators",
        "Once it is empty for long, it is gone.     /room kept",
        "What is said in it is kept.                /room unrecorded",
        "No word is needed to come in.              /room key WORD",
        "As many fit in as come.                    /room limit NUMBER",
    ]


def test_a_room_with_everything_on() -> None:
    room = RoomIs("#tea", tuple(Setting), "milk", 9, AT)
    assert switches.states(room) == [
        "Only who is invited comes in.              /room open",
        "Only who has a voice talks.                /room loud",
        "Only who is inside talks.                  /room anywhere",
        "/rooms does not list it.                   /room listed",
        "Only who runs it changes its topic.        /room topic anyone",
        "It stays, and stays theirs who run it.     /room unkept",
        "Nothing said in it is kept.                /room recorded",
        "Who comes in has to know a word: milk.     /room key none",
        "No more than 9 people fit in.              /room limit none",
    ]


def test_outside_the_word_is_not_told() -> None:
    room = RoomIs("#tea", (Setting.KEY,), "", None, AT)
    assert switches.states(room)[7] == (
        "Who comes in has to know a word.           /room key none"
    )


@pytest.mark.parametrize("switch", FLAGS, ids=lambda switch: switch.setting.name)
def test_what_is_shown_to_change_it_does_change_it(switch: Switch) -> None:
    assert switches.change(switch.ways[0]) == Change(switch.setting, True)
    assert switches.change(switch.ways[1]) == Change(switch.setting, False)


def test_help_names_all_ways() -> None:
    assert switches.ways() == (
        "closed or open, quiet or loud, inside or anywhere, hidden or listed,"
        " topic operators or topic anyone, kept or unkept, unrecorded or recorded,"
        " key WORD or key none, limit NUMBER or limit none"
    )

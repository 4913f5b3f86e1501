"""Retold: a line of history as the event that it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.commands import Change, Manner, Setting
from chat.domain.events import (
    Departed,
    Happened,
    Joined,
    KeepingChanged,
    Kicked,
    Left,
    Renamed,
    RoomChanged,
    Said,
    TopicChanged,
    Whispered,
)
from chat.domain.lines import written
from chat.domain.records import Deed, Line
from chat.domain.retold import changes, retold
from chat.domain.views import Who

ALICE = Who("alice", "~alice", "alice.host", "")
SOURCE = "alice!~alice@alice.host"

SPOKEN = [
    (Deed.SAY, Manner.SAY),
    (Deed.ACTION, Manner.ACTION),
    (Deed.NOTICE, Manner.NOTICE),
    (Deed.TAGS, Manner.TAGS),
]


@pytest.mark.parametrize(("deed", "manner"), SPOKEN)
def test_what_was_said_in_a_room_is_said_again(deed: Deed, manner: Manner) -> None:
    line = Line(7, 70, 201, deed, SOURCE, "hi", 301, tags="+a=b")
    assert retold(line, "#tea") == Said(7, 70, ALICE, "#tea", "hi", manner, "+a=b")


@pytest.mark.parametrize(("deed", "manner"), SPOKEN)
def test_what_was_said_to_one_is_whispered_again(deed: Deed, manner: Manner) -> None:
    line = Line(7, 70, 0, deed, SOURCE, "hi", 301, peer=302, target="bob", tags="+a=b")
    whispered = Whispered(7, 70, ALICE, "bob", "hi", manner, "+a=b")
    assert retold(line, "bob") == whispered


@pytest.mark.parametrize(
    ("deed", "text", "target", "event"),
    [
        pytest.param(Deed.JOIN, "", "", Joined(7, 70, ALICE, "#tea"), id="join"),
        pytest.param(
            Deed.LEAVE, "bye", "", Left(7, 70, ALICE, "#tea", "bye"), id="leave"
        ),
        pytest.param(
            Deed.DEPART, "Quit", "", Departed(7, 70, ALICE, "Quit"), id="depart"
        ),
        pytest.param(
            Deed.KICK,
            "enough",
            "bob",
            Kicked(7, 70, ALICE, "#tea", "bob", "enough"),
            id="kick",
        ),
        pytest.param(
            Deed.RENAME, "", "alicia", Renamed(7, 70, ALICE, "alicia"), id="rename"
        ),
        pytest.param(
            Deed.TOPIC, "cups", "", TopicChanged(7, 70, ALICE, "#tea", "cups"), id="tea"
        ),
        pytest.param(
            Deed.SETTINGS,
            "+MODERATED +BAN=bob!*@* -LIMIT",
            "",
            RoomChanged(
                *(7, 70, ALICE, "#tea"),
                (
                    Change(Setting.MODERATED, on=True),
                    Change(Setting.BAN, on=True, value="bob!*@*"),
                    Change(Setting.LIMIT, on=False),
                ),
            ),
            id="settings",
        ),
        pytest.param(
            Deed.GAP, "12", "", KeepingChanged(7, 70, "#tea", True, 12), id="a gap"
        ),
        pytest.param(
            Deed.GAP, "?", "", KeepingChanged(7, 70, "#tea", True), id="an odd gap"
        ),
    ],
)
def test_what_happened_happens_again(
    deed: Deed, text: str, target: str, event: Happened
) -> None:
    line = Line(7, 70, 201, deed, SOURCE, text, 301, target=target)
    assert retold(line, "#tea") == event


@pytest.mark.parametrize("deed", Deed)
def test_every_deed_can_be_retold_even_by_nobody(deed: Deed) -> None:
    event = retold(Line(7, 70, 201, deed, "", ""), "#tea")
    assert (event.id, event.at) == (7, 70)


def test_a_host_of_many_parts_is_one_host() -> None:
    line = Line(7, 70, 201, Deed.JOIN, "a!b!c@2001:db8::1", "")
    assert retold(line, "#tea") == Joined(
        7, 70, Who("a", "b!c", "2001:db8::1", ""), "#tea"
    )


def test_a_setting_that_is_no_more_is_passed_over() -> None:
    assert changes("+SHINY=very -SECRET") == (Change(Setting.SECRET, on=False),)


WORDS = st.text("abc=+-!*@:é", max_size=8)


@given(st.lists(st.builds(Change, st.sampled_from(Setting), st.booleans(), WORDS)))
def test_changes_are_read_as_they_were_written(made: list[Change]) -> None:
    known = tuple(each for each in made if each.setting is not Setting.KEY)
    assert changes(written(known)) == known

"""Records as rows, and back; what the two stores promise is in test_contract."""

import pytest

from chat.domain.records import Act, Audited, Deed, Line
from chat.store import rows


@pytest.mark.parametrize("deed", Deed)
def test_a_line_comes_back(deed: Deed) -> None:
    line = Line(5, 6, 7, deed, "a!b@c", "hi", 8, 0, "bob", "+x=y", 4)
    assert rows.line(rows.of_line(line, line.room)) == line


def test_what_two_said_alone_is_filed_under_their_conversation() -> None:
    line = Line(5, 6, 0, Deed.SAY, "a!b@c", "hi", account=8, peer=9)
    assert rows.of_line(line, -3)[0] == -3


@pytest.mark.parametrize("act", Act)
def test_what_was_audited_comes_back(act: Act) -> None:
    audited = Audited(5, 6, act, "alice", "bob", "192.0.2.1")
    assert rows.audited(rows.of_audited(audited)) == audited


def test_numbers_of_deeds_are_stored_and_stay() -> None:
    numbers = {deed.name: deed.value for deed in Deed}
    assert (
        numbers.items()
        >= {
            "SAY": 1,
            "ACTION": 2,
            "NOTICE": 3,
            "TAGS": 4,
            "JOIN": 5,
            "LEAVE": 6,
            "DEPART": 7,
            "KICK": 8,
            "RENAME": 9,
            "TOPIC": 10,
            "SETTINGS": 11,
        }.items()
    )

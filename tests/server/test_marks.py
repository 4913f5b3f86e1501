"""Marks: what is owed, and where."""

from chat.domain.extracts import ReadMissed, ReadPrivate, Scope
from chat.server.marks import Debt


def test_a_debt_is_of_a_room_since_one_was_away_or_of_all_that_is_private() -> None:
    room = Debt(ReadMissed(Scope("#tea", 5, left=60)), 100)
    private = Debt(ReadPrivate(7), 100)
    assert [(each.about, each.place) for each in (room, private)] == [
        ("#tea", (5, 60)),
        ("", (-1, 0)),
    ]

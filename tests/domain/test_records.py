"""Records: the closed vocabulary of what is written down."""

import pytest

from chat.domain import records
from chat.domain.records import (
    Act,
    Deed,
    Delivered,
    Kept,
    KeptAccount,
    Line,
    Lines,
    Record,
    count,
    taken_apart,
)
from tests.domain.vocabularies import is_value, values_defined_in, words


def test_every_record_is_in_the_vocabulary() -> None:
    defined = values_defined_in(records)
    assert sorted(map(str, defined)) == sorted(map(str, [*words(Record), Kept]))


@pytest.mark.parametrize("word", [*words(Record), Kept])
def test_a_record_is_a_value(word: type) -> None:
    assert is_value(word)


def test_what_was_said_in_one_breath_is_taken_apart_in_its_place() -> None:
    first, last = Line(1, 9, 5, Deed.JOIN, "bob!b@h", ""), Delivered(5, 3, "phone")
    said = Lines(range(2, 4), [9, 10], ["oh", "hi"], 5, "bob!b@h", 3)
    assert said.id == 3
    assert count([first, said, last]) == 4
    assert list(taken_apart([first, said, last])) == [
        first,
        Line(2, 9, 5, Deed.SAY, "bob!b@h", "oh", 3),
        Line(3, 10, 5, Deed.SAY, "bob!b@h", "hi", 3),
        last,
    ]


def test_no_log_shows_what_checks_a_password() -> None:
    account = KeptAccount(1, "bob", "bob", 3000, "c4nary", code="c4nary")
    assert "c4nary" not in repr(account)


def test_the_number_of_a_deed_is_stored_and_stays_what_it_is() -> None:
    assert [(deed.value, deed.name) for deed in Deed] == [
        (1, "SAY"),
        (2, "ACTION"),
        (3, "NOTICE"),
        (4, "TAGS"),
        (5, "JOIN"),
        (6, "LEAVE"),
        (7, "DEPART"),
        (8, "KICK"),
        (9, "RENAME"),
        (10, "TOPIC"),
        (11, "SETTINGS"),
        (12, "GAP"),
    ]


def test_an_act_is_stored_in_words_of_its_own() -> None:
    assert len({act.value for act in Act}) == len(list(Act))


def test_a_house_begins_with_nothing() -> None:
    assert Kept() == Kept(0, (), (), (), 0)

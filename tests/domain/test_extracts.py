"""Extracts: the closed vocabulary of what is read in what is kept."""

import pytest

from chat.domain import extracts
from chat.domain.extracts import Extract, Scope
from tests.domain.vocabularies import is_value, values_defined_in, words


def test_every_extract_is_in_the_vocabulary() -> None:
    defined = values_defined_in(extracts)
    assert sorted(map(str, defined)) == sorted(map(str, [Scope, *words(Extract)]))


@pytest.mark.parametrize("word", [Scope, *words(Extract)])
def test_an_extract_is_a_value(word: type) -> None:
    assert is_value(word)


def test_a_scope_is_a_room_where_one_never_was_away() -> None:
    scope = Scope("#lobby")
    assert (scope.room, scope.peer, scope.left, scope.back) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("scope", "is_inside"),
    [
        (Scope("#tea", 5), True),
        (Scope("#tea", 5, left=30, back=40), True),
        (Scope("#tea", 5, left=30), False),
        (Scope("#tea", 5, is_new=True), False),
        (Scope("bob", peer=5), False),
    ],
)
def test_one_is_inside_who_came_and_did_not_go(scope: Scope, is_inside: bool) -> None:
    assert scope.is_inside is is_inside

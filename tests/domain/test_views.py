"""Views: somebody or something as others see it, at one moment."""

from dataclasses import replace

import pytest

from chat.domain import views
from chat.domain.commands import Mark
from chat.domain.roles import Role
from chat.domain.views import Mask, Member, Person, RoomRow, Topic, Who
from tests.domain.people import who
from tests.domain.vocabularies import is_value, values_defined_in

ALL = [Who, Person, Member, Topic, RoomRow, Mask]


def test_there_are_so_many_views() -> None:
    assert values_defined_in(views) == ALL


@pytest.mark.parametrize("word", ALL)
def test_a_view_is_a_value(word: type) -> None:
    assert is_value(word)


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(who("bob"), id="who"),
        pytest.param(Person(who("bob"), True, (Mark.BOT,)), id="person"),
        pytest.param(Member(who("bob"), Role.MEMBER, True, (Mark.BOT,)), id="member"),
        pytest.param(Topic("Earl Grey", "bob", 4000), id="topic"),
        pytest.param(RoomRow("#tea", 2, "Earl Grey"), id="row"),
        pytest.param(Mask("bob!*@*", "alice", 4000), id="mask"),
    ],
)
def test_two_views_of_one_thing_are_equal_and_can_be_keys(
    view: Who | Person | Member | Topic | RoomRow | Mask,
) -> None:
    assert {replace(view), view} == {view}


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(Person(who("bob")), id="person"),
        pytest.param(Member(who("bob"), Role.MEMBER), id="member"),
    ],
)
def test_people_are_here_and_nothing_else_unless_told(seen: Person | Member) -> None:
    assert (seen.is_away, seen.marks) == (False, ())

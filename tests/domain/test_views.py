"""Views: somebody or something as others see it, at one moment."""

from dataclasses import replace
from typing import Any

import pytest

from chat.domain import views
from chat.domain.commands import Mark
from chat.domain.roles import Role
from chat.domain.views import (
    AccountRow,
    LinkRow,
    Mask,
    Member,
    Person,
    RoomRow,
    SessionRow,
    Topic,
    Who,
)
from tests.domain.people import who
from tests.domain.vocabularies import is_value, values_defined_in

ALL = [Who, Person, Member, Topic, RoomRow, Mask, SessionRow, AccountRow, LinkRow]


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
        pytest.param(SessionRow(7, "192.0.2.7", 4000, True), id="session"),
        pytest.param(AccountRow("bob", 3000, 4000, 1), id="account"),
        pytest.param(LinkRow(7, "bob", 4000, -1), id="link"),
    ],
)
def test_two_views_of_one_thing_are_equal_and_can_be_keys(
    view: Any,
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


def test_somebody_is_a_guest_and_an_account_is_open_unless_told() -> None:
    assert who("bob").account == ""
    row = AccountRow("bob", 3000, 4000, 1)
    assert (row.is_suspended, row.is_always_on) == (False, False)

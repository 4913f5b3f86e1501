"""Neighbours: what each of them has heard, the others know."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from chat.bench.neighbours import Neighbours


@pytest.fixture
def three(tmp_path: Path) -> Iterator[list[Neighbours]]:
    with ExitStack() as end:
        yield [
            end.enter_context(closing(Neighbours(tmp_path, number, 3)))
            for number in range(3)
        ]


def test_the_slowest_counts(three: list[Neighbours]) -> None:
    one, other, third = three
    other.tell(7, {4: 10, 5: 20})
    third.tell(7, {4: 15})
    assert one.listen() == {7}
    # Nobody has said that he has heard c5 but one of them.
    assert [one.everywhere(7, who, 12) for who in (4, 5)] == [10, 0]
    third.tell(7, {4: 15, 5: 11})
    other.tell(7, {4: 16, 5: 21})
    assert one.listen() == {7}
    assert [one.everywhere(7, who, 12) for who in (4, 5)] == [12, 11]
    assert one.listen() == set()


def test_of_another_room_nothing_is_known(three: list[Neighbours]) -> None:
    one, other, _ = three
    other.tell(7, {4: 10})
    one.listen()
    assert one.everywhere(8, 4, 12) == 0


def test_who_is_alone_counts_for_himself(tmp_path: Path) -> None:
    with closing(Neighbours(tmp_path, 0, 1)) as alone:
        alone.tell(7, {4: 3})
        assert not alone.is_behind()
        assert alone.everywhere(7, 4, 12) == 12


def test_who_comes_later_is_told_later(tmp_path: Path) -> None:
    with closing(Neighbours(tmp_path, 0, 2)) as one:
        one.tell(7, {4: 1})
        assert one.is_behind()
        with closing(Neighbours(tmp_path, 1, 2)) as other:
            one.go_on()
            assert not one.is_behind()
            assert other.listen() == {7}
            assert other.everywhere(7, 4, 5) == 1


def test_who_does_not_listen_is_told_the_last_of_it_then(
    three: list[Neighbours],
) -> None:
    one, other, _ = three
    told = 0
    while not other.is_behind():
        told += 1
        other.tell(7, {4: told})
    assert one.listen() == {7}
    assert one.everywhere(7, 4, 1_000_000) == 0
    three[2].listen()
    other.go_on()
    assert not other.is_behind()
    three[2].tell(7, {4: told})
    one.listen()
    assert one.everywhere(7, 4, 1_000_000) == told

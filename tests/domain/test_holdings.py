"""Holdings: visits and invitations."""

import pytest

from chat.domain.holdings import Link, Visit


@pytest.mark.parametrize(
    ("visit", "has_been", "is_inside"),
    [
        pytest.param(Visit("#tea"), False, False, id="never there"),
        pytest.param(Visit("#tea", read=70), False, False, id="only read of it"),
        pytest.param(Visit("#tea", 5), True, True, id="came"),
        pytest.param(Visit("#tea", 5, left=7), True, False, id="disconnected"),
        pytest.param(Visit("#tea", 0, left=7), True, False, id="left"),
        pytest.param(Visit("#tea", 5, left=7, back=9), True, True, id="came back"),
        pytest.param(Visit("#tea", 0, left=7, back=9), True, True, id="is banned"),
    ],
)
def test_where_somebody_is_and_was(
    visit: Visit, has_been: bool, is_inside: bool
) -> None:
    assert (visit.has_been, visit.is_inside) == (has_been, is_inside)
    assert visit.is_away == (has_been and not is_inside)


def test_two_invitations_are_never_one() -> None:
    link = Link(900, 201, "a digest", "alice", 9000, -1)
    assert link != Link(900, 201, "a digest", "alice", 9000, -1)

"""Search conditions of LIST."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.dialects.irc.elist import asked
from chat.domain.commands import AskRooms


@pytest.mark.parametrize(
    ("conditions", "wanted"),
    [
        pytest.param("", AskRooms(), id="nothing"),
        pytest.param("#tea", AskRooms(("#tea",)), id="a room"),
        pytest.param("#a,,#b", AskRooms(("#a", "#b")), id="two rooms"),
        pytest.param("*tea*", AskRooms(("*tea*",)), id="M: a mask"),
        pytest.param("!*tea*", AskRooms(but=("*tea*",)), id="N: not a mask"),
        pytest.param(">3", AskRooms(least=4), id="U: more than three"),
        pytest.param("<10", AskRooms(most=9), id="U: less than ten"),
        pytest.param(">3,<10", AskRooms(least=4, most=9), id="U: both"),
        pytest.param("C<60", AskRooms(newer=3600), id="C: within an hour"),
        pytest.param("c>1", AskRooms(older=60), id="C: earlier, in a small letter"),
        pytest.param("T<5", AskRooms(topic_newer=300), id="T: lately"),
        pytest.param("t>5", AskRooms(topic_older=300), id="T: long ago"),
        pytest.param("<0", AskRooms(most=-1), id="nothing has less than nobody"),
        pytest.param(">", AskRooms(), id="no number"),
        pytest.param(">x,C<1.5,T>-1,X<3", AskRooms(), id="what is no number"),
        pytest.param(">٣", AskRooms(), id="no digit of ours"),
        pytest.param(">" + "9" * 400, AskRooms(), id="a huge one"),
        pytest.param("!", AskRooms(but=("",)), id="not nothing"),
    ],
)
def test_what_is_asked(conditions: str, wanted: AskRooms) -> None:
    assert asked(conditions) == wanted


@given(st.text())
def test_any_condition_is_understood_somehow(conditions: str) -> None:
    assert isinstance(asked(conditions), AskRooms)

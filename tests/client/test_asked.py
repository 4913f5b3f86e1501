"""Asked: in which room an answer belongs."""

import pytest

from chat.client.asked import Asked
from chat.client.happenings import Note, Send
from chat.dialects.irc.message import parse


def asked(*lines: str) -> Asked:
    """Each of *lines* was typed in a room of its own: #0, #1, #2."""
    asked = Asked()
    for number, line in enumerate(lines):
        asked.note([Note("ignored"), Send(parse(line))], f"#{number}")
    return asked


@pytest.mark.parametrize(
    ("questions", "answers", "rooms"),
    [
        pytest.param([], ["311 al bob"], [""], id="nobody asked"),
        pytest.param(
            ["WHOIS bob", "WHOIS eve"],
            ["311 al bob", "318 al bob", "401 al eve", "318 al eve", "311 al bob"],
            ["#0", "#0", "#1", "#1", ""],
            id="one after the other",
        ),
        pytest.param(
            ["LIST", "WHOIS bob"],
            ["311 al bob", "321 al", "318 al bob", "322 al #x 1 :", "323 al"],
            ["#1", "#0", "#1", "#0", "#0"],
            id="two kinds at a time",
        ),
        pytest.param(
            ["LIST", "LIST"], ["263 al LIST", "323 al"], ["#0", "#1"], id="not now"
        ),
        pytest.param(["LIST"], ["461 al WHOIS", "421"], ["", ""], id="other refusals"),
        pytest.param(
            ["AWAY :tea", "AWAY"], ["306 al", "305 al"], ["#0", "#1"], id="away"
        ),
        pytest.param(
            ["MODE #x +o bob", "MODE #x +b", "MODE #x +b eve"],
            ["367 al #x a!*@*", "368 al #x", "368 al #x"],
            ["#1", "#1", ""],
            id="bans",
        ),
        pytest.param(["PRIVMSG bob hi"], ["401 al bob"], [""], id="no question"),
    ],
)
def test_where_an_answer_belongs(
    questions: list[str], answers: list[str], rooms: list[str]
) -> None:
    out = asked(*questions)
    assert [out.room_of(parse(answer)) for answer in answers] == rooms

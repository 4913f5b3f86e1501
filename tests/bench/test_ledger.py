"""The ledger: nothing that is wrong with a line goes unnoticed."""

import pytest

from chat.bench.ledger import Ledger, Wrong
from chat.bench.speech import IRC, Speech, words


def line(who: int, number: int, *, source: int | None = None, room: int = 3) -> bytes:
    text = words(who, number, at=1000 + number)
    source = who if source is None else source
    return b":c%d!u@h PRIVMSG #r%d :%b\r" % (source, room, text)


@pytest.fixture
def answers() -> list[bytes]:
    return []


def test_each_speaker_counts_for_himself(answers: list[bytes]) -> None:
    ledger = Ledger(IRC, 3, {5: 7})
    taken = [
        ledger.take(each, answers.append)
        for each in (line(4, 0), line(5, 7), line(4, 1), line(5, 8))
    ]
    assert taken == [(4, 1000), (5, 1007), (4, 1001), (5, 1008)]
    assert ledger.heard == {4: 2, 5: 9}
    assert answers == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        pytest.param(line(4, 2), "line 1 of c4 is due and 2 came: lost", id="a gap"),
        pytest.param(line(4, 0), "1 of c4 is due and 0 came: repeat", id="a repeat"),
        pytest.param(line(4, 1, source=5), "what c4 said came from c5", id="source"),
        pytest.param(line(4, 1, room=2), "of #r2 came to another", id="the room"),
        pytest.param(line(4, 1)[:-2] + b"\r", "not all words", id="cut short"),
        pytest.param(line(4, 1).replace(b"~~", b"~x"), "nobody said", id="changed"),
        pytest.param(line(4, 1) + b"x", "nobody said that", id="two lines in one"),
    ],
)
def test_what_is_wrong_is_told(wrong: bytes, told: str, answers: list[bytes]) -> None:
    ledger = Ledger(IRC, 3, {})
    ledger.take(line(4, 0), answers.append)
    with pytest.raises(Wrong, match=told):
        ledger.take(wrong, answers.append)


def test_a_ping_is_answered_and_a_notice_is_none_of_its_business(
    answers: list[bytes],
) -> None:
    ledger = Ledger(IRC, 3, {})
    assert ledger.take(b"PING :abc\r", answers.append) is None
    assert ledger.take(b":c4!u@h JOIN #r3\r", answers.append) is None
    assert answers == [b"PONG :abc\r\n"]
    assert ledger.heard == {}


def test_plain_is_counted_as_well(answers: list[bytes]) -> None:
    ledger = Ledger(Speech(is_plain=True), 3, {})
    assert ledger.take(b"c4: " + words(4, 0, at=9), answers.append) == (4, 9)
    with pytest.raises(Wrong, match="#r2 came to another room"):
        ledger.take(b"[#r2] c4: " + words(4, 1, at=9), answers.append)

"""Speech: what is said, and how it is found in what is read."""

import pytest

from chat.bench.speech import IRC, SIZE, Speech, nick, words

TAGGED = Speech(caps="server-time message-tags")
PLAIN = Speech(is_plain=True)
TEXT = words(5, 17, 123)


def test_words_have_their_size() -> None:
    assert TEXT.startswith(b"5 17 123 ~~~")
    assert len(TEXT) == SIZE


@pytest.mark.parametrize(
    ("speech", "arrival"),
    [
        pytest.param(
            IRC,
            [
                (["NICK c7", "USER c7 0 * :c7"], b" 001 "),
                (["JOIN #r3"], b" 366 "),
            ],
            id="irc",
        ),
        pytest.param(
            TAGGED,
            [
                (
                    [
                        "CAP REQ :server-time",
                        "CAP REQ :message-tags",
                        "NICK c7",
                        "USER c7 0 * :c7",
                        "CAP END",
                    ],
                    b" 001 ",
                ),
                (["JOIN #r3"], b" 366 "),
            ],
            id="with tags",
        ),
        pytest.param(
            PLAIN,
            [
                (["c7"], b"-- You are in "),
                (["/join #r3", "/leave #lobby"], b"-- You are in #r3"),
            ],
            id="plain",
        ),
    ],
)
def test_one_arrives(speech: Speech, arrival: object) -> None:
    assert nick(7) == "c7"
    assert speech.arrival(7, 3) == arrival


def test_what_stands_before_the_words() -> None:
    assert IRC.before(3) == b"PRIVMSG #r3 :"
    assert PLAIN.before(3) == b""


@pytest.mark.parametrize(
    ("speech", "line"),
    [
        pytest.param(IRC, b":c5!c5@host PRIVMSG #r3 :" + TEXT + b"\r", id="irc"),
        pytest.param(
            IRC, b":c5 PRIVMSG #r3 :" + TEXT, id="a short source, and only LF"
        ),
        pytest.param(
            TAGGED,
            b"@time=2026-01-01T00:00:00.000Z;msgid=1 :c5!~c5@h PRIVMSG #r3 :" + TEXT,
            id="with tags",
        ),
        pytest.param(PLAIN, b"[#r3] c5: " + TEXT + b"\r", id="plain"),
    ],
)
def test_it_is_read(speech: Speech, line: bytes) -> None:
    found = speech.pattern().fullmatch(line)
    assert found is not None
    assert found.group("source", "room", "who", "number", "at", "text") == (
        b"5",
        b"3",
        b"5",
        b"17",
        b"123",
        TEXT,
    )


def test_in_the_only_room_plain_does_not_name_it() -> None:
    found = PLAIN.pattern().fullmatch(b"c5: " + TEXT + b"\r")
    assert found is not None
    assert found["room"] is None


@pytest.mark.parametrize(
    ("speech", "line", "is_speech"),
    [
        pytest.param(IRC, b":c5!c5@h PRIVMSG #r3 :hello", True, id="other words"),
        pytest.param(IRC, b":c5!c5@h JOIN #r3", False, id="a JOIN"),
        pytest.param(PLAIN, b"c5: hello", True, id="plain: other words"),
        pytest.param(PLAIN, b"-- c5 is here.\r", False, id="plain: a notice"),
        pytest.param(PLAIN, b"[#r3] -- c5 is here.", False, id="of another room"),
        pytest.param(PLAIN, b"\r", False, id="plain: an empty line"),
    ],
)
def test_notices_are_no_speech(speech: Speech, line: bytes, is_speech: bool) -> None:
    assert speech.pattern().fullmatch(line) is None
    assert speech.is_speech(line) == is_speech

"""Replies: the server's numerics, in words for a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client.replies import in_words, is_reply
from chat.dialects.irc.message import Message, parse


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (":irc.x 401 alice bob :No such nick", "There is no bob here."),
        (":irc.x 403 alice #x :No such channel", "There is no room #x."),
        (":irc.x 404 alice #x :Cannot send", "You may not speak in #x."),
        (":irc.x 421 alice WHAT :Unknown", "The server does not know WHAT."),
        (":irc.x 433 alice bob :In use", "bob is taken; try another."),
        (":irc.x 442 alice #x :Not there", "You are not in #x."),
        (":irc.x 461 alice JOIN :Not enough", "JOIN needs more than that."),
        (":irc.x 475 alice #x :Bad key", "#x needs a key: /join #x KEY"),
        (":irc.x 482 alice #x :No", "Only an operator of #x may do that."),
        (":irc.x 301 alice bob :at lunch", "bob is away: at lunch"),
        (":irc.x 311 alice bob b host * :Bob B", "bob is b@host (Bob B)"),
        (":irc.x 319 alice bob :@#lobby #tea", "bob is in @#lobby #tea"),
        (":irc.x 322 alice #tea 3 :Tea at five", "#tea (3) Tea at five"),
        (":irc.x 322 alice #tea 3 :", "#tea (3)"),
        (":irc.x 323 alice :End of LIST", "Those are all rooms that match."),
        (":irc.x 368 alice #tea :End", "Nobody else is banned from #tea."),
        (":irc.x 306 alice :You have been marked", "You are away."),
        (":irc.x 318 alice bob :End of WHOIS", ""),
        (":irc.x 372 alice :- Welcome all", "Welcome all"),
        (":irc.x 372 alice :Welcome all", "Welcome all"),
    ],
)
def test_the_ones_that_people_meet(line: str, words: str) -> None:
    assert in_words(parse(line)) == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param(":irc.x 999 alice :Oh dear", "Oh dear", id="a sentence"),
        pytest.param(":irc.x 999 alice #x 3 :Oh dear", "#x 3: Oh dear", id="about it"),
        pytest.param(":irc.x 999 alice", "", id="nothing said"),
        pytest.param(":irc.x 999", "", id="nothing at all"),
        pytest.param(":irc.x 441 alice bob", "bob", id="less than our words need"),
        pytest.param(":irc.x 376 alice :End of MOTD", "", id="nobody needs it"),
    ],
)
def test_the_others(line: str, words: str) -> None:
    assert in_words(parse(line)) == words


def test_braces_in_a_name_are_only_braces() -> None:
    message = Message("401", ("alice", "{0.__class__}", "No such nick"))
    assert in_words(message) == "There is no {0.__class__} here."


@given(st.integers(0, 999), st.lists(st.text()))
def test_no_numeric_is_too_strange(number: int, params: list[str]) -> None:
    assert isinstance(in_words(Message(f"{number:03}", tuple(params))), str)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("FAIL * OH_DEAR :Oh dear", "Oh dear"),
        ("WARN JOIN OH_DEAR #x :Oh dear", "Oh dear (#x)"),
        ("NOTE SEARCH CUT :That took too long.", "That took too long."),
        ("FAIL", ""),
        (
            "FAIL CHATHISTORY INVALID_TARGET LATEST #x :No",
            "There is nothing of #x that you can read.",
        ),
        ("FAIL CHATHISTORY INVALID_TARGET :No", "No"),
        (
            "FAIL CHATHISTORY MESSAGE_ERROR BEFORE #x :No",
            "What was said cannot be read just now.",
        ),
        ("FAIL SEARCH INTERNAL_ERROR :There was no time", "There was no time"),
        (
            "FAIL SEARCH INVALID_PARAMS after=x :No such time",
            "No such time (after=x)",
        ),
    ],
)
def test_the_newer_answers(line: str, words: str) -> None:
    assert in_words(parse(line)) == words


@pytest.mark.parametrize(
    ("command", "expected"),
    [("001", True), ("FAIL", True), ("NOTE", True), ("NOTICE", False), ("", False)],
)
def test_what_is_an_answer(command: str, expected: bool) -> None:
    assert is_reply(Message(command)) is expected


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (":s 900 me me!u@h bob :You are now logged in", "You are logged in as bob."),
        (":s 901 me me!u@h :You are now logged out", "You are logged out."),
        (":s 903 me :SASL authentication successful", ""),
        (":s 464 me :Password incorrect.", "Password incorrect."),
        (":s 465 me :Only the invited come in.", "Only the invited come in."),
        (":s 477 me bob :Log in first.", "bob: Log in first."),
        (":s 481 me :You are not logged in.", "You are not logged in."),
    ],
)
def test_what_has_to_do_with_accounts(line: str, shown: str) -> None:
    assert in_words(parse(line)) == shown

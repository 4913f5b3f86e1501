"""IRC messages: lines taken apart, and put together again.

The examples are in the manner of https://modern.ircdocs.horse/#messages and
https://ircv3.net/specs/extensions/message-tags.
"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.dialects.irc.message import (
    Message,
    escaped,
    formatted,
    parse,
    parse_tags,
    unescaped,
)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("PING", Message("PING"), id="a command alone"),
        pytest.param("ping", Message("PING"), id="a command in small letters"),
        pytest.param("001 bob", Message("001", ("bob",)), id="a numeric"),
        pytest.param("PING a b", Message("PING", ("a", "b")), id="parameters"),
        pytest.param("PING :a b", Message("PING", ("a b",)), id="one with a space"),
        pytest.param(
            "PRIVMSG #lobby :hi there",
            Message("PRIVMSG", ("#lobby", "hi there")),
            id="a message",
        ),
        pytest.param(
            "PRIVMSG #lobby hi", Message("PRIVMSG", ("#lobby", "hi")), id="no colon"
        ),
        pytest.param(
            "PRIVMSG #lobby ::)", Message("PRIVMSG", ("#lobby", ":)")), id="a smiley"
        ),
        pytest.param(
            "PRIVMSG #lobby :a :b", Message("PRIVMSG", ("#lobby", "a :b")), id="a : b"
        ),
        pytest.param("USER a:b c", Message("USER", ("a:b", "c")), id="colon in a word"),
        pytest.param("TOPIC #a :", Message("TOPIC", ("#a", "")), id="an empty end"),
        pytest.param(
            "TOPIC #a : ",
            Message("TOPIC", ("#a", " ")),
            id="a space at the end is text",
        ),
        pytest.param(
            ":irc.host NOTICE * :hi",
            Message("NOTICE", ("*", "hi"), "irc.host"),
            id="from a server",
        ),
        pytest.param(
            ":alice!a@h JOIN #a", Message("JOIN", ("#a",), "alice!a@h"), id="from alice"
        ),
    ],
)
def test_a_line_is_taken_apart(line: str, message: Message) -> None:
    assert parse(line) == message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("PING  a   b", Message("PING", ("a", "b")), id="between words"),
        pytest.param("PING a b  ", Message("PING", ("a", "b")), id="at the end"),
        pytest.param("  PING a", Message("PING", ("a",)), id="at the beginning"),
        pytest.param("PING a   :b  c", Message("PING", ("a", "b  c")), id="before :"),
        pytest.param(":alice   PING a", Message("PING", ("a",), "alice"), id="source"),
        pytest.param("@k=v   PING", Message("PING", tags={"k": "v"}), id="tags"),
        pytest.param(
            "@k  :alice  PING  a",
            Message("PING", ("a",), "alice", {"k": ""}),
            id="everywhere",
        ),
        pytest.param("PING\ta b", Message("PING\tA", ("b",)), id="a tab is none"),
    ],
)
def test_one_space_is_as_good_as_many(line: str, message: Message) -> None:
    assert parse(line) == message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("", Message(""), id="nothing"),
        pytest.param("   ", Message(""), id="only spaces"),
        pytest.param(":", Message(""), id="only a colon"),
        pytest.param(" :hi", Message(""), id="only an end"),
        pytest.param(":alice", Message("", source="alice"), id="only a source"),
        pytest.param(":alice  ", Message("", source="alice"), id="a source and spaces"),
        pytest.param(":alice  :hi", Message("", source="alice"), id="source and end"),
        pytest.param("@", Message(""), id="only an at"),
        pytest.param("@ ", Message(""), id="no tags"),
        pytest.param("@k=v", Message("", tags={"k": "v"}), id="only tags"),
        pytest.param(
            "@k=v :alice", Message("", source="alice", tags={"k": "v"}), id="no command"
        ),
    ],
)
def test_a_line_without_a_command_has_the_empty_one(
    line: str, message: Message
) -> None:
    assert parse(line) == message


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        pytest.param("", {}, id="none"),
        pytest.param("k", {"k": ""}, id="a key alone"),
        pytest.param("k=", {"k": ""}, id="an empty value is none"),
        pytest.param("k=v", {"k": "v"}, id="a value"),
        pytest.param("a=1;b;c=3", {"a": "1", "b": "", "c": "3"}, id="several"),
        pytest.param("k=a=b", {"k": "a=b"}, id="= in a value"),
        pytest.param("k=1;k=2", {"k": "2"}, id="the last of two counts"),
        pytest.param("k=1;k", {"k": ""}, id="even if it is empty"),
        pytest.param(";a=1;;b=2;", {"a": "1", "b": "2"}, id="empty ones are skipped"),
        pytest.param(
            "+draft/reply=a1;msgid=b2",
            {"+draft/reply": "a1", "msgid": "b2"},
            id="a client's, and a vendor's",
        ),
        pytest.param("a=x\\:y\\sz", {"a": "x;y z"}, id="escapes"),
        pytest.param(
            "a=\\:;b=\\:", {"a": ";", "b": ";"}, id="an escaped ; divides none"
        ),
        pytest.param("k=né", {"k": "né"}, id="any letters"),
    ],
)
def test_tags_by_key(text: str, tags: dict[str, str]) -> None:
    assert parse_tags(text) == tags


def test_tags_stand_before_the_source() -> None:
    assert parse("@id=1;time=2 :alice!a@h PRIVMSG #a :hi there") == Message(
        "PRIVMSG", ("#a", "hi there"), "alice!a@h", {"id": "1", "time": "2"}
    )


@pytest.mark.parametrize(
    ("wire", "meant"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("plain", "plain", id="nothing to undo"),
        pytest.param("\\:", ";", id="semicolon"),
        pytest.param("\\s", " ", id="space"),
        pytest.param("\\\\", "\\", id="backslash"),
        pytest.param("\\r", "\r", id="CR"),
        pytest.param("\\n", "\n", id="LF"),
        pytest.param("a\\sb\\:c", "a b;c", id="two in a text"),
        pytest.param("\\\\s", "\\s", id="an escaped backslash begins nothing"),
        pytest.param("\\\\\\s", "\\ ", id="and then a space"),
        pytest.param("\\b", "b", id="no such escape"),
        pytest.param("\\S", "S", id="escapes are small letters"),
        pytest.param("a\\", "a", id="a lone backslash at the end"),
        pytest.param("\\", "", id="a lone backslash"),
        pytest.param("a\\\\\\", "a\\", id="one escaped, one alone"),
    ],
)
def test_a_value_is_unescaped(wire: str, meant: str) -> None:
    assert unescaped(wire) == meant


def test_what_a_tag_cannot_hold_is_escaped() -> None:
    assert escaped("a;b c\\d\re\nf") == "a\\:b\\sc\\\\d\\re\\nf"


@pytest.mark.parametrize(
    ("message", "line"),
    [
        pytest.param(Message("PING"), "PING", id="a command alone"),
        pytest.param(
            Message("PING", ("a", "b")), "PING a b", id="no colon without need"
        ),
        pytest.param(Message("PING", ("a b",)), "PING :a b", id="a space needs one"),
        pytest.param(Message("PING", ("",)), "PING :", id="an empty end needs one"),
        pytest.param(Message("PING", (":)",)), "PING ::)", id="a colon needs one"),
        pytest.param(
            Message("PING", ("a:b",)), "PING a:b", id="in the middle it does not"
        ),
        pytest.param(
            Message("001", ("bob", "Hi bob"), "irc.host"),
            ":irc.host 001 bob :Hi bob",
            id="with a source",
        ),
        pytest.param(
            Message("JOIN", ("#a",), "al!a@h", {"id": "1", "bot": "", "t": "a;b"}),
            "@id=1;bot;t=a\\:b :al!a@h JOIN #a",
            id="with tags",
        ),
    ],
)
def test_a_message_is_put_together(message: Message, line: str) -> None:
    assert formatted(message) == line


@pytest.mark.parametrize(
    ("source", "nick"),
    [
        pytest.param("", "", id="nobody"),
        pytest.param("alice", "alice", id="a nick alone"),
        pytest.param("alice!a@h", "alice", id="a whole source"),
        pytest.param("alice!a", "alice", id="without a host"),
        pytest.param("alice@h", "alice", id="without a username"),
        pytest.param("irc.host", "irc.host", id="a server"),
    ],
)
def test_the_nick_is_who_sent_it(source: str, nick: str) -> None:
    assert Message("PRIVMSG", source=source).nick == nick


WORDS = st.text(
    st.characters(exclude_characters=" \0\r\n"), min_size=1, max_size=9
).filter(lambda word: not word.startswith(":"))
ENDS = st.text(st.characters(exclude_characters="\0\r\n"), max_size=9)
KEYS = st.text("abcxyz019-/+.", min_size=1, max_size=9)


@st.composite
def well_formed(draw: st.DrawFn) -> Message:
    params = draw(st.lists(WORDS, max_size=4)) + draw(st.lists(ENDS, max_size=1))
    return Message(
        draw(st.text("ABCXYZ019", min_size=1, max_size=9)),
        tuple(params),
        draw(st.just("") | WORDS),
        draw(st.dictionaries(KEYS, st.text(max_size=9), max_size=4)),
    )


@settings(deadline=None)
@given(well_formed())
@example(Message("A", ("",), "", {"k": "\\; \r\n"}))
def test_what_is_put_together_comes_apart_again(message: Message) -> None:
    assert parse(formatted(message)) == message


@settings(deadline=None)
@given(well_formed())
def test_a_message_is_one_line_without_its_end(message: Message) -> None:
    assert not {"\r", "\n"} & set(formatted(message))


@settings(deadline=None)
@given(st.text() | st.text("@:;=\\ aA\t\0"))
def test_any_line_comes_apart_into_words(line: str) -> None:
    message = parse(line)
    assert not [word for word in message.params[:-1] if " " in word or not word]


@settings(deadline=None)
@given(st.text())
def test_any_value_survives_the_wire(value: str) -> None:
    assert unescaped(escaped(value)) == value


@settings(deadline=None)
@given(st.text())
def test_an_escaped_value_holds_nothing_that_ends_it(value: str) -> None:
    assert not set("; \r\n") & set(escaped(value))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("@k=" + "\\s" * 40_000 + " PING", 0, id="an escaped tag"),
        pytest.param("@" + "k;" * 40_000 + " PING", 0, id="many tags"),
        pytest.param("PING " + "a " * 40_000, 40_000, id="many words"),
        pytest.param("PING" + " " * 80_000 + "a", 1, id="many spaces"),
        pytest.param("PING :" + " :" * 40_000, 1, id="many colons"),
    ],
)
def test_a_very_long_line_comes_apart(line: str, words: int) -> None:
    message = parse(line)
    assert (message.command, len(message.params)) == ("PING", words)

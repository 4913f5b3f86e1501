"""The session: one conversation with one IRC server, without the network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client.happenings import Effect, Joined, Note, Said, Send
from chat.client.news import KNOWN
from chat.client.session import Session
from chat.dialects.irc.message import Message, formatted, parse

WELCOME = (":irc.x 001 alice :Welcome", ":irc.x 376 alice :End of MOTD")
TRYING_ANOTHER = "trying zovanderb. /nick NAME changes it."
ARRIVAL = (*WELCOME, ":alice!a@h JOIN #lobby")


def told(effects: list[Effect]) -> list[str]:
    """Effects as a script: ``> LINE`` is sent, anything else is shown."""
    return [
        f"> {formatted(effect.message)}"
        if isinstance(effect, Send)
        else effect.text
        if isinstance(effect, Note | Said)
        else type(effect).__name__
        for effect in effects
    ]


def hears(session: Session, *lines: str) -> list[str]:
    """What *session* does about *lines* from the server."""
    return [words for line in lines for words in told(session.hear(parse(line)))]


@pytest.fixture
def session() -> Session:
    """Alice has said hello to the server, which has not answered yet."""
    session = Session(nick="alice", room="#lobby")
    session.greet()
    return session


@pytest.fixture
def arrived(session: Session) -> Session:
    """Alice is in #lobby."""
    hears(session, *ARRIVAL)
    return session


def test_the_first_words() -> None:
    session = Session(nick="alice", room="#lobby")
    assert told(session.greet()) == [
        "> CAP LS 302",
        "> NICK alice",
        "> USER alice 0 * alice",
    ]


def test_a_server_may_be_choosy_about_the_name_of_a_user() -> None:
    assert told(Session(nick="zoë", room="#lobby").greet())[1:] == [
        "> NICK zoë",
        "> USER zo 0 * zoë",
    ]


@pytest.mark.parametrize(
    ("lines", "answers"),
    [
        pytest.param(
            ["CAP * LS :multi-prefix sasl=PLAIN server-time echo-message=x"],
            ["> CAP REQ :server-time echo-message"],
            id="what is offered and wanted",
        ),
        pytest.param(
            ["CAP * LS * :server-time", "CAP * LS :message-tags"],
            ["> CAP REQ :message-tags server-time"],
            id="offered in two lines",
        ),
        pytest.param(["CAP * LS :sasl"], ["> CAP END"], id="nothing to want"),
        pytest.param(["CAP * LS :"], ["> CAP END"], id="nothing offered"),
        pytest.param(["CAP * ACK :server-time"], ["> CAP END"], id="granted"),
        pytest.param(["CAP * NAK :server-time"], ["> CAP END"], id="not granted"),
        pytest.param(["CAP alice NEW :sasl"], [], id="offered later"),
        pytest.param(["CAP alice DEL :sasl"], [], id="withdrawn"),
        pytest.param(["CAP"], [], id="nonsense"),
    ],
)
def test_capabilities(session: Session, lines: list[str], answers: list[str]) -> None:
    assert hears(session, *lines) == answers


def test_an_echo_is_expected_as_long_as_it_is_promised(session: Session) -> None:
    hears(session, "CAP * ACK :echo-message server-time")
    assert session.state.echoes
    hears(session, "CAP alice DEL :echo-message")
    assert not session.state.echoes


def test_a_server_without_capabilities(session: Session) -> None:
    lines = (":irc.x 421 * CAP :Unknown command", *ARRIVAL)
    assert hears(session, *lines) == [
        "The server does not know CAP.",
        "Connected to irc.x as alice.",
        "> JOIN #lobby",
        "> PING join-1",
        "Joined",
    ]


@pytest.mark.parametrize("end", ["376", "422"])
def test_everybody_lands_in_the_room(session: Session, end: str) -> None:
    assert hears(session, f":irc.x {end} alice :End") == [
        "> JOIN #lobby",
        "> PING join-1",
    ]
    assert hears(session, f":irc.x {end} alice :End") == []


def test_the_room_may_be_named_without_its_mark() -> None:
    session = Session(nick="alice", room="tea")
    assert hears(session, ":irc.x 422 alice :No MOTD")[0] == "> JOIN #tea"


def test_the_server_decides_what_we_are_called(session: Session) -> None:
    assert hears(session, ":irc.x 001 alicia :Welcome") == [
        "Connected to irc.x as alicia."
    ]
    assert session.state.nick == "alicia"


def test_a_welcome_that_names_nobody(session: Session) -> None:
    assert hears(session, "001") == ["Connected to the server as alice."]


@pytest.mark.parametrize("number", ["433", "436", "437"])
def test_the_nick_is_taken(session: Session, number: str) -> None:
    assert hears(session, f":irc.x {number} * alice :In use") == [
        "alice is taken; trying alice_. /nick NAME changes it.",
        "> NICK alice_",
    ]
    assert hears(session, f":irc.x {number} * alice_ :In use") == [
        "alice_ is taken; trying alice2. /nick NAME changes it.",
        "> NICK alice2",
    ]


def test_the_server_does_not_like_the_nick() -> None:
    session = Session(nick="zoë.vanderberg", room="#lobby")
    assert hears(session, ":irc.x 432 * zoë.vanderberg :Bad") == [
        f"The server does not take zoë.vanderberg as a nick; {TRYING_ANOTHER}",
        "> NICK zovanderb",
    ]
    assert hears(session, ":irc.x 433 * zovanderb :In use")[1] == "> NICK zovander_"
    assert hears(session, ":irc.x 432 * zovander_ :Bad")[1] == "> NICK zovander2"


def test_no_nick_is_to_be_had(session: Session) -> None:
    for _ in range(9):
        hears(session, ":irc.x 433 * alice :In use")
    assert hears(session, ":irc.x 433 * alice9 :In use") == ["> QUIT"]
    hears(session, "ERROR :Closing link")
    assert session.farewell == "alice9 is taken. Start again with --nick NAME."


def test_a_new_nick_that_is_taken_is_only_said(arrived: Session) -> None:
    refused = hears(
        arrived,
        ":irc.x 433 alice bob :In use",
        ":irc.x 432 alice ? :Erroneous",
    )
    assert refused == ["bob is taken; try another.", "? cannot be a nick here."]
    assert arrived.state.nick == "alice"


def test_a_ping_is_answered_in_kind(session: Session) -> None:
    assert hears(session, "PING :a b", "PING") == ["> PONG :a b", "> PONG"]


def test_what_is_typed_too_early_is_kept_and_sent_in_order(session: Session) -> None:
    assert told(session.type("hello")) == ["Waiting to be sent: hello"]
    assert told(session.type("/me waves")) == ["Waiting to be sent: /me waves"]
    hears(session, *WELCOME)
    assert hears(session, ":alice!a@h JOIN #lobby") == [
        "Joined",
        "> PRIVMSG #lobby hello",
        "hello",
        "> PING line-1",
        "> PRIVMSG #lobby :\x01ACTION waves\x01",
        "waves",
        "> PING line-2",
    ]
    assert not session.unsent.waiting


def test_a_farewell_behind_other_lines_waits_its_turn(session: Session) -> None:
    session.type("hello")
    assert told(session.type("/quit")) == ["Waiting to be sent: /quit"]
    assert hears(session, *ARRIVAL)[-3:] == [
        "> PRIVMSG #lobby hello",
        "hello",
        "> PING line-1",
    ]
    assert hears(session, "PONG irc.x line-1") == ["> QUIT"]
    assert session.state.leaving


def test_who_has_nothing_to_say_may_go_at_once(session: Session) -> None:
    assert told(session.type("/QUIT now")) == ["> QUIT now"]


def test_a_line_behind_a_join_is_meant_for_that_room(arrived: Session) -> None:
    assert told(arrived.type("/join #tea\nhello")) == [
        "> JOIN #tea",
        "> PING join-2",
        "Waiting to be sent: hello",
    ]
    assert hears(arrived, ":bob!b@h JOIN #lobby", "PONG irc.x join-1") == ["Joined"]
    assert hears(arrived, ":alice!a@h JOIN #tea")[1] == "> PRIVMSG #tea hello"


def test_each_join_is_waited_for(arrived: Session) -> None:
    arrived.type("/join #tea")
    arrived.type("/join #python")
    arrived.type("hello")
    assert hears(arrived, ":alice!a@h JOIN #tea") == [
        "Joined",
        "> JOIN #python",
        "> PING join-3",
    ]
    assert hears(arrived, "PONG irc.x join-2") == []
    assert hears(arrived, ":alice!a@h JOIN #python")[1] == "> PRIVMSG #python hello"


def test_a_room_that_does_not_let_us_in(arrived: Session) -> None:
    arrived.type("/join #tea")
    arrived.type("hello")
    answer = (":irc.x 473 alice #tea :Invite only", ":irc.x PONG irc.x :join-2")
    assert hears(arrived, *answer) == [
        "#tea is open to invited people only.",
        "> PRIVMSG #lobby hello",
        "hello",
        "> PING line-2",
    ]


def test_no_room_lets_us_in(session: Session) -> None:
    session.type("hello")
    hears(session, *WELCOME)
    assert hears(session, ":irc.x PONG irc.x join-1") == [
        "You are in no room; /join one first. Not sent: hello"
    ]


def test_what_is_pasted_is_said_line_by_line(arrived: Session) -> None:
    assert told(arrived.type("one\r\n\n  \ntwo\r")) == [
        "> PRIVMSG #lobby one",
        "one",
        "> PING line-1",
        "> PRIVMSG #lobby two",
        "two",
        "> PING line-2",
    ]


def test_what_is_no_character_is_replaced(arrived: Session) -> None:
    assert told(arrived.type("caf\udce9"))[:2] == ["> PRIVMSG #lobby caf?", "caf?"]


def test_the_server_says_why(arrived: Session) -> None:
    assert hears(arrived, "ERROR :Closing link: bye") == []
    assert arrived.farewell == "The server closed the connection: bye"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (":irc.x 404 alice #lobby :No", ["You may not speak in #lobby."]),
        (":irc.x 999 alice :Oh dear", ["Oh dear"]),
        (":irc.x 002 alice :Your host", []),
        ("WHATEVER", []),
        ("", []),
    ],
)
def test_other_messages(arrived: Session, line: str, words: list[str]) -> None:
    assert hears(arrived, line) == words


def test_others_coming_in_are_news(arrived: Session) -> None:
    effects = arrived.hear(parse(":bob!b@h JOIN #lobby"))
    assert effects == [Joined("bob", "#lobby")]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [*sorted(KNOWN), "001", "376", "433", "432", "CAP", "PONG"]
            ),
            st.lists(st.sampled_from(["alice", "#lobby", "LS", "ACK", "*", "x", ""])),
            st.sampled_from(["alice!a@h", "bob!b@h", "irc.x", ""]),
        )
    )
)
def test_no_server_is_too_strange(messages: list[tuple[str, list[str], str]]) -> None:
    session = Session(nick="alice", room="#lobby")
    session.type("hello")
    for command, params, source in messages:
        session.hear(Message(command, tuple(params), source))
        session.type("/topic hello")

"""The session: one conversation with one IRC server, without the network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client.happenings import Effect, Joined, Note, Said, Send
from chat.client.news import KNOWN
from chat.client.session import Session, lines
from chat.dialects.irc.message import Message, formatted, parse

WELCOME = (":irc.x 001 alice :Welcome", ":irc.x 376 alice :End of MOTD")
NEWER = ("BATCH", "FAIL", "421")
BRACKETS = ("batch", "+x", "-x", "chathistory", "soju.im/search")
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


# What proves that a line was heard.


def echo(text: str, to: str = "#lobby") -> str:
    """Alice's own line, as the server sends it back."""
    return f":alice!a@h PRIVMSG {to} :{text}"


@pytest.fixture
def echoing(session: Session) -> Session:
    """Alice is in #lobby, at a server that sends back what she says."""
    hears(session, "CAP * ACK :echo-message", *ARRIVAL, "PONG irc.x join-1")
    return session


def unsent(session: Session) -> list[str]:
    """What *session* would have to send again."""
    return [line.text for line in session.unsent]


@pytest.mark.parametrize(
    ("heard", "left"),
    [
        pytest.param([echo("one")], ["two"], id="its echo"),
        pytest.param([echo("one"), echo("two")], [], id="both echoes"),
        pytest.param([echo("two")], ["one"], id="the other's"),
        pytest.param([echo("o\x02ne")], ["two"], id="less its formatting"),
        pytest.param([echo("one", "#LOBBY")], ["two"], id="another spelling"),
        pytest.param([echo("one", "bob")], ["one", "two"], id="to somebody else"),
        pytest.param([echo("three")], ["one", "two"], id="other words"),
        pytest.param(
            [":bob!b@h PRIVMSG #lobby one"], ["one", "two"], id="somebody else's"
        ),
    ],
)
def test_an_echo_proves_it(echoing: Session, heard: list[str], left: list[str]) -> None:
    echoing.type("one\ntwo")
    hears(echoing, *heard)
    assert unsent(echoing) == left


def test_where_there_is_no_echo_a_ping_behind_each_line_proves_it(
    arrived: Session,
) -> None:
    arrived.type("one\ntwo")
    hears(arrived, echo("one"), "PONG irc.x line-0", "PONG irc.x line-x", "PONG")
    assert unsent(arrived) == ["one", "two"]
    hears(arrived, "PONG irc.x line-1")
    assert unsent(arrived) == ["two"]


def test_what_the_server_refuses_is_told_and_not_sent_again(echoing: Session) -> None:
    echoing.type("/msg bob psst\nhello")
    assert hears(echoing, ":irc.x 401 alice bob :No such nick") == [
        "There is no bob here.",
        "Not sent: /msg bob psst",
    ]
    assert unsent(echoing) == ["hello"]


def test_a_refusal_without_an_echo_is_known_by_its_place(arrived: Session) -> None:
    arrived.type("one\ntwo")
    heard = hears(
        arrived,
        "PONG irc.x line-1",
        ":irc.x 404 alice #lobby :No",
        "PONG irc.x line-2",
    )
    assert heard == ["You may not speak in #lobby.", "Not sent: two"]
    assert unsent(arrived) == []


@pytest.mark.parametrize(
    "complaint",
    [
        pytest.param(":irc.x 433 alice bob :In use", id="about something else"),
        pytest.param(":irc.x 404 alice #tea :No", id="about another room"),
    ],
)
def test_another_complaint_is_none_of_its_business(
    arrived: Session, complaint: str
) -> None:
    arrived.type("one")
    hears(arrived, complaint, "PONG irc.x line-1")
    assert arrived.unsent.refused == []


def test_a_line_without_its_addressee_was_too_long(arrived: Session) -> None:
    arrived.type("one")
    hears(arrived, ":irc.x 417 alice :Too long", "PONG irc.x line-1")
    assert arrived.unsent.refused == ["one"]


def test_only_so_much_is_under_way(echoing: Session) -> None:
    sent = told(echoing.type("\n".join(map(str, range(12)))))
    assert sent == [
        *(f"> PRIVMSG #lobby {n}" for n in range(10)),
        # Something is swallowed perhaps: this will tell.
        "> PING line-10",
        "Waiting to be sent: 10",
        "Waiting to be sent: 11",
    ]
    assert hears(echoing, echo("0")) == ["0", "> PRIVMSG #lobby 10"]


def test_what_is_swallowed_is_told(echoing: Session) -> None:
    echoing.type("hello")
    assert told(echoing.type("/quit")) == ["> PING line-1"]
    assert hears(echoing, "PONG irc.x line-1") == ["Not sent: hello", "> QUIT"]


def test_help_is_there_at_any_time(session: Session) -> None:
    assert told(session.type("/help nick"))[0].startswith("/nick")


# The next connection.


def test_the_next_session_sends_what_was_not_heard(echoing: Session) -> None:
    echoing.type("one\ntwo\n/me waves")
    hears(echoing, echo("one"))
    echoing.unsent.lose()
    session = Session(nick="alice", room="#lobby", unsent=echoing.unsent)
    hears(session, "CAP * ACK :echo-message", *WELCOME)
    assert hears(session, ":alice!a@h JOIN #lobby") == [
        "Joined",
        "> PRIVMSG #lobby two",
        "> PRIVMSG #lobby :\x01ACTION waves\x01",
    ]


def test_of_a_long_line_only_what_was_not_heard_is_sent_again(
    echoing: Session,
) -> None:
    effects = echoing.type("x" * 900)
    first, *others = [effect for effect in effects if isinstance(effect, Send)]
    hears(echoing, echo(first.message.params[1]))
    echoing.unsent.lose()
    session = Session(nick="alice", room="#lobby", unsent=echoing.unsent)
    hears(session, "CAP * ACK :echo-message", *WELCOME)
    again = hears(session, ":alice!a@h JOIN #lobby")[1:]
    assert again == [f"> {formatted(other.message)}" for other in others]
    assert len(again) == 2


def test_what_stands_on_the_screen_is_not_shown_again(arrived: Session) -> None:
    arrived.type("one")
    arrived.unsent.lose()
    session = Session(nick="alice", room="#lobby", unsent=arrived.unsent)
    assert hears(session, *ARRIVAL)[-2:] == ["> PRIVMSG #lobby one", "> PING line-1"]


@pytest.mark.parametrize(
    ("heard", "typed", "itinerary"),
    [
        pytest.param([], "", ([], "#lobby"), id="one room"),
        pytest.param(
            [":alice!a@h JOIN #tea"], "", (["#lobby"], "#tea"), id="the last one last"
        ),
        pytest.param(
            [":alice!a@h JOIN #tea"],
            "/join #lobby",
            (["#tea"], "#lobby"),
            id="unless we went back",
        ),
        pytest.param(
            [], "/join #tea key", (["#lobby"], "#tea key"), id="one not entered yet"
        ),
        pytest.param([":alice!a@h PART #lobby"], "", ([], "#lobby"), id="nowhere"),
    ],
)
def test_where_to_be_after_this(
    arrived: Session, heard: list[str], typed: str, itinerary: tuple[list[str], str]
) -> None:
    hears(arrived, *heard)
    arrived.type(typed)
    assert arrived.itinerary() == itinerary


def test_several_rooms_are_entered_in_order() -> None:
    session = Session(nick="alice", room="#lobby", also=["#tea key"])
    session.type("hello")
    assert hears(session, *WELCOME)[1:] == [
        "> JOIN #tea key",
        "> PING join-1",
        "> JOIN #lobby",
        "> PING join-2",
    ]
    assert hears(session, ":alice!a@h JOIN #tea", "PONG irc.x join-1") == ["Joined"]
    assert hears(session, ":alice!a@h JOIN #lobby")[1] == "> PRIVMSG #lobby hello"


def test_a_line_goes_to_the_room_where_it_was_typed(arrived: Session) -> None:
    arrived.type("for the lobby")
    hears(arrived, ":alice!a@h JOIN #tea")
    arrived.type("for tea")
    arrived.unsent.lose()
    session = Session(nick="alice", room="#tea", also=["#lobby"], unsent=arrived.unsent)
    hears(session, *WELCOME, ":alice!a@h JOIN #lobby")
    sent = hears(session, ":alice!a@h JOIN #tea")
    assert sent[1::2] == ["> PRIVMSG #lobby :for the lobby", "> PRIVMSG #tea :for tea"]
    assert session.state.is_current("#tea")


def test_a_room_that_is_closed_now_gets_nothing(arrived: Session) -> None:
    hears(arrived, ":alice!a@h JOIN #tea")
    arrived.type("for tea")
    arrived.unsent.lose()
    session = Session(nick="alice", room="#lobby", unsent=arrived.unsent)
    assert hears(session, *ARRIVAL)[-1] == "You are not in #tea. Not sent: for tea"
    assert session.unsent.refused == ["for tea"]


def test_the_name_that_we_chose_is_the_one_that_we_want(arrived: Session) -> None:
    hears(arrived, ":alice!a@h NICK alicia", ":bob!b@h NICK rob")
    assert arrived.wanted_nick == "alicia"


def test_turned_away(session: Session) -> None:
    hears(session, *WELCOME)
    assert not session.is_turned_away
    hears(session, ":irc.x 473 alice #lobby :No", "PONG irc.x join-1")
    assert session.is_turned_away


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
                [*sorted(KNOWN), "001", "376", "433", "432", "CAP", "PONG", *NEWER]
            ),
            st.lists(
                st.sampled_from(
                    ["alice", "#lobby", "LS", "ACK", "*", "x", "", *BRACKETS]
                )
            ),
            st.sampled_from(["alice!a@h", "bob!b@h", "irc.x", ""]),
            st.booleans(),
        )
    )
)
def test_no_server_is_too_strange(
    messages: list[tuple[str, list[str], str, bool]],
) -> None:
    session = Session(nick="alice", room="#lobby")
    session.type("hello")
    session.state.keeps_history = session.state.searches = True
    session.state.batches = True
    session.hear(parse("BATCH +x chathistory #lobby"))
    for command, params, source, is_in_batch in messages:
        tags = {"batch": "x"} if is_in_batch else {}
        session.hear(Message(command, tuple(params), source, tags))
        session.type("/topic hello")
        session.type("/history")
        session.type("/search hello")


def test_an_answer_belongs_to_the_room_where_it_was_asked(
    arrived: Session,
) -> None:
    arrived.hear(parse(":alice!a@h JOIN #tea"))
    assert told(arrived.type("/w bob")) == ["> WHOIS bob"]
    arrived.type("/join #lobby")
    answers = [
        effect
        for number in ("312 alice bob irc.x :Here", "318 alice bob :End", "999 x :Odd")
        for effect in arrived.hear(parse(f":irc.x {number}"))
    ]
    assert answers == [Note("bob is on irc.x (Here)", "#tea"), Note("Odd")]


def test_what_is_played_back_is_no_news(arrived: Session) -> None:
    arrived.hear(parse(":alice!a@h JOIN #tea"))
    batch = (
        "BATCH +b chathistory #lobby",
        "@batch=b :bob!b@h PRIVMSG #lobby :alice, hello?",
        "@batch=b :alice!a@h NICK eve",
        "@batch=b :alice!a@h PART #lobby",
        "@batch=b :irc.x 404 alice #lobby :No",
        "BATCH -b",
    )
    assert hears(arrived, *batch) == ["Mark", "alice, hello?", "Mark"]
    assert arrived.state.nick == "alice"
    assert not arrived.state.unread()
    assert list(arrived.state.rooms) == ["#lobby", "#tea"]


def test_a_question_is_answered_once_it_may_be_asked(session: Session) -> None:
    hears(session, "CAP * LS :batch draft/chathistory", "CAP * ACK :batch")
    session.type("/history 2")
    assert hears(session, *ARRIVAL)[-1] == "> CHATHISTORY LATEST #lobby * 2"
    refused = "FAIL CHATHISTORY MESSAGE_ERROR LATEST #lobby :No"
    assert hears(session, refused) == ["What was said cannot be read just now."]


def test_the_first_letters_of_a_command_do_all_that_it_does(
    arrived: Session,
) -> None:
    assert told(arrived.type("/j #tea"))[0] == "> JOIN #tea"
    assert told(arrived.type("hi")) == ["Waiting to be sent: hi"]


@pytest.mark.parametrize(
    ("typed", "carried"),
    [
        pytest.param("one\r\ntwo", ["one", "two"], id="two lines"),
        pytest.param("a\tb", ["a       b"], id="a tab"),
        pytest.param("\x1b[31mred\x1b[0m", ["[31mred[0m"], id="colours of a terminal"),
        pytest.param("a\0b\x0cc", ["abc"], id="NUL and form feed"),
        pytest.param("\x02bold\x02", ["\x02bold\x02"], id="colours of IRC stay"),
        pytest.param(" \n\0\n", [], id="nothing left"),
    ],
)
def test_only_what_irc_carries_is_sent(typed: str, carried: list[str]) -> None:
    assert lines(typed) == carried

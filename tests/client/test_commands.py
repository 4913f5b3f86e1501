"""The commands: what a person can type, in one table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client.commands import COMMANDS, Command, obey, spelled_out
from chat.client.happenings import Ask, Effect, Manner, Note, Said, Send
from chat.client.state import State
from chat.dialects.irc.message import formatted, parse


@pytest.fixture
def state() -> State:
    """Alice is in #lobby, on a server that sends her own lines back."""
    state = State("alice", echoes=True)
    state.enter("#lobby")
    return state


def sent(effects: list[Effect]) -> list[str]:
    """The lines that the link would send."""
    return [formatted(effect.message) for effect in effects if isinstance(effect, Send)]


def notes(effects: list[Effect]) -> list[str]:
    """What the person is told in place."""
    return [effect.text for effect in effects if isinstance(effect, Note)]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("hello there", "PRIVMSG #lobby :hello there"),
        (":-)", "PRIVMSG #lobby ::-)"),
        (" /not a command", "PRIVMSG #lobby : /not a command"),
        ("//me is how you wave", "PRIVMSG #lobby :/me is how you wave"),
        ("/me waves", "PRIVMSG #lobby :\x01ACTION waves\x01"),
        ("/ME waves", "PRIVMSG #lobby :\x01ACTION waves\x01"),
        ("/msg bob psst, you", "PRIVMSG bob :psst, you"),
        ("/msg #tea hello", "PRIVMSG #tea hello"),
        ("/join #tea", "JOIN #tea"),
        ("/join tea", "JOIN #tea"),
        ("/join &tea key", "JOIN &tea key"),
        ("/part", "PART #lobby"),
        ("/part see you", "PART #lobby :see you"),
        ("/part #lobby see you", "PART #lobby :see you"),
        ("/topic", "TOPIC #lobby"),
        ("/topic Tea at five", "TOPIC #lobby :Tea at five"),
        ("/topic #LOBBY Tea at five", "TOPIC #lobby :Tea at five"),
        ("/names", "NAMES #lobby"),
        ("/names #tea", "NAMES #tea"),
        ("/nick al", "NICK al"),
        ("/rooms", "LIST"),
        ("/rooms *tea*", "LIST *tea*"),
        ("/whois bob", "WHOIS bob"),
        ("/w bob and more", "WHOIS bob"),
        ("/away", "AWAY away"),
        ("/away at tea", "AWAY :at tea"),
        ("/back", "AWAY"),
        ("/invite bob", "INVITE bob #lobby"),
        ("/invite bob #tea", "INVITE bob #tea"),
        ("/kick bob", "KICK #lobby bob"),
        ("/kick #lobby bob too loud", "KICK #lobby bob :too loud"),
        ("/ban", "MODE #lobby +b"),
        ("/ban bob", "MODE #lobby +b bob!*@*"),
        ("/ban *!*@h", "MODE #lobby +b *!*@h"),
        ("/unban bob", "MODE #lobby -b bob!*@*"),
        ("/op bob", "MODE #lobby +o bob"),
        ("/deop bob", "MODE #lobby -o bob"),
        ("/voice bob", "MODE #lobby +v bob"),
        ("/devoice bob", "MODE #lobby -v bob"),
        ("/q", "QUIT"),
        ("/quit", "QUIT"),
        ("/quit so long", "QUIT :so long"),
    ],
)
def test_what_is_sent(state: State, line: str, message: str) -> None:
    assert obey(state, line) == [Send(parse(message))]
    assert sent(obey(state, line)) == [message]


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("/jion #tea", "No /jion. Did you mean /join?"),
        ("/TOPICS", "No /TOPICS. Did you mean /topic?"),
        ("/n", "No /n. Did you mean /names or /nick?"),
        ("/room", "You are in #lobby. Nothing is unread."),
        ("/room lob", "You are in #lobby."),
        (
            "/room x",
            "You are in no room like x; /join enters one. Not sent: /room x",
        ),
        ("/reply", "Like this: /reply TEXT"),
        (
            "/reply hi",
            "Nobody has whispered to you yet. Not sent: /reply hi",
        ),
        ("/mute bob", "This server cannot mute one person. Not sent: /mute bob"),
        ("/invite", "Like this: /invite NICK [ROOM]"),
        ("/kick", "Like this: /kick NICK [REASON]"),
        ("/op", "Like this: /op NICK"),
        ("/whois", "Like this: /whois NICK"),
        ("/he w", "/whois NICK  who that is"),
        ("/xyzzy", "No /xyzzy. /help lists the commands."),
        ("/", "No /. /help lists the commands."),
        ("/msg", "Like this: /msg NICK TEXT"),
        ("/msg bob", "Like this: /msg NICK TEXT"),
        ("/me", "Like this: /me TEXT"),
        ("/join", "Like this: /join ROOM [KEY]"),
        ("/join #LOBBY", "You are in #lobby."),
        ("/nick", "You are alice."),
        ("/part #tea", "You are not in #tea. Not sent: /part #tea"),
        ("/topic #tea T", "You are not in #tea. Not sent: /topic #tea T"),
        ("/msg :b hi", "No name begins with a colon. Not sent: /msg :b hi"),
        ("/help me", "/me TEXT  say what you do: * alice waves"),
        ("/help /quit", "/quit [REASON]  leave; so does Ctrl-D"),
    ],
)
def test_what_is_answered_in_place(state: State, line: str, note: str) -> None:
    assert obey(state, line) == [Note(note)]


@pytest.mark.parametrize("line", ["hello", "/me waves", "/part", "/topic", "/names"])
def test_in_no_room(line: str) -> None:
    nowhere = f"You are in no room; /join one first. Not sent: {line}"
    assert obey(State("alice"), line) == [Note(nowhere)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("hello", Said("alice", "#lobby", "hello")),
        ("/me waves", Said("alice", "#lobby", "waves", Manner.ACTION)),
        ("/msg bob psst", Said("alice", "bob", "psst")),
    ],
)
def test_without_an_echo_it_is_shown_at_once(
    state: State, line: str, said: Said
) -> None:
    state.echoes = False
    assert obey(state, line)[1:] == [said]


def test_going_back_to_a_room_makes_it_the_current_one(state: State) -> None:
    state.enter("#tea")
    obey(state, "/join lobby")
    assert state.is_current("#lobby")


@pytest.mark.parametrize(
    ("announced", "muted", "unmuted"),
    [
        ("EXTBAN=,m", "+b m:bob!*@*", "-b m:bob!*@*"),
        ("EXTBAN=~,qm", "+b ~m:bob!*@*", "-b ~m:bob!*@*"),
        ("CHANMODES=beIq,k,l,imnt", "+q bob!*@*", "-q bob!*@*"),
    ],
)
def test_muting_is_what_the_server_makes_of_it(
    state: State, announced: str, muted: str, unmuted: str
) -> None:
    state.learn(announced)
    assert sent(obey(state, "/mute bob")) == [f"MODE #lobby {muted}"]
    assert sent(obey(state, "/unmute bob")) == [f"MODE #lobby {unmuted}"]
    assert sent(obey(state, "/mute")) == ["MODE #lobby +b"]


def test_several_at_once(state: State) -> None:
    assert sent(obey(state, "/op bob carol")) == [
        "MODE #lobby +o bob",
        "MODE #lobby +o carol",
    ]


def test_replying_goes_to_who_whispered_last(state: State) -> None:
    state.last_whisperer = "bob"
    assert sent(obey(state, "/rep sure")) == ["PRIVMSG bob sure"]


@pytest.mark.parametrize(
    ("line", "room"),
    [
        ("/room", "#ops"),
        ("/room tea", "#tea"),
        ("/room #TEA", "#tea"),
        ("/room te", "#teapots"),
        ("/room #o", "#ops"),
    ],
)
def test_going_to_another_room(line: str, room: str) -> None:
    state = State("alice")
    for name in ("#teapots", "#tea", "#ops", "#lobby"):
        state.enter(name)
    state.rooms["#tea"].unread = state.rooms["#ops"].unread = 1
    state.rooms["#ops"].is_calling = True
    assert obey(state, line) == [Note(f"You are in {room}.")]
    assert state.is_current(room)


@pytest.mark.parametrize(
    ("line", "spelled"),
    [
        ("/q so long", "/quit so long"),
        ("/Q", "/quit"),
        ("/JOIN #x", "/join #x"),
        ("/room", "/room"),
        ("/m", "/m"),
        ("/nonsense", "/nonsense"),
        ("/", "/"),
        ("//q", "//q"),
        ("q", "q"),
    ],
)
def test_the_first_letters_are_enough(line: str, spelled: str) -> None:
    assert spelled_out(line) == spelled
    assert spelled_out(spelled) == spelled


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("/history 5", "CHATHISTORY LATEST #lobby * 5"),
        ("/search tea", "SEARCH text=tea;limit=20"),
    ],
)
def test_what_was_said_is_asked_for(state: State, line: str, message: str) -> None:
    state.batches = state.keeps_history = state.searches = True
    assert sent(obey(state, line)) == [message]


def test_a_question_that_makes_no_sense(state: State) -> None:
    assert notes(obey(state, "/history a b c")) == [
        "Like this: /history [ROOM|NICK] [NUMBER] [since DATE]"
    ]
    assert notes(obey(state, "/history")) == ["This server keeps no history."]


def test_quitting_is_leaving(state: State) -> None:
    obey(state, "/quit")
    assert state.leaving


def test_help_is_the_table(state: State) -> None:
    told = notes(obey(state, "/help"))
    assert len(told) == len(COMMANDS) + 2
    for command, line in zip(COMMANDS.values(), told, strict=False):
        assert line.split("  ")[0] == command.usage
        assert line.endswith(command.help)
    assert notes(obey(state, "/help nonsense")) == told


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.name)
def test_every_command_has_help(command: Command) -> None:
    assert command.usage.split()[0] == f"/{command.name}"
    assert command.help


@pytest.mark.parametrize("line", ["/topic " + "é" * 300, "/quit " + "x" * 600])
def test_what_cannot_be_split_is_not_sent(state: State, line: str) -> None:
    effects = obey(state, line)
    assert sent(effects) == []
    assert notes(effects)[0].endswith(f"more than IRC can carry. Not sent: {line}")


@pytest.mark.parametrize("start", ["", "/me ", "/msg bob "])
@given(text=st.text("ab é😀", min_size=1).map(lambda text: "x" + text * 90))
def test_a_long_line_arrives_whole(start: str, text: str) -> None:
    state = State("alice")
    state.enter("#lobby")
    effects = obey(state, start + text)
    lines = sent(effects)
    assert all(len(line.encode()) <= 410 for line in lines)
    arrived = "".join(
        parse(line).params[-1].removeprefix("\x01ACTION ").removesuffix("\x01")
        for line in lines
    )
    shown = "".join(effect.text for effect in effects if isinstance(effect, Said))
    assert arrived == shown == (text.rstrip() if start else text)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1))
def test_nothing_typed_is_too_strange(line: str) -> None:
    state = State("alice")
    state.enter("#lobby")
    for effect in obey(state, line) + obey(state, "/" + line):
        if isinstance(effect, Send):
            assert parse(formatted(effect.message)) == effect.message


# Passwords.


def asked(effects: list[Effect]) -> Ask:
    """The one question that is asked."""
    (ask,) = effects
    assert isinstance(ask, Ask)
    return ask


@pytest.mark.parametrize(
    ("line", "words", "message"),
    [
        ("/login", "The password of alice", "PRIVMSG NickServ :IDENTIFY alice secret"),
        ("/login bob", "The password of bob", "PRIVMSG NickServ :IDENTIFY bob secret"),
        ("/register", "A password for alice", "PRIVMSG NickServ :REGISTER secret"),
    ],
)
def test_nickserv_is_told_what_was_asked_for(
    state: State, line: str, words: str, message: str
) -> None:
    ask = asked(obey(state, line))
    assert ask.words == words
    assert sent(ask.answered("secret")) == [message]


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        ("", "Never mind, then."),
        ("two words", "NickServ takes no spaces; see chat --account NAME."),
        ("two\nlines", "NickServ takes no spaces; see chat --account NAME."),
    ],
)
def test_what_cannot_be_told_is_not(state: State, answer: str, note: str) -> None:
    assert asked(obey(state, "/login")).answered(answer) == [Note(note)]


@pytest.mark.parametrize(
    ("line", "usage"),
    [
        ("/login bob swordfish", "/login [ACCOUNT]"),
        ("/register swordfish", "/register"),
    ],
)
def test_a_password_behind_a_command_goes_nowhere(
    state: State, line: str, usage: str
) -> None:
    assert obey(state, line) == [
        Note(
            f"{usage} asks for the password. If that was one, it has been seen; use"
            " another."
        )
    ]

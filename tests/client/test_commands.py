"""The commands: what a person can type, in one table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client.commands import COMMANDS, Command, obey
from chat.client.happenings import Effect, Manner, Note, Said, Send
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
        ("/n", "No /n. Did you mean /nick?"),
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


def test_quitting_is_leaving(state: State) -> None:
    obey(state, "/quit")
    assert state.leaving


def test_help_is_the_table(state: State) -> None:
    told = notes(obey(state, "/help"))
    assert len(told) == len(COMMANDS) + 1
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

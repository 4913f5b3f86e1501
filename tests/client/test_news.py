"""News: what a message from the server changes, and what there is to show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client.happenings import (
    Happening,
    Joined,
    Kicked,
    Left,
    Listed,
    Manner,
    Note,
    Parted,
    Renamed,
    Said,
    Topic,
    When,
)
from chat.client.news import KNOWN, is_speech, news, old_news
from chat.client.state import State
from chat.dialects.irc.message import Message, parse


@pytest.fixture
def state() -> State:
    """Alice and bob are in #lobby."""
    state = State("alice", mute_letter="b", mute_form="m:{}")
    state.enter("#lobby")
    state.rooms["#lobby"].members = {"alice": "alice", "bob": "bob"}
    return state


@pytest.mark.parametrize(
    ("line", "happening"),
    [
        (":bob!b@h PRIVMSG #lobby :hi", Said("bob", "#lobby", "hi")),
        (
            ":bob!b@h PRIVMSG #lobby :\x01ACTION waves\x01",
            Said("bob", "#lobby", "waves", Manner.ACTION),
        ),
        (
            ":bob!b@h PRIVMSG alice :\x01VERSION\x01",
            Note("bob asks your client: VERSION"),
        ),
        (
            ":bob!b@h PRIVMSG alice :\x01PING 12\x01",
            Note("bob asks your client: PING 12"),
        ),
        (
            ":bob!b@h NOTICE #lobby :listen",
            Said("bob", "#lobby", "listen", Manner.NOTICE),
        ),
        (":irc.x NOTICE * :*** Looking you up", Note("*** Looking you up")),
        (":carol!c@h JOIN #lobby", Joined("carol", "#lobby")),
        (":bob!b@h PART #lobby", Parted("bob", "#lobby", "")),
        (":bob!b@h PART #lobby :tea", Parted("bob", "#lobby", "tea")),
        (":op!o@h KICK #lobby bob", Kicked("bob", "#lobby", "op", "")),
        (":op!o@h KICK #lobby bob :spam", Kicked("bob", "#lobby", "op", "spam")),
        (":bob!b@h QUIT", Left("bob", "")),
        (":bob!b@h QUIT :Leaving", Left("bob", "Leaving")),
        (":bob!b@h NICK rob", Renamed("bob", "rob")),
        (":bob!b@h TOPIC #lobby :Tea", Topic("#lobby", "Tea", "bob")),
        (":irc.x 332 alice #lobby :Tea", Topic("#lobby", "Tea")),
        (":irc.x 331 alice #lobby :No topic is set", Topic("#lobby", "")),
        (":bob!b@h INVITE alice #tea", Note("bob invites you: /join #tea")),
        (":op!o@h MODE #lobby +o bob", Note("op lets bob run the room.", "#lobby")),
        (":op!o@h MODE #lobby -v bob", Note("op takes the voice from bob.", "#lobby")),
        (":op!o@h MODE #lobby +b bob!*@*", Note("op keeps bob out.", "#lobby")),
        (
            ":op!o@h MODE #lobby -b *!*@h",
            Note("op no longer keeps *!*@h out.", "#lobby"),
        ),
        (
            ":op!o@h MODE #lobby +b m:bob!*@*",
            Note("op does not let bob speak.", "#lobby"),
        ),
        (
            ":op!o@h MODE #lobby -b m:bob!*@*",
            Note("op lets bob speak again.", "#lobby"),
        ),
        (":op!o@h MODE #lobby +ov a b", Note("op sets +ov a b", "#lobby")),
        (":op!o@h MODE #lobby +i", Note("op sets +i", "#lobby")),
    ],
)
def test_what_there_is_to_show(state: State, line: str, happening: Happening) -> None:
    assert news(state, parse(line)) == [happening]


@pytest.mark.parametrize(
    "line",
    [
        ":alice MODE alice :+i",
        ":irc.x 005 alice CHANTYPES=# :are supported",
        ":irc.x 353 alice = #lobby :alice bob",
        ":irc.x TAGMSG #lobby",
        "BATCH +1 netsplit",
    ],
)
def test_what_stays_quiet(state: State, line: str) -> None:
    assert news(state, parse(line)) == []


@pytest.mark.parametrize(
    ("line", "members"),
    [
        (":carol!c@h JOIN #LOBBY", ["alice", "bob", "carol"]),
        (":bob!b@h PART #lobby", ["alice"]),
        (":op!o@h KICK #lobby bob", ["alice"]),
        (":bob!b@h QUIT", ["alice"]),
        (":bob!b@h NICK rob", ["alice", "rob"]),
        (":bob!b@h PART #elsewhere", ["alice", "bob"]),
        (":carol!c@h JOIN #elsewhere", ["alice", "bob"]),
    ],
)
def test_who_is_there_now(state: State, line: str, members: list[str]) -> None:
    news(state, parse(line))
    assert list(state.rooms["#lobby"].members.values()) == members


@pytest.mark.parametrize(
    ("line", "unread", "is_calling"),
    [
        (":bob!b@h PRIVMSG #tea :hi", 1, False),
        (":bob!b@h PRIVMSG #TEA :hi Alice", 1, True),
        (":bob!b@h PRIVMSG @#tea :\x01ACTION pokes alice\x01", 1, True),
        (":alice!a@h PRIVMSG #tea :I am alice", 0, False),
        (":bob!b@h PRIVMSG alice :psst", 0, False),
        (":bob!b@h NOTICE #tea :hi", 0, False),
    ],
)
def test_what_is_unread(line: str, unread: int, is_calling: bool) -> None:
    state = State("alice")
    state.enter("#tea")
    state.enter("#lobby")
    news(state, parse(line))
    tea, lobby = state.rooms.values()
    assert (tea.unread, tea.is_calling) == (unread, is_calling)
    assert (lobby.unread, lobby.is_calling) == (0, False)


@pytest.mark.parametrize(
    ("line", "whisperer"),
    [
        (":bob!b@h PRIVMSG alice :psst", "bob"),
        (":bob!b@h PRIVMSG #lobby :hi", ""),
        (":alice!a@h PRIVMSG alice :note to self", ""),
        (":bob!b@h NOTICE alice :beep", ""),
    ],
)
def test_who_whispered(state: State, line: str, whisperer: str) -> None:
    news(state, parse(line))
    assert state.last_whisperer == whisperer


def test_what_is_said_where_we_are_is_read(state: State) -> None:
    news(state, parse(":bob!b@h PRIVMSG #lobby :hi alice"))
    assert state.unread() == []
    assert list(state.rooms["#lobby"].speakers) == ["bob"]


def test_we_come_in(state: State) -> None:
    news(state, parse(":alice!a@h JOIN #tea"))
    assert state.is_current("#tea")
    assert state.rooms["#tea"].members == {"alice": "alice"}


@pytest.mark.parametrize(
    "line", [":alice!a@h PART #lobby", ":op!o@h KICK #lobby alice :spam"]
)
def test_we_go(state: State, line: str) -> None:
    news(state, parse(line))
    assert state.rooms == {}


def test_our_own_new_nick(state: State) -> None:
    assert news(state, parse(":alice!a@h NICK al")) == [Renamed("alice", "al")]
    assert state.nick == "al"


def test_the_topic_is_remembered(state: State) -> None:
    news(state, parse(":irc.x 332 alice #lobby :Tea"))
    assert state.rooms["#lobby"].topic == "Tea"
    news(state, parse(":irc.x 331 alice #lobby :No topic is set"))
    assert state.rooms["#lobby"].topic == ""


def test_a_topic_of_another_room_is_only_shown(state: State) -> None:
    assert news(state, parse(":irc.x 332 alice #tea :Tea")) == [Topic("#tea", "Tea")]


def test_names_are_shown_once_they_are_complete(state: State) -> None:
    assert news(state, parse(":irc.x 353 alice = #lobby :@alice bob")) == []
    assert news(state, parse(":irc.x 353 alice = #lobby :+carol")) == []
    assert news(state, parse(":irc.x 366 alice #lobby :End")) == [
        Listed("#lobby", ("@alice", "bob", "+carol"), entering=True)
    ]
    assert list(state.rooms["#lobby"].members) == ["alice", "bob", "carol"]


def test_asking_for_names_again_is_not_entering(state: State) -> None:
    news(state, parse(":irc.x 366 alice #lobby :End"))
    news(state, parse(":irc.x 353 alice = #lobby :alice"))
    assert news(state, parse(":irc.x 366 alice #lobby :End")) == [
        Listed("#lobby", ("alice",))
    ]


def test_names_of_a_room_where_we_are_not(state: State) -> None:
    news(state, parse(":irc.x 353 alice = #tea :bob"))
    assert news(state, parse(":irc.x 366 alice #tea :End")) == [
        Listed("#tea", ("bob",))
    ]
    assert state.listings == {}


def test_what_the_server_announces_is_learnt(state: State) -> None:
    news(state, parse(":irc.x 005 alice CASEMAPPING=ascii CHANTYPES=# :are supported"))
    assert (state.casemapping, state.room_marks) == ("ascii", "#")


@given(st.sampled_from(sorted(KNOWN)), st.lists(st.text(max_size=9)), st.text())
def test_no_message_is_too_strange(command: str, params: list[str], by: str) -> None:
    state = State("alice")
    state.enter("#lobby")
    news(state, Message(command, tuple(params), by))


@pytest.mark.parametrize("to", ["NickServ", "nickserv"])
def test_what_nickserv_was_told_is_not_shown_again(state: State, to: str) -> None:
    said = f"PRIVMSG {to} :IDENTIFY alice canary"
    assert news(state, parse(f":alice!a@h {said}")) == []
    assert news(state, parse(f":bob!b@h {said}")) != []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("PRIVMSG #lobby hi", [Said("bob", "#lobby", "hi", when=When.EARLIER)]),
        (
            "PRIVMSG alice :\x01ACTION waves\x01",
            [Said("bob", "alice", "waves", Manner.ACTION, When.EARLIER)],
        ),
        (
            "NOTICE #tea hi",
            [Said("bob", "#tea", "hi", Manner.NOTICE, When.EARLIER)],
        ),
    ],
)
def test_old_news_change_nothing(
    state: State, line: str, told: list[Happening]
) -> None:
    assert old_news(state, parse(f":bob!b@h {line}"), When.EARLIER) == told
    assert not state.last_whisperer
    assert not state.rooms["#lobby"].speakers


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("PRIVMSG #lobby hi", True),
        ("NOTICE alice :", True),
        ("PRIVMSG #lobby", False),
        ("TAGMSG #lobby x", False),
    ],
)
def test_what_is_speech(line: str, expected: bool) -> None:
    assert is_speech(parse(line)) is expected

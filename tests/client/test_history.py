"""History: what was said before, as a server plays it back."""

from collections.abc import Sequence

import pytest

from chat.client.happenings import Effect, Manner, Mark, Note, Said, Send
from chat.client.history import History, search
from chat.client.seen import Seen
from chat.client.state import State
from chat.client.unsent import Unsent
from chat.dialects.irc.message import formatted, parse

ROOM = "chathistory #lobby"
FOUND = "soju.im/search"


class Alice:
    """Alice is in #lobby; what she is told."""

    def __init__(self, seen: Seen | None = None) -> None:
        self.state = State(
            "alice", echoes=True, batches=True, keeps_history=True, searches=True
        )
        self.seen = seen or Seen()
        self.unsent = Unsent()
        self.history = History(self.state, self.seen, self.unsent)
        self.state.enter("#tea")
        self.state.enter("#lobby")

    def hears(self, *lines: str) -> list[str]:
        """What *lines* show."""
        heard = [self.history.hear(parse(line)) for line in lines]
        return [read(effect) for effects in heard for effect in effects or []]

    def hears_batch(self, kind: str, *lines: str) -> list[str]:
        """What a batch of that *kind* shows."""
        return self.hears(*batch(kind, *lines))

    def asks(self, line: str) -> None:
        """Send *line*."""
        self.history.note([Send(parse(line))])

    def fails(self, line: str) -> bool:
        """Hear that it cannot be done; whether nobody has asked for it."""
        return self.history.failed(parse(line))

    def loses(self, *texts: str) -> None:
        """The connection broke while these were under way."""
        for text in texts:
            self.unsent.add(text, room="#lobby", at=0)
            line = self.unsent.send()
            line.was_sent = True
            line.parts.append(("#lobby", text))
        self.unsent.lose()

    @property
    def older(self) -> str:
        """What /more would send."""
        return formatted(self.state.older) if self.state.older else ""


def read(effect: Effect) -> str:
    """*effect* in short."""
    match effect:
        case Mark(text):
            return f"-- {text} --"
        case Said(nick, to, text, manner, when):
            mark = "* " if manner is Manner.ACTION else ""
            return f"{when.name} {to} {nick}: {mark}{text}"
        case Note(text):
            return f"note: {text}"
        case _:
            return repr(effect)


def batch(kind: str, *lines: str, name: str = "b") -> Sequence[str]:
    """*lines* in a batch of that *kind*."""
    return (
        f":irc.x BATCH +{name} {kind}",
        *(tagged(line, name) for line in lines),
        f":irc.x BATCH -{name}",
    )


def tagged(line: str, name: str = "b") -> str:
    """*line* as a part of the batch *name*."""
    return f"@batch={name};{line[1:]}" if line[0] == "@" else f"@batch={name} {line}"


def said(number: int, *, by: str = "bob", to: str = "#lobby", text: str = "") -> str:
    """The line of that *number*."""
    at = f"2026-11-20T10:14:{number:02}.000Z"
    return f"@msgid=m{number};time={at} :{by}!u@h PRIVMSG {to} :{text or number}"


@pytest.fixture
def alice() -> Alice:
    """Alice has just come."""
    return Alice()


def test_what_is_played_back_stands_between_two_marks(alice: Alice) -> None:
    assert alice.hears_batch(ROOM, said(1), said(2, text="\x01ACTION waves\x01")) == [
        "-- earlier in #lobby --",
        "EARLIER #lobby bob: 1",
        "EARLIER #lobby bob: * waves",
        "-- now --",
    ]


def test_each_line_shows_as_it_comes(alice: Alice) -> None:
    alice.hears(f"BATCH +b {ROOM}")
    assert alice.hears(tagged(said(1))) == [
        "-- earlier in #lobby --",
        "EARLIER #lobby bob: 1",
    ]
    assert alice.hears(tagged(said(2))) == ["EARLIER #lobby bob: 2"]


def test_notices_are_played_back_too(alice: Alice) -> None:
    shown = alice.hears_batch(ROOM, ":bob!b@h NOTICE #lobby :tea!")
    assert shown[1] == "EARLIER #lobby bob: tea!"


def test_with_whom_it_was_said(alice: Alice) -> None:
    assert alice.hears_batch("chathistory bob", said(1, to="alice"))[0] == (
        "-- earlier with bob --"
    )
    assert alice.hears_batch("chathistory", said(2))[0] == "-- earlier --"


def test_it_changes_nothing(alice: Alice) -> None:
    room = alice.state.room("#lobby")
    assert room
    room.members["bob"] = "bob"
    events = (
        ":alice!a@h NICK eve",
        ":alice!a@h PART #lobby",
        ":bob!b@h QUIT :bye",
        ":alice!a@h JOIN #new",
        ":bob!b@h PRIVMSG #lobby",
        ":bob!b@h PRIVMSG",
    )
    assert alice.hears_batch(ROOM, *events) == []
    alice.hears_batch("chathistory #tea", said(1, to="#tea", text="alice!"))
    assert alice.state.nick == "alice"
    assert list(alice.state.rooms) == ["#tea", "#lobby"]
    assert list(room.members) == ["bob"]
    assert alice.state.unread() == []


def test_nothing_is_shown_twice(alice: Alice) -> None:
    assert alice.history.hear(parse(said(1))) is None
    assert alice.hears_batch(ROOM, said(1), said(2))[1:-1] == ["EARLIER #lobby bob: 2"]
    assert alice.hears_batch(ROOM, said(1), said(2)) == []


def test_nothing_is_shown_twice_over_several_connections(alice: Alice) -> None:
    alice.hears_batch(ROOM, said(1))
    assert Alice(alice.seen).hears_batch(ROOM, said(1), said(2))[1:-1] == [
        "EARLIER #lobby bob: 2"
    ]


def test_what_is_of_no_batch_is_of_now(alice: Alice) -> None:
    for line in (said(1), "@batch=x " + said(2)[1:], ":irc.x 001 alice :Hi"):
        assert alice.history.hear(parse(line)) is None


def test_other_batches_are_only_brackets(alice: Alice) -> None:
    assert alice.history.hear(parse("BATCH +n netsplit a b")) == []
    assert alice.history.hear(parse("@batch=n :bob!b@h QUIT :a b")) is None
    assert alice.history.hear(parse("BATCH -n")) == []


def test_a_batch_inside_one_of_earlier_is_of_earlier(alice: Alice) -> None:
    shown = alice.hears(
        f"BATCH +o {ROOM}",
        "@batch=o BATCH +i draft/multiline #lobby",
        tagged(said(1), "i"),
        "BATCH -i",
        tagged(said(2), "o"),
        "BATCH -o",
    )
    assert [line[-1] for line in shown[1:-1]] == ["1", "2"]
    assert shown[-1] == "-- now --"


def test_a_batch_of_earlier_inside_another_is_one(alice: Alice) -> None:
    shown = alice.hears(
        "BATCH +o labeled-response",
        f"@batch=o BATCH +i {ROOM}",
        tagged(said(1), "i"),
        "BATCH -i",
        "BATCH -o",
    )
    assert len(shown) == 3


@pytest.mark.parametrize("line", ["BATCH", "BATCH :", "BATCH b", "BATCH +", "BATCH -x"])
def test_brackets_that_make_no_sense(alice: Alice, line: str) -> None:
    assert alice.history.hear(parse(line)) == []


# What one has said oneself.


def test_a_line_that_is_played_back_was_heard(alice: Alice) -> None:
    alice.loses("one", "two")
    assert alice.hears_batch(ROOM, said(1, by="alice", text="one"))[1] == (
        "EARLIER #lobby alice: one"
    )
    assert alice.unsent.texts() == "two"


def test_only_a_line_of_ours_that_is_new_proves_it(alice: Alice) -> None:
    old = said(1, by="alice", text="one")
    alice.hears(old)
    alice.loses("one")
    alice.hears_batch(
        ROOM,
        old,
        said(2, text="one"),
        said(3, by="alice", text="one", to="#tea"),
        said(4, by="alice", text="two"),
        ":alice!a@h NOTICE #lobby one",
    )
    assert alice.unsent.texts() == "one"


def test_it_was_us_even_if_somebody_goes_by_our_nick_now(alice: Alice) -> None:
    alice.loses("one")
    alice.state.rename("alice", "alice_")
    alice.hears_batch(ROOM, said(1, by="alice", text="one"))
    assert not len(alice.unsent)


def test_without_echo_it_stands_on_the_screen_already(alice: Alice) -> None:
    alice.state.echoes = False
    alice.loses("one")
    assert alice.hears_batch(ROOM, said(1, by="alice", text="one")) == []
    assert not len(alice.unsent)


def test_who_whispered_meanwhile_can_be_answered(alice: Alice) -> None:
    whisper = said(1, to="alice", by="bob")
    alice.hears_batch("chathistory bob", said(2, by="alice", to="bob"), whisper)
    assert alice.state.last_whisperer == "bob"
    alice.hears_batch("chathistory eve", said(3, to="alice", by="eve"))
    assert alice.state.last_whisperer == "bob"


# What one has asked.


def test_what_was_asked_for_is_shown_in_any_case(alice: Alice) -> None:
    alice.hears(said(1), said(2))
    alice.asks("CHATHISTORY LATEST #LOBBY * 2")
    assert alice.hears_batch(ROOM, said(1), said(2)) == [
        "-- earlier in #lobby --",
        "EARLIER #lobby bob: 1",
        "EARLIER #lobby bob: 2",
        "-- now; /more shows older ones --",
    ]
    assert alice.older == "CHATHISTORY BEFORE #LOBBY msgid=m1 2"
    # It was asked for once.
    assert alice.hears_batch(ROOM, said(1), said(2)) == []


def test_a_line_without_an_id_has_a_time(alice: Alice) -> None:
    alice.asks("CHATHISTORY LATEST #lobby * 2")
    alice.hears_batch(ROOM, "@time=2026-11-20T10:14:00.000Z :bob!b@h PRIVMSG #lobby 1")
    assert alice.older == (
        "CHATHISTORY BEFORE #lobby timestamp=2026-11-20T10:14:00.000Z 2"
    )


@pytest.mark.parametrize(
    ("tags", "line"),
    [
        pytest.param("@draft/chathistory-end ", said(1), id="the server says so"),
        pytest.param("", ":bob!b@h PRIVMSG #lobby 1", id="nobody could tell"),
    ],
)
def test_nothing_is_older(alice: Alice, tags: str, line: str) -> None:
    alice.asks("CHATHISTORY LATEST #lobby * 2")
    begins, *rest = batch(ROOM, line)
    alice.hears(tags + begins, *rest)
    assert alice.older == ""


def test_an_answer_may_be_empty(alice: Alice) -> None:
    alice.asks("CHATHISTORY LATEST #lobby * 2")
    nothing = "note: There is nothing to read in #lobby yet."
    assert alice.hears_batch(ROOM) == [nothing]
    alice.asks("CHATHISTORY BEFORE #lobby msgid=m1 2")
    assert alice.hears_batch(ROOM) == ["note: Nothing older is kept in #lobby."]
    alice.asks("CHATHISTORY LATEST #lobby msgid=m1 2")
    assert alice.hears_batch(ROOM) == ["note: You have missed nothing in #lobby."]
    alice.asks("SEARCH text=x;limit=2")
    assert alice.hears_batch(FOUND) == ["note: Nothing was found: x"]
    assert alice.hears_batch(ROOM) == []


def test_what_a_search_has_found(alice: Alice) -> None:
    alice.hears(said(1))
    alice.asks("SEARCH text=x;limit=2")
    assert alice.hears_batch(FOUND, said(1)) == [
        "-- found: x --",
        "FOUND #lobby bob: 1",
        "-- that is all --",
    ]


def test_each_answer_tells_what_was_asked(alice: Alice) -> None:
    for question in (
        "SEARCH text=hot\\stea;from=bob;in=#tea;limit=2",
        "SEARCH after=2026-11-20T10:14:00.000Z;limit=2",
        "CHATHISTORY LATEST #lobby msgid=m1 2",
        "CHATHISTORY LATEST #lobby * 2",
    ):
        alice.asks(question)
    kinds = (ROOM, FOUND, ROOM, FOUND)
    assert [alice.hears_batch(kind, said(2))[0] for kind in kinds] == [
        "-- missed in #lobby --",
        "-- found: hot tea from:bob in:#tea --",
        "-- earlier in #lobby --",
        "-- found --",
    ]
    assert alice.hears_batch(FOUND, said(3))[0] == "-- found --"


def test_pages_go_on_from_a_time(alice: Alice) -> None:
    alice.asks("CHATHISTORY AFTER #lobby timestamp=2026-11-20T10:00:00.000Z 2")
    more = "-- /more shows what came next --"
    assert alice.hears_batch(ROOM, said(1), said(2))[-1] == more
    assert alice.older == "CHATHISTORY AFTER #lobby msgid=m2 2"
    alice.asks(alice.older)
    begins, *rest = batch(ROOM, said(3))
    shown = alice.hears(f"@draft/chathistory-end {begins}", *rest)
    assert shown[-1] == "-- now --"
    alice.asks("CHATHISTORY AFTER #lobby msgid=m3 2")
    assert alice.hears_batch(ROOM) == ["note: Nothing was said in #lobby since then."]


def test_the_pages_of_a_history(alice: Alice) -> None:
    alice.asks("CHATHISTORY BEFORE #lobby msgid=m3 1")
    more = "-- /more shows older ones --"
    assert alice.hears_batch(ROOM, said(2))[-1] == more
    alice.asks(alice.older)
    begins, *rest = batch(ROOM, said(1))
    shown = alice.hears(f"@draft/chathistory-end {begins}", *rest)
    assert shown[-1] == "-- that is all --"


@pytest.mark.parametrize("kind", [FOUND, "search"])
def test_the_pages_of_a_search(alice: Alice, kind: str) -> None:
    alice.asks("SEARCH text=a\\sb;limit=2")
    # In whatever order.
    assert (
        alice.hears_batch(kind, said(8), said(7))[-1] == "-- /more shows older ones --"
    )
    assert alice.older == search(
        {"text": "a b", "limit": "2", "before": "2026-11-20T10:14:07.000Z"}
    ).params[0].join(["SEARCH ", ""])
    alice.asks(alice.older)
    assert alice.hears_batch(kind, said(6), said(7))[1:-1] == ["FOUND #lobby bob: 6"]
    alice.asks("SEARCH text=a\\sb;limit=2")
    assert len(alice.hears_batch(kind, said(7), said(8))) == 4


def test_what_has_no_time_has_no_pages(alice: Alice) -> None:
    alice.asks("SEARCH text=x;limit=1")
    line = ":bob!b@h PRIVMSG #lobby :x"
    assert len(alice.hears_batch(FOUND, line, line)) == 4
    assert alice.older == ""


def test_what_follows_after_a_reconnection_is_asked_for(alice: Alice) -> None:
    assert alice.history.ask_for_missed("#lobby") == []
    alice.hears(said(1))
    again = Alice(alice.seen)
    asked = again.history.ask_for_missed("#LOBBY")
    assert asked == [Send(parse("CHATHISTORY LATEST #LOBBY msgid=m1 100"))]
    assert again.hears_batch(ROOM, said(1)) == []
    assert again.older == ""
    again.history.ask_for_missed("#lobby")
    assert again.hears_batch(ROOM, said(1), said(2))[1:] == [
        "EARLIER #lobby bob: 2",
        "-- now --",
    ]
    again.state.learn("CHATHISTORY=50")
    asked = again.history.ask_for_missed("#lobby")
    assert asked == [Send(parse("CHATHISTORY LATEST #lobby msgid=m1 50"))]
    again.state.batches = False
    assert again.history.ask_for_missed("#lobby") == []


def test_where_nothing_was_said_it_follows_our_coming(alice: Alice) -> None:
    alice.hears("@time=2026-11-20T10:13:00.000Z :alice!a@h JOIN #lobby", ":al!a@h JOIN")
    asked = Alice(alice.seen).history.ask_for_missed("#lobby")
    since = "timestamp=2026-11-20T10:13:00.000Z"
    assert asked == [Send(parse(f"CHATHISTORY LATEST #lobby {since} 100"))]


def test_more_may_have_been_missed_than_comes_at_a_time(alice: Alice) -> None:
    alice.hears(said(1))
    again = Alice(alice.seen)
    again.state.learn("CHATHISTORY=2")
    again.history.ask_for_missed("#lobby")
    assert again.hears_batch(ROOM, said(3), said(4))[-2:] == [
        "-- now --",
        "note: More was missed in #lobby; /more shows it.",
    ]
    assert again.older == "CHATHISTORY BEFORE #lobby msgid=m3 2"


@pytest.mark.parametrize(
    ("line", "is_quiet"),
    [
        ("FAIL CHATHISTORY INVALID_TARGET LATEST #lobby :No", True),
        ("FAIL CHATHISTORY MESSAGE_ERROR :No", False),
        ("421 alice CHATHISTORY :Unknown command", False),
        ("FAIL SEARCH INTERNAL_ERROR :No", False),
        ("FAIL", False),
        ("401 alice CHATHISTORY :No such nick", False),
    ],
)
def test_a_refusal_is_shown_to_who_has_asked(
    alice: Alice, line: str, is_quiet: bool
) -> None:
    alice.hears(said(1))
    again = Alice(alice.seen)
    again.asks("CHATHISTORY LATEST #tea * 2")
    again.history.ask_for_missed("#lobby")
    assert again.fails(line) is is_quiet


def test_what_was_refused_is_not_answered_any_more(alice: Alice) -> None:
    alice.asks("CHATHISTORY LATEST #lobby * 2")
    alice.asks("PING x")
    assert not alice.fails("FAIL CHATHISTORY MESSAGE_ERROR LATEST #lobby :No")
    assert alice.hears_batch(ROOM) == []

"""The visit: one person's stay with one server, over several connections."""

import pytest

from chat.client.happenings import Ask
from chat.client.login import Login
from chat.client.unsent import Line, Unsent
from chat.client.visit import Visit, pause
from chat.dialects.irc.message import parse
from tests.client.test_session import ARRIVAL, told

WHY = "The connection broke: reset."
GREETING = ["> CAP LS 302", "> NICK alice", "> USER alice 0 * alice"]


def hears(visit: Visit, *lines: str) -> list[str]:
    """What *visit* does about *lines* from the server."""
    return [words for line in lines for words in told(visit.hear(parse(line)))]


def arrives(visit: Visit, now: float = 0) -> list[str]:
    """A connection stands, and alice gets into #lobby."""
    told(visit.begin(now))
    return hears(visit, *ARRIVAL, "PONG irc.x join-1")


@pytest.fixture
def visit() -> Visit:
    """Alice is in #lobby, since the beginning of time."""
    visit = Visit(nick="alice", room="#lobby")
    arrives(visit)
    return visit


def test_the_first_words() -> None:
    assert told(Visit(nick="alice", room="#lobby").begin(0)) == GREETING


def test_a_connection_that_breaks_is_followed_by_another(visit: Visit) -> None:
    visit.type("one", now=1)
    assert told(visit.lose(WHY, now=2, jitter=0.5)) == [
        f"{WHY} Trying again in 1 s.",
        "Waiting to be sent: one",
    ]
    assert told(visit.type("two", now=2)) == ["Waiting to be sent: two"]
    assert told(visit.begin(3)) == GREETING
    assert hears(visit, *ARRIVAL)[-5:] == [
        "> PRIVMSG #lobby one",
        "> PING line-1",
        "> PRIVMSG #lobby two",
        "two",
        "> PING line-2",
    ]


def test_the_rooms_and_the_nick_are_what_they_were(visit: Visit) -> None:
    hears(visit, ":alice!a@h JOIN #tea", ":alice!a@h NICK alicia")
    visit.lose(WHY, now=1, jitter=0)
    assert told(visit.begin(2))[1] == "> NICK alicia"
    sent = hears(visit, ":irc.x 001 alicia :Hi", ":irc.x 422 alicia :No MOTD")
    assert sent[1::2] == ["> JOIN #lobby", "> JOIN #tea"]


def test_who_whispered_last_can_still_be_replied_to(visit: Visit) -> None:
    hears(visit, ":bob!b@h PRIVMSG alice :psst")
    visit.lose(WHY, now=1, jitter=0)
    arrives(visit, now=2)
    assert told(visit.type("/reply yes?", now=3))[0] == "> PRIVMSG bob yes?"


def test_the_first_letters_of_quit_are_enough(visit: Visit) -> None:
    visit.lose(WHY, now=1, jitter=0)
    visit.type("/q", now=2)
    assert visit.is_leaving


def test_what_the_server_gave_as_its_reason_says_more(visit: Visit) -> None:
    hears(visit, "ERROR :Shutting down")
    assert told(visit.lose(WHY, now=1, jitter=0.5)) == [
        "The server closed the connection: Shutting down. Trying again in 1 s."
    ]


@pytest.mark.parametrize(
    ("pauses", "jitter", "seconds"),
    [
        (0, 0.5, 1),
        (1, 0.5, 2),
        (2, 0.5, 4),
        (5, 0.5, 32),
        (6, 0.5, 60),
        (10_000, 0.5, 60),
        (2, 0.0, 3.2),
        (2, 1.0, 4.8),
        (0, 0.0, 1),
        (9, 1.0, 60),
    ],
)
def test_the_pauses(pauses: int, jitter: float, seconds: float) -> None:
    assert pause(pauses, jitter) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("stood", "next_pause"),
    [pytest.param(59, 4, id="a bad connection"), pytest.param(60, 1, id="a good one")],
)
def test_a_good_connection_begins_the_pauses_anew(
    visit: Visit, stood: int, next_pause: float
) -> None:
    visit.lose(WHY, now=10, jitter=0.5)
    visit.lose(WHY, now=20, jitter=0.5)
    assert visit.pause == 2
    arrives(visit, now=100)
    visit.lose(WHY, now=100 + stood, jitter=0.5)
    assert visit.pause == next_pause


def test_who_was_never_let_in_does_not_come_back() -> None:
    visit = Visit(nick="alice", room="#lobby")
    visit.begin(0)
    assert told(visit.lose(WHY, now=1, jitter=0)) == []
    assert (visit.is_over, visit.why) == (True, WHY)


def test_who_is_leaving_does_not_come_back(visit: Visit) -> None:
    visit.type("one", now=1)
    visit.type("/quit", now=1)
    assert visit.is_leaving
    assert not visit.session.state.leaving
    assert told(visit.lose(WHY, now=1, jitter=0)) == []
    assert visit.is_over
    assert visit.unsent.texts() == "one"


def test_between_two_connections_one_leaves_at_once(visit: Visit) -> None:
    visit.type("one", now=1)
    visit.lose(WHY, now=1, jitter=0)
    assert told(visit.type("/quit", now=1)) == []
    assert visit.is_leaving


# Those who lost the server too.


def a_company(*names: str) -> list[str]:
    """The server says who is in #lobby."""
    return [
        f":irc.x 353 alice = #lobby :{' '.join(names)}",
        ":irc.x 366 alice #lobby :End",
    ]


@pytest.fixture
def again(visit: Visit) -> Visit:
    """Alice and the server are back, but not bob and carol, and a line waits."""
    hears(visit, *a_company("alice", "@bob", "carol"))
    visit.lose(WHY, now=1, jitter=0.5)
    visit.type("hello", now=2)
    arrives(visit, now=3)
    return visit


def test_what_was_typed_in_the_dark_waits_for_those_who_were_there(
    again: Visit,
) -> None:
    assert hears(again, *a_company("alice")) == [
        "Listed",
        "Waiting a moment for bob, carol.",
    ]
    assert hears(again, ":carol!c@h JOIN #lobby") == ["Joined"]
    assert told(again.type("are you there?", now=4)) == [
        "Waiting to be sent: are you there?"
    ]
    assert hears(again, ":bob!b@h JOIN #lobby")[::3] == [
        "Joined",
        "> PING line-1",
        "> PING line-2",
    ]


def test_if_they_are_all_back_it_is_sent(again: Visit) -> None:
    sent = hears(again, *a_company("alice", "Bob", "carol"))
    assert sent == ["Listed", "> PRIVMSG #lobby hello", "hello", "> PING line-1"]


def test_it_does_not_wait_for_ever(again: Visit) -> None:
    assert again.gathering_seconds == 3.5
    hears(again, *a_company("alice"))
    assert told(again.go_on())[0] == "> PRIVMSG #lobby hello"
    assert told(again.go_on()) == []


def test_who_has_nothing_to_say_waits_for_nobody(visit: Visit) -> None:
    hears(visit, *a_company("alice", "bob"))
    visit.lose(WHY, now=1, jitter=0.5)
    arrives(visit, now=2)
    assert hears(visit, *a_company("alice")) == ["Listed"]
    assert told(visit.type("hello", now=3))[0] == "> PRIVMSG #lobby hello"


@pytest.mark.parametrize(("pauses", "seconds"), [(1, 3.5), (2, 6), (3, 11), (4, 15)])
def test_the_longer_the_pauses_the_later_the_others(
    visit: Visit, pauses: int, seconds: float
) -> None:
    for _ in range(pauses):
        visit.lose(WHY, now=1, jitter=0.5)
    assert visit.gathering_seconds == seconds


# Questions.

PASTE = "1\n2\n3\n4"
QUESTION = "Send 4 lines? y/n"


def test_three_lines_are_nothing_to_ask_about(visit: Visit) -> None:
    assert told(visit.type("1\n2\n3", now=0))[0] == "> PRIVMSG #lobby 1"


@pytest.mark.parametrize("answer", ["y", "Yes "])
def test_a_long_paste_is_shown_and_sent_after_a_yes(visit: Visit, answer: str) -> None:
    shown = told(visit.type(PASTE, now=0))
    assert shown == ["| 1", "| 2", "| 3", "| 4", QUESTION]
    assert visit.question
    assert visit.question.words == QUESTION
    sent = told(visit.type(answer, now=1))
    assert sent[::3] == [f"> PRIVMSG #lobby {n}" for n in range(1, 5)]
    assert visit.question is None


@pytest.mark.parametrize("answer", ["n", " NO"])
def test_a_paste_by_mistake_goes_nowhere(visit: Visit, answer: str) -> None:
    visit.type(PASTE, now=0)
    assert told(visit.type(answer, now=0)) == ["Nothing of it was sent."]
    assert told(visit.type("hello", now=0))[0] == "> PRIVMSG #lobby hello"


def test_until_there_is_an_answer_nothing_else_is_sent(visit: Visit) -> None:
    visit.type(PASTE, now=0)
    assert told(visit.type("hello", now=0)) == [f"Please answer y or n. {QUESTION}"]
    assert told(visit.type("/quit", now=0)) == ["> QUIT"]


def test_of_a_very_long_paste_the_beginning_is_shown(visit: Visit) -> None:
    shown = told(visit.type("\n".join(map(str, range(100))), now=0))
    assert shown[9:] == ["| 9", "| and 90 more", "Send 100 lines? y/n"]


def test_who_has_nobody_to_ask_sends_it() -> None:
    visit = Visit(nick="alice", room="#lobby", asks=False)
    arrives(visit)
    assert told(visit.type(PASTE, now=0))[0] == "> PRIVMSG #lobby 1"
    visit.lose(WHY, now=1, jitter=0)
    assert arrives(visit, now=1000)[4] == "> PRIVMSG #lobby 1"


def left_from_last_time() -> Visit:
    """Somebody left two lines ten minutes ago and one just now."""
    lines = [
        Line("old", "#lobby", at=0, number=1),
        Line("older", "#lobby", at=60, number=2),
        Line("new", "#lobby", at=599, number=3),
    ]
    return Visit(nick="alice", room="#lobby", unsent=Unsent(lines))


def test_lines_from_long_ago_are_asked_about() -> None:
    visit = left_from_last_time()
    assert told(visit.begin(600)) == [
        "Waiting to be sent: old",
        "Waiting to be sent: older",
        "Waiting to be sent: new",
        "Send 2 lines from up to 10 minutes ago? y/n",
        *GREETING,
    ]
    assert hears(visit, *ARRIVAL)[-1] == "Joined"
    assert told(visit.type("y", now=601))[::3] == [
        "> PRIVMSG #lobby old",
        "> PRIVMSG #lobby older",
        "> PRIVMSG #lobby new",
    ]


def test_two_questions_are_answered_one_after_the_other() -> None:
    visit = left_from_last_time()
    arrives(visit, now=600)
    visit.lose(WHY, now=601, jitter=0)
    # They are not asked about twice.
    assert told(visit.begin(602)) == GREETING
    hears(visit, *ARRIVAL)
    visit.type("n", now=603)
    visit.type(PASTE, now=604)
    visit.lose(WHY, now=605, jitter=0)
    stale = "Send one line from up to 5 minutes ago? y/n"
    assert stale in told(visit.begin(900))
    assert told(visit.type("n", now=901)) == ["Nothing of it was sent.", stale]
    assert told(visit.type("n", now=902)) == ["Thrown away: one line."]
    assert visit.question is None


def test_and_thrown_away_if_they_are_not_wanted_any_more() -> None:
    visit = left_from_last_time()
    arrives(visit, now=600)
    assert told(visit.type("n", now=601)) == [
        "Thrown away: 2 lines.",
        "> PRIVMSG #lobby new",
        "new",
        "> PING line-3",
    ]


def test_without_an_answer_they_stay() -> None:
    visit = left_from_last_time()
    arrives(visit, now=600)
    assert told(visit.type("/quit", now=601)) == ["> QUIT"]
    assert visit.unsent.texts() == "old / older / new"


def test_the_room_of_a_line_from_last_time_is_entered_too() -> None:
    unsent = Unsent([Line("tea time", "#tea", at=0, number=1)])
    visit = Visit(nick="alice", room="#lobby", unsent=unsent)
    visit.begin(1)
    assert hears(visit, *ARRIVAL[:2])[1::2] == ["> JOIN #tea", "> JOIN #lobby"]


def test_a_line_grows_old_while_the_server_is_away(visit: Visit) -> None:
    visit.lose(WHY, now=0, jitter=0)
    visit.type("hello", now=0)
    assert "Send one line from up to 5 minutes ago? y/n" in told(visit.begin(301))


# Passwords.


def confided(visit: Visit, text: str) -> list[str]:
    """What comes of *text* as the answer to what must not show."""
    (ask,) = (each for each in visit.type("/login", now=1) if isinstance(each, Ask))
    visit.ask(ask)
    return told(visit.type(text, now=2))


def test_a_password_goes_to_nickserv_and_is_kept_nowhere(visit: Visit) -> None:
    assert confided(visit, "canary") == ["> PRIVMSG NickServ :IDENTIFY alice canary"]
    assert visit.secret is None
    assert visit.unsent.texts() == ""
    told_again = visit.lose(WHY, now=3, jitter=0.5) + visit.begin(4)
    assert not [line for line in told(told_again) if "canary" in line]


@pytest.mark.parametrize("text", ["", "  "])
def test_who_does_not_want_to_say_it_need_not(visit: Visit, text: str) -> None:
    assert confided(visit, text) == ["Never mind, then."]


def test_who_is_asked_may_leave(visit: Visit) -> None:
    assert confided(visit, "/quit") == ["> QUIT"]
    assert visit.is_leaving


def test_without_a_server_nobody_is_asked_any_more(visit: Visit) -> None:
    (ask,) = (each for each in visit.type("/login", now=1) if isinstance(each, Ask))
    visit.ask(ask)
    visit.lose(WHY, now=2, jitter=0.5)
    assert told(visit.type("hello", now=3)) == ["Waiting to be sent: hello"]


def test_an_account_is_shown_on_every_connection() -> None:
    visit = Visit(nick="bob", room="#lobby", login=Login("bob", "secret"))
    for now in (0, 10):
        told(visit.begin(now))
        hears(visit, ":irc.x CAP * LS :sasl", ":irc.x CAP * ACK :sasl")
        assert hears(visit, "AUTHENTICATE +") == ["> AUTHENTICATE AGJvYgBzZWNyZXQ="]
        hears(visit, ":irc.x 903 bob :Logged in.", ":irc.x 001 bob :Welcome")
        visit.lose(WHY, now=now + 1, jitter=0.5)


# What was said while there was no connection.

MODERN = "batch server-time message-tags echo-message"
NEWS = "@msgid=m1;time=2026-11-20T10:14:00.000Z :bob!b@h PRIVMSG #lobby :hi"


def returns(visit: Visit, now: float, *, offers: str = MODERN) -> list[str]:
    """A connection stands, and alice is let in; what is said after the greeting."""
    told(visit.begin(now))
    lines = (f"CAP * LS :{offers} draft/chathistory", f"CAP * ACK :{MODERN}")
    return hears(visit, *lines, ":irc.x 001 alice :Hi", ":irc.x 422 alice :No MOTD")


@pytest.fixture
def modern() -> Visit:
    """Alice is in #lobby, on a server that remembers what was said."""
    visit = Visit(nick="alice", room="#lobby")
    returns(visit, 0)
    hears(visit, ":alice!a@h JOIN #lobby", "PONG irc.x join-1", NEWS)
    visit.type("one", now=1)
    visit.type("two", now=1)
    visit.lose(WHY, now=2, jitter=0.5)
    return visit


def test_what_was_missed_is_asked_for(modern: Visit) -> None:
    assert returns(modern, 3)[-3:] == [
        "> JOIN #lobby",
        "> CHATHISTORY LATEST #lobby msgid=m1 100",
        "> PING join-1",
    ]


def test_a_line_that_was_heard_is_not_said_again(modern: Visit) -> None:
    returns(modern, 3)
    heard = "@batch=b;msgid=m2 :alice!a@h PRIVMSG #lobby one"
    batch = ("BATCH +b chathistory #lobby", heard, "BATCH -b")
    assert hears(modern, ":alice!a@h JOIN #lobby", *batch) == [
        "Joined",
        "Mark",
        "one",
        "Mark",
    ]
    assert hears(modern, "PONG irc.x join-1")[0] == "> PRIVMSG #lobby two"
    # What the server plays back by itself and what it answers are the same.
    assert hears(modern, *batch) == []


def test_where_nothing_is_played_back_all_is_said_again(modern: Visit) -> None:
    returns(modern, 3)
    refused = "FAIL CHATHISTORY INVALID_TARGET LATEST #lobby :No"
    sent = hears(modern, ":alice!a@h JOIN #lobby", refused, "PONG irc.x join-1")
    assert sent[:3] == ["Joined", "> PRIVMSG #lobby one", "> PRIVMSG #lobby two"]


def test_what_has_come_of_a_batch_without_end_is_not_shown_again(modern: Visit) -> None:
    returns(modern, 3)
    begins = ("BATCH +b chathistory #lobby", "@batch=b;" + NEWS[1:].replace("m1", "m7"))
    assert hears(modern, *begins) == ["Mark", "hi"]
    modern.lose(WHY, now=4, jitter=0.5)
    returns(modern, 5)
    assert hears(modern, *begins, "BATCH -b") == []
    # What is said now is of no batch any more.
    assert hears(modern, "@batch=b :bob!b@h PRIVMSG #lobby :now") == ["now"]


def test_a_stale_line_may_turn_out_to_have_been_heard(modern: Visit) -> None:
    returns(modern, 3000)
    batch = ("BATCH +b chathistory #lobby", ":alice!a@h PRIVMSG #lobby one", "BATCH -b")
    hears(modern, batch[0], "@batch=b " + batch[1], batch[2])
    assert modern.question
    told_last = told(modern.type("n", now=3001))
    assert told_last == ["Thrown away: one line."]
    assert not len(modern.unsent)

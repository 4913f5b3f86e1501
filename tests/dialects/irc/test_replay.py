"""Replay: what a client has missed that does not ask for it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects.dialect import NO_REPLAYS, Replays
from chat.dialects.irc.message import parse
from chat.domain.recalled import Excerpt, MissedIs
from chat.domain.records import Deed, Line
from tests.dialects.irc.clients import alice
from tests.dialects.irc.earlier import line, reads
from tests.dialects.scenes import AT_IN_WORDS

TIMES = "server-time"
WHOLE = "batch server-time"


def missed(*lines: Line, target: str = "#lobby", left_out: int = 0) -> MissedIs:
    is_private = not target.startswith("#")
    return MissedIs(Excerpt(target, lines, is_private, left_out))


SOME = missed(
    line("hello"),
    line("waves", Deed.ACTION, after=1),
    line("hm", Deed.NOTICE, nick="alice", after=2),
)


@pytest.mark.parametrize(
    ("caps", "replays"),
    [
        ("", Replays(most=200, at_first=0, has_digest=False)),
        (WHOLE, Replays(most=200, at_first=0, has_digest=False)),
        ("draft/chathistory", NO_REPLAYS),
        ("draft/chathistory batch", NO_REPLAYS),
    ],
)
def test_who_asks_for_history_is_shown_none_by_itself(
    caps: str, replays: Replays
) -> None:
    assert alice(caps).replays == replays


def test_it_is_one_chathistory_batch_where_that_is_known() -> None:
    assert reads(alice(WHOLE), SOME) == [
        ":irc.x BATCH +1 chathistory #lobby",
        (
            "@batch=1;time=2026-11-20T10:15:00.123Z"
            " :bob!ubob@bob.host PRIVMSG #lobby :hello"
        ),
        (
            "@batch=1;time=2026-11-20T10:15:00.124Z"
            " :bob!ubob@bob.host PRIVMSG #lobby :\1ACTION waves\1"
        ),
        (
            "@batch=1;time=2026-11-20T10:15:00.125Z"
            " :alice!ualice@alice.host NOTICE #lobby :hm"
        ),
        ":irc.x BATCH -1",
    ]


def test_each_line_of_it_has_the_time_at_which_it_was_said() -> None:
    inside = reads(alice(WHOLE), SOME)[1:-1]
    assert [parse(each).tags["time"][-5:] for each in inside] == [
        *(".123Z", ".124Z", ".125Z")
    ]


def test_each_line_has_its_id_where_tags_are_known() -> None:
    (_, shown, _) = reads(alice(f"{WHOLE} message-tags"), missed(line("hi")))
    assert parse(shown).tags == {"batch": "1", "time": AT_IN_WORDS, "msgid": "a1"}


def test_with_times_alone_they_are_lines_like_any_other() -> None:
    assert reads(alice(TIMES), SOME)[:2] == [
        "@time=2026-11-20T10:15:00.123Z :bob!ubob@bob.host PRIVMSG #lobby :hello",
        (
            "@time=2026-11-20T10:15:00.124Z"
            " :bob!ubob@bob.host PRIVMSG #lobby :\1ACTION waves\1"
        ),
    ]


@pytest.mark.parametrize("caps", ["", "batch", "message-tags", "batch message-tags"])
def test_otherwise_the_house_tells_it(caps: str) -> None:
    assert reads(alice(caps), SOME) == [
        ":irc.x NOTICE #lobby :[2026-11-20 10:15 UTC] <bob> hello",
        ":irc.x NOTICE #lobby :[2026-11-20 10:15 UTC] * bob waves",
        ":irc.x NOTICE #lobby :[2026-11-20 10:15 UTC] <alice> hm",
    ]


PRIVATE = missed(
    line("psst", to="alice"),
    line("what?", nick="alice", to="bob", after=1),
    line("waves", Deed.ACTION, nick="alice", to="bob", after=2),
    target="bob",
)


def test_what_was_said_to_one_alone_is_filed_under_the_other() -> None:
    assert reads(alice(WHOLE), PRIVATE)[:3] == [
        ":irc.x BATCH +1 chathistory bob",
        f"@batch=1;time={AT_IN_WORDS} :bob!ubob@bob.host PRIVMSG alice :psst",
        (
            "@batch=1;time=2026-11-20T10:15:00.124Z"
            " :alice!ualice@alice.host PRIVMSG bob :what?"
        ),
    ]


def test_or_the_house_tells_it_to_oneself() -> None:
    assert reads(alice(), PRIVATE) == [
        ":irc.x NOTICE alice :[2026-11-20 10:15 UTC] <bob> psst",
        ":irc.x NOTICE alice :[2026-11-20 10:15 UTC] <alice to bob> what?",
        ":irc.x NOTICE alice :[2026-11-20 10:15 UTC] * alice to bob waves",
    ]


@pytest.mark.parametrize("caps", ["", TIMES, WHOLE])
def test_nothing_missed_is_nothing_told(caps: str) -> None:
    assert reads(alice(caps), missed()) == []


@pytest.mark.parametrize(
    ("caps", "left_out", "shown"),
    [
        ("", 1, ":irc.x NOTICE #lobby :[1 earlier line is left out]"),
        ("", 34, ":irc.x NOTICE #lobby :[34 earlier lines are left out]"),
        (
            TIMES,
            34,
            (
                f"@time={AT_IN_WORDS} :irc.x NOTICE #lobby"
                " :[34 earlier lines are left out]"
            ),
        ),
    ],
)
def test_what_is_left_out_is_counted(caps: str, left_out: int, shown: str) -> None:
    told = reads(alice(caps), missed(line("hi"), left_out=left_out))
    assert (told[0], len(told)) == (shown, 2)


def test_what_is_left_out_may_be_more_than_was_counted() -> None:
    excerpt = Excerpt("#lobby", (line("hi"),), left_out=7, is_least=True)
    assert reads(alice(), MissedIs(excerpt))[0] == (
        ":irc.x NOTICE #lobby :[at least 7 earlier lines are left out]"
    )


def test_what_was_lost_is_said() -> None:
    told = reads(alice(), missed(line("hi"), line("3", Deed.GAP, after=1)))
    assert told[1] == (
        ":irc.x NOTICE #lobby :What is said can be kept again, but 3 lines are lost."
    )


@pytest.mark.parametrize("text", ["\1VERSION\1", "\1PING 1", "\1"])
def test_no_client_answers_an_old_question(text: str) -> None:
    asked = missed(line(text), line("hi", after=1), left_out=1)
    assert len(reads(alice(TIMES), asked)) == 2
    shown = reads(alice(), asked)[1]
    bare = text.replace("\1", "")
    assert shown == f":irc.x NOTICE #lobby :[2026-11-20 10:15 UTC] <bob> {bare}"
    # Of nothing there is nothing left to say.
    assert "left out" not in "".join(
        reads(alice(TIMES), missed(line(text), left_out=1))
    )


@given(
    st.text(max_size=600),
    st.sampled_from([Deed.SAY, Deed.ACTION, Deed.NOTICE]),
    st.booleans(),
)
@settings(deadline=None, max_examples=100)
def test_no_bot_obeys_an_old_command(text: str, deed: Deed, is_private: bool) -> None:
    to, target = ("alice", "bob") if is_private else ("", "#lobby")
    event = missed(line(text, deed, to=to), target=target)
    for shown in reads(alice(), event):
        message = parse(shown)
        assert (message.source, message.command) == ("irc.x", "NOTICE")
        assert message.params[1].startswith("[2026-11-20 10:15 UTC] ")
        assert "\1" not in shown
        assert len(shown.encode()) <= 510


def test_a_long_line_is_told_in_pieces_and_none_is_lost() -> None:
    text = "".join(chr(0x430 + number % 32) for number in range(600))
    told = reads(alice(), missed(line(text)))
    head = ":irc.x NOTICE #lobby :[2026-11-20 10:15 UTC] <bob> "
    assert all(each.startswith(head) for each in told)
    assert "".join(each.removeprefix(head) for each in told) == text


def test_a_nick_in_other_letters_is_still_ones_own() -> None:
    irc = alice()
    event = missed(replace(line("psst"), peer=7, target="Alice"), target="bob")
    assert reads(irc, event) == [
        ":irc.x NOTICE alice :[2026-11-20 10:15 UTC] <bob> psst"
    ]

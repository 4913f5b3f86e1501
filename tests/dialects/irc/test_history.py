"""CHATHISTORY: what can be asked for, and the pages that answer it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects.irc.history import number
from chat.dialects.irc.message import parse
from chat.dialects.irc.session import Irc
from chat.domain.commands import Command
from chat.domain.limits import Limits
from chat.domain.questions import AskHistory, AskTargets, Page, Point, Which
from chat.domain.recalled import TargetsAre
from chat.domain.records import Deed
from chat.domain.refusals import Busy, CannotRecall, MayNotRead, Reason
from chat.domain.retold import retold
from tests.dialects.irc.clients import alice, hears
from tests.dialects.irc.earlier import FULL, a_page, line, reads
from tests.dialects.scenes import AT, AT_IN_WORDS, HOUSE, read

THEN = f"timestamp={AT_IN_WORDS}"
LATER = "timestamp=2026-11-20T10:15:01.123Z"


def fails(text: str, caps: str = "") -> str:
    """What is said against *text*."""
    answer = read(hears(alice(caps), f"CHATHISTORY {text}".strip())).decode()
    return answer.removeprefix(":irc.x FAIL CHATHISTORY ").removesuffix("\r\n")


# What can be asked for.


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param(
            "LATEST #tea * 50",
            AskHistory("#tea", Page(Which.LATEST, (), 50)),
            id="CHATHISTORY",
        ),
        pytest.param(
            f"LATEST #tea {THEN} 50",
            AskHistory("#tea", Page(Which.LATEST, (Point(at=AT),), 50)),
            id="the latest after a time",
        ),
        pytest.param(
            f"before bob {THEN} 1",
            AskHistory("bob", Page(Which.BEFORE, (Point(at=AT),), 1)),
            id="before, with somebody",
        ),
        pytest.param(
            "AFTER #tea msgid=a1 100",
            AskHistory("#tea", Page(Which.AFTER, (Point(0xA1),), 100)),
            id="after an id",
        ),
        pytest.param(
            "AROUND #tea msgid=a1 5",
            AskHistory("#tea", Page(Which.AROUND, (Point(0xA1),), 5)),
            id="around",
        ),
        pytest.param(
            f"BETWEEN #tea {THEN} msgid=a1 5",
            AskHistory("#tea", Page(Which.BETWEEN, (Point(at=AT), Point(0xA1)), 5)),
            id="between, of both kinds",
        ),
        pytest.param(
            f"TARGETS {LATER} {THEN} 9",
            AskTargets(AT + 1000, AT, 9),
            id="where something was said",
        ),
    ],
)
def test_what_can_be_asked_for(text: str, asked: Command) -> None:
    assert hears(alice(), f"CHATHISTORY {text}") == [asked]


@pytest.mark.parametrize("caps", ["", "batch", "message-tags", FULL])
def test_whoever_asks_is_answered_whatever_is_negotiated(caps: str) -> None:
    irc = alice(caps)
    assert hears(irc, "CHATHISTORY LATEST #lobby * 5") == [
        AskHistory("#lobby", Page(most=5))
    ]
    assert reads(irc, a_page(line("tea")))


def test_the_capability_is_offered_as_a_draft() -> None:
    offered = read(hears(alice(), "CAP LS 302")).decode().split()
    assert {"draft/chathistory", "draft/event-playback"} <= set(offered)
    assert {"chathistory", "event-playback"}.isdisjoint(offered)
    assert alice("draft/chathistory").caps == frozenset({"draft/chathistory"})


def test_isupport_tells_the_most_of_one_page() -> None:
    tokens = read(hears(alice(), "VERSION")).decode().split()
    assert {"CHATHISTORY=100", "MSGREFTYPES=msgid,timestamp"} <= set(tokens)
    small = Irc(replace(HOUSE, limits=Limits(history_page=7)))
    assert b" CHATHISTORY=7 " in b"".join(small.numerics.isupport("alice"))
    none = Irc(replace(HOUSE, limits=Limits(history=False)))
    told = b"".join(none.numerics.isupport("alice"))
    assert b"CHATHISTORY" not in told
    assert b"MSGREFTYPES" not in told


def test_nobody_gets_more_than_the_most_of_one_page() -> None:
    for limit in ("101", "9" * 5000):
        heard = alice().hear(f"CHATHISTORY LATEST #tea * {limit[:400]}".encode())
        assert heard == [AskHistory("#tea", Page(most=100))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        ("007", 7),
        ("99", 99),
        ("100", 100),
        ("1" * 5000, 100),
        ("0", None),
        ("000", None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("²", None),
        ("x", None),
    ],
)
def test_a_limit_is_a_number_from_one_on(text: str, expected: int | None) -> None:
    assert number(text, 100) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "INVALID_PARAMS * :Insufficient parameters"),
        ("FROB", "INVALID_PARAMS FROB :Unknown command"),
        ("FROB #tea * 5", "INVALID_PARAMS FROB :Unknown command"),
        (":two words", "INVALID_PARAMS twowords :Unknown command"),
        ("LATEST", "INVALID_PARAMS LATEST :Insufficient parameters"),
        ("latest #tea 5", "INVALID_PARAMS latest :Insufficient parameters"),
        (f"BETWEEN #tea {THEN} 5", "INVALID_PARAMS BETWEEN :Insufficient parameters"),
        (f"TARGETS {THEN} 5", "INVALID_PARAMS TARGETS :Insufficient parameters"),
        (f"BEFORE #tea {THEN} {THEN} 5", "INVALID_PARAMS BEFORE :Too many parameters"),
        (f"TARGETS {THEN} {THEN} 5 5", "INVALID_PARAMS TARGETS :Too many parameters"),
        (
            "AFTER #tea timestamp=yesterday 5",
            "INVALID_PARAMS AFTER timestamp=yesterday :Invalid timestamp",
        ),
        (
            "AFTER #tea timestamp= 5",
            "INVALID_PARAMS AFTER timestamp= :Invalid timestamp",
        ),
        (
            f"TARGETS {THEN} msgid=a1 5",
            "INVALID_PARAMS TARGETS msgid=a1 :Invalid timestamp",
        ),
        ("TARGETS * * 5", "INVALID_PARAMS TARGETS * :Invalid timestamp"),
        ("AFTER #tea * 5", "INVALID_PARAMS AFTER * :Invalid message reference"),
        ("AFTER #tea a1 5", "INVALID_PARAMS AFTER a1 :Invalid message reference"),
        ("LATEST #tea * 0", "INVALID_PARAMS LATEST 0 :Invalid limit"),
        ("LATEST #tea * -5", "INVALID_PARAMS LATEST -5 :Invalid limit"),
        ("LATEST #tea * many", "INVALID_PARAMS LATEST many :Invalid limit"),
    ],
)
def test_what_cannot_be_understood_is_answered_with_invalid_params(
    text: str, words: str
) -> None:
    assert fails(text) == words


@pytest.mark.parametrize(
    "text", ["", "xyz", "A1", "0a1", "0", "-a1", "0xa1", "a_1", "9" * 40, f"8{0:015}"]
)
def test_an_id_that_was_never_sent_is_no_message(text: str) -> None:
    assert fails(f"AFTER #tea msgid={text} 5") == (
        f"INVALID_PARAMS AFTER msgid={text} :Invalid message id"
    )


@pytest.mark.parametrize(
    "text",
    [
        "timestamp=2026-11-20 5",
        "timestamp=2026-11-20T10:15:00Z 5",
        "timestamp=2026-11-20T10:15:00.123 5",
        "timestamp=2026-11-20T10:15:00.123z 5",
        "timestamp=2026-11-31T10:15:00.123Z 5",
        "timestamp=2026-11-20T10:15:61.123Z 5",
        "timestamp=٢026-11-20T10:15:00.123Z 5",
        f"{AT_IN_WORDS} 5",
        f"time={AT_IN_WORDS} 5",
    ],
)
def test_a_time_is_written_as_server_time_writes_it(text: str) -> None:
    assert fails(f"AFTER #tea {text}").startswith(("INVALID_PARAMS", "INVALID_MSGREF"))
    assert hears(alice(), f"CHATHISTORY AFTER #tea {THEN} 5") == [
        AskHistory("#tea", Page(Which.AFTER, (Point(at=AT),), 5))
    ]


def test_an_unknown_kind_of_reference_is_answered_with_invalid_msgreftype() -> None:
    assert fails("AFTER #tea place=9 5") == (
        "INVALID_MSGREFTYPE AFTER #tea place"
        " :Only msgid and timestamp can be referred to"
    )


def test_the_times_of_targets_are_times() -> None:
    assert hears(alice(), f"CHATHISTORY TARGETS {THEN} {LATER} 9") == [
        AskTargets(AT, AT + 1000, 9)
    ]
    assert fails(f"TARGETS msgid=a1 {THEN} 5").startswith("INVALID_PARAMS TARGETS ")


def test_between_goes_from_the_first_point_to_the_second() -> None:
    there, back = (
        hears(alice(), f"CHATHISTORY BETWEEN #tea {one} {other} 5")
        for one, other in ((THEN, LATER), (LATER, THEN))
    )
    points = (Point(at=AT), Point(at=AT + 1000))
    assert there == [AskHistory("#tea", Page(Which.BETWEEN, points, 5))]
    assert back == [AskHistory("#tea", Page(Which.BETWEEN, points[::-1], 5))]


def test_two_points_are_too_many_where_one_is_meant() -> None:
    for which in ("LATEST", "BEFORE", "AFTER", "AROUND"):
        assert fails(f"{which} #tea {THEN} msgid=a1 5") == (
            f"INVALID_PARAMS {which} :Too many parameters"
        )


# Why not.


@pytest.mark.parametrize(
    ("asked", "reason", "words"),
    [
        pytest.param(
            "LATEST #tea * 5",
            MayNotRead("#tea"),
            "INVALID_TARGET LATEST #tea :Messages could not be retrieved",
            id="what one may not read",
        ),
        pytest.param(
            "before #tea msgid=a1 5",
            CannotRecall("#tea"),
            "MESSAGE_ERROR BEFORE #tea :Messages could not be retrieved",
            id="what cannot be read",
        ),
        pytest.param(
            f"TARGETS {THEN} {LATER} 5",
            CannotRecall(),
            "MESSAGE_ERROR TARGETS * :Messages could not be retrieved",
            id="targets have no target",
        ),
        pytest.param(
            "LATEST #tea * 5",
            Busy(),
            "MESSAGE_ERROR LATEST * :This command could not be completed. Try again.",
            id="whatever else",
        ),
    ],
)
def test_what_is_refused(asked: str, reason: Reason, words: str) -> None:
    irc = alice()
    hears(irc, f"CHATHISTORY {asked}")
    assert irc.refuse(reason) == f":irc.x FAIL CHATHISTORY {words}\r\n".encode()


def test_what_one_may_not_read_is_answered_with_invalid_target() -> None:
    irc = alice()
    hears(irc, "CHATHISTORY LATEST #tea * 5")
    assert irc.refuse(MayNotRead("#tea")).startswith(
        b":irc.x FAIL CHATHISTORY INVALID_TARGET LATEST #tea :"
    )


def test_what_cannot_be_read_is_answered_with_message_error() -> None:
    irc = alice()
    hears(irc, "CHATHISTORY LATEST #tea * 5", "PRIVMSG #tea :in the same turn")
    assert irc.refuse(CannotRecall("#tea")) == (
        b":irc.x FAIL CHATHISTORY MESSAGE_ERROR LATEST #tea"
        b" :Messages could not be retrieved\r\n"
    )


def test_400_who_has_not_asked_is_told_by_number() -> None:
    irc = alice()
    hears(irc, "JOIN #tea")
    assert irc.refuse(CannotRecall("#tea")) == (
        b":irc.x 400 alice CHATHISTORY :What was said cannot be read just now.\r\n"
    )


# A page.


def test_a_page_is_a_batch_of_the_type_chathistory() -> None:
    irc = alice(FULL)
    page = a_page(line("hello"), replace(line("hi", Deed.NOTICE, after=1), tags="+x=y"))
    assert reads(irc, page) == [
        ":irc.x BATCH +1 chathistory #lobby",
        (
            "@batch=1;time=2026-11-20T10:15:00.123Z;msgid=a1"
            " :bob!ubob@bob.host PRIVMSG #lobby :hello"
        ),
        (
            "@batch=1;time=2026-11-20T10:15:00.124Z;msgid=a2;+x=y"
            " :bob!ubob@bob.host NOTICE #lobby :hi"
        ),
        ":irc.x BATCH -1",
    ]


def test_a_page_is_named_by_the_canonical_name_of_its_target() -> None:
    irc = alice(FULL)
    hears(irc, "CHATHISTORY LATEST #LoBBy * 5")
    assert reads(irc, a_page(target="#lobby"))[0] == (
        ":irc.x BATCH +1 chathistory #lobby"
    )


def test_each_line_has_the_time_at_which_it_was_said() -> None:
    for each in (0, 1, 999):
        (_, shown, _) = reads(alice(FULL), a_page(line("hi", after=each)))
        at = f"2026-11-20T10:15:0{(123 + each) // 1000}.{(123 + each) % 1000:03}Z"
        assert parse(shown).tags["time"] == at


def test_each_line_has_the_msgid_with_which_it_was_said() -> None:
    irc, others = alice(FULL), alice("message-tags server-time")
    each = replace(line("hi"), tags="+x")
    live = parse(others.kind.render(retold(each, "#lobby")).decode())
    (_, shown, _) = reads(irc, a_page(each))
    assert parse(shown).tags == {"batch": "1", **live.tags}


def test_who_knows_no_batches_gets_lines() -> None:
    assert reads(alice(), a_page(line("hello"), is_end=True)) == [
        ":bob!ubob@bob.host PRIVMSG #lobby :hello"
    ]
    assert reads(alice(), a_page()) == []


def test_an_empty_page_is_an_empty_batch() -> None:
    assert reads(alice(FULL), a_page()) == [
        ":irc.x BATCH +1 chathistory #lobby",
        ":irc.x BATCH -1",
    ]


def test_a_page_comes_in_the_order_in_which_it_was_said() -> None:
    lines = [line(str(after), after=after) for after in range(5)]
    shown = reads(alice(FULL), a_page(*lines))[1:-1]
    assert [each[-1] for each in shown] == ["0", "1", "2", "3", "4"]
    # Lines of one millisecond too: their ids order them.
    same = [replace(each, at=AT) for each in lines]
    shown = reads(alice(FULL), a_page(*same))[1:-1]
    assert [parse(each).tags["msgid"] for each in shown] == [
        f"{each.id:x}" for each in same
    ]


def test_the_end_is_told_with_the_opening() -> None:
    irc = alice(FULL)
    (opening, _) = reads(irc, a_page(is_end=True))
    assert opening == "@draft/chathistory-end :irc.x BATCH +1 chathistory #lobby"
    (opening, *_) = reads(irc, TargetsAre((), is_end=True))
    assert opening == "@draft/chathistory-end :irc.x BATCH +2 draft/chathistory-targets"
    (opening, _) = reads(alice("batch"), a_page(is_end=True))
    assert opening == ":irc.x BATCH +1 chathistory #lobby"


def test_what_one_said_oneself_belongs_to_it() -> None:
    lines = (line("hello", to="alice"), line("hi", nick="alice", to="bob", after=1))
    assert reads(alice("batch"), a_page(*lines, target="bob")) == [
        ":irc.x BATCH +1 chathistory bob",
        "@batch=1 :bob!ubob@bob.host PRIVMSG alice :hello",
        "@batch=1 :alice!ualice@alice.host PRIVMSG bob :hi",
        ":irc.x BATCH -1",
    ]


def test_who_has_had_another_nick_is_shown_as_who_he_was() -> None:
    page = a_page(line("hi", nick="robert", to="alice"), target="bob")
    assert ":robert!urobert@robert.host PRIVMSG alice :hi" in reads(alice(), page)


def test_without_event_playback_only_what_was_said_is_asked_for() -> None:
    (asked,) = hears(alice(FULL), "CHATHISTORY LATEST #tea * 5")
    assert asked == AskHistory("#tea", Page(most=5, has_events=False))


def test_with_event_playback_all_that_happened_is_asked_for() -> None:
    irc = alice(f"{FULL} draft/event-playback")
    (asked,) = hears(irc, "CHATHISTORY LATEST #tea * 5")
    assert asked == AskHistory("#tea", Page(most=5, has_events=True))


@pytest.mark.parametrize(
    ("deed", "text", "to", "shown"),
    [
        pytest.param(Deed.ACTION, "waves", "", "PRIVMSG #lobby :\1ACTION waves\1"),
        pytest.param(Deed.JOIN, "", "", "JOIN #lobby"),
        pytest.param(Deed.LEAVE, "bye", "", "PART #lobby :bye"),
        pytest.param(Deed.DEPART, "Quit: bye", "", "QUIT :Quit: bye"),
        pytest.param(Deed.KICK, "out", "eve", "KICK #lobby eve :out"),
        pytest.param(Deed.RENAME, "", "robert", "NICK robert"),
        pytest.param(Deed.TOPIC, "tea", "", "TOPIC #lobby :tea"),
        pytest.param(
            Deed.SETTINGS, "+MODERATED +BAN=eve!*@*", "", "MODE #lobby +mb eve!*@*"
        ),
    ],
    ids=lambda each: each.name if isinstance(each, Deed) else "",
)
def test_what_happened_is_played_back(
    deed: Deed, text: str, to: str, shown: str
) -> None:
    irc = alice(f"{FULL} draft/event-playback")
    page = a_page(line(text, deed, to=to), has_events=True)
    assert reads(irc, page)[1:-1] == [
        f"@batch=1;time={AT_IN_WORDS};msgid=a1 :bob!ubob@bob.host {shown}"
    ]


def test_a_tagmsg_is_played_back() -> None:
    irc = alice(f"{FULL} draft/event-playback")
    page = a_page(replace(line("", Deed.TAGS), tags="+draft/react=x"), has_events=True)
    assert reads(irc, page)[1:-1] == [
        (
            f"@batch=1;time={AT_IN_WORDS};msgid=a1;+draft/react=x"
            " :bob!ubob@bob.host TAGMSG #lobby"
        )
    ]


def test_what_could_not_be_kept_is_a_notice_of_the_house() -> None:
    page = a_page(line("hi"), line("3", Deed.GAP, after=1))
    assert reads(alice("batch"), page)[2] == (
        "@batch=1 :irc.x NOTICE #lobby"
        " :What is said can be kept again, but 3 lines are lost."
    )


def test_a_long_line_is_in_the_batch_with_all_its_pieces() -> None:
    opening, *pieces, end = reads(alice(FULL), a_page(line("x" * 900)))
    assert (opening[:15], end) == (":irc.x BATCH +1", ":irc.x BATCH -1")
    assert len(pieces) == 2
    assert all(parse(each).tags["batch"] == "1" for each in pieces)
    assert sum("msgid" in parse(each).tags for each in pieces) == 1


# Where something was said.


def test_targets_are_a_batch_of_their_own_type() -> None:
    irc = alice(FULL)
    assert reads(irc, TargetsAre((("#lobby", AT), ("bob", AT + 1)))) == [
        ":irc.x BATCH +1 draft/chathistory-targets",
        "@batch=1 :irc.x CHATHISTORY TARGETS #lobby 2026-11-20T10:15:00.123Z",
        "@batch=1 :irc.x CHATHISTORY TARGETS bob 2026-11-20T10:15:00.124Z",
        ":irc.x BATCH -1",
    ]
    assert reads(alice(), TargetsAre((("bob", AT),))) == [
        ":irc.x CHATHISTORY TARGETS bob 2026-11-20T10:15:00.123Z"
    ]


@given(st.lists(st.text(max_size=30), max_size=6))
@settings(deadline=None, max_examples=100)
def test_any_question_is_a_command_or_one_line(params: list[str]) -> None:
    heard = alice(FULL).hear(" ".join(("CHATHISTORY", *params)).encode())
    assert len(heard) <= 1
    for each in heard:
        if isinstance(each, bytes):
            assert each.count(b"\n") == each.count(b"\r\n") == 1

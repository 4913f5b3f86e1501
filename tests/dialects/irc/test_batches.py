"""Batches, and the answers to what was labelled."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects.dialect import Heard, Label, Told
from chat.dialects.irc.batches import batch, tagged
from chat.dialects.irc.message import escaped, parse
from chat.dialects.irc.session import Irc
from chat.domain.commands import Leave, Manner, Say, Whisper
from chat.domain.events import Whispered
from chat.domain.questions import Search
from chat.domain.recalled import FoundAre, TargetsAre
from chat.wire.text import for_irc
from tests.dialects.irc.clients import a_stranger, alice, hears
from tests.dialects.irc.earlier import FULL, a_page, line, reads
from tests.dialects.scenes import ALICE, AT, ID, entered, read, whispered

LABELS = "batch labeled-response message-tags"
HI = b":bob!b@b PRIVMSG #tea :hi\r\n"
HO = b":bob!b@b PRIVMSG #tea :ho\r\n"


def answer(irc: Irc, *told: Told, label: str = "x") -> list[str]:
    """The lines of what was *told*, as an answer to that *label*."""
    whole = irc.labelled(label, list(told))
    assert not isinstance(whole, bytes)
    text = b"".join(whole).decode()
    assert text.endswith("\r\n")
    return text.split("\r\n")[:-1]


def lines_of(told: Told) -> list[str]:
    return (
        b"".join(told if not isinstance(told, bytes) else [told]).decode().split("\r\n")
    )


# Batches.


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (b"", b""),
        (HI, b"@t=1 " + HI),
        (b"@a=b " + HI, b"@t=1;a=b " + HI),
        (HI + b"@a " + HO, b"@t=1 " + HI + b"@t=1;a " + HO),
    ],
)
def test_a_tag_goes_before_the_others(lines: bytes, expected: bytes) -> None:
    assert tagged(lines, "t=1") == expected


def test_the_capability_is_called_batch() -> None:
    assert "batch" in read(hears(alice(), "CAP LS")).decode().split()
    assert alice("batch").caps == frozenset({"batch"})


def test_a_batch_begins_and_ends_as_it_should() -> None:
    irc = alice("batch")
    assert b"".join(batch(irc, "netsplit a b", [])) == (
        b":irc.x BATCH +1 netsplit a b\r\n:irc.x BATCH -1\r\n"
    )


def test_a_reference_is_a_number_that_never_comes_again() -> None:
    irc = alice("batch")
    references = []
    for _ in range(20):
        opening, end = reads(irc, a_page())
        references.append(parse(opening).params[0].removeprefix("+"))
        assert parse(end).params[0] == f"-{references[-1]}"
    assert all(each.isascii() and each.isdecimal() for each in references)
    assert len(set(references)) == 20


def test_what_is_in_a_batch_refers_to_it_and_nothing_else_does() -> None:
    opening, *inside, end = reads(alice(FULL), a_page(line("a"), line("b", after=1)))
    assert [parse(each).tags["batch"] for each in inside] == ["1", "1"]
    assert not any("batch" in parse(each).tags for each in (opening, end))


def test_every_batch_ends() -> None:
    irc = alice(f"{FULL} soju.im/search")
    for event in (
        a_page(line("a")),
        TargetsAre((("#tea", AT),)),
        FoundAre(Search(), (("#tea", line("a")),), is_cut=True),
    ):
        text = reads(irc, event)
        begun = [parse(each).params[0][1:] for each in text if " BATCH +" in each]
        ended = [parse(each).params[0][1:] for each in text if " BATCH -" in each]
        assert begun == ended
        assert len(begun) == 1


def test_who_knows_no_batches_gets_the_lines() -> None:
    assert list(batch(alice(), "netsplit", [b"", HI, HO])) == [HI, HO]


def test_both_ends_of_an_inner_batch_refer_to_the_outer_one() -> None:
    irc = alice(LABELS)
    inner = irc.tell(a_page(line("a")))
    assert answer(irc, HI, inner) == [
        "@label=x :irc.x BATCH +2 labeled-response",
        "@batch=2 :bob!b@b PRIVMSG #tea :hi",
        "@batch=2 :irc.x BATCH +1 chathistory #lobby",
        "@batch=1;msgid=a1 :bob!ubob@bob.host PRIVMSG #lobby :a",
        "@batch=2 :irc.x BATCH -1",
        ":irc.x BATCH -2",
    ]


def test_a_batch_type_that_is_not_ratified_has_a_prefix() -> None:
    irc = alice("batch")
    (opening, _) = reads(irc, TargetsAre(()))
    assert parse(opening).params[1] == "draft/chathistory-targets"
    (opening, _) = reads(irc, FoundAre(Search(), ()))
    assert parse(opening).params[1] == "soju.im/search"
    (opening, _) = reads(irc, a_page())
    assert parse(opening).params[1] == "chathistory"


# What is labelled.


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("@label=x PRIVMSG #tea :hi", [Label("x"), Say("#tea", "hi"), Label()]),
        ("@label=x PART #a,#b", [Label("x"), Leave("#a"), Leave("#b"), Label()]),
        ("@label=x PONG", [Label("x"), Label()]),
        ("@label=a\\sb PONG", [Label("a b"), Label()]),
        (
            "@label=x;+y NOTICE bob :hi",
            [Label("x"), Whisper("bob", "hi", Manner.NOTICE, "+y"), Label()],
        ),
        (
            "@label=x FROB",
            [Label("x"), b":irc.x 421 alice FROB :Unknown command.\r\n", Label()],
        ),
        ("@label=x", []),
        ("@label PONG", []),
        ("@label= PONG", []),
        ("@label=a\0b PONG", []),
        ("@label=a\x1bb PONG", []),
        ("@labels=x PONG", []),
        ("PONG", []),
    ],
)
def test_what_follows_answers_the_label(text: str, heard: Heard) -> None:
    assert hears(alice(LABELS), text) == heard


@pytest.mark.parametrize("caps", ["", "message-tags", "batch", "labeled-response"])
def test_labels_need_the_capabilities_in_whatever_order(caps: str) -> None:
    assert hears(alice(caps), "@label=x PONG") == []
    for both in ("batch labeled-response", "labeled-response batch"):
        irc = alice()
        for each in both.split():
            hears(irc, f"CAP REQ {each}")
        assert hears(irc, "@label=x PONG") == [Label("x"), Label()]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"@label=x PRIVMSG #x :" + b"y" * 600, b":irc.x 417 alice :Input line"),
        (b"@label=x PRIVMSG #x :\xff", b":irc.x FAIL * INVALID_UTF8 :Message is not"),
    ],
)
def test_what_is_no_message_may_have_a_label(line: bytes, told: bytes) -> None:
    first, answered, last = alice(LABELS).hear(line)
    assert (first, last) == (Label("x"), Label())
    assert isinstance(answered, bytes)
    assert answered.startswith(told)
    assert len(alice("").hear(line)) == 1


def test_tags_that_are_too_long_are_not_looked_at() -> None:
    line = b"@label=x;%s PRIVMSG #x :hi" % (b"z" * 4096)
    (told,) = alice(LABELS).hear(line)
    assert isinstance(told, bytes)
    assert told.startswith(b":irc.x 417 ")


def test_a_stranger_may_label_too() -> None:
    irc = a_stranger()
    hears(irc, "CAP REQ :batch labeled-response")
    first, told, last = hears(irc, "@label=x WHO")
    assert (first, last) == (Label("x"), Label())
    assert told == b":irc.x 451 * :You have not registered.\r\n"


@pytest.mark.parametrize(
    ("label", "is_taken"),
    [("x" * 64, True), ("x" * 65, False), ("é" * 32, True), ("é" * 33, False)],
)
def test_a_label_is_at_most_64_bytes(label: str, is_taken: bool) -> None:
    heard = hears(alice(LABELS), f"@label={label} PONG")
    assert heard == ([Label(label), Label()] if is_taken else [])


def test_what_asks_to_end_labels_is_answered_with_its_label() -> None:
    irc = alice(LABELS)
    heard = hears(irc, "@label=x CAP REQ :-labeled-response")
    assert heard[0] == Label("x")
    assert answer(irc, b":irc.x CAP alice ACK :-labeled-response\r\n") == [
        "@label=x :irc.x CAP alice ACK :-labeled-response"
    ]


# The answer.


@pytest.mark.parametrize("told", [[], [b""], [iter(())], [b"", iter([b""])]])
def test_no_answer_is_an_ack(told: list[Told]) -> None:
    assert answer(alice(LABELS), *told) == ["@label=x :irc.x ACK"]


@pytest.mark.parametrize(
    "told", [[HI], [iter([HI])], [b"", HI, b""], [iter([b"", HI])]]
)
def test_an_answer_of_one_line_is_that_line_with_the_label(told: list[Told]) -> None:
    assert answer(alice(LABELS), *told) == ["@label=x :bob!b@b PRIVMSG #tea :hi"]


@pytest.mark.parametrize(
    "told", [[HI, HO], [HI + HO], [iter([HI, HO])], [iter([HI + HO])], [HI, iter([HO])]]
)
def test_an_answer_of_several_lines_is_one_batch_with_the_label(
    told: list[Told],
) -> None:
    assert answer(alice(LABELS), *told) == [
        "@label=x :irc.x BATCH +1 labeled-response",
        "@batch=1 :bob!b@b PRIVMSG #tea :hi",
        "@batch=1 :bob!b@b PRIVMSG #tea :ho",
        ":irc.x BATCH -1",
    ]


def test_an_answer_that_is_a_batch_has_the_label_on_its_opening() -> None:
    irc = alice(f"{LABELS} draft/chathistory")
    assert answer(irc, irc.tell(a_page(line("a"), is_end=True))) == [
        "@label=x;draft/chathistory-end :irc.x BATCH +1 chathistory #lobby",
        "@batch=1;msgid=a1 :bob!ubob@bob.host PRIVMSG #lobby :a",
        ":irc.x BATCH -1",
    ]
    assert answer(irc, irc.tell(a_page()))[0] == (
        "@label=x :irc.x BATCH +2 chathistory #lobby"
    )


def test_two_batches_are_put_into_one() -> None:
    irc = alice(LABELS)
    told = [irc.tell(a_page(line("a"))), irc.tell(a_page())]
    assert answer(irc, *told) == [
        "@label=x :irc.x BATCH +3 labeled-response",
        "@batch=3 :irc.x BATCH +1 chathistory #lobby",
        "@batch=1;msgid=a1 :bob!ubob@bob.host PRIVMSG #lobby :a",
        "@batch=3 :irc.x BATCH -1",
        "@batch=3 :irc.x BATCH +2 chathistory #lobby",
        "@batch=3 :irc.x BATCH -2",
        ":irc.x BATCH -3",
    ]


def test_a_batch_that_was_cut_off_is_labelled_all_the_same() -> None:
    irc = alice(LABELS)
    assert answer(irc, b":irc.x BATCH +9 chathistory #tea\r\n") == [
        "@label=x :irc.x BATCH +9 chathistory #tea"
    ]


def test_exactly_one_message_has_the_label() -> None:
    irc = alice(LABELS)
    for told in ([], [HI], [HI, HO], [irc.tell(entered("#tea"))], [irc.tell(a_page())]):
        text = answer(irc, *told)
        assert "label" in parse(text[0]).tags
        assert not any("label" in parse(each).tags for each in text[1:])


@given(st.text(min_size=1).filter(lambda text: len(text.encode()) <= 64))
@settings(deadline=None, max_examples=100)
def test_the_label_comes_back_as_it_was(label: str) -> None:
    irc = alice(LABELS)
    if for_irc(label) != label:
        return
    heard = hears(irc, f"@label={escaped(label)} PONG")
    assert heard == [Label(label), Label()]
    (told,) = answer(irc, label=label)
    assert parse(told).tags == {"label": label}


def test_a_long_answer_is_drawn_no_earlier_than_it_is_read() -> None:
    drawn = []

    def lines() -> Iterator[bytes]:
        for number in range(1000):
            drawn.append(number)
            yield HI

    told = alice(LABELS).labelled("x", [lines()])
    assert not isinstance(told, bytes)
    first = [next(told) for _ in range(10)]
    assert first[0] == b"@label=x :irc.x BATCH +1 labeled-response\r\n"
    assert len(drawn) < 20


# What one says to oneself.

TO_SELF = Whispered(ID, AT, ALICE, "alice", "note", Manner.SAY, "")
NOTE = "@msgid=a1 :alice!ualice@alice.host PRIVMSG alice :note"


def test_what_one_says_to_oneself_has_no_label() -> None:
    irc = alice(LABELS)
    hears(irc, "@label=x PRIVMSG Alice :note")
    assert answer(irc, irc.tell(TO_SELF)) == ["@label=x :irc.x ACK", NOTE]
    # And then all is as before.
    assert answer(irc, irc.tell(whispered("psst")))[0].startswith("@label=x;")


def test_but_its_echo_has() -> None:
    irc = alice(f"{LABELS} echo-message")
    hears(irc, "@label=x PRIVMSG bob,alice :note")
    away = b":irc.x 301 alice alice :lunch\r\n"
    assert answer(irc, irc.tell(TO_SELF)) == [NOTE.replace("@", "@label=x;", 1), NOTE]
    hears(irc, "@label=y PRIVMSG alice :note")
    assert answer(irc, irc.tell(TO_SELF), away, label="y") == [
        "@label=y :irc.x BATCH +1 labeled-response",
        NOTE.replace("@", "@batch=1;", 1),
        "@batch=1 :irc.x 301 alice alice :lunch",
        ":irc.x BATCH -1",
        NOTE,
    ]


def test_what_is_told_of_several_stays_in_order() -> None:
    irc = alice(f"{LABELS} echo-message")
    hears(irc, "@label=x PRIVMSG bob,alice :note")
    to_bob = irc.tell(whispered("note"))
    (_, first, second, _, own) = answer(irc, to_bob, irc.tell(TO_SELF))
    assert " PRIVMSG bob " in first
    assert (second, own) == (NOTE.replace("@", "@batch=1;", 1), NOTE)


def test_what_others_say_is_no_echo() -> None:
    irc = alice(LABELS)
    hears(irc, "@label=x TAGMSG alice,bob")
    to_bob = irc.tell(whispered("psst"))
    from_bob = b":bob!b@b PRIVMSG alice :hi\r\n"
    assert answer(irc, to_bob, from_bob)[0].endswith("labeled-response")
    assert hears(irc, "@label=y PRIVMSG")[0] == Label("y")
    assert irc.to_self == set()

"""Labels: all that is told in answer to a line, and nothing that is not."""

from collections.abc import Iterator

import pytest

from chat.dialects.dialect import Heard, Label, Prove, Told
from chat.domain.commands import AskHouse, Depart, Introduce, Join, Say, Whisper
from chat.domain.questions import AskHistory, Search
from chat.domain.recalled import FoundAre
from chat.server.labels import Labels
from tests.server.readers import BLUE, RED, TEA, Crowd, Tongue
from tests.server.scribes import Club, Person

END = Label()


@pytest.fixture
def club() -> Club:
    return Club()


def finish(club: Club) -> None:
    """The helper does what was waiting for it, as the loop sees it."""
    for session, act in club.exchange.offload.finished():
        session.is_waiting = False
        club.exchange.go_on_late(act, session)


def test_an_answer_has_the_label_of_the_question(club: Club) -> None:
    ann = club.comes("ann")
    ann.reads()
    ann.asks(Label("x"), b"one\n", b"two\n", END, b"three\n")
    assert ann.reads() == ["<x>", "one", "two", "</x>", "three"]


def test_nothing_is_an_answer_too(club: Club) -> None:
    ann = club.comes("ann")
    ann.reads()
    ann.asks(Label("x"), END)
    assert ann.reads() == ["<x>", "</x>"]


def test_an_end_without_a_beginning_is_nothing(club: Club) -> None:
    ann = club.comes("ann")
    ann.reads()
    ann.asks(END)
    assert ann.reads() == []


def test_ones_echo_belongs_to_it_and_what_was_said_before_does_not(club: Club) -> None:
    ann, bob = club.comes("ann", "#tea"), club.comes("bob", "#tea")
    ann.reads()
    bob.asks(Say("#tea", "before"))
    ann.asks(Label("x"), Say("#tea", "mine"), Whisper("ann", "psst"), END)
    bob.asks(Say("#tea", "after"))
    told = ann.reads()
    assert told[:3] == ["before", "<x>", "mine"]
    assert told[-2:] == ["</x>", "after"]
    assert "psst" in told
    assert bob.reads()[-3:] == ["before", "mine", "after"]


def test_a_refusal_is_an_answer(club: Club) -> None:
    ann = club.comes("ann")
    ann.reads()
    ann.asks(Label("x"), Say("#nowhere", "hello"), END)
    assert ann.reads() == ["<x>", "no: NoSuchRoom", "</x>"]


def test_what_follows_from_an_answer_belongs_to_it(club: Club) -> None:
    ann = club.comes("ann")
    ann.reads()
    ann.scribe.then = [b"and this\n"]
    ann.asks(Label("x"), b"this\n", END)
    assert ann.reads() == ["<x>", "this", "and this", "</x>"]


def test_what_is_read_later_belongs_to_it(club: Club) -> None:
    ann = club.comes("ann", "#tea")
    ann.reads()
    ann.asks(Label("x"), AskHistory("#tea"), END)
    assert ann.reads() == ["<x>", "HistoryIs", "</x>"]


def test_who_leaves_is_answered(club: Club) -> None:
    ann = club.comes("ann")
    ann.reads()
    ann.asks(Label("x"), Depart("Quit"), END)
    assert ann.reads() == ["<x>", "bye", "</x>"]


# What comes late.


def proof(nick: str) -> Prove:
    """A password, and what follows from it."""
    return Prove("wrong", Introduce(nick, nick, nick), account="nobody")


def test_a_late_answer_has_its_label_and_what_others_say_has_not(club: Club) -> None:
    ann, bob = club.comes("ann", "#tea"), club.comes("bob", "#tea")
    ann.reads()
    ann.asks(Label("x"), b"wait\n", proof("ann"), b"rest\n", END)
    bob.asks(Say("#tea", "meanwhile"))
    assert ann.reads() == ["meanwhile"]
    bob.asks(Say("#tea", "before"))
    finish(club)
    bob.asks(Say("#tea", "after"))
    told = ann.reads()
    assert told == ["before", "<x>", "wait", told[3], "rest", "</x>", "after"]
    assert told[3].startswith("no: ")


def test_two_proofs_are_one_answer(club: Club) -> None:
    ann = club.comes("ann")
    ann.reads()
    ann.asks(Label("x"), proof("ann"), proof("ann"), END)
    finish(club)
    assert ann.reads() == []
    finish(club)
    assert ann.reads() == ["<x>", "no: WrongPassword", "no: WrongPassword", "</x>"]


def test_who_leaves_before_his_answer_comes_gets_none(club: Club) -> None:
    ann = club.comes("ann")
    ann.reads()
    ann.asks(Label("x"), b"wait\n", proof("ann"), END)
    club.exchange.depart(ann.session, "Killed")
    assert ann.reads() == ["bye"]
    club.exchange.close(ann.session)
    assert club.exchange._labels._answers == {}


def searches(person: Person, *labels: str) -> None:
    """Search once under each of *labels*."""
    for label in labels:
        person.asks(Label(label), b"looking\n", Search("milk"), END)


def test_what_a_search_finds_has_its_label(club: Club) -> None:
    ann = club.comes("ann", "#tea")
    ann.reads()
    searches(ann, "x", "y")
    ann.asks(Label("z"), proof("ann"), END)
    assert ann.reads() == ["<y>", "looking", "no: Busy", "</y>"]
    club.finds()
    assert ann.reads() == ["<x>", "looking", "FoundAre", "</x>"]
    finish(club)
    assert ann.reads() == ["<z>", "no: WrongPassword", "</z>"]
    ann.asks(Search("milk"))
    club.finds()
    assert ann.reads() == ["FoundAre"]
    assert len(ann.answer(FoundAre)) == 2


def test_a_fault_of_ours_holds_nothing_back(club: Club) -> None:
    ann = club.comes("ann")
    ann.reads()
    outbox = ann.session.outbox
    with pytest.raises(KeyError):
        ann.asks(Label("x"), b"one\n", None, END)
    assert ann.session.outbox is outbox
    assert club.exchange._labels.held == {}


# Before fan-out alone.


def test_who_changes_in_the_middle_reads_on() -> None:
    crowd = Crowd(ann=RED, bob=RED)
    crowd.sit("ann bob", TEA)
    labels, ann = Labels(crowd.fanout), crowd.sessions["ann"]
    crowd.hear(TEA, "one")
    labels.begin(ann, "x")
    crowd.becomes("ann", BLUE)
    crowd.hear(TEA, "two")
    labels.pause(ann)
    crowd.hear(TEA, "three")
    assert crowd.reads("ann") == ["red one", "blue three"]
    answer = labels.take(ann)
    assert answer is not None
    assert answer.told == [b"blue two\n"]


class Streaming(Tongue):
    """A dialect whose labelled answer is what was told."""

    def labelled(self, _label: str, told: list[Told]) -> Told:
        (only,) = told
        return only


def test_a_long_answer_goes_on_being_one() -> None:
    crowd = Crowd(ann=RED)
    labels, ann = Labels(crowd.fanout), crowd.sessions["ann"]
    drawn: list[str] = []

    def cursor() -> Iterator[bytes]:
        drawn.append("now")
        yield b"long\n"

    ann.dialect = Streaming(RED)
    labels.begin(ann, "x")
    crowd.fanout.put(ann, b"")
    crowd.fanout.say(ann, cursor())
    ann.dress()
    labels.end(ann)
    assert drawn == []
    assert crowd.reads("ann") == ["long"]


def test_what_is_asked_counts_and_the_label_does_not(club: Club) -> None:
    ann = club.comes("ann", "#tea")
    asked: list[tuple[Heard, int]] = [
        ([Label("x"), AskHouse(), END], 1),
        ([AskHistory("#tea")], 1),
        ([Search("milk")], 20),
        ([proof("ann"), Join("#sea")], 82),
        ([], 0),
    ]
    for heard, requests in asked:
        ann.scribe.next = heard
        assert club.exchange.hear(ann.session, b"") == requests

"""The recaller: what was missed, what is not read, and pages of what was said."""

import pytest

from chat.dialects.dialect import NO_REPLAYS, Replays
from chat.domain.claims import Identified, Unregister
from chat.domain.commands import Join, Leave, Manner, Say, Whisper
from chat.domain.limits import Limits
from chat.domain.pages import COUNTED
from chat.domain.questions import (
    AskHistory,
    AskTargets,
    CatchUp,
    MarkRead,
    Page,
    Point,
    Search,
    Which,
)
from chat.domain.recalled import (
    DigestIs,
    FoundAre,
    HistoryIs,
    TargetsAre,
    UnreadAre,
)
from chat.domain.refusals import Busy, CannotRecall
from tests.server.scribes import SINCE, Club, Person, texts


def says(person: Person, room: str, *words: str) -> None:
    """Say each of *words* in a turn of its own."""
    for word in words:
        person.does(Say(room, word))


def test_who_comes_back_is_shown_what_he_has_missed() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    says(ann, "#tea", "one")
    bob.goes()
    says(ann, "#tea", "two", "three")
    assert club.logs_in("bob", "#tea").has_missed() == {"#tea": ["two", "three"]}


def test_it_is_shown_once() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    bob.goes()
    says(ann, "#tea", "two")
    club.logs_in("bob", "#tea").goes()
    assert club.logs_in("bob", "#tea").has_missed() == {}


def test_on_each_device_once() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    club.logs_in("bob", device="phone").goes()
    bob.goes()
    says(ann, "#tea", "two")
    desk = club.logs_in("bob", "#tea")
    assert desk.has_missed() == {"#tea": ["two"]}
    phone = club.logs_in("bob", device="phone")
    assert phone.has_missed() == {"#tea": ["two"]}


def test_what_was_said_in_the_turn_of_coming_back_is_shown_once() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    bob.goes()
    ann.asks(Say("#tea", "before"))
    bob = club.begins()
    club.turn()
    ann.asks(Say("#tea", "just now"))
    bob = club.logs_in("bob", "#tea")
    ann.asks(Say("#tea", "after"))
    assert bob.reads()[-1] == "after"
    assert bob.has_missed() == {"#tea": ["before", "just now"]}


def test_only_the_latest_is_shown_and_how_much_more_there_is() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    bob.goes()
    says(ann, "#tea", *"12345")
    (missed,) = club.logs_in("bob", "#tea").missed()
    assert texts(missed.excerpt) == ["3", "4", "5"]
    assert missed.excerpt.left_out == 2
    assert not missed.is_first_visit


@pytest.mark.parametrize("most", [3, COUNTED])
def test_of_very_much_it_is_told_that_there_is_more_than_was_counted(most: int) -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    bob.goes()
    says(ann, "#tea", *map(str, range(COUNTED + 50)))
    bob = club.comes("bob", "#tea", account="bob", replays=Replays(most))
    (missed,) = bob.missed()
    excerpt = missed.excerpt
    assert (len(excerpt.lines), excerpt.is_least) == (most, True)
    assert excerpt.left_out == COUNTED + 1 - most


def test_at_a_first_visit_it_is_what_was_said_last() -> None:
    club = Club()
    says(club.comes("ann", "#tea"), "#tea", *"123")
    (missed,) = club.comes("bob", "#tea").missed()
    assert texts(missed.excerpt) == ["2", "3"]
    assert missed.excerpt.left_out == 0
    assert missed.is_first_visit


def test_a_new_device_has_never_been_there() -> None:
    club = Club()
    club.enrols("bob", "#tea").goes()
    says(club.comes("ann", "#tea"), "#tea", *"123")
    (missed,) = club.logs_in("bob", "#tea", device="phone").missed()
    assert missed.is_first_visit


def test_who_looks_himself_is_shown_nothing() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    bob.goes()
    says(ann, "#tea", "one")
    bob = club.comes("bob", "#tea", account="bob", replays=NO_REPLAYS)
    assert bob.has_missed() == {}
    assert bob.answer(DigestIs) == []


def test_who_enters_later_has_missed_it_all_the_same() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    bob.goes()
    says(ann, "#tea", "one")
    bob = club.logs_in("bob")
    says(ann, "#tea", "two")
    bob.does(Join("#tea"))
    assert bob.has_missed() == {"#tea": ["one", "two"]}


def test_who_leaves_and_comes_again_misses_what_was_between() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    carol = club.comes("carol", "#tea")
    carol.missed()
    for person in bob, carol:
        ann.asks(Say("#tea", "inside"))
        person.asks(Leave("#tea"))
        ann.asks(Say("#tea", "between"))
        person.does(Join("#tea"))
        assert person.has_missed() == {"#tea": ["between"]}


def test_who_comes_as_a_guest_is_shown_later_what_the_account_has_missed() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    bob.goes()
    says(ann, "#tea", "one")
    guest = club.comes("guest", "#tea", replays=Replays(3))
    says(ann, "#tea", "two")
    guest.does(Identified("bob"))
    assert guest.has_missed() == {"#tea": ["one"]}
    guest.goes()
    assert club.logs_in("bob", "#tea").has_missed() == {}


# What was said to one alone.


def test_what_was_said_to_one_alone_waits() -> None:
    club = Club()
    bob = club.enrols("bob")
    ann, carol = club.enrols("ann"), club.enrols("carol")
    says(ann, "#lobby")
    ann.does(Whisper("bob", "live"))
    bob.goes()
    carol.does(Whisper("bob", "psst"))
    ann.does(Whisper("bob", "hello"), Whisper("bob", "there", Manner.ACTION))
    bob = club.logs_in("bob")
    missed = bob.missed()
    assert [each.excerpt.target for each in missed] == ["carol", "ann"]
    assert all(each.excerpt.is_private for each in missed)
    assert texts(missed[1].excerpt) == ["hello", "there"]
    bob.goes()
    assert club.logs_in("bob").missed() == []


# What one has not read.


def test_catching_up_is_what_one_has_not_read_and_then_nothing() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea", "#sea"), club.enrols("ann", "#tea", "#sea")
    bob.goes()
    says(ann, "#tea", "one")
    ann.does(Whisper("bob", "psst"))
    bob = club.logs_in("bob", "#tea")
    assert bob.has_missed() == {"ann": ["psst"], "#tea": ["one"]}
    says(ann, "#sea", "two")
    says(ann, "#tea", "he hears that")
    # What he was shown, and what he heard, is read.
    bob.does(CatchUp())
    (unread,) = bob.answer(UnreadAre)
    assert isinstance(unread, UnreadAre)
    assert {each.target: texts(each) for each in unread.excerpts} == {"#sea": ["two"]}
    bob.does(CatchUp())
    assert bob.answer(UnreadAre) == [UnreadAre(())]
    says(ann, "#sea", "three")
    bob.does(CatchUp("#sea"))
    (unread,) = bob.answer(UnreadAre)
    assert isinstance(unread, UnreadAre)
    assert [texts(each) for each in unread.excerpts] == [["three"]]
    says(ann, "#sea", "four")
    bob.scribe.told.clear()
    bob.does(Join("#sea"))
    assert bob.has_missed() == {"#sea": ["four"]}


def test_what_was_too_much_to_be_shown_is_read_by_catching_up() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    bob.goes()
    says(ann, "#tea", *map(str, range(25)))
    bob = club.logs_in("bob", "#tea")
    assert bob.has_missed() == {"#tea": ["22", "23", "24"]}
    for shown, left_out in ((range(2, 22), 2), (range(2), 0)):
        bob.does(CatchUp())
        (unread,) = bob.answer(UnreadAre)
        assert isinstance(unread, UnreadAre)
        (excerpt,) = unread.excerpts
        assert (texts(excerpt), excerpt.left_out) == ([*map(str, shown)], left_out)
    bob.does(CatchUp())
    assert bob.answer(UnreadAre) == [UnreadAre(())]


def test_what_one_has_said_that_one_has_read_is_read() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    bob.goes()
    says(ann, "#tea", "one", "two")
    read = next(each for each in club.store.lines() if each.text == "one").at
    bob = club.logs_in("bob")
    bob.does(MarkRead("#tea", read))
    bob.scribe.told.clear()
    bob.does(CatchUp())
    (unread,) = bob.answer(UnreadAre)
    assert isinstance(unread, UnreadAre)
    assert [texts(each) for each in unread.excerpts] == [["two"]]


def test_what_is_marked_of_one_person_is_read_on_all_devices() -> None:
    club = Club()
    bob, ann = club.enrols("bob"), club.enrols("ann")
    club.logs_in("bob", device="phone").goes()
    bob.goes()
    ann.does(Whisper("bob", "one"))
    ann.does(Whisper("bob", "two"))
    one, two = (each.at for each in club.store.lines() if each.peer)
    phone = club.comes("bob", device="phone", account="bob", replays=Replays())
    phone.does(MarkRead("ANN", one))
    phone.scribe.told.clear()
    phone.does(CatchUp())
    (unread,) = phone.answer(UnreadAre)
    assert isinstance(unread, UnreadAre)
    assert [texts(each) for each in unread.excerpts] == [["two"]]
    phone.does(MarkRead("ann", two))
    bob = club.logs_in("bob")
    assert not any(isinstance(each, DigestIs) for each in bob.scribe.told)
    # That he has read it elsewhere is no reason not to show it here.
    assert bob.has_missed() == {"ann": ["one", "two"]}
    bob.does(CatchUp())
    assert bob.answer(UnreadAre) == [UnreadAre(())]


def test_of_each_room_so_many_lines_are_shown_and_so_many_rooms() -> None:
    club = Club()
    rooms = [f"#room{number}" for number in range(21)]
    bob, ann = club.enrols("bob", *rooms), club.comes("ann", *rooms)
    bob.goes()
    for room in rooms:
        ann.asks(Say(room, "hello"))
    for number in range(21):
        ann.asks(Say("#room0", str(number)))
    club.turn()
    bob = club.logs_in("bob")
    (digest,) = bob.answer(DigestIs)
    assert isinstance(digest, DigestIs)
    assert len(digest.unread) == 20
    bob.does(CatchUp())
    (unread,) = bob.answer(UnreadAre)
    assert isinstance(unread, UnreadAre)
    assert not unread.is_end
    assert [each.left_out for each in unread.excerpts] == [2, *[0] * 19]
    bob.does(CatchUp())
    (unread,) = bob.answer(UnreadAre)
    assert isinstance(unread, UnreadAre)
    assert unread.is_end
    assert [texts(each) for each in unread.excerpts] == [["hello", "0"], ["hello"]]


def test_a_guest_who_was_shown_the_latest_has_read_it() -> None:
    club = Club()
    says(club.comes("ann", "#tea"), "#tea", *map(str, range(30)))
    bob = club.comes("bob", "#tea")
    assert bob.has_missed() == {"#tea": ["28", "29"]}
    bob.does(CatchUp("#tea"))
    assert bob.answer(UnreadAre) == [UnreadAre(())]


def test_one_is_told_where_there_is_something_new() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.enrols("ann", "#tea")
    bob.goes()
    says(ann, "#tea", "one", "hello bob")
    ann.does(Whisper("bob", "psst"))
    bob = club.logs_in("bob", "#tea")
    (digest,) = bob.answer(DigestIs)
    assert isinstance(digest, DigestIs)
    assert [
        (each.target, each.count, each.mentions, each.is_private)
        for each in digest.unread
    ] == [("#tea", 2, 1, False), ("ann", 1, 0, True)]
    bob.goes()
    assert club.logs_in("bob", "#tea").answer(DigestIs) == []


def test_on_a_new_device_nobody_knows_what_is_new() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    bob.goes()
    says(ann, "#tea", "one")
    assert club.logs_in("bob", device="phone").answer(DigestIs) == []


# Pages, and where something was said.


def test_a_page_is_as_long_as_the_operator_allows() -> None:
    club = Club(Limits(history_page=2))
    ann = club.comes("ann", "#tea")
    says(ann, "#tea", *"123")
    ann.does(AskHistory("#tea", Page(Which.LATEST, (), 50)))
    (history,) = ann.answer(HistoryIs)
    assert isinstance(history, HistoryIs)
    assert texts(history.excerpt) == ["2", "3"]
    assert history.excerpt.target == "#tea"
    assert history.page.most == 2
    assert not history.is_end


def test_a_page_ends_where_one_asked_for_it() -> None:
    club = Club()
    ann = club.comes("ann", "#tea")
    ann.asks(Say("#tea", "before"), AskHistory("#tea"), Say("#tea", "after"))
    club.turn()
    (history,) = ann.answer(HistoryIs)
    assert isinstance(history, HistoryIs)
    assert texts(history.excerpt) == ["before"]
    assert history.is_end


def test_a_dialect_knows_the_present_when_it_tells_of_what_was() -> None:
    club = Club()
    ann = club.comes("ann", "#tea")
    ann.asks(AskHistory("#tea"))
    club.exchange.now = SINCE + 5000
    club.turn()
    assert ann.scribe.now == SINCE + 5000
    club.exchange.now = SINCE + 6000
    club.exchange.hear(ann.session, b"")
    assert ann.scribe.now == SINCE + 6000


def test_a_long_answer_is_told_in_pieces() -> None:
    club = Club()
    ann = club.comes("ann", "#tea")
    ann.reads()
    ann.scribe.in_pieces = True
    ann.asks(AskHistory("#tea"))
    assert ann.reads() == ["HistoryIs"]


def targets(person: Person, first: int, second: int, most: int = 9) -> TargetsAre:
    """Where something was said between those times."""
    person.does(AskTargets(first, second, most))
    (told,) = person.answer(TargetsAre)
    assert isinstance(told, TargetsAre)
    return told


def test_where_something_was_said_is_told_in_order_of_time() -> None:
    club = Club()
    bob, ann = club.enrols("bob"), club.enrols("ann", "#tea", "#sea", "#sky")
    times = {}
    for number, room in enumerate(("#tea", "#sea"), start=1):
        club.exchange.now = SINCE + number * 1000
        says(ann, room, "hello")
    club.exchange.now = SINCE + 3000
    bob.does(Whisper("ann", "psst"))
    times = {each.text + str(each.room): each.at for each in club.store.lines()}
    assert times
    tea, sea, private = ("#tea", SINCE + 1000), ("#sea", SINCE + 2000), 0
    told = targets(ann, 0, SINCE + 9000)
    assert told.targets[:2] == (tea, sea)
    assert [name for name, _ in told.targets] == ["#tea", "#sea", "bob"]
    assert told.is_end
    private = told.targets[2][1]
    assert targets(ann, 0, SINCE + 9000, 1) == TargetsAre((tea,))
    assert targets(ann, SINCE + 9000, 0, 1) == TargetsAre((("bob", private),))
    assert targets(ann, SINCE + 1000, private).targets == (sea,)
    assert targets(club.comes("carl"), 0, SINCE + 9000).targets == ()


def test_whose_account_is_gone_is_no_target_but_what_he_said_is_not_skipped() -> None:
    club = Club()
    bob, ann = club.enrols("bob"), club.enrols("ann")
    ann.goes()
    bob.does(Whisper("ann", "farewell"))
    bob.does(Unregister())
    bob.goes()
    bob = club.enrols("bob")
    bob.does(Whisper("ann", "hello"))
    ann = club.logs_in("ann")
    assert [texts(each.excerpt) for each in ann.missed()] == [["farewell"], ["hello"]]
    (target,) = targets(ann, 0, SINCE + 9000).targets
    assert target[0] == "bob"


# Searches.


def test_a_search_is_told_when_it_is_done() -> None:
    club = Club()
    ann = club.comes("ann", "#tea")
    says(ann, "#tea", "milk", "sugar")
    ann.reads()
    ann.does(Search("sugar"))
    assert ann.answer(FoundAre) == []
    ann.does(Search("sugar"))
    assert ann.scribe.refused == [Busy()]
    club.finds()
    club.turn()
    (found,) = ann.answer(FoundAre)
    assert isinstance(found, FoundAre)
    assert found.asked.text == "sugar"


# What cannot be read.


def test_what_cannot_be_read_is_told_and_not_skipped() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.enrols("ann", "#tea")
    bob.goes()
    says(ann, "#tea", "one")
    ann.does(Whisper("bob", "psst"))
    club.store.is_unreadable = True
    bob = club.logs_in("bob", "#tea")
    assert bob.has_missed() == {}
    assert CannotRecall("#tea") in bob.scribe.refused
    bob.does(CatchUp("#tea"), CatchUp())
    assert bob.scribe.refused[-2:] == [CannotRecall("#tea"), CannotRecall()]
    club.store.is_unreadable = False
    bob.goes()
    bob = club.logs_in("bob", "#tea")
    assert bob.has_missed() == {"ann": ["psst"], "#tea": ["one"]}


def test_what_the_store_has_not_heard_of_is_not_skipped() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    bob.goes()
    club.store.trouble = "the disk is full"
    says(ann, "#tea", "one")
    bob = club.logs_in("bob", "#tea")
    assert bob.has_missed() == {}
    club.store.trouble = ""
    club.turn()
    bob.goes()
    bob = club.logs_in("bob", "#tea")
    assert bob.has_missed() == {"#tea": ["one"]}


def test_what_could_not_be_read_is_told_when_it_can_and_once() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.enrols("ann", "#tea")
    bob.goes()
    says(ann, "#tea", "one")
    ann.does(Whisper("bob", "psst"))
    club.store.is_unreadable = True
    bob = club.logs_in("bob", "#tea")
    refused = len(bob.scribe.refused)
    club.exchange.go_round()
    club.turn()
    assert len(bob.scribe.refused) == refused
    club.store.is_unreadable = False
    says(ann, "#tea", "live")
    for missed in ({"ann": ["psst"], "#tea": ["one"]}, {}):
        club.exchange.go_round()
        club.turn()
        assert bob.has_missed() == missed
    bob.goes()
    assert club.logs_in("bob", "#tea").has_missed() == {}


def test_of_what_waits_for_the_disk_the_rest_is_told_later() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.enrols("ann", "#tea")
    bob.goes()
    says(ann, "#tea", "one")
    club.store.trouble = "the disk is full"
    says(ann, "#tea", "two")
    ann.does(Whisper("bob", "psst"))
    bob = club.logs_in("bob", "#tea")
    assert bob.has_missed() == {"#tea": ["one"]}
    club.exchange.go_round()
    says(ann, "#tea", "live")
    club.store.trouble = ""
    club.turn()
    club.exchange.go_round()
    club.turn()
    assert bob.has_missed() == {"ann": ["psst"], "#tea": ["two"]}
    bob.goes()
    assert club.logs_in("bob", "#tea").has_missed() == {}


def test_a_newcomer_is_told_the_rest_later_as_well() -> None:
    club = Club()
    ann = club.enrols("ann", "#tea")
    says(ann, "#tea", "one")
    club.store.trouble = "the disk is full"
    says(ann, "#tea", "two")
    carl = club.comes("carl", "#tea")
    assert carl.has_missed() == {"#tea": ["one"]}
    club.store.trouble = ""
    club.turn()
    club.exchange.go_round()
    club.turn()
    assert carl.has_missed() == {"#tea": ["two"]}


def test_who_looks_himself_is_not_told_that_this_is_all() -> None:
    club = Club()
    ann, _ = club.enrols("ann", "#tea", "#sea"), club.comes("carl", "#sea")
    ann.does(Leave("#sea"))
    says(ann, "#tea", "one")
    club.store.trouble = "the disk is full"
    says(ann, "#tea", "two")
    ann = club.comes("ann", account="ann", replays=NO_REPLAYS)
    ann.does(Join("#tea"))
    ann.does(
        AskHistory("#tea"),
        AskHistory("#tea", Page(Which.BEFORE, (Point(at=SINCE * 2),))),
        AskHistory("#sea"),
    )
    histories = ann.answer(HistoryIs)
    ends = [each.is_end for each in histories if isinstance(each, HistoryIs)]
    assert ends == [False, True, False]
    club.store.trouble = ""
    club.turn()
    club.exchange.go_round()
    club.turn()
    assert ann.has_missed() == {"#tea": ["two"]}


def test_catching_up_while_something_waits_for_the_disk_is_not_all() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    bob.goes()
    says(ann, "#tea", "one")
    club.store.trouble = "the disk is full"
    says(ann, "#tea", "two")
    bob = club.logs_in("bob")
    bob.does(CatchUp())
    club.store.trouble = ""
    club.turn()
    bob.does(CatchUp())
    first, second = bob.answer(UnreadAre)
    assert isinstance(first, UnreadAre)
    assert isinstance(second, UnreadAre)
    assert [texts(each) for each in first.excerpts] == [["one"]]
    assert [texts(each) for each in second.excerpts] == [["two"]]
    assert (first.is_end, second.is_end) == (False, True)


def test_who_is_shown_few_is_shown_few() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    bob.goes()
    says(ann, "#tea", "one")
    bob = club.comes("bob", "#tea", account="bob", replays=Replays(200))
    assert bob.answer(DigestIs) == []

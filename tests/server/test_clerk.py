"""The clerk: what follows from a command, done in order."""

from dataclasses import replace

from chat.domain.claims import Register
from chat.domain.commands import Depart, Join, Say
from chat.domain.effects import Attach, Bind, Detach, Keep, Recall
from chat.domain.extracts import ReadPage, Scope
from chat.domain.questions import Page
from chat.domain.recalled import HistoryIs
from chat.domain.records import Lines
from tests.server.scribes import Club


def test_what_is_to_be_kept_is_kept() -> None:
    club = Club()
    ann = club.comes("ann", "#tea")
    ann.does(Say("#tea", "hello"))
    assert [line.text for line in club.store.lines()][-1:] == ["hello"]


def test_all_that_was_said_in_one_breath_is_kept_in_its_order() -> None:
    club = Club()
    ann = club.comes("ann", "#tea")
    line = club.store.lines()[-1]
    first, second, third = (replace(line, id=line.id + n) for n in (1, 2, 3))
    said = Lines([second.id], [second.at], ["oh"], line.room, line.source, line.account)
    club.exchange._clerk.carry_out([Keep(first), Keep(said), Keep(third)])
    ann.club.turn()
    assert club.store.lines()[-3:] == [first, *said.each(), third]


def test_what_is_to_be_read_is_read_after_what_was_said_before() -> None:
    club = Club()
    ann = club.comes("ann", "#tea")
    ann.reads()
    room = club.store.lines()[-1].room
    page = ReadPage(Scope("#tea", room), Page())
    ann.asks(Say("#tea", "hello"))
    club.exchange._clerk.carry_out([Recall(ann.session.id, page, club.reached() + 1)])
    assert ann.reads() == ["hello", "HistoryIs"]
    (history,) = ann.answer(HistoryIs)
    assert isinstance(history, HistoryIs)
    assert [line.text for line in history.excerpt.lines] == ["hello"]


def test_whose_a_session_is_is_told_to_the_bookmarks() -> None:
    club = Club()
    ann = club.begins()
    number = ann.session.id
    club.exchange._clerk.carry_out([Bind(number, 7)])
    assert club.bookmarks.account(ann.session) == 7
    club.exchange._clerk.carry_out([Attach(number, 1), Detach(number), Bind(number, 0)])
    assert club.bookmarks.account(ann.session) == 0


def test_a_session_that_comes_back_to_a_user_has_what_it_had() -> None:
    club = Club()
    ann, bob = club.comes("ann", "#tea"), club.comes("bob", "#tea")
    ann.does(Register("a credential"))
    account = club.bookmarks.account(ann.session)
    number = ann.session.id
    club.delivered()
    bob.does(Say("#tea", "for ann"))
    club.exchange._clerk.carry_out([Detach(number)])
    had = club.reached()
    bob.does(Say("#tea", "not for ann"))
    club.bookmarks.save()
    club.exchange._clerk.carry_out([Attach(number, 1)])
    club.slow[ann.session] = None
    club.exchange.fanout.put(ann.session, b"welcome back\n")
    club.turn()
    club.bookmarks.close(ann.session)
    assert [(each.id, each.account) for each in club.delivered()] == [(had, account)]


def test_good_bye_is_the_last_word() -> None:
    club = Club()
    ann, bob = club.comes("ann", "#tea"), club.comes("bob", "#tea")
    ann.reads()
    ann.asks(Depart("Quit"), Join("#sea"))
    bob.does(Say("#tea", "hello?"))
    assert ann.reads() == ["bye"]
    assert (ann.session.is_closing, ann.session.reason) == (True, "Quit")
    club.exchange.close(ann.session)
    club.exchange.close(ann.session)

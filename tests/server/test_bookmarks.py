"""Bookmarks: how far each session has been told, and what is written down of it."""

import pytest

from chat.domain.claims import Identified, LogOut, Unregister
from chat.domain.commands import Depart, Join, Say
from chat.domain.extracts import ReadMissed, ReadPrivate, Scope
from chat.domain.ports import Trouble
from chat.server.bookmarks import PASSED, REMEMBERED, SURE_AFTER, Bookmarks
from chat.server.marks import Debt
from tests.server.readers import RED, a_session
from tests.server.scribes import Club, Person


def account_of(club: Club, name: str) -> int:
    """The id of an account."""
    account = club.exchange._hub.account(name)
    assert account is not None
    return account.id


def newest(club: Club) -> int | None:
    """The last place that was written down since the last look."""
    written = club.delivered()
    return written[-1].id if written else None


def test_who_has_said_good_bye_has_all_up_to_then() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    club.delivered()
    bob.asks(Depart("Quit"))
    left = club.reached()
    ann.does(Say("#tea", "he is gone"))
    club.exchange.close(bob.session)
    assert newest(club) == left


def test_who_is_closed_in_the_turn_of_his_good_bye_has_read_it() -> None:
    club = Club()
    bob = club.enrols("bob", "#tea")
    club.delivered()
    bob.asks(Depart("Quit"))
    left = club.reached()
    club.keeper.commit()
    bob.session.outbox.taken(len(bob.session.outbox.peek()))
    club.exchange.close(bob.session)
    assert newest(club) == left


def test_who_is_lost_has_what_was_told_before_he_was_heard() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    club.turn()
    before = club.reached()
    club.bookmarks.save()
    bob.does(Say("#tea", "I am here"))
    for _ in range(SURE_AFTER - 1):
        ann.does(Say("#tea", "are you there?"))
        club.bookmarks.save()
    bob.is_lost()
    assert newest(club) == before


def test_or_what_everybody_had_so_long_ago_that_we_would_know() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    had = []
    for _ in range(SURE_AFTER + 5):
        ann.does(Say("#tea", "are you there?"))
        had.append(club.reached())
        club.bookmarks.save()
    bob.is_lost()
    assert newest(club) == had[-SURE_AFTER]


def test_who_is_lost_at_once_was_told_nothing_for_sure() -> None:
    club = Club()
    ann = club.comes("ann", "#tea")
    club.enrols("bob", "#tea").goes()
    placed = newest(club)
    ann.does(Say("#tea", "one"))
    for _ in range(SURE_AFTER):
        club.bookmarks.save()
    # He was away for longer than that, and shuts the lid as soon as he is back.
    bob = club.logs_in("bob")
    bob.does(Join("#tea"))
    assert bob.has_missed() == {"#tea": ["one"]}
    bob.is_lost()
    bob = club.logs_in("bob")
    assert club.bookmarks.had(bob.session) == placed
    bob.does(Join("#tea"))
    assert bob.has_missed() == {"#tea": ["one"]}


def test_who_is_slow_has_what_was_reached_before() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    club.turn()
    before = club.reached()
    club.slow[bob.session] = None
    for word in "one", "two":
        ann.does(Say("#tea", word))
    club.bookmarks.save()
    club.bookmarks.heard(bob.session)
    club.bookmarks.close(bob.session)
    assert newest(club) == before


def test_who_was_slow_has_caught_up() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    club.slow[bob.session] = None
    ann.does(Say("#tea", "one"))
    bob.session.outbox.taken(len(bob.session.outbox.peek()))
    club.bookmarks.catches_up(bob.session)
    club.turn()
    reached = club.reached()
    bob.asks(Depart("Quit"))
    club.bookmarks.close(bob.session)
    assert (newest(club) or 0) >= reached


def test_who_never_caught_up_has_what_he_had() -> None:
    club = Club()
    club.enrols("bob", "#tea").goes()
    had = newest(club)
    bob = club.begins()
    club.slow[bob.session] = None
    bob.asks(Identified("bob"))
    club.turn()
    bob.is_lost()
    assert club.delivered() == []
    assert club.store.delivered(account_of(club, "bob"), "") == had


def test_a_first_visit_is_written_down_at_once() -> None:
    club = Club()
    club.enrols("bob", device="phone")
    (first,) = club.delivered()
    assert first.device == "phone"


def test_now_and_then_those_are_written_down_who_were_told_something() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.enrols("ann", "#tea")
    club.enrols("carol", "#sea")
    club.turn()
    for _ in range(3 * SURE_AFTER):
        club.bookmarks.save()
    club.delivered()
    bob.asks(Say("#tea", "hello"))
    club.turn()
    reached = club.reached()
    for _ in range(3 * SURE_AFTER):
        club.bookmarks.save()
    written = club.delivered()
    assert {each.account for each in written} == {
        account_of(club, "bob"),
        account_of(club, "ann"),
    }
    assert {each.id for each in written[-2:]} == {reached}
    club.bookmarks.save()
    assert club.delivered() == []
    assert ann.reads()[-1] == "hello"


def test_guests_are_written_down_never() -> None:
    club = Club()
    ann = club.comes("ann", "#tea")
    ann.does(Say("#tea", "hello"))
    club.bookmarks.save()
    ann.goes()
    assert club.delivered() == []


def test_while_the_store_is_behind_nobody_has_more_than_it_has_heard_of() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    club.turn()
    club.store.trouble = "the disk is full"
    ann.does(Say("#tea", "one"))
    heard_of = club.keeper.durable()
    assert heard_of < club.reached()
    club.bookmarks.save()
    bob.goes()
    club.store.trouble = ""
    assert all(each.id <= heard_of for each in club.delivered())


def test_of_an_account_that_is_given_up_nothing_stays() -> None:
    club = Club()
    bob = club.enrols("bob", "#tea")
    phone = club.logs_in("bob", device="phone")
    club.turn()
    account = account_of(club, "bob")
    assert club.store.delivered(account, "")
    bob.does(Say("#tea", "hello"), Unregister())
    bob.goes()
    phone.goes()
    for device in "", "phone":
        assert club.store.delivered(account, device) is None


def test_who_logs_out_has_had_all_until_then() -> None:
    club = Club()
    bob = club.enrols("bob", "#tea")
    bob.does(Say("#tea", "hello"))
    had = club.reached()
    club.bookmarks.save()
    club.delivered()
    bob.asks(LogOut())
    assert newest(club) == had
    bob.does(Say("#tea", "as a guest"))
    bob.goes()
    assert club.delivered() == []


def test_another_device_is_another_place() -> None:
    club = Club()
    club.enrols("bob", "#tea").goes()
    phone = club.logs_in("bob", device="phone")
    assert club.bookmarks.had(phone.session) is None
    assert club.delivered()[-1].device == "phone"


def test_what_another_session_of_the_device_has_is_had() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    ann.does(Say("#tea", "hello"))
    had = club.reached()
    club.bookmarks.save()
    bob.does(Say("#tea", "yes?"))
    second = club.logs_in("bob")
    assert club.bookmarks.had(second.session) == had
    assert bob.session is not second.session


def test_what_is_not_written_down_yet_is_known() -> None:
    club = Club()
    bob, ann = club.enrols("bob", "#tea"), club.comes("ann", "#tea")
    ann.does(Say("#tea", "hello"))
    club.exchange.depart(bob.session, "Quit")
    left = club.reached()
    bob.reads()
    club.exchange.close(bob.session)
    club.store.trouble = "the disk is full"
    assert club.bookmarks.had(club.logs_in("bob").session) == left


def test_only_so_much_is_remembered() -> None:
    club = Club()
    bob = club.enrols("bob")
    for number in range(REMEMBERED + 5):
        bob.scribe.device = str(number)
        club.bookmarks.bind(bob.session, 7)
        club.turn()
    assert len(club.bookmarks._known) == REMEMBERED


def test_who_is_bound_twice_is_bound_once() -> None:
    club = Club()
    bob = club.enrols("bob")
    account = account_of(club, "bob")
    club.delivered()
    club.bookmarks.bind(bob.session, account)
    assert club.bookmarks.account(bob.session) == account
    assert club.delivered() == []


def test_where_nobody_knows_what_was_had_nothing_is_put_in_its_place() -> None:
    club = Club()
    club.enrols("bob", "#tea").goes()
    club.bookmarks._known.clear()
    club.delivered()
    club.store.is_unreadable = True
    bob = club.logs_in("bob", "#tea")
    club.store.is_unreadable = False
    bob.does(Say("#tea", "hello"))
    bob.goes()
    assert club.delivered() == []


def test_nothing_is_left_of_who_has_gone() -> None:
    club = Club()
    for person in club.enrols("bob", "#tea"), club.comes("ann"), club.begins():
        person.goes()
        club.exchange.close(person.session)
    bookmarks = club.bookmarks
    assert (bookmarks._marks, bookmarks._own) == ({}, {})
    assert (bookmarks._behind, bookmarks._new) == ({}, {})


def test_of_who_is_unknown_nothing_is_known() -> None:
    club = Club()
    stranger = a_session(99, RED)
    club.bookmarks.unbind(99)
    club.bookmarks.detach(99)
    club.bookmarks.close(stranger)
    club.bookmarks.falls_behind(stranger)
    club.bookmarks.catches_up(stranger)
    assert club.bookmarks.account(stranger) == 0


# What could not be told.


def a_debt(after: int = 0, room: int = 5) -> Debt:
    return Debt(ReadMissed(Scope("#tea", room)), 100, after)


def test_who_is_owed_something_keeps_his_place_until_he_was_told() -> None:
    club = Club()
    bob = club.enrols("bob", "#tea")
    club.turn()
    place = club.reached()
    club.bookmarks.owe(bob.session, a_debt())
    bob.does(Say("#tea", "hello"))
    club.bookmarks.save()
    assert (newest(club) or 0) <= place
    assert club.bookmarks.due() == [(bob.session, a_debt())]
    assert club.bookmarks.due() == []
    club.turn()
    reached = club.reached()
    bob.goes()
    assert (newest(club) or 0) >= reached


def test_nothing_is_due_while_the_store_is_behind_or_to_who_has_left() -> None:
    club = Club()
    bob = club.enrols("bob", "#tea")
    club.bookmarks.owe(bob.session, a_debt())
    club.store.trouble = "the disk is full"
    bob.does(Say("#tea", "hello"))
    assert club.bookmarks.due() == []
    club.store.trouble = ""
    club.turn()
    bob.asks(Depart("Quit"))
    assert club.bookmarks.due() == []


def test_of_one_place_the_greater_debt_is_owed() -> None:
    club = Club()
    bob = club.enrols("bob", "#tea")
    other, private = a_debt(room=6), Debt(ReadPrivate(7), 100)
    for debt in a_debt(50), a_debt(40), a_debt(60), other, private:
        club.bookmarks.owe(bob.session, debt)
    debts = [debt for _, debt in club.bookmarks.due()]
    assert debts == [a_debt(40), other, private]


def test_what_nobody_knew_is_asked_for_again() -> None:
    club = Club()
    club.enrols("bob", "#tea").goes()
    had = newest(club)
    club.bookmarks._known.clear()
    club.store.is_unreadable = True
    bob = club.logs_in("bob", "#tea")
    club.bookmarks.save()
    with pytest.raises(Trouble):
        club.bookmarks.had(bob.session)
    club.store.is_unreadable = False
    club.exchange.go_round()
    club.turn()
    assert club.bookmarks.had(bob.session) == had
    reached = club.reached()
    bob.goes()
    assert (newest(club) or 0) >= reached


# What was missed, by what the device had when the session began, at 100.


def a_bookmark(
    club: Club, had: int | None, account: int = 7
) -> tuple[Bookmarks, Person]:
    """Somebody's session began at 100, on a device that *had* so much."""
    person = club.begins()
    mark = club.bookmarks._mark(person.session)
    mark.account, mark.began, mark.since = account, had, 100
    return club.bookmarks, person


@pytest.mark.parametrize(
    ("had", "left", "back", "missed"),
    [
        pytest.param(50, 0, 0, 50, id="he was never away"),
        pytest.param(50, 60, 0, 50, id="he left when the device had less"),
        pytest.param(50, 40, 0, 40, id="the device had what was said elsewhere"),
        pytest.param(50, 40, 110, 40, id="and he is back now"),
        pytest.param(50, 30, 40, 50, id="he was away before"),
        pytest.param(50, 30, 60, 30, id="he came back elsewhere, and later"),
        pytest.param(50, 105, 110, 105, id="he left while this session was there"),
        pytest.param(None, 40, 110, None, id="the device never was here"),
        pytest.param(None, 105, 110, 105, id="but is here for a while"),
    ],
)
def test_what_was_missed(
    had: int | None, left: int, back: int, missed: int | None
) -> None:
    bookmarks, person = a_bookmark(Club(), had)
    scope = Scope("#tea", 5, left=left, back=back)
    assert bookmarks.missed_from(person.session, scope) == missed
    new = Scope("#tea", 5, left=left, back=back, is_new=True)
    assert bookmarks.missed_from(person.session, new) is None


def test_of_a_room_that_was_passed_by_the_device_has_what_it_had_before() -> None:
    bookmarks, person = a_bookmark(Club(), 50)
    mark = bookmarks._mark(person.session)
    tea = Scope("#tea", 5, left=60)
    for began, away in (50, ((5, 60), (6, 40))), (70, ((5, 60),)):
        mark.began, mark.away = began, away
        bookmarks._pass_by(mark)
        assert bookmarks.missed_from(person.session, tea) == 50
    bookmarks.has_entered(person.session, tea)
    assert bookmarks.missed_from(person.session, tea) == 60
    assert bookmarks._passed == {}


def test_only_so_much_of_that_is_remembered_and_nothing_of_who_is_no_more() -> None:
    bookmarks, person = a_bookmark(Club(), 50)
    mark = bookmarks._mark(person.session)
    mark.away = tuple((room, 60) for room in range(PASSED + 5))
    bookmarks._pass_by(mark)
    assert len(bookmarks._passed) == PASSED
    bookmarks.forget(7)
    assert bookmarks._passed == {}


def test_what_a_guest_missed_is_what_was_said_since_he_left() -> None:
    bookmarks, person = a_bookmark(Club(), None, account=0)
    for left, missed in ((40, 40), (0, None)):
        scope = Scope("#tea", 5, left=left)
        assert bookmarks.missed_from(person.session, scope) == missed


def test_what_was_shown_is_read() -> None:
    bookmarks, person = a_bookmark(Club(), 50)
    session, tea = person.session, Scope("#tea", 5, left=60)
    assert bookmarks.unread(session, tea, 200) == [(50, 200)]
    bookmarks.has_shown(session, tea, 90, 120)
    assert bookmarks.unread(session, tea, 200) == [(119, 200), (50, 90)]
    bookmarks.has_shown(session, tea, 0, 110)
    assert bookmarks.unread(session, tea, 200) == [(119, 200)]
    assert bookmarks.missed_from(session, tea) == 119
    assert bookmarks.unread_from(session, tea) == 50


def test_what_is_told_while_it_happens_is_read() -> None:
    bookmarks, person = a_bookmark(Club(), 50)
    session, inside, ann = person.session, Scope("#tea", 5), Scope("ann", peer=5)
    assert bookmarks.unread(session, inside, 200) == []
    ((had, since),) = bookmarks.unread(session, ann, 1 << 70)
    assert (had, since < 1 << 70) == (50, True)
    bookmarks.has_shown(session, inside, 90, 120)
    assert bookmarks.unread(session, inside, 200) == [(50, 90)]


def test_a_place_never_goes_back() -> None:
    club = Club()
    bob = club.enrols("bob", "#tea")
    placed = club.delivered()
    bob.does(Say("#tea", "hello"))
    club.bookmarks.owe(bob.session, a_debt())
    bob.does(Say("#tea", "hello"))
    bob.goes()
    ids = [each.id for each in placed + club.delivered()]
    assert ids == sorted(ids)


@pytest.mark.parametrize("is_round_in_that_turn", [False, True])
def test_a_line_is_written_down_as_told_though_nothing_follows(
    is_round_in_that_turn: bool,
) -> None:
    club = Club()
    ann, bob = club.comes("ann", "#tea"), club.enrols("bob", "#tea")
    for _ in range(2 * SURE_AFTER):
        club.bookmarks.save()
        club.turn()
    club.delivered()
    ann.asks(Say("#tea", "milk?"))
    if is_round_in_that_turn:
        # Timers run before a turn speaks.
        club.bookmarks.save()
    club.turn()
    line = club.reached()
    for _ in range(2 * SURE_AFTER):
        club.bookmarks.heard(bob.session)
        club.bookmarks.save()
        club.turn()
    assert newest(club) == line


def test_who_was_lost_before_good_bye_has_not_read_what_was_under_way() -> None:
    club = Club()
    ann, bob = club.comes("ann", "#tea"), club.enrols("bob", "#tea")
    for _ in range(2 * SURE_AFTER):
        club.bookmarks.save()
        club.turn()
    club.bookmarks.heard(bob.session)
    club.delivered()
    ann.does(Say("#tea", "milk?"))
    bob.session.doom = "Connection reset"
    club.turn()
    club.exchange.dismiss(bob.session, "The server is shutting down")
    club.exchange.close(bob.session)
    club.turn()
    assert newest(club) is None

"""The past: a house in which much has been said."""

from contextlib import closing
from pathlib import Path

import pytest

from chat import scram
from chat.bench.past import MONTH, PASSWORD, RETURNS_TO, Past, joiner, returner
from chat.domain.extracts import Scope
from chat.domain.questions import Page, Point, Which
from chat.store.database import Database

NOW = 1_700_000_000_000
LINES = 3000
ROOMS = 5


@pytest.fixture(scope="module")
def past() -> Past:
    return Past(LINES, ROOMS, NOW, joiners=2, returners=3)


@pytest.fixture(scope="module")
def folder(past: Past, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("past")
    past.write(made)
    return made


def test_it_lasted_a_month_and_each_line_has_its_place(past: Past) -> None:
    places = [past.place(number) for number in range(LINES)]
    assert places[0].at == NOW - MONTH
    assert places[-1].at < NOW
    ids, times = ([place[n] for place in places] for n in (1, 2))
    assert ids == sorted(set(ids))
    assert times == sorted(times)
    assert {place.room for place in places} == set(past.rooms)


def test_the_same_seed_gives_the_same_past(past: Past) -> None:
    other = Past(LINES, ROOMS, NOW, joiners=2, returners=3)
    assert other.words == past.words
    assert other.place(1234) == past.place(1234)


def test_a_word_stands_for_itself(past: Past) -> None:
    assert len(set(past.words)) == len(past.words)


@pytest.mark.parametrize("number", [0, 1500, LINES - 1])
def test_what_is_near_is_in_the_same_room(past: Past, number: int) -> None:
    here, there = past.place(number), past.near(number, 20)
    assert there.room == here.room
    assert there.id >= here.id


def test_everything_is_where_it_says(past: Past, folder: Path) -> None:
    with closing(Database(folder)) as database:
        kept = database.load()
        place = past.place(1500)
        (room,) = [each for each in kept.rooms if each.name == place.room]
        around = Page(Which.AROUND, (Point(id=place.id),), 1)
        (line,) = database.page(Scope(room.name, room.id), around, 1 << 62).lines
    assert (line.id, line.at) == (place.id, place.at)
    nick, _, _ = line.source.partition("!")
    assert nick in past.speakers
    assert set(line.text.split()) <= set(past.words)


def test_it_goes_on_after_it(past: Past, folder: Path) -> None:
    with closing(Database(folder)) as database:
        kept = database.load()
    assert kept.last_at == NOW
    assert kept.last_id > past.place(LINES - 1).id
    assert {room.name for room in kept.rooms} == set(past.rooms)


def test_accounts_can_log_in_and_have_missed_something(
    past: Past, folder: Path
) -> None:
    with closing(Database(folder)) as database:
        kept = database.load()
        accounts = {account.name: account for account in kept.accounts}
        delivered = {
            name: database.delivered(each.id, "") for name, each in accounts.items()
        }
    everybody = [joiner(0), joiner(1), *(returner(n) for n in range(3))]
    assert [*accounts] == everybody
    assert scram.verify(PASSWORD, accounts[joiner(0)].credential)
    visits = {
        name: [visit for visit in kept.visits if visit.account == account.id]
        for name, account in accounts.items()
    }
    assert all(visit.left for visit in visits[joiner(0)])
    assert len(visits[joiner(0)]) == ROOMS
    assert not any(visit.left for visit in visits[returner(0)])
    assert len(visits[returner(0)]) == min(RETURNS_TO, ROOMS)
    last = past.place(LINES - 1).id
    assert all(found is not None and found < last for found in delivered.values())

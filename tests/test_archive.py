"""The archive: what was said and done, in words and as JSON."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chat.archive import audited, exported, moment
from chat.domain.records import Act, Audited, Deed, Line
from chat.store.reader import Told

# 2026-11-20, a quarter past ten in the morning, in milliseconds; UTC.
AT = 1_795_169_700_123
WHEN = "2026-11-20T10:15:00.123Z"


def line(deed: Deed, text: str = "", target: str = "", tags: str = "") -> Line:
    return Line(255, AT, 7, deed, "bob!b@host", text, target=target, tags=tags)


@pytest.mark.parametrize(
    ("since", "at"),
    [
        pytest.param(None, 0, id="for ever"),
        pytest.param(timedelta(hours=3), AT - 3 * 3_600_000, id="so long ago"),
        pytest.param(datetime(1970, 1, 2, tzinfo=UTC), 86_400_000, id="a day"),
    ],
)
def test_since_when(since: datetime | timedelta | None, at: int) -> None:
    assert moment(since, AT) == at


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param(line(Deed.SAY, "hello"), "<bob> hello", id="say"),
        pytest.param(line(Deed.ACTION, "waves"), "* bob waves", id="action"),
        pytest.param(line(Deed.NOTICE, "done"), "-bob- done", id="notice"),
        pytest.param(line(Deed.JOIN), "-- bob has come in.", id="join"),
        pytest.param(line(Deed.LEAVE, "bye"), "-- bob has left (bye).", id="leave"),
        pytest.param(line(Deed.DEPART, "Quit"), "-- bob has gone (Quit).", id="depart"),
        pytest.param(line(Deed.LEAVE), "-- bob has left.", id="leave without a word"),
        pytest.param(
            line(Deed.KICK, target="eve"),
            "-- bob has put eve out.",
            id="kick without a word",
        ),
        pytest.param(
            line(Deed.KICK, "spam", target="eve"),
            "-- bob has put eve out (spam).",
            id="kick",
        ),
        pytest.param(
            line(Deed.RENAME, target="rob"),
            "-- bob is rob from now on.",
            id="rename",
        ),
        pytest.param(
            line(Deed.TOPIC, "tea"), "-- bob has changed the topic: tea", id="topic"
        ),
        pytest.param(
            line(Deed.SETTINGS, "+s"),
            "-- bob has changed the room: +s",
            id="settings",
        ),
        pytest.param(
            line(Deed.GAP, "3"), "-- Here are missing so many lines: 3.", id="a gap"
        ),
        pytest.param(
            line(Deed.SAY, "a\x1b[2Jb\u202ec\r\nd"),
            "<bob> a␛[2Jbc␍␊d",
            id="what a terminal would obey",
        ),
        pytest.param(line(Deed.SAY, "{nick}"), "<bob> {nick}", id="braces"),
    ],
)
def test_what_was_said_in_words(said: Line, words: str) -> None:
    assert list(exported([Told("#ops", said)], is_json=False)) == [
        f"{WHEN} #ops {words}"
    ]


def test_tags_alone_say_nothing_to_people() -> None:
    said = line(Deed.TAGS, tags="+typing=active")
    assert list(exported([Told("#ops", said)], is_json=False)) == []


def test_what_was_said_as_json_has_what_there_is() -> None:
    lines = [
        Told("#ops", line(Deed.KICK, "spam\x1b", target="eve")),
        Told(
            "#ops",
            Line(256, AT, 7, Deed.TAGS, "bob!b@h", "", tags="+x=y", reply_to=255),
        ),
    ]
    written = list(exported(lines, is_json=True))
    assert "\x1b" not in "".join(written)
    assert [json.loads(each) for each in written] == [
        {
            "id": "ff",
            "time": WHEN,
            "room": "#ops",
            "kind": "kick",
            "source": "bob!b@host",
            "text": "spam\x1b",
            "target": "eve",
        },
        {
            "id": "100",
            "time": WHEN,
            "room": "#ops",
            "kind": "tags",
            "source": "bob!b@h",
            "tags": "+x=y",
            "reply_to": "ff",
        },
    ]


ROWS = [
    Audited(1, AT, Act.LOGGED_IN, "bob", address="192.0.2.7"),
    Audited(2, AT, Act.KICKED, "bob", about="eve, #ops", address="192.0.2.7"),
    Audited(3, AT, Act.FAILED, "b\x1b[2Job", about="\u202e"),
]


def test_who_did_what_in_words() -> None:
    assert list(audited(ROWS, is_json=False)) == [
        f"{WHEN} bob logged in from 192.0.2.7",
        f"{WHEN} bob put out of a room: eve, #ops from 192.0.2.7",
        f"{WHEN} b␛[2Job failed to log in: ",
    ]


def test_who_did_what_as_json() -> None:
    first, *_, last = (json.loads(each) for each in audited(ROWS, is_json=True))
    assert first == {
        "time": WHEN,
        "act": "logged_in",
        "who": "bob",
        "about": "",
        "address": "192.0.2.7",
    }
    assert (last["who"], last["about"]) == ("b\x1b[2Job", "\u202e")

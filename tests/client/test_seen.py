"""Seen: which lines have come already, over several connections."""

import pytest

from chat.client.seen import MOST, Seen, identity, reference
from chat.dialects.irc.message import parse

NOON = "2026-11-20T12:00:00.000Z"
LATER = "2026-11-20T12:00:01.000Z"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (f"@msgid=a1;time={NOON} :bob!b@h PRIVMSG #a :hi", "a1"),
        (f"@time={NOON} :bob!b@h PRIVMSG #a :hi", f"{NOON} bob #a hi"),
        (":bob!b@h PRIVMSG #a :hi", ""),
    ],
)
def test_what_identifies_a_line(line: str, key: str) -> None:
    assert identity(parse(line)) == key


def test_a_line_is_new_once() -> None:
    seen = Seen()
    line = parse("@msgid=a1 :bob!b@h PRIVMSG #a :hi")
    assert [seen.take(line), seen.take(line)] == [True, False]


def test_what_cannot_be_told_apart_is_always_new() -> None:
    seen = Seen()
    line = parse(":bob!b@h PRIVMSG #a :hi")
    assert [seen.take(line), seen.take(line)] == [True, True]


def test_so_many_are_remembered_those_that_came_last() -> None:
    seen = Seen()
    lines = [parse(f"@msgid={n} :b PRIVMSG #a :hi") for n in range(MOST + 1)]
    for line in lines[:MOST]:
        seen.take(line)
    assert not seen.take(lines[0])
    # Now the second one came longest ago.
    assert seen.take(lines[MOST])
    assert not seen.take(lines[0])
    assert seen.take(lines[1])


def test_the_newest_line_of_a_room_is_the_latest_in_time() -> None:
    seen = Seen()
    seen.take(parse(f"@msgid=b;time={LATER} :b PRIVMSG #a :hi"), room="#a")
    seen.take(parse(f"@msgid=a;time={NOON} :b PRIVMSG #a :hi"), room="#a")
    seen.take(parse(f"@time={NOON} :b PRIVMSG #b :hi"), room="#b")
    seen.take(parse(f"@msgid=c;time={LATER} :b PRIVMSG me :hi"))
    assert seen.newest() == {"#a": "msgid=b", "#b": f"timestamp={NOON}"}


def test_a_room_without_a_line_is_new_since_we_came() -> None:
    seen = Seen()
    seen.enter("#a", NOON)
    seen.enter("#a", LATER)
    seen.enter("#b", "")
    assert seen.newest() == {"#a": f"timestamp={NOON}"}
    seen.take(parse(f"@msgid=b;time={LATER} :b PRIVMSG #a :hi"), room="#a")
    seen.enter("#a", LATER)
    assert seen.newest() == {"#a": "msgid=b"}


def test_a_line_without_anything_cannot_be_referred_to() -> None:
    assert reference("", "") == ""

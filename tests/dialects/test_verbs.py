"""Verbs: what is typed after a slash finds its verb, or the way to it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.dialects import verbs
from chat.dialects.conversation import Verb
from chat.dialects.dialect import House
from chat.domain.limits import Limits
from tests.dialects.scenes import HOUSE, read, somebody
from tests.wire.hostile import HOSTILE, leftovers


def helped(rest: str, nick: str = "alice", house: House = HOUSE) -> list[str]:
    heard = verbs.help_(somebody(nick, house), rest)
    assert heard is not None
    return read(heard).decode().removesuffix("\r\n").split("\r\n")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("join", "join"),
        ("JOIN", "join"),
        ("jo", "join"),
        ("j", "join"),
        ("part", "leave"),
        ("exit", "quit"),
        ("names", "who"),
        ("who", "who"),
        ("whoi", "whois"),
        ("ban", "ban"),
        ("bans", "bans"),
        ("ki", "kick"),
        ("kil", "kill"),
        ("wal", "wallops"),
        ("colour", "color"),
        ("tel", "telnet"),
        ("tell", "msg"),
        ("whisp", "msg"),
        ("?", "help"),
        ("inv", "invite"),
        ("invite-l", "invite-link"),
        ("acc", "account"),
        ("reg", "register"),
        ("par", "leave"),
        ("hi", "history"),
        ("mor", "more"),
        ("find", "search"),
        ("cat", "catchup"),
    ],
)
def test_a_verb_is_found(typed: str, name: str) -> None:
    found = verbs.find(typed)
    assert isinstance(found, Verb)
    assert found.name == name


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("wh", "-- /wh could be /who or /whois."),
        ("log", "-- /log could be /login or /logout."),
        ("ba", "-- /ba could be /back, /ban or /bans."),
        ("un", "-- /un could be /unban or /unmute."),
        ("tpoic", "-- There is no /tpoic. Did you mean /topic?"),
        ("Jion", "-- There is no /Jion. Did you mean /join?"),
        ("whoiss", "-- There is no /whoiss. Did you mean /whois?"),
        ("xyzzy", "-- There is no /xyzzy. /help lists what there is."),
        ("", "-- There is no /. /help lists what there is."),
        (
            "usr/bin",
            "-- There is no /usr/bin. To say a line that begins with /, double it.",
        ),
        ("x" * 30, f"-- There is no /{'x' * 30}. /help lists what there is."),
        (
            "join" + "x" * 30,
            f"-- There is no /join{'x' * 30}. /help lists what there is.",
        ),
    ],
)
def test_what_is_no_verb_is_told_the_way(typed: str, line: str) -> None:
    assert verbs.find(typed) == line


@pytest.mark.parametrize("verb", verbs.VERBS, ids=lambda verb: verb.name)
def test_every_name_of_a_verb_is_its_own(verb: Verb) -> None:
    for name in (verb.name, *verb.aliases):
        assert verbs.find(name) is verb


def test_help_fits_an_ordinary_screen() -> None:
    lines = helped("")
    assert len(lines) <= 24
    assert lines == [
        "-- Just type and press Enter: everyone in the room reads it.",
        "-- A line that begins with / is a command; its first letters are enough:",
        "--   /msg NAME TEXT        say it to one person only",
        "--   /reply TEXT           answer the last whisper",
        "--   /me WAVES             do something rather than say it",
        "--   /who [ROOM]           who is in the room",
        "--   /whois NAME           more about one person",
        "--   /rooms [WORD]         which rooms there are",
        "--   /join ROOM [WORD]     enter a room, or make a new one",
        "--   /leave [ROOM]         leave the room",
        "--   /topic [TEXT]         what the room is about",
        "--   /invite NAME [ROOM]   ask somebody in",
        "--   /nick NAME            be called something else",
        "--   /away [TEXT]          tell others so; /back ends it",
        "--   /quit [WHY]           leave altogether",
        "--   /time on|off|ZONE     show when things are said",
        "--   /help [COMMAND]       this list, or more about one",
        "-- Your account: /register /login /logout /password /sessions /account",
        "-- What is said is kept: /catchup /history /search /more",
        "-- In your own room: /invite-link /room /kick /ban /unban /bans /mute /unmute",
        "--   /op /deop /voice /devoice",
        "-- More: /back /say /color /telnet /motd /about",
        "-- For those who run the house: /oper /kill /wallops",
        "-- /help COMMAND tells more about one. // at the start says a /.",
    ]


def test_help_forgets_no_verb() -> None:
    words = " ".join(helped("")).replace(";", " ").split()
    assert {f"/{verb.name}" for verb in verbs.VERBS} <= set(words)


def test_help_tells_for_how_long_things_are_kept() -> None:
    house = replace(HOUSE, limits=Limits(history_days=30))
    line = "-- What is said is kept for 30 days: /catchup /history /search /more"
    assert line in helped("", house=house)


def test_where_nothing_is_kept_help_does_not_tell_how_to_read_it() -> None:
    house = replace(HOUSE, limits=Limits(history=False, history_days=30))
    lines = helped("", house=house)
    assert len(lines) == len(helped("")) - 1
    assert not any("/history" in line or "kept" in line for line in lines)


@pytest.mark.parametrize("verb", verbs.VERBS, ids=lambda verb: verb.name)
@pytest.mark.parametrize("slash", ["", "/"])
def test_help_tells_more_about_each(verb: Verb, slash: str) -> None:
    assert helped(f"{slash}{verb.name}") == [
        f"-- {verb.usage}: {verb.meaning}.",
        f"-- {verb.more}",
    ]


def test_help_about_nothing_is_told_the_way() -> None:
    assert helped("/tpoic") == ["-- There is no /tpoic. Did you mean /topic?"]


@pytest.mark.parametrize("rest", ["", "join"])
def test_who_has_no_name_is_asked_again(rest: str) -> None:
    assert helped(rest, nick="")[-1] == "What should we call you?"


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_verb_or_a_harmless_line(typed: str) -> None:
    found = verbs.find(typed)
    if isinstance(found, str):
        assert found.startswith(("-- /", "-- There is no /"))
        assert leftovers(found) == set()


def test_a_hostile_verb_is_none() -> None:
    found = verbs.find(HOSTILE)
    assert isinstance(found, str)
    assert leftovers(found) == set()

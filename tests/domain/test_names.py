"""Names: which ones are possible, and when two are the same."""
# ruff: noqa: RUF001 - names that look like others are what it is about

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from precis_i18n import get_profile

from chat.domain import names
from chat.domain.names import Name, appearances, flaw_of_account
from chat.domain.refusals import (
    NickImpossible,
    Reason,
    Refused,
    RoomNameImpossible,
)

GUESTS = "names that begin with guest- are for guests"
MIXED = "it mixes letters of several alphabets"


def reason_against_nick(text: str, limit: int = 32) -> Reason:
    with pytest.raises(Refused) as declined:
        names.nick(text, limit)
    return declined.value.reason


def reason_against_room(text: str, limit: int = 64) -> Reason:
    with pytest.raises(Refused) as declined:
        names.room(text, limit)
    return declined.value.reason


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1))
def test_precis_leaves_the_printable_characters_of_ascii_as_they_are(text: str) -> None:
    assert get_profile("UsernameCasePreserved").enforce(text) == text
    assert get_profile("UsernameCaseMapped").enforce(text) == text.lower()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("alice", Name("alice", "alice"), id="plain"),
        pytest.param("Alice", Name("Alice", "alice"), id="a capital is shown"),
        pytest.param("007", Name("007", "007"), id="digits"),
        pytest.param("[a]^`{b}|_-", Name("[a]^`{b}|_-", "[a]^`{b}|_-"), id="IRC's own"),
        pytest.param(
            "Ann/Bob~", Name("Ann/Bob~", "ann/bob~"), id="inside, not in front"
        ),
        pytest.param("Jörg", Name("Jörg", "jörg"), id="an umlaut"),
        pytest.param("JÖRG", Name("JÖRG", "jörg"), id="a capital umlaut"),
        pytest.param("Jo\u0308rg", Name("Jörg", "jörg"), id="an umlaut in two parts"),
        pytest.param("Ｂｏｂ", Name("Bob", "bob"), id="wide letters"),
        pytest.param("Σωκράτης", Name("Σωκράτης", "σωκράτης"), id="Greek"),
        pytest.param("Иван", Name("Иван", "иван"), id="Cyrillic"),
        pytest.param("דוד", Name("דוד", "דוד"), id="Hebrew"),
        pytest.param("太郎", Name("太郎", "太郎"), id="Japanese"),
    ],
)
def test_a_nick_is_shown_and_folded(text: str, name: Name) -> None:
    assert names.nick(text, 32) == name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("", "it is empty", id="nothing"),
        pytest.param("a b", "it may not hold spaces", id="space"),
        pytest.param("a\tb", "it may not hold spaces", id="tab"),
        pytest.param("a\u00a0b", "it may not hold spaces", id="hard space"),
        pytest.param("a\u3000b", "it may not hold spaces", id="wide space"),
        pytest.param("a!b", "it may not hold !", id="!"),
        pytest.param("a@b", "it may not hold @", id="@"),
        pytest.param("a,b", "it may not hold ,", id="comma"),
        pytest.param("a*", "it may not hold *", id="*"),
        pytest.param("a?", "it may not hold ?", id="?"),
        pytest.param("a:", "it may not hold :", id="colon"),
        pytest.param("#a", "it may not hold #", id="#"),
        pytest.param("a.b", "it may not hold .", id="dot"),
        pytest.param("a！b", "it may not hold !", id="what a wide one becomes"),
        pytest.param("~a", "it may not begin with ~", id="~"),
        pytest.param("&a", "it may not begin with &", id="&"),
        pytest.param("%a", "it may not begin with %", id="%"),
        pytest.param("+a", "it may not begin with +", id="+"),
        pytest.param("$a", "it may not begin with $", id="$"),
        pytest.param("/a", "it may not begin with /", id="slash"),
        pytest.param("＋a", "it may not begin with +", id="a wide + in front"),
        pytest.param("NickServ", "it is a service's", id="NickServ"),
        pytest.param("ChanServ", "it is a service's", id="ChanServ"),
        pytest.param("NісkServ", "it is a service's", id="what looks like it"),
    ],
)
def test_a_nick_that_could_be_misread_is_impossible(text: str, why: str) -> None:
    assert reason_against_nick(text) == NickImpossible(text, why)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\0b", id="NUL"),
        pytest.param("a\x1bb", id="ESC"),
        pytest.param("a\x7fb", id="DEL"),
        pytest.param("a\x9bb", id="C1"),
        pytest.param("a\u202eb", id="bidi override"),
        pytest.param("a\u200bb", id="zero-width space"),
        pytest.param("a\u00adb", id="soft hyphen"),
        pytest.param("ﬁ", id="ligature"),
        pytest.param("♥", id="symbol"),
        pytest.param("😀", id="emoji"),
        pytest.param("a\ue000", id="private use"),
        pytest.param("אa", id="two directions"),
        pytest.param("ᾈ", id="possible in small letters only"),
    ],
)
def test_a_nick_of_other_characters_is_impossible(text: str) -> None:
    why = "it holds characters that names cannot have"
    assert reason_against_nick(text) == NickImpossible(text, why)


@pytest.mark.parametrize("text", ["abcd", "öö", "太a"])
def test_a_nick_may_be_exactly_as_long_as_the_limit(text: str) -> None:
    assert names.nick(text, 4).shown == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("abcde", id="letters"),
        pytest.param("ööö", id="bytes count, not letters"),
        pytest.param("a" * 1_000_000, id="far over"),
    ],
)
def test_a_longer_nick_is_impossible(text: str) -> None:
    why = "it is longer than 4 bytes"
    assert reason_against_nick(text, limit=4) == NickImpossible(text, why)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("#lobby", Name("#lobby", "#lobby"), id="plain"),
        pytest.param("#Tea", Name("#Tea", "#tea"), id="a capital is shown"),
        pytest.param("##c++", Name("##c++", "##c++"), id="signs"),
        pytest.param("#a.b!c:d", Name("#a.b!c:d", "#a.b!c:d"), id="more than in nicks"),
        pytest.param("#KÖLN", Name("#KÖLN", "#köln"), id="an umlaut"),
        pytest.param("#Ｔｅａ", Name("#Tea", "#tea"), id="wide letters"),
        pytest.param("#שלום", Name("#שלום", "#שלום"), id="Hebrew"),
    ],
)
def test_a_room_is_shown_and_folded(text: str, name: Name) -> None:
    assert names.room(text, 64) == name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("", "it begins with #", id="nothing"),
        pytest.param("lobby", "it begins with #", id="no #"),
        pytest.param("#", "it is empty", id="only #"),
        pytest.param("#a b", "it may not hold spaces", id="space"),
        pytest.param("#a,b", "it may not hold ,", id="comma"),
        pytest.param("#a，b", "it may not hold ,", id="what a wide one becomes"),
        pytest.param("#a\x07", "it holds characters that names cannot have", id="BEL"),
    ],
)
def test_a_room_that_could_be_misread_is_impossible(text: str, why: str) -> None:
    assert reason_against_room(text) == RoomNameImpossible(text, why)


def test_the_mark_of_a_room_counts_in_its_length() -> None:
    assert names.room("#abc", 4).shown == "#abc"


def test_a_longer_room_is_impossible() -> None:
    why = "it is longer than 4 bytes"
    assert reason_against_room("#abcd", limit=4) == RoomNameImpossible("#abcd", why)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("alice", "ALICE", id="capitals"),
        pytest.param("jörg", "JÖRG", id="a capital umlaut"),
        pytest.param("jörg", "jo\u0308rg", id="an umlaut in two parts"),
        pytest.param("bob", "Ｂｏｂ", id="wide letters"),
        pytest.param("иван", "ИВАН", id="Cyrillic"),
        pytest.param("åsa", "A\u030asa", id="both at once"),
    ],
)
def test_two_spellings_are_one_nick(one: str, other: str) -> None:
    assert names.nick(one, 32).fold == names.nick(other, 32).fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("alice", "a1ice", id="a digit"),
        pytest.param("a", "ä", id="an umlaut"),
        pytest.param("straße", "strasse", id="sharp s"),
        pytest.param("a", "а", id="Cyrillic a"),
        pytest.param("{a}", "[a]", id="RFC 1459's brackets"),
    ],
)
def test_two_nicks_are_two(one: str, other: str) -> None:
    assert names.nick(one, 32).fold != names.nick(other, 32).fold


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("#Tea", id="ASCII"),
        pytest.param("#KÖLN", id="an umlaut"),
        pytest.param("#Ｔｅａ", id="wide letters"),
        pytest.param("#שלום", id="right to left"),
        pytest.param("#\u0627\u0653", id="right to left, in two parts"),
        pytest.param("#\U0001e900\U0001e901", id="right to left, in capitals"),
    ],
)
def test_a_room_is_found_by_the_name_it_was_made_with(text: str) -> None:
    assert names.fold(text) == names.room(text, 64).fold


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\u202eb", id="bidi override"),
        pytest.param("♥", id="symbol"),
        pytest.param("אa", id="two directions"),
        pytest.param("#♥", id="a room"),
    ],
)
def test_an_impossible_name_folds_to_itself(text: str) -> None:
    assert names.fold(text) == text


# Much of this is possible and much is not.
TEXTS = st.text() | st.text(st.characters(categories=["L", "N", "M"]), max_size=4)


@settings(deadline=None)
@given(TEXTS)
def test_a_fold_folds_to_itself(text: str) -> None:
    assert names.fold(names.fold(text)) == names.fold(text)


@settings(deadline=None)
@given(st.text(st.characters(codec="ascii"), min_size=1))
def test_the_short_way_for_ascii_is_the_way_of_precis(text: str) -> None:
    mapped = get_profile("UsernameCaseMapped")
    try:
        by_precis = mapped.enforce(text)
    except UnicodeEncodeError:
        return
    assert names.fold(text) == by_precis


@settings(deadline=None)
@given(TEXTS)
def test_a_nick_that_is_shown_can_be_typed(text: str) -> None:
    try:
        name = names.nick(text, 32)
    except Refused:
        return
    assert names.nick(name.shown, 32) == name


@settings(deadline=None)
@given(TEXTS)
def test_a_nick_is_found_however_it_is_spelled(text: str) -> None:
    try:
        name = names.nick(text, 32)
    except Refused:
        return
    assert {names.fold(text), names.fold(name.shown)} == {name.fold}


@settings(deadline=None)
@given(TEXTS.map("#".__add__))
def test_a_room_is_found_however_it_is_spelled(text: str) -> None:
    try:
        name = names.room(text, 64)
    except Refused:
        return
    assert {names.fold(text), names.fold(name.shown)} == {name.fold}


def test_what_is_longer_than_any_name_is_not_even_folded() -> None:
    # PRECIS takes time that grows with the square of some texts.
    text = "\u30fb" * 1300 + "\u3042"
    assert names.fold(text) is text


# A hundred lines with such a name in each used to take a second of one turn.
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\u30fb" * 20 + "\u30a2", id="middle dots"),
        pytest.param(
            "\uff65" * 20 + "\u30a2", id="narrow ones, which become middle dots"
        ),
        pytest.param("\u0627" + "\u0660" * 20, id="Arabic digits"),
        pytest.param("\u0627" + "\u06f0" * 20, id="digits of Persian"),
    ],
)
def test_too_much_of_what_takes_a_look_at_the_whole_name_is_impossible(
    text: str,
) -> None:
    why = "it holds characters that names cannot have"
    assert reason_against_nick(text, limit=64) == NickImpossible(text, why)
    assert names.fold(text) is text


@pytest.mark.parametrize("text", ["ジョン\u30fbスミス", "\u0646\u0627\u06f1\u06f2"])
def test_a_little_of_it_is_possible(text: str) -> None:
    assert names.nick(text, 64).shown == text


def test_what_a_name_looks_like_depends_on_how_it_is_written() -> None:
    assert appearances(Name("paypaI", "paypai")) == ("paypal", "paypai")
    assert appearances(Name("bob", "bob")) == ("bob",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("bob", "", id="possible"),
        pytest.param("guesthouse", "", id="begins otherwise"),
        pytest.param("guest-7", GUESTS, id="a guest's"),
        pytest.param("GUEST-7", GUESTS, id="in large letters"),
        pytest.param("\u0261uest-7", GUESTS, id="looks like a guest's"),
        pytest.param("b\u03bfb", MIXED, id="a Greek omicron"),
        pytest.param("\u042cob", MIXED, id="a Cyrillic soft sign"),
    ],
)
def test_what_nobody_can_have_an_account_of(text: str, why: str) -> None:
    assert flaw_of_account(names.nick(text, 32)) == why


@pytest.mark.parametrize(
    "invisible", ["\u200b", "\u200c", "\u200d", "\ufeff", "\u2060"]
)
def test_nobody_goes_by_what_cannot_be_seen(invisible: str) -> None:
    why = "it holds characters that names cannot have"
    with pytest.raises(Refused) as declined:
        names.nick(f"bo{invisible}b", 32)
    assert declined.value.reason == NickImpossible(f"bo{invisible}b", why)


def test_a_wide_letter_is_the_letter() -> None:
    assert names.nick("\uff42ob", 32) == Name("bob", "bob")


@pytest.mark.parametrize(
    ("nick", "guests", "own"),
    [
        ("guest-bob", "named", "bob"),
        ("Guest-Bob", "named", "Bob"),
        ("guest-bob", "open", "guest-bob"),
        ("bob", "named", "bob"),
    ],
)
def test_what_the_house_put_before_a_nick_is_no_part_of_it(
    nick: str, guests: str, own: str
) -> None:
    assert names.unmarked(nick, guests) == own

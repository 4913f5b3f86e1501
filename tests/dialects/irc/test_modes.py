"""Modes: letters into changes, and changes into letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.dialects.irc import modes
from chat.domain.commands import Change, Mark, Setting

FLAGS = "imnst"
WITH_VALUE = "Ibekov"


def on(setting: Setting, value: str = "") -> Change:
    return Change(setting, on=True, value=value)


def off(setting: Setting, value: str = "") -> Change:
    return Change(setting, on=False, value=value)


def test_every_setting_and_every_mark_has_a_letter() -> None:
    assert set(modes.ROOM_LETTERS.values()) == set(Setting)
    assert set(modes.OWN_LETTERS.values()) == set(Mark)
    assert "".join(modes.ROOM_LETTERS) == "IPXbeiklmnostv"
    assert "".join(modes.OWN_LETTERS) == "Bio"


@pytest.mark.parametrize(
    ("letters", "values", "changes"),
    [
        pytest.param("+i", [], [on(Setting.INVITE_ONLY)], id="on"),
        pytest.param("-i", [], [off(Setting.INVITE_ONLY)], id="off"),
        pytest.param("i", [], [on(Setting.INVITE_ONLY)], id="no sign is a plus"),
        pytest.param(
            "+m-ns+t",
            [],
            [
                on(Setting.MODERATED),
                off(Setting.NO_OUTSIDERS),
                off(Setting.SECRET),
                on(Setting.GUARDS_TOPIC),
            ],
            id="a sign holds until the next",
        ),
        pytest.param(
            "+o-v",
            ["bob", "eve"],
            [on(Setting.OPERATOR, "bob"), off(Setting.VOICE, "eve")],
            id="to each its value",
        ),
        pytest.param("+k", ["milk"], [on(Setting.KEY, "milk")], id="a key"),
        pytest.param("-k", ["milk"], [off(Setting.KEY)], id="off with the key"),
        pytest.param("-k", [], [off(Setting.KEY)], id="off without"),
        pytest.param(
            "-k+o",
            ["*", "bob"],
            [off(Setting.KEY), on(Setting.OPERATOR, "bob")],
            id="it takes its value all the same",
        ),
        pytest.param("+l", ["12"], [on(Setting.LIMIT, "12")], id="a limit"),
        pytest.param(
            "-l+o",
            ["bob"],
            [off(Setting.LIMIT), on(Setting.OPERATOR, "bob")],
            id="none takes no value",
        ),
        pytest.param(
            "+b-e+I",
            ["a!*@*", "b", "c"],
            [
                on(Setting.BAN, "a!*@*"),
                off(Setting.EXEMPT, "b"),
                on(Setting.WELCOME, "c"),
            ],
            id="masks",
        ),
    ],
)
def test_what_is_asked(letters: str, values: list[str], changes: list[Change]) -> None:
    assert modes.asked(letters, values) == modes.Asked(changes)


def test_a_list_without_a_value_is_asked_for_once() -> None:
    assert modes.asked("b-be+b", []) == modes.Asked(
        lists={Setting.BAN: None, Setting.EXEMPT: None}
    )


def test_what_means_nothing_and_what_lacks_a_value() -> None:
    assert modes.asked("xo+x-vo", []) == modes.Asked(
        unknown={"x": None}, lacking={"o": None, "v": None}
    )


def test_an_empty_value_is_none() -> None:
    assert modes.asked("+ob", ["", ""]) == modes.Asked(lacking={"o": None, "b": None})


def test_so_many_changes_with_a_value_are_promised_and_made() -> None:
    nicks = [f"n{number}" for number in range(20)]
    made = modes.asked("o" * 20 + "m", nicks).changes
    assert made == [
        *(on(Setting.OPERATOR, nick) for nick in nicks[:12]),
        on(Setting.MODERATED),
    ]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        pytest.param([on(Setting.MODERATED)], "+m", id="on"),
        pytest.param(
            [on(Setting.MODERATED), on(Setting.SECRET), off(Setting.INVITE_ONLY)],
            "+ms-i",
            id="signs only where they change",
        ),
        pytest.param(
            [on(Setting.OPERATOR, "bob"), off(Setting.KEY, "milk")],
            "+o-k bob *",
            id="a key that is gone is not told",
        ),
        pytest.param(
            [off(Setting.LIMIT, "3"), on(Setting.LIMIT, "4")], "-l+l 4", id="a limit"
        ),
        pytest.param([on(Setting.BAN, "a b\r:c")], "+b ab:c", id="one word"),
        pytest.param([on(Setting.BAN, "")], "+b *", id="or a star"),
    ],
)
def test_what_is_written(changes: list[Change], line: str) -> None:
    assert list(modes.written(changes, 400)) == [line]


def test_nothing_changed_is_nothing_written() -> None:
    assert list(modes.written([], 400)) == []


def test_what_does_not_fit_goes_on_in_another_line() -> None:
    changes = [on(Setting.BAN, f"{number:02}!*@*") for number in range(5)]
    assert list(modes.written(changes, 20)) == [
        "+bb 00!*@* 01!*@*",
        "+bb 02!*@* 03!*@*",
        "+b 04!*@*",
    ]


CHANGES = st.one_of(
    st.builds(
        Change,
        st.sampled_from([modes.ROOM_LETTERS[each] for each in FLAGS]),
        st.booleans(),
    ),
    st.builds(
        Change,
        st.sampled_from([modes.ROOM_LETTERS[each] for each in "Ibeov"]),
        st.booleans(),
        st.text("abé*!@", min_size=1, max_size=8),
    ),
)


@given(st.lists(CHANGES, max_size=12), st.integers(30, 200))
def test_what_is_written_is_what_is_read(changes: list[Change], space: int) -> None:
    lines = list(modes.written(changes, space))
    assert all(len(line.encode()) <= space for line in lines)
    read: list[Change] = []
    for line in lines:
        letters, *values = line.split(" ")
        read += modes.asked(letters, values).changes
    assert read == changes


@pytest.mark.parametrize(
    ("settings", "key", "limit", "words"),
    [
        pytest.param((), "", None, ["+"], id="none"),
        pytest.param(
            (Setting.GUARDS_TOPIC, Setting.NO_OUTSIDERS), "", None, ["+nt"], id="flags"
        ),
        pytest.param(
            (Setting.SECRET, Setting.KEY),
            "milk",
            9,
            ["+kls", "milk", "9"],
            id="with values, in the order of the letters",
        ),
        pytest.param((Setting.KEY,), "", None, ["+k", "*"], id="a key not to be told"),
    ],
)
def test_how_a_room_is_set_up(
    settings: tuple[Setting, ...], key: str, limit: int | None, words: list[str]
) -> None:
    assert modes.of_room(settings, key, limit) == words


@pytest.mark.parametrize(
    ("marks", "letters"),
    [((), "+"), ((Mark.BOT,), "+B"), ((Mark.OPERATOR, Mark.INVISIBLE), "+io")],
)
def test_what_is_true_of_somebody(marks: tuple[Mark, ...], letters: str) -> None:
    assert modes.of_somebody(marks) == letters


@given(st.text(), st.lists(st.text()))
def test_any_letters_are_understood_somehow(letters: str, values: list[str]) -> None:
    what = modes.asked(letters, values)
    assert all(change.value for change in what.changes if change.setting is Setting.BAN)

"""Unsent: what was typed and is not known to have been heard."""

from hypothesis import given
from hypothesis import strategies as st

from chat.client.unsent import MOST_UNDER_WAY, Line, Unsent


def under_way(unsent: Unsent, *texts: str) -> None:
    """All of *texts* are typed and sent to #lobby, each in one part."""
    for text in texts:
        unsent.add(text, room="#lobby", at=0)
        unsent.send().parts.append(("#lobby", text))


def test_what_was_under_way_waits_again_in_front() -> None:
    unsent = Unsent()
    under_way(unsent, "one", "two")
    unsent.add("three", room="#lobby", at=0)
    assert [line.text for line in unsent.lose()] == ["one", "two"]
    assert [line.text for line in unsent.waiting] == ["one", "two", "three"]
    assert [line.number for line in unsent.waiting] == [1, 2, 3]


def test_what_was_refused_may_be_welcome_on_another_connection() -> None:
    unsent = Unsent()
    under_way(unsent, "one")
    unsent.complained(echoes=False, is_meant=lambda who: who == "#lobby")
    unsent.lose()
    unsent.send().parts.append(("#lobby", "one"))
    unsent.passed(1, echoes=False)
    assert (len(unsent), unsent.refused) == (0, [])


def test_the_same_words_twice_want_two_echoes() -> None:
    unsent = Unsent()
    under_way(unsent, "yes", "yes")
    unsent.came_back(lambda _to, text: text == "yes")
    assert [line.number for line in unsent] == [2]


def test_a_line_that_is_played_back_was_said() -> None:
    unsent = Unsent()
    unsent.add("one", room="#lobby", at=0)
    unsent.send().parts.extend([("#lobby", "on"), ("#lobby", "e")])
    unsent.lose()
    assert unsent.is_in_doubt
    assert not unsent.was_said(lambda _to, text: text == "e")
    assert unsent.was_said(lambda _to, text: text == "on")
    assert [line.heard for line in unsent] == [1]
    assert unsent.was_said(lambda _to, text: text == "e")
    assert (len(unsent), unsent.is_in_doubt) == (0, False)


def test_what_was_sent_again_is_under_way_and_not_in_doubt() -> None:
    unsent = Unsent()
    under_way(unsent, "one")
    unsent.lose()
    unsent.send()
    assert not unsent.was_said(lambda _to, _text: True)


def test_a_question_holds_everything_back() -> None:
    unsent = Unsent()
    unsent.add("one", room="", at=0)
    assert unsent.may_send()
    unsent.is_held = True
    assert not unsent.may_send()


def test_no_more_than_a_server_will_bear() -> None:
    unsent = Unsent()
    under_way(unsent, *map(str, range(MOST_UNDER_WAY)))
    unsent.add("one more", room="", at=0)
    assert not unsent.may_send()
    unsent.passed(1, echoes=False)
    assert unsent.may_send()


def test_five_minutes_are_not_stale_yet() -> None:
    unsent = Unsent([Line("old", at=99, number=4), Line("young", at=100, number=7)])
    assert [line.text for line in unsent.stale(now=400)] == ["old"]
    assert unsent.add("new", room="", at=400).number == 8


def test_in_one_line_without_the_farewell() -> None:
    unsent = Unsent([Line("one"), Line("/msg bob two"), Line("/QUIT bye")])
    assert unsent.texts() == "one / /msg bob two"


@given(
    st.lists(
        st.sampled_from(["type", "send", "hear", "break"]), min_size=20, max_size=60
    )
)
def test_every_line_is_heard_once_and_in_order(life: list[str]) -> None:
    """A server that hears what is sent to it, and a network that breaks between."""
    unsent, typed, said = Unsent(), 0, list[str]()
    for event in [*life, "break", *["send", "hear"] * len(life)]:
        if event == "type":
            typed += 1
            unsent.add(str(typed), room="#lobby", at=0)
        elif event == "send" and unsent.may_send():
            line = unsent.send()
            line.parts.append(("#lobby", line.text))
        elif event == "hear" and unsent.under_way:
            text = unsent.under_way[0].text
            said.append(text)
            unsent.came_back(lambda _to, back, text=text: back == text)  # type: ignore[misc]
        elif event == "break":
            unsent.lose()
    assert said == [str(number) for number in range(1, typed + 1)]
    assert len(unsent) == 0

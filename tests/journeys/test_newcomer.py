"""A newcomer on nc, who knows nothing but what the screen has shown.

She types her own words, for a name or for talk, and words that she has read; a word
that was never shown she cannot know, and the scene fails.
"""

import re

import pytest

from tests.journeys.table import Person, Table


class Newcomer:
    """Somebody who remembers all that she was shown, and knows nothing else."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self.read: list[str] = []
        self._looks()

    def types(self, shown: str = "", own: str = "") -> list[str]:
        """Type words that were *shown*, then words of her *own*; what comes of it."""
        known = set(re.findall(r"[^\s,;.:]+", " ".join(self.read)))
        assert set(shown.split()) <= known, f"never shown: {shown!r}"
        assert "/" not in own, "nobody comes upon a command by herself"
        self._person.types(f"{shown} {own}".strip())
        return self._looks()

    def finds(self, meaning: str) -> str:
        """The command beside which the screen tells that it means this."""
        for line in self.read:
            before, found, _ = line.partition(meaning)
            if found and (commands := re.findall(r"/\w+", before)):
                return str(commands[-1])
        raise AssertionError(f"nothing was shown that would {meaning}")

    def _looks(self) -> list[str]:
        seen = self._person.sees()
        self.read += seen
        return seen


def arrival(table: Table) -> Newcomer:
    """Somebody connects, and waits to see what happens."""
    person = table.connect()
    table.wait(0.5)
    return Newcomer(person)


def test_from_nothing_to_everything_that_one_needs(table: Table) -> None:
    (bob,) = table.seat("bob")
    dora = arrival(table)
    assert dora.read[-1] == "What should we call you?"

    dora.types(own="dora")
    assert bob.sees() == ["-- dora is here."]

    # Talking.
    assert any("Type to talk" in line for line in dora.read)
    dora.types(own="hello everybody")
    assert bob.sees() == ["dora: hello everybody"]

    # Help.
    dora.types(dora.finds("helps"))

    # Who is there.
    assert dora.types(dora.finds("who is in the room")) == ["-- In #lobby: bob, dora"]

    # A private message.
    dora.types(f"{dora.finds('one person only')} bob", own="psst")
    assert bob.sees() == ["dora whispers: psst"]

    # And an answer to one.
    bob.types("/msg dora yes?")
    assert dora.types(dora.finds("answer the last whisper"), own="nothing") == [
        "bob whispers: yes?"
    ]
    assert bob.sees() == ["dora whispers: nothing"]

    # Another room.
    assert dora.types(dora.finds("make a new one"), own="kitchen") == [
        "-- You are in #kitchen, with nobody else yet."
    ]
    assert dora.types(dora.finds("which rooms there are")) == [
        "-- Rooms:",
        "--   #lobby, 2 people",
        "--   #kitchen, 1 person",
    ]

    # Leaving.
    assert dora.types(dora.finds("leave altogether")) == ["-- Good-bye."]
    assert bob.sees() == ["-- dora left (Quit)."]


def test_leaving_is_told_of_without_asking_for_help(table: Table) -> None:
    dora = arrival(table)
    dora.types(own="dora")
    assert dora.types(dora.finds("leaves")) == ["-- Good-bye."]


@pytest.mark.parametrize("word", ["help", "HELP"])
def test_who_asks_for_help_first_is_not_called_so(table: Table, word: str) -> None:
    dora = arrival(table)
    assert dora.types(own=word)[-1] == "What should we call you?"
    dora.types(own="dora")
    assert dora.finds("one person only") == "/msg"
    dora.types(dora.finds("leave altogether"))


def test_every_mistake_tells_how_to_go_on(table: Table) -> None:
    table.seat("bob")
    dora = arrival(table)
    for mistake in ("bob", "dora the great", "x" * 100):
        assert dora.types(own=mistake)[-1] == "What should we call you?"
    dora.types(own="dora")
    dora.types(dora.finds("helps"))
    assert dora.types("/msg", own="zoe hi") == [
        "-- Nobody here is called zoe. /who tells who is here."
    ]
    assert dora.types("/msg") == ["-- Like this: /msg NAME TEXT"]
    assert dora.types("/leave", own="") == [
        "-- You left #lobby.",
        "-- You are in no room now. /join one, or /quit.",
    ]
    assert dora.types(own="hello?") == [
        "-- You are in no room. /join one first, for example: /join lobby"
    ]
    assert dora.types("/join lobby") == ["-- You are in #lobby, with bob."]
    table.clear()


def test_a_word_that_was_never_shown_fails_the_scene(table: Table) -> None:
    dora = arrival(table)
    with pytest.raises(AssertionError, match="never shown"):
        dora.types("/join")
    with pytest.raises(AssertionError, match="by herself"):
        dora.types(own="/join kitchen")
    with pytest.raises(AssertionError, match="nothing was shown"):
        dora.finds("one person only")

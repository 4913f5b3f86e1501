"""Commands: the closed vocabulary of what somebody may ask for."""

import pytest

from chat.domain import commands
from chat.domain.claims import Claim
from chat.domain.commands import Change, Command, Join, Manner, Say, Setting, Whisper
from chat.domain.questions import Question
from tests.domain.vocabularies import is_value, values_defined_in, words


def test_every_command_is_in_the_vocabulary() -> None:
    elsewhere = [*words(Claim), *words(Question)]
    assert values_defined_in(commands) == [
        Change,
        *(each for each in words(Command) if each not in elsewhere),
    ]


@pytest.mark.parametrize("word", [Change, *words(Command)])
def test_a_command_is_a_value(word: type) -> None:
    assert is_value(word)


@pytest.mark.parametrize("setting", Setting)
def test_a_change_may_need_no_value(setting: Setting) -> None:
    assert Change(setting, on=True) == Change(setting, True, "")


def test_the_same_words_are_the_same_command() -> None:
    assert Join("#tea") == Join("#tea")


@pytest.mark.parametrize("said", [Say("#tea", "hi"), Whisper("bob", "hi")])
def test_what_is_said_is_said_plainly_unless_told_otherwise(
    said: Say | Whisper,
) -> None:
    assert (said.manner, said.tags) == (Manner.SAY, "")

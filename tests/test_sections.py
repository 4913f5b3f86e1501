"""Sections: every setting has a meaning, a rule, and a default that keeps it."""

from dataclasses import fields
from typing import Any

import pytest

from chat import sections
from chat.rules import checked
from chat.sections import Operator, a_setting

SECTIONS = [
    each
    for name, each in vars(sections).items()
    if name.endswith("Config") and isinstance(each, type)
]


def test_there_are_sections() -> None:
    assert len(SECTIONS) == 7


@pytest.mark.parametrize("section", SECTIONS, ids=lambda each: each.__name__)
def test_each_setting_says_what_it_is_for(section: type) -> None:
    for each in fields(section):
        assert each.metadata["meaning"], each.name


@pytest.mark.parametrize("section", SECTIONS, ids=lambda each: each.__name__)
def test_each_default_is_one_that_could_be_set(section: type) -> None:
    values: Any = section()
    for each in fields(section):
        value = getattr(values, each.name)
        assert checked(value, type(value), each.metadata["rule"]) == value


def test_an_operator_needs_a_name_and_a_password() -> None:
    for each in fields(Operator):
        with pytest.raises(ValueError, match="it has to be"):
            checked("", str, each.metadata["rule"])


def test_a_setting_is_a_field_with_a_default() -> None:
    assert a_setting(3, "three things").default == 3

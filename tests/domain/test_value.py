"""Values: what is made for every line that is said."""

import pytest

from chat.domain.value import value


@value
class Remark:
    """Something that somebody said."""

    text: str
    to: str = "everybody"


def test_equal_values_are_one() -> None:
    assert Remark("hi") == Remark("hi", "everybody")
    assert Remark("hi") != Remark("hi", "alice")
    assert {Remark("hi"): 1}[Remark("hi")] == 1


def test_a_value_has_the_fields_that_it_names_and_no_others() -> None:
    remark = Remark("hi")
    assert not hasattr(remark, "__dict__")
    with pytest.raises(AttributeError):
        remark.when = 3  # type: ignore[attr-defined]


def test_a_value_tells_what_it_holds() -> None:
    assert repr(Remark("hi")).endswith("Remark(text='hi', to='everybody')")


def test_a_value_can_be_taken_apart() -> None:
    match Remark("hi", "bob"):
        case Remark(text, to):
            assert (text, to) == ("hi", "bob")

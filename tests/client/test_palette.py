"""The palette: a colour for each nick, the same one every day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client.palette import PALETTE, color_of


def luminance(color: str) -> float:
    """How bright it is: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance ."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    return sum(
        weight * part
        for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )


@pytest.mark.parametrize("color", PALETTE)
def test_it_can_be_read_on_black_and_on_white(color: str) -> None:
    on_black = (luminance(color) + 0.05) / 0.05
    on_white = 1.05 / (luminance(color) + 0.05)
    # 4.6 is the most that one colour can have on both.
    assert min(on_black, on_white) > 3.9


@pytest.mark.parametrize(
    ("fold", "color"), [("bob", "#af5f5f"), ("carol", "#d700af"), ("", "#005fff")]
)
def test_it_does_not_change(fold: str, color: str) -> None:
    assert color_of(fold) == color


def test_a_dozen_people_do_not_all_look_alike() -> None:
    assert len({color_of(f"guest{number}") for number in range(100)}) == len(PALETTE)


@given(st.text())
def test_everybody_has_one(fold: str) -> None:
    assert color_of(fold) in PALETTE

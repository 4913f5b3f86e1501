"""The way in to the bench."""

from collections.abc import Sequence

import pytest

from chat.bench import __main__ as way_in
from chat.bench.questions import KINDS
from chat.bench.recall import LINES, SECONDS


class FakeBench:
    """A bench that remembers what it was told, and measures nothing."""

    told: tuple[int, float, Sequence[str]] = (0, 0.0, ())
    is_answered = True

    def __init__(self, lines: int, seconds: float, kinds: Sequence[str]) -> None:
        FakeBench.told = lines, seconds, kinds

    def run(self) -> tuple[list[str], bool]:
        return ["a table", "of two lines"], self.is_answered


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param([], (LINES, SECONDS, KINDS), id="as it is meant"),
        pytest.param(
            ["--lines", "500", "--seconds", "2"], (500, 2.0, KINDS), id="shorter"
        ),
        pytest.param(
            ["--only", "search", "--only", "catch-up"],
            (LINES, SECONDS, ["search", "catch-up"]),
            id="not all of it",
        ),
    ],
)
def test_the_table_is_printed(
    arguments: list[str],
    told: tuple[int, float, Sequence[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(way_in, "Bench", FakeBench)
    assert way_in.main(["recall", *arguments]) == 0
    assert FakeBench.told == told
    assert capsys.readouterr().out == "a table\nof two lines\n"


def test_what_is_not_answered_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(way_in, "Bench", FakeBench)
    monkeypatch.setattr(FakeBench, "is_answered", False)
    assert way_in.main(["recall"]) == 1
    assert capsys.readouterr().out


def test_one_says_what_to_measure(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        way_in.main([])
    assert ended.value.code == 2
    assert "WHAT" in capsys.readouterr().err

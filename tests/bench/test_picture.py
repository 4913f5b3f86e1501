"""The picture: drawn where there is matplotlib, and asked for where there is none."""

import re
import sys
from pathlib import Path

import pytest

from chat.bench.measure import Run
from chat.bench.picture import Missing, draw, must_be_possible
from chat.bench.results import Result
from chat.bench.scenarios import SCENARIOS

RESULTS = [
    Result(SCENARIOS[name], server, [Run(rate=rate, p99=0.0123, a_person=5000)])
    for name in ("F1", "F4", "I1")
    for server, rate in (("chatd", 3_123_456), ("other", 5e6))
]
TITLES = {"chatd": "Switchboard 1.2"}
FAILED = Result(SCENARIOS["F1"], "third", [Run(error="one was lost")])
BUSY = Result(SCENARIOS["C1"], "third", [Run(rate=1234.0, is_saturated=True)])


def drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, results: list[Result]
) -> str:
    """All that is written in the picture of *results*, line by line."""
    matplotlib = pytest.importorskip("matplotlib")
    monkeypatch.setitem(matplotlib.rcParams, "svg.fonttype", "none")
    must_be_possible()
    picture = tmp_path / "bench.svg"
    draw(results, TITLES, "some machine", picture)
    found = re.findall(r"<text[^>]*>([^<]*)</text>", picture.read_text())
    return "\n".join(found)


@pytest.mark.slow
def test_it_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = drawn(tmp_path, monkeypatch, [*RESULTS, FAILED])
    for words in ("Switchboard 1.2", "other", "3,120,000", "12.3", "4.9", "failed"):
        assert f"{words}\n" in text
    assert text.endswith("some machine")
    # The best first, and last who has failed.
    assert text.index("5,000,000") < text.index("3,120,000") < text.index("failed")


@pytest.mark.slow
def test_what_may_be_too_small_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = drawn(tmp_path, monkeypatch, [BUSY])
    assert "\N{GREATER-THAN OR EQUAL TO} 1,230" in text
    assert "had no time left" in text


def test_without_matplotlib_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(Missing, match="bench"):
        must_be_possible()
    with pytest.raises(Missing):
        draw(RESULTS, TITLES, "some machine", tmp_path / "bench.svg")

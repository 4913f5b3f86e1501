"""The picture: drawn where there is matplotlib, and asked for where there is none."""

import sys
from pathlib import Path

import pytest

from chat.bench.measure import Run
from chat.bench.picture import Missing, draw, must_be_possible
from chat.bench.results import Result
from chat.bench.scenarios import SCENARIOS

RESULTS = [
    Result(SCENARIOS[name], server, [Run(rate=rate, p99=0.01, a_person=5000)])
    for name in ("F1", "F4", "I1")
    for server, rate in (("chatd", 5e6), ("other", 3e6))
]


@pytest.mark.slow
def test_it_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    must_be_possible()
    drawn = tmp_path / "bench.svg"
    draw(RESULTS, "some machine", drawn)
    text = drawn.read_text()
    assert "5,000,000 lines/s" in text or "<svg" in text


def test_without_matplotlib_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(Missing, match="bench"):
        must_be_possible()
    with pytest.raises(Missing):
        draw(RESULTS, "some machine", tmp_path / "bench.svg")

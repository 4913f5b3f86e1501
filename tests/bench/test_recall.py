"""The recall bench: its short version prints what the long one does."""

import re

import pytest

from chat.bench.recall import Bench

ROW = re.compile(r"(.+?) {2,}(\d+) +(-?[\d.]+)(?: +(-?[\d.]+))?(?: +(\d+) +(ok|over))?")
PROMISED = {
    "start-up": "1000",
    "join": "20",
    "history": "20",
    "catch-up": "20",
    "search": "200",
    "the difference": "2",
    "longest turn": "50",
}


@pytest.mark.slow
def test_it_prints_what_was_promised_beside_what_was_seen() -> None:
    notes: list[str] = []
    bench = Bench(lines=20_000, seconds=3.0, people=40, times=1, note=notes.append)
    lines, is_answered = bench.run()
    assert is_answered, lines
    assert len(notes) == 3
    rows = {row[1].strip(): row for line in lines[1:] if (row := ROW.fullmatch(line))}
    assert {name: row[5] for name, row in rows.items() if row[5]} == PROMISED
    assert {"talk, undisturbed", "talk, while others ask"} <= set(rows)
    assert {"BEFORE", "a rare word", "two words"} & set(rows)
    assert all(int(rows[name][2]) > 0 for name in PROMISED)

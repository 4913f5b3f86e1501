"""The way in to the bench."""

import argparse
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from chat import VERSION
from chat.bench import __main__ as way_in
from chat.bench import asked, picture
from chat.bench.measure import Run
from chat.bench.questions import KINDS
from chat.bench.recall import LINES, SECONDS
from chat.bench.results import Result
from chat.bench.scenarios import SCENARIOS
from tests.bench.scripts import write_script


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


class FakeLoad:
    """A load bench of which one result is known."""

    errors = False
    server = "chatd"

    def run(self) -> list[Result]:
        run = Run(error="one was lost") if self.errors else Run(rate=2e6)
        return [Result(SCENARIOS["F1"], self.server, [run])]


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[argparse.Namespace]:
    """The flags of what was asked of a bench that measures nothing."""
    flags: list[argparse.Namespace] = []

    def load(given: argparse.Namespace, _end: ExitStack) -> FakeLoad:
        flags.append(given)
        return FakeLoad()

    monkeypatch.setattr(asked, "load", load)
    return flags


@pytest.mark.parametrize("arguments", [[], ["load"], ["F1"], ["--quick"]])
def test_load_goes_without_saying(
    arguments: list[str],
    asked_for: list[argparse.Namespace],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert way_in.main(arguments) == 0
    assert len(asked_for) == 1
    assert "F1  chatd  2,000,000 lines/s" in capsys.readouterr().out


def test_one_error_fails(
    asked_for: list[argparse.Namespace],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(FakeLoad, "errors", True)
    assert way_in.main([]) == 1
    assert asked_for
    said = capsys.readouterr()
    assert said.err == "scripts/bench: F1 chatd: one was lost\n"
    assert "1 of 1 failed" in said.out


def test_the_results_are_written(
    asked_for: list[argparse.Namespace],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[tuple[object, ...]] = []
    monkeypatch.setattr(picture, "must_be_possible", lambda: None)
    monkeypatch.setattr(picture, "draw", lambda _results, *about: drawn.append(about))
    kept, seen = tmp_path / "bench.json", tmp_path / "bench.png"
    arguments = ["--json", str(kept), "--picture", str(seen), "--seconds", "2"]
    arguments += ["--against", "none"]
    assert way_in.main(arguments) == 0
    assert asked_for[0].seconds == 2
    said = json.loads(kept.read_text())
    assert said["settings"]["seconds"] == 2
    assert said["results"][0]["server"] == "chatd"
    ((titles, caption, to),) = drawn
    assert titles == {"chatd": f"Switchboard {VERSION}"}
    assert to == seen
    assert "Median of 1 runs" in str(caption)
    assert "quickack" not in str(caption)


def test_a_picture_says_what_quickack_is(
    asked_for: list[argparse.Namespace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    captions: list[str] = []
    monkeypatch.setattr(picture, "must_be_possible", lambda: None)
    monkeypatch.setattr(
        picture,
        "draw",
        lambda _results, _titles, caption, _to: captions.append(caption),
    )
    monkeypatch.setattr(FakeLoad, "server", "floor:quickack")
    write_script(tmp_path, "floor", "true")
    arguments = ["--picture", str(tmp_path / "bench.png"), "--peers", str(tmp_path)]
    assert way_in.main(arguments) == 0
    assert asked_for
    assert captions[0].endswith("\nquickack: those who read acknowledge at once.")


def test_what_cannot_be_done_is_told_before_anything_is_measured(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert way_in.main(["--picture", str(tmp_path / "bench.png")]) == 2
    assert "matplotlib" in capsys.readouterr().err
    assert way_in.main(["--compare", "no-such-revision"]) == 2
    assert capsys.readouterr().err.startswith("scripts/bench: ")
    assert way_in.main(["--against", "nobody", "--peers", str(tmp_path)]) == 2
    assert "start-nobody.sh" in capsys.readouterr().err


def test_help_is_about_both(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        way_in.main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "load" in said
    assert "recall" in said


@pytest.fixture
def _handlers() -> Iterator[None]:
    """Those of the tests themselves are there again afterwards."""
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.mark.usefixtures("_handlers")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order_and_once(number: signal.Signals) -> None:
    signal.signal(number, signal.SIG_DFL)
    way_in.end_in_order()
    with pytest.raises(SystemExit, match=f"^{128 + number}$"):
        signal.raise_signal(number)
    signal.raise_signal(number)


@pytest.mark.usefixtures("_handlers")
def test_who_shall_not_hear_of_a_hang_up_does_not() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    way_in.end_in_order()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN

"""What is asked: flags, and what is measured for them."""

import argparse
from contextlib import ExitStack
from pathlib import Path

import pytest

from chat import VERSION
from chat.bench import asked
from chat.bench.load import Load
from chat.bench.measure import Measure
from chat.bench.revision import ROOT, Unknown
from chat.bench.scenarios import SCENARIOS, named, smaller
from chat.bench.speech import IRC, Speech
from tests.bench.scripts import write_script

A_CHECKOUT = pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="there are no revisions without git"
)


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    asked.add_flags(parser)
    return parser.parse_args(arguments)


def load(*arguments: str) -> Load:
    with ExitStack() as end:
        return asked.load(parsed(*arguments), end)


@pytest.fixture
def peers(tmp_path: Path) -> str:
    for name in ("ngircd", "floor"):
        write_script(tmp_path, name, "true")
    return str(tmp_path)


def test_all_of_it_against_all_who_are_there(peers: str) -> None:
    found = load("--peers", peers)
    assert found.scenarios == [*SCENARIOS.values()]
    assert [*found.servers] == ["chatd", "floor", "ngircd"]
    assert found.repeats == 3
    assert found.measure == Measure(IRC, 5.0, 0.5, 0)


def test_nobody_is_there(tmp_path: Path) -> None:
    assert [*load("--peers", str(tmp_path / "none")).servers] == ["chatd"]


@pytest.mark.parametrize(
    ("arguments", "servers"),
    [
        (["--against", "ngircd"], ["chatd", "ngircd"]),
        (["--against", "none"], ["chatd"]),
        (["--against", "floor:quickack"], ["chatd", "floor:quickack"]),
        (["--plain"], ["chatd"]),
        pytest.param(["--compare", "HEAD"], ["chatd", "HEAD"], marks=A_CHECKOUT),
        pytest.param(
            ["--compare", "HEAD", "--against", "floor"],
            ["chatd", "HEAD", "floor"],
            marks=A_CHECKOUT,
        ),
    ],
)
def test_who_is_measured(peers: str, arguments: list[str], servers: list[str]) -> None:
    assert [*load("--peers", peers, *arguments).servers] == servers


def test_how_it_is_measured(peers: str) -> None:
    own = "talk:people=6,a_room=6"
    found = load(
        *("F1", own, "--repeats", "5", "--seconds", "2", "--generators", "3"),
        *("--cap", "batch,server-time", "--peers", peers),
    )
    assert found.scenarios == [SCENARIOS["F1"], named(own)]
    assert found.repeats == 5
    assert found.measure == Measure(Speech("batch server-time"), 2.0, 0.5, 3)
    assert load("--plain").measure.speech == Speech(is_plain=True)


def test_in_a_hurry(peers: str) -> None:
    found = load("--quick", "--peers", peers)
    assert found.scenarios == [smaller(each) for each in SCENARIOS.values()]
    assert (found.repeats, found.measure.seconds) == (1, 1.0)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--against", "nobody"], ValueError),
        (["--compare", "no-such-revision"], Unknown),
    ],
)
def test_who_is_not_there_is_told_of(
    peers: str, arguments: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error, match="no"):
        load("--peers", peers, *arguments)


def test_what_cannot_be_measured_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed("F9")
    assert "'F9' is none of F1" in capsys.readouterr().err


def test_it_is_told_what_was_asked_for(tmp_path: Path) -> None:
    write_script(tmp_path, "floor", "# called: floor 2\nexec true")
    flags = ("--no-store", "--poller", "epoll", "--cap", "batch")
    peers = ("--peers", str(tmp_path), "--against", "floor,floor:quickack")
    told = asked.settings(parsed(*flags, *peers))
    assert told["servers"] == {
        "chatd": f"Switchboard {VERSION}",
        "floor": "floor 2",
        "floor:quickack": "floor 2, quickack",
    }
    assert told["no_store"] is True
    assert (told["poller"], told["cap"], told["compare"]) == ("epoll", "batch", None)


@pytest.mark.parametrize("repeats", ["0", "-1", "some"])
def test_nothing_is_not_measured(
    repeats: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parsed("F1", "--repeats", repeats)
    assert "--repeats" in capsys.readouterr().err

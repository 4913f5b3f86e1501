"""The input: lines from a descriptor, as they come, without a thread."""

import asyncio
import os
from pathlib import Path

import pytest

from chat.client.input import Input
from tests.client.fakes import in_a_loop


async def all_of(lines: Input) -> list[str]:
    """Every line up to the end."""
    found = []
    while (line := await lines.next()) is not None:
        found.append(line)
    assert lines.has_ended
    return found


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        pytest.param(b"one\ntwo\n", ["one", "two"], id="lines"),
        pytest.param(b"one\ntwo", ["one", "two"], id="the last one has no end"),
        pytest.param(b"", [], id="nothing"),
        pytest.param(b"\n \n\t\n", [], id="nothing that says anything"),
        pytest.param(b"one\r\n", ["one"], id="CR LF"),
        pytest.param(b"10%\r20%\n", ["10% 20%"], id="a lone CR"),
        pytest.param(b"a\tb\n", ["a       b"], id="a tab"),
        pytest.param(b"caf\xe9\n", ["caf�"], id="no UTF-8"),
        pytest.param(b"x" * 200_000, ["x" * 131_072, "x" * 68_928], id="no end"),
    ],
)
@in_a_loop
async def test_a_file(data: bytes, lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_bytes(data)
    with path.open("rb") as file:
        assert await all_of(Input(file.fileno())) == lines


@in_a_loop
async def test_a_pipe_is_waited_for() -> None:
    reading, writing = os.pipe()
    lines = Input(reading)
    os.write(writing, b"one\ntw")
    assert await lines.next() == "one"
    waiting = asyncio.create_task(lines.next())
    await asyncio.sleep(0)
    os.write(writing, b"o\n")
    assert await waiting == "two"
    assert not lines.has_ended
    os.close(writing)
    assert await lines.next() is None
    os.close(reading)


@in_a_loop
async def test_the_rest_is_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.client.input._REST_SECONDS", 0.01)
    reading, writing = os.pipe()
    lines = Input(reading)
    os.write(writing, b"one\ntwo\nthree\n")
    assert await lines.next() == "one"
    assert await lines.rest() == ["two", "three"]
    os.close(writing)
    assert await all_of(lines) == []
    os.close(reading)


@in_a_loop
async def test_what_cannot_be_read_has_nothing_to_say(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    assert await all_of(Input(folder)) == []
    os.close(folder)
